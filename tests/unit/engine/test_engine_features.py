"""The frozen stage: features instead of pictures, computed once and found again."""

from __future__ import annotations

import os
from dataclasses import replace

import numpy as np
import pytest
import torch
from engine_fixtures import make_plan

from petstudio.api import RunControl
from petstudio.api.events import EpochFinished, StepFinished
from petstudio.config.recipe import BatchNorm, InputChoice, Precision
from petstudio.engine.features import (
    FeatureFiles,
    PictureVersions,
    View,
    body_digest,
    content_versions,
)
from petstudio.engine.feeds import FeatureFeed
from petstudio.engine.folding import Extractor
from petstudio.engine.training import Listener, Trainer

CPU = torch.device("cpu")


def frozen_plan(folder=None, precision=Precision.FLOAT32, **changes):
    plan = make_plan(trainable="head", batchnorm=BatchNorm.FROZEN, **changes)
    training = replace(plan.recipe.training, precision=precision)
    return replace(plan, recipe=replace(plan.recipe, training=training), features=folder)


@pytest.fixture
def seen(monkeypatch):
    """Note how many pictures go through the frozen body."""
    counted = []
    real = Extractor.features

    def features(extractor, batch):
        counted.append(len(batch))
        return real(extractor, batch)

    monkeypatch.setattr(Extractor, "features", features)
    return counted


def run(plan, data):
    events = []
    trainer = Trainer(plan, data)
    trainer.run(1, "folder", Listener(emit=events.append, control=RunControl()))
    return trainer, events


def losses(events):
    steps = [event.loss for event in events if isinstance(event, StepFinished)]
    return steps + [event.valid_loss for event in events if isinstance(event, EpochFinished)]


def test_that_features_teach_the_head_what_pictures_do(coloured_data, monkeypatch):
    _, by_features = run(frozen_plan(epochs=3), coloured_data)
    monkeypatch.setattr(
        "petstudio.engine.workbench.FeatureFeed", lambda pictures, **_unused: pictures
    )
    _, by_pictures = run(frozen_plan(epochs=3), coloured_data)
    assert losses(by_features) == pytest.approx(losses(by_pictures), rel=1e-5)


def test_that_fresh_views_see_every_picture_in_every_epoch(coloured_data, seen):
    run(frozen_plan(epochs=3), coloured_data)
    assert sum(seen) == 3 * len(coloured_data.train) + len(coloured_data.valid)


@pytest.mark.parametrize("views", [1, 2])
def test_that_kept_views_are_computed_once(coloured_data, seen, views):
    run(frozen_plan(epochs=5, views=views), coloured_data)
    assert sum(seen) == views * len(coloured_data.train) + len(coloured_data.valid)


def test_that_as_many_views_as_epochs_are_fresh_views(coloured_data):
    _, fresh = run(frozen_plan(epochs=3), coloured_data)
    _, kept = run(frozen_plan(epochs=3, views=3), coloured_data)
    assert losses(fresh) == losses(kept)


def test_that_a_later_run_finds_the_features_and_learns_the_same(coloured_data, tmp_path, seen):
    first, events = run(frozen_plan(tmp_path, epochs=2), coloured_data)
    seen.clear()
    second, again = run(frozen_plan(tmp_path, epochs=2), coloured_data)
    assert not seen
    assert losses(events) == losses(again)
    other = second.network.state_dict()
    assert all(torch.equal(t, other[name]) for name, t in first.network.state_dict().items())


def test_that_relabelling_leaves_the_features_usable(coloured_data, tmp_path, seen):
    run(frozen_plan(tmp_path, epochs=2), coloured_data)
    seen.clear()
    train = coloured_data.train
    relabelled = replace(coloured_data, train=replace(train, targets=(train.targets + 1) % 3))
    run(frozen_plan(tmp_path, epochs=2), relabelled)
    assert not seen


def test_that_only_a_changed_picture_is_looked_at_again(coloured_data, tmp_path, seen):
    run(frozen_plan(tmp_path, epochs=1), coloured_data)
    seen.clear()
    changed = coloured_data.train.paths[0]
    before = changed.stat()
    try:
        os.utime(changed, ns=(before.st_atime_ns, before.st_mtime_ns + 1))
        run(frozen_plan(tmp_path, epochs=1), coloured_data)
    finally:
        os.utime(changed, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert seen == [1]


@pytest.mark.parametrize(
    "change",
    [
        {"seed": 4},
        {"input": InputChoice(size=(20,))},
    ],
)
def test_that_another_recipe_has_features_of_its_own(coloured_data, tmp_path, seen, change):
    plan = frozen_plan(tmp_path, epochs=1)
    run(plan, coloured_data)
    seen.clear()
    run(replace(plan, recipe=replace(plan.recipe, **change)), coloured_data)
    assert sum(seen) == len(coloured_data.train) + len(coloured_data.valid)


@pytest.mark.parametrize("damage", [b"", b"nothing of the kind", None])
def test_that_damaged_features_are_made_anew(coloured_data, tmp_path, damage):
    _, events = run(frozen_plan(tmp_path, epochs=2), coloured_data)
    for path in tmp_path.rglob("*.safetensors"):
        content = bytearray(path.read_bytes())
        content[-3] ^= 0x10
        path.write_bytes(content if damage is None else damage)
    _, again = run(frozen_plan(tmp_path, epochs=2), coloured_data)
    assert losses(events) == losses(again)


def test_that_a_short_format_folds_batchnorm_and_stays_close(coloured_data):
    trainer, _ = run(frozen_plan(epochs=1), coloured_data)
    network = trainer.network.eval()
    images = torch.randn(4, 3, 32, 32)
    exact = Extractor(network, Precision.FLOAT32)(images)
    short = Extractor(network, Precision.BFLOAT16)(images)
    assert torch.equal(exact, network.pool(network.body(images)))
    assert torch.linalg.norm(short - exact) < 0.02 * torch.linalg.norm(exact)
    assert short.dtype is torch.float32


def test_that_an_extractor_does_not_follow_later_changes(coloured_data):
    trainer, _ = run(frozen_plan(epochs=1), coloured_data)
    images = torch.randn(2, 3, 32, 32)
    extractor = Extractor(trainer.network, Precision.FLOAT32)
    before = extractor(images)
    with torch.no_grad():
        trainer.network.body[0].weight.zero_()
    assert torch.equal(extractor(images), before)


@pytest.mark.parametrize("precision", [Precision.FLOAT32, Precision.BFLOAT16])
def test_that_a_refreshed_extractor_is_like_a_new_one(coloured_data, precision):
    network = Trainer(frozen_plan(), coloured_data).network
    extractor = Extractor(network, precision)
    images = torch.randn(4, 3, 32, 32)
    before = extractor(images)
    network.train()
    with torch.no_grad():
        network(torch.randn(8, 3, 32, 32))  # moves BatchNorm's statistics
        for parameter in network.body.parameters():
            parameter.add_(0.1 * torch.randn_like(parameter))
    network.eval()
    extractor.refresh()
    assert torch.equal(extractor(images), Extractor(network, precision)(images))
    assert not torch.equal(extractor(images), before)


def test_that_a_digest_names_the_body_and_the_settings(coloured_data):
    body = Trainer(frozen_plan(), coloured_data).network.body
    name = body_digest(body, "a")
    assert name == body_digest(body, "a")
    assert name != body_digest(body, "b")
    with torch.no_grad():
        body[0].weight[0, 0, 0, 0] += 1
    assert name != body_digest(body, "a")


def test_that_files_stay_within_their_budget(tmp_path, monkeypatch):
    monkeypatch.setattr("petstudio.engine.features._BUDGET", 3_000)
    rows = np.arange(10)
    versions = PictureVersions(keys=rows, contents=rows)
    for number in range(4):
        view = View(10, 50, CPU)
        view.write(rows, torch.zeros(10, 50))
        FeatureFiles(tmp_path / f"body-{number}", versions).save("view", view)
    assert [folder.name for folder in tmp_path.iterdir()] == ["body-3"]


def test_that_sizes_grow_with_the_epochs_and_the_last_one_is_full(coloured_data, monkeypatch):
    seen = []
    real = FeatureFeed.training

    def training(feed, chunks, stage_epoch, epoch, *, done):
        seen.append(feed._pictures.source(stage_epoch).sampler.size)
        return real(feed, chunks, stage_epoch, epoch, done=done)

    monkeypatch.setattr(FeatureFeed, "training", training)
    plan = frozen_plan(epochs=5)
    sizes = replace(plan.recipe, input=InputChoice(size=(8, 12, 16)))
    run(replace(plan, recipe=sizes), coloured_data)
    assert seen == [8, 12, 12, 16, 16]


def test_that_pictures_of_the_same_size_and_time_are_told_apart(tmp_path):
    files = [tmp_path / "cat.png", tmp_path / "dog.png"]
    for file in files:
        file.write_bytes(file.stem.encode())
        os.utime(file, ns=(10**18, 10**18))
    first, second = content_versions(files).tolist()
    assert first != second
    assert content_versions(files[1:]).tolist() == [second]
