"""Records impressions and clicks, hands out all samples, says when an online training is due."""

import json
import os
import threading
from datetime import datetime


class DataService:
    def __init__(self, model_service=None):
        self.lock = threading.Lock()
        self.ctr_data = []
        self.model_service = model_service
        self.online_training_trigger_threshold = 10
        path = os.path.join("models", "ctr_data.json")
        if os.path.exists(path):
            with open(path, encoding="utf-8") as file:
                self.ctr_data = json.load(file)
        self.last_training_data_count = len(self.ctr_data)

    def record_impression(self, query, doc_id, position, score, summary, request_id):
        now = datetime.now().isoformat()
        sample = {
            "query": query,
            "doc_id": doc_id,
            "position": position,
            "score": float(score),
            "summary": summary,
            "request_id": request_id,
            "timestamp": now,
            "request_time": now,
            "doc_length": len(summary),
            "clicked": 0,
            "click_count": 0,
            "click_time": "",
        }
        with self.lock:
            self.ctr_data.append(sample)
        return sample

    def record_click(self, doc_id, request_id):
        found = False
        with self.lock:
            for sample in self.ctr_data:
                if (sample["request_id"], sample["doc_id"]) == (request_id, doc_id):
                    found = True
                    sample["clicked"] = 1
                    sample["click_count"] += 1
                    sample["click_time"] = sample["click_time"] or datetime.now().isoformat()
        return found

    def get_all_samples(self):
        with self.lock:
            return self.ctr_data.copy()

    def set_model_service(self, model_service):
        self.model_service = model_service

    def set_online_training_threshold(self, threshold):
        self.online_training_trigger_threshold = max(1, threshold)

    def _should_trigger_online_training(self):
        if not self.model_service or not self.model_service.is_online_learning_enabled():
            return False
        return len(self.ctr_data) - self.last_training_data_count >= self.online_training_trigger_threshold

    def _trigger_online_training_async(self):
        result = self.model_service.trigger_online_training(
            self, min_new_samples=self.online_training_trigger_threshold
        )
        if result.get("success"):
            with self.lock:
                self.last_training_data_count = len(self.ctr_data)
        elif not result.get("skipped"):
            print(f"⚠️ 在线训练失败: {result.get('error')}")
