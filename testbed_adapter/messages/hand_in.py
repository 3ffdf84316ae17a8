"""What the command `hand-in` says on the terminal."""

from __future__ import annotations

from . import Message

ABOUT = Message(
    """Writes the report of the exercise "replace the testbed's LR by Wide & Deep, training and evaluation as they are".
Trains the testbed's own LR, Wide & Deep and its two parts on your own click log, on the testbed's own split, and writes
a page to open in a browser, the same as Markdown with its pictures beside it, and results.json. The models are the
comparison's, and DIR's own files are only read. On 20,000 records the LR takes some 40 seconds, Wide & Deep one.""",
    """生成实验报告：“把测试床的逻辑回归换成 Wide & Deep，训练和评估照旧”。在你自己的点击日志上，按测试床自己的划分，
训练测试床自带的 LR、Wide & Deep 及其两个部分；写出可在浏览器中打开的网页、同样内容的 Markdown（图片在旁边）和
results.json。DIR 自己的文件只读不改。20,000 条记录时，LR 约需 40 秒，Wide & Deep 约 1 秒。""",
)
EXAMPLES = Message(
    """examples:
  python -m testbed_adapter hand-in --testbed ~/test_bed --name "Li Hua, 2024012345"
      on ~/test_bed/models/ctr_data.json, into the folder hand-in
  python -m testbed_adapter hand-in --testbed ~/test_bed --language both --out report-li-hua
      the Markdown in English and in Chinese (the page always has both)
  python -m testbed_adapter hand-in --testbed ~/test_bed --data ctr_data_1.csv --force
      on another log, over the report that is there
  python -m testbed_adapter log --testbed ~/test_bed
      a generated log first, where there is none""",
    """示例：
  python -m testbed_adapter hand-in --testbed ~/test_bed --name "李华 2024012345"
      用 ~/test_bed/models/ctr_data.json，写入文件夹 hand-in
  python -m testbed_adapter hand-in --testbed ~/test_bed --language both --out report-li-hua
      Markdown 中英文各一份（网页总是两种语言都有）
  python -m testbed_adapter hand-in --testbed ~/test_bed --data ctr_data_1.csv --force
      用另一份日志，覆盖已有的报告
  python -m testbed_adapter log --testbed ~/test_bed
      还没有日志时，先生成一份""",
)
TESTBED = Message("the testbed's checkout; it is only read", "测试床的目录；只读")
DATA = Message(
    "a click log, the testbed's JSON or a CSV export (DIR/models/ctr_data.json)",
    "点击日志：测试床的 JSON 或导出的 CSV（默认 DIR/models/ctr_data.json）",
)
NAME = Message("who hands it in (a line to fill in)", "提交人（不填则留空行）")
SEED = Message(
    "of the resampling, and of the impressions that are timed (0); the models' and the split's are the testbed's, 42",
    "重抽样与计时所用展示的种子（0）；模型和划分的种子同测试床，为 42",
)
OUT = Message("the folder to write to (./hand-in/)", "写入的文件夹（./hand-in/）")
LANGUAGE = Message(
    "of the Markdown: en, zh or both (the locale's); the page has both",
    "Markdown 的语言：en、zh 或 both（默认按系统语言）",
)
FORCE = Message("write over a report that is there, and the answers in it", "覆盖已有的报告，包括其中写好的回答")

NO_LOG = Message(
    "{path}: there is no click log yet. Search and click in the testbed, or have one generated: {command}",
    "{path}：还没有点击日志。请先在测试床中搜索、点击，或生成一份：{command}",
)
LOG_UNREADABLE = Message("{error}. A new log: {command}", "{error}。重新生成日志：{command}")
TOO_LITTLE = Message(
    "{path}: {clicks} clicks on {records} records with {queries} queries, {documents} documents and {positions} "
    "positions are too little to train on: it takes at least {least} records, 2 with and 2 without a click, and 3 "
    "different queries, documents and positions. Click on in the testbed, or add generated records: {command}",
    "{path}：{records} 条记录，{clicks} 次点击，{queries} 个查询，{documents} 篇文档，{positions} 个位置，不足以训练："
    "至少需要 {least} 条记录，点击和未点击各 2 次，查询、文档、位置各 3 个。请继续在测试床中点击，"
    "或追加生成的记录：{command}",
)
UNTRAINABLE = Message("{error}. More records: {command}", "{error}。增加记录：{command}")
THERE_ALREADY = Message(
    "{out} holds {files} already, perhaps with answers in it: --out another folder, or --force to write over it",
    "{out} 中已有 {files}，可能写有回答：请用 --out 换一个文件夹，或用 --force 覆盖",
)
UNWRITABLE = Message(
    "the report cannot be written to {out}: {reason}. --out takes another folder",
    "报告无法写入 {out}：{reason}。请用 --out 换一个文件夹",
)
WRITTEN = Message(
    "The report to open: {page}\nThe same to hand in as text, with its pictures beside it: {markdown}\n"
    "Its figures: {results}\nTo do: {left}.",
    "报告（用浏览器打开）：{page}\n同样内容的 Markdown，图片在旁边：{markdown}\n数据：{results}\n还要做：{left}。",
)
LEFT = Message("answer the three questions", "回答三个问题")
LEFT_AND_NAME = Message("your name, and answer the three questions", "填写姓名，回答三个问题")

STARTING = Message("starting", "准备")
RESAMPLING = Message("resampling the test rows", "对测试行重抽样")
WRITING = Message("the report", "写报告")
