"""What is kept of one epoch of a run, and what can be done with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from petstudio.api.language import tr
from petstudio.bridge.figures import percent_text
from petstudio.bridge.live_run import LiveRun
from petstudio.bridge.memory_need import memory_text
from petstudio.bridge.run_stages import ACCURACY, EpochRow
from petstudio.bridge.run_view import BEST, CheckpointView, RunView
from petstudio.config.recipe import Keep

_GOING: Final = tr("The run is still going; wait until it has ended.")
_NO_MODEL: Final = tr("The run has no finished model.")
_NOT_KEPT: Final = tr("No checkpoint of this epoch is kept.")
_NOT_READ: Final = tr("The checkpoints of this run are not read yet.")
_STAGE_END: Final = tr("The end of a stage keeps its name, by which it is looked for.")


@dataclass(frozen=True, kw_only=True)
class EpochView:
    """One epoch in words.

    Attributes:
        start: `start.checkpoint` of a run that begins here; empty if none can.
        named: the checkpoint that can be given a name; None if there is none.
        why_no_evaluation, why_no_start, why_no_name: why not, for a tool tip; empty if nothing
            speaks against it.
    """

    title: str
    result: str
    mark: str
    is_best: bool
    is_kept: bool
    start: str = ""
    named: CheckpointView | None = None
    why_no_evaluation: str = ""
    why_no_start: str = ""
    why_no_name: str = ""


def epoch_view(run: LiveRun, index: int, runs: Sequence[RunView]) -> EpochView:
    """Return what is known of an epoch by its index in `run.epochs`."""
    row = run.epochs[index]
    number = run.started.run if run.started is not None else 0
    seen = next((view for view in runs if view.number == number), None)
    kept = _kept(row, run, seen) if seen is not None else ()
    why_not = _GOING if run.finished is None else _NOT_READ if seen is None else ""
    why_not = why_not or ("" if kept else _NOT_KEPT)
    named, why_no_name = _to_name(kept, number, runs)
    is_best = row is run.best
    return EpochView(
        title=tr(
            "Stage {stage}, epoch {epoch}", stage=row.result.stage + 1, epoch=row.result.epoch + 1
        ),
        result=f"{_accuracy(row)} {_NOT_READ if seen is None else _size(kept)}",
        mark=_mark(is_best=is_best, is_kept=bool(kept), is_read=seen is not None),
        is_best=is_best,
        is_kept=bool(kept),
        start="" if why_not else f"{number}:{kept[0].name}",
        named=None if why_not else named,
        why_no_evaluation=_why_no_evaluation(run),
        why_no_start=why_not,
        why_no_name=why_not or why_no_name,
    )


def _why_no_evaluation(run: LiveRun) -> str:
    if run.finished is None:
        return _GOING
    return "" if run.model_path else _NO_MODEL


def _kept(row: EpochRow, run: LiveRun, seen: RunView) -> tuple[CheckpointView, ...]:
    """Return the checkpoints with the weights of this epoch, the one to branch from first."""
    stage = row.result.stage
    is_last = row is [other for other in run.epochs if other.result.stage == stage][-1]
    # A stage that keeps the best ends with the weights of an earlier epoch.
    is_end = is_last and run.recipe.stages[stage].keep is Keep.LAST

    def holds(kept: CheckpointView) -> bool:
        if kept.ends_stage:
            return is_end and kept.stages_done == stage + 1
        return kept.stages_done == stage and kept.step == row.result.step

    found = [kept for kept in seen.checkpoints if holds(kept)]
    # The end of a stage first; the best last, as it is found by its name only while it is the best.
    return tuple(sorted(found, key=lambda kept: (not kept.ends_stage, kept.name == BEST)))


def _to_name(
    kept: Sequence[CheckpointView], number: int, runs: Sequence[RunView]
) -> tuple[CheckpointView | None, str]:
    """Return the checkpoint to name, one without a name if there is one, or why there is none."""
    free = [one for one in kept if not one.ends_stage]
    chosen = next((one for one in free if not one.has_own_name), free[0] if free else None)
    if chosen is None:
        return None, _STAGE_END
    for run in runs if chosen.has_own_name else ():
        if run.parent == number and run.start == chosen.name:
            return None, tr(
                "Run {number} started from it under the name “{chosen}”.",
                number=run.number,
                chosen=chosen.name,
            )
    return chosen, ""


def _accuracy(row: EpochRow) -> str:
    is_measured = ACCURACY in row.result.metrics
    return (
        tr("{accuracy} on validation.", accuracy=percent_text(row.accuracy))
        if is_measured
        else tr("Not validated.")
    )


def _size(kept: Sequence[CheckpointView]) -> str:
    if not kept:
        return _NOT_KEPT
    size = memory_text(kept[0].size)
    names = [tr("“{name}”", name=one.name) for one in kept if one.has_own_name or one.ends_stage]
    if not names:
        return tr("Checkpoint, {size}.", size=size)
    return tr("Checkpoint {names}, {size}.", names=tr(" and ").join(names), size=size)


def _mark(*, is_best: bool, is_kept: bool, is_read: bool) -> str:
    kept = (tr("kept") if is_kept else tr("not kept")) if is_read else ""
    return ", ".join(filter(None, (tr("best") if is_best else "", kept)))
