"""lab.clicklog, by the name that notebooks import."""

from __future__ import annotations

from .lab.clicklog import UserLog, generate, generate_users, is_generated

__all__ = ["UserLog", "generate", "generate_users", "is_generated"]
