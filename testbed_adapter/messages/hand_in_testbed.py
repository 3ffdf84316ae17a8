"""What the report of `hand-in` says about the testbed: the switch in it, its files, its page's models."""

from __future__ import annotations

from . import Message

# --- the switch ---

SLOTS = Message("What was changed in the testbed", "测试床里换了什么")
SLOTS_NOTE = Message(
    "The switch {variable}={model} changes names when the testbed imports its modules, in memory alone. This is its "
    "own table of changes.",
    "开关 {variable}={model} 在测试床导入模块时替换名字，只在内存中进行。下面即开关自己的替换表。",
)
SLOT = Message("slot", "槽位")
BEFORE = Message("before", "之前")
AFTER = Message("after", "之后")
HOST_LR = Message("LR: {name} of {module}.py", "逻辑回归：{module}.py 的 {name}")
HOST_DEEP = Message("TensorFlow Wide & Deep: {name} of {module}.py", "TensorFlow 版 Wide & Deep：{module}.py 的 {name}")
OURS = Message("{model}: {name} of testbed_adapter.host.ctr_model", "{model}：testbed_adapter.host.ctr_model 的 {name}")
AS_BEFORE = Message("as before", "不变")
PLACE = Message("module", "模块")
WHAT = Message("what", "替换对象")
BECOMES = Message("becomes", "替换为")
CLASS_REPLACED = Message(
    "our class of that name, wherever it was imported to", "同名的 testbed_adapter 类，凡导入之处都替换"
)
FILE_NOT_RUN = Message(
    "our class; the file is not run, nor TensorFlow imported", "testbed_adapter 的类；该文件不运行，也不导入 TensorFlow"
)
NAMES = Message("the names of the slots' models", "槽位中模型的名称")
NAMED = Message("what stands there now", "现在槽位中的模型")
SCRIPT = Message("the script's import of LogisticRegression", "脚本对 LogisticRegression 的导入")
SCRIPT_BECOMES = Message("Wide & Deep as a scikit-learn estimator", "scikit-learn 估计器形式的 Wide & Deep")
# Of the methods that are wrapped: what each does besides.
METHODS = {
    "train_model": Message("says whether the training is online learning", "另行告知是否为在线学习"),
    "get_feature_importance": Message("knows the importances of our models", "能给出本项目模型的特征重要性"),
    "_setup_api_routes": Message("the REST API names the model in the slot", "REST 接口给出槽位中的模型"),
    "_hot_reload_model": Message("reloads into the slot's own class", "热加载到槽位自己的类"),
    "get_feature_importance_from_model": Message("knows the importances of our models", "能给出本项目模型的特征重要性"),
    "prepare_lime_explainer": Message(
        "LIME knows names and ids of our columns, and the word of each id",
        "LIME 知道各列的名称与类别，以及各编号代表的词",
    ),
    "cross_validate_model": Message("says that it has two features alone", "另行说明只用了两个特征"),
    "simple_grid_search": Message("says that it searched the LR", "另行说明搜索的是逻辑回归"),
    "optimize_hyperparameters_with_optuna": Message("says that it searched the LR", "另行说明搜索的是逻辑回归"),
    "record_click": Message("trains on clicks, if CTR_ONLINE=auto", "CTR_ONLINE=auto 时，点击触发训练"),
    "save_model": Message("spares a file of ours at that path", "不覆盖该路径上本项目的模型文件"),
    "load_model": Message("spares a file of ours at that path", "不误读该路径上本项目的模型文件"),
}
WRAPPED = Message("wrapped: {does}", "包装：{does}")
UNCHANGED = Message(
    "The checkout's files are unchanged: after this run git status names no file of commit {commit} that differs.",
    "测试床的文件没有改动：本次运行之后，git status 没有列出与提交 {commit} 不同的文件。",
)
DIFFERENT = Message(
    "The switch changes no file, but this checkout has local changes: git status names {count} of commit "
    "{commit}: {files}.",
    "开关不改文件，但这份测试床有本地修改：git status 列出与提交 {commit} 不同的 {count} 个文件：{files}。",
)
UNKNOWN = Message(
    "Whether the checkout's files are unchanged is not known: {why}.", "测试床的文件是否改动过无从得知：{why}。"
)
NO_REPOSITORY = Message("the folder is no git repository", "该文件夹不是 git 仓库")
NO_GIT = Message("git is not installed", "没有安装 git")
GIT_SILENT = Message("git did not answer within a minute", "git 一分钟内没有回答")
GIT_FAILED = Message("git says: {said}", "git 的回答：{said}")

# --- trained in the page ---

PAGE = Message("Trained in the testbed's own page", "在测试床自己的页面中训练的模型")
PAGE_NOTE = Message(
    "Model files under models/. A pickle is never opened. What ours say of themselves was measured by the testbed's "
    "training when it wrote them.",
    "models/ 下的模型文件。pickle 从不打开。本项目的模型文件中的指标由测试床训练并写入文件时测得。",
)
NO_MODELS = Message(
    "None yet. Open the testbed's training page, press its training button, and run this command again:",
    "还没有。请打开测试床的训练页，按训练按钮，然后重新运行本命令：",
)
MODEL_FILE = Message("file", "文件")
KIND = Message("kind", "类型")
MODIFIED = Message("written", "写入时间")
SIZE = Message("size", "大小")
TRAINED_ON = Message("trained on", "训练数据")
THIS_LOG = Message("this log", "这份日志")
PART_OF_LOG = Message("its first {records} records", "其前 {records} 条记录")
OTHER_LOG = Message("another log", "另一份日志")
KINDS = {
    "ours": Message("{model} (testbed_adapter)", "{model}（testbed_adapter）"),
    "lr": Message("pickle of the LR", "逻辑回归的 pickle"),
    "pickle": Message("pickle", "pickle 文件"),
    "tensorflow": Message("TensorFlow model", "TensorFlow 模型"),
    "json": Message("about a model (JSON)", "模型信息（JSON）"),
    "empty": Message("empty", "空文件"),
    "unknown": Message("of unknown format", "未知格式"),
}
