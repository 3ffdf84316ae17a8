"""The figures of the comparison's table: what each is called, and what it says."""

from __future__ import annotations

from typing import NamedTuple

from . import Message


class Figure(NamedTuple):
    title: Message
    says: Message


# By the key that each has in results.json, in the table's order.
FIGURES: dict[str, Figure] = {
    "auc": Figure(
        Message("AUC", "AUC"),
        Message(
            "how often a click is predicted higher than a non-click; 0.5 is guessing",
            "点击的预测高于未点击的比例，只看排序；0.5 为随机猜测",
        ),
    ),
    "log_loss": Figure(
        Message("log loss", "对数损失"),
        Message("how good the probabilities are; lower is better", "概率本身有多准，越低越好"),
    ),
    "calibration": Figure(
        Message("calibration", "校准"),
        Message("mean prediction ÷ click rate; 1 is right", "平均预测 ÷ 实际点击率，1 为正确"),
    ),
    "threshold": Figure(
        Message("threshold", "阈值"),
        Message(
            "what is predicted above it counts as a click: 0.5 for the LR, which balances its classes; the click rate "
            "for Wide & Deep, which is the same decision on probabilities of a click",
            "预测高于它即判为点击：LR 平衡了类别，为 0.5；Wide & Deep 预测点击概率，以点击率为界才是同样的判断",
        ),
    ),
    "accuracy": Figure(
        Message("accuracy", "准确率"),
        Message("share of these decisions that are right", "判断正确的比例"),
    ),
    "balanced_accuracy": Figure(
        Message("balanced", "平衡准确率"),
        Message(
            "accuracy among clicks and among non-clicks, the mean of the two; 0.5 is guessing",
            "点击与未点击各自的准确率的平均；0.5 为随机猜测",
        ),
    ),
    "f1": Figure(
        Message("F1", "F1"),
        Message(
            "of clicks and of non-clicks, weighted by their number, as the testbed has it",
            "点击与未点击两类的 F1 按数量加权，与测试床相同",
        ),
    ),
    "train_seconds": Figure(
        Message("training s", "训练（秒）"),
        Message("from the records to the model file", "从记录到保存好的模型"),
    ),
    "predict_new_us": Figure(
        Message("new text µs", "新文本 µs"), Message("one predict_ctr of new texts", "新文本的一次 predict_ctr")
    ),
    "predict_seen_us": Figure(
        Message("seen µs", "旧文本 µs"), Message("one of texts seen before", "见过的文本的一次 predict_ctr")
    ),
}

DECISIONS = Message(
    "Compare by AUC and log loss: nothing beats the true probabilities there. Accuracy and F1 are of one decision, and "
    "reward the more frequent answer: “{baseline}” has accuracy {accuracy:.3f} and F1 {f1:.3f} and knows nothing.",
    "请按 AUC 和对数损失比较：在这两项上没有模型能胜过真实概率。准确率和 F1 只反映一个阈值下的判断，"
    "偏向较多的一类：“{baseline}”什么都不知道，准确率也有 {accuracy:.3f}，F1 有 {f1:.3f}。",
)
WEIGHTED = Message(
    "Precision and recall, weighted as the testbed has them, are in results.json; recall so weighted is accuracy.",
    "按测试床的方式加权的精确率和召回率见 results.json；这样加权的召回率就等于准确率。",
)
NEVER = Message("always no click", "总是不点击")
ALWAYS = Message("always click", "总是点击")
