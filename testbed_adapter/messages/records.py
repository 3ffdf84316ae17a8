"""What is wrong with a record of a click log."""

from __future__ import annotations

from . import Message

NO_MAPPING = Message(
    "record {number} must be a dict, it is {value} ({kind})", "第 {number} 条记录应为字典，实际是 {value}（{kind}）"
)
NO_FIELD = Message(
    "record {number} has no field '{field}' (it has: {present}); rename the field in the log, or record it anew",
    "第 {number} 条记录缺少字段 '{field}'（现有: {present}）；请在日志中改名，或重新记录",
)
WRONG = Message(
    "record {number}: the field '{field}' must be {expected}, it is {value} ({kind})",
    "第 {number} 条记录的字段 '{field}' 应为{expected}，实际是 {value}（{kind}）",
)
TOO_LARGE = Message("{expected}, and at most 2^53", "{expected}，且不大于 2^53")

TEXT = Message("text", "字符串")
ID = Message("text or a whole number", "字符串或整数")
CLICK = Message("0 or 1", "0 或 1")
POSITION = Message("a whole number of 0 or more", "不小于 0 的整数")
NUMBER = Message("a finite number", "有限的数值")
LENGTH = Message("a number of 0 or more", "不小于 0 的数值")
TIME = Message(
    "text, a number or a datetime, of one kind in all records", "字符串、数值或 datetime，且所有记录为同一种类型"
)
ZONE = Message("a datetime with a time zone in all records, or in none", "datetime，且所有记录都带时区或都不带时区")

TOO_MUCH_TEXT = Message(
    "too much text: all different queries, or summaries, must be less than 2 GB together; they are {bytes} bytes, "
    "{words} words",
    "文本总量过大：所有不同的查询或摘要合计应小于 2 GB，实际是 {bytes} 字节、{words} 个词",
)
NO_TEXT = Message("a text must be a str, not {kind}", "文本应为 str，实际是 {kind}")

# --- what a log lacks for training; the Chinese is the testbed's own ---

TOO_FEW = Message(
    "too few records: at least {least} are needed, there are {found}",
    "数据量不足，需要至少{least}条记录，当前只有{found}条",
)
TOO_FEW_CLICKS = Message(
    "too few clicks: at least 2 are needed, there are {found}", "点击数据不足，需要至少2次点击，当前只有{found}次点击"
)
TOO_FEW_NON_CLICKS = Message(
    "too few impressions without a click: at least 2 are needed, there are {found}",
    "未点击数据不足，需要至少2次未点击，当前只有{found}次未点击",
)
TOO_FEW_QUERIES = Message(
    "too few different queries: at least 3 are needed, there are {found}",
    "查询多样性不足，需要至少3个不同查询，当前只有{found}个",
)
TOO_FEW_DOCUMENTS = Message(
    "too few different documents: at least 3 are needed, there are {found}",
    "文档多样性不足，需要至少3个不同文档，当前只有{found}个",
)
TOO_FEW_POSITIONS = Message(
    "too few different positions: at least 3 are needed, there are {found}",
    "位置多样性不足，需要至少3个不同位置，当前只有{found}个",
)
