"""The tables of a report, as rows of HTML: epochs, confusion, confused pairs, classes."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from petstudio.api.events import ConfusedPair, EpochFinished
from petstudio.api.language import shown_number, tr
from petstudio.engine.analysis.per_class import ClassScore, macro_score
from petstudio.jobs.report_text import escaped

_PAIRS_SHOWN: Final = 20
_LARGEST_GRID: Final = 60  # classes; a larger grid of numbers helps nobody in a document


def epoch_rows(events: Iterable[EpochFinished]) -> str:
    return "".join(
        _row(
            str(event.stage + 1),
            str(event.epoch + 1),
            shown_number(event.train_loss, ".4f"),
            shown_number(event.valid_loss, ".4f"),
            shown_number(event.metrics.get("accuracy", math.nan), ".1%"),
            tr("{seconds:.1f} s", seconds=event.seconds),
        )
        for event in events
    )


def class_rows(scores: Sequence[ClassScore]) -> str:
    """Return a row for each class, and their means."""
    macro = macro_score(scores)
    rows = [
        _row(
            escaped(score.name),
            shown_number(score.support),
            shown_number(score.predicted),
            shown_number(score.correct),
            shown_number(score.precision, ".1%") if score.predicted else "–",
            shown_number(score.recall, ".1%") if score.support else "–",
            shown_number(score.f1, ".1%") if score.support or score.predicted else "–",
        )
        for score in scores
    ]
    means = [shown_number(mean, ".1%") for mean in (macro.precision, macro.recall, macro.f1)]
    return "".join([*rows, _row(escaped(tr("mean of the classes")), "", "", "", *means)])


def pair_rows(pairs: Sequence[ConfusedPair]) -> str:
    if not pairs:
        return f"<tr><td colspan='3'>{escaped(tr('Nothing was confused.'))}</td></tr>"
    return "".join(
        _row(escaped(pair.actual), escaped(pair.predicted), shown_number(pair.count))
        for pair in pairs[:_PAIRS_SHOWN]
    )


def confusion_grid(counts: NDArray[np.int64], classes: Sequence[str]) -> str:
    """Return the whole table; a sentence where there are too many classes for one."""
    if len(classes) > _LARGEST_GRID:
        words = tr("Too many classes for a grid of numbers; the list below has the errors.")
        return f"<p>{escaped(words)}</p>"
    errors = counts - np.diag(counts.diagonal())
    worst = int(errors.max(initial=0))
    head = "".join(f"<th class='turned'><span>{escaped(name)}</span></th>" for name in classes)
    rows = [
        f"<tr><th>{escaped(name)}</th>{_grid_row(index, counts[index].tolist(), worst)}</tr>"
        for index, name in enumerate(classes)
    ]
    return f"<table class='grid'><tr><th></th>{head}</tr>{''.join(rows)}</table>"


def _grid_row(index: int, row: Sequence[int], worst: int) -> str:
    total = sum(row)
    return "".join(
        _cell(value, "right" if column == index else "wrong", total if column == index else worst)
        for column, value in enumerate(row)
    )


def _cell(value: int, kind: str, most: int) -> str:
    if not value:
        return "<td></td>"
    # Shades as the confusion grid of the window has them, so that a single error shows.
    share = value / max(most, 1)
    shade = 0.25 + 0.55 * share if kind == "right" else 0.18 + 0.82 * share**0.6
    return f"<td class='{kind}' style='--shade:{shade:.2f}'>{value}</td>"


def _row(*cells: str) -> str:
    return f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"
