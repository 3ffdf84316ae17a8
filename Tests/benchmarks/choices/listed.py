"""The choices by key, in the order of the table."""

from __future__ import annotations

from .choice import BOTH_PARTS, NO_BIN_EMBEDDINGS, Choice, Patch

_NETWORK = "Sources/CTRNetwork"
_START = f"{_NETWORK}/Parameters/Parameter+Start.swift"
_ALONE = {"members": 1}

CHOICES = {
    choice.key: choice
    for choice in (
        Choice("ensemble", "three models answer together", "one model", {"members": 1}, for_click_logs=False),
        Choice(
            "refit",
            "once more on all rows",
            "what stopped early, without the validation rows (both one model)",
            {"refit": False},
            base=_ALONE,
        ),
        Choice(
            "early-stopping",
            "early stopping",
            "30 epochs on all rows (both one model)",
            {"early_stopping": False, "epochs": 30},
            base=_ALONE,
        ),
        Choice(
            "averaging",
            "averaged weights",
            "the last step's weights",
            patch=Patch(
                f"{_NETWORK}/Parameters/Averaging.swift",
                "limit = 1 - 1 / max(horizon, 2)",
                "limit = 1e-30",  # 0 would have no logarithm
            ),
        ),
        Choice("crosses", "crosses that were found", "no cross", {"crosses": ()}, for_click_logs=False),
        Choice("parts", "each part its own features", "every feature to both parts", change=BOTH_PARTS),
        Choice("prior", "prior of the wide weights", "l2 = 0", {"l2": 0.0}),
        Choice(
            "frequent",
            "frequent ids left to the deep part",
            "the same prior for every id",
            patch=Patch(
                f"{_NETWORK}/Optimizers/FTRL.swift",
                "doublingFrequency: Float = 20",
                "doublingFrequency: Float = .infinity",
            ),
        ),
        Choice(
            "rare",
            "rare values share an embedding",
            "one for each value (min_count = 1)",
            {"min_count": 1},
        ),
        Choice("width", "embedding width by vocabulary", "8 for each", {"embedding_dim": 8}),
        Choice(
            "penalty",
            "penalty of the embeddings",
            "none",
            patch=Patch(f"{_NETWORK}/Layers/FieldsLayer.swift", "strength: Float = 1\n", "strength: Float = 0\n"),
        ),
        Choice(
            "scale",
            "embeddings begin at 0.3",
            "at 0.01",
            patch=Patch(_START, "embeddingDeviation: Float = 0.3\n", "embeddingDeviation: Float = 0.01\n"),
        ),
        Choice(
            "last-layer",
            "last layer begins at zero",
            "at random (He)",
            patch=Patch(
                _START,
                "case .intercept, .linear, .output, .bias, .crossOutput: return\n        case .embedding:",
                "case .intercept, .linear, .bias, .crossOutput: return\n"
                "        case .output: deviation = (2 / inputs).squareRoot()\n        case .embedding:",
            ),
        ),
        Choice("dropout", "dropout of 0.1", "none", {"dropout": 0.0}),
        Choice(
            "ple",
            "piecewise-linear numbers",
            "one-hot segments",
            patch=Patch(
                "Sources/CVectorLoops/gather_loops.inc",
                "line[column] = column < segment ? 1 : 0;\n"
                "      if (segment >= 0) line[segment] = fractions[f->fraction];\n",
                # The last edge has no segment of its own: it stays told apart from the one before, by no 1 at all.
                "line[column] = 0;\n      if (segment >= 0) line[segment] = fractions[f->fraction] < 1 ? 1 : 0;\n",
            ),
        ),
        Choice("bin-embeddings", "embedded bins where a number has modes", "none", change=NO_BIN_EMBEDDINGS),
    )
}
