"""Heat maps as files: drawn once, drawn anew for another model, told where a picture is broken."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from petstudio.api.control import RunControl
from petstudio.api.events import Event, ImageSkipped, ProgressMade
from petstudio.config.recipe import Resize
from petstudio.engine.model_file import save_model
from petstudio.engine.model_info import ModelInfo
from petstudio.engine.network import Network
from petstudio.jobs.engine_job import heat_map_job
from petstudio.jobs.heat_map_files import HeatMapWish, heat_map_wish
from petstudio.plugin_host.host import PluginHost
from petstudio.project.records import RunFolder

SIZE = 32


@pytest.fixture(scope="module")
def host() -> PluginHost:
    return PluginHost.load()


@pytest.fixture
def run(tmp_path: Path, host: PluginHost) -> RunFolder:
    made = RunFolder(number=3, name="x", path=tmp_path / "p.petstudio" / "runs" / "3-x")
    made.path.mkdir(parents=True)
    keep_model(host, made.model_path, seed=1)
    return made


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    pixels = np.random.default_rng(0).integers(0, 255, (40, 50, 3), dtype=np.uint8)
    Image.fromarray(pixels).save(tmp_path / "a.png")
    return tmp_path / "a.png"


def keep_model(host: PluginHost, path: Path, *, seed: int) -> None:
    torch.manual_seed(seed)
    architecture = host.architecture("resnet18")
    info = ModelInfo(
        classes=("a", "b"), architecture="resnet18", size=SIZE, resize=Resize.CROP,
        mean=(0.5, 0.5, 0.5), std=(0.25, 0.25, 0.25),
    )  # fmt: skip
    save_model(path, Network(architecture.build(architecture.options()), 2), info)


def draw(host: PluginHost, run: RunFolder, *wishes: HeatMapWish) -> list[Event]:
    told: list[Event] = []
    job = heat_map_job(host, run.path.parents[1], run.model_path, wishes)
    job(told.append, RunControl())
    return told


def wish(run: RunFolder, picture: Path, target: int) -> HeatMapWish:
    return heat_map_wish(run.path.parents[1], run, picture, target)


def test_that_a_heat_map_is_as_large_as_what_the_network_sees(host, run, picture) -> None:
    wanted = wish(run, picture, 0)
    told = draw(host, run, wanted)
    assert told[-1] == ProgressMade(task="Drawing heat maps", done=1, total=1)
    with Image.open(wanted.file) as drawn:
        assert (drawn.size, drawn.mode) == ((SIZE, SIZE), "RGB")


def test_that_what_is_there_is_not_drawn_again(host, run, picture) -> None:
    wanted = wish(run, picture, 0)
    draw(host, run, wanted)
    before = wanted.file.stat().st_mtime_ns
    assert draw(host, run, wanted) == [ProgressMade(task="Drawing heat maps", done=0, total=0)]
    assert wanted.file.stat().st_mtime_ns == before


def test_that_classes_models_and_pictures_have_files_of_their_own(host, run, picture) -> None:
    first, other_class = wish(run, picture, 0), wish(run, picture, 1)
    keep_model(host, run.model_path, seed=2)
    other_model = wish(run, picture, 0)
    Image.new("RGB", (9, 9)).save(picture)
    other_picture = wish(run, picture, 0)
    assert len({w.file for w in (first, other_class, other_model, other_picture)}) == 4


def test_that_a_replaced_model_draws_its_own_heat(host, run, picture) -> None:
    before = wish(run, picture, 0)
    draw(host, run, before)
    keep_model(host, run.model_path, seed=2)
    after = wish(run, picture, 0)
    draw(host, run, after)
    assert before.file.read_bytes() != after.file.read_bytes()


def test_that_a_broken_picture_is_told_and_the_others_are_drawn(
    host, run, picture, tmp_path
) -> None:
    broken = tmp_path / "b.png"
    broken.write_bytes(b"no picture")
    wanted, other = wish(run, broken, 0), wish(run, picture, 0)
    told = draw(host, run, wanted, other)
    assert [event.path for event in told if isinstance(event, ImageSkipped)] == [str(broken)]
    assert other.file.exists()
    assert not wanted.file.exists()
