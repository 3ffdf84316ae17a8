"""What the switch says on standard error, at the start of a Python."""

from __future__ import annotations

from . import Message

NO_MODEL = Message(
    "{source}={name!r} is no model to choose; there are {choices}", "{source}={name!r} 不是可选的模型；可选: {choices}"
)
NOT_SWITCHED = Message("testbed_adapter: {error}; no model was switched", "testbed_adapter: {error}；模型未切换")
CHILD = Message(
    "testbed_adapter: no model was switched in a child process: {error}", "testbed_adapter: 子进程未切换模型: {error}"
)
# In the switch's file, which stands where the package may be gone: both languages, for %.
LOST = Message(
    "testbed_adapter: no model was switched (%s); if it is no longer wanted, delete %s",
    "testbed_adapter: 模型未切换（%s）；不再需要时请删除 %s",
)
CHANGED = Message("{path} was not written by `enable`, or was changed since", "{path} 不是 enable 写的，或后来被改动过")

ANNOUNCED = Message("testbed_adapter: CTR_MODEL={model}: {slots}", "testbed_adapter: CTR_MODEL={model}：{slots}")
BOTH_OURS = Message("{name} in both slots, {first} and {second}", "两个槽位（{first}、{second}）里都是 {name}")
SCRIPT_IS_WIDE_DEEP = Message(
    "{slots}; its stand-alone script has Wide & Deep", "{slots}；它的独立脚本用的是 Wide & Deep"
)
SECOND_OURS = Message(
    "the testbed's own logistic regression in slot {first}, {name} in slot {second}",
    "槽位 {first} 里是测试床自带的逻辑回归，槽位 {second} 里是 {name}",
)
HOSTS = Message("the testbed's own models in both slots", "两个槽位里都是测试床自带的模型")
