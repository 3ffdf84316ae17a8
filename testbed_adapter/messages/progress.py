"""What a training's bar calls its phases."""

from __future__ import annotations

from . import Message

MEMBER = Message("member {member} of {members}", "第 {member} 个模型（共 {members} 个）")
REFIT = Message("refit", "在全部数据上重训")
