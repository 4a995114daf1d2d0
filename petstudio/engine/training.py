"""The training loop: stages of epochs of steps; says what happens, asks nothing."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import ExitStack, closing
from dataclasses import dataclass
from typing import Final

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
from petstudio.engine.devices import DTYPES, choose_device, gradient_scaler, leave_a_core
from petstudio.engine.evaluation import Predictions, measure, predict_batches
from petstudio.engine.feeds import FeatureFeed, Feed, PictureFeed
from petstudio.engine.frozen import feature_files
from petstudio.engine.input.batches import Augmenter, Batch, full_chunks
from petstudio.engine.input.draws import epoch_order, step_seed
from petstudio.engine.input.sources import SourcePlan, open_source
from petstudio.engine.network import (
    Network,
    first_trainable,
    freeze,
    group_plans,
    set_training_mode,
)
from petstudio.engine.optimiser import Optimiser, group_rates
from petstudio.engine.plan import StagePlan, TrainingData, TrainingPlan
from petstudio.engine.precision import choose_precision
from petstudio.engine.reporting import StepPlace, StepReporter
from petstudio.engine.smoothing import SmoothedLoss
from petstudio.engine.stepping import Step
from petstudio.engine.trial import free_after_a_step
from petstudio.engine.weights import load_body_weights

_FEWEST_IN_BATCH: Final = 2  # BatchNorm in the head needs two pictures


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
    step: Step


class Trainer:
    """Runs a plan on data. After `run`, or when it was cancelled, `network` holds the result."""

    def __init__(self, plan: TrainingPlan, data: TrainingData) -> None:
        self._plan = plan
        self._data = data
        self._emit: Emit = _say_nothing
        self._control = RunControl()
        self._recipe = plan.recipe
        self._threads = leave_a_core()
        self._device = choose_device(plan.recipe.training.device)
        self._precision = choose_precision(plan.recipe.training.precision, self._device)
        self._batch_size = self._fitting_batch_size()
        self._scaler = gradient_scaler(self._device, self._precision)
        self._reporter = StepReporter(_say_nothing, self._device, SmoothedLoss())
        self._progress = _Progress()
        self._reported: set[str] = set()
        self.network = self._build_network()

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
        self._reporter = StepReporter(emit, self._device, SmoothedLoss())
        with ExitStack() as stack:
            self._announce(number, folder)
            pictures = self._open_pictures(stack)
            predictions = None
            for index, plan in enumerate(self._plan.stages):
                predictions = self._run_stage(index, plan, pictures)
        if predictions is None:
            raise InputError("The recipe has no stages.", cure="Add a stage.")
        return predictions

    def _build_network(self) -> Network:
        torch.manual_seed(self._recipe.seed)
        body = self._plan.architecture.build(self._plan.architecture_options)
        network = Network(body, len(self._data.classes))
        if self._plan.weights is not None:
            load_body_weights(network.body, self._plan.weights)
        return network.to(self._device, memory_format=torch.channels_last)  # type: ignore[call-overload, no-any-return]

    def _fitting_batch_size(self) -> int:
        wanted, count = self._recipe.training.batch_size, len(self._data.train)
        if count < _FEWEST_IN_BATCH or wanted < _FEWEST_IN_BATCH:
            raise InputError(
                f"Training needs at least {_FEWEST_IN_BATCH} pictures in a batch; there are "
                f"{count} training pictures and the batch size is {wanted}.",
                cure="Add pictures, or raise the batch size.",
            )
        return min(wanted, count)

    def _open_pictures(self, stack: ExitStack) -> PictureFeed:
        choice = self._recipe.input
        free = free_after_a_step(self.network, self._batch_size, choice.final_size, self._precision)
        plan = SourcePlan(
            choice=choice,
            mean=self._plan.mean,
            std=self._plan.std,
            store=self._plan.store,
            batch_size=self._batch_size,
            device=self._device,
            dtype=DTYPES[self._precision],
            free=free,
            skipped=self._skip,
            notice=self._warn,
        )
        train, valid = self._data.train, self._data.valid
        share = len(train) / (len(train) + len(valid))
        sources = (
            open_source(plan, train, stack, share=share),
            open_source(plan, valid, stack, share=1 - share),
        )
        augmenter = Augmenter(seed=self._recipe.seed, augmentations=self._plan.augmentations)
        return PictureFeed(self.network, self._precision, sources, augmenter, self._batch_size)

    def _announce(self, number: int, folder: str) -> None:
        wanted = self._recipe.training.batch_size
        if self._batch_size < wanted:
            self._warn(
                f"The batch size is {self._batch_size} instead of {wanted}: "
                "there are no more training pictures."
            )
        epochs = sum(plan.stage.epochs for plan in self._plan.stages)
        self._emit(
            RunStarted(
                run=number,
                folder=folder,
                architecture=self._recipe.model.architecture,
                classes=self._data.classes,
                train=len(self._data.train),
                valid=len(self._data.valid),
                batch_size=self._batch_size,
                steps=epochs * self._steps_per_epoch(),
                device=str(self._device),
                precision=self._precision.value,
                threads=self._threads,
            )
        )

    def _steps_per_epoch(self) -> int:
        return len(self._data.train) // self._batch_size

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
                    metrics=measure(predictions, self._plan.metrics),
                    seconds=time.monotonic() - started,
                )
            )
            self._progress.epoch += 1
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
            step=Step(self.network, feed.learn, self._precision, self._scaler, notice=self._warn),
        )

    def _feed(self, stage: Stage, first: int, pictures: PictureFeed) -> Feed:
        sizes = self._recipe.input
        pictures.start_stage(lambda epoch: sizes.size_in_epoch(epoch, stage.epochs))
        only_head = first == len(self.network.groups) - 1
        if not only_head or stage.batchnorm is not BatchNorm.FROZEN:
            return pictures
        files = feature_files(self.network.body, self._plan, self._data, self._precision)
        return FeatureFeed(pictures, views=stage.views, files=files)

    def _run_epoch(self, stage_run: _StageRun, epoch: int) -> float:
        set_training_mode(self.network, stage_run.first, stage_run.plan.stage.batchnorm)
        order = epoch_order(self._recipe.seed, self._progress.epoch, len(self._data.train))
        chunks = full_chunks(order, self._batch_size)
        self._reporter.start_epoch()
        with closing(stage_run.feed.training(chunks, epoch, self._progress.epoch)) as batches:
            for within, batch in enumerate(batches):
                self._reporter.leave_out(self._wait_if_paused())
                point = stage_run.schedule(epoch * self._steps_per_epoch() + within)
                self._take_step(stage_run, epoch, batch, point)
        return self._reporter.end_epoch()

    def _take_step(
        self, stage_run: _StageRun, epoch: int, batch: Batch, point: SchedulePoint
    ) -> None:
        step, optimiser = self._progress.step, stage_run.optimiser
        self._progress.step += 1
        if len(batch) < _FEWEST_IN_BATCH:
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
            images=len(batch),
        )
        # Told first: on a CPU a loss that is no number stops the run before the weights change.
        self._reporter.add(place, loss)
        optimiser.step(self._scaler)

    def _validate(self, feed: Feed) -> Predictions:
        self.network.eval()
        with closing(feed.validation()) as batches:
            return predict_batches(
                feed.judge(), self.network.classes, batches, self._data.valid.keys, self._control
            )

    def _wait_if_paused(self) -> float:
        """Return the seconds spent in a pause, which are nobody's speed."""
        before = time.monotonic()
        self._control.checkpoint()
        return time.monotonic() - before

    def _skip(self, error: ImageError) -> None:
        if error.path not in self._reported:
            self._reported.add(error.path)
            self._emit(ImageSkipped(path=error.path, reason=error.reason.value))

    def _warn(self, message: str) -> None:
        self._emit(NoticeGiven(level=NoticeLevel.WARNING, message=message))


def _say_nothing(event: Event) -> None:
    """Where events go before the run has begun."""
