"""The epochs of one stage: steps, validation, and what is decided by it."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, replace
from itertools import chain
from typing import TypeAlias

from petstudio.api.contributions import SchedulePoint
from petstudio.api.control import RunControl
from petstudio.api.events import CheckpointKind, EpochFinished
from petstudio.config.rate_edit import RateEdit
from petstudio.config.recipe import Keep
from petstudio.config.whole_batches import WholeBatches
from petstudio.engine.best_epoch import BestEpoch
from petstudio.engine.building import FEWEST_IN_BATCH
from petstudio.engine.input.batches import Batch
from petstudio.engine.input.draws import step_seed
from petstudio.engine.keeping import Keeping
from petstudio.engine.measuring import Measuring
from petstudio.engine.predictions import Predictions
from petstudio.engine.processes import is_cancelled
from petstudio.engine.reporting import StepPlace, StepReporter
from petstudio.engine.standing import Standing
from petstudio.engine.stepping import Step
from petstudio.engine.telling import Teller
from petstudio.engine.validating import validate
from petstudio.engine.workbench import ReadyStage, Workbench

Schedule: TypeAlias = Callable[[int], SchedulePoint]


@dataclass(frozen=True, kw_only=True)
class Crew:
    """Who has a part in each epoch, and who may stop it."""

    bench: Workbench
    control: RunControl
    teller: Teller
    reporter: StepReporter
    keeping: Keeping
    best: BestEpoch
    measuring: Measuring


class StageEpochs:
    """Takes a run through the epochs of the stage at which it stands."""

    def __init__(self, crew: Crew, standing: Standing, ready: ReadyStage) -> None:
        self._bench, self._plan = crew.bench, crew.bench.plan
        self._processes = crew.bench.processes
        self._control = crew.control
        self._teller = crew.teller
        self._reporter = crew.reporter
        self._keeping = crew.keeping
        self._best = crew.best
        self._measuring = crew.measuring
        self._standing = standing
        self._ready = ready

    def run(self, schedule: Schedule) -> Predictions | None:
        """Do the epochs that are left; return the last one's predictions, None if there is none."""
        stage, predictions = self._ready.stage, None
        while self._standing.position.epoch < stage.epochs and not self._is_idle():
            started = time.monotonic()
            predictions = self._run_epoch(schedule)
            rest = stage.epochs - self._standing.position.epoch
            self._go_on_compiled(rest * (time.monotonic() - started))
        return predictions

    def validate(self) -> Predictions:
        """Return the predictions for the validation pictures, of all processes in the first."""
        predictions = validate(
            self._bench.network,
            self._ready.feed,
            self._bench.data.valid,
            self._bench.setting,
            self._control,
        )
        self._teller.skip_all(chain.from_iterable(self._processes.gather(self._teller.skipped)))
        return predictions

    def measure(self, predictions: Predictions) -> dict[str, float]:
        """Return the metrics; nothing in processes that are not the first."""
        return self._measuring.measure(predictions) if self._processes.is_first else {}

    def _is_idle(self) -> bool:
        return 0 < self._ready.stage.patience <= self._best.idle

    def _run_epoch(self, schedule: Schedule) -> Predictions:
        started, at = time.monotonic(), self._standing.position
        if at.batch == 0:
            self._take_notes()
        self._take_steps(schedule)
        mean = self._reporter.mean_loss()  # first: it waits for all losses
        losses = (self._reporter.smoothed_loss, mean)
        predictions = self.validate()
        metrics = self.measure(predictions)
        seconds = time.monotonic() - started
        end = self._standing.position
        result = self._teller.epoch_finished(end, losses, predictions, metrics, seconds)
        self._standing.has_run_epoch = True
        self._standing.position = replace(end, epoch=at.epoch + 1, batch=0, epochs=end.epochs + 1)
        self._compare(result)
        if self._standing.position.epoch < self._ready.stage.epochs:
            numbers = {**metrics, "valid-loss": predictions.loss}
            self._keeping.save_if_due(CheckpointKind.EPOCH, self._standing, numbers)
        return predictions

    def _take_notes(self) -> None:
        """Take over what the user wants; of edits of a stage's rates the latest one holds."""
        for note in self._processes.first_says(self._control.take_notes()):
            if isinstance(note, RateEdit):
                others = [other for other in self._standing.edits if other.stage != note.stage]
                self._standing.edits = (*others, note)
                self._teller.rates_edited(note, self._standing.position.steps)
            elif isinstance(note, WholeBatches):
                self._undo_division()

    def _undo_division(self) -> None:
        pieces = self._plan.recipe.training.accumulate
        if self._standing.pieces > pieces and isinstance(self._ready.step, Step):
            self._standing.pieces = pieces
            self._ready.step.divide(pieces)
            images = self._bench.setting.own_batch_size
            self._teller.divided(self._standing.position.steps, images, pieces, is_undone=True)

    def _edited(self, schedule: Schedule) -> Schedule:
        """Return the schedule of the current stage with what was edited in it."""
        stage = self._standing.position.stage
        edit = next((edit for edit in self._standing.edits if edit.stage == stage), None)
        if edit is None:
            return schedule
        per_epoch = self._bench.steps_per_epoch

        def edited(step: int) -> SchedulePoint:
            point = schedule(step)
            return SchedulePoint(point.scale * edit.factor(step / per_epoch), point.momentum)

        return edited

    def _take_steps(self, schedule: Schedule) -> None:
        at = self._standing.position
        before, schedule = at.epoch * self._bench.steps_per_epoch, self._edited(schedule)
        self._reporter.start_epoch(goes_on=at.batch > 0)
        with closing(
            self._bench.batches(self._ready, at.epoch, at.epochs, done=at.batch)
        ) as batches:
            for number, batch in enumerate(batches, start=at.batch):
                self._meet(len(batch))
                self._take_step(batch, schedule(before + number))
                now = self._standing.position
                self._standing.position = replace(now, batch=number + 1, steps=now.steps + 1)
                self._keeping.save_if_due(CheckpointKind.STEP, self._standing)

    def _take_step(self, batch: Batch, point: SchedulePoint) -> None:
        images, at = self._bench.current.rows.total, self._standing.position
        if images < FEWEST_IN_BATCH:
            return
        loss = self._ready.step(
            self._bench.changed(batch, self._ready.stage, at.steps),
            step_seed(self._plan.recipe.seed, at.steps),
        )
        self._ready.optimiser.follow(point)
        place = StepPlace(
            stage=at.stage,
            epoch=at.epoch,
            step=at.steps,
            rate=self._ready.optimiser.rate,
            momentum=point.momentum,
            images=images,
            pictures=batch.indices,
            waited_s=batch.waited_s,
        )
        self._standing.place = place
        if self._processes.is_first:
            # Told first: on a CPU a loss that is no number stops the run before the weights change.
            self._reporter.add(place, loss)
        self._ready.optimiser.step(self._bench.scaler)

    def _compare(self, result: EpochFinished) -> None:
        """See whether this epoch is the best; all processes hear it from the first one."""
        best = self._best
        is_best = best.compare(result.valid_loss, result.metrics, self._standing.position)
        best.found, best.idle, is_best = self._processes.first_says(
            (best.found, best.idle, is_best)
        )
        keeps_best = any(plan.stage.keep is Keep.BEST for plan in self._plan.stages)
        if is_best and (keeps_best or self._keeping.is_on):
            best.keep(self._bench.network.state_dict())

    def _go_on_compiled(self, rest_s: float) -> None:
        """Let a long stage on a GPU be compiled beside it, and use the result once it is there."""
        if self._ready.compiler is None or not isinstance(self._ready.step, Step):
            return
        compiled = self._ready.compiler.after_epoch(rest_s)
        if compiled is not None:
            self._ready.step.use(compiled)

    def _meet(self, images: int) -> None:
        """Wait while paused, which is nobody's speed, and for the other processes."""
        before = time.monotonic()
        if self._control.is_paused and self._standing.position.steps:
            self._keeping.save(CheckpointKind.STEP, self._standing)
        cancelled = is_cancelled(self._control) or self._is_to_end_here()
        self._reporter.leave_out(time.monotonic() - before)
        self._bench.current.rows = self._processes.meet(images, cancelled=cancelled)

    def _is_to_end_here(self) -> bool:
        """Say whether the run was told to end with the epoch that is over now."""
        return (
            self._control.ends_with_epoch
            and self._standing.has_run_epoch
            and self._standing.position.batch == 0
        )
