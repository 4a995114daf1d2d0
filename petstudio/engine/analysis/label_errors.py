"""Labels that are likely wrong, by confident learning.

Northcutt, Jiang and Chuang, "Confident Learning: Estimating Uncertainty in Dataset Labels", 2021:
a picture of class i is counted for class j if its probability for j reaches what pictures of
class j have on average. Those that are counted off the diagonal are the likely errors.
The probabilities must come from a model that did not learn these labels.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from petstudio.engine.predictions import Predictions


@dataclass(frozen=True, kw_only=True)
class LabelError:
    """A picture whose label is likely wrong.

    Attributes:
        key: of the picture.
        actual: the class of its label.
        suggested: the class that it is counted for.
        margin: probability of the label less the highest other one, from -1 (worst) to 0.
    """

    key: int
    actual: int
    suggested: int
    margin: float


def likely_label_errors(predictions: Predictions) -> tuple[LabelError, ...]:
    """Return the likely errors, worst first; ties in the order of the pictures."""
    if not len(predictions):
        return ()
    suggested = _counted_for(predictions)
    is_suspect = (suggested >= 0) & (suggested != predictions.targets)
    # A label that the model itself would give is no error, however low its probability.
    suspects = np.flatnonzero(is_suspect & (predictions.predicted != predictions.targets))
    margins = _margins(predictions)
    return tuple(
        LabelError(
            key=int(predictions.keys[i]),
            actual=int(predictions.targets[i]),
            suggested=int(suggested[i]),
            margin=float(margins[i]),
        )
        for i in suspects[np.argsort(margins[suspects], kind="stable")]
    )


def _counted_for(predictions: Predictions) -> NDArray[np.int64]:
    """Return the class whose threshold each picture reaches, int64 (n,); -1 if there is none."""
    reached = np.where(
        predictions.probabilities >= _thresholds(predictions), predictions.probabilities, -1.0
    )
    best = reached.argmax(axis=1)
    return np.where(reached[np.arange(len(best)), best] >= 0, best, -1)


def _thresholds(predictions: Predictions) -> NDArray[np.float32]:
    """Return each class's mean probability over its own pictures; out of reach without any."""
    own = predictions.probabilities[np.arange(len(predictions)), predictions.targets]
    classes = predictions.probabilities.shape[1]
    counts = np.bincount(predictions.targets, minlength=classes)
    sums = np.bincount(predictions.targets, weights=own, minlength=classes)
    return np.where(counts > 0, sums / np.maximum(counts, 1), np.inf).astype(np.float32)


def _margins(predictions: Predictions) -> NDArray[np.float32]:
    rows = np.arange(len(predictions))
    others = predictions.probabilities.copy()
    others[rows, predictions.targets] = 0.0
    own = predictions.probabilities[rows, predictions.targets]
    return np.asarray(own - others.max(axis=1), dtype=np.float32)
