"""What training works on: network, pictures and setting, from which stages are made ready."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import ExitStack
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from petstudio.api.errors import ImageError, InputError
from petstudio.api.events import GroupPlan
from petstudio.api.language import tr
from petstudio.config.recipe import BatchNorm, Stage
from petstudio.engine.building import (
    build_network,
    choose_setting,
    open_pictures,
)
from petstudio.engine.checkpoint import Checkpoint, Conditions
from petstudio.engine.compiling import BackgroundCompiler, compiler_for
from petstudio.engine.criterion import Criterion, class_weights
from petstudio.engine.devices import engine_version, gradient_scaler
from petstudio.engine.feeds import FeatureFeed, Feed, PictureFeed
from petstudio.engine.frozen import feature_files
from petstudio.engine.global_batch import CurrentBatch
from petstudio.engine.input.batches import Batch, full_chunks
from petstudio.engine.input.draws import epoch_order
from petstudio.engine.layer_groups import group_rates
from petstudio.engine.mixing import mixed
from petstudio.engine.network import first_trainable, freeze, group_plans, set_training_mode
from petstudio.engine.optimiser import Optimiser
from petstudio.engine.plan import TrainingData, TrainingPlan
from petstudio.engine.processes import ALONE, Processes
from petstudio.engine.shared_step import SharedStep
from petstudio.engine.stepping import Numbers, Step


@dataclass(frozen=True, kw_only=True)
class ReadyStage:
    """A stage that can be trained: its groups are frozen or not, its optimiser is fresh."""

    stage: Stage
    first: int
    groups: tuple[GroupPlan, ...]
    optimiser: Optimiser
    feed: Feed
    step: Step | SharedStep
    compiler: BackgroundCompiler | None


class Workbench:
    """One network and its pictures; all of several processes have one each.

    Where it is to `start` from a checkpoint with a training state, it computes as that one did.
    """

    def __init__(
        self,
        plan: TrainingPlan,
        data: TrainingData,
        processes: Processes = ALONE,
        start: Checkpoint | None = None,
    ) -> None:
        """Raises InputError where the recipe, the pictures and the machine do not fit."""
        self.plan = plan
        self.data = data
        self.processes = processes
        goes_on = start is not None and start.training is not None
        self.setting = choose_setting(
            plan.recipe, len(data.train), processes, start.conditions if start and goes_on else None
        )
        if not processes.is_alone:
            _require_sharable(plan)
        self.scaler = gradient_scaler(self.setting.device, self.setting.precision)
        self.current = CurrentBatch()
        self.network = build_network(plan, data.classes, self.setting, self.current, start)
        self._pictures: PictureFeed | None = None

    @property
    def conditions(self) -> Conditions:
        """What has to be the same for the same bits."""
        setting = self.setting
        return Conditions(
            precision=setting.precision,
            batch_size=setting.batch_size,
            threads=setting.threads,
            device=setting.device.type,
            torch=engine_version(),
        )

    @property
    def steps_per_epoch(self) -> int:
        """How many whole batches the training pictures make."""
        return len(self.data.train) // self.setting.batch_size

    def epochs_before(self, stage: int) -> int:
        """How many epochs a run has done when a stage of its recipe begins."""
        return sum(plan.stage.epochs for plan in self.plan.stages[:stage])

    def open(
        self,
        stack: ExitStack,
        *,
        skipped: Callable[[ImageError], None],
        notice: Callable[[str], None],
    ) -> None:
        """Get at the pictures; `stack` closes their stores."""
        self._pictures = open_pictures(
            self.plan, self.data, self.network, self.setting, stack, skipped=skipped, notice=notice
        )

    def ready(
        self,
        index: int,
        *,
        pieces: int,
        divided: Callable[[int, int], None],
        rate: float | None = None,
    ) -> ReadyStage:
        """Make the network ready for a stage; with `rate`, at that one in every trainable group."""
        stage, groups = self.plan.stages[index].stage, self.network.groups
        first = first_trainable(groups, stage.trainable)
        freeze(self.network, first, stage.batchnorm)
        rates = group_rates(stage.rate if rate is None else (rate,), len(groups))
        decay = self.plan.recipe.training.weight_decay
        feed = self._feed(stage, first)
        return ReadyStage(
            stage=stage,
            first=first,
            groups=group_plans(groups, rates),
            optimiser=Optimiser(
                groups,
                rates,
                decay if stage.weight_decay is None else stage.weight_decay,
                clip=stage.clip_gradient,
            ),
            feed=feed,
            step=self._step(stage, feed, pieces, divided),
            compiler=self._compiler(feed),
        )

    def batches(
        self, ready: ReadyStage, stage_epoch: int, epoch: int, *, done: int = 0
    ) -> Generator[Batch, None, None]:
        """Yield this process's part of an epoch's batches, without the first `done`.

        The network is in training mode from now on. Epochs count within the stage and over the run.
        """
        set_training_mode(self.network, ready.first, ready.stage.batchnorm)
        chunks = self._chunks(epoch)
        return ready.feed.training(chunks, stage_epoch, epoch, done=done)

    def catch_up(self, ready: ReadyStage, epochs: int, first_epoch: int) -> None:
        """Bring the feed to where it is after so many epochs of the stage."""
        for stage_epoch in range(epochs):
            chunks = self._chunks(first_epoch + stage_epoch)
            numbers = (stage_epoch, first_epoch + stage_epoch)
            for _ in ready.feed.training(chunks, *numbers, done=len(chunks)):
                raise AssertionError("there is no batch behind the last one")

    def changed(self, batch: Batch, stage: Stage, step: int) -> Batch:
        """Return the batch as the stage learns from it: mixed, where that is asked for."""
        if not stage.mixup:
            return batch
        classes, seed = len(self.data.classes), self.plan.recipe.seed
        return mixed(batch, stage.mixup, classes, seed=seed, step=step)

    def _chunks(self, epoch: int) -> list[NDArray[np.int64]]:
        order = epoch_order(self.plan.recipe.seed, epoch, len(self.data.train))
        return [self.processes.share(c) for c in full_chunks(order, self.setting.batch_size)]

    def _feed(self, stage: Stage, first: int) -> Feed:
        pictures = self._pictures
        assert pictures is not None, "open() comes first"
        sizes = self.plan.recipe.input
        pictures.start_stage(lambda epoch: sizes.size_in_epoch(epoch, stage.epochs))
        only_head = first == len(self.network.groups) - 1
        # Mixed pictures are new ones in every batch, so their features could not be kept.
        if not only_head or stage.batchnorm is not BatchNorm.FROZEN or stage.mixup:
            return pictures
        files = feature_files(
            self.network.body,
            self.plan,
            self.data,
            self.setting.precision,
            may_write=self.processes.is_first,
        )
        return FeatureFeed(pictures, views=stage.views, files=files, processes=self.processes)

    def _step(
        self, stage: Stage, feed: Feed, pieces: int, divided: Callable[[int, int], None]
    ) -> Step | SharedStep:
        data, choice = self.data, self.plan.recipe.training.class_weights
        device = self.setting.device
        weights = class_weights(choice, data.train.targets, len(data.classes), device)
        numbers = Numbers(
            criterion=Criterion(smoothing=stage.label_smoothing, weights=weights),
            precision=self.setting.precision,
            scaler=self.scaler,
        )
        if self.processes.is_alone:
            return Step(self.network, feed.learn, numbers, pieces=pieces, divided=divided)
        return SharedStep(feed.learn, numbers, self.processes, self.current)

    def _compiler(self, feed: Feed) -> BackgroundCompiler | None:
        if not isinstance(feed, PictureFeed):
            return None
        shape = (self.setting.own_batch_size, self.plan.recipe.input.final_size)
        return compiler_for(self.network, self.setting.precision, shape)


def _require_sharable(plan: TrainingPlan) -> None:
    """Refuse what one process would need to know of the others' pictures for."""
    if plan.recipe.training.accumulate > 1:
        what = "training.accumulate"
    elif any(plan.stage.mixup for plan in plan.stages):
        what = "mixup"
    else:
        return
    raise InputError(
        tr("{what} does not work in several processes.", what=what),
        cure=tr("Train on one device, or leave it out; more processes make larger batches."),
    )
