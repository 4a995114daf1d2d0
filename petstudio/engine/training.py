"""The training loop: stages of epochs of steps; says what happens, asks nothing."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from itertools import chain

from petstudio.api.contributions import SchedulePlan, SchedulePoint
from petstudio.api.control import RunControl
from petstudio.api.errors import DivergedError, InputError, MachineError, RunCancelledError
from petstudio.api.events import CheckpointKind, Emit, EpochFinished, Event
from petstudio.api.language import tr
from petstudio.config.rate_edit import RateEdit
from petstudio.config.recipe import Keep, Stage
from petstudio.config.whole_batches import WholeBatches
from petstudio.engine.best_epoch import BestEpoch, Monitor
from petstudio.engine.building import FEWEST_IN_BATCH
from petstudio.engine.checkpoint import Checkpoint, Conditions, Position, TrainingState
from petstudio.engine.input.batches import Batch
from petstudio.engine.input.draws import step_seed
from petstudio.engine.keeping import Keeping
from petstudio.engine.measuring import Measuring
from petstudio.engine.memory_estimate import estimate_memory, pieces_that_fit
from petstudio.engine.optimiser import Optimiser
from petstudio.engine.plan import TrainingData, TrainingPlan
from petstudio.engine.predictions import Predictions
from petstudio.engine.processes import ALONE, Processes, is_cancelled
from petstudio.engine.reporting import StepDivergedError, StepPlace, StepReporter
from petstudio.engine.saving import DEFAULT_INTERVAL_S, CheckpointStore, Saver
from petstudio.engine.smoothing import SmoothedLoss
from petstudio.engine.stepping import Step, is_out_of_memory
from petstudio.engine.telling import Teller
from petstudio.engine.validating import validate
from petstudio.engine.workbench import ReadyStage, Workbench


@dataclass(frozen=True, kw_only=True)
class Listener:
    """Who is told of a run, who may stop it, and where its checkpoints go, if anywhere."""

    emit: Emit
    control: RunControl
    store: CheckpointStore | None = None
    interval_s: float = DEFAULT_INTERVAL_S


class Trainer:
    """Runs a plan on data. After `run`, or when it was cancelled, `network` holds the result.

    All of several processes do the same; each has a part of every batch, and the first one tells.
    From a checkpoint with a training state the run goes on, and on a CPU with the same number of
    threads it ends with the very weights of the unbroken one: nothing is drawn that is not a
    function of the seed, the epoch, the step and the picture.
    """

    def __init__(
        self,
        plan: TrainingPlan,
        data: TrainingData,
        processes: Processes = ALONE,
        start: Checkpoint | None = None,
    ) -> None:
        self._plan = plan
        self._data = data
        self._recipe = plan.recipe
        self._processes = processes
        self._bench = Workbench(plan, data, processes, start)
        self._before = start.training if start else None
        self._monitor = Monitor.of(plan.recipe.training.monitor, plan.metrics)
        self._measuring = Measuring(plan.metrics, self._tell)
        before = self._before
        self._best = BestEpoch(
            self._monitor, before.best if before else None, before.idle if before else 0
        )
        self.position = before.position if before else self._first_position()
        self.pieces = before.pieces if before else plan.recipe.training.accumulate
        self.edits = before.edits if before else ()
        self.optimiser: Optimiser | None = None
        self._place: StepPlace | None = None
        self._has_run_epoch = False
        self.network = self._bench.network
        self._listen(Listener(emit=_say_nothing, control=RunControl()))

    @property
    def conditions(self) -> Conditions:
        """What has to be the same for the same bits."""
        return self._bench.conditions

    @property
    def steps_done(self) -> int:
        """How many optimiser steps have been taken."""
        return self.position.steps

    def run(self, number: int, folder: str, listener: Listener) -> Predictions:
        """Train what is left of the stages; return the predictions for the validation pictures.

        Raises:
            RunCancelledError: the control was cancelled; the network keeps what it learned.
            StepDivergedError: the loss or a weight is not finite any more.
            MachineError: the memory is too small.
        """
        self._listen(listener)
        with ExitStack() as stack:
            all_steps = self._after(len(self._plan.stages)).steps
            self._teller.run_started(number, folder, all_steps)
            self._bench.open(stack, skipped=self._teller.skip, notice=self._teller.warn)
            try:
                return self._run_until_cancelled()
            except DivergedError as error:
                if isinstance(error, StepDivergedError) or self._place is None:
                    raise
                raise StepDivergedError(self._place, self._reporter.smoothed_loss) from error
            except (MemoryError, RuntimeError) as error:
                if not is_out_of_memory(error):
                    raise
                raise MachineError(
                    tr("The memory is full."),
                    cure=tr("Lower the batch size or the image size, or close other programs."),
                ) from error

    def recover(self) -> int:
        """Go back to the last good weights where those of now are not finite.

        Returns in how many steps the weights were learned; 0 where there are no good ones. The run
        cannot be continued after that.
        """
        if all(bool(t.isfinite().all()) for t in self.network.state_dict().values()):
            return self.steps_done
        last = self._keeping.newest()
        if last is None or last.training is None:
            return 0
        self.network.load_state_dict(dict(last.weights))
        return last.training.position.steps

    def _listen(self, listener: Listener) -> None:
        self._control = listener.control
        self._teller = Teller(self._bench, listener.emit)
        self._reporter = StepReporter(listener.emit, self._bench.setting.device, SmoothedLoss())
        if self._before is not None:
            self._reporter.restore(self._before.reporter)
        is_kept = listener.store is not None and self._processes.is_first
        store = listener.store if is_kept else None
        self._keeping = Keeping(
            self._bench,
            self._reporter,
            self._best,
            Saver(store, interval_s=listener.interval_s, warn=self._teller.warn) if store else None,
            store,
        )

    def _first_position(self) -> Position:
        """Return the beginning, behind the stages that are left out.

        They count as done, so that a run which goes on from another one's stage draws what that one
        would have drawn.
        """
        return self._after(self._recipe.start.stage)

    def _after(self, stages: int) -> Position:
        epochs = self._bench.epochs_before(stages)
        steps = epochs * self._bench.steps_per_epoch
        return Position(stage=stages, epochs=epochs, steps=steps)

    def _run_until_cancelled(self) -> Predictions:
        try:
            return self._run_stages()
        except RunCancelledError:
            if self.steps_done:
                self._keeping.save(CheckpointKind.STEP, self)
            raise

    def _run_stages(self) -> Predictions:
        if not self._plan.stages:
            raise InputError(tr("The recipe has no stages."), cure=tr("Add a stage."))
        if self._before is None:
            self._fit_memory()
        predictions = None
        for index in range(self.position.stage, len(self._plan.stages)):
            predictions = self._run_stage(index)
        return self._validate_again() if predictions is None else predictions

    def _fit_memory(self) -> None:
        """Find out how much fits into the memory; take smaller pieces where that is too little."""
        estimate = estimate_memory(self._bench, first_stage=self.position.stage)
        if estimate is None:
            return
        self._teller.emit(estimate)
        batch = self._bench.setting.own_batch_size
        pieces = pieces_that_fit(batch, self.pieces, estimate.safe_batch_size)
        if pieces > self.pieces and self._processes.is_alone:
            self._divide(batch, pieces)

    def _run_stage(self, index: int) -> Predictions:
        ready = self._begin_stage(index)
        stage, schedule = ready.stage, self._schedule(index)
        predictions = None
        while self.position.epoch < stage.epochs and not self._is_idle(stage):
            started = time.monotonic()
            predictions = self._run_epoch(ready, schedule)
            rest = stage.epochs - self.position.epoch
            self._go_on_compiled(ready, rest * (time.monotonic() - started))
        return self._end_stage(index, ready, predictions)

    def _is_idle(self, stage: Stage) -> bool:
        return 0 < stage.patience <= self._best.idle

    def _begin_stage(self, index: int) -> ReadyStage:
        ready = self._bench.ready(index, pieces=self.pieces, divided=self._divide)
        self._teller.stage_started(index, ready)
        self.optimiser = ready.optimiser
        if self._before is not None and self._before.optimiser:
            self._resume_stage(ready, self._before)
        else:
            self._best.idle = 0
        self._before = None
        return ready

    def _resume_stage(self, ready: ReadyStage, before: TrainingState) -> None:
        ready.optimiser.restore(before.optimiser)
        self._bench.scaler.load_state_dict(dict(before.scaler))
        at = self.position
        self._bench.catch_up(ready, at.epoch, at.epochs - at.epoch)

    def _schedule(self, index: int) -> Callable[[int], SchedulePoint]:
        plan, per_epoch = self._plan.stages[index], self._bench.steps_per_epoch
        return plan.scheduler.build(
            plan.options,
            SchedulePlan(steps=plan.stage.epochs * per_epoch, steps_per_epoch=per_epoch),
        )

    def _run_epoch(
        self, ready: ReadyStage, schedule: Callable[[int], SchedulePoint]
    ) -> Predictions:
        started, at = time.monotonic(), self.position
        if at.batch == 0:
            self._take_notes(ready)
        self._take_steps(ready, schedule)
        mean = self._reporter.mean_loss()  # first: it waits for all losses
        losses = (self._reporter.smoothed_loss, mean)
        predictions = self._validate(ready)
        metrics = self._measure(predictions)
        seconds = time.monotonic() - started
        end = self.position
        result = self._teller.epoch_finished(end, losses, predictions, metrics, seconds)
        self._has_run_epoch = True
        self.position = replace(end, epoch=at.epoch + 1, batch=0, epochs=end.epochs + 1)
        self._compare(result)
        if self.position.epoch < ready.stage.epochs:
            numbers = {**metrics, "valid-loss": predictions.loss}
            self._keeping.save_if_due(CheckpointKind.EPOCH, self, numbers)
        return predictions

    def _take_notes(self, ready: ReadyStage) -> None:
        """Take over what the user wants; of edits of a stage's rates the latest one holds."""
        for note in self._processes.first_says(self._control.take_notes()):
            if isinstance(note, RateEdit):
                others = [other for other in self.edits if other.stage != note.stage]
                self.edits = (*others, note)
                self._teller.rates_edited(note, self.position.steps)
            elif isinstance(note, WholeBatches):
                self._undo_division(ready)

    def _undo_division(self, ready: ReadyStage) -> None:
        pieces = self._recipe.training.accumulate
        if self.pieces > pieces and isinstance(ready.step, Step):
            self.pieces = pieces
            ready.step.divide(pieces)
            images = self._bench.setting.own_batch_size
            self._teller.divided(self.position.steps, images, pieces, is_undone=True)

    def _edited(self, schedule: Callable[[int], SchedulePoint]) -> Callable[[int], SchedulePoint]:
        """Return the schedule of the current stage with what was edited in it."""
        edit = next((edit for edit in self.edits if edit.stage == self.position.stage), None)
        if edit is None:
            return schedule
        per_epoch = self._bench.steps_per_epoch

        def edited(step: int) -> SchedulePoint:
            point = schedule(step)
            return SchedulePoint(point.scale * edit.factor(step / per_epoch), point.momentum)

        return edited

    def _take_steps(self, ready: ReadyStage, schedule: Callable[[int], SchedulePoint]) -> None:
        at = self.position
        before, schedule = at.epoch * self._bench.steps_per_epoch, self._edited(schedule)
        self._reporter.start_epoch(goes_on=at.batch > 0)
        with closing(self._bench.batches(ready, at.epoch, at.epochs, done=at.batch)) as batches:
            for number, batch in enumerate(batches, start=at.batch):
                self._meet(len(batch))
                self._take_step(ready, batch, schedule(before + number))
                steps = self.position.steps + 1
                self.position = replace(self.position, batch=number + 1, steps=steps)
                self._keeping.save_if_due(CheckpointKind.STEP, self)

    def _take_step(self, ready: ReadyStage, batch: Batch, point: SchedulePoint) -> None:
        images, step = self._bench.current.rows.total, self.position.steps
        if images < FEWEST_IN_BATCH:
            return
        loss = ready.step(
            self._bench.changed(batch, ready.stage, step), step_seed(self._recipe.seed, step)
        )
        ready.optimiser.follow(point)
        place = StepPlace(
            stage=self.position.stage,
            epoch=self.position.epoch,
            step=step,
            rate=ready.optimiser.rate,
            momentum=point.momentum,
            images=images,
            pictures=batch.indices,
            waited_s=batch.waited_s,
        )
        self._place = place
        if self._processes.is_first:
            # Told first: on a CPU a loss that is no number stops the run before the weights change.
            self._reporter.add(place, loss)
        ready.optimiser.step(self._bench.scaler)

    def _compare(self, result: EpochFinished) -> None:
        """See whether this epoch is the best; all processes hear it from the first one."""
        best = self._best
        is_best = best.compare(result.valid_loss, result.metrics, self.position)
        best.found, best.idle, is_best = self._processes.first_says(
            (best.found, best.idle, is_best)
        )
        keeps_best = any(plan.stage.keep is Keep.BEST for plan in self._plan.stages)
        if is_best and (keeps_best or self._keeping.is_on):
            best.keep(self.network.state_dict())

    def _end_stage(
        self, index: int, ready: ReadyStage, predictions: Predictions | None
    ) -> Predictions:
        epochs, restored = self.position.epoch, -1
        if ready.stage.keep is Keep.BEST and self._take_best():
            assert self._best.found is not None
            restored, predictions = self._best.found.epoch, None
        if predictions is None:
            predictions = self._validate(ready)
        self._teller.stage_finished(index, ready, epochs, restored)
        self.position, self.optimiser = self._after(index + 1), None
        numbers = {**self._measure(predictions), "valid-loss": predictions.loss}
        self._keeping.save(CheckpointKind.STAGE, self, name=f"stage-{index + 1}", metrics=numbers)
        return predictions

    def _take_best(self) -> bool:
        """Put the weights of the best epoch back; False where they are those of now, or lost."""
        found = self._best.found
        if found is None or found.steps == self.position.steps:
            return False
        weights = self._processes.first_says(self._keeping.best_weights())
        if weights is None:
            self._teller.warn(
                "The weights of the best epoch are lost, so those of the last one are kept."
            )
            return False
        self.network.load_state_dict(dict(weights))
        return True

    def _go_on_compiled(self, ready: ReadyStage, rest_s: float) -> None:
        """Let a long stage on a GPU be compiled beside it, and use the result once it is there."""
        if ready.compiler is None or not isinstance(ready.step, Step):
            return
        compiled = ready.compiler.after_epoch(rest_s)
        if compiled is not None:
            ready.step.use(compiled)

    def _validate_again(self) -> Predictions:
        """Return the predictions of a run whose stages were all done when it was broken off."""
        last = len(self._plan.stages) - 1
        return self._validate(self._bench.ready(last, pieces=self.pieces, divided=self._divide))

    def _validate(self, ready: ReadyStage) -> Predictions:
        predictions = validate(
            self.network, ready.feed, self._data.valid, self._bench.setting, self._control
        )
        self._teller.skip_all(chain.from_iterable(self._processes.gather(self._teller.skipped)))
        return predictions

    def _measure(self, predictions: Predictions) -> dict[str, float]:
        return self._measuring.measure(predictions) if self._processes.is_first else {}

    def _tell(self, event: Event) -> None:
        self._teller.emit(event)

    def _meet(self, images: int) -> None:
        """Wait while paused, which is nobody's speed, and for the other processes."""
        before = time.monotonic()
        if self._control.is_paused and self.steps_done:
            self._keeping.save(CheckpointKind.STEP, self)
        cancelled = is_cancelled(self._control) or self._is_to_end_here()
        self._reporter.leave_out(time.monotonic() - before)
        self._bench.current.rows = self._processes.meet(images, cancelled=cancelled)

    def _is_to_end_here(self) -> bool:
        """Say whether the run was told to end with the epoch that is over now."""
        return self._control.ends_with_epoch and self._has_run_epoch and self.position.batch == 0

    def _divide(self, images: int, pieces: int) -> None:
        self.pieces = pieces
        self._teller.divided(self.position.steps, images, pieces)


def _say_nothing(event: Event) -> None:
    """Where events go before the run has begun."""
