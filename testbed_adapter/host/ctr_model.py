"""The testbed's two model classes over the Swift library's models, Wide & Deep where nothing else is asked for.

`CTRModel` stands in the logistic regression's slot, `WideAndDeepCTRModel` in that of the TensorFlow model: the same
methods, checks, result keys and messages. Training puts a new model together aside and sets it in place in one
assignment, so that predictions made meanwhile, in other threads, are all of one whole model; where training fails, the
model there was stands.
"""

from __future__ import annotations

import math
import os
import threading
from collections.abc import Mapping, Sequence
from numbers import Real
from typing import Any, ClassVar, Optional

import numpy as np
import numpy.typing as npt

from ..estimator.explanation import Explanation
from ..messages import chinese, files, reason
from ..messages.terminal import say
from ..native.architectures import read_by, title
from ..native.errors import about
from ..native.model import FilePath
from . import evaluation, id_names, model_files, training
from .explanation import explain_impression
from .impressions import FEATURE_NAMES, LR_FEATURE_NAMES, ImpressionClassifier, ImpressionScaler
from .incremental import Growth
from .online import is_online
from .records import ClickLog, RecordError
from .training import TrainedModel
from .words import words

__all__ = ["FEATURE_NAMES", "CTRModel", "ImpressionClassifier", "ImpressionScaler", "WideAndDeepCTRModel"]

Records = Sequence[Mapping[str, Any]]
_FARTHEST = 2**53
_INFINITY = float("inf")


class CTRModel:
    """The logistic regression's slot of the testbed (training_tab.ctr_model.CTRModel), by one of our models.

    `model` is the inner scikit-learn classifier and `scaler` what its features are standardised by, both None before
    training; `vectorizer` is always None, as in the testbed.
    """

    MIN_SAMPLES = 10
    # The library's name of the model to train. The switch sets what CTR_MODEL asks for.
    architecture: ClassVar[str] = "wide_deep"
    part: ClassVar[str] = "wide_deep"
    # More arguments of the classifier, for subclasses.
    parameters: ClassVar[dict[str, Any]] = {}
    # Click logs of the course are small: two layers do as well as the paper's three in half the time, and one model
    # as well as three in a third of it. On the smallest the wide part learns by heart in large steps.
    _DEFAULTS: ClassVar[dict[str, Any]] = {
        "random_state": 42,
        "hidden_units": (64, 32),
        "members": 1,
        "wide_learning_rate": 0.3,
    }
    vectorizer = None
    feature_names = FEATURE_NAMES

    _default_path: ClassVar[str] = model_files.FIRST_SLOT
    _kind = "CTR"

    def __init__(self) -> None:
        self._trained: Optional[TrainedModel] = None
        self._training = threading.Lock()

    @property
    def is_trained(self) -> bool:
        return self._trained is not None

    @property
    def architecture_trained(self) -> Optional[str]:
        """Of the model that answers, which may have been loaded; None before training."""
        trained = self._trained
        return None if trained is None else trained.classifier.model

    @property
    def model(self) -> Optional[ImpressionClassifier]:
        trained = self._trained
        return None if trained is None else trained.classifier

    @property
    def scaler(self) -> Optional[ImpressionScaler]:
        trained = self._trained
        return None if trained is None else trained.scaler

    def __getattr__(self, name: str) -> Any:
        # accuracy, auc, precision, recall, f1, training_samples: what the testbed's statistics page asks for.
        trained = self.__dict__.get("_trained")
        if trained is not None and name in trained.metrics:
            return trained.metrics[name]
        raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")

    def __getstate__(self) -> dict[str, Any]:
        trained = self._trained
        return {
            "trained": trained and (trained.classifier, trained.scaler, trained.native, trained.metrics, trained.log)
        }

    def __setstate__(self, state: dict[str, Any]) -> None:
        self._training = threading.Lock()
        self._trained = None
        if state["trained"] is not None:
            classifier, scaler, native, metrics, log = state["trained"]
            self._trained = TrainedModel(classifier, scaler, native, native.impression_predictor(), metrics, log)

    # --- features ---

    def extract_features(self, ctr_data: Records) -> tuple[npt.NDArray[np.float64], npt.NDArray[Any]]:
        """从CTR数据中提取特征: X of shape (rows, 36), columns FEATURE_NAMES, and the labels.

        The first 12 columns are the logistic regression's. Each row's click rates count strictly earlier records only.
        No records: two empty arrays. RecordError (a ValueError) for a record that cannot be used, in Chinese, as the
        testbed's page shows it.
        """
        if _is_empty(ctr_data):
            return np.array([]), np.array([])
        try:
            log = ClickLog(ctr_data)
            features = training.extract_features(log)
            id_names.remember(log.records)
            return features, log.clicked
        except RecordError as error:
            raise RecordError(chinese(error)) from None

    # --- training ---

    def train(self, ctr_data: Records) -> dict[str, Any]:
        """训练CTR模型: the testbed's result dict; on a problem one with the key `error`, and the old model stands.

        From nothing; but in the testbed's online training, on a log that begins with the records of the present model
        (known by their contents), from its weights, on what is new.
        """
        try:
            if _is_empty(ctr_data):
                return self._empty_metrics("没有CTR数据用于训练")
            log = ClickLog(ctr_data)
            quality = evaluation.data_quality(log)
            problem = evaluation.too_little(quality, self.MIN_SAMPLES)
            if problem is not None:
                return self._empty_metrics(problem.zh)
            with self._training:
                return self._fit(log, quality)
        except Exception as error:
            return self._empty_metrics(f"训练失败: {chinese(error)}")

    def _fit(self, log: ClickLog, quality: evaluation.DataQuality) -> dict[str, Any]:
        before, growth = self._trained, self._growth(log)
        if before is not None and growth is not None:
            trained = training.train_further(before, growth, log)
        else:
            train, test = evaluation.split(log.clicked)
            if log.clicked[train].sum() < 1 or log.clicked[test].sum() < 1:
                return self._empty_metrics("训练集或测试集缺少点击样本")
            classifier = ImpressionClassifier(**self._parameters())
            trained = training.train(classifier, log, train, test)
        unsaved = self._save_own(trained)
        self._trained = trained
        return {
            "success": True,
            **unsaved,
            **{name: value for name, value in trained.metrics.items() if name != "training_samples"},
            **self._importances(trained.classifier),
            "data_quality": quality.as_dict(),
        }

    def _parameters(self) -> dict[str, Any]:
        """The classifier's. Of the defaults those that the model reads."""
        defaults = read_by(self.architecture, self._DEFAULTS)
        return {"model": self.architecture, **defaults, "part": self.part, **self.parameters}

    def _growth(self, log: ClickLog) -> Optional[Growth]:
        """In online training: what the log has beyond the present model's, None where there is no going on from it."""
        trained = self._trained
        if not is_online() or trained is None:
            return None
        classifier = trained.classifier  # another's, perhaps, that was loaded
        ours = (classifier.model, classifier.part) == (self.architecture, self.part)
        ours = ours and classifier.n_features_in_ == len(FEATURE_NAMES)
        growth = trained.log.growth(log) if trained.log is not None and ours else None
        if growth is None:
            say("在线学习: 记录与现有模型训练时的不同（已清空或已修改），从头训练")
        else:
            say(f"在线学习: 从现有权重继续训练，新增 {growth.new} 条记录，补记 {len(growth.late_clicks)} 次点击")
        return growth

    def _importances(self, classifier: ImpressionClassifier) -> dict[str, Any]:
        # The logistic regression's names first, in its order; then what it has no feature of: query, document, words.
        measured = {**dict.fromkeys(LR_FEATURE_NAMES, 0.0), **classifier.info_["importances"]}
        return {"feature_weights": {name: float(value) for name, value in measured.items()}}

    def _empty_metrics(self, error_msg: str) -> dict[str, Any]:
        return {**evaluation.empty_metrics(error_msg), "feature_weights": {}, "data_quality": {}}

    # --- prediction ---

    def predict_ctr(self, query: str, doc_id: str, position: int, score: float, summary: str) -> float:
        """预测CTR分数: a probability in [0, 1]. The score itself where there is no model, or on wrong input, with a
        message, or 0 where that is no finite number either; never raises."""
        trained = self._trained
        if trained is None:
            return _sortable(score)
        try:
            if type(position) is not int or type(score) is not float or type(doc_id) is not str:
                return self._predict_unusual(trained, query, doc_id, position, score, summary)
            if not (0 <= position <= _FARTHEST and -_INFINITY < score < _INFINITY):
                raise ValueError(f"位置应不小于 0、分数应为有限的数值，实际是 {position} 和 {score}")
            return trained.predict(words(query), doc_id.encode("utf-8", "replace"), position, score, words(summary))
        except Exception as error:
            say(f"{self._kind}预测失败: {chinese(error)}")
            return _sortable(score)

    @staticmethod
    def _predict_unusual(
        trained: TrainedModel, query: str, doc_id: Any, position: Any, score: Any, summary: str
    ) -> float:
        """The same for numbers of other types (NumPy's, say) and whole numbers as ids, checked as records are."""
        log = ClickLog([{"doc_id": doc_id, "position": position, "score": score}])
        document = log.doc_id[0].encode("utf-8")
        return trained.predict(words(query), document, int(log.position[0]), float(log.score[0]), words(summary))

    def explain(self, query: str, doc_id: str, position: int, score: float, summary: str) -> Explanation:
        """解释 predict_ctr 的结果: the terms of its logit. RuntimeError before training, ValueError on wrong input."""
        trained = self._trained
        if trained is None:
            raise RuntimeError(files.NOTHING_TO_EXPLAIN)
        return explain_impression(trained.native, query, doc_id, position, score, summary)

    # --- files ---

    def save_model(self, filepath: Optional[FilePath] = None) -> Any:
        """保存模型 to one file, the path itself; without one to the slot's own. Nothing to do where nothing is trained.
        OSError if it cannot be written, as in the testbed; the old file then stands."""
        trained = self._trained
        if trained is not None:
            self._save(trained, self._default_path if filepath is None else filepath)

    def _save_own(self, trained: TrainedModel) -> dict[str, str]:
        """To the slot's own path. Where that cannot be written the model stays in memory, and `warning` says so."""
        try:
            self._save(trained, self._default_path)
        except (OSError, MemoryError) as error:
            why = reason(error).zh if isinstance(error, OSError) else chinese(error)
            warning = f"模型已训练完成、可以使用，但没有保存，只在内存中: {why}"
            say(warning)
            return {"warning": warning}
        return {}

    def _save(self, trained: TrainedModel, filepath: FilePath) -> None:
        try:
            backup = model_files.save(trained.native, filepath)
        except (OSError, ValueError) as error:
            why = reason(error).zh if isinstance(error, OSError) else chinese(error)
            message = f"无法保存模型到 {filepath}: {why}"
            number = getattr(error, "errno", None)
            raise (OSError(number, message, filepath) if number else OSError(message)) from error
        if backup is not None:
            say(f"{filepath} 原有文件不是本模型的文件，已备份到 {backup}")
        say(f"CTR模型已保存到 {filepath}")

    def load_model(self, filepath: Optional[FilePath] = None) -> bool:
        """加载模型: True if it was read. Where there is no file, or one that is no model of ours (a pickle of the
        logistic regression, say: never unpickled) without a backup of ours beside it, or a damaged or newer one: False,
        and the present model stands."""
        path = self._default_path if filepath is None else filepath
        if not os.path.exists(path):
            return False
        foreign = os.path.isfile(path) and not model_files.is_ours(path)
        backup = model_files.last_backup(path, ours=True) if foreign else None
        if backup is not None:
            say(f"{path} 不是本项目的模型文件，保持原样；改读其备份 {backup}")
            path, foreign = backup, False
        try:
            with about(path):
                self._trained = training.load(path)
        except Exception as error:
            first = "不是本项目的模型文件（可能是逻辑回归的 pickle），未读取其内容，文件保持原样: " if foreign else ""
            say(f"加载{self._kind}模型失败: {path} {first}{chinese(error)}")
            return False
        say(f"CTR模型已从 {path} 加载")
        return True

    def reset(self) -> None:
        """重置模型"""
        self._trained = None
        say("CTR模型已重置")


class WideAndDeepCTRModel(CTRModel):
    """The testbed's second slot (training_tab.ctr_wide_deep_model.WideAndDeepCTRModel), without TensorFlow."""

    _default_path: ClassVar[str] = model_files.SECOND_SLOT

    @property
    def _kind(self) -> str:  # type: ignore[override]
        return title(self.architecture)

    def _importances(self, classifier: ImpressionClassifier) -> dict[str, Any]:
        measured = classifier.info_["importances"]
        importance = {name: float(value) for name, value in measured.items()}
        return {**super()._importances(classifier), "model_type": classifier.model, "feature_importance": importance}

    def _empty_metrics(self, error_msg: str) -> dict[str, Any]:
        empty = super()._empty_metrics(error_msg)
        return {**empty, "accuracy": 0.0, "model_type": self.architecture, "feature_importance": {}}

    def predict_ctr(
        self, query: str, doc_id: str, position: int, score: float, summary: str, current_timestamp: Any = None
    ) -> float:
        """As CTRModel's. The time of the impression is no feature, so `current_timestamp` is not looked at."""
        return super().predict_ctr(query, doc_id, position, score, summary)

    def save_model(self, model_path: Optional[FilePath] = None) -> bool:
        """保存模型: False, with a message, where nothing is trained or the file cannot be written."""
        try:
            super().save_model(model_path)
        except OSError as error:
            say(f"保存{self._kind}模型失败: {chinese(error)}")
            return False
        return self.is_trained

    def load_model(self, model_path: Optional[FilePath] = None) -> bool:
        return super().load_model(model_path)


def _is_empty(records: Any) -> bool:
    """Also of an array or a DataFrame, which have no truth value."""
    try:
        return len(records) == 0
    except TypeError:
        return records is None


def _sortable(score: Any) -> Any:
    """What the testbed can rank by: the score itself, if it is a finite number."""
    try:
        return score if isinstance(score, Real) and math.isfinite(score) else 0.0
    except OverflowError:  # a whole number beyond any double
        return 0.0
