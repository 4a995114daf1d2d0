"""Precision, recall and F1 of every class, counted from the confusion."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, kw_only=True)
class ClassScore:
    """How well one class is told from the others.

    Precision is 0 where the class was never predicted, recall where it has no pictures.

    Attributes:
        place: of the class in the class list.
        support: how many pictures of this class there are.
        predicted: how many were taken for it.
        correct: how many of both.
    """

    place: int
    name: str
    support: int
    predicted: int
    correct: int

    @property
    def precision(self) -> float:
        return self.correct / self.predicted if self.predicted else 0.0

    @property
    def recall(self) -> float:
        return self.correct / self.support if self.support else 0.0

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        both = self.support + self.predicted
        return 2 * self.correct / both if both else 0.0


@dataclass(frozen=True, kw_only=True)
class MacroScore:
    """Means over classes, each of which counts the same."""

    precision: float
    recall: float
    f1: float


def class_scores(counts: NDArray[np.int64], classes: Sequence[str]) -> tuple[ClassScore, ...]:
    """Return a score for each class, in their order; rows of `counts` are actual."""
    support, predicted, correct = counts.sum(axis=1), counts.sum(axis=0), counts.diagonal()
    return tuple(
        ClassScore(
            place=place,
            name=name,
            support=int(support[place]),
            predicted=int(predicted[place]),
            correct=int(correct[place]),
        )
        for place, name in enumerate(classes)
    )


def macro_score(scores: Sequence[ClassScore]) -> MacroScore:
    """Return the means over the classes that have pictures or were predicted, as sklearn does."""
    seen = [score for score in scores if score.support or score.predicted]
    count = max(1, len(seen))
    return MacroScore(
        precision=sum(score.precision for score in seen) / count,
        recall=sum(score.recall for score in seen) / count,
        f1=sum(score.f1 for score in seen) / count,
    )
