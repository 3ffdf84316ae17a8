"""What an estimator's arguments must be."""

from __future__ import annotations

from . import Message

WRONG = Message(
    "{name} = {value!r} of {estimator}; it must be {wanted}", "{estimator} 的参数 {name} = {value!r}；应为{wanted}"
)
WHOLE = Message("an int from {least} to {greatest}", "{least} 到 {greatest} 的整数")
NUMBER = Message("a finite number from {least:.3g} to {greatest:.3g}", "{least:.3g} 到 {greatest:.3g} 的有限数值")
SHARE = Message("a finite number of at least 0 and below 1", "不小于 0 且小于 1 的有限数值")
ONE_OF = Message("one of {choices}", "{choices} 之一")
OR_NONE = Message("{wanted}, or None", "{wanted}，或 None")
BOOL = Message("True or False", "True 或 False")
UNITS = Message(
    "a tuple of at most {most} ints from {least} to {greatest}, such as (64,)",
    "至多 {most} 个 {least} 到 {greatest} 的整数组成的元组，如 (64,)",
)
CLASS_WEIGHT = Message(
    'a dict of label to a finite weight of 0 or more, "balanced", or None',
    '由标签到不小于 0 的有限权重的 dict、"balanced" 或 None',
)
N_JOBS = Message(
    "an int other than 0, or None; None and -1 are all processors", "非 0 的整数，或 None；None 和 -1 表示所有处理器"
)
VERBOSE = Message(
    '"auto", or an int of 0 or more: 0 silent, 1 a bar, 2 a line an epoch',
    '"auto"，或不小于 0 的整数: 0 不显示，1 进度条，2 每轮一行',
)
RANDOM_STATE = Message(
    "random_state = {value!r}; it must be an int from 0 to 4294967295, a RandomState, or None ({error})",
    "random_state = {value!r}；应为 0 到 4294967295 的整数、RandomState 或 None（{error}）",
)
