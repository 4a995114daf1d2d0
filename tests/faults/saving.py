"""A process that saves things of several kinds over older ones while its files may not grow.

`python saving.py KIND FOLDER COUNT` makes the older ones and saves once without a limit, which
tells how large the files become; then it tries with so many limits below that. It prints a line of
JSON about each try.
"""

from __future__ import annotations

import json
import resource
import sys
from abc import ABC, abstractmethod
from pathlib import Path

import numpy as np

from petstudio.api.contributions import Split
from petstudio.api.errors import PetStudioError
from petstudio.api.events import ProgressMade, TopClass
from petstudio.config.atomic import replacing
from petstudio.config.recipe import Resize
from petstudio.config.settings import Settings, SettingsFile
from petstudio.engine.model_info import ModelInfo
from petstudio.engine.predictions import Predictions, load_predictions, save_predictions
from petstudio.jobs.predicted import Predicted
from petstudio.jobs.report import ReportContent, write_report
from petstudio.jobs.result_table import ResultTable
from petstudio.jobs.results import RunResult
from petstudio.project.event_log import EventLog, read_events
from petstudio.project.project import Project
from petstudio.project.records import LabelOrigin, NewImage, RunFolder, Source
from petstudio.project.snapshots import snapshots

IMAGES = 400


class Saving(ABC):
    """`save` writes the given version over the one before; `read` tells which one is there."""

    has_old_version = False

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @abstractmethod
    def save(self, version: int) -> None: ...

    @abstractmethod
    def read(self) -> int: ...

    def close(self) -> None:  # noqa: B027  most have nothing open
        """Let go what is open."""


class Labels(Saving):
    """All labels of a project in one edit; they are read from memory and again from the disk."""

    has_old_version = True

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        images = [NewImage(path=f"{n}.jpg", label="0", split=Split.TRAIN) for n in range(IMAGES)]
        self.project = Project.create(
            folder / "p.petstudio", source=Source(loader="x"), root=folder, images=images
        )

    def save(self, version: int) -> None:
        ids = [image.id for image in self.project.images()]
        self.project.set_labels(dict.fromkeys(ids, f"{version}" * 20), LabelOrigin.PERSON)

    def read(self) -> int:
        in_memory = {image.label for image in self.project.images()}
        self.project.close()
        self.project = Project.open(self.folder / "p.petstudio")
        (label,) = {image.label for image in self.project.images()} | in_memory
        edits = self.project.history()
        assert label == (edits[-1].what.rpartition(" ")[2] if edits else "0"), "history disagrees"
        return int((label or "")[:1])

    def close(self) -> None:
        self.project.close()


class SnapshotTaken(Labels):
    """A snapshot beside older ones; the project itself must stay as it is."""

    def save(self, version: int) -> None:
        self.project.take_snapshot()

    def read(self) -> int:
        assert super().read() == 0
        return min(1, len(snapshots(self.folder / "p.petstudio")))


class SettingsSaved(Saving):
    def save(self, version: int) -> None:
        names = tuple(f"/projects/{'x' * 400}/{number}" for number in range(8))
        file = SettingsFile(self.folder / "settings.toml")
        file.save(Settings(projects=names, open_project=f"{version}"))

    def read(self) -> int:
        return int(SettingsFile(self.folder / "settings.toml").values.open_project or "0")


class Report(Saving):
    """Of a project with pictures that are gone."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        images = [NewImage(path=f"{n}.jpg", label="cat", split=Split.VALID) for n in range(40)]
        source = Source(loader="x")
        path = folder / "p.petstudio"
        with Project.create(path, source=source, root=folder, images=images) as project:
            self.records = {image.id: image for image in project.images()}

    def save(self, version: int) -> None:
        run = RunFolder(number=1, name=f"version {version}", path=self.folder)
        content = ReportContent(
            run=run,
            result=self._result(run),
            model=ModelInfo(
                classes=("cat", "dog"),
                architecture="x",
                size=64,
                resize=Resize.CROP,
                mean=(0.5, 0.5, 0.5),
                std=(0.5, 0.5, 0.5),
            ),
            events=(),
            metrics={"accuracy": 0.5},
        )
        write_report(self.folder / "report.html", content)

    def _result(self, run: RunFolder) -> RunResult:
        count = len(self.records)
        predictions = Predictions(
            keys=np.array(sorted(self.records), dtype=np.int64),
            targets=np.zeros(count, dtype=np.int64),
            probabilities=np.tile(np.array([[0.1, 0.9]], dtype=np.float32), (count, 1)),
            losses=np.ones(count, dtype=np.float32),
        )
        return RunResult(
            number=run.number,
            name=run.name,
            split=Split.VALID,
            classes=("cat", "dog"),
            predictions=predictions,
            records=self.records,
            root=self.folder,
        )

    def read(self) -> int:
        text = (self.folder / "report.html").read_text(encoding="utf-8")
        assert text.rstrip().endswith("</html>")
        return int(text.partition("version ")[2][0])


class PredictionsKept(Saving):
    def save(self, version: int) -> None:
        predictions = Predictions(
            keys=np.full(300, version, dtype=np.int64),
            targets=np.zeros(300, dtype=np.int64),
            probabilities=np.zeros((300, 9), dtype=np.float32),
            losses=np.zeros(300, dtype=np.float32),
        )
        save_predictions(self.folder / "predictions.safetensors", predictions)

    def read(self) -> int:
        (version,) = set(load_predictions(self.folder / "predictions.safetensors").keys.tolist())
        return int(version)


class PredictionsTable(Saving):
    """The CSV file, written as the job of predicting does."""

    def save(self, version: int) -> None:
        with replacing(self.folder / "table.csv") as stream:
            table = ResultTable(stream, top=1, sure_from=0.5)
            for number in range(300):
                top = (TopClass(label=f"{version}", probability=1.0),)
                table.add(Predicted(path=Path(f"{number}.png"), top=top))

    def read(self) -> int:
        lines = (self.folder / "table.csv").read_text(encoding="utf-8").splitlines()
        assert len(lines) == 301
        (version,) = {line.split(",")[1] for line in lines[1:]}
        return int(version)


class Log(Saving):
    """A run's events; what was told before must still be readable, and nothing torn."""

    def save(self, version: int) -> None:
        with EventLog(self.folder / "events.jsonl") as log:
            for _ in range(200):
                log.append(ProgressMade(task=f"version {version}", done=version))

    def read(self) -> int:
        tasks = [event.task for event in read_events(self.folder / "events.jsonl")]
        assert tasks[:200] == ["version 0"] * 200
        return 1 if tasks[-200:] == ["version 1"] * 200 else 0


KINDS: dict[str, type[Saving]] = {
    "labels": Labels,
    "snapshot": SnapshotTaken,
    "settings": SettingsSaved,
    "report": Report,
    "predictions": PredictionsKept,
    "table": PredictionsTable,
    "log": Log,
}


def allow(limit: int) -> None:
    """Let files grow to so many bytes; below 0 as far as they like."""
    soft = limit if limit >= 0 else resource.RLIM_INFINITY
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, resource.RLIM_INFINITY))


def try_to_save(kind: str, folder: Path, limit: int) -> dict[str, object]:
    """Return what came of it: which version is there, then again after there is room."""
    folder.mkdir()
    saving = KINDS[kind](folder)
    if not saving.has_old_version:
        saving.save(0)
    error = ""
    allow(limit)
    try:
        saving.save(1)
    except PetStudioError as caught:
        error = f"{type(caught).__name__}: {caught}"
    finally:
        allow(-1)
    found = saving.read()
    if error:
        saving.save(1)
    again = saving.read()
    saving.close()
    size = max((file.stat().st_size for file in folder.rglob("*") if file.is_file()), default=0)
    left = [file.name for file in folder.rglob("*") if file.name.endswith(".part")]
    return {"error": error, "found": found, "again": again, "size": size, "left": left}


def main(kind: str, folder: Path, count: int) -> None:
    unlimited = try_to_save(kind, folder / "unlimited", -1)
    need = int(str(unlimited["size"]))
    limited = (try_to_save(kind, folder / f"{n}", need * n // count) for n in range(count))
    for outcome in (unlimited, *limited):
        sys.stdout.write(f"{json.dumps(outcome)}\n")


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))
