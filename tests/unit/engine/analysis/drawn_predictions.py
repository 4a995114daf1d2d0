"""Predictions as hypothesis draws them: any size, with ties, as a network may leave them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from hypothesis import strategies
from hypothesis.strategies import DrawFn, SearchStrategy

from petstudio.engine.predictions import SMALLEST_PROBABILITY, Predictions


def predictions_of(
    targets: Sequence[int], rows: Sequence[Sequence[float]], first_key: int = 100
) -> Predictions:
    """Return predictions with keys that are no places, so that the two cannot be mixed up."""
    probabilities = np.array(rows, dtype=np.float32)
    own = probabilities[np.arange(len(targets)), list(targets)]
    return Predictions(
        keys=np.arange(first_key, first_key + len(targets), dtype=np.int64),
        targets=np.array(targets, dtype=np.int64),
        probabilities=probabilities,
        losses=-np.log(np.maximum(own, SMALLEST_PROBABILITY)),
    )


def drawn(smallest: int = 0, largest: int = 40) -> SearchStrategy[Predictions]:
    """Return a strategy; probabilities are of few values, so that many are equal."""

    @strategies.composite
    def draw_one(draw: DrawFn) -> Predictions:
        count = draw(strategies.integers(smallest, largest))
        classes = draw(strategies.integers(1, 6))
        source = np.random.default_rng(draw(strategies.integers(0, 2**32)))
        parts = source.integers(0, 4, (count, classes)) + 1e-3
        targets = source.integers(0, classes, count)
        shares = parts / parts.sum(axis=1, keepdims=True)
        return predictions_of(targets.tolist(), shares.reshape(count, classes))

    return draw_one()


NOTHING = Predictions(
    keys=np.zeros(0, dtype=np.int64),
    targets=np.zeros(0, dtype=np.int64),
    probabilities=np.zeros((0, 3), dtype=np.float32),
    losses=np.zeros(0, dtype=np.float32),
)
