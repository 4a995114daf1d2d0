"""How far the stages and epochs of a run are."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum
from typing import Final

from petstudio.api.events import EpochFinished, StageStarted
from petstudio.config.recipe import Recipe, Stage

ACCURACY: Final = "accuracy"


class StageState(Enum):
    """Where a stage of the recipe stands in this run."""

    NEXT = "next"
    RUNNING = "running"
    DONE = "done"
    STOPPED = "stopped"


@dataclass(kw_only=True)
class StageProgress:
    """One stage of the recipe, as planned and as it went.

    Attributes:
        start: epochs of the run before this stage.
        done: epochs of this stage that are over, with the fraction of the current one.
        plan: None until the stage begins.
    """

    stage: Stage
    start: int
    state: StageState = StageState.NEXT
    done: float = 0.0
    plan: StageStarted | None = None
    best: EpochRow | None = None

    @property
    def fraction(self) -> float:
        return min(1.0, self.done / self.stage.epochs)


@dataclass(frozen=True, kw_only=True)
class EpochRow:
    """A finished epoch; `x` is its end in epochs of the whole run."""

    x: float
    result: EpochFinished

    @property
    def accuracy(self) -> float:
        """Share of validation pictures that were right; NaN where it was not measured."""
        return self.result.metrics.get(ACCURACY, math.nan)


def planned_stages(recipe: Recipe) -> tuple[StageProgress, ...]:
    """Return the stages of a run that has not begun."""
    stages: list[StageProgress] = []
    start = 0
    for number, stage in enumerate(recipe.stages):
        was_done = number < recipe.start.stage  # in the run that this one goes on from
        state = StageState.DONE if was_done else StageState.NEXT
        stages.append(StageProgress(stage=stage, start=start, state=state))
        start += stage.epochs
    return tuple(stages)


def better_epoch(best: EpochRow | None, row: EpochRow) -> EpochRow | None:
    """Prefer the higher accuracy, then the lower validation loss; ignore what was not measured."""
    if best is None:
        return row if max(_merit(row)) > -math.inf else None
    return row if _merit(row) > _merit(best) else best


def _merit(row: EpochRow) -> tuple[float, float]:
    accuracy = row.accuracy if math.isfinite(row.accuracy) else -math.inf
    loss = row.result.valid_loss
    return accuracy, -loss if math.isfinite(loss) else -math.inf
