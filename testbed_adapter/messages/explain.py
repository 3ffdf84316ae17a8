"""Why an impression has its click probability: the command `explain`, and the table of a logit."""

from __future__ import annotations

from . import Message

ABOUT = Message(
    """Prints what each feature adds to the logit of one impression's click probability: the wide part's weights
one by one, and the deep part as a whole. FILE is one that the testbed's training wrote with Wide & Deep in its slots,
models/ctr_model.pkl or models/wide_deep_ctr_model; a pickle is never opened.""",
    """列出每个特征给一次展示的点击率 logit 加了多少：宽部的权重逐项列出，深部合为一项。
FILE 是槽位换成 Wide & Deep 后由测试床训练写出的模型文件：models/ctr_model.pkl 或
models/wide_deep_ctr_model；绝不会打开 pickle。""",
)
MODEL = Message("the model file", "模型文件")
QUERY = Message("what is searched for", "搜索的查询")
DOC = Message("the document's id", "文档的 id")
POSITION = Message("its place, counted as in the log", "展示位置，计数方式与日志相同")
SCORE = Message("its text match score", "文本匹配分数")
SUMMARY = Message("its summary", "文档的摘要")

FOREIGN = Message(
    "{path} is no Wide & Deep model file (the LR's pickle, perhaps): {error}",
    "{path} 不是 Wide & Deep 模型文件（可能是逻辑回归的 pickle）: {error}",
)
UNREADABLE = Message("{path}: {error}", "{path}: {error}")

NOT_OF_A_LOG = Message(
    "this model was not trained on a click log, so it cannot explain an impression",
    "这个模型不是由点击日志训练的，不能解释一次展示",
)
CLICK_RATES = Message(
    "this model's features include past click rates (query_ctr, doc_ctr), which one impression does not show, so it "
    "cannot be explained",
    "这个模型的特征包括历史点击率（query_ctr、doc_ctr），一次展示看不到这些，因此不能解释",
)

MISSING = Message("missing", "缺失")
NONE = Message("(none)", "（无）")
EMPTY = Message("(empty)", "（空）")
UNKNOWN = Message(" (new or rare)", "（未见过或少见）")
BETWEEN = Message(", ", "、")
BIAS = Message("bias", "偏置")
PAIRS = Message("pairs of fields", "特征对")
CROSS = Message("cross network", "交叉网络")
DEEP = Message("deep part", "深部")
SUM = Message("sum: the logit", "合计: logit")
PROBABILITY = Message(
    "click probability = 1 / (1 + exp(-logit)) = {probability:.4f}",
    "点击概率 = 1 / (1 + exp(-logit)) = {probability:.4f}",
)
