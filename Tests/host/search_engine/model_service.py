"""Owns the model: trains, saves, loads, switches it and reloads it while it serves (serving.py has the routes).

Its traps are the testbed's: an instance once made is kept until an online training clears them all, whoever clears them
does so while others look, and what cannot be made is answered by an untrained CTRModel.
"""

import json
import os
import re
import shutil
from datetime import datetime

from .training_tab.ctr_config import CTRModelConfig
from .training_tab.ctr_model import CTRModel

UNTRAINED = 0.1
KEPT_CHECKPOINTS = 5
CHECKPOINT = re.compile(r"ckpt_(\d+)(\.pkl|\.h5|_info\.json)$")


class ModelService:
    def __init__(self, model_file=None):
        self.model_file = model_file or os.path.join(os.getcwd(), "models", "ctr_model.pkl")
        self.ctr_model = CTRModel()
        self.current_model_type = "logistic_regression"
        self.model_instances = {}
        self.online_learning_enabled = False
        self.online_training_in_progress = False
        self.online_checkpoint_counter = 0
        self.online_model_base_dir = os.path.join(os.getcwd(), "models", "online")
        self.offline_model_base_dir = os.path.join(os.getcwd(), "models", "offline")
        for folder in (self.online_model_base_dir, self.offline_model_base_dir):
            os.makedirs(folder, exist_ok=True)
        self._load_model()
        self.flask_app = None
        self.api_running = False

    # --- files ---

    def _load_model(self):
        """The newest checkpoint, else the offline file, else the default one."""
        latest = self._get_latest_online_checkpoint()
        if latest:
            path = self._get_online_model_path(checkpoint_num=latest)
            if os.path.exists(path) and self.ctr_model.load_model(path):
                self.model_file, self.online_checkpoint_counter = path, latest
                return
        path = self._get_offline_model_path()
        if os.path.exists(path) and self.ctr_model.load_model(path):
            self.model_file = path
            return
        self.ctr_model.load_model(self.model_file)

    def _get_latest_online_checkpoint(self):
        """Of either slot, whichever is asked for: the two count together."""
        found = [CHECKPOINT.search(name) for name in os.listdir(self.online_model_base_dir)]
        return max((int(match[1]) for match in found if match and match[2] != "_info.json"), default=None)

    def _get_online_model_path(self, model_type=None, checkpoint_num=None):
        number = self.online_checkpoint_counter if checkpoint_num is None else checkpoint_num
        deep = (model_type or self.current_model_type) == "wide_and_deep"
        name = f"wide_deep_ctr_model_ckpt_{number}.h5" if deep else f"ctr_model_ckpt_{number}.pkl"
        return os.path.join(self.online_model_base_dir, name)

    def _get_offline_model_path(self, model_type=None):
        deep = (model_type or self.current_model_type) == "wide_and_deep"
        return os.path.join(self.offline_model_base_dir, "wide_deep_ctr_model.h5" if deep else "ctr_model.pkl")

    def _cleanup_old_online_checkpoints(self, max_checkpoints=KEPT_CHECKPOINTS):
        files = {}
        for name in os.listdir(self.online_model_base_dir):
            match = CHECKPOINT.search(name)
            if match:
                files.setdefault(int(match[1]), []).append(os.path.join(self.online_model_base_dir, name))
        for number in sorted(files)[:-max_checkpoints]:
            for path in files[number]:
                os.remove(path)

    def save_model(self, filepath=None, model_type=None, is_online=None):
        try:
            model_type = model_type or self.current_model_type
            online = self.online_learning_enabled if is_online is None else is_online
            path = self._get_online_model_path(model_type) if online else self._get_offline_model_path(model_type)
            path = filepath or path
            os.makedirs(os.path.dirname(path), exist_ok=True)
            self.ctr_model.save_model(path)
            with open(re.sub(r"\.(pkl|h5)", "_info.json", path), "w", encoding="utf-8") as file:
                json.dump({"model_file": path, "save_time": datetime.now().isoformat(), "is_online": online}, file)
            return True
        except Exception as error:
            print(f"❌ 保存模型失败: {error}")
            return False

    def load_model(self, filepath=None):
        return self.ctr_model.load_model(filepath or self.model_file)

    def export_model(self, export_path):
        if not self.ctr_model.is_trained:
            return False
        os.makedirs(os.path.dirname(export_path), exist_ok=True)
        shutil.copy2(self.model_file, export_path)
        return True

    def import_model(self, import_path):
        shutil.copy2(import_path, self.model_file)
        self._load_model()
        return True

    def delete_model(self):
        os.remove(self.model_file)
        self.ctr_model = CTRModel()
        return True

    # --- training ---

    def enable_online_learning(self, enabled=True):
        self.online_learning_enabled = enabled
        return enabled

    def is_online_learning_enabled(self):
        return self.online_learning_enabled

    def train_model(self, data_service, is_online=None):
        try:
            if is_online is None:
                is_online = self.online_learning_enabled
            if is_online:
                latest = self._get_latest_online_checkpoint()
                path = latest and self._get_online_model_path(checkpoint_num=latest)
                if path and os.path.exists(path):
                    self.ctr_model.load_model(path)
                    self.online_checkpoint_counter = latest
            samples = data_service.get_all_samples()
            if not samples:
                return {"success": False, "error": "没有CTR数据用于训练"}
            result = self.ctr_model.train(samples)
            if result.get("success"):
                if is_online:
                    self.online_checkpoint_counter += 1
                self.save_model(is_online=is_online)
                if is_online:
                    self._cleanup_old_online_checkpoints()
                    self._hot_reload_model()
            else:
                print(f"❌ 训练失败: {result.get('error')}")
            return result
        except Exception as error:
            print(f"❌ 训练失败: {error}")
            return {"success": False, "error": str(error)}

    def _hot_reload_model(self):
        """Into a CTRModel, whichever slot the checkpoint is of."""
        path = self._get_online_model_path(checkpoint_num=self.online_checkpoint_counter)
        if not os.path.exists(path):
            return False
        self.ctr_model = CTRModel()
        if not self.ctr_model.load_model(path):
            return False
        self.model_file = path
        self.model_instances.clear()
        return True

    def trigger_online_training(self, data_service, min_new_samples=10):
        if not self.online_learning_enabled:
            return {"success": False, "error": "在线学习未启用", "skipped": True}
        if self.online_training_in_progress:
            return {"success": False, "error": "在线训练正在进行中", "skipped": True}
        if len(data_service.get_all_samples()) < min_new_samples:
            return {"success": False, "error": f"需要至少{min_new_samples}条记录", "skipped": True}
        self.online_training_in_progress = True
        try:
            return self.train_model(data_service, is_online=True)
        finally:
            self.online_training_in_progress = False

    # --- the slots ---

    def create_model_instance(self, model_type):
        try:
            if model_type in self.model_instances:
                return self.model_instances[model_type]
            if not CTRModelConfig.get_model_config(model_type):
                raise ValueError(f"不支持的模型类型: {model_type}")
            if model_type == "logistic_regression":
                from .training_tab.ctr_model import CTRModel as model_class
            else:
                from .training_tab.ctr_wide_deep_model import WideAndDeepCTRModel as model_class
            instance = model_class()
            name = "ctr_model.pkl" if model_type == "logistic_regression" else "wide_deep_ctr_model"
            instance.load_model(os.path.join(os.getcwd(), "models", name))
            self.model_instances[model_type] = instance
            return instance
        except Exception as error:
            print(f"创建模型实例失败: {error}")
            from .training_tab.ctr_model import CTRModel as fallback

            return fallback()

    def get_model_instance(self, model_type):
        self.model_instances[model_type] = self.create_model_instance(model_type)
        return self.model_instances[model_type]

    def switch_model(self, model_type):
        self.ctr_model = self.create_model_instance(model_type)
        self.current_model_type = model_type
        return True

    # --- prediction ---

    def predict_ctr(self, features, model_type=None):
        try:
            instance = self.get_model_instance(model_type or self.current_model_type)
            if not instance.is_trained:
                return UNTRAINED
            arguments = [
                *(features.get("query", ""), features.get("doc_id", ""), features.get("position", 1)),
                *(features.get("score", 0.0), features.get("summary", "")),
            ]
            if "WideAndDeep" in type(instance).__name__:
                arguments.append(features.get("timestamp"))
            return float(instance.predict_ctr(*arguments))
        except Exception as error:
            print(f"❌ CTR预测失败: {error}")
            return UNTRAINED

    def get_model_stats(self):
        names = ("accuracy", "auc", "precision", "recall", "f1", "training_samples")
        stats = {name: getattr(self.ctr_model, name, 0.0) for name in names}
        count = len(getattr(self.ctr_model, "feature_names", []))
        return {"is_trained": self.ctr_model.is_trained, **stats, "feature_count": count}

    def start_api_server(self, host="0.0.0.0", port=8501, debug=False):
        from flask import Flask

        self.flask_app = Flask(__name__)
        self._setup_api_routes()
        self.api_running = True
        self.flask_app.run(host=host, port=port, debug=debug, threaded=True, use_reloader=False)

    def _setup_api_routes(self):
        from .serving import add_routes

        add_routes(self.flask_app, self)
