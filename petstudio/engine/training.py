"""The training loop: stages of epochs of steps; says what happens, asks nothing."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import ExitStack, closing
from dataclasses import dataclass
from itertools import chain

import torch

from petstudio.api.contributions import SchedulePlan, SchedulePoint
from petstudio.api.control import RunControl
from petstudio.api.errors import ImageError, InputError
from petstudio.api.events import (
    Emit,
    EpochFinished,
    Event,
    ImageSkipped,
    NoticeGiven,
    NoticeLevel,
    RunStarted,
    StageStarted,
)
from petstudio.config.recipe import BatchNorm, Stage
from petstudio.engine.building import (
    FEWEST_IN_BATCH,
    build_network,
    choose_setting,
    open_pictures,
)
from petstudio.engine.compiling import BackgroundCompiler, compiler_for
from petstudio.engine.devices import gradient_scaler
from petstudio.engine.evaluation import Predictions, measure
from petstudio.engine.feeds import FeatureFeed, Feed, PictureFeed
from petstudio.engine.frozen import feature_files
from petstudio.engine.global_batch import CurrentBatch
from petstudio.engine.input.batches import Batch, full_chunks
from petstudio.engine.input.draws import epoch_order, step_seed
from petstudio.engine.network import (
    first_trainable,
    freeze,
    group_plans,
    set_training_mode,
)
from petstudio.engine.optimiser import Optimiser, group_rates
from petstudio.engine.plan import StagePlan, TrainingData, TrainingPlan
from petstudio.engine.processes import ALONE, Processes, is_cancelled
from petstudio.engine.reporting import StepPlace, StepReporter
from petstudio.engine.shared_step import SharedStep
from petstudio.engine.smoothing import SmoothedLoss
from petstudio.engine.stepping import Step
from petstudio.engine.validating import validate


@dataclass(kw_only=True)
class _Progress:
    """Where a run stands; counts over all stages."""

    step: int = 0
    epoch: int = 0


@dataclass(frozen=True, kw_only=True)
class _StageRun:
    """One stage in work."""

    index: int
    plan: StagePlan
    optimiser: Optimiser
    schedule: Callable[[int], SchedulePoint]
    first: int
    feed: Feed
    step: Step | SharedStep
    compiler: BackgroundCompiler | None


class Trainer:
    """Runs a plan on data. After `run`, or when it was cancelled, `network` holds the result.

    All of several processes do the same; each has a part of every batch, and the first one tells.
    """

    def __init__(
        self, plan: TrainingPlan, data: TrainingData, processes: Processes = ALONE
    ) -> None:
        self._plan = plan
        self._data = data
        self._emit: Emit = _say_nothing
        self._control = RunControl()
        self._recipe = plan.recipe
        self._processes = processes
        self._setting = choose_setting(plan.recipe, len(data.train), processes)
        self._scaler = gradient_scaler(self._setting.device, self._setting.precision)
        self._reporter = StepReporter(_say_nothing, self._setting.device, SmoothedLoss())
        self._progress = _Progress()
        self._reported: dict[str, ImageError] = {}
        self._current = CurrentBatch()
        self.network = build_network(plan, len(data.classes), self._setting, self._current)

    @property
    def steps_done(self) -> int:
        """How many optimiser steps have been taken."""
        return self._progress.step

    def run(self, number: int, folder: str, emit: Emit, control: RunControl) -> Predictions:
        """Train all stages and return the predictions for the validation pictures.

        Raises:
            RunCancelledError: the control was cancelled; the network keeps what it learned.
            DivergedError: the loss is not a number any more.
        """
        self._emit, self._control = emit, control
        self._reporter = StepReporter(emit, self._setting.device, SmoothedLoss())
        with ExitStack() as stack:
            self._announce(number, folder)
            pictures = open_pictures(
                self._plan,
                self._data,
                self.network,
                self._setting,
                stack,
                skipped=self._skip,
                notice=self._warn,
            )
            predictions = None
            for index, plan in enumerate(self._plan.stages):
                predictions = self._run_stage(index, plan, pictures)
        if predictions is None:
            raise InputError("The recipe has no stages.", cure="Add a stage.")
        return predictions

    def _announce(self, number: int, folder: str) -> None:
        setting = self._setting
        if setting.notice:
            self._warn(setting.notice)
        epochs = sum(plan.stage.epochs for plan in self._plan.stages)
        self._emit(
            RunStarted(
                run=number,
                folder=folder,
                architecture=self._recipe.model.architecture,
                classes=self._data.classes,
                train=len(self._data.train),
                valid=len(self._data.valid),
                batch_size=setting.batch_size,
                steps=epochs * self._steps_per_epoch(),
                device=self._processes.names(setting.device),
                precision=setting.precision.value,
                threads=setting.threads,
            )
        )

    def _steps_per_epoch(self) -> int:
        return len(self._data.train) // self._setting.batch_size

    def _run_stage(self, index: int, plan: StagePlan, pictures: PictureFeed) -> Predictions:
        stage_run = self._begin_stage(index, plan, pictures)
        for epoch in range(plan.stage.epochs):
            started = time.monotonic()
            mean_loss = self._run_epoch(stage_run, epoch)
            predictions = self._validate(stage_run.feed)
            self._emit(
                EpochFinished(
                    stage=index,
                    epoch=epoch,
                    step=self._progress.step,
                    train_loss=self._reporter.smoothed_loss,
                    mean_train_loss=mean_loss,
                    valid_loss=predictions.loss,
                    metrics=self._measure(predictions),
                    seconds=time.monotonic() - started,
                )
            )
            self._progress.epoch += 1
            rest_s = (plan.stage.epochs - 1 - epoch) * (time.monotonic() - started)
            self._go_on_compiled(stage_run, rest_s)
        return predictions

    def _begin_stage(self, index: int, plan: StagePlan, pictures: PictureFeed) -> _StageRun:
        stage, groups = plan.stage, self.network.groups
        first = first_trainable(groups, stage.trainable)
        freeze(self.network, first, stage.batchnorm)
        rates = group_rates(stage.rate, len(groups))
        per_epoch = self._steps_per_epoch()
        schedule = plan.scheduler.build(
            plan.options,
            SchedulePlan(steps=stage.epochs * per_epoch, steps_per_epoch=per_epoch),
        )
        self._emit(
            StageStarted(
                stage=index,
                name=stage.name,
                epochs=stage.epochs,
                steps_per_epoch=per_epoch,
                scheduler=stage.scheduler,
                groups=group_plans(groups, rates),
            )
        )
        feed = self._feed(plan.stage, first, pictures)
        return _StageRun(
            index=index,
            plan=plan,
            optimiser=Optimiser(groups, rates, self._recipe.training.weight_decay),
            schedule=schedule,
            first=first,
            feed=feed,
            step=self._step(feed),
            compiler=self._compiler(feed),
        )

    def _step(self, feed: Feed) -> Step | SharedStep:
        precision = self._setting.precision
        if self._processes.is_alone:
            return Step(self.network, feed.learn, precision, self._scaler, notice=self._warn)
        return SharedStep(feed.learn, precision, self._scaler, self._processes, self._current)

    def _go_on_compiled(self, stage_run: _StageRun, rest_s: float) -> None:
        """Let a long stage on a GPU be compiled beside it, and use the result once it is there."""
        if stage_run.compiler is None or not isinstance(stage_run.step, Step):
            return
        compiled = stage_run.compiler.after_epoch(rest_s)
        if compiled is not None:
            stage_run.step.use(compiled)

    def _compiler(self, feed: Feed) -> BackgroundCompiler | None:
        if not isinstance(feed, PictureFeed):
            return None
        shape = (self._setting.own_batch_size, self._recipe.input.final_size)
        return compiler_for(self.network, self._setting.precision, shape)

    def _feed(self, stage: Stage, first: int, pictures: PictureFeed) -> Feed:
        sizes = self._recipe.input
        pictures.start_stage(lambda epoch: sizes.size_in_epoch(epoch, stage.epochs))
        only_head = first == len(self.network.groups) - 1
        if not only_head or stage.batchnorm is not BatchNorm.FROZEN:
            return pictures
        processes = self._processes
        files = feature_files(
            self.network.body,
            self._plan,
            self._data,
            self._setting.precision,
            may_write=processes.is_first,
        )
        return FeatureFeed(pictures, views=stage.views, files=files, processes=processes)

    def _run_epoch(self, stage_run: _StageRun, epoch: int) -> float:
        set_training_mode(self.network, stage_run.first, stage_run.plan.stage.batchnorm)
        order = epoch_order(self._recipe.seed, self._progress.epoch, len(self._data.train))
        whole = full_chunks(order, self._setting.batch_size)
        chunks = [self._processes.share(chunk) for chunk in whole]
        self._reporter.start_epoch()
        with closing(stage_run.feed.training(chunks, epoch, self._progress.epoch)) as batches:
            for within, batch in enumerate(batches):
                self._meet(len(batch))
                point = stage_run.schedule(epoch * self._steps_per_epoch() + within)
                self._take_step(stage_run, epoch, batch, point)
        return self._reporter.end_epoch()

    def _take_step(
        self, stage_run: _StageRun, epoch: int, batch: Batch, point: SchedulePoint
    ) -> None:
        step, optimiser = self._progress.step, stage_run.optimiser
        self._progress.step += 1
        if self._current.rows.total < FEWEST_IN_BATCH:
            return
        torch.manual_seed(step_seed(self._recipe.seed, step))
        loss = stage_run.step(batch)
        optimiser.follow(point)
        place = StepPlace(
            stage=stage_run.index,
            epoch=epoch,
            step=step,
            rate=optimiser.rate,
            momentum=point.momentum,
            images=self._current.rows.total,
        )
        if self._processes.is_first:
            # Told first: on a CPU a loss that is no number stops the run before the weights change.
            self._reporter.add(place, loss)
        optimiser.step(self._scaler)

    def _validate(self, feed: Feed) -> Predictions:
        predictions = validate(self.network, feed, self._data.valid, self._setting, self._control)
        for error in chain.from_iterable(self._processes.gather(tuple(self._reported.values()))):
            self._skip(error)
        return predictions

    def _measure(self, predictions: Predictions) -> dict[str, float]:
        return measure(predictions, self._plan.metrics) if self._processes.is_first else {}

    def _meet(self, images: int) -> None:
        """Wait while paused, which is nobody's speed, and for the other processes."""
        before = time.monotonic()
        cancelled = is_cancelled(self._control)
        self._reporter.leave_out(time.monotonic() - before)
        self._current.rows = self._processes.meet(images, cancelled=cancelled)

    def _skip(self, error: ImageError) -> None:
        if error.path not in self._reported:
            self._reported[error.path] = error
            self._emit(ImageSkipped(path=error.path, reason=error.reason.value))

    def _warn(self, message: str) -> None:
        self._emit(NoticeGiven(level=NoticeLevel.WARNING, message=message))


def _say_nothing(event: Event) -> None:
    """Where events go before the run has begun."""
