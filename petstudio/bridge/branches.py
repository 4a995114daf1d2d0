"""Runs that began where the draft begins, ended worse than the best one, and were left aside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from petstudio.api.language import counted, tr
from petstudio.bridge.figures import percent_text, rate_text
from petstudio.bridge.live_run import LiveRun
from petstudio.bridge.run_view import RunView, tree_of
from petstudio.config.recipe import Stage, StartChoice

MOST_SHOWN: Final = 2
_SMALLEST_GAP: Final = 0.0005  # less would be shown as no points at all


@dataclass(frozen=True, kw_only=True)
class Branch:
    """A run that was left aside; `gap` is what its accuracy lacks to that of the best run."""

    run: RunView
    gap: float

    @property
    def title(self) -> str:
        stages = self.run.stages
        return tr(
            "Run {number}, {name}",
            number=self.run.number,
            name=stages[0].name if len(stages) == 1 else self.run.name,
        )

    @property
    def detail(self) -> str:
        stages = self.run.stages
        if len(stages) == 1:
            return stage_detail(stages[0])
        return tr(
            "{stages} stages, {epochs:,} epochs",
            stages=len(stages),
            epochs=sum(stage.epochs for stage in stages),
        )

    @property
    def accuracy(self) -> str:
        return percent_text(self.run.accuracy)


def branches_left_aside(runs: Sequence[RunView], start: StartChoice) -> tuple[Branch, ...]:
    """Return them, the newest first; none where the draft starts from the model's own weights."""
    number, _, name = start.checkpoint.partition(":")
    if not name:
        return ()
    lines = sorted(tree_of(runs), key=lambda line: line.run.number, reverse=True)
    return tuple(
        Branch(run=line.run, gap=line.gap)
        for line in lines
        if (str(line.run.parent), line.run.start) == (number, name) and line.gap >= _SMALLEST_GAP
    )


def without_branch(run: LiveRun | None, aside: Sequence[Branch]) -> LiveRun | None:
    """Return the run unless it was left aside: its stages are then to be done once more."""
    if run is None or run.started is None:
        return run
    return None if run.started.run in {branch.run.number for branch in aside} else run


def why_left_aside(branches: Sequence[Branch], start: StartChoice) -> str:
    """Return the sentence beside those that are shown."""
    gaps = tr(" and ").join(tr("−{gap:.1f}", gap=100 * branch.gap) for branch in branches)
    number, _, name = start.checkpoint.partition(":")
    return tr(
        "{gaps} points against the star, so stage {stage} starts from run {number}, {name}",
        gaps=gaps,
        stage=start.stage + 1,
        number=number,
        name=name,
    )


def stage_detail(stage: Stage) -> str:
    """Return the length of a stage and its rates."""
    return counted(
        stage.epochs,
        "{count:,} epoch, rate {rate}",
        "{count:,} epochs, rate {rate}",
        rate=tr(" to ").join(rate_text(rate) for rate in stage.rate),
    )
