"""The command `doctor`: what it looks at, what it finds, and what to do about it."""

from __future__ import annotations

from . import Message

ABOUT = Message(
    """Checks this environment, the library, the switch, the testbed, its entry points and its files, and says what
to do. The testbed's modules are really imported, in a process of its own. Model files are never unpickled, and nothing
is written into DIR. Exit code 0: ready, and the entry points start; 1: something must be done (✗). A line with ! is
worth knowing and needs nothing.""",
    """检查本环境、模型库、开关、测试床及其入口和文件，并说明该怎么办。
测试床的模块会在单独的进程里真正导入。绝不反序列化 pickle，也不向 DIR 写任何东西。
退出码 0：可以使用，各入口都能启动；1：有事要处理（✗）。带 ! 的行只供参考，不必处理。""",
)
TESTBED = Message("the testbed's checkout; without it only the rest", "测试床的检出目录；不给则只检查其余部分")
FOR = Message(
    "which entry points of the testbed have to start, one of {keys}; may be given again (all)",
    "测试床的哪个入口必须能启动，{keys} 之一；可多次给出（默认全部）",
)
JSON = Message("one JSON object, for programs", "输出一个 JSON 对象，供程序读取")
TIMEOUT = Message("seconds for the import of the testbed (%(default)g)", "导入测试床最多用多少秒（默认 %(default)g）")
LOOKING = Message("looking", "检查中")
READY = Message("ready", "可以使用")
NOT_READY = Message("first do what stands after →", "请先按上面的 → 处理 ✗ 的各项")

# --- sections ---

PACKAGES = Message("packages", "依赖包")
LIBRARY = Message("library", "模型库")
SWITCH = Message("switch", "开关")
SLOTS = Message("the testbed's model slots", "测试床的模型")
ENTRIES = Message("entry points", "入口")
MODELS = Message("model files", "模型文件")
LOG = Message("click log", "点击日志")

# --- this environment ---

PYTHON = Message("{python} ({kind})", "{python}（{kind}）")
ENVIRONMENT = Message("environment", "环境")
SYSTEMS = Message("the system's Python", "系统的 Python")
OTHER_PYTHON = Message("{python}: tested with {tested}", "{python}：测试过的是 {tested}")
OTHER_SYSTEM = Message("{system}: the library is for 64-bit Linux", "{system}：库只有 Linux 64 位版")
OPTIONAL = Message(
    "not installed: {names}: their buttons of the evaluation section do nothing",
    "未安装 {names}：界面“模型评估与分析”中的相应按钮不可用",
)
MISSING = Message("{name} is missing", "缺少 {name}")
NO_METADATA = Message(
    "{name} is half installed: its folder is there, without the record of its version",
    "{name} 只装了一半：有文件夹，但没有版本记录",
)
NEEDS = Message("{name} {version}: {wanted} is needed", "{name} {version}：需要 {wanted}")
NOT_ASKED_FOR = Message(
    "{name} {version}: the testbed asks for {wanted}, but it may do",
    "{name} {version}：测试床要求 {wanted}，一般也可用",
)

# --- the library and the switch ---

NO_LIBRARY = Message("the library cannot be used: {error}", "模型库不可用：{error}")
LIBRARY_FAILED = Message("the process that tries the library failed: {error}", "检查模型库的进程失败：{error}")
NO_PROBABILITIES = Message("after training it predicts no probabilities", "训练后的预测不是概率")
TRIED = Message("trains and predicts; this package speaks ABI {abi}", "可训练、可预测；本包使用 ABI {abi}")
BESIDE_LR = Message(
    "{variable}: the LR in the first slot, {model} in the second",
    "{variable}：第一槽位保持逻辑回归，第二槽位为 {model}",
)
HOSTS = Message("{variable}: the testbed keeps its LR", "{variable}：测试床保持逻辑回归")
UNSET = Message("{name} is not set: {model}", "{name} 未设置：{model}")
SWITCH_CHANGED = Message("the switch's file was changed: {error}", "开关文件已被改动：{error}")
SWITCH_UNREADABLE = Message("the switch's file cannot be read: {error}", "开关文件无法读取：{error}")
NOT_SWITCHED = Message("this environment is not switched by itself", "本环境未启用开关")
RUN_OR_ENABLE = Message(
    "start with python -m testbed_adapter run, or: python -m testbed_adapter enable",
    "用 python -m testbed_adapter run 启动，或运行 python -m testbed_adapter enable",
)
SWITCH_GONE = Message("the switch {path} names {folder}, which is gone", "开关 {path} 指向的 {folder} 已不存在")
SWITCHED = Message("enabled in this environment ({model}): {path}", "本环境已启用（{model}）：{path}")
FROM = Message("{model}, from {folder}", "{model}，来自 {folder}")

# --- the testbed ---

NO_TESTBED = Message("{testbed} is no checkout of the testbed: no {missing}", "{testbed} 不是测试床：没有 {missing}")
NOT_IMPORTED = Message("the testbed cannot be imported: {error}", "测试床无法导入：{error}")
SLOT = Message("{slot}: {model}; wanted: {wanted}", "{slot}: {model}；应为 {wanted}")
HOSTS_OWN = Message("the testbed's own", "测试床自带的")
PLAIN = Message("python start_system.py by itself: {switched}", "直接运行 python start_system.py：{switched}")
IS_SWITCHED = Message("switched", "已切换")
IS_NOT_SWITCHED = Message("not switched (use run, or enable)", "未切换（用 run，或 enable）")
TOO_SLOW = Message("not done after {seconds:g} s", "超过 {seconds:g} 秒未完成")
CRASHED = Message("exit code {code}: {last}", "退出码 {code}：{last}")

SERVICE = Message("model service", "模型服务")
PAGE = Message("training page", "训练页")
SYSTEM = Message("whole system", "整个系统")
SCRIPT = Message("stand-alone script", "独立脚本")
NOTEBOOK = Message("a notebook", "笔记本 notebook")
NO_ENTRY = Message(
    "{entry}: there is no {files}: another version of the testbed?", "{entry}：没有 {files}，是别的版本的测试床吗？"
)
BROKEN = Message("{entry}: does not start, {error}", "{entry}：不能启动，{error}")
LACKS = Message("{entry}: does not start, missing: {names}", "{entry}：不能启动，缺少 {names}")
FAILS = Message("{entry}: does not start, import fails: {told}", "{entry}：不能启动，导入失败：{told}")
FAILING = Message("{name}: {why}", "{name}: {why}")
NO_KEY = Message("{entry}: does not start, {key} is not set", "{entry}：不能启动，没有设置 {key}")
NO_GRAPH = Message(
    "{entry}: does not start, no graph server at {server}", "{entry}：不能启动，{server} 没有图数据库服务"
)
GRAPH_OR_PAGE = Message(
    "start JanusGraph (Gremlin Server), or open the training page alone: {command}",
    "启动 JanusGraph（Gremlin Server），或只打开训练页：{command}",
)
STARTS = Message("{entry}: starts", "{entry}：可以启动")
STARTS_BY = Message("{entry}: starts: {command}", "{entry}：可以启动：{command}")
EXIT_CODE = Message("exit code {code}", "退出码 {code}")

# --- model files ---

NO_MODEL = Message("no model file yet: train one", "还没有模型文件：请先训练")
OF_KIND = Message("{file}: {kind}, {size}", "{file}：{kind}，{size}")
BACKUP = Message("{found}, a backup", "{found}，备份")
BY_SCRIPT = Message("{found}, by the stand-alone script", "{found}，独立脚本的结果")
NOT_READ = Message("{found}; not read", "{found}；未读取")
TRAIN_AGAIN = Message("train again; it is backed up as .bak", "重新训练即可，原文件自动备份为 .bak")
LR = Message("a pickle of the LR", "逻辑回归的 pickle")
PICKLE = Message("a pickle", "pickle 文件")
TENSORFLOW = Message("a TensorFlow model", "TensorFlow 模型")
ABOUT_A_MODEL = Message("about a model (JSON)", "模型信息（JSON）")
EMPTY = Message("an empty file", "空文件")
UNKNOWN = Message("of unknown format", "未知格式")
UNREADABLE = Message("cannot be read: {error}", "无法读取：{error}")
NOT_REGULAR = Message("no regular file", "不是普通文件")
FOLDER = Message("a folder", "文件夹")
NOT_CHECKED = Message(
    "{file}: Wide & Deep, not checked, as the library cannot be used", "{file}：Wide & Deep（模型库不可用，未检查）"
)
OURS_UNREADABLE = Message("{file}: Wide & Deep, cannot be read: {error}", "{file}：Wide & Deep，无法读取：{error}")
DELETE = Message("delete it and train again", "删除它并重新训练")
UNTRAINED = Message("{file}: Wide & Deep, never trained", "{file}：Wide & Deep，未训练")
OURS = Message(
    "{file}: Wide & Deep, trained on {rows} rows, format {format}, version {version}",
    "{file}：Wide & Deep，{rows} 行训练，格式 {format}，版本 {version}",
)
OURS_FOR_LR = Message("{found}; the LR cannot read it: train again", "{found}；逻辑回归读不了它，需重新训练")

# --- click logs ---

LOG_NOT_CHECKED = Message("{file}: not checked, as the library cannot be used", "{file}：模型库不可用，未检查")
LOG_UNREADABLE = Message("{file}: cannot be read: {error}", "{file}：无法读取：{error}")
MEND = Message("mend or delete it", "修复或删除它")
TOO_LITTLE = Message(
    "{file}: {records} records, {clicks} clicks; {reason}",
    "{file}：{records} 条记录，{clicks} 次点击；{reason}",
)
ENOUGH = Message(
    "{file}: {records} records, {clicks} clicks, enough to train", "{file}：{records} 条记录，{clicks} 次点击，可以训练"
)
NO_LOG = Message(
    "no {file}: search and click in the testbed, or have one generated",
    "没有 {file}：请先在界面中搜索、点击，或生成一份",
)
