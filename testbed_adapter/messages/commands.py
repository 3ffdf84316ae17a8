"""The command line: what there is, and how it ends. Each command's own words are in a module of its name."""

from __future__ import annotations

from . import Message

ABOUT = Message(
    "Wide & Deep click models (a Swift library) in the course testbed's place of the logistic regression.",
    "Wide & Deep 点击率模型（Swift 库），在课程的测试床里代替逻辑回归。",
)
EXAMPLES = Message(
    """examples:
  python -m testbed_adapter doctor --testbed ~/test_bed
      what is there, what is missing, and what to do about it
  python -m testbed_adapter log --testbed ~/test_bed
      a click log of 20,000 records, where the testbed looks for one
  python -m testbed_adapter compare
      train the LR and Wide & Deep on one simulated click log; a table here, report/report.html to open
  python -m testbed_adapter compare --testbed ~/test_bed --data ~/test_bed/models/ctr_data.json
      the same with the testbed's own LR, on its own log
  python -m testbed_adapter page --testbed ~/test_bed --model beside_lr
      the testbed's training page, its own LR in the first slot and Wide & Deep in the second
  python -m testbed_adapter hand-in --testbed ~/test_bed --name "Li Hua"
      the report of the exercise on its own log: hand-in/hand-in.html, and as Markdown
  python -m testbed_adapter run --testbed ~/test_bed start_system.py
      start the testbed with Wide & Deep in both model slots; its files are not changed
  CTR_MODEL=logistic_regression python -m testbed_adapter run --testbed ~/test_bed start_system.py
      the same command, the testbed as it is
  python -m testbed_adapter explain --model models/ctr_model.pkl --query weather --doc doc_1 --position 1 \\
      --score 0.5 --summary "the weather today"
      what each feature of that impression adds to the logit
  python -m testbed_adapter enable
      from now on every Python of this environment is switched, without `run`; `disable` undoes it
""",
    """示例:
  python -m testbed_adapter doctor --testbed ~/test_bed
      检查有什么、缺什么、该怎么办
  python -m testbed_adapter log --testbed ~/test_bed
      生成 20,000 条点击日志，放到测试床读取的位置
  python -m testbed_adapter compare
      用同一份模拟日志训练 LR 和 Wide & Deep；终端里看表格，浏览器里看 report/report.html
  python -m testbed_adapter compare --testbed ~/test_bed --data ~/test_bed/models/ctr_data.json
      同上，但用测试床自带的 LR 和它自己的日志
  python -m testbed_adapter page --testbed ~/test_bed --model beside_lr
      测试床的训练页：第一个槽位是自带的 LR，第二个是 Wide & Deep
  python -m testbed_adapter hand-in --testbed ~/test_bed --name 李华
      用它自己的日志写实验报告：hand-in/hand-in.html，另有 Markdown
  python -m testbed_adapter run --testbed ~/test_bed start_system.py
      启动测试床，两个模型槽位都换成 Wide & Deep；不改动测试床的任何文件
  CTR_MODEL=logistic_regression python -m testbed_adapter run --testbed ~/test_bed start_system.py
      命令相同，测试床保持原样
  python -m testbed_adapter explain --model models/ctr_model.pkl --query 天气 --doc doc_1 --position 1 \\
      --score 0.5 --summary 今天的天气
      这次展示的每个特征给 logit 加了多少
  python -m testbed_adapter enable
      此后本环境的每个 Python 启动时即切换，不必再用 run；disable 可撤销
""",
)
VERSION = Message("show program's version number and exit", "显示版本号并退出")

RUN = Message(
    "run a script of the testbed with Wide & Deep in its model slots", "运行测试床的脚本，模型槽位里换成 Wide & Deep"
)
PAGE = Message(
    "open the testbed's training page, with Wide & Deep in its model slots",
    "打开测试床的训练页，模型槽位里换成 Wide & Deep",
)
COMPARE = Message(
    "train the LR and Wide & Deep on the same click log and report", "用同一份点击日志训练 LR 和 Wide & Deep，给出报告"
)
EXPLAIN = Message(
    "print why a model gives one impression its click probability", "说明模型为什么给一次展示这样的点击概率"
)
LOG = Message(
    "write a generated click log for the testbed, or add to one", "为测试床生成一份点击日志，或在已有日志后追加"
)
HAND_IN = Message("write the report of the exercise, from your own log", "用你自己的日志写实验报告")
DOCTOR = Message(
    "check the environment, the library, the switch, the testbed and its files",
    "检查环境、模型库、开关、测试床及其文件",
)
ENABLE = Message("switch the testbed in every Python of this environment", "让本环境的每个 Python 启动时即切换")
DISABLE = Message("undo enable", "撤销 enable")

STOPPED = Message("stopped", "已中止")
STOPPED_AFTER = Message("stopped: {written} was written", "已中止: 已写出 {written}")
NOTHING = Message("nothing", "（无）")
ERROR = Message("error: {error}", "错误: {error}")
NO_MEMORY = Message("not enough memory", "内存不足")
NO_FOLDER = Message("{option} {path}: there is no such folder", "{option} {path}: 没有这个文件夹")
