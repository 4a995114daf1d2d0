"""Accuracy, error rate and top-k accuracy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from petstudio.api import Metric, NoOptions, hookimpl, integer

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

PETSTUDIO_API = (1, 0)


@dataclass(frozen=True, kw_only=True)
class TopKOptions:
    k: int = integer(5, minimum=1, maximum=100, label="Guesses", help="Right if among the first k.")


@hookimpl
def petstudio_metrics() -> list[Metric[Any]]:
    return [
        Metric(
            key="accuracy",
            label="Accuracy",
            summary="The share of images whose most probable class is the true one.",
            options=NoOptions,
            compute=accuracy,
        ),
        Metric(
            key="error-rate",
            label="Error rate",
            summary="The share of images whose most probable class is a wrong one.",
            options=NoOptions,
            compute=error_rate,
            higher_is_better=False,
        ),
        Metric(
            key="top-k",
            label="Top-k accuracy",
            summary="The share of images whose true class is among the k most probable ones.",
            options=TopKOptions,
            compute=top_k,
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
