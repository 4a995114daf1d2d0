"""Whether a probability means what it says, and the one number that mends most of it.

Temperature scaling and the expected calibration error are those of Guo, Pleiss, Sun and
Weinberger, "On Calibration of Modern Neural Networks", 2017.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from petstudio.engine.predictions import SMALLEST_PROBABILITY, Predictions

BINS: Final = 15  # as in the paper
COLDEST: Final = 0.1
HOTTEST: Final = 10.0
_STEPS: Final = 60  # many more than are needed
_PRECISE_ENOUGH: Final = 1e-6
_ROWS: Final = 4096  # at a time, so that 1,000 classes do not fill the memory


@dataclass(frozen=True, kw_only=True)
class Reliability:
    """Pictures by their highest probability, in bins of the same width from 0 to 1.

    Attributes:
        images: int64 (bins,), how many are in each; a bin is open below and closed above.
        confidence: float64 (bins,), their mean highest probability; 0 in an empty bin.
        accuracy: float64 (bins,), how many of them are right; 0 in an empty bin.
    """

    images: NDArray[np.int64]
    confidence: NDArray[np.float64]
    accuracy: NDArray[np.float64]

    @property
    def expected_error(self) -> float:
        """The expected calibration error: the mean gap over all pictures; 0 without any."""
        gaps = np.abs(self.accuracy - self.confidence)
        return float((self.images * gaps).sum() / max(1, self.images.sum()))


def reliability(predictions: Predictions, bins: int = BINS) -> Reliability:
    """Return how often pictures of each confidence are right."""
    confidences = predictions.probabilities.max(axis=1, initial=0.0).astype(np.float64)
    right = predictions.predicted == predictions.targets
    places = np.clip(np.ceil(confidences * bins).astype(np.int64) - 1, 0, bins - 1)
    images = np.bincount(places, minlength=bins)
    filled = np.maximum(images, 1)
    return Reliability(
        images=images,
        confidence=np.bincount(places, weights=confidences, minlength=bins) / filled,
        accuracy=np.bincount(places, weights=right, minlength=bins) / filled,
    )


def tempered(predictions: Predictions, temperature: float) -> Predictions:
    """Return the predictions as they are with a temperature; 1 leaves them as they are.

    The logarithms of the stored probabilities are the logits up to a constant for each picture,
    which the softmax takes away.
    """
    if temperature == 1.0:
        return predictions
    probabilities = np.empty_like(predictions.probabilities)
    for rows in _blocks(len(predictions)):
        scores = _scores(predictions.probabilities[rows]) / temperature
        probabilities[rows] = _softmax(scores)
    own = probabilities[np.arange(len(predictions)), predictions.targets]
    return Predictions(
        keys=predictions.keys,
        targets=predictions.targets,
        probabilities=probabilities,
        losses=-np.log(np.maximum(own, SMALLEST_PROBABILITY)),
    )


def fit_temperature(predictions: Predictions) -> float:
    """Return the temperature with the lowest mean loss, from `COLDEST` to `HOTTEST`.

    It is 1 when nothing is wrong or nothing is right, as the best one would lie at the border.
    """
    if predictions.correct in (0, len(predictions)):
        return 1.0
    # In 1/T the loss is convex, so its slope rises and has one root. Newton's steps find it; one
    # that would leave the bracket is replaced by halving.
    low, high, sharpness = 1 / HOTTEST, 1 / COLDEST, 1.0
    for _ in range(_STEPS):
        slope, bend = _slope(predictions, sharpness)
        low, high = (low, sharpness) if slope > 0 else (sharpness, high)
        step = sharpness - slope / bend if bend > 0 else low
        following = step if low < step < high else (low + high) / 2
        if abs(following - sharpness) < _PRECISE_ENOUGH * sharpness:
            break
        sharpness = following
    return float(1 / sharpness)


def _slope(predictions: Predictions, sharpness: float) -> tuple[float, float]:
    """Return the first and second derivative of the mean loss by 1/T."""
    slope = bend = 0.0
    for rows in _blocks(len(predictions)):
        scores = _scores(predictions.probabilities[rows])
        shares = _softmax(scores * sharpness)
        mean = (shares * scores).sum(axis=1)
        own = scores[np.arange(len(scores)), predictions.targets[rows]]
        slope += float((mean - own).sum())
        bend += float(((shares * scores**2).sum(axis=1) - mean**2).sum())
    return slope / len(predictions), bend / len(predictions)


def _scores(probabilities: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return logits whose highest is 0 in each row."""
    scores = np.log(np.maximum(probabilities, SMALLEST_PROBABILITY), dtype=np.float64)
    return np.asarray(scores - scores.max(axis=1, keepdims=True, initial=-np.inf))


def _softmax(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return shares; the highest score of each row must be 0."""
    powers = np.exp(scores)
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))


def _blocks(count: int) -> list[slice]:
    return [slice(start, start + _ROWS) for start in range(0, count, _ROWS)]
