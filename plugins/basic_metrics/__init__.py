"""Accuracy, error rate and top-k accuracy; balanced accuracy and F1 for uneven classes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from petstudio.api import Metric, NoOptions, hookimpl, integer
from petstudio.api.language import tr

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

PETSTUDIO_API = (1, 0)


@dataclass(frozen=True, kw_only=True)
class TopKOptions:
    k: int = integer(
        5, minimum=1, maximum=100, label=tr("Guesses"), help=tr("Right if among the first k.")
    )


@hookimpl
def petstudio_metrics() -> list[Metric[Any]]:
    return [
        Metric(
            key="accuracy",
            label=tr("Accuracy"),
            summary=tr("The share of images whose most probable class is the true one."),
            options=NoOptions,
            compute=accuracy,
        ),
        Metric(
            key="error-rate",
            label=tr("Error rate"),
            summary=tr("The share of images whose most probable class is a wrong one."),
            options=NoOptions,
            compute=error_rate,
            higher_is_better=False,
        ),
        Metric(
            key="top-k",
            label=tr("Top-k accuracy"),
            summary=tr("The share of images whose true class is among the k most probable ones."),
            options=TopKOptions,
            compute=top_k,
        ),
        Metric(
            key="balanced-accuracy",
            label=tr("Balanced accuracy"),
            summary=tr("The mean over the classes of the share of their images that is right."),
            options=NoOptions,
            compute=balanced_accuracy,
        ),
        Metric(
            key="macro-f1",
            label=tr("Macro F1"),
            summary=tr("The mean over the classes of the harmonic mean of precision and recall."),
            options=NoOptions,
            compute=macro_f1,
        ),
    ]


def accuracy(
    _options: NoOptions, probabilities: NDArray[np.float32], truth: NDArray[np.int64]
) -> float:
    return float((probabilities.argmax(axis=1) == truth).mean())


def error_rate(
    options: NoOptions, probabilities: NDArray[np.float32], truth: NDArray[np.int64]
) -> float:
    return 1.0 - accuracy(options, probabilities, truth)


def top_k(
    options: TopKOptions, probabilities: NDArray[np.float32], truth: NDArray[np.int64]
) -> float:
    # Stable, so that equal probabilities rank as for `argmax`: the first class wins.
    ranking = (-probabilities).argsort(axis=1, kind="stable")
    return float((ranking[:, : options.k] == truth[:, None]).any(axis=1).mean())


def balanced_accuracy(
    _options: NoOptions, probabilities: NDArray[np.float32], truth: NDArray[np.int64]
) -> float:
    """Classes without an image do not count."""
    right, images, _ = _counts(probabilities, truth)
    return float((right[images > 0] / images[images > 0]).mean())


def macro_f1(
    _options: NoOptions, probabilities: NDArray[np.float32], truth: NDArray[np.int64]
) -> float:
    """Classes that have no image and were never guessed do not count."""
    right, images, guesses = _counts(probabilities, truth)
    there = images + guesses > 0
    return float((2 * right[there] / (images + guesses)[there]).mean())


def _counts(
    probabilities: NDArray[np.float32], truth: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Return for each class its right guesses, its images and all guesses of it."""
    import numpy as np

    guessed, classes = probabilities.argmax(axis=1), probabilities.shape[1]
    right = np.bincount(truth[guessed == truth], minlength=classes)
    images = np.bincount(truth, minlength=classes)
    return right, images, np.bincount(guessed, minlength=classes)
