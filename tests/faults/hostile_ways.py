"""The ways in which a model or checkpoint file comes into the program, on a small project."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
import torch
from engine_fixtures import build_tiny
from hostile_models import Kind
from terminal_fixtures import new_project

from petstudio.api import NoOptions, RunControl
from petstudio.api.errors import PetStudioError
from petstudio.api.events import CheckpointKind, Outcome
from petstudio.config.paths import user_plugin_folder
from petstudio.config.recipe import ModelChoice, Recipe, Stage, StartChoice
from petstudio.engine.checkpoint_file import read_checkpoint
from petstudio.engine.predictions import load_predictions
from petstudio.engine.weights import load_body_weights
from petstudio.jobs.evaluating import evaluate
from petstudio.jobs.job import Job, run_job
from petstudio.jobs.predicting import predict
from petstudio.jobs.training import resume, train
from petstudio.plugin_host.host import PluginHost
from petstudio.project.checkpoint_ledger import encode
from petstudio.project.checkpoint_records import (
    CheckpointRecord,
    NewCheckpoint,
    file_name,
)
from petstudio.project.checkpoints import LEDGER
from petstudio.project.project import Project
from petstudio.project.records import RunFolder, RunState

ADVICE = ("weights_only", "torch.load", "safe_globals", "Traceback", "went wrong inside")
LONGEST_SENTENCE = 600
TINY_PLUGIN = """
from engine_fixtures import TINY
from petstudio.api import hookimpl
PETSTUDIO_API = (1, 0)
@hookimpl
def petstudio_architectures():
    return [TINY]
"""
UNCHECKED = "TORCH_FORCE_NO_WEIGHTS_ONLY_LOAD"
RECIPE = Recipe(
    model=ModelChoice(architecture="tiny", weights="none"),
    stages=(Stage(name="head", epochs=1),),
)


@dataclass(frozen=True, kw_only=True)
class Place:
    """A project with a finished and a broken-off run, neither of which has files of its own."""

    host: PluginHost
    project: Path
    finished: RunFolder
    broken_off: RunFolder
    picture: Path
    home: Path
    canary: Path


@pytest.fixture(scope="module", name="place")
def hostile_place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    folder = tmp_path_factory.mktemp("hostile")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PETSTUDIO_HOME", str(folder / "home"))
        patch.setattr(sys, "path", [*sys.path])  # to which the host adds
        patch.setattr(os, "fsync", lambda _: None)  # nobody cuts the power here
        path = new_project(folder, per_class=4)
        with Project.open(path) as project:
            runs = project.new_run(RECIPE), project.new_run(RECIPE)
            project.finish_run(runs[0].number, RunState.COMPLETED, {})
            project.finish_run(runs[1].number, RunState.CANCELLED, {})
        yield Place(
            host=_host(folder / f"plugins_of_{folder.name}"),
            project=path,
            finished=runs[0],
            broken_off=runs[1],
            picture=next((folder / "data").iterdir()),
            home=folder / "home",
            canary=folder / "canary",
        )


def _host(plugins: Path) -> PluginHost:
    # Twice: under a name of its own for this process, and where a child looks.
    for folder in (plugins, user_plugin_folder()):
        folder.mkdir(parents=True)
        (folder / "tiny.py").write_text(TINY_PLUGIN)
    return PluginHost.load(user_folder=plugins)


@pytest.fixture(name="isolated_home", autouse=True)
def hostile_home(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let all tests here share the home in which it is known where the project's pictures are."""
    monkeypatch.setenv("PETSTUDIO_HOME", str(place.home))


@contextlib.contextmanager
def put(kind: Kind, made: Path, target: Path, canary: Path) -> Iterator[Path]:
    """Have the file of a kind under a name, for a while."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if kind.is_special:
        kind.write(target, canary)
    else:
        os.link(made, target)
    try:
        yield target
    finally:
        if target.is_dir() and not target.is_symlink():
            shutil.rmtree(target)
        else:
            target.unlink()


def tiny_body() -> torch.nn.Module:
    return build_tiny(NoOptions()).module


def succeed(job: Job) -> None:
    """Run a job to its end; its failure becomes an error again."""
    finished = run_job(job, lambda event: None, RunControl())
    if finished.outcome is not Outcome.COMPLETED:
        raise PetStudioError(finished.message)  # a crash is told by its words, see ADVICE


# The ways in. Each is given the file under the name that the way asks for.
Way = Callable[[Place, Path], None]


def as_weights(place: Place, file: Path) -> None:
    load_body_weights(tiny_body(), file)


def by_a_recipe(place: Place, file: Path) -> None:
    recipe = replace(RECIPE, model=replace(RECIPE.model, weights=str(file)))
    succeed(train(place.host, place.project, recipe))


def as_model(place: Place, file: Path) -> None:
    succeed(predict(place.host, file, [place.picture]))


def as_a_runs_model(place: Place, file: Path) -> None:
    succeed(evaluate(place.host, place.project, run=place.finished.number))


def as_a_projects_model(place: Place, file: Path) -> None:
    succeed(predict(place.host, place.project, [place.picture]))


def as_predictions(place: Place, file: Path) -> None:
    load_predictions(file)


def by_resuming(place: Place, file: Path) -> None:
    succeed(resume(place.host, place.project, run=place.broken_off.number))


def by_branching(place: Place, file: Path) -> None:
    start = StartChoice(checkpoint=f"{place.broken_off.number}:last")
    succeed(train(place.host, place.project, replace(RECIPE, start=start)))


def by_its_bytes(place: Place, file: Path) -> None:
    read_checkpoint(file.read_bytes(), file.name)


def refusal(way: Way, place: Place, file: Path) -> str:
    """Return what is wrong with how a file is refused; nothing where all is well."""
    try:
        way(place, file)
    except PetStudioError as error:
        sentence = str(error)
    except Exception as error:  # noqa: BLE001  # whatever else it is, it is the finding
        return f"{type(error).__name__}: {error}"[:200]
    else:
        return "was accepted"
    if any(word in sentence for word in ADVICE):
        return f"says {sentence[:200]}"
    is_short = len(sentence) < LONGEST_SENTENCE
    return "" if is_short and sentence.isprintable() else f"says {sentence[:200]!r}"


def ways_of(kind: Kind, made: Path, place: Place, folder: Path) -> Iterator[tuple[str, str]]:
    """Yield each way in and what was wrong there."""

    def at(target: Path, *ways: Way) -> Iterator[tuple[str, str]]:
        with put(kind, made, target, place.canary) as file:
            for way in ways:
                yield f"{way.__name__} {target.suffix}", refusal(way, place, file)

    weights = () if kind.has_good_body else (as_weights, by_a_recipe)
    yield from at(folder / f"file{kind.suffix}", *weights, as_model)
    for suffix in {".pth", ".pt", ".safetensors"} - {kind.suffix}:
        yield from at(folder / f"file{suffix}", as_weights, as_model)
    yield from at(place.finished.model_path, as_a_runs_model, as_a_projects_model)
    with listed(kind, made, place) as file:
        yield "by_resuming", refusal(by_resuming, place, file)
        yield "by_branching", refusal(by_branching, place, file)
        if not kind.is_special:
            yield "by_its_bytes", refusal(by_its_bytes, place, file)
    yield from at(place.finished.predictions_path, as_predictions)


@contextlib.contextmanager
def listed(kind: Kind, made: Path, place: Place) -> Iterator[Path]:
    """Have the file as the only checkpoint of the broken-off run, in a ledger that is right."""
    data = b"" if kind.is_special else made.read_bytes()
    new = NewCheckpoint(kind=CheckpointKind.EPOCH, step=10, stage=0, epoch=1)
    digest = hashlib.sha256(data).hexdigest()
    name = file_name(1, new, digest)
    record = CheckpointRecord(**vars(new), file=name, size=len(data), sha256=digest, number=1)
    folder = place.broken_off.checkpoints_path
    with put(kind, made, folder / name, place.canary) as file:
        (folder / LEDGER).write_bytes(encode([record]))
        yield file
