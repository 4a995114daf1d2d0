"""Training on all GPUs from one ordinary process: torchrun is started and its events are relayed.

Light to import, and it needs no torch: the launched processes do.
"""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from queue import Empty, SimpleQueue
from tempfile import TemporaryDirectory
from threading import Thread
from typing import Final

from petstudio.api.control import RunControl
from petstudio.api.errors import (
    InputError,
    IntegrityError,
    MachineError,
    PetStudioError,
    RunCancelledError,
)
from petstudio.api.events import Emit, Event, Outcome, RunFinished, from_json
from petstudio.api.language import tr
from petstudio.config.recipe import Recipe
from petstudio.config.recipe_file import save_recipe
from petstudio.jobs.engine_wire import Wish
from petstudio.jobs.training import ResumedRun, WantedRun

_POLL_S: Final = 0.1
_LEAVING_S: Final = 45.0  # torchrun gives its processes 30 s
_TAIL_CHARACTERS: Final = 4000
_THREADS: Final = "OMP_NUM_THREADS"

logger = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Launch:
    """How many processes to start, and the recipe's device for each of them."""

    count: int
    device: str = "cuda"


@dataclass(frozen=True, kw_only=True)
class TrainingCall:
    """What the launched processes train: the arguments of `petstudio train`.

    `recipe` is that of the wanted run; one that goes on has it already.
    """

    project: Path
    recipe: Recipe
    wanted: WantedRun
    safe_mode: bool = False


def launch_training(call: TrainingCall, launch: Launch, emit: Emit, control: RunControl) -> None:
    """Train in several processes as `petstudio.jobs.training.train` does in one.

    Raises:
        RunCancelledError: the control was cancelled.
        PetStudioError: what the first process says, or that the processes have died.
    """
    with TemporaryDirectory(prefix="petstudio-") as folder:
        said = Path(folder) / "said.txt"
        with _started(_command(call, launch, Path(folder)), launch, said) as processes:
            finished = _follow(processes, emit, control)
        if finished is None:
            logger.error("torchrun said: %s", said.read_text(errors="replace")[-_TAIL_CHARACTERS:])
    if finished is None:
        raise MachineError(
            tr(
                "The {count} training processes have died, perhaps for lack of memory.",
                count=launch.count,
            ),
            cure=tr(
                "Close other programs or lower the batch size, then start again; "
                "the program's log says more."
            ),
        )
    _conclude(finished)


class _Launched:
    """The processes as one: events come out, wishes go in."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self._events: SimpleQueue[Event | None] = SimpleQueue()
        self._reader = Thread(target=self._read, name="torchrun reader", daemon=True)
        self._reader.start()

    def wish(self, wish: Wish) -> None:
        """Send; when the processes are gone, `events` will end."""
        assert self._process.stdin is not None
        with suppress(OSError):
            self._process.stdin.write(f"{wish.value}\n")
            self._process.stdin.flush()

    def events(self) -> Iterator[Event | None]:
        """Yield events as they come, and None now and then, until the processes are gone."""
        while True:
            try:
                event = self._events.get(timeout=_POLL_S)
            except Empty:
                yield None
                continue
            if event is None:
                return
            yield event

    def shutdown(self) -> None:
        """Let the processes end, and end them if they do not."""
        assert self._process.stdin is not None
        with suppress(OSError):
            self._process.stdin.close()  # whereupon a run that still goes on is cancelled
        for end in (self._process.terminate, self._process.kill):
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(_LEAVING_S)
                break
            end()
        self._process.wait()
        self._reader.join()

    def _read(self) -> None:
        assert self._process.stdout is not None
        with self._process.stdout as lines:
            for line in lines:
                try:
                    self._events.put(from_json(line))
                except IntegrityError:  # a plugin or a library has printed something
                    logger.info("%s", line.rstrip())
        self._events.put(None)


@contextmanager
def _started(command: list[str], launch: Launch, said: Path) -> Iterator[_Launched]:
    cores = max(1, (os.cpu_count() or 1) // launch.count)
    # PYTHONSAFEPATH: a torch.py in the folder of the program's start must not be imported.
    environment = {_THREADS: str(cores), **os.environ, "PYTHONSAFEPATH": "1"}
    with said.open("wb") as errors:
        try:
            process = subprocess.Popen(
                command,
                env=environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                encoding="utf-8",
                start_new_session=True,  # Ctrl+C in a terminal reaches us, and we pass it on
            )
        except OSError as error:
            raise MachineError(
                tr(
                    "The training processes could not be started: {strerror}.",
                    strerror=error.strerror,
                ),
                cure=tr("Close other programs and try again."),
            ) from error
        launched = _Launched(process)
        try:
            yield launched
        finally:
            launched.shutdown()


def _command(call: TrainingCall, launch: Launch, folder: Path) -> list[str]:
    torchrun = ["-m", "torch.distributed.run", "--standalone", f"--nproc-per-node={launch.count}"]
    train = ["-m", "petstudio", "train", str(call.project), "--json", "--steered"]
    safe = ["--safe-mode"] if call.safe_mode else []
    return [sys.executable, *torchrun, *train, *_wishes(call, launch, folder), *safe]


def _wishes(call: TrainingCall, launch: Launch, folder: Path) -> list[str]:
    if isinstance(call.wanted, ResumedRun):
        number = [] if call.wanted.number is None else ["--run", str(call.wanted.number)]
        more = ["--epochs", str(call.wanted.more_epochs)] if call.wanted.more_epochs else []
        return ["--resume", *number, *more]
    recipe = folder / "recipe.toml"
    training = replace(call.recipe.training, device=launch.device)
    save_recipe(recipe, replace(call.recipe, training=training))
    return ["--recipe", str(recipe), "--name", call.wanted.name]


def _follow(processes: _Launched, emit: Emit, control: RunControl) -> RunFinished | None:
    """Relay events and wishes; return the last event, None if it did not come."""
    is_paused = False
    is_cancelled = False
    is_ending = False
    for event in processes.events():
        if isinstance(event, RunFinished):
            return event
        if event is not None:
            emit(event)
        if control.is_paused is not is_paused:
            is_paused = not is_paused
            processes.wish(Wish.PAUSE if is_paused else Wish.RESUME)
        if control.ends_with_epoch and not is_ending:
            is_ending = True
            processes.wish(Wish.END_WITH_EPOCH)
        if control.is_cancelled and not is_cancelled:
            is_cancelled = True
            processes.wish(Wish.CANCEL)
    return None


def _conclude(finished: RunFinished) -> None:
    """Return, or raise what `run_job` turns into this last event again."""
    if finished.outcome is Outcome.CANCELLED:
        raise RunCancelledError(finished.kept)
    if finished.outcome is Outcome.FAILED:
        raise (InputError if finished.bad_input else PetStudioError)(finished.message)
