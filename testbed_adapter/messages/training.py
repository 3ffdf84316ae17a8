"""What is wrong with labels, weights and classes. scikit-learn's checks look for some of the English words."""

from __future__ import annotations

from . import Message

NO_Y = Message("requires y to be passed, but the target y is None", "需要给出 y，实际 y 为 None")
NOT_1D = Message("y should be a 1d array, one label a row: {error}", "y 应为一维数组，每行一个标签: {error}")
COMPLEX = Message(
    "Complex data not supported: y should be labels of two classes, such as 0 and 1",
    "不支持复数: y 应为两类的标签，如 0 和 1",
)
NOT_FINITE = Message(
    "Input y contains NaN or infinity. Row {row} (from 0) is {value}; leave such rows out.",
    "y 含有 NaN 或无穷大: 第 {row} 行（从 0 数起）是 {value}；请去掉这样的行。",
)
MISSING = Message(
    "Input y contains missing values. Row {row} (from 0) is {value}; leave such rows out.",
    "y 含有缺失值: 第 {row} 行（从 0 数起）是 {value}；请去掉这样的行。",
)
NO_LABELS = Message(
    "{error} y should be labels of two classes, such as 0 and 1.", "y 应为两类的标签，如 0 和 1。（{error}）"
)
NOT_BINARY = Message(
    "Only binary classification is supported. The type of the target is {kind}; y should be labels of two classes.",
    "只支持二分类: 目标的类型是 {kind}；y 应为两类的标签。",
)
NO_MASK = Message(
    "{name} must be a mask of True and False, one a row, not {mask}",
    "{name} 应为 True 和 False 的掩码，每行一个，实际是 {mask}",
)
ONE_CLASS = Message(
    "A click model needs rows of two classes; y has {count} class: {labels}",
    "点击模型需要两类的行；y 只有 {count} 类: {labels}",
)
NOT_TWO = Message(
    "A click model needs rows of two classes; y has {count} classes: {labels}",
    "点击模型需要两类的行；y 有 {count} 类: {labels}",
)
STRANGE_LABEL = Message(
    "y holds the label {label!r}; the model's classes are {classes}", "y 中有标签 {label!r}；模型的类别是 {classes}"
)
STRANGE_CLASS = Message(
    "class_weight names {label!r}; the classes are {classes}", "class_weight 中有 {label!r}；类别是 {classes}"
)
OTHER_CLASSES = Message(
    "classes = {classes!r}; the model was fitted with {fitted}", "classes = {classes!r}；模型拟合时是 {fitted}"
)

NO_WEIGHTS = Message(
    "sample_weight should be one number of 0 or more a row: {error}",
    "sample_weight 应为每行一个不小于 0 的数值: {error}",
)
NEGATIVE_WEIGHTS = Message("Negative values in data passed to `sample_weight`.", "`sample_weight` 中有负数。")
ALL_ZERO = Message(
    "every sample_weight is 0; a model needs rows of two classes", "所有 sample_weight 都是 0；训练模型需要两类的行"
)
