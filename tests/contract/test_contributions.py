from __future__ import annotations

import multiprocessing
from collections.abc import Iterator
from pathlib import Path

import contract_checks as checks
import numpy as np
import pytest

from petstudio.api import InputError, NoOptions, Place, RunControl, SchedulePlan, from_mapping
from petstudio.plugin_host.child import LabelReader, read_labels
from petstudio.plugin_host.discovery import bundled
from petstudio.plugin_host.host import PluginHost

HOST = PluginHost(bundled())
QUICK = {"resnet18", "resnet34"}
PLANS = [
    SchedulePlan(steps=steps, steps_per_epoch=each)
    for steps, each in ((1, 1), (2, 1), (7, 7), (100, 10))
]


def each(contributions):
    return pytest.mark.parametrize("contribution", contributions, ids=lambda item: item.key)


every = each(checks.all_contributions(HOST))


@pytest.fixture(scope="module")
def warm_reader() -> Iterator[LabelReader]:
    with LabelReader() as reader:
        yield reader


def test_that_there_is_a_contribution_of_every_kind():
    assert all(checks.all_kinds(HOST))


@every
def test_that_a_contribution_is_described_in_words(contribution):
    checks.check_words(contribution)


@every
def test_that_options_survive_the_way_through_plain_values(contribution):
    checks.check_options(contribution)


@each(HOST.loaders.values())
def test_that_a_loader_gives_a_label_for_each_file_in_order(contribution, warm_reader, tmp_path):
    checks.check_loader(contribution, warm_reader, tmp_path)


@each(
    [
        pytest.param(item, marks=[] if item.key in QUICK else pytest.mark.slow, id=item.key)
        for item in HOST.architectures.values()
    ]
)
def test_that_an_architecture_maps_images_to_the_features_it_declares(contribution):
    checks.check_architecture(contribution)


@each([item for item in HOST.architectures.values() if item.options is NoOptions])
def test_that_the_layer_groups_of_an_architecture_are_known_without_torch(contribution):
    assert contribution.groups
    assert contribution.features > 0


@each(HOST.architectures.values())
def test_that_the_weights_of_an_architecture_can_be_fetched_safely(contribution):
    checks.check_weights(contribution)


@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: f"{plan.steps} steps")
@each(HOST.schedulers.values())
def test_that_a_scheduler_is_finite_over_a_whole_plan(contribution, plan):
    checks.check_scheduler(contribution, plan)


@pytest.mark.parametrize("fill", [0.0, 0.5, 1 - 2**-53, None])
@each(HOST.augmentations.values())
def test_that_an_augmentation_gives_a_finite_transform_for_each_row(contribution, fill):
    shape = (64, contribution.draws)
    drawn = np.random.default_rng(1).random(shape) if fill is None else np.full(shape, fill)
    checks.check_augmentation(contribution, drawn)


@each(HOST.augmentations.values())
def test_that_an_augmentation_of_no_images_gives_no_transforms(contribution):
    checks.check_augmentation(contribution, np.zeros((0, contribution.draws)))


@pytest.mark.parametrize(("images", "classes"), [(1, 2), (50, 3), (200, 37)])
@each(HOST.metrics.values())
def test_that_a_metric_is_a_share_and_best_when_all_is_right(contribution, images, classes):
    checks.check_metric(contribution, images, classes)


@pytest.mark.parametrize(("images", "classes"), [(1, 2), (50, 3), (200, 37)])
@each(HOST.views.values())
def test_that_a_view_gives_rows_of_finite_numbers(contribution, images, classes):
    checks.check_view(contribution, images, classes)


@each(HOST.exporters.values())
def test_that_an_export_answers_as_the_model_after_it_was_loaded_again(contribution, tmp_path):
    checks.check_exporter(contribution, tmp_path)


@each(HOST.exporters.values())
def test_that_an_exporter_brings_a_script_that_stands_alone(contribution):
    checks.check_script(contribution)


def test_that_a_pattern_that_never_ends_is_refused_and_leaves_no_child():
    before = multiprocessing.active_children()
    regex = HOST.loader("regex")
    options = from_mapping(regex.options, {"pattern": "(?P<label>(a+)+)$"})
    place = Place(root=Path("nowhere"), files=("a" * 40 + "!",))
    with pytest.raises(InputError, match=r"takes too long on the name “a{40}!”\. Simplify"):
        read_labels(regex, options, place, RunControl(), seconds_per_file=0.5)
    assert multiprocessing.active_children() == before
