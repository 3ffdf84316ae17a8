"""What is wrong with a feature matrix, its columns, and what the estimator's arguments say of them.

scikit-learn's checks look for some of the English words.
"""

from __future__ import annotations

from . import Message

# --- the whole of X ---

DOUBLED = Message(
    "X has several columns of the name {name!r}; give each its own", "X 有多列都叫 {name!r}；请各取一个名称"
)
NUL_IN_NAME = Message(
    "the column name {name!r} holds a NUL character; rename the column", "列名 {name!r} 含有空字符；请改名"
)
SURROGATE_IN_NAME = Message(
    "the column name {name!r} holds half a surrogate pair; rename the column",
    "列名 {name!r} 含有不成对的代理字符；请改名",
)
TYPE = Message(
    "X is of type {type}: turn it into numbers, text or booleans", "X 的类型是 {type}: 请转换为数值、文本或布尔值"
)
NO_COLUMNS = Message(
    "Found array with 0 feature(s) (shape={shape}) while a minimum of 1 is required.",
    "X 没有任何列（shape={shape}），至少需要一列。",
)
NO_ROWS = Message(
    "Found array with 0 sample(s) (shape={shape}) while a minimum of 1 is required.",
    "X 没有任何行（shape={shape}），至少需要一行。",
)

# --- one column ---

COMPLEX = Message(
    "Complex data not supported: column {name!r} is of type {type}", "不支持复数: 列 {name!r} 的类型是 {type}"
)
COMPLEX_VALUE = Message(
    "Complex data not supported: column {name!r}, row {row} (from 0) holds {value!r}",
    "不支持复数: 列 {name!r} 第 {row} 行（从 0 数起）是 {value!r}",
)
INFINITE = Message(
    "Input X contains infinity or a value too large for {type}, in column {name!r}, row {row} (from 0): give a finite "
    "number, or None",
    "X 含有无穷大，或超出 {type} 的值: 列 {name!r} 第 {row} 行（从 0 数起）；请给有限的数值或 None",
)
TOO_LARGE = Message(
    "Input X contains infinity or a number too large for a double, in column {name!r}, row {row} (from 0): give a "
    "finite number, or None",
    "X 含有无穷大，或超出双精度的数值: 列 {name!r} 第 {row} 行（从 0 数起）；请给有限的数值或 None",
)
UNREADABLE = Message(
    "column {name!r} is of type {type}, which is neither numbers nor categories: turn it into numbers (a time into its "
    "hour, say), text, booleans, or lists of text",
    "列 {name!r} 的类型是 {type}，既不是数值也不是类别: 请转换为数值（如把时间转换为小时）、文本、布尔值或文本列表",
)
BECAUSE = Message("{error} ({cause})", "{error}（{cause}）")
TIME = Message(
    "column {name!r} is of type {type}, which is neither numbers nor categories: turn it into numbers (a time into its "
    "hour, say) or text, or name it in categorical_features",
    "列 {name!r} 的类型是 {type}，既不是数值也不是类别: 请转换为数值（如把时间转换为小时）或文本，"
    "或列入 categorical_features",
)
NESTED = Message(
    "column {name!r} holds lists within lists: give each row one list of text or numbers",
    "列 {name!r} 的列表里还有列表: 每行请给一个由文本或数值组成的列表",
)
LISTS_BESIDE_VALUES = Message(
    "column {name!r} holds lists beside single values: give each row a list, of one value where it has one",
    "列 {name!r} 有的行是列表、有的行是单个值: 请每行都给列表，只有一个值时也一样",
)
NO_TEXT = Message(
    "column {name!r}, row {row} (from 0) holds a {kind} that has no text ({error}): give text",
    "列 {name!r} 第 {row} 行（从 0 数起）是 {kind}，无法转换为文本（{error}）: 请给文本",
)
OTHER_KIND = Message(
    "column {name!r} holds {found} ({type}), but the model takes {wanted} there",
    "列 {name!r} 是{found}（{type}），而模型在这一列要{wanted}",
)
NUMBERS = Message("numbers", "数值")
CATEGORIES = Message("categories", "类别")
LISTS = Message("lists", "列表")
TIMES = Message("times", "时间")
NO_VALUE_BEFORE = Message(
    "{error}; it had no value when the model was fitted: fit anew, or name the column in categorical_features from the "
    "start",
    "{error}；拟合时该列没有任何值: 请重新拟合，或一开始就把该列列入 categorical_features",
)

# --- arguments that name columns ---

NO_CROSSES = Message(
    'crosses must be "auto" or a sequence of tuples of columns, not {value!r}',
    'crosses 应为 "auto" 或由列的元组组成的序列，实际是 {value!r}',
)
NO_LIST = Message(
    'categorical_features must be "auto" or a list of columns, not {value!r}',
    'categorical_features 应为 "auto" 或列的列表，实际是 {value!r}',
)
OTHER_LENGTH = Message(
    "categorical_features is a mask of {found} values, X has {columns} columns",
    "categorical_features 是 {found} 个值的掩码，而 X 有 {columns} 列",
)
NO_SUCH_NAME = Message(
    "{argument}: there is no column {column!r}; the columns are {names}",
    "{argument}: 没有列 {column!r}；各列是 {names}",
)
NO_SUCH_INDEX = Message(
    "{argument}: there is no column {column}; X has {columns} columns",
    "{argument}: 没有第 {column} 列；X 有 {columns} 列",
)
NO_NAME = Message(
    "{argument}: a column is named by its name or index, not by {column!r}",
    "{argument}: 列要用列名或下标指明，不能用 {column!r}",
)

# --- the testbed's impression features ---

TOO_LARGE_TO_SCALE = Message(
    "the feature {name} has values too large to be standardised (their squares are beyond a double); they must be "
    "between -1e150 and 1e150",
    "特征 {name} 的数值太大，无法标准化（平方超出双精度），应在 -1e150 与 1e150 之间",
)
NOT_IMPRESSIONS = Message(
    "the features must have {columns} columns (what extract_features answers: {scaled} of numbers, then ids), there "
    "are {found}",
    "特征矩阵应有 {columns} 列（extract_features 的结果：前 {scaled} 列为数值，其后为编号），实际有 {found} 列",
)
