"""The command `log`, and what is wrong with a log that is to be added to."""

from __future__ import annotations

from . import Message

ABOUT = Message(
    """Writes a generated click log in the testbed's format: pages of ten results with queries, documents, scores,
positions and clicks in time order. The testbed loads models/ctr_data.json at its start. The same records and seed, the
same log. A log that is there already is never written over unasked.""",
    """按测试床的格式生成一份点击日志：每页十条结果，含查询、文档、分数、位置和点击，按时间排列。
测试床启动时读取 models/ctr_data.json。条数和种子相同，日志就相同。
已有的日志不会被擅自覆盖。""",
)
EXAMPLES = Message(
    """examples:
  python -m testbed_adapter log --testbed ~/test_bed
      20,000 records as ~/test_bed/models/ctr_data.json
  python -m testbed_adapter log --testbed ~/test_bed --append --records 2000
      2,000 more, later ones: what online learning learns from
  python -m testbed_adapter log --testbed ~/test_bed --out ctr_data_1.csv
      for the stand-alone script, training_tab/ctr_lr_model.py
  python -m testbed_adapter log --users --out users.parquet
      for models of your own: with users, sessions, click histories and conversions
""",
    """示例:
  python -m testbed_adapter log --testbed ~/test_bed
      20,000 条记录，写到 ~/test_bed/models/ctr_data.json
  python -m testbed_adapter log --testbed ~/test_bed --append --records 2000
      再追加 2,000 条更晚的记录，供在线学习使用
  python -m testbed_adapter log --testbed ~/test_bed --out ctr_data_1.csv
      供独立脚本 training_tab/ctr_lr_model.py 使用
  python -m testbed_adapter log --users --out users.parquet
      供自己的模型使用：含用户、会话、点击历史和转化
""",
)
RECORDS = Message("how many (default 20000)", "记录条数（默认 20000）")
SEED = Message("another seed, other queries and documents (0)", "种子不同，查询和文档就不同（默认 0）")
TESTBED = Message("the checkout that --out is in", "测试床的检出目录，--out 相对于它")
OUT = Message("a .json, .csv or .parquet file (default {place})", ".json、.csv 或 .parquet 文件（默认 {place}）")
USERS = Message(
    "other records, of users with changing tastes, and with the fields user_id, session_id, price, history (the user's "
    "last clicks before the page, the latest last; in a CSV with a space between), converted and conversion_time "
    "besides; --append goes on with a log's users by itself",
    "另一种日志：用户的口味会变化，并多出字段 user_id、session_id、price、history（用户在该页之前最近的点击，"
    "最新的在最后；CSV 中以空格分隔）、converted 和 conversion_time；--append 遇到有用户的日志会自动接续",
)
APPEND = Message("put the records after those that are there (JSON)", "追加到已有记录之后（JSON）")
FORCE = Message("replace the log that is there", "替换已有的日志")

OTHER_SUFFIX = Message(
    "--out {path}: a name that ends in .json, .csv or .parquet", "--out {path}: 文件名应以 .json、.csv 或 .parquet 结尾"
)
NO_USERS = Message(
    "the log there has no users: leave --users out, or let --force replace it",
    "已有的日志没有用户: 请去掉 --users，或用 --force 替换它",
)
APPEND_CSV = Message(
    "--append is for JSON: write another file; of .csv files the script reads all that are named ctr_data_*.csv",
    "--append 只用于 JSON: 请另写一个文件；独立脚本会读取所有 ctr_data_*.csv",
)
WRITTEN = Message(
    "written: {path}: {records:,} impressions, {clicks:,} clicks",
    "已写入 {path}: {records:,} 条展示，{clicks:,} 次点击",
)
WRITTEN_TO = Message("{written}; {total:,} records in all", "{written}；共 {total:,} 条")
NO_LIST = Message(
    "{path} is no list of records, which the testbed's data service reads: use --force",
    "{path} 不是记录的列表，而测试床的数据服务要读的是列表: 请用 --force",
)
IS_THERE = Message(
    "{path} is there already: --append adds to it, --force replaces it",
    "{path} 已存在: --append 在其后追加，--force 替换它",
)

# --- the generated world ---

TOO_FEW = Message("records must be at least 1, not {records}", "记录条数至少为 1，实际是 {records}")
NEGATIVE_SEED = Message("seed must not be negative, it is {seed}", "种子不能为负，实际是 {seed}")
NO_TIME = Message(
    "the timestamp {after!r} is no time as 2025-01-06T08:00:00, which later records could follow",
    "时间戳 {after!r} 不是 2025-01-06T08:00:00 这样的时间，之后的记录无法接续",
)
