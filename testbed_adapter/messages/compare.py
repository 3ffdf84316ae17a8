"""The command `compare`: what it does, what stands in its way, its stages, and what is said of its figures."""

from __future__ import annotations

from . import Message

ABOUT = Message(
    """Trains the testbed's LR, Wide & Deep, and Wide & Deep's parts alone (or the models that --models names) on one
click log and on the testbed's own split of it. Prints a table of the held-out 30%; writes report.html, to open in a
browser, and results.json.""",
    """用同一份点击日志、按测试床自己的划分，训练测试床的 LR、Wide & Deep，以及它单独的宽部和深部；
或者 --models 所列的模型。
在终端列出留出的 30% 上的指标；写出 report.html（用浏览器打开）和 results.json。""",
)
ABLATION = Message(
    """The experiment of the Wide & Deep paper's Table 1. The models are trained and measured as ever. Then
each serves the same new requests in the generated world: for each request 20 candidates, ranked as the testbed's
IndexService.rank does it (predict_ctr, with a candidate's place by text score as its position), the best ten shown,
and clicks drawn from the true probabilities at the positions shown. The gain is how much more a model's pages are
clicked than the LR's, with a 95% interval over the seeds. Beside it stands how much of the catalogue is shown, and
how often the long tail is. The oracle ranks by the true probabilities. About a minute; with --testbed another
more for each seed.""",
    """Wide & Deep 论文表 1 的实验。模型的训练和离线指标同上；之后各模型在生成的世界里响应同一批新请求：
  每个请求取 20 个候选，按测试床 IndexService.rank 的方式排序（predict_ctr，以文本分数的名次为位置），
  展示前十条，再按所在位置的真实点击概率抽取点击。增益是该模型的页面比 LR 的多被点击多少，
  附各种子上的 95% 区间；另列出展示过多少文档、长尾文档的占比。oracle 按真实概率排序。
  约一分钟；给出 --testbed 时每个种子再多一分钟。""",
)
ONLINE = Message(
    """The models are compared as ever. Then Wide & Deep is trained on half of a log, and the rest arrives in 1,
5, 20, 100 or 500 triggers, each of which trains further from the present weights, as the testbed's online training
does. On further records, which no model has seen, the model is measured beside one trained from nothing on the whole
log: AUC, log loss, calibration, and the time of the triggers beside that of training from nothing each time. Once more
from a tenth of the log, in 100 triggers. A trigger brings at least ten records: few --records leave rows out. Some
fifteen minutes.""",
    """模型照常比较；之后先用一半日志训练 Wide & Deep，其余记录分 1、5、20、100 或 500 次触发送来，
  每次从现有权重继续训练，与测试床的在线训练相同。再用没有模型见过的后续记录，与在全部日志上
  从头训练的模型相比：AUC、对数损失、校准，以及各次触发与每次从头训练所用的时间。
  另从日志的十分之一开始、分 100 次触发再做一遍。每次触发至少十条记录：--records 太少时会缺几行。
  约十五分钟。""",
)
EXAMPLES = Message(
    """examples:
  python -m testbed_adapter compare
      on a generated log, with our stand-in for the testbed's LR
  python -m testbed_adapter compare --testbed ~/test_bed --data ~/test_bed/models/ctr_data.json
      with the testbed's own LR, on its own log
  python -m testbed_adapter compare --models lr,fm,deepfm,dcn,wide_deep
      these of our models, beside the LR
  python -m testbed_adapter compare --ablation
      LR, wide only, deep only, Wide & Deep: offline AUC and online gain, over five seeds
  python -m testbed_adapter compare --ablation --quick
      the same in half a minute, with wider intervals
  python -m testbed_adapter compare --online
      what training further is worth against training from nothing, by number of triggers
""",
    """示例:
  python -m testbed_adapter compare
      用生成的日志，与测试床的 LR 的替身比较
  python -m testbed_adapter compare --testbed ~/test_bed --data ~/test_bed/models/ctr_data.json
      用测试床自己的 LR 和它自己的日志
  python -m testbed_adapter compare --models lr,fm,deepfm,dcn,wide_deep
      本项目的这些模型，与 LR 比较
  python -m testbed_adapter compare --ablation
      LR、仅宽部、仅深部、Wide & Deep：五个种子上的离线 AUC 和在线增益
  python -m testbed_adapter compare --ablation --quick
      同上，约半分钟，区间稍宽
  python -m testbed_adapter compare --online
      按触发次数，看继续训练与从头训练相差多少
""",
)
TESTBED = Message("the testbed's checkout, to compare with its own LR", "测试床的检出目录，与它自己的 LR 比较")
DATA = Message("a click log: the testbed's JSON or a CSV export", "点击日志：测试床的 JSON，或导出的 CSV")
RECORDS = Message(
    "so many records: generated ({default}), or the first of FILE (all)",
    "记录条数：生成这么多（默认 {default}），或取 FILE 的前这么多条（默认全部）",
)
MODELS = Message(
    "these of our models beside the LR, by name (lr, fm, wide_deep, deepfm, dcn …) with commas between; without it "
    "Wide & Deep and its parts",
    "与 LR 比较的模型名，用逗号分隔（lr、fm、wide_deep、deepfm、dcn 等）；不给时为 Wide & Deep 及其两部分",
)
SEED = Message("of the generated log (0)", "生成日志的种子（默认 0）")
SEEDS = Message(
    "average over K logs, seeds S, S+1, … (1; {default} with --ablation or --online)",
    "对 K 份日志取平均，种子为 S、S+1 …（默认 1；--ablation 或 --online 时为 {default}）",
)
OUT = Message("for the report (./report/)", "报告写到哪里（默认 ./report/）")
ABLATION_GROUP = Message("online simulation", "在线模拟")
ABLATION_FLAG = Message("after the comparison, serve and count clicks", "比较之后，模拟线上服务并统计点击")
QUICK = Message(
    "{records:,} records and {requests:,} requests a seed: half a minute, and still enough to tell that Wide & Deep "
    "gains over the LR and over the wide part alone",
    "每个种子 {records:,} 条记录、{requests:,} 次请求：约半分钟，仍足以看出 Wide & Deep 胜过 LR 和单独的 wide 部分",
)
REQUESTS = Message("so many, for each seed ({default})", "每个种子的请求数（默认 {default}）")
CANDIDATES = Message(
    "so many to choose the ten of a page from ({default})", "每页十条从多少个候选中选出（默认 {default}）"
)
ONLINE_GROUP = Message("online learning", "在线学习")
ONLINE_FLAG = Message("after the comparison, train in triggers", "比较之后，分多次触发继续训练")

# --- misuse, and what ends it ---

TWO_EXPERIMENTS = Message(
    "--ablation and --online are experiments of their own: leave one out",
    "--ablation 与 --online 是两个实验: 请去掉一个",
)
MODELS_OF_EXPERIMENT = Message(
    "--models is for the plain comparison: leave out --ablation and --online, or --models",
    "--models 只用于普通比较: 请去掉 --ablation 和 --online，或去掉 --models",
)
NO_MODEL = Message("no model {name!r}; there are {models}", "没有模型 {name!r}；可选: {models}")
TWICE = Message("{name!r} is there twice", "{name!r} 重复了")
ABLATION_OF_DATA = Message(
    "--ablation needs generated logs, whose click probabilities are known: leave --data out",
    "--ablation 要用生成的日志，其点击概率才是已知的: 请去掉 --data",
)
ONLINE_OF_DATA = Message(
    "--online needs generated logs, which go on after their end: leave --data out",
    "--online 要用生成的日志，才有后续记录: 请去掉 --data",
)
TOO_FEW_RECORDS = Message(
    "--records {records}: --online needs at least {fewest}", "--records {records}: --online 至少需要 {fewest} 条"
)
QUICK_ALONE = Message(
    "--quick is a smaller online simulation: add --ablation", "--quick 是较小的在线模拟: 请加上 --ablation"
)
WITHOUT_ABLATION = Message(
    "--requests and --candidates are for the online simulation: add --ablation",
    "--requests 和 --candidates 用于在线模拟: 请加 --ablation",
)
ONE_LOG = Message(
    "--seeds needs generated logs: with --data there is only the one", "--seeds 要用生成的日志: 给出 --data 时只有一份"
)
TOO_FEW_REQUESTS = Message(
    "--requests {requests}: at least {fewest} are needed", "--requests {requests}: 至少需要 {fewest} 个"
)
NO_CANDIDATES = Message(
    "--candidates {candidates}: between {page}, a page, and {most}, what the world can find",
    "--candidates {candidates}: 应在 {page}（一页）与 {most}（最多能找到的）之间",
)
TOO_MANY_RANKED = Message(
    "--requests {requests} with {candidates} candidates each: more than {most:,} together; {fit} requests are the most",
    "--requests {requests} 且每个 {candidates} 个候选: 合计超过 {most:,}；请求数至多 {fit}",
)
UNWRITABLE = Message("the report cannot be written to {out}: {error}", "报告无法写入 {out}: {error}")
NO_REPORT = Message(
    "the table above is all there is, as the report cannot be written: {error}", "报告无法写出，只有上面的表格: {error}"
)
NO_CHECKOUT = Message(
    "{testbed} is no checkout of the testbed: there is no {file}", "{testbed} 不是测试床的检出目录: 没有 {file}"
)
LR_MISSES = Message(
    "the testbed's LR cannot be imported: {error}. Its requirements are missing",
    "无法导入测试床的 LR: {error}。缺少它的依赖包",
)
LR_FAILS = Message("the testbed's LR cannot be imported: {error}", "无法导入测试床的 LR: {error}")
FAILED = Message("{name}: {error}", "{name}: {error}")
NO_LOG = Message("there must be at least one log", "至少要有一份日志")
OF_RECORDS = Message("{count} records: {error}", "{count} 条记录: {error}")
FROM_NOTHING = Message("the model was trained from nothing, not from its weights", "模型是从头训练的，没有接着现有权重")
NO_PROBABILITY = Message(
    "{name}: predict_ctr answered {answer} for {impression}: no probability",
    "{name}: predict_ctr 对 {impression} 返回 {answer}，不是概率",
)
NOT_RANKED = Message(
    "{name}: predict_ctr failed while ranking: {failure}", "{name}: 排序时 predict_ctr 失败: {failure}"
)

# --- stages ---

STARTING = Message("starting", "准备")
THE_LOG = Message("the click log", "点击日志")
TRAINING = Message("training {name}", "训练 {name}")
TIMING = Message("timing predict_ctr", "测量 predict_ctr 的时间")
SERVING = Message("online: {name}", "在线模拟: {name}")
ANEW = Message("from nothing: {count} records", "从头训练: {count} 条记录")
TRIGGER = Message("online: trigger {index} of {count}", "在线学习: 第 {index}/{count} 次触发")
THE_REPORT = Message("the report", "报告")

# --- the models and the table ---

LR_COLUMNS = Message("LR (12 columns)", "LR 逻辑回归（12 列）")
LR_TESTBED = Message("LR (testbed)", "LR 逻辑回归（测试床）")
WIDE = Message("wide only", "仅宽部")
DEEP = Message("deep only", "仅深部")
ORACLE = Message("oracle", "oracle 真实概率")
MODEL = Message("model", "模型")
STANDARD_ERROR = Message("standard error", "标准误")
GENERATED = Message("generated, mean over {count} seeds", "生成的日志，{count} 个种子的平均")
LOG = Message(
    "{records} records ({title}), click rate {rate:.3f}, {queries} queries, {documents} documents; tested on {tested}",
    "{records} 条记录（{title}），点击率 {rate:.3f}，{queries} 个查询，{documents} 个文档；在 {tested} 条上测试",
)
WRITTEN = Message("Report: {page}\nFigures: {results}", "报告: {page}\n数据: {results}")
AGAINST = Message(
    "{name} against the LR: AUC {auc:+.4f}, log loss {log_loss:+.4f}",
    "{name} 与 LR 相比: AUC {auc:+.4f}，对数损失 {log_loss:+.4f}",
)
OF_GAP = Message("{said}, {share:.0%} of the way to the oracle", "{said}，缩小了与 oracle 差距的 {share:.0%}")
SPEED = Message(
    "predict_ctr {new:.1f}× as fast on new text, {seen:.1f}× on text seen before",
    "predict_ctr 在新文本上快至 {new:.1f} 倍，在见过的文本上 {seen:.1f} 倍",
)
TRAINING_SPEED = Message("training {ratio:.1f}× as fast, {speed}", "训练快至 {ratio:.1f} 倍，{speed}")
SUMMARY = Message("{said};\n{speed}.", "{said}；\n{speed}。")
OWN_COLUMNS = Message(
    "This LR trains on features that our library computes; --testbed DIR times the testbed's own.",
    "这个 LR 用的特征由本项目的库计算；要测测试床自己的训练时间，请给出 --testbed DIR。",
)
