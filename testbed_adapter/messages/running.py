"""The command `run`."""

from __future__ import annotations

from . import Message

ABOUT = Message(
    """Runs a Python script as `cd DIR && python SCRIPT ARGS…` would, with the testbed's model classes
replaced: CTRModel and WideAndDeepCTRModel are then Wide & Deep models, or those of --model. Python processes that
the script starts are switched too. TensorFlow is not imported. No file of the testbed is changed; model files that it
wrote before, which are pickles, are not read, and are backed up beside before one is overwritten.""",
    """像 `cd DIR && python SCRIPT ARGS…` 那样运行一个 Python 脚本，并替换测试床的模型类：
CTRModel 和 WideAndDeepCTRModel 都成为 Wide & Deep，或 --model 所选的模型。脚本启动的 Python 子进程同样切换。
不导入 TensorFlow，不改动测试床的任何文件；它以前写的模型文件是 pickle，不会被读取，
被覆盖之前会在原处备份。""",
)
EXAMPLES = Message(
    """examples:
  python -m testbed_adapter run --testbed ~/test_bed start_system.py
  python -m testbed_adapter run --testbed ~/test_bed --model logistic_regression start_system.py --port 7861
  python -m testbed_adapter run --testbed ~/test_bed --model beside_lr --online auto start_system.py
      to compare the two in the page; and clicks trigger online learning
  python -m testbed_adapter run --testbed ~/test_bed -m src.search_engine.portal
  python -m testbed_adapter run --testbed ~/test_bed src/search_engine/training_tab/ctr_lr_model.py
      the stand-alone script, on DIR/ctr_data_*.csv
""",
    """示例:
  python -m testbed_adapter run --testbed ~/test_bed start_system.py
  python -m testbed_adapter run --testbed ~/test_bed --model logistic_regression start_system.py --port 7861
  python -m testbed_adapter run --testbed ~/test_bed --model beside_lr --online auto start_system.py
      在页面里比较两个模型；点击触发在线学习
  python -m testbed_adapter run --testbed ~/test_bed -m src.search_engine.portal
  python -m testbed_adapter run --testbed ~/test_bed src/search_engine/training_tab/ctr_lr_model.py
      独立脚本，读取 DIR/ctr_data_*.csv
""",
)
TESTBED = Message("the testbed's checkout; the script runs in it", "测试床的检出目录；脚本在其中运行")
MODEL = Message(
    "what the slots hold: wide_deep, deepfm or another of our models (lr, fm, dcn …) in both; beside_lr, the testbed's "
    "LR in the first and Wide & Deep in the second (beside_lr:deepfm: another one); logistic_regression, what the "
    "testbed puts there. Without it the environment variable {variable} says, else {default}",
    "槽位里放什么: wide_deep、deepfm 或本项目的其他模型（lr、fm、dcn 等），两个都是它；beside_lr，第一个是测试床的 LR，"
    "第二个是 Wide & Deep（beside_lr:deepfm 则为其他模型）；logistic_regression，测试床原来的模型。"
    "不给时看环境变量 {variable}，也没有则为 {default}",
)
ONLINE = Message(
    "auto: with online learning switched on in the page, clicks trigger it, ten new records or more at a time (the "
    "testbed has its own trigger commented out); or the environment variable {variable}=auto",
    "auto: 在页面中打开在线学习后，由点击触发训练，每次至少十条新记录（测试床自己的触发代码被注释掉了）；"
    "也可设环境变量 {variable}=auto",
)
WHAT = Message("what to run", "运行什么")
MODULE = Message("a module, and arguments", "模块及其参数")
SCRIPT = Message("a Python file; a relative path is looked for in DIR", "Python 文件；相对路径在 DIR 中查找")
ARGS = Message("the script's own arguments", "脚本自己的参数")

NO_MODULE_NAME = Message("-m wants the name of a module", "-m 之后要有模块名")
NOTHING = Message("what is to be run? Give a SCRIPT, or -m MODULE", "要运行什么？请给出 SCRIPT，或 -m MODULE")
NOT_ENTERED = Message("--testbed {path}: this folder cannot be entered", "--testbed {path}: 无法进入这个文件夹")
NO_FILE = Message("no file {script} in {folder}", "{folder} 中没有文件 {script}")
NO_MAIN = Message("{script} is a folder without a __main__.py", "文件夹 {script} 中没有 __main__.py")
UNREADABLE = Message("{script} cannot be read: {error}", "无法读取 {script}: {error}")
NO_MODULE = Message("no module {module} in {folder}", "{folder} 中没有模块 {module}")

# The stand-alone script prints Chinese; this line comes before it, from `run`.
WITHOUT_LOG = Message(
    "testbed_adapter: {folder} holds no {files}, and the script reads only such files in the working folder. "
    "They can be made from a click log (also data/ctr_data_export_*.json, which the page's export button writes):",
    "testbed_adapter: {folder} 中没有 {files}，而该脚本只读取当前目录下的这种文件。"
    "可由点击日志生成（界面“导出数据”得到的 data/ctr_data_export_*.json 亦可）：",
)
