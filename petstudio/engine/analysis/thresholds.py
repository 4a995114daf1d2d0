"""Saying "not sure": how much is answered, and how often rightly, above each probability."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from petstudio.engine.analysis.accuracy import Accuracy
from petstudio.engine.predictions import Predictions


@dataclass(frozen=True, kw_only=True)
class CoverageCurve:
    """What a threshold does; a picture whose highest probability reaches it is answered.

    Attributes:
        thresholds: float64 (k,), every highest probability that occurs, falling.
        answered: int64 (k,), how many pictures reach the threshold, rising to all of them.
        correct: int64 (k,), how many of these are right.
    """

    thresholds: NDArray[np.float64]
    answered: NDArray[np.int64]
    correct: NDArray[np.int64]

    @property
    def images(self) -> int:
        return int(self.answered[-1]) if len(self.answered) else 0

    @property
    def coverage(self) -> NDArray[np.float64]:
        """The share that is answered, float64 (k,)."""
        return np.asarray(self.answered / max(1, self.images), dtype=np.float64)

    @property
    def accuracy(self) -> NDArray[np.float64]:
        """The share of the answered that is right, float64 (k,)."""
        return np.asarray(self.correct / self.answered, dtype=np.float64)

    def at(self, threshold: float) -> Accuracy:
        """Return how many reach the threshold and how many of them are right."""
        reach = int(np.searchsorted(-self.thresholds, -threshold, side="right"))
        if not reach:
            return Accuracy(correct=0, images=0)
        return Accuracy(correct=int(self.correct[reach - 1]), images=int(self.answered[reach - 1]))

    def threshold_for(self, accuracy: float) -> float | None:
        """Return the smallest threshold whose answers are right so often; None if none's are.

        It lies midway between two probabilities that occur, so that rounding changes nothing.
        """
        reaching = np.flatnonzero(self.accuracy >= accuracy)
        if not len(reaching):
            return None
        last = int(reaching[-1])
        if last == len(self.thresholds) - 1:
            return 0.0
        return float(self.thresholds[last : last + 2].mean())


def coverage_curve(predictions: Predictions) -> CoverageCurve:
    """Return the curve over all thresholds."""
    confidences = predictions.probabilities.max(axis=1, initial=0.0).astype(np.float64)
    order = np.argsort(-confidences, kind="stable")
    confidences = confidences[order]
    right = np.cumsum((predictions.predicted == predictions.targets)[order], dtype=np.int64)
    # Pictures with the same probability are answered together.
    last = np.flatnonzero(np.append(np.diff(confidences) != 0, True)[: len(confidences)])
    return CoverageCurve(
        thresholds=confidences[last], answered=(last + 1).astype(np.int64), correct=right[last]
    )
