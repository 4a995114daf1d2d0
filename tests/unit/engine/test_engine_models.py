"""Model files, foreign weights and prediction."""

from __future__ import annotations

import os
import pickle
import zipfile
from dataclasses import replace

import numpy as np
import pytest
import safetensors.torch
import torch
from engine_fixtures import COLOURS, TINY, build_tiny, make_plan

from petstudio.api import NoOptions, RunControl
from petstudio.api.errors import DivergedError, InputError, IntegrityError, TrustError
from petstudio.config.recipe import Resize
from petstudio.engine.input.augmenting import Augmenter
from petstudio.engine.labelled import Audience, ViewPlan, predict_set
from petstudio.engine.model_file import load_model, save_model
from petstudio.engine.model_info import ModelInfo, read_info
from petstudio.engine.network import Network
from petstudio.engine.prediction import predict_files
from petstudio.engine.training import Listener, Trainer
from petstudio.engine.weights import load_body_weights
from petstudio.plugins.tutorial_augmentation import petstudio_augmentations

INFO = ModelInfo(
    classes=tuple(COLOURS),
    architecture="tiny",
    size=16,
    resize=Resize.CROP,
    mean=(0.5, 0.5, 0.5),
    std=(0.25, 0.25, 0.25),
)
IGNORING = Audience(skipped=lambda _error: None)


@pytest.fixture
def network():
    torch.manual_seed(0)
    return Network(build_tiny(NoOptions()), 3)


@pytest.fixture(scope="module")
def trained(coloured_data):
    trainer = Trainer(make_plan(epochs=6), coloured_data)
    trainer.run(1, "", Listener(emit=lambda event: None, control=RunControl()))
    return trainer.network


def test_that_a_model_comes_back_as_it_was_saved(tmp_path, network):
    save_model(tmp_path / "model.safetensors", network, INFO)
    assert read_info(tmp_path / "model.safetensors") == INFO
    loaded = load_model(tmp_path / "model.safetensors", INFO, TINY)
    pairs = zip(network.state_dict().values(), loaded.state_dict().values(), strict=True)
    assert all(torch.equal(before, after) for before, after in pairs)


def test_that_weights_that_are_no_numbers_are_never_saved(tmp_path, network):
    save_model(tmp_path / "model.safetensors", network, INFO)
    before = (tmp_path / "model.safetensors").read_bytes()
    with torch.no_grad():
        network.head[-1].weight[0, 0] = float("nan")
    with pytest.raises(DivergedError):
        save_model(tmp_path / "model.safetensors", network, INFO)
    assert (tmp_path / "model.safetensors").read_bytes() == before
    assert len(list(tmp_path.iterdir())) == 1


def test_that_a_truncated_model_is_called_damaged(tmp_path, network):
    path = tmp_path / "model.safetensors"
    save_model(path, network, INFO)
    path.write_bytes(path.read_bytes()[:-10])
    with pytest.raises(IntegrityError, match="damaged"):
        read_info(path)


def test_that_bare_weights_are_not_taken_for_a_model(tmp_path, network):
    path = tmp_path / "bare.safetensors"
    safetensors.torch.save_file(network.state_dict(), path)
    with pytest.raises(InputError, match="no classes"):
        read_info(path)


def test_that_a_model_of_a_newer_version_is_refused(tmp_path, network):
    path = tmp_path / "new.safetensors"
    safetensors.torch.save_file(network.state_dict(), path, {"petstudio": '{"format": 99}'})
    with pytest.raises(IntegrityError, match="newer"):
        read_info(path)


@pytest.mark.parametrize("suffix", [".safetensors", ".pth"])
def test_that_body_weights_load_from_a_local_file(tmp_path, network, suffix):
    path = tmp_path / f"body{suffix}"
    state = {**network.body.state_dict(), "fc.weight": torch.zeros(2, 2)}
    if suffix == ".pth":
        torch.save(state, path)
    else:
        safetensors.torch.save_file(state, path)
    other = build_tiny(NoOptions()).module
    load_body_weights(other, path)
    assert torch.equal(other.conv1.weight, network.body.conv1.weight)


def test_that_a_model_of_our_own_serves_as_weights(tmp_path, network):
    save_model(tmp_path / "model.safetensors", network, INFO)
    other = build_tiny(NoOptions()).module
    load_body_weights(other, tmp_path / "model.safetensors")
    assert torch.equal(other.conv1.weight, network.body.conv1.weight)


def test_that_half_precision_weights_become_float32(tmp_path, network):
    state = {name: t.half() for name, t in network.body.state_dict().items()}
    safetensors.torch.save_file(state, tmp_path / "half.safetensors")
    other = build_tiny(NoOptions()).module
    load_body_weights(other, tmp_path / "half.safetensors")
    assert other.conv1.weight.dtype is torch.float32


def spoil_missing(state, path):
    del state["conv2.weight"]
    torch.save(state, path)


def spoil_shape(state, path):
    state["conv2.weight"] = torch.zeros(1)
    torch.save(state, path)


def spoil_nan(state, path):
    state["conv2.weight"] = state["conv2.weight"] * float("nan")
    torch.save(state, path)


def spoil_cut(state, path):
    torch.save(state, path)
    path.write_bytes(path.read_bytes()[:2000])


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (spoil_missing, "another architecture"),
        (spoil_shape, "another architecture"),
        (spoil_nan, "not numbers"),
        (spoil_cut, "damaged"),
    ],
)
def test_that_unfit_weights_are_refused_with_the_reason(tmp_path, network, spoil, sentence):
    path = tmp_path / "weights.pth"
    spoil(dict(network.body.state_dict()), path)
    with pytest.raises(InputError, match=sentence):
        load_body_weights(build_tiny(NoOptions()).module, path)


def test_that_a_missing_file_says_what_to_do(tmp_path):
    with pytest.raises(InputError, match=r"is not there.*model\.weights=none"):
        load_body_weights(build_tiny(NoOptions()).module, tmp_path / "none.pth")


class Payload:
    """Makes a file when it is unpickled by somebody careless."""

    def __init__(self, canary):
        self.canary = canary

    def __reduce__(self):
        return os.mkdir, (str(self.canary),)


@pytest.mark.parametrize("form", ["zip", "raw"])
def test_that_a_file_with_code_is_refused_and_nothing_runs(tmp_path, form):
    canary, path = tmp_path / "canary", tmp_path / "evil.pth"
    if form == "zip":
        torch.save({"conv1.weight": Payload(canary)}, path)
    else:
        path.write_bytes(pickle.dumps({"conv1.weight": Payload(canary)}))
    with pytest.raises((TrustError, InputError)) as caught:
        load_body_weights(build_tiny(NoOptions()).module, path)
    assert not canary.exists()
    assert "weights_only" not in str(caught.value)


def test_that_compressed_members_are_refused_before_they_are_unpacked(tmp_path, network):
    torch.save(network.body.state_dict(), tmp_path / "good.pth")
    with (
        zipfile.ZipFile(tmp_path / "good.pth") as good,
        zipfile.ZipFile(tmp_path / "bomb.pth", "w", zipfile.ZIP_DEFLATED) as bomb,
    ):
        for name in good.namelist():
            bomb.writestr(name, good.read(name))
    with pytest.raises(TrustError, match="not opened"):
        load_body_weights(build_tiny(NoOptions()).module, tmp_path / "bomb.pth")


def test_that_files_are_predicted_in_order_with_the_unreadable_named(
    trained, coloured_data, tmp_path
):
    bad = tmp_path / "bad.jpg"
    bad.write_bytes(b"no picture")
    files = [*coloured_data.valid.paths, bad, coloured_data.train.paths[0]]
    found = list(predict_files(trained, INFO, files, 2, RunControl()))
    assert [item.path for item in found] == files
    assert found[9].error is not None
    assert found[10].error is None
    assert [len(item.top) for item in found] == [2] * 9 + [0, 2]


def test_that_prediction_and_evaluation_agree(trained, coloured_data):
    valid = coloured_data.valid
    evaluated = predict_set(trained, INFO, valid, IGNORING, RunControl())
    predicted = list(predict_files(trained, INFO, valid.paths, 1, RunControl()))
    names = [INFO.classes[index] for index in evaluated.predicted]
    assert [item.top[0][0] for item in predicted] == names


def test_that_views_are_averaged_with_the_plain_picture_and_repeat(trained, coloured_data):
    valid = coloured_data.valid
    augmentations = tuple((item, item.options()) for item in petstudio_augmentations())
    plan = ViewPlan(count=3, augmenter=Augmenter(seed=1, augmentations=augmentations))
    plain = predict_set(trained, INFO, valid, IGNORING, RunControl())
    first, second = (
        predict_set(trained, INFO, valid, IGNORING, RunControl(), views=plan) for _ in range(2)
    )
    assert np.array_equal(first.keys, plain.keys)
    assert np.array_equal(first.probabilities, second.probabilities)
    assert not np.allclose(first.probabilities, plain.probabilities)


def test_that_a_picture_that_cannot_be_read_is_told_of_once(trained, coloured_data, tmp_path):
    bad = tmp_path / "bad.jpg"
    bad.write_bytes(b"no picture")
    pictures = replace(coloured_data.valid, paths=(bad, *coloured_data.valid.paths[1:]))
    skipped, seen = [], []
    audience = Audience(skipped=skipped.append, seen=seen.append)
    plan = ViewPlan(count=2, augmenter=Augmenter(seed=1, augmentations=()))
    found = predict_set(trained, INFO, pictures, audience, RunControl(), views=plan)
    assert len(skipped) == 1
    assert len(found) == len(pictures) - 1
    assert sum(seen) == 3 * len(found)


def test_that_more_files_than_a_batch_are_predicted(trained, coloured_data):
    files = list(coloured_data.train.paths) * 2
    assert len(list(predict_files(trained, INFO, files, 1, RunControl()))) == 72
