"""The switch of an environment: the commands `enable` and `disable`, and what stands in the way of them."""

from __future__ import annotations

from . import Message

ABOUT = Message(
    """Writes one file into this environment's site-packages. From then on every Python of the environment is
switched when it starts, so that `python start_system.py` has Wide & Deep in both model slots without `run`. Where the
testbed is not imported it costs a millisecond or two. CTR_MODEL=logistic_regression still leaves the testbed as it is.
`disable` removes the file.""",
    """在本环境的 site-packages 中写一个文件。此后该环境的每个 Python 启动时即切换：
直接运行 python start_system.py，两个模型槽位里就是 Wide & Deep，不必再用 run。
不导入测试床的程序只多花一两毫秒。设 CTR_MODEL=logistic_regression 仍可让测试床保持原样。
disable 删除该文件。""",
)
MODEL = Message(
    "what the slots hold where {variable} says nothing; with logistic_regression the testbed stays as it is until "
    "{variable}=wide_deep asks for ours (%(default)s)",
    "未设置 {variable} 时槽位里放什么；选 logistic_regression 则测试床保持原样，直到设置 {variable}=wide_deep "
    "（默认 %(default)s）",
)
SYSTEM = Message("also where this is no venv but the system's Python", "即使这是系统的 Python 而不是虚拟环境，也照做")
DISABLE_ABOUT = Message(
    "Removes the file that `enable` wrote into this environment's site-packages.",
    "删除 enable 在本环境 site-packages 中写的文件。",
)

NOT_ENABLED = Message("not enabled: {reason}", "未启用: {reason}")
NOT_DISABLED = Message("not disabled: {reason}", "未停用: {reason}")
SYSTEMS = Message(
    "{python} is the system's Python, no venv; run it in the testbed's venv, or add --system",
    "{python} 是系统的 Python，不是虚拟环境；请在测试床的虚拟环境中运行，或加 --system",
)
SYSTEMS_KEPT = Message(
    "{python} is the system's Python, no venv; add --system to disable that one",
    "{python} 是系统的 Python，不是虚拟环境；要停用系统的请加 --system",
)
FOREIGN = Message("{error}; look at it, and delete it yourself", "{error}；请查看并自行删除")
UNREADABLE = Message("cannot read {path}: {error}", "无法读取 {path}: {error}")
UNWRITABLE = Message(
    "cannot write {path}: {error}; use a venv that can be written to", "无法写入 {path}: {error}；请换用可写的虚拟环境"
)
UNUSABLE = Message("undone, as the model cannot be used in it: {problem}", "该环境中无法使用本模型，已撤销: {problem}")
NO_PACKAGE = Message(
    "no package {package}: python -m pip install {package}", "缺少 {package}: python -m pip install {package}"
)
NOT_RUN = Message("the .pth file was not run", ".pth 文件没有被执行")
EXIT_CODE = Message("exit code {code}", "退出码 {code}")
OTHERWISE = Message("the switch is on: {found}, wanted: {wanted}", "开关状态为 {found}，应为 {wanted}")

ENABLED = Message(
    "enabled: every Python of {prefix} is switched at its start ({model})",
    "已启用: {prefix} 中的每个 Python 启动时即切换（{model}）",
)
ENABLED_BEFORE = Message(
    "was enabled already: every Python of {prefix} is switched at its start ({model})",
    "早已启用: {prefix} 中的每个 Python 启动时即切换（{model}）",
)
INSTEAD = Message("instead of what was enabled before: {was}", "取代之前启用的: {was}")
MODEL_FROM = Message("{model}, from {folder}", "{model}，来自 {folder}")
OTHER_CHECKOUT = Message(
    "this environment is switched already, by the checkout {loaded}, which ran this command too, not {other}. "
    "First python -m testbed_adapter disable, then enable again",
    "本环境已由检出目录 {loaded} 启用，本命令也是由它执行的，而不是 {other}。"
    "请先运行 python -m testbed_adapter disable，再运行 enable",
)
FILE = Message("file: {path}", "文件: {path}")
UNDO = Message("undo: {command}, or delete that file", "撤销: {command}，或删除该文件")
VARIABLE_FIRST = Message("note: the environment variable {variable} comes first", "注意: 环境变量 {variable} 优先")
DISABLED = Message("disabled, file removed: {path}", "已停用，文件已删除: {path}")
WAS_NOT = Message("was not enabled: {path}", "本来未启用: {path}")
