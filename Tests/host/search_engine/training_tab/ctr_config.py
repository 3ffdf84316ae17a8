"""The two slots."""


class CTRModelConfig:
    SUPPORTED_MODELS = ("logistic_regression", "wide_and_deep")
