"""A run as a line of the table of runs, and all that is seen of a project's runs at once."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final

from petstudio.bridge.figures import MISSING, loss_text, percent_text, share_text
from petstudio.bridge.run_settings import stages_text
from petstudio.bridge.run_view import RunEnd, RunView
from petstudio.project.records import RunFolder, TrashedRun
from petstudio.project.run_notes import RunNotes

FINGERPRINT_LETTERS: Final = 4


@dataclass(frozen=True, kw_only=True)
class RunFigures:
    """What a run's folder tells of it; `correct` of `images` validation pictures were right.

    `stamp` tells whether the files are still those that were read.
    """

    stamp: tuple[int, ...]
    settings: Mapping[str, str] = field(default_factory=dict)
    correct: int = 0
    images: int = 0
    loss: float = math.nan
    seconds: float = math.nan
    size: int = 0


@dataclass(frozen=True, kw_only=True)
class RunRow:
    """`fingerprint` tells which pictures, labels and splits the run saw; a metric may be NaN."""

    view: RunView
    folder: RunFolder
    started: datetime
    fingerprint: str
    figures: RunFigures
    notes: RunNotes = field(default_factory=RunNotes)
    metrics: Mapping[str, float] = field(default_factory=dict)

    @property
    def number(self) -> int:
        return self.view.number

    @property
    def title(self) -> str:
        return f"{self.view.number}  {self.view.name}"

    @property
    def accuracy(self) -> float:
        return self.view.accuracy

    @property
    def accuracy_text(self) -> str:
        """The share with its 95 % interval; how the run stands where there is none."""
        if self.figures.images:
            return share_text(self.figures.correct, self.figures.images)
        if math.isfinite(self.accuracy):
            return percent_text(self.accuracy)
        return MISSING if self.view.end is RunEnd.DONE else self.view.end.words

    @property
    def data(self) -> str:
        """The beginning of the fingerprint, enough to tell one from another."""
        return self.fingerprint[:FINGERPRINT_LETTERS]

    @property
    def stages(self) -> str:
        return stages_text(self.view.stages)

    @property
    def other_metrics(self) -> str:
        """All that was measured at the end but the accuracy, such as "top-k 0.906"."""
        others = {key: value for key, value in self.metrics.items() if key != "accuracy"}
        return ", ".join(f"{key} {loss_text(value)}" for key, value in sorted(others.items()))

    @property
    def words(self) -> str:
        """All that the filter looks through, in small letters."""
        settings = (f"{key}={value}" for key, value in self.figures.settings.items())
        parts = (self.title, *self.notes.tags, self.notes.note, self.data, self.stages, *settings)
        return "\n".join(parts).lower()


@dataclass(frozen=True, kw_only=True)
class ShelfSeen:
    """The runs of a project, oldest first, and those in its trash; `baseline` is a number."""

    project: Path | None = None
    rows: tuple[RunRow, ...] = ()
    baseline: int | None = None
    trashed: tuple[TrashedRun, ...] = ()

    def row(self, number: int | None) -> RunRow | None:
        return next((row for row in self.rows if row.number == number), None)

    @property
    def size(self) -> int:
        """The bytes that the runs take."""
        return sum(row.figures.size for row in self.rows)

    @property
    def trash_size(self) -> int:
        return sum(run.bytes for run in self.trashed)

    @property
    def best(self) -> RunRow | None:
        measured = [row for row in self.rows if math.isfinite(row.accuracy)]
        return max(measured, key=lambda row: row.accuracy, default=None)

    def children(self, number: int) -> tuple[int, ...]:
        """Return the runs that started from this one."""
        return tuple(row.number for row in self.rows if row.view.parent == number)

    def change(self, row: RunRow) -> float:
        """Return percent points of accuracy more than the baseline; NaN where one has none."""
        base = self.row(self.baseline)
        return 100 * (row.accuracy - base.accuracy) if base is not None else math.nan


def family_of(seen: ShelfSeen, row: RunRow) -> tuple[RunView, ...]:
    """Return a run, those that it goes on from, and all that started from any of them."""
    first = row
    while (parent := seen.row(first.view.parent)) is not None and parent.number < first.number:
        first = parent
    members = {first.number}
    for other in seen.rows:  # oldest first, so a parent comes before its children
        if other.view.parent in members:
            members.add(other.number)
    return tuple(other.view for other in seen.rows if other.number in members)
