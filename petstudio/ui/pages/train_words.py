"""Every sentence that the Train page can say about itself."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from petstudio.api.events import Outcome, ProgressMade
from petstudio.api.language import counted, tr
from petstudio.bridge.figures import accuracy_text
from petstudio.bridge.live_run import LiveRun
from petstudio.bridge.runner import JobState
from petstudio.config.recipe import Recipe

NO_PROJECT: Final = tr("Choose pictures on the Data page first; then they can be trained on.")

RUN_IS_GOING: Final = tr("A rate can be looked for when this run has ended.")


def ready_sentence(recipe: Recipe) -> str:
    """Say what a start would do."""
    epochs = sum(stage.epochs for stage in recipe.stages)
    return tr(
        "Ready: {stages}, {epochs}",
        stages=counted(len(recipe.stages), "{count:,} stage", "{count:,} stages"),
        epochs=counted(epochs, "{count:,} epoch", "{count:,} epochs"),
    )


def say(
    run: LiveRun | None, state: JobState, recipe: Recipe, why_not: str, *, planning: bool
) -> str:
    """Say how things stand; `recipe` is that of the form, `why_not` why it cannot start."""
    if run is not None and state is not JobState.IDLE:
        return (
            tr("Planning the next run. {place}", place=_place(run))
            if planning
            else going_sentence(run, state)
        )
    if why_not:
        return why_not
    if run is not None and run.finished is not None and run.recipe == recipe:
        return ended_sentence(run)
    return ready_sentence(recipe)


def busy_sentence(title: str) -> str:
    """Say that another job has to end first."""
    return (
        tr("“{title}” is still running; a run can start after it.", title=title)
        if title
        else tr("Another job runs.")
    )


def going_sentence(run: LiveRun, state: JobState) -> str:
    """Say where the run is."""
    place = _place(run)
    match state:
        case JobState.PAUSED:
            return tr("{place}, paused", place=place)
        case JobState.STOPPING:
            return tr("{place}, stops after this batch", place=place)
        case _:
            return place


def ended_sentence(run: LiveRun) -> str:
    """Say how the run ended."""
    name = _name(run)
    outcome = run.finished.outcome if run.finished is not None else Outcome.COMPLETED
    match outcome:
        case Outcome.CANCELLED:
            return tr(
                "{name} was stopped after {done:.1f} of {total:,} epochs",
                name=name,
                done=run.position,
                total=run.total_epochs,
            )
        case Outcome.FAILED:
            return tr("{name} ended with an error", name=name)
        case _:
            evaluation = run.evaluation
            has_result = evaluation is not None and evaluation.images > 0
            if evaluation is None or not has_result:
                return tr("{name} is done", name=name)
            return tr(
                "{name} is done: {accuracy}",
                name=name,
                accuracy=accuracy_text(evaluation.correct, evaluation.images),
            )


def paused_note(since: datetime) -> str:
    return tr("Paused since {since:%H:%M}", since=since)


def _name(run: LiveRun) -> str:
    return tr("Run {number}", number=run.started.run) if run.started is not None else tr("The run")


def _place(run: LiveRun) -> str:
    current = run.current
    if run.started is None or current is None:
        return _preparing(run.progress)
    number = run.stages.index(current) + 1
    if current.fraction >= 1 and number == len(run.stages):
        return tr("{name}, all epochs are done, evaluating", name=_name(run))
    epoch = min(int(current.done) + 1, current.stage.epochs)
    stages, epochs = len(run.stages), current.stage.epochs
    return tr(
        "{name}, stage {number} of {stages}, epoch {epoch} of {epochs:,}",
        name=_name(run),
        number=number,
        stages=stages,
        epoch=epoch,
        epochs=epochs,
    )


def _preparing(progress: ProgressMade | None) -> str:
    if progress is None:
        return tr("The run gets ready")
    if progress.total:
        return tr(
            "{task}, {done:,} of {total:,}",
            task=progress.task,
            done=progress.done,
            total=progress.total,
        )
    return progress.task
