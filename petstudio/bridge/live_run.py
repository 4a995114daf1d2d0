"""What a training run has said so far, kept so that pages only have to draw it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import assert_never

import numpy as np
from numpy.typing import NDArray

from petstudio.api.events import (
    BatchDivided,
    CheckpointSaved,
    EpochFinished,
    EvaluationFinished,
    Event,
    ExportFinished,
    GroupPlan,
    ImagePredicted,
    ImageSkipped,
    MemoryEstimated,
    ModelSaved,
    NoticeGiven,
    NoticeLevel,
    Outcome,
    ProgressMade,
    ProjectCreated,
    RatesEdited,
    RunFinished,
    RunResumed,
    RunStarted,
    StageFinished,
    StageStarted,
    StepFinished,
    SweepFinished,
    SweepStarted,
    SweepStepFinished,
    TrainingDiverged,
    ViewMade,
)
from petstudio.api.language import tr
from petstudio.bridge.pace import Pace, TimeLeft
from petstudio.bridge.run_log import Clock, RunLog
from petstudio.bridge.run_stages import (
    EpochRow,
    StageProgress,
    StageState,
    better_epoch,
    planned_stages,
)
from petstudio.bridge.series import Series
from petstudio.config.recipe import Recipe


class LiveRun:
    """Feeds on the events of one run of `recipe`; appending a step costs the same at any length.

    `warnings` are sentences that a person should see; `division` is how batches are computed where
    the memory is too small for whole ones. `marks` are the places, in epochs of the run, where
    something was changed on the way, and what.
    """

    def __init__(self, recipe: Recipe, *, now: Clock = datetime.now) -> None:
        self.recipe = recipe
        self.stages = planned_stages(recipe)
        self.total_epochs = sum(stage.epochs for stage in recipe.stages)
        self.log = RunLog(now)
        self.started: RunStarted | None = None
        self.progress: ProgressMade | None = None
        self.last_step: StepFinished | None = None
        self.epochs: list[EpochRow] = []
        self.best: EpochRow | None = None
        self.skipped = 0
        self.model_path = ""
        self.evaluation: EvaluationFinished | None = None
        self.finished: RunFinished | None = None
        self.memory: MemoryEstimated | None = None
        self.edits: list[RatesEdited] = []
        self.warnings: list[str] = []
        self.division: BatchDivided | None = None
        self._estimate: MemoryEstimated | None = None
        self.diverged: TrainingDiverged | None = None
        self.marks: list[tuple[float, str]] = []
        self.pace = Pace(1)
        self._steps = Series(4)
        self._steps_per_epoch = 1

    @property
    def x(self) -> NDArray[np.float64]:
        """The end of each step, in epochs of the whole run."""
        return self._steps.column(0)

    @property
    def losses(self) -> NDArray[np.float64]:
        return self._steps.column(1)

    @property
    def smoothed_losses(self) -> NDArray[np.float64]:
        return self._steps.column(2)

    @property
    def rates(self) -> NDArray[np.float64]:
        return self._steps.column(3)

    @property
    def position(self) -> float:
        """How far the run is, in epochs."""
        return float(self.x[-1]) if len(self._steps) else 0.0

    @property
    def current(self) -> StageProgress | None:
        """The stage that began last."""
        begun = [stage for stage in self.stages if stage.plan is not None]
        return begun[-1] if begun else None

    @property
    def groups(self) -> tuple[GroupPlan, ...]:
        """The layer groups as the current stage trains them; none before the first stage."""
        current = self.current
        return current.plan.groups if current and current.plan else ()

    @property
    def time_left(self) -> TimeLeft | None:
        """None before the first batches of a stage and after the last one."""
        if self.started is None or self.last_step is None or self.finished is not None:
            return None
        steps = self.started.steps - self.last_step.step - 1
        epochs = self.total_epochs - int(self.position)
        return self.pace.time_left(steps=steps, epochs=epochs) if steps > 0 else None

    def feed(self, events: Iterable[Event]) -> None:
        for event in events:
            self._take(event)

    def _take(self, event: Event) -> None:  # noqa: C901, PLR0912  one arm for each kind
        match event:
            case StepFinished():
                self._take_step(event)
                return
            case EpochFinished():
                self._take_epoch(event)
            case StageStarted():
                self._take_stage(event)
            case RunStarted():
                self._take_start(event)
            case RunFinished():
                self._take_end(event)
            case ProgressMade() | ModelSaved() | EvaluationFinished():
                self._keep(event)
            case ImageSkipped():
                self.skipped += 1
            case StageFinished():
                self.stages[event.stage].state = StageState.DONE
            case RatesEdited() | BatchDivided():
                self.marks.append((event.step / self._steps_per_epoch, _mark(event)))
                self._note_change(event)
            case MemoryEstimated():
                self.memory = self._estimate = event
            case RunResumed() | CheckpointSaved():
                pass
            case TrainingDiverged():
                self.diverged = event
            case NoticeGiven(level=NoticeLevel.WARNING, message=message):
                self.warnings.append(message)
            case SweepStarted() | SweepStepFinished() | SweepFinished() | ViewMade():
                pass
            case NoticeGiven() | ProjectCreated() | ImagePredicted() | ExportFinished():
                pass
            case _:
                assert_never(event)
        self.log.add_event(event)

    def _keep(self, event: ProgressMade | ModelSaved | EvaluationFinished) -> None:
        match event:
            case ProgressMade():
                self.progress = event
            case ModelSaved(path=path):
                self.model_path = path
            case EvaluationFinished():
                self.evaluation = event
            case _:
                assert_never(event)

    def _note_change(self, event: RatesEdited | BatchDivided) -> None:
        if isinstance(event, RatesEdited):
            self.edits.append(event)
        else:
            self.division = None if event.is_undone else event
            self._correct_memory(event)

    def _correct_memory(self, event: BatchDivided) -> None:
        """Believe the failure, where the estimate had called the number that was tried safe."""
        memory, fits = self._estimate, event.images // event.pieces
        if memory is not None and not event.is_undone and memory.safe_batch_size >= 2 * fits:
            memory = replace(memory, safe_batch_size=fits)
        self.memory = memory

    def _take_start(self, event: RunStarted) -> None:
        self.started = event
        self.pace = Pace(event.batch_size)

    def _take_stage(self, event: StageStarted) -> None:
        self._leave_running(StageState.DONE)
        stage = self.stages[event.stage]
        stage.plan = event
        stage.state = StageState.RUNNING
        self._steps_per_epoch = event.steps_per_epoch
        self.pace.start_stage()

    def _take_step(self, event: StepFinished) -> None:
        self.last_step = event
        # Every epoch has the same number of steps, so a resumed run falls on the right place.
        x = (event.step + 1) / self._steps_per_epoch
        stage = self.stages[event.stage]
        stage.done = x - stage.start
        self._steps.append(x, event.loss, event.smoothed_loss, event.rate)
        self.pace.add_step(event.images_per_second, event.waiting)

    def _take_epoch(self, event: EpochFinished) -> None:
        stage = self.stages[event.stage]
        stage.done = event.epoch + 1
        row = EpochRow(x=float(stage.start + event.epoch + 1), result=event)
        self.epochs.append(row)
        self.best = better_epoch(self.best, row)
        stage.best = better_epoch(stage.best, row)
        self.pace.end_epoch(event.seconds)

    def _take_end(self, event: RunFinished) -> None:
        is_complete = event.outcome is Outcome.COMPLETED
        self._leave_running(StageState.DONE if is_complete else StageState.STOPPED)
        self.finished = event

    def _leave_running(self, state: StageState) -> None:
        for stage in self.stages:
            if stage.state is StageState.RUNNING:
                # A run that is cancelled after its last step has finished this stage all the same.
                stage.state = StageState.DONE if stage.fraction >= 1 else state


def _mark(event: RatesEdited | BatchDivided) -> str:
    if isinstance(event, RatesEdited):
        return tr("rates edited")
    return tr("whole batches") if event.pieces == 1 else f"{event.pieces} pieces"
