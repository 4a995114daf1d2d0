"""Every sentence that the Train page can say about itself."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from petstudio.api.events import Outcome, ProgressMade
from petstudio.bridge.figures import accuracy_text
from petstudio.bridge.live_run import LiveRun
from petstudio.bridge.run_view import RunView
from petstudio.bridge.runner import JobState
from petstudio.config.recipe import Recipe

NO_PROJECT: Final = "Choose pictures on the Data page first; then they can be trained on."
NO_WEIGHTS: Final = (
    "The weights are not on this machine. Fetch them below, or choose a file or none."
)
NOT_FETCHED: Final = "The weights were not fetched."
FETCHING: Final = "Fetching weights"
NO_STAGE: Final = "The recipe has no stage. Add one."
RUN_STOPPED: Final = "The run was stopped."
RUN_FAILED: Final = "The run ended with an error."
NOTHING_KEPT: Final = "Nothing was trained yet, so nothing is kept."
DETAILS: Final = "Details"
RESUME: Final = "Resume"
FIND: Final = "Find rate"
FIND_TIP: Final = "Try the stage at growing learning rates and choose on the curve (Ctrl+R)"
CLOSE_FINDER: Final = "Close finder"
NOTHING_LOST: Final = "It can go on from its last checkpoint, as if it had not been broken off."


def broken_off(run: RunView) -> str:
    """Say that a run did not come to its end, and where it can go on."""
    return f"Run {run.number} stopped at {run.place}."


def ready_sentence(recipe: Recipe) -> str:
    """Say what a start would do."""
    epochs = sum(stage.epochs for stage in recipe.stages)
    stages = "1 stage" if len(recipe.stages) == 1 else f"{len(recipe.stages)} stages"
    return f"Ready: {stages}, {'1 epoch' if epochs == 1 else f'{epochs:,} epochs'}"


def busy_sentence(title: str) -> str:
    """Say that another job has to end first."""
    return (
        f"“{title}” is still running; a run can start after it." if title else "Another job runs."
    )


def problem_sentence(key: str, problem: str) -> str:
    """Say which value of the recipe cannot be used; `key` is dotted, as in "stages.0.rate"."""
    parts = key.split(".")
    name = parts[-1].replace("_", " ")
    place = f"Stage {int(parts[1]) + 1}, {name}" if parts[0] == "stages" else name.capitalize()
    return f"{place}: {problem}"


def going_sentence(run: LiveRun, state: JobState) -> str:
    """Say where the run is."""
    place = _place(run)
    match state:
        case JobState.PAUSED:
            return f"{place}, paused"
        case JobState.STOPPING:
            return f"{place}, stops after this batch"
        case _:
            return place


def ended_sentence(run: LiveRun) -> str:
    """Say how the run ended."""
    name = _name(run)
    outcome = run.finished.outcome if run.finished is not None else Outcome.COMPLETED
    match outcome:
        case Outcome.CANCELLED:
            return f"{name} was stopped after {run.position:.1f} of {run.total_epochs:,} epochs"
        case Outcome.FAILED:
            return f"{name} ended with an error"
        case _:
            evaluation = run.evaluation
            has_result = evaluation is not None and evaluation.images > 0
            if evaluation is None or not has_result:
                return f"{name} is done"
            return f"{name} is done: {accuracy_text(evaluation.correct, evaluation.images)}"


def paused_note(since: datetime) -> str:
    return f"Paused since {since:%H:%M}"


def _name(run: LiveRun) -> str:
    return f"Run {run.started.run}" if run.started is not None else "The run"


def _place(run: LiveRun) -> str:
    current = run.current
    if run.started is None or current is None:
        return _preparing(run.progress)
    number = run.stages.index(current) + 1
    if current.fraction >= 1 and number == len(run.stages):
        return f"{_name(run)}, all epochs are done, evaluating"
    epoch = min(int(current.done) + 1, current.stage.epochs)
    stages, epochs = len(run.stages), current.stage.epochs
    return f"{_name(run)}, stage {number} of {stages}, epoch {epoch} of {epochs:,}"


def _preparing(progress: ProgressMade | None) -> str:
    if progress is None:
        return "The run gets ready"
    if progress.total:
        return f"{progress.task}, {progress.done:,} of {progress.total:,}"
    return progress.task
