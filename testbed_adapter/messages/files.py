"""Model files: what is wrong with one."""

from __future__ import annotations

from . import Message

OF_FILE = Message("'{name}': {error}", "'{name}': {error}")
NOTHING_TO_EXPLAIN = Message(
    "the model was not trained or loaded, there is no prediction to explain; train it first",
    "模型尚未训练或加载，没有可解释的预测；请先训练模型",
)
NOT_OF_A_LOG = Message("the file's model was not trained on a click log", "文件中的模型不是由点击日志训练的")
NEVER_TRAINED = Message("the file holds a model that was never trained", "文件中的模型从未训练过")
OTHER_MODEL = Message(
    'the file holds the model "{model}"; {estimator} reads "wide_deep" alone: load it by CTRClassifier',
    "文件中的模型是“{model}”；{estimator} 只读取“wide_deep”：请用 CTRClassifier 读取",
)
WRONG_PART = Message("the file's {part}: {error}", "文件的 {part}: {error}")
WRONG_VALUE = Message("the file's {part} = {value}; it must be {wanted}", "文件的 {part} = {value}；应为{wanted}")
OBJECT = Message("an object", "对象")
DIFFERENT_NAMES = Message("different names", "互不相同的名称")
ONE_OF_EACH = Message("one of {allowed} for each of {count} names", "{count} 个名称各对应 {allowed} 之一")
THOSE_READ = Message("also those that the features read, {names}", "也包括特征读取的列 {names}")
TRUTH = Message("true or false", "true 或 false")
TWO_LABELS = Message("an array of two labels", "两个标签的数组")

NOT_KEPT = Message(
    "a value of type {kind}, which a model file does not keep: {value!r}", "模型文件不能保存 {kind} 类型的值: {value!r}"
)
ARRAY_NOT_KEPT = Message(
    "an array of type {kind}, which a model file does not keep", "模型文件不能保存 {kind} 类型的数组"
)
NO_VALUE = Message("an object that no value was kept as, of the keys {keys}", "不是由值保存成的对象，其键为 {keys}")
NO_KEYS = Message("none", "（无）")
NOT_READ = Message("no {kind}: {error}", "不是 {kind}: {error}")
NO_ARRAY = Message("no array: {value}", "不是数组: {value}")
BYTES = Message("{bytes} bytes for {rows} rows", "{rows} 行却有 {bytes} 字节")
