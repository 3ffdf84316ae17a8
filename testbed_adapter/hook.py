"""switch.hook, under the name by which the .pth files of earlier versions ask for it."""

from __future__ import annotations

from .switch.hook import install, is_installed, start, uninstall

__all__ = ["install", "is_installed", "start", "uninstall"]
