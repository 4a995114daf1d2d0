"""The columns of the table of runs: what stands in them, and by what they sort."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import IntEnum, auto
from typing import Final, TypeAlias

from petstudio.api.language import tr
from petstudio.bridge.figures import MISSING, duration_text, loss_text, signed_text, size_text
from petstudio.bridge.run_row import RunRow, ShelfSeen

BASELINE: Final = "baseline"


class RunColumn(IntEnum):
    """From left to right; TICK has a box and no text."""

    TICK = 0
    RUN = auto()
    ACCURACY = auto()
    CHANGE = auto()
    LOSS = auto()
    STAGES = auto()
    DATA = auto()
    TIME = auto()
    SIZE = auto()
    WHEN = auto()
    TAGS = auto()
    NOTE = auto()
    METRICS = auto()


_Number: TypeAlias = Callable[[ShelfSeen, RunRow], float]
_Text: TypeAlias = Callable[[ShelfSeen, RunRow], str]


@dataclass(frozen=True, kw_only=True)
class ColumnLook:
    """A column without `number` sorts by its text; `wants` is the widest text to make room for."""

    title: str
    text: _Text
    number: _Number | None = None
    is_figure: bool = False
    is_shown: bool = True
    wants: str = ""


def _change(seen: ShelfSeen, row: RunRow) -> str:
    return BASELINE if row.number == seen.baseline else signed_text(seen.change(row))


def _time(_seen: ShelfSeen, row: RunRow) -> str:
    seconds = row.figures.seconds
    return duration_text(seconds) if math.isfinite(seconds) else MISSING


COLUMNS: Final[Mapping[RunColumn, ColumnLook]] = {
    RunColumn.TICK: ColumnLook(title="", text=lambda _seen, _row: ""),
    RunColumn.RUN: ColumnLook(
        title=tr("Run"),
        text=lambda _seen, row: row.title,
        number=lambda _seen, row: row.number,
        wants=tr("14  all layers, one rate"),
    ),
    RunColumn.ACCURACY: ColumnLook(
        title=tr("Accuracy"),
        text=lambda _seen, row: row.accuracy_text,
        number=lambda _seen, row: row.accuracy,
        is_figure=True,
        wants="94.3 % ± 1.2",
    ),
    RunColumn.CHANGE: ColumnLook(
        title=tr("Change"),
        text=_change,
        number=lambda seen, row: seen.change(row),
        is_figure=True,
        wants=BASELINE,
    ),
    RunColumn.LOSS: ColumnLook(
        title=tr("Loss"),
        text=lambda _seen, row: loss_text(row.figures.loss),
        number=lambda _seen, row: row.figures.loss,
        is_figure=True,
        wants="0.123",
    ),
    RunColumn.STAGES: ColumnLook(
        title=tr("Epochs × rate"),
        text=lambda _seen, row: row.stages,
        wants="2 × 1e-6…1e-4",
    ),
    RunColumn.DATA: ColumnLook(title=tr("Data"), text=lambda _seen, row: row.data, wants="d3f1"),
    RunColumn.TIME: ColumnLook(
        title=tr("Time"),
        text=_time,
        number=lambda _seen, row: row.figures.seconds,
        is_figure=True,
        wants="1:02:31",
    ),
    RunColumn.SIZE: ColumnLook(
        title=tr("Size"),
        text=lambda _seen, row: size_text(row.figures.size),
        number=lambda _seen, row: row.figures.size,
        is_figure=True,
        wants=tr("187 MB"),
    ),
    RunColumn.WHEN: ColumnLook(
        title=tr("Started"),
        text=lambda _seen, row: f"{row.started.astimezone():%Y-%m-%d %H:%M}",
        number=lambda _seen, row: row.started.timestamp(),
        is_shown=False,
        wants="2026-11-27 19:48",
    ),
    RunColumn.TAGS: ColumnLook(
        title=tr("Tags"),
        text=lambda _seen, row: ", ".join(row.notes.tags),
        wants="tutorial",
    ),
    RunColumn.NOTE: ColumnLook(
        title=tr("Note"),
        text=lambda _seen, row: " ".join(row.notes.note.split()),
        is_shown=False,
        wants=tr("after 9 relabels"),
    ),
    RunColumn.METRICS: ColumnLook(
        title=tr("Other metrics"),
        text=lambda _seen, row: row.other_metrics,
        is_shown=False,
        wants=tr("error-rate 0.057, top-k 0.998"),
    ),
}


def sorted_rows(
    seen: ShelfSeen, rows: list[RunRow], column: RunColumn, *, is_falling: bool
) -> list[RunRow]:
    """Return the pinned runs first; those without a value in the column come last, newest first."""
    look = COLUMNS[column]

    def key(row: RunRow) -> tuple[float, str]:
        return (look.number(seen, row), "") if look.number else (0.0, look.text(seen, row).lower())

    def is_empty(row: RunRow) -> bool:
        number, text = key(row)
        return math.isnan(number) if look.number else not text

    newest = sorted(rows, key=lambda row: row.number, reverse=True)
    full = [row for row in newest if not is_empty(row)]
    full.sort(key=key, reverse=is_falling)
    empty = [row for row in newest if is_empty(row)]
    return sorted([*full, *empty], key=lambda row: not row.notes.is_pinned)
