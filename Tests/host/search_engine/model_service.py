"""Makes, trains, saves and serves the models, by the names that are written out in it."""

import os

from .training_tab.ctr_config import CTRModelConfig
from .training_tab.ctr_model import CTRModel


class ModelService:
    def __init__(self):
        self.ctr_model = CTRModel()
        self.ctr_model.load_model(self.path("logistic_regression"))
        self.instances = {}

    @staticmethod
    def path(model_type):
        name = "ctr_model.pkl" if model_type == "logistic_regression" else "wide_deep_ctr_model.h5"
        return os.path.join(os.getcwd(), "models", "offline", name)

    def instance(self, model_type):
        if model_type not in CTRModelConfig.SUPPORTED_MODELS:
            raise ValueError(model_type)
        if model_type not in self.instances:
            if model_type == "logistic_regression":
                from .training_tab.ctr_model import CTRModel as model_class
            else:
                from .training_tab.ctr_wide_deep_model import WideAndDeepCTRModel as model_class
            self.instances[model_type] = model_class()
            self.instances[model_type].load_model(self.path(model_type))
        return self.instances[model_type]

    def train(self, model_type, samples):
        model = self.instance(model_type)
        result = model.train(samples)
        if result.get("success"):
            model.save_model(self.path(model_type))
        return result

    def predict_ctr(self, features, model_type):
        model = self.instance(model_type)
        arguments = [features[name] for name in ("query", "doc_id", "position", "score", "summary")]
        if "WideAndDeep" in type(model).__name__:
            arguments.append(features.get("timestamp"))
        return model.predict_ctr(*arguments)
