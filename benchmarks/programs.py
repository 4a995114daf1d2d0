"""The programs that are compared: each does a task on a folder and says how long it took."""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path

from photos import NAME
from watched import Line, Watched, watch

_HERE = Path(__file__).resolve().parent
_OURS = str(_HERE.parent / ".venv" / "bin" / "petstudio")
_RECIPES = _HERE / "recipes"


class Task(Enum):
    """What is measured; the values are what the peers' --task takes."""

    FROZEN = "frozen"
    UNFROZEN = "unfrozen"
    PREDICT = "predict"


@dataclass(frozen=True, kw_only=True)
class Setting:
    """What all programs are given alike."""

    data: Path
    architecture: str
    size: int
    batch_size: int
    threads: int | None  # of ours; None leaves the choice to the program


@dataclass(frozen=True, kw_only=True)
class Run:
    """One task done once.

    Attributes:
        epochs: seconds of each epoch with its validation; of a prediction, those of the folder.
        whole: seconds from the start of the process to its end.
        peak_bytes: memory of the process tree.
        others: share of the machine that other programs took meanwhile.
        note: what the program said about itself.
    """

    epochs: tuple[float, ...]
    whole: float
    cpu_seconds: float
    peak_bytes: int
    others: float
    note: str


@dataclass(frozen=True, kw_only=True)
class Program:
    """Something that is measured; `run` takes the setting, the task and the number of epochs."""

    name: str
    tasks: Mapping[Task, int]  # epochs of each
    run: Callable[[Setting, Task, int], Run]


def peer(name: str, script: str, *, frozen: int, unfrozen: int) -> Program:
    """Return a peer, which runs in the environment of this process."""

    def run(setting: Setting, task: Task, epochs: int) -> Run:
        command = [sys.executable, "-W", "ignore", str(_HERE / "peers" / script)]
        command += ["--data", str(setting.data), "--task", task.value, "--epochs", str(epochs)]
        command += ["--architecture", setting.architecture, "--size", str(setting.size)]
        done = watch([*command, "--batch-size", str(setting.batch_size)], {})
        said = done.lines[-1].values
        return Run(
            epochs=tuple(said["epochs"]),
            whole=done.seconds,
            cpu_seconds=done.cpu_seconds,
            peak_bytes=said["peak_bytes"],
            others=done.others,
            note=f"{said['threads']} threads, float32",
        )

    return Program(
        name=name,
        tasks={Task.FROZEN: frozen, Task.UNFROZEN: unfrozen, Task.PREDICT: 1},
        run=run,
    )


def ours(name: str, tasks: Mapping[Task, int], settings: Sequence[str] = ()) -> Program:
    """Return PetStudio, through its command line only; `settings` change the recipe."""

    def run(setting: Setting, task: Task, epochs: int) -> Run:
        with _home(setting) as home:
            project = home.make_project()
            if task is Task.PREDICT:
                return home.predict(home.train(project, Task.FROZEN, 1, ()))
            return _trained(home.train(project, task, epochs, settings))

    return Program(name=name, tasks=tasks, run=run)


@dataclass(frozen=True, kw_only=True)
class _Home:
    """A folder of our own for one run, so that nothing is left over from the run before."""

    folder: Path
    setting: Setting
    environment: Mapping[str, str] = field(default_factory=dict)

    def make_project(self) -> Path:
        data = ["--data", str(self.setting.data), "--loader", "regex"]
        split = ["--valid", "0.2", "--plain"]
        path = self.folder / "pets.petstudio"
        option = ["--option", f"pattern={NAME}"]
        self._watch("new", str(path), *data, *option, *split)
        return path

    def train(self, project: Path, task: Task, epochs: int, settings: Sequence[str]) -> Watched:
        given = (
            f"model.architecture={self.setting.architecture}",
            f"input.size={self.setting.size}",
            f"training.batch_size={self.setting.batch_size}",
            f"stages.0.epochs={epochs}",
            *settings,
        )
        recipe = _RECIPES / f"{task.value}.toml"
        changes = [word for change in given for word in ("--set", change)]
        return self._watch("train", str(project), "--recipe", str(recipe), *changes)

    def predict(self, trained: Watched) -> Run:
        """Time a folder; what the command takes for one picture alone is its start.

        The peers have loaded their libraries and made their network before they are timed.
        """
        # Out of its project, so that no picture that the training has kept can be used.
        model = shutil.copy(_last(trained, "ModelSaved").values["path"], self.folder)
        one = self._watch("predict", str(model), str(next(self.setting.data.iterdir())))
        done = self._watch("predict", str(model), str(self.setting.data))
        start, end = (_last(run, "RunFinished").values["seconds"] for run in (one, done))
        threads, _, _ = _note(trained).partition(",")
        return _run(done, (end - start,), threads)

    def _watch(self, *words: str) -> Watched:
        return watch([_OURS, *words, "--json"], self.environment, memory=True)


@contextmanager
def _home(setting: Setting) -> Iterator[_Home]:
    folder = Path(tempfile.mkdtemp(prefix="petstudio-bench-"))
    environment = {"PETSTUDIO_HOME": str(folder / "home")}
    if setting.threads is not None:
        environment["OMP_NUM_THREADS"] = str(setting.threads)
    try:
        yield _Home(folder=folder, setting=setting, environment=environment)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _trained(done: Watched) -> Run:
    """Epochs are timed from outside, the first one from the start of the run."""
    ends = [line.at for line in done.lines if line.values["event"] == "EpochFinished"]
    starts = [_last(done, "RunStarted").at, *ends[:-1]]
    epochs = tuple(end - start for start, end in zip(starts, ends, strict=True))
    return _run(done, epochs, _note(done))


def _run(done: Watched, epochs: tuple[float, ...], note: str) -> Run:
    return Run(
        epochs=epochs,
        whole=done.seconds,
        cpu_seconds=done.cpu_seconds,
        peak_bytes=done.peak_bytes,
        others=done.others,
        note=note,
    )


def _note(trained: Watched) -> str:
    said = _last(trained, "RunStarted").values
    threads = "1 thread" if said["threads"] == 1 else f"{said['threads']} threads"
    return f"{threads}, {said['precision']}"


def _last(done: Watched, event: str) -> Line:
    return [line for line in done.lines if line.values["event"] == event][-1]
