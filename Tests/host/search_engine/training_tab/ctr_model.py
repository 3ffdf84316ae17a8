"""The first slot's own model: a click rate, as simple as a model can be."""

import json
import os


class CTRModel:
    def __init__(self):
        self.rate = None

    @property
    def is_trained(self):
        return self.rate is not None

    def train(self, ctr_data):
        self.rate = sum(record["clicked"] for record in ctr_data) / len(ctr_data)
        self.save_model()
        return {"success": True, "auc": 0.5}

    def predict_ctr(self, query, doc_id, position, score, summary):
        return self.rate if self.is_trained else score

    def save_model(self, filepath=None):
        filepath = filepath or os.path.join("models", "ctr_model.pkl")
        os.makedirs(os.path.dirname(filepath), exist_ok=True)
        with open(filepath, "w") as file:
            json.dump(self.rate, file)

    def load_model(self, filepath=None):
        filepath = filepath or os.path.join("models", "ctr_model.pkl")
        if not os.path.exists(filepath):
            return False
        with open(filepath) as file:
            self.rate = json.load(file)
        return True


model_in_module = CTRModel
