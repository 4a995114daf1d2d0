"""The training loop: stages of epochs of steps; says what happens, asks nothing."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from typing import Final

import torch

from petstudio.api.contributions import SchedulePlan, SchedulePoint
from petstudio.api.control import RunControl
from petstudio.api.errors import DivergedError, ImageError, InputError
from petstudio.api.events import (
    Emit,
    EpochFinished,
    Event,
    GroupPlan,
    ImageSkipped,
    NoticeGiven,
    NoticeLevel,
    RunStarted,
    StageStarted,
    StepFinished,
)
from petstudio.engine.devices import (
    autocast,
    choose_device,
    choose_precision,
    gradient_scaler,
    leave_a_core,
)
from petstudio.engine.evaluation import Predictions, measure, predict_batches
from petstudio.engine.input.batches import Augmenter, Batch, BatchSource, ImageSet
from petstudio.engine.input.draws import epoch_order, step_seed
from petstudio.engine.input.sampler import Sampler
from petstudio.engine.input.store import ImageStore, short_side_for
from petstudio.engine.network import Network, first_trainable, freeze, set_training_mode
from petstudio.engine.optimiser import Optimiser, cross_entropy, group_rates
from petstudio.engine.plan import StagePlan, TrainingData, TrainingPlan
from petstudio.engine.smoothing import SmoothedLoss
from petstudio.engine.weights import load_body_weights

_CLOCK_STEP_S: Final = 1e-6
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
        self._smoothed = SmoothedLoss()
        self._progress = _Progress()
        self._reported: set[str] = set()
        self._augmenter = Augmenter(seed=self._recipe.seed, augmentations=plan.augmentations)
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
        with ExitStack() as stack:
            train = self._source(self._data.train, stack)
            valid = self._source(self._data.valid, stack)
            self._announce(number, folder)
            predictions = None
            for index, plan in enumerate(self._plan.stages):
                predictions = self._run_stage(index, plan, train, valid)
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

    def _source(self, images: ImageSet, stack: ExitStack) -> BatchSource:
        choice = self._recipe.input
        store = stack.enter_context(ImageStore(images.paths, short_side_for(choice.size)))
        return BatchSource(
            images=images,
            store=store,
            sampler=Sampler(
                size=choice.size, resize=choice.resize, mean=self._plan.mean, std=self._plan.std
            ),
            device=self._device,
            skipped=self._skip,
        )

    def _announce(self, number: int, folder: str) -> None:
        wanted = self._recipe.training.batch_size
        if self._batch_size < wanted:
            message = (
                f"The batch size is {self._batch_size} instead of {wanted}: "
                "there are no more training pictures."
            )
            self._emit(NoticeGiven(level=NoticeLevel.WARNING, message=message))
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

    def _run_stage(
        self, index: int, plan: StagePlan, train: BatchSource, valid: BatchSource
    ) -> Predictions:
        stage_run = self._begin_stage(index, plan)
        for epoch in range(plan.stage.epochs):
            started = time.monotonic()
            mean_loss = self._run_epoch(stage_run, epoch, train)
            predictions = self._validate(valid)
            self._emit(
                EpochFinished(
                    stage=index,
                    epoch=epoch,
                    step=self._progress.step,
                    train_loss=self._smoothed.value,
                    mean_train_loss=mean_loss,
                    valid_loss=predictions.loss,
                    metrics=measure(predictions, self._plan.metrics),
                    seconds=time.monotonic() - started,
                )
            )
            self._progress.epoch += 1
        return predictions

    def _begin_stage(self, index: int, plan: StagePlan) -> _StageRun:
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
                groups=tuple(
                    GroupPlan(
                        name=group.name,
                        parameters=group.count(),
                        trainable=group.trainable(),
                        rate=rate if group.trainable() else 0.0,
                    )
                    for group, rate in zip(groups, rates, strict=True)
                ),
            )
        )
        optimiser = Optimiser(groups, rates, self._recipe.training.weight_decay)
        return _StageRun(
            index=index, plan=plan, optimiser=optimiser, schedule=schedule, first=first
        )

    def _run_epoch(self, stage_run: _StageRun, epoch: int, train: BatchSource) -> float:
        set_training_mode(self.network, stage_run.first, stage_run.plan.stage.batchnorm)
        order = epoch_order(self._recipe.seed, self._progress.epoch, len(train.images))
        with closing(
            train.training(order, self._batch_size, self._progress.epoch, self._augmenter)
        ) as batches:
            losses = list(self._steps(stage_run, epoch, batches))
        return math.fsum(losses) / len(losses) if losses else math.nan

    def _steps(self, stage_run: _StageRun, epoch: int, batches: Iterator[Batch]) -> Iterator[float]:
        clock = time.monotonic()
        for within, batch in enumerate(batches):
            clock += self._wait_if_paused()
            point = stage_run.schedule(epoch * self._steps_per_epoch() + within)
            stage_run.optimiser.follow(point)
            step = self._progress.step
            self._progress.step += 1
            if len(batch.indices) < _FEWEST_IN_BATCH:
                continue
            loss = self._step(stage_run.optimiser, batch, step)
            started, clock = clock, time.monotonic()
            self._emit(
                StepFinished(
                    stage=stage_run.index,
                    epoch=epoch,
                    step=step,
                    loss=loss,
                    smoothed_loss=self._smoothed.add(loss),
                    rate=stage_run.optimiser.rate,
                    momentum=point.momentum,
                    images_per_second=len(batch.indices) / max(clock - started, _CLOCK_STEP_S),
                )
            )
            yield loss

    def _step(self, optimiser: Optimiser, batch: Batch, step: int) -> float:
        torch.manual_seed(step_seed(self._recipe.seed, step))
        with autocast(self._device, self._precision):
            logits = self.network(batch.images)
        loss = cross_entropy(logits, batch.targets)
        value = loss.item()
        if not math.isfinite(value):
            raise DivergedError(
                f"The loss is not a number any more at step {step + 1}, "
                f"at a learning rate of {optimiser.rate:.1e}.",
                cure="Lower the learning rate of this stage.",
            )
        self._scaler.scale(loss).backward()  # type: ignore[no-untyped-call]
        optimiser.step(self._scaler)
        return value

    def _validate(self, valid: BatchSource) -> Predictions:
        keys = self._data.valid.keys
        with closing(valid.plain(self._batch_size)) as batches:
            return predict_batches(self.network, batches, keys, self._precision, self._control)

    def _wait_if_paused(self) -> float:
        """Return the seconds spent in a pause, which are nobody's speed."""
        before = time.monotonic()
        self._control.checkpoint()
        return time.monotonic() - before

    def _skip(self, error: ImageError) -> None:
        if error.path not in self._reported:
            self._reported.add(error.path)
            self._emit(ImageSkipped(path=error.path, reason=error.reason.value))


def _say_nothing(event: Event) -> None:
    """Where events go before the run has begun."""
