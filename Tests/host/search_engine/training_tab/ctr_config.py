"""The two slots."""


class CTRModelConfig:
    SUPPORTED_MODELS = {"logistic_regression": "CTRModel", "wide_and_deep": "WideAndDeepCTRModel"}
