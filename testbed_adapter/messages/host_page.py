"""What our models add to the testbed's own training page: shown there in Chinese, as the page's own words are."""

from __future__ import annotations

from . import Message

NO_WORD = Message("(none)", "（无）")
TWO_FEATURES = Message(
    " (the testbed fits the model anew here, on position and score alone; the training has all features, so "
    "that scores below the training's are to be expected)",
    "（测试床在这里只用 position 和 score 两个特征重新拟合模型；"
    "训练用的是全部特征，所以这里的得分低于训练结果是正常的）",
)
FIRST_SLOT = Message(
    " (of the first slot, the testbed's logistic regression, whichever model is chosen above)",
    "（评估的是第一个槽位里测试床自带的逻辑回归，与上方所选的模型无关）",
)
LR_SEARCHED = Message(
    " (the testbed searches its logistic regression here, whichever model is chosen above: parameters and score are "
    "the LR's, not those of the model in the other slot)",
    "（测试床在这里搜索的总是逻辑回归，与所选的模型无关：参数和得分都属于逻辑回归，不属于本项目的模型）",
)
