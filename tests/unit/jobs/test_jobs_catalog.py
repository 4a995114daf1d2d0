"""Fetching weights and the pets archive, and using what was put there by hand."""

from __future__ import annotations

import hashlib
import io
import tarfile
import threading
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import ModuleType

import pytest

from petstudio.api.contributions import Architecture, PretrainedWeights
from petstudio.api.control import RunControl
from petstudio.api.errors import RunCancelledError, TrustError
from petstudio.api.events import Event, ProgressMade
from petstudio.api.hooks import hookimpl
from petstudio.api.options import NoOptions
from petstudio.config.paths import weights_folder
from petstudio.config.recipe import ModelChoice, Recipe
from petstudio.jobs.catalog import PETS_ARCHIVE, fetch_pets, fetch_weights
from petstudio.jobs.downloads import Download
from petstudio.jobs.weights import fetch_recipe_weights
from petstudio.plugin_host.host import PluginHost

BODY = bytes(range(256)) * 8192
WEIGHTS = PretrainedWeights(
    file_name="net-12345678.pth",
    url="",
    sha256=hashlib.sha256(BODY).hexdigest()[:8],
    size=len(BODY),
    licence="none",
    mean=(0.5, 0.5, 0.5),
    std=(0.2, 0.2, 0.2),
)


class Quiet(SimpleHTTPRequestHandler):
    """Serves a folder without a word."""

    def log_message(self, *args: object) -> None:
        """Keep the test's output clean."""


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    folder = tmp_path / "shelf"
    folder.mkdir()
    return folder


@pytest.fixture
def address(shelf: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv("no_proxy", "*")
    handler = partial(Quiet, directory=str(shelf))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture
def weights(shelf: Path, address: str) -> PretrainedWeights:
    (shelf / WEIGHTS.file_name).write_bytes(BODY)
    return replace(WEIGHTS, url=f"{address}/{WEIGHTS.file_name}")


@pytest.fixture
def pets(shelf: Path, address: str) -> Download:
    with tarfile.open(shelf / "images.tar.gz", "w:gz") as archive:
        info = tarfile.TarInfo("images/pug_1.jpg")
        info.size = 3
        archive.addfile(info, io.BytesIO(b"pug"))
    content = (shelf / "images.tar.gz").read_bytes()
    return Download(
        url=f"{address}/images.tar.gz",
        sha256=hashlib.sha256(content).hexdigest(),
        size=len(content),
        max_bytes=len(content),
    )


def ignore(done: int, total: int) -> None:
    """Progress is of no interest here."""


def test_that_weights_are_fetched_into_their_folder(weights: PretrainedWeights) -> None:
    path = fetch_weights(weights, RunControl(), ignore)
    assert path == weights_folder() / WEIGHTS.file_name
    assert path.read_bytes() == BODY


def test_that_weights_put_there_by_hand_are_used_without_a_connection() -> None:
    weights_folder().mkdir(parents=True)
    (weights_folder() / WEIGHTS.file_name).write_bytes(BODY)
    offline = replace(WEIGHTS, url="https://localhost:1/x")
    assert fetch_weights(offline, RunControl(), ignore).read_bytes() == BODY


def test_that_wrong_weights_put_there_by_hand_are_refused_and_left(
    weights: PretrainedWeights,
) -> None:
    weights_folder().mkdir(parents=True)
    path = weights_folder() / WEIGHTS.file_name
    path.write_bytes(b"something else")
    with pytest.raises(TrustError, match="not the file it should be") as caught:
        fetch_weights(weights, RunControl(), ignore)
    assert "Remove it" in caught.value.cure
    assert path.read_bytes() == b"something else"


def test_that_a_cancelled_fetch_says_what_is_kept(weights: PretrainedWeights) -> None:
    control = RunControl()
    with pytest.raises(RunCancelledError) as caught:
        fetch_weights(weights, control, lambda done, total: control.cancel() if done else None)
    assert WEIGHTS.file_name in caught.value.kept


def host_with(weights: PretrainedWeights) -> PluginHost:
    module = ModuleType("one_net")
    module.PETSTUDIO_API = (1, 0)
    net = Architecture(
        key="net",
        label="Net",
        summary="For this test.",
        options=NoOptions,
        build=lambda options: pytest.fail("nothing is built to fetch weights"),
        parameters=1,
        weights=(("imagenet", weights),),
    )
    module.petstudio_architectures = hookimpl(specname="petstudio_architectures")(lambda: [net])
    return PluginHost.from_modules(module)


def test_that_the_weights_a_recipe_names_are_fetched(weights: PretrainedWeights) -> None:
    recipe = Recipe(model=ModelChoice(architecture="net", weights="imagenet"))
    events: list[Event] = []
    fetch_recipe_weights(host_with(weights), recipe, events.append, RunControl())
    assert (weights_folder() / WEIGHTS.file_name).read_bytes() == BODY
    assert events[-1] == ProgressMade(
        task=f"Fetching {WEIGHTS.file_name}", done=len(BODY), total=len(BODY)
    )


def test_that_a_recipe_without_pretrained_weights_fetches_nothing() -> None:
    recipe = Recipe(model=ModelChoice(architecture="net", weights="none"))
    events: list[Event] = []
    fetch_recipe_weights(host_with(WEIGHTS), recipe, events.append, RunControl())
    assert events == []


def test_that_the_pets_archive_is_fetched_unpacked_and_cleared_away(
    tmp_path: Path, pets: Download
) -> None:
    folder = tmp_path / "data"
    fetch_pets(folder, source=pets)(lambda event: None, RunControl())
    assert (folder / "oxford-iiit-pet" / "images" / "pug_1.jpg").read_bytes() == b"pug"
    assert [entry.name for entry in folder.iterdir()] == ["oxford-iiit-pet"]


def test_that_a_pets_archive_put_there_by_hand_is_kept(
    tmp_path: Path, shelf: Path, pets: Download
) -> None:
    fetch_pets(shelf, source=replace(pets, url="https://localhost:1/x"))(
        lambda event: None, RunControl()
    )
    assert (shelf / "images.tar.gz").exists()
    assert (shelf / "oxford-iiit-pet" / "images" / "pug_1.jpg").exists()


def test_that_pets_that_are_there_are_not_fetched_again(tmp_path: Path) -> None:
    (tmp_path / "oxford-iiit-pet").mkdir()
    events: list[Event] = []
    fetch_pets(tmp_path)(events.append, RunControl())
    assert events == []


def test_that_fetching_reports_about_once_a_megabyte(tmp_path: Path, pets: Download) -> None:
    events: list[Event] = []
    fetch_pets(tmp_path / "data", source=pets)(events.append, RunControl())
    progress = [event for event in events if isinstance(event, ProgressMade)]
    assert {event.task for event in progress} == {
        "Fetching the pets photos",
        "Unpacking the pets photos",
    }
    assert all(event.total == pets.size for event in progress)
    assert len(progress) <= 8


def test_that_the_pets_archive_is_pinned_by_its_whole_hash() -> None:
    assert len(PETS_ARCHIVE.sha256) == 64
    assert PETS_ARCHIVE.url.startswith("https://")
