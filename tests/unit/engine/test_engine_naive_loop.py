"""The training loop gives the losses of a loop that was written without any shortcut."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, replace
from itertools import accumulate

import numpy as np
import pytest
from engine_fixtures import TINY, build_tiny, make_plan
from naive_loop import (
    NaiveNetwork,
    NaiveResult,
    NaiveStage,
    naive_training,
    one_cycle,
    resnet18_body,
    tiny_body,
)
from torch import nn

from petstudio.api import Body, NoOptions, RunControl
from petstudio.api.events import EpochFinished, StepFinished
from petstudio.config.recipe import BatchNorm, InputChoice, Stage
from petstudio.engine.building import choose_setting, open_pictures
from petstudio.engine.input.batches import full_chunks, in_order
from petstudio.engine.input.draws import epoch_order, step_seed
from petstudio.engine.plan import StagePlan, TrainingData, TrainingPlan
from petstudio.engine.processes import ALONE
from petstudio.engine.training import Listener, Trainer
from petstudio.plugins.resnets import petstudio_architectures
from petstudio.plugins.schedules import petstudio_schedulers
from petstudio.plugins.tutorial_augmentation import TutorialOptions, petstudio_augmentations

TOLERANCE = 1e-5  # relative, in float32
# With random weights and this few pictures float32 knows no better: the naive loop's own losses
# were 3e-5 away from those that it gives in float64.
RESNET_TOLERANCE = 1e-4
LEAST_STEPS = 30
SCHEDULERS = {scheduler.key: scheduler for scheduler in petstudio_schedulers()}
TINY_GROUPS = (
    ("body.conv1.", "body.bn1."),
    ("body.conv2.", "body.bn2.", "body.conv3."),
    ("head.",),
)
RESNET_GROUPS = (
    ("body.conv1.", "body.bn1.", "body.layer1.", "body.layer2."),
    ("body.layer3.", "body.layer4."),
    ("head.",),
)
FROZEN = {"trainable": "head", "batchnorm": BatchNorm.FROZEN}
ALL = {"trainable": "all", "rate": (5e-4,)}

# Stages by case, as they differ from: all groups train at a constant rate of 0.0005, 12 epochs.
CASES: dict[str, list[dict]] = {
    "frozen head": [FROZEN],
    "frozen head, two views": [{**FROZEN, "views": 2}],
    "head, BatchNorm adapts": [{"trainable": "head", "batchnorm": BatchNorm.ADAPT}],
    "head, BatchNorm trains": [{"trainable": "head", "batchnorm": BatchNorm.TRAIN}],
    "partly unfrozen": [{"trainable": "top", "batchnorm": BatchNorm.FROZEN}],
    "partly unfrozen, BatchNorm trains": [{"trainable": "top", "batchnorm": BatchNorm.TRAIN}],
    "all, discriminative rates": [{"trainable": "all", "rate": (1e-5, 1e-3)}],
    "all, one-cycle": [{"trainable": "all", "rate": (1e-5, 1e-3), "scheduler": "one-cycle"}],
    "frozen head, then all": [
        {**FROZEN, "epochs": 4, "scheduler": "one-cycle"},
        {"trainable": "all", "rate": (1e-5, 1e-3), "epochs": 8, "scheduler": "one-cycle"},
    ],
}


@pytest.fixture(scope="module")
def puzzling_data(coloured_data: TrainingData) -> TrainingData:
    """Pictures with labels by lot: losses stay near one, where a relative difference says most."""
    draw = np.random.default_rng(1)
    train, valid = coloured_data.train, coloured_data.valid
    return replace(
        coloured_data,
        train=replace(train, targets=draw.permutation(train.targets)),
        valid=replace(valid, targets=draw.permutation(valid.targets)),
    )


def build_body(options: NoOptions) -> Body:
    """The tiny network with its bias where it counts.

    A bias before BatchNorm has no gradient but rounding, which AdamW makes visible: both loops then
    differ by 1e-4 and are both right.
    """
    tiny = build_tiny(options)
    assert isinstance(tiny.module, nn.Sequential)
    tiny.module.conv2 = nn.Conv2d(8, 16, 3, stride=2, padding=1, bias=False)
    tiny.module.add_module("conv3", nn.Sequential(nn.Conv2d(16, 16, 1), nn.ReLU()))
    stem, top = tiny.groups
    return replace(tiny, groups=(stem, replace(top, modules=(*top.modules, "conv3"))))


@dataclass(frozen=True, kw_only=True)
class Compared:
    """Both loops' figures of one plan."""

    theirs: NaiveResult
    losses: list[float]
    valid_losses: list[float]
    accuracies: list[float]

    @property
    def largest_difference(self) -> float:
        """The largest relative difference of a training or validation loss."""
        ours = self.losses + self.valid_losses
        theirs = self.theirs.losses + self.theirs.valid_losses
        return max(abs(a - b) / abs(b) for a, b in zip(ours, theirs, strict=True))


def plan_of(stages: list[dict], decay: float = 0.01) -> TrainingPlan:
    plan = make_plan(epochs=12, **ALL)
    made = []
    for changes in stages:
        stage = replace(plan.recipe.stages[0], **{"scheduler": "constant", **changes})
        scheduler = SCHEDULERS[stage.scheduler]
        made.append(StagePlan(stage=stage, scheduler=scheduler, options=scheduler.options()))
    recipe = replace(
        plan.recipe,
        stages=tuple(each.stage for each in made),
        training=replace(plan.recipe.training, weight_decay=decay),
    )
    augmentation = petstudio_augmentations()[0]
    return replace(
        plan,
        recipe=recipe,
        stages=tuple(made),
        architecture=replace(TINY, build=build_body),
        augmentations=((augmentation, TutorialOptions()),),
    )


def pictures_of(plan: TrainingPlan, data: TrainingData):
    """Return the pictures as the network gets them: batches by stage and epoch, and validation."""
    recipe = plan.recipe
    setting = choose_setting(recipe, len(data.train), ALONE)
    network = Trainer(plan, data).network
    epoch, stages = 0, []
    with ExitStack() as stack:
        feed = open_pictures(
            plan, data, network, setting, stack, skipped=pytest.fail, notice=pytest.fail
        )
        for stage in recipe.stages:
            epochs = []
            for within in range(stage.epochs):
                order = epoch_order(recipe.seed, epoch, len(data.train))
                view = epoch - within + within % stage.views if stage.views else epoch
                chunks = full_chunks(order, setting.batch_size)
                batches = feed.training(chunks, within, view)
                epochs.append([(b.images.clone(), b.targets.clone()) for b in batches])
                epoch += 1
            stages.append(epochs)
        chunks = in_order(len(data.valid), setting.batch_size)
        valid = [(b.images.clone(), b.targets.clone()) for b in feed.validation(chunks)]
    return stages, valid


def naive_stages(plan: TrainingPlan, pictures) -> list[NaiveStage]:
    recipe = plan.recipe
    steps = [sum(len(batches) for batches in epochs) for epochs in pictures]
    starts = [end - count for end, count in zip(accumulate(steps), steps, strict=True)]
    return [
        NaiveStage(
            epochs=epochs,
            points=one_cycle(count) if stage.scheduler == "one-cycle" else [(1.0, 0.9)] * count,
            seeds=[step_seed(recipe.seed, start + step) for step in range(count)],
            first={"all": 0, "top": 1, "head": 2}[stage.trainable],
            batchnorm=stage.batchnorm.value,
            rates=three_rates(stage),
            decay=recipe.training.weight_decay,
        )
        for stage, epochs, count, start in zip(recipe.stages, pictures, steps, starts, strict=True)
    ]


def three_rates(stage: Stage) -> tuple[float, float, float]:
    low, high = stage.rate[0], stage.rate[-1]
    return (low, low * (high / low) ** 0.5, high)


def naive_network(plan: TrainingPlan, data: TrainingData) -> NaiveNetwork:
    """Return the network with which a run of the plan begins."""
    is_tiny = plan.architecture.key == "tiny"
    state = Trainer(plan, data).network.state_dict()
    return NaiveNetwork(
        state={name: tensor.clone() for name, tensor in state.items()},
        groups=TINY_GROUPS if is_tiny else RESNET_GROUPS,
        body=tiny_body if is_tiny else resnet18_body,
    )


def compare(plan: TrainingPlan, data: TrainingData, spoil=lambda stage: stage) -> Compared:
    """Run both loops; `spoil` changes what the naive one is told."""
    events: list = []
    Trainer(plan, data).run(1, "folder", Listener(emit=events.append, control=RunControl()))
    pictures, valid = pictures_of(plan, data)
    stages = [spoil(stage) for stage in naive_stages(plan, pictures)]
    ends = [event for event in events if isinstance(event, EpochFinished)]
    return Compared(
        theirs=naive_training(naive_network(plan, data), stages, valid),
        losses=[event.loss for event in events if isinstance(event, StepFinished)],
        valid_losses=[event.valid_loss for event in ends],
        accuracies=[event.metrics["accuracy"] for event in ends],
    )


def check(compared: Compared, record_property, tolerance: float = TOLERANCE) -> None:
    record_property("largest relative difference", compared.largest_difference)
    assert len(compared.losses) >= LEAST_STEPS
    assert compared.largest_difference < tolerance
    assert compared.accuracies == pytest.approx(compared.theirs.accuracies)


@pytest.mark.parametrize("case", CASES)
def test_that_the_losses_are_those_of_the_naive_loop(puzzling_data, case, record_property):
    check(compare(plan_of(CASES[case]), puzzling_data), record_property)


def test_that_decay_spares_norm_layers_and_biases(puzzling_data, record_property):
    check(compare(plan_of([ALL], decay=1.0), puzzling_data), record_property)


@pytest.mark.parametrize(
    ("stage", "wrong"),
    [
        ({"trainable": "head", "batchnorm": BatchNorm.FROZEN}, {"batchnorm": "adapt"}),
        ({"trainable": "head", "batchnorm": BatchNorm.TRAIN}, {"batchnorm": "adapt"}),
        ({"trainable": "top"}, {"first": 2}),
        ({"rate": (1e-5, 1e-3)}, {"rates": (1e-5, 2e-4, 1e-3)}),
        ({}, {"points": [(1.0, 0.901)] * 36}),
        ({}, {"decay": 0.0}),
        ({}, {"seeds": list(range(36))}),
    ],
)
def test_that_the_comparison_notices_a_small_mistake(puzzling_data, stage, wrong):
    compared = compare(plan_of([stage]), puzzling_data, lambda right: replace(right, **wrong))
    assert compared.largest_difference > 3 * TOLERANCE


@pytest.mark.slow
@pytest.mark.parametrize(
    ("stage", "tolerance"),
    [
        ({**FROZEN, "rate": (1e-5,)}, TOLERANCE),
        ({"trainable": "all", "rate": (1e-7, 1e-5), "scheduler": "one-cycle"}, RESNET_TOLERANCE),
    ],
    ids=["frozen head", "all, one-cycle"],
)
def test_that_resnet_18_gives_the_losses_of_the_naive_loop(
    puzzling_data, stage, tolerance, record_property
):
    plan = plan_of([stage])
    (resnet,) = (each for each in petstudio_architectures() if each.key == "resnet18")
    recipe = replace(plan.recipe, input=InputChoice(size=(48,)))
    plan = replace(plan, recipe=recipe, architecture=resnet, architecture_options=NoOptions())
    check(compare(plan, puzzling_data), record_property, tolerance)
