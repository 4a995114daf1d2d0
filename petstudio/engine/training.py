"""The training of a plan, stage by stage; says what happens, asks nothing."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass

from petstudio.api.contributions import SchedulePlan
from petstudio.api.control import RunControl
from petstudio.api.errors import DivergedError, InputError, MachineError, RunCancelledError
from petstudio.api.events import CheckpointKind, Emit, Event
from petstudio.api.language import tr
from petstudio.config.recipe import Keep
from petstudio.engine.best_epoch import BestEpoch, Monitor
from petstudio.engine.checkpoint import Checkpoint, Conditions, Position, TrainingState
from petstudio.engine.epochs import Crew, Schedule, StageEpochs
from petstudio.engine.keeping import Keeping
from petstudio.engine.measuring import Measuring
from petstudio.engine.memory_estimate import estimate_memory, pieces_that_fit
from petstudio.engine.plan import TrainingData, TrainingPlan
from petstudio.engine.predictions import Predictions
from petstudio.engine.processes import ALONE, Processes
from petstudio.engine.reporting import StepDivergedError, StepReporter
from petstudio.engine.saving import DEFAULT_INTERVAL_S, CheckpointStore, Saver
from petstudio.engine.smoothing import SmoothedLoss
from petstudio.engine.standing import Standing
from petstudio.engine.stepping import is_out_of_memory
from petstudio.engine.telling import Teller
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
        self._recipe = plan.recipe
        self._processes = processes
        self._bench = Workbench(plan, data, processes, start)
        self._before = start.training if start else None
        before = self._before
        self._best = BestEpoch(
            Monitor.of(plan.recipe.training.monitor, plan.metrics),
            before.best if before else None,
            before.idle if before else 0,
        )
        self._standing = Standing(
            position=before.position if before else self._first_position(),
            pieces=before.pieces if before else plan.recipe.training.accumulate,
            edits=before.edits if before else (),
        )
        self.network = self._bench.network
        self._listen(Listener(emit=_say_nothing, control=RunControl()))

    @property
    def conditions(self) -> Conditions:
        """What has to be the same for the same bits."""
        return self._bench.conditions

    @property
    def steps_done(self) -> int:
        """How many optimiser steps have been taken."""
        return self._standing.position.steps

    @property
    def pieces(self) -> int:
        """In how many pieces a batch is computed."""
        return self._standing.pieces

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
                place = self._standing.place
                if isinstance(error, StepDivergedError) or place is None:
                    raise
                raise StepDivergedError(place, self._reporter.smoothed_loss) from error
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
        self._teller = Teller(self._bench, listener.emit)
        self._reporter = StepReporter(listener.emit, self._bench.setting.device, SmoothedLoss())
        if self._before is not None:
            self._reporter.restore(self._before.reporter)
        is_kept = listener.store is not None and self._processes.is_first
        store = listener.store if is_kept else None
        warn = self._teller.warn
        saver = Saver(store, interval_s=listener.interval_s, warn=warn) if store else None
        self._keeping = Keeping(self._bench, self._reporter, self._best, saver, store)
        self._crew = Crew(
            bench=self._bench,
            control=listener.control,
            teller=self._teller,
            reporter=self._reporter,
            keeping=self._keeping,
            best=self._best,
            measuring=Measuring(self._plan.metrics, listener.emit),
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
                self._keeping.save(CheckpointKind.STEP, self._standing)
            raise

    def _run_stages(self) -> Predictions:
        if not self._plan.stages:
            raise InputError(tr("The recipe has no stages."), cure=tr("Add a stage."))
        if self._before is None:
            self._fit_memory()
        predictions = None
        for index in range(self._standing.position.stage, len(self._plan.stages)):
            predictions = self._run_stage(index)
        return self._validate_again() if predictions is None else predictions

    def _fit_memory(self) -> None:
        """Find out how much fits into the memory; take smaller pieces where that is too little."""
        estimate = estimate_memory(self._bench, first_stage=self._standing.position.stage)
        if estimate is None:
            return
        self._teller.emit(estimate)
        batch = self._bench.setting.own_batch_size
        pieces = pieces_that_fit(batch, self.pieces, estimate.safe_batch_size)
        if pieces > self.pieces and self._processes.is_alone:
            self._divide(batch, pieces)

    def _run_stage(self, index: int) -> Predictions:
        epochs = StageEpochs(self._crew, self._standing, self._begin_stage(index))
        return self._end_stage(index, epochs, epochs.run(self._schedule(index)))

    def _begin_stage(self, index: int) -> ReadyStage:
        ready = self._bench.ready(index, pieces=self.pieces, divided=self._divide)
        self._teller.stage_started(index, ready)
        self._standing.optimiser = ready.optimiser
        if self._before is not None and self._before.optimiser:
            self._resume_stage(ready, self._before)
        else:
            self._best.idle = 0
        self._before = None
        return ready

    def _resume_stage(self, ready: ReadyStage, before: TrainingState) -> None:
        ready.optimiser.restore(before.optimiser)
        self._bench.scaler.load_state_dict(dict(before.scaler))
        at = self._standing.position
        self._bench.catch_up(ready, at.epoch, at.epochs - at.epoch)

    def _schedule(self, index: int) -> Schedule:
        plan, per_epoch = self._plan.stages[index], self._bench.steps_per_epoch
        return plan.scheduler.build(
            plan.options,
            SchedulePlan(steps=plan.stage.epochs * per_epoch, steps_per_epoch=per_epoch),
        )

    def _end_stage(
        self, index: int, epochs: StageEpochs, predictions: Predictions | None
    ) -> Predictions:
        standing, stage = self._standing, self._plan.stages[index].stage
        done, restored = standing.position.epoch, -1
        if stage.keep is Keep.BEST and self._take_best():
            assert self._best.found is not None
            restored, predictions = self._best.found.epoch, None
        if predictions is None:
            predictions = epochs.validate()
        self._teller.stage_finished(index, stage, done, restored)
        standing.position, standing.optimiser = self._after(index + 1), None
        numbers = {**epochs.measure(predictions), "valid-loss": predictions.loss}
        name = f"stage-{index + 1}"
        self._keeping.save(CheckpointKind.STAGE, standing, name=name, metrics=numbers)
        return predictions

    def _take_best(self) -> bool:
        """Put the weights of the best epoch back; False where they are those of now, or lost."""
        found = self._best.found
        if found is None or found.steps == self.steps_done:
            return False
        weights = self._processes.first_says(self._keeping.best_weights())
        if weights is None:
            self._teller.warn(
                tr("The weights of the best epoch are lost, so those of the last one are kept.")
            )
            return False
        self.network.load_state_dict(dict(weights))
        return True

    def _validate_again(self) -> Predictions:
        """Return the predictions of a run whose stages were all done when it was broken off."""
        last = len(self._plan.stages) - 1
        ready = self._bench.ready(last, pieces=self.pieces, divided=self._divide)
        return StageEpochs(self._crew, self._standing, ready).validate()

    def _divide(self, images: int, pieces: int) -> None:
        self._standing.pieces = pieces
        self._teller.divided(self.steps_done, images, pieces)


def _say_nothing(event: Event) -> None:
    """Where events go before the run has begun."""
