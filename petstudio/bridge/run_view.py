"""What the window knows of the runs of a project: how they came one from another, and ended."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final

from petstudio.api.language import tr
from petstudio.bridge.figures import percent_text
from petstudio.config.recipe import Stage

BEST: Final = "best"
STEP: Final = "step-"
_POINT: Final = 0.01


class RunEnd(Enum):
    """How a run stands."""

    GOING = "going"
    DONE = "done"
    STOPPED = "stopped"
    FAILED = "failed"
    BROKEN_OFF = "broken off"

    @property
    def words(self) -> str:
        """How it is said in a table."""
        words = {
            RunEnd.GOING: tr("going"),
            RunEnd.DONE: tr("done"),
            RunEnd.STOPPED: tr("stopped"),
            RunEnd.FAILED: tr("failed"),
            RunEnd.BROKEN_OFF: tr("broken off"),
        }
        return words[self]


@dataclass(frozen=True, kw_only=True)
class CheckpointView:
    """A checkpoint that a run can start from.

    Attributes:
        name: as `start.checkpoint` takes it behind the run's number.
        stages_done: how many stages of its run are over.
        accuracy: of the validation pictures; NaN if not measured.
        step: optimiser steps done over the run.
        ends_stage: made at the end of a stage, which then counts as done.
        size: in bytes.
        file: where it is, in the run's folder of checkpoints.
    """

    name: str
    stages_done: int
    accuracy: float = math.nan
    step: int = 0
    ends_stage: bool = False
    size: int = 0
    file: str = ""

    @property
    def has_own_name(self) -> bool:
        """Whether a person named it."""
        return not (self.ends_stage or self.name == BEST or self.name.startswith(STEP))


@dataclass(frozen=True, kw_only=True)
class RunView:
    """A run as the project remembers it.

    Attributes:
        parent: number of the run that it started from; None for one from the model's own weights.
        start: name of the checkpoint of `parent` that it started from.
        stages: those that it was to run itself; none if its recipe cannot be read.
        accuracy: at its end; NaN if it did not come to one.
        place: where it was broken off, in words; empty for others.
        checkpoints: newest first.
    """

    number: int
    name: str
    end: RunEnd
    parent: int | None = None
    start: str = ""
    stages: tuple[Stage, ...] = ()
    accuracy: float = math.nan
    place: str = ""
    checkpoints: tuple[CheckpointView, ...] = ()

    @property
    def can_go_on(self) -> bool:
        """True for a run that did not come to its end and left a checkpoint."""
        is_open = self.end in (RunEnd.STOPPED, RunEnd.FAILED, RunEnd.BROKEN_OFF)
        return is_open and bool(self.checkpoints)


@dataclass(frozen=True, kw_only=True)
class RunsSeen:
    """The runs of a project, oldest first, and what it would train on; 0 is not known."""

    runs: tuple[RunView, ...] = ()
    classes: int = 0
    pictures: int = 0


@dataclass(frozen=True, kw_only=True)
class TreeLine:
    """A run in the tree of runs; `is_star` marks the best, `gap` is what it lacks to that one."""

    run: RunView
    depth: int
    is_star: bool
    gap: float

    @property
    def text(self) -> str:
        """The line in words, such as "Run 2, all layers: 91.2 %, −2.3 points against the star"."""
        found = percent_text(self.run.accuracy) if math.isfinite(self.run.accuracy) else ""
        parts = [found or self.run.end.words]
        if self.gap >= _POINT / 10:
            parts.append(tr("−{gap:.1f} points against the star", gap=100 * self.gap))
        return tr(
            "Run {number}, {run}: {parts}",
            number=self.run.number,
            run=self.run.name,
            parts=", ".join(parts),
        )


def accuracy_after(runs: Sequence[RunView], number: str, stages: int) -> float:
    """Return how good the run of that number was when so many stages were over; NaN if unknown."""
    kept = (kept for run in runs if str(run.number) == number for kept in run.checkpoints)
    found = (kept.accuracy for kept in kept if kept.ends_stage and kept.stages_done == stages)
    return next(found, math.nan)


def tree_of(runs: Sequence[RunView]) -> tuple[TreeLine, ...]:
    """Return all runs, each behind the one that it started from."""
    measured = [run for run in runs if math.isfinite(run.accuracy)]
    star = max(measured, key=lambda run: run.accuracy, default=None)
    numbers = {run.number for run in runs}
    lines: list[TreeLine] = []

    def add(parent: int | None, depth: int) -> None:
        for run in runs:
            is_child = run.parent == parent if parent is not None else run.parent not in numbers
            if not is_child:
                continue
            gap = star.accuracy - run.accuracy if star is not None else math.nan
            lines.append(TreeLine(run=run, depth=depth, is_star=run is star, gap=gap))
            add(run.number, depth + 1)

    add(None, 0)
    return tuple(lines)
