"""The two slots, and the names the evaluation page has for features: nine, for the LR's twelve columns."""

from typing import ClassVar


class CTRModelConfig:
    SUPPORTED_MODELS: ClassVar = {
        "logistic_regression": {"name": "逻辑回归 (LR)", "class": "CTRModel"},
        "wide_and_deep": {"name": "Wide & Deep", "class": "WideAndDeepCTRModel"},
    }

    @classmethod
    def get_model_config(cls, model_type):
        return cls.SUPPORTED_MODELS.get(model_type, {})

    @classmethod
    def get_model_names(cls):
        return [(slot, model["name"]) for slot, model in cls.SUPPORTED_MODELS.items()]


class CTRFeatureConfig:
    @classmethod
    def get_feature_names(cls):
        return [
            *("position", "position_decay", "score", "match_score", "doc_length", "query_length", "summary_length"),
            *("query_ctr", "doc_ctr"),
        ]
