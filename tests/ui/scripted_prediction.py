"""A project with a finished run, and prediction jobs that tell what the file names say."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event as Gate

import numpy as np
import safetensors.numpy

from petstudio.api.contributions import Split
from petstudio.api.control import RunControl
from petstudio.api.events import Emit, ImagePredicted, ImageSkipped, TopClass
from petstudio.config import mapping
from petstudio.config.recipe import Recipe, Resize, Stage
from petstudio.engine.model_info import INFO_KEY, ModelInfo
from petstudio.jobs.job import Job
from petstudio.project.project import Project
from petstudio.project.records import NewImage, RunState, Source

CLASSES = ("beagle", "maine_coon", "pug")
_WAIT_S = 0.005


def finished_project(folder: Path, pictures: Path) -> Path:
    """Make a project of the pictures, every fourth for validation, with one finished run."""
    images = [
        NewImage(
            path=path.name,
            label=path.stem.rpartition("_")[0],
            split=Split.VALID if place % 4 == 0 else Split.TRAIN,
        )
        for place, path in enumerate(sorted(pictures.iterdir()))
    ]
    source = Source(loader="regex", options={"pattern": r"^(.*)_\d+\.png$"})
    path = folder / "pets.petstudio"
    with Project.create(path, source=source, root=pictures, images=images) as project:
        add_run(project, "first")
    return path


def add_run(project: Project, name: str, *, reject_below: float = 0.0) -> None:
    run = project.new_run(Recipe(stages=(Stage(name="head", epochs=1),)), name)
    project.finish_run(run.number, RunState.COMPLETED, {})
    write_model(run.model_path, reject_below=reject_below)


def write_model(path: Path, *, reject_below: float = 0.0) -> None:
    """Write a model of one small tensor, which only a scripted prediction can use."""
    info = ModelInfo(
        classes=CLASSES,
        architecture="resnet18",
        size=32,
        resize=Resize.CROP,
        mean=(0.5, 0.5, 0.5),
        std=(0.25, 0.25, 0.25),
        reject_below=reject_below,
        fingerprint="feedbeef" * 8,
    )
    tensors = {"weight": np.arange(12, dtype=np.float32).reshape(3, 4)}
    safetensors.numpy.save_file(tensors, path, {INFO_KEY: json.dumps(mapping.to_mapping(info))})


@dataclass
class Oracle:
    """Makes jobs; each waits before picture `hold_at` until `go_on` is set.

    A file is what its name begins with; the number in it makes it more or less sure, and "broken"
    cannot be read.
    """

    hold_at: int | None = None
    go_on: Gate = field(default_factory=Gate)
    asked_for: list[tuple[Path, tuple[str, ...]]] = field(default_factory=list)

    def make_job(self, _host: object, model: Path, files: Sequence[Path]) -> Job:
        self.asked_for.append((model, tuple(path.name for path in files)))

        def job(emit: Emit, control: RunControl) -> None:
            for place, path in enumerate(files):
                while place == self.hold_at and not self.go_on.wait(_WAIT_S):
                    control.checkpoint()
                control.checkpoint()
                emit(answer(path))

        return job


def answer(path: Path) -> ImagePredicted | ImageSkipped:
    if "broken" in path.name:
        return ImageSkipped(path=str(path), reason="the file is cut off")
    label = next((name for name in CLASSES if path.name.startswith(name)), "pug")
    digits = "".join(filter(str.isdigit, path.name)) or "0"
    share = 0.4 + 0.07 * (int(digits) % 8)
    others = [name for name in CLASSES if name != label]
    rest = (1 - share) / 2
    top = [(label, share), (others[0], rest), (others[1], rest)]
    return ImagePredicted(
        path=str(path), top=tuple(TopClass(label=name, probability=p) for name, p in top)
    )
