"""A click log's file, JSON or CSV: what is wrong with it, by row and field."""

from __future__ import annotations

from . import Message

NO_RECORDS = Message("{path} holds no records", "{path} 中没有记录")
UNREADABLE = Message("{path} cannot be read: {error}", "无法读取 {path}: {error}")
NOT_UTF8 = Message("{path} is not UTF-8: byte {byte}. {advice}", "{path} 不是 UTF-8: 第 {byte} 字节。{advice}")
SAVE_AS_UTF8 = Message("Save it as UTF-8 and try again", "请另存为 UTF-8 再试")
CONVERT = Message("{advice}; if it is {encoding}: {command}", "{advice}；如果它是 {encoding}: {command}")
NOT_JSON = Message(
    "{path} is not JSON: {error}, line {line}, column {column}", "{path} 不是 JSON: 第 {line} 行第 {column} 列，{error}"
)
NOT_READ_AS_JSON = Message("{path} cannot be read as JSON: {error}", "{path} 无法作为 JSON 读取: {error}")
NESTED = Message("{path} is nested too deeply for a click log", "{path} 嵌套太深，不是点击日志")
NO_LIST_OF_RECORDS = Message("{path} is a JSON object without `records`", "{path} 是 JSON 对象，但没有 `records`")
NO_LIST = Message("{path}: the records are {value}, not a list", "{path}: 记录是 {value}，不是列表")
TOP = Message("at the top", "最外层")
RECORD = Message("record {number}", "第 {number} 条记录")
LINE = Message("line {number}", "第 {number} 行")
TWICE = Message(
    "{path}, {place}: the field {field} stands there twice; keep one",
    "{path}，{place}: 字段 {field} 出现了两次；请只留一个",
)
EMPTY = Message("{path} is empty", "{path} 是空文件")
NO_COLUMN = Message("{path}: its header has no column {columns}{hint}", "{path}: 表头中没有列 {columns}{hint}")
OTHER_SEPARATOR = Message(
    ". Its columns must be separated by commas, not by {sign!r}", "。各列应以逗号分隔，而不是 {sign!r}"
)
COLUMN_TWICE = Message(
    "{path}: its header has the column {column} {count} times, as columns {places}; keep one",
    "{path}: 表头中列 {column} 出现了 {count} 次（第 {places} 列）；请只留一个",
)
BROKEN_LINE = Message("{path}, {place}: {error}", "{path}，{place}: {error}")
MORE_CELLS = Message("more cells than the header has columns", "单元格比表头的列多")
NO_CELL = Message("no cell for {columns}", "缺少 {columns} 的单元格")
NO_RECORD = Message("{value} is no record", "{value} 不是记录")
NO_FIELD = Message(
    "there is no field {field} (there are: {present}); rename the field in the log, or record it anew",
    "没有字段 {field}（现有: {present}）；请在日志中改名，或重新记录",
)
WRONG = Message(
    "{path}, {place}, field {field}: {value} is not {wanted}", "{path}，{place}，字段 {field}: {value} 不是{wanted}"
)

CLICK = Message("0 or 1, true or false", " 0 或 1、true 或 false")
PLACE = Message("a whole number ≥ 0", "不小于 0 的整数")
PLACE_IN_DIGITS = Message("a whole number ≥ 0 in plain digits, as 12", "普通数字写的不小于 0 的整数，如 12")
LENGTH = Message("a number ≥ 0", "不小于 0 的数值")
NUMBER = Message("a finite number", "有限的数值")
TEXT = Message("text", "文本")
TIME = Message("text or a number", "文本或数值")
