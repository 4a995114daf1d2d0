"""A model with its preprocessing inside, and how an export is compared with it."""

from __future__ import annotations

import json
import math
from dataclasses import replace

import numpy as np
import pytest
import torch
from engine_fixtures import COLOURS, TINY, build_tiny, make_pictures

from petstudio.api import NoOptions, RunControl
from petstudio.api.errors import RunCancelledError
from petstudio.config.recipe import Resize
from petstudio.engine.exporting import (
    TOLERANCE,
    MismatchError,
    compare,
    finished_model,
    native_exporter,
)
from petstudio.engine.model_file import save_model
from petstudio.engine.model_info import ModelInfo
from petstudio.engine.network import Network

INFO = ModelInfo(
    classes=tuple(COLOURS),
    architecture="tiny",
    size=16,
    resize=Resize.CROP,
    mean=(0.5, 0.4, 0.3),
    std=(0.25, 0.2, 0.3),
    temperature=0.5,
    reject_below=0.4,
)


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    return [path for path, _ in make_pictures(tmp_path_factory.mktemp("pictures"), 7)]


@pytest.fixture(scope="module")
def network():
    torch.manual_seed(0)
    network = Network(build_tiny(NoOptions()), 3)
    with torch.no_grad():
        network.head[-1].weight.mul_(20)  # decided answers, as after training
    return network.eval()


@pytest.fixture(scope="module")
def classify(network):
    module = finished_model(network, INFO).module
    return lambda pictures: module(torch.from_numpy(pictures)).numpy()


def compared(network, files, classify, skipped=None, control=None):
    told = [] if skipped is None else skipped
    return compare(network, INFO, files, classify, told.append, control or RunControl())


def test_that_the_module_answers_as_the_program(network, files, classify):
    found = compared(network, files, classify)
    assert found.matches
    assert (found.pictures, found.agreeing) == (21, 21)
    assert found.largest_difference < 1e-5


@pytest.mark.parametrize(
    "damage",
    [
        lambda pictures: pictures[..., ::-1].copy(),
        lambda pictures: pictures / 255,
        lambda pictures: pictures + 20,
        lambda pictures: pictures[:, ::-1].copy(),
    ],
    ids=["colours swapped", "0 to 1", "another mean", "upside down"],
)
def test_that_another_preprocessing_does_not_match(network, files, classify, damage):
    found = compared(network, files, lambda pictures: classify(damage(pictures)))
    assert not found.matches
    assert found.largest_difference > 10 * TOLERANCE


def test_that_another_temperature_does_not_match(network, files):
    module = finished_model(network, replace(INFO, temperature=1.0)).module
    found = compared(network, files, lambda p: module(torch.from_numpy(p)).numpy())
    assert not found.matches
    assert found.agreeing == found.pictures


def test_that_answers_that_are_no_numbers_do_not_match(network, files, classify):
    found = compared(network, files, lambda pictures: classify(pictures) * np.float32(np.nan))
    assert not found.matches
    assert math.isnan(found.largest_difference)


def test_that_answers_for_other_classes_are_refused(network, files, classify):
    with pytest.raises(MismatchError, match=r"shape \(16, 2\) where \(16, 3\) belong"):
        compared(network, files, lambda pictures: classify(pictures)[:, :2])


def test_that_pictures_that_cannot_be_read_are_told_and_left_out(
    network, files, classify, tmp_path
):
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"no picture")
    skipped = []
    found = compared(network, [*files[:3], broken], classify, skipped)
    assert found.pictures == 3
    assert [error.path for error in skipped] == [str(broken)]


def test_that_an_export_that_was_compared_with_nothing_does_not_match(network, classify):
    assert not compared(network, [], classify).matches


def test_that_a_comparison_can_be_cancelled(network, files, classify):
    control = RunControl()
    control.cancel()
    with pytest.raises(RunCancelledError):
        compared(network, files, classify, control=control)


def test_that_all_that_a_user_needs_is_said_inside(network):
    about = json.loads(finished_model(network, INFO).about)
    assert about["classes"] == list(COLOURS)
    assert (about["size"], about["short_side"], about["resize"]) == (16, 18, "crop")
    assert (about["mean"], about["std"]) == ([0.5, 0.4, 0.3], [0.25, 0.2, 0.3])
    assert (about["temperature"], about["reject_below"]) == (0.5, 0.4)


def test_that_a_class_that_is_no_text_travels_as_plain_characters(network):
    odd = replace(INFO, classes=("caf\udce9", "new\nline", "猫"))
    about = finished_model(network, odd).about
    assert about.isascii()
    assert json.loads(about)["classes"] == list(odd.classes)


def test_that_a_copy_of_the_model_file_is_read_as_a_model(network, files, tmp_path):
    save_model(tmp_path / "model.safetensors", network, INFO)
    native = native_exporter(tmp_path / "model.safetensors", TINY)
    copy = tmp_path / "copy.safetensors"
    model = finished_model(network, INFO)
    copy.write_bytes(native.write(NoOptions(), model))
    about, classify = native.read(copy)
    assert about == model.about
    assert compared(network, files, classify).matches


def test_that_an_exporter_cannot_change_what_it_is_judged_by(network, files):
    model = finished_model(network, INFO)
    with torch.no_grad():
        for tensor in model.module.state_dict().values():
            tensor.mul_(0)
    found = compared(network, files, lambda p: model.module(torch.from_numpy(p)).numpy())
    assert not found.matches
