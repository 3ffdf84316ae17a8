"""The testbed's two model classes over the Swift library's Wide & Deep model.

`CTRModel` stands in the logistic regression's slot, `WideAndDeepCTRModel` in that of the TensorFlow model: the same
methods, checks, result keys and messages. Training puts a new model together aside and sets it in place in one
assignment, so that predictions made meanwhile, in other threads, are all of one whole model; where training fails, the
model there was stands.
"""

from __future__ import annotations

import json
import math
import os
import threading
from collections.abc import Mapping, Sequence
from numbers import Real
from typing import Any, Callable, ClassVar, NamedTuple, Optional

import numpy as np
import numpy.typing as npt

from ..estimator.explanation import Explanation
from ..messages import chinese, files, reason
from ..messages.terminal import say
from ..native.errors import about
from ..native.model import FilePath, ModelFileError, NativeModel
from . import evaluation, id_names, incremental, model_files
from .evaluation import Rows
from .explanation import explain_impression
from .impressions import FEATURE_NAMES, LR_FEATURE_NAMES, SCALED, ImpressionClassifier, ImpressionScaler
from .online import is_online
from .records import ClickLog, RecordError
from .words import words

__all__ = ["FEATURE_NAMES", "CTRModel", "ImpressionClassifier", "ImpressionScaler", "WideAndDeepCTRModel"]

Records = Sequence[Mapping[str, Any]]
_FARTHEST = 2**53
_INFINITY = float("inf")

_extractor: Optional[NativeModel] = None


class _Trained(NamedTuple):
    """A trained model, whole: what one assignment replaces."""

    classifier: ImpressionClassifier
    scaler: ImpressionScaler
    # The classifier's model at that time: who refits the classifier (the testbed's evaluation may) leaves this alone.
    native: NativeModel
    predict: Callable[..., float]
    metrics: dict[str, Any]
    log: Optional[incremental.KnownLog]


class CTRModel:
    """The logistic regression's slot of the testbed (training_tab.ctr_model.CTRModel), by Wide & Deep.

    `model` is the inner scikit-learn classifier and `scaler` what its features are standardised by, both None before
    training; `vectorizer` is always None, as in the testbed.
    """

    MIN_SAMPLES = 10
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
    _kind: ClassVar[str] = "CTR"

    def __init__(self) -> None:
        self._trained: Optional[_Trained] = None
        self._training = threading.Lock()

    @property
    def is_trained(self) -> bool:
        return self._trained is not None

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
            self._trained = _Trained(classifier, scaler, native, native.impression_predictor(), metrics, log)

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
            features = _features(log.table())
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
                return self._train(log, quality)
        except Exception as error:
            return self._empty_metrics(f"训练失败: {chinese(error)}")

    def _train(self, log: ClickLog, quality: evaluation.DataQuality) -> dict[str, Any]:
        before = self._trained
        further = self._further(log)
        if before is not None and further is not None:
            made = self._trained_further(before, further, log)
        else:
            labels = log.clicked
            train_rows, test_rows = evaluation.split(labels)
            if labels[train_rows].sum() < 1 or labels[test_rows].sum() < 1:
                return self._empty_metrics("训练集或测试集缺少点击样本")
            made = self._trained_anew(train_rows, test_rows, log)
        trained, metrics = made
        unsaved = self._save_own(trained)
        self._trained = trained
        return {
            "success": True,
            **unsaved,
            **metrics,
            **self._importances(trained.classifier),
            "data_quality": quality.as_dict(),
        }

    def _trained_anew(self, train_rows: Rows, test_rows: Rows, log: ClickLog) -> tuple[_Trained, dict[str, Any]]:
        table, labels = log.table(), log.clicked
        features = _features(table)
        scaler = ImpressionScaler().fit(features)
        scaled = scaler.transform(features)
        del features  # of a million records 300 MB
        classifier = ImpressionClassifier(**{**self._DEFAULTS, "part": self.part, **self.parameters})
        classifier.fit(scaled[train_rows], labels[train_rows])
        classifier._native.set_history(table, scaler.mean_, scaler.scale_)
        probabilities = classifier.predict_proba(scaled)[:, 1]
        metrics = evaluation.metrics(
            labels, probabilities, classifier.threshold_, train_rows, test_rows, len(train_rows)
        )
        held_out = np.zeros(len(labels), dtype=bool)
        held_out[test_rows] = True
        return _whole(classifier, scaler, metrics, incremental.KnownLog.of(log, held_out)), metrics

    def _trained_further(
        self, before: _Trained, further: incremental.Further, log: ClickLog
    ) -> tuple[_Trained, dict[str, Any]]:
        labels, lesson = log.clicked, incremental.lesson(further)
        # Other rows than these are not looked at. (Only the click rates so far need all; they are no features of it.)
        looked_at = further.held_out.copy()
        looked_at[lesson.rows] = True
        needed = np.flatnonzero(looked_at)
        table = log.part(needed).table()
        scaled = before.scaler.transform(_features(table))
        learnt = scaled[np.searchsorted(needed, lesson.rows)]
        classifier = incremental.learn(before.classifier, before.native, learnt, labels[lesson.rows], lesson)
        if len(further.clicks):
            classifier._native.set_history(log.table(words=False), before.scaler.mean_, before.scaler.scale_)
        elif further.new:
            classifier._native.extend_history(log.part(np.arange(len(log) - further.new, len(log))).table(words=False))
        probabilities = np.zeros(len(labels))
        probabilities[needed] = classifier.predict_proba(scaled)[:, 1]
        test_rows, count = np.flatnonzero(further.held_out), int((~further.held_out).sum())
        metrics = evaluation.metrics(labels, probabilities, classifier.threshold_, lesson.rows, test_rows, count)
        return _whole(classifier, before.scaler, metrics, further.log), metrics

    def _further(self, log: ClickLog) -> Optional[incremental.Further]:
        """In online training: what the log has beyond the present model's, None where there is no going on from it."""
        trained = self._trained
        if not is_online() or trained is None:
            return None
        further = trained.log.further(log) if trained.log is not None and self._is_like(trained.classifier) else None
        if further is None:
            say("在线学习: 记录与现有模型训练时的不同（已清空或已修改），从头训练")
        else:
            say(f"在线学习: 从现有权重继续训练，新增 {further.new} 条记录，补记 {len(further.clicks)} 次点击")
        return further

    def _is_like(self, classifier: ImpressionClassifier) -> bool:
        """Whether the classifier is of this class's own making."""
        return classifier.part == self.part and classifier.n_features_in_ == len(FEATURE_NAMES)

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
    def _predict_unusual(trained: _Trained, query: str, doc_id: Any, position: Any, score: Any, summary: str) -> float:
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

    def _save_own(self, trained: _Trained) -> dict[str, str]:
        """To the slot's own path. Where that cannot be written the model stays in memory, and `warning` says so."""
        try:
            self._save(trained, self._default_path)
        except (OSError, MemoryError) as error:
            why = reason(error).zh if isinstance(error, OSError) else chinese(error)
            warning = f"模型已训练完成、可以使用，但没有保存，只在内存中: {why}"
            say(warning)
            return {"warning": warning}
        return {}

    def _save(self, trained: _Trained, filepath: FilePath) -> None:
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
        kept = None if model_files.is_ours(path) or not os.path.isfile(path) else model_files.kept(path, ours=True)
        if kept is not None:
            say(f"{path} 不是 Wide & Deep 模型文件，保持原样；改读其备份 {kept}")
            path = kept
        try:
            with about(path):
                self._trained = _read(path)
        except Exception as error:
            foreign = os.path.isfile(path) and not model_files.is_ours(path)
            first = (
                "不是 Wide & Deep 模型文件（可能是逻辑回归的 pickle），未读取其内容，文件保持原样: " if foreign else ""
            )
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
    _kind: ClassVar[str] = "Wide & Deep"

    def _importances(self, classifier: ImpressionClassifier) -> dict[str, Any]:
        measured = classifier.info_["importances"]
        importance = {name: float(value) for name, value in measured.items()}
        return {**super()._importances(classifier), "model_type": "wide_deep", "feature_importance": importance}

    def _empty_metrics(self, error_msg: str) -> dict[str, Any]:
        empty = super()._empty_metrics(error_msg)
        return {**empty, "accuracy": 0.0, "model_type": "wide_deep", "feature_importance": {}}

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
            say(f"保存Wide & Deep模型失败: {chinese(error)}")
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


def _features(table: Any) -> npt.NDArray[np.float64]:
    global _extractor
    if _extractor is None:
        _extractor = NativeModel()
    return _extractor.extract_features(table)


def _whole(
    classifier: ImpressionClassifier, scaler: ImpressionScaler, metrics: dict[str, Any], log: incremental.KnownLog
) -> _Trained:
    metrics = {**metrics, "training_samples": metrics["train_samples"]}
    classifier._native.set_metadata(json.dumps({"metrics": metrics, "log": log.to_json()}))
    return _restored(classifier, scaler, metrics, log)


def _restored(
    classifier: ImpressionClassifier, scaler: ImpressionScaler, metrics: Any, log: Optional[incremental.KnownLog]
) -> _Trained:
    # The testbed's fairness analysis is handed the inner model and looks for its scaler.
    classifier.scaler = scaler
    native = classifier._native
    known = metrics if isinstance(metrics, dict) else {}
    return _Trained(classifier, scaler, native, native.impression_predictor(), known, log)


def _read(path: FilePath) -> _Trained:
    native = NativeModel.load(path)
    info = native.info()
    impressions = info.get("impressions")
    if not info["trained"] or not impressions or len(impressions["mean"]) != SCALED:
        raise ModelFileError(files.NOT_OF_A_LOG)
    classifier = ImpressionClassifier._of_native(native)
    scaler = ImpressionScaler()._set(impressions["mean"], impressions["scale"])
    notes = incremental.notes_of(info["metadata"])
    return _restored(classifier, scaler, notes.get("metrics"), incremental.KnownLog.from_json(notes.get("log")))
