"""WideDeepClassifier: Wide & Deep alone, with the arguments that it has had from the first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Optional

from .classifier import CTRClassifier


class WideDeepClassifier(CTRClassifier):
    """Wide & Deep (Cheng et al., 2016) for two classes, from mixed columns: numbers, categories, lists of categories.

    A sparse linear part over categories, binned numbers and crosses, and a deep part over embeddings, trained together
    on one log loss. Unknown categories and missing values (None, NaN, NA) are fine at any time. Not for sparse X.

    Every argument that is None takes the library's default; `info_["options"]` says after fit what that was.

    Parameters
    ----------
    categorical_features : "auto" or a list of column names, indices, or a boolean mask
        Columns of numbers to take as categories (ids, codes). Columns of text, booleans and pandas categories always
        are, columns of lists are multi-valued categories; "auto" adds none to these.
    crosses : "auto", or a sequence of tuples of two or more column names or indices
        Combinations to be memorised by the wide part. Numeric members take part by their bin. "auto" tries the pairs of
        up to 50 columns by their gain on rows not seen and keeps those few that pay; `crosses_` says which. () is none.
    embedding_dim : int ≥ 1, or None for a size by each feature's vocabulary
    hidden_units : tuple of int, the widths of the deep part's layers
    dropout : float in [0, 1)
    wide_optimizer, deep_optimizer : "ftrl", "adagrad" or "adam"
    wide_learning_rate, deep_learning_rate : float > 0
    l1, l2 : float ≥ 0, penalties of the wide part; l2 is 1 / C of scikit-learn's LogisticRegression
    batch_size, epochs : int ≥ 1
    early_stopping : bool
        Hold `validation_fraction` of the rows out, stop after `patience` epochs without a better log loss there, and
        keep the best epoch's weights.
    patience : int ≥ 1
    refit : bool
        After that, train on all rows for the best number of epochs: all models of the ensemble but the first, or where
        that is the only one, that.
    members : int ≥ 1
        So many models, from different seeds, answer together by the mean of their logits: better and better calibrated,
        for so many times the training and prediction.
    validation_fraction : float in (0, 1)
    numeric_bins : int from 1 to 1024
        A number's quantile bins, at most, in the deep part's piecewise-linear encoding. 1: one input, the number scaled
        to 0..1 between its least and its greatest value.
    min_count : int ≥ 1
        A category seen less often shares the embedding of unknown ones. The wide part has a weight for each.
    class_weight : dict of label to weight, "balanced", or None
        Weights make the probabilities those of the weighted data, no longer click rates.
    warm_start : bool
        fit continues from the present weights, with new categories added; what the model is made of (columns, part,
        crosses, layer sizes) stays that of the first fit.
    n_jobs : int or None; None and -1 are all processors that this process may use. The answer does not depend on it.
    random_state : int, RandomState or None. The same int, the same bits.
    verbose : "auto" or int
        0: silent; 1: a progress bar; 2: a line an epoch; "auto": a bar where stderr is a terminal.
    part : "wide_deep", or "wide" or "deep" for one part alone

    Attributes
    ----------
    classes_ : array of the two labels; probabilities' columns are in this order
    n_features_in_, feature_names_in_ : as in scikit-learn; the names where X had string names
    training_history_ : list of dicts, one an epoch, as `pandas.DataFrame` takes them: epoch, train_log_loss, train_auc,
        validation_log_loss, validation_auc, validation_calibration, seconds, rows_per_second
    feature_importances_ : array (n_features_in_,), by how much the log loss on held-out rows grows when a column's
        values are shuffled; a feature of several columns shares it evenly
    crosses_ : list of (tuple of column names, gain) of the crosses that "auto" found, the best first: by how many nats
        a row each lowers the log loss on rows not seen, beyond what stands before it
    info_ : dict, the whole of what the library tells of the model
    """

    model = "wide_deep"
    cross_layers = None

    def __init__(
        self,
        *,
        categorical_features: Any = "auto",
        crosses: Any = "auto",
        embedding_dim: Optional[int] = None,
        hidden_units: Sequence[int] = (128, 64, 32),
        dropout: Optional[float] = None,
        wide_optimizer: Optional[str] = None,
        deep_optimizer: Optional[str] = None,
        wide_learning_rate: Optional[float] = None,
        deep_learning_rate: Optional[float] = None,
        l1: Optional[float] = None,
        l2: Optional[float] = None,
        batch_size: Optional[int] = None,
        epochs: Optional[int] = None,
        early_stopping: bool = True,
        patience: Optional[int] = None,
        refit: bool = True,
        validation_fraction: Optional[float] = None,
        min_count: Optional[int] = None,
        numeric_bins: Optional[int] = None,
        members: Optional[int] = None,
        class_weight: Any = None,
        warm_start: bool = False,
        n_jobs: Optional[int] = None,
        random_state: Any = None,
        verbose: Any = "auto",
        part: str = "wide_deep",
    ) -> None:
        # Each under its own name, as scikit-learn has it.
        self.__dict__.update({name: value for name, value in locals().items() if name != "self"})
