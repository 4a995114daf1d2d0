"""What the views show; imports numpy, so it is imported when needed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from petstudio.api import EvaluatedImages, ViewColumn, ViewData, ViewForm, ViewRow
from petstudio.api.language import tr

if TYPE_CHECKING:
    from . import ConfidenceOptions, RareOptions


def rare_classes(options: RareOptions, images: EvaluatedImages) -> ViewData:
    """Return a row for each class: what it was trained with, and how much of it is found again."""
    right = images.probabilities.argmax(axis=1) == images.targets
    rows = []
    for place in np.argsort(images.train_counts, kind="stable").tolist():
        here = images.targets == place
        count, found = int(here.sum()), int((here & right).sum())
        if not count and options.only_evaluated:
            continue
        recall = found / count if count else None
        values = (int(images.train_counts[place]), count, found, recall)
        keys = _worst_first(images, here)
        rows.append(ViewRow(label=images.classes[place], values=values, keys=keys))
    return ViewData(
        heading=tr("Class"),
        columns=(
            ViewColumn(label=tr("Trained with")),
            ViewColumn(label=tr("Evaluated")),
            ViewColumn(label=tr("Right")),
            ViewColumn(label=tr("Recall"), as_percent=True),
        ),
        rows=tuple(rows),
        note=tr(
            "Low recall at the top of the table: more pictures of those classes would help most."
        ),
    )


def confidence(options: ConfidenceOptions, images: EvaluatedImages) -> ViewData:
    """Return a bar for each span of probability: right answers below, wrong ones on top."""
    surest = images.probabilities.max(axis=1)
    right = images.probabilities.argmax(axis=1) == images.targets
    places = np.minimum((surest * options.bars).astype(np.int64), options.bars - 1)
    rows = []
    for bar in range(int(places.min()), options.bars):
        here = places == bar
        low, high = (round(100 * edge / options.bars) for edge in (bar, bar + 1))
        values = (int((here & right).sum()), int((here & ~right).sum()))
        keys = _worst_first(images, here)
        rows.append(
            ViewRow(label=tr("{low} to {high} %", low=low, high=high), values=values, keys=keys)
        )
    return ViewData(
        heading=tr("Probability"),
        columns=(ViewColumn(label=tr("Right")), ViewColumn(label=tr("Wrong"))),
        rows=tuple(rows),
        form=ViewForm.BARS,
        note=tr(
            "Wrong answers at the right end are sure and wrong: often their label is the mistake."
        ),
    )


def _worst_first(images: EvaluatedImages, here: NDArray[np.bool_]) -> tuple[int, ...]:
    order = np.argsort(-images.losses[here], kind="stable")
    return tuple(images.keys[here][order].tolist())
