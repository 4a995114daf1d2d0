"""What one card of the recipe says."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final

from petstudio.api.language import tr
from petstudio.bridge.branches import Branch, stage_detail
from petstudio.bridge.figures import percent_text
from petstudio.bridge.live_run import LiveRun
from petstudio.bridge.run_stages import StageProgress, StageState
from petstudio.bridge.run_view import RunView, accuracy_after
from petstudio.config.recipe import Recipe, Stage, StartChoice


class CardLook(Enum):
    """How a card is drawn; the value is how it is spoken."""

    NEXT = tr("next")
    RUNNING = tr("running")
    DONE = tr("done")
    STOPPED = tr("stopped")
    ASIDE = tr("left aside")
    ADD = ""


@dataclass(frozen=True, kw_only=True)
class StageCard:
    """One stage; `fraction` is drawn as a bar while it runs."""

    title: str
    detail: str
    look: CardLook
    result: str = ""
    is_best: bool = False
    has_problem: bool = False
    fraction: float = 0.0

    @property
    def spoken(self) -> str:
        """All of the card in words."""
        return ", ".join(filter(None, (self.title, self.detail, self.look.value, self.result)))


ADD_CARD: Final = StageCard(title=tr("Add stage"), detail="", look=CardLook.ADD)
_LOOKS: Final = {
    StageState.NEXT: CardLook.NEXT,
    StageState.RUNNING: CardLook.RUNNING,
    StageState.DONE: CardLook.DONE,
    StageState.STOPPED: CardLook.STOPPED,
}


def cards_of(
    recipe: Recipe,
    run: LiveRun | None,
    problems: Collection[str],
    others: Sequence[RunView] = (),
) -> tuple[StageCard, ...]:
    """Return one card for each stage, with what the run made of it if it is still the same stage.

    `problems` are the dotted keys of values that cannot be used; `others` are the runs in which
    the first stages may have been done.
    """
    cards = []
    for index, stage in enumerate(recipe.stages):
        has_problem = any(key.startswith(f"stages.{index}.") for key in problems)
        progress = run.stages[index] if run is not None and index < len(run.stages) else None
        if index < recipe.start.stage:
            cards.append(_card_of_another_run(stage, index, recipe.start, others))
        elif run is None or progress is None or progress.stage != stage:
            cards.append(_planned_card(stage, has_problem=has_problem))
        else:
            cards.append(_card(stage, progress, run, has_problem=has_problem))
    return tuple(cards)


def branch_card(branch: Branch) -> StageCard:
    """Return the card of a run that was left aside."""
    return StageCard(
        title=branch.title, detail=branch.detail, look=CardLook.ASIDE, result=branch.accuracy
    )


def _planned_card(stage: Stage, *, has_problem: bool) -> StageCard:
    return StageCard(
        title=stage.name, detail=stage_detail(stage), look=CardLook.NEXT, has_problem=has_problem
    )


def _card_of_another_run(
    stage: Stage, index: int, start: StartChoice, runs: Sequence[RunView]
) -> StageCard:
    number = start.checkpoint.partition(":")[0]
    where = tr("in run {run}", run=number) if number else tr("left out")
    accuracy = accuracy_after(runs, number, index + 1)
    is_known = math.isfinite(accuracy)
    detail = stage_detail(stage)
    return StageCard(
        title=stage.name,
        detail=f"{detail}, {where}" if is_known else detail,
        look=CardLook.DONE,
        result=percent_text(accuracy) if is_known else where,
        is_best=is_known and not any(run.accuracy > accuracy for run in runs),
    )


def _card(stage: Stage, progress: StageProgress, run: LiveRun, *, has_problem: bool) -> StageCard:
    is_running = progress.state is StageState.RUNNING
    result = percent_text(progress.best.accuracy) if progress.best is not None else ""
    return StageCard(
        title=stage.name,
        detail=stage_detail(stage),
        look=_LOOKS[progress.state],
        result=f"{100 * progress.fraction:.0f} %" if is_running else result,
        is_best=not is_running and run.best is not None and run.best is progress.best,
        has_problem=has_problem,
        fraction=progress.fraction,
    )
