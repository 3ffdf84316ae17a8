"""What a training's bar calls its phases."""

from __future__ import annotations

from . import Message

MEMBER = Message("member {member} of {members}", "第 {member} 个模型（共 {members} 个）")
REFIT = Message("refit", "在全部数据上重训")

LOSS = Message("log loss {loss:.4f}", "对数损失 {loss:.4f}")
VALIDATION = Message("{said}, validation {loss:.4f}", "{said}，验证 {loss:.4f}")
AUC = Message("{said}, AUC {auc:.4f}", "{said}，AUC {auc:.4f}")
LINE = Message(
    "{training}: epoch {epoch}/{epochs}, {said}, {seconds:.1f} s",
    "{training}: 第 {epoch}/{epochs} 轮，{said}，{seconds:.1f} 秒",
)
EPOCHS = Message("epochs", "轮")
