"""The tables of the two experiments, --ablation and --online: their titles, and what their figures mean."""

from __future__ import annotations

from . import Message

# By the English title.
TITLES = {
    one.en: one
    for one in (
        Message("model", "模型"),
        Message("offline AUC", "离线 AUC"),
        Message("log loss", "对数损失"),
        Message("online gain", "在线增益"),
        Message("95% interval", "95% 区间"),
        Message("click rate", "点击率"),
        Message("catalogue", "文档覆盖"),
        Message("long tail", "长尾"),
        Message("Gini", "基尼系数"),
        Message("records", "记录"),
        Message("AUC", "AUC"),
        Message("difference", "差"),
        Message("calibration", "校准"),
        Message("trigger s", "触发（秒）"),
        Message("training s", "训练（秒）"),
        Message("time", "时间"),
        Message("all triggers s", "全部触发（秒）"),
        Message("all trainings s", "全部训练（秒）"),
        Message("holds", "达标"),
    )
}

CONTROL = Message("control", "对照")
TO = Message("{low} to {high}", "{low} 至 {high}")
GAIN = Message("over {name} {gain} ({interval})", "比{name} {gain}（{interval}）")
GAINS = Message("Wide & Deep's gain {parts}.", "Wide & Deep 的增益：{parts}。")
OVER = Message("Wide & Deep over {name}", "Wide & Deep 比{name}")
ABLATION_NOTES = Message(
    "Online gain: how much more the pages that a model ranks are clicked than the control's, on the same requests.\n"
    "Interval: {interval}.\n"
    "Catalogue: documents shown in {coverage} requests in a row. Gini: 0 if all are shown equally often, near 1 if a "
    "few are.\n"
    "Long tail: impressions of the half of the documents that training saw least.",
    "在线增益：同一批请求上，该模型排序的页面比对照多被点击多少。\n"
    "区间：{interval}。\n"
    "文档覆盖：连续 {coverage} 个请求里展示过的文档。基尼系数：展示次数都相同为 0，集中在少数文档时接近 1。\n"
    "长尾：训练时展示最少的那一半文档所占的展示。",
)
SEED_ERRORS = Message(
    "Standard error over the seeds, at most: AUC {auc:.4f}, log loss {log_loss:.4f}, click rate {click_rate:.4f}, "
    "catalogue {catalogue:.1%},\nlong tail {long_tail:.1%}, Gini {gini:.3f}. Models share the seeds: what is between "
    "them is surer.",
    "各种子间的标准误至多为：AUC {auc:.4f}，对数损失 {log_loss:.4f}，点击率 {click_rate:.4f}，"
    "文档覆盖 {catalogue:.1%}，长尾 {long_tail:.1%}，基尼系数 {gini:.3f}。\n"
    "各模型用同一批种子，它们之间的差异比这更可靠。",
)
NOISE = Message(
    "~: noise, as far as this run can tell: {names}, whose interval holds 0. More --seeds or --records narrow it.",
    "~：就这次运行而言分不出是否为噪声：{names}，其区间含 0。增大 --seeds 或 --records 可缩小区间。",
)
OVER_SEEDS = Message(
    "95%, Student's t over {seeds} seeds, each a world of its own with its own models",
    "95%，{seeds} 个种子上的 Student t 区间，每个种子各有自己的世界和模型",
)
OF_ONE_SEED = Message(
    "95%, over the requests of one seed; it says nothing of other worlds, more --seeds do",
    "95%，只就一个种子的请求而言；要推及别的世界，请增大 --seeds",
)

YES = Message("yes", "是")
NO = Message("no: {faults}", "否: {faults}")
ANEW = Message("{records:,} from nothing", "{records:,} 从头训练")
ERRORS = Message(", ± its standard error over {seeds} seeds", "，± 为 {seeds} 个种子上的标准误")
ONLINE_NOTES = Message(
    "All are measured on the same {further:,} further records, which come after the log's end.\n"
    "10,000 + 5 × 2,000: trained from nothing on 10,000 records, then further in five triggers of 2,000.\n"
    "Difference: to training from nothing on all {records:,} records{errors}.\n"
    "Training: from nothing instead, at each trigger, on all records so far; timed at every tenth of the log, and "
    "between in proportion. Time: the triggers' share of it.\n"
    "Holds: AUC within {within} of training from nothing, in less time. AUC?: missed by less than the standard error.",
    "都在同样的 {further:,} 条后续记录上测量，这些记录在日志之后。\n"
    "10,000 + 5 × 2,000：先用 10,000 条从头训练，再分五次触发、每次 2,000 条继续训练。\n"
    "差：与用全部 {records:,} 条从头训练相比{errors}。\n"
    "训练：每次触发都改为用至今的全部记录从头训练；每十分之一日志计时一次，其间按比例推算。"
    "时间：触发所用时间与之相比。\n"
    "达标：AUC 与从头训练相差不超过 {within}，且用时更少。AUC?：超出的部分小于标准误。",
)
