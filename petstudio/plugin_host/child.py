"""Reading labels in a child process: a pattern that never ends costs a process, not the program."""

from __future__ import annotations

import os
import time
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from petstudio.api.contributions import DatasetLoader, ImageLabel, Place
from petstudio.api.control import RunControl
from petstudio.api.errors import InputError, MachineError, PetStudioError, PluginError
from petstudio.api.language import tr
from petstudio.config.paths import user_plugin_folder
from petstudio.plugin_host.discovery import BUNDLED_PACKAGE
from petstudio.plugin_host.label_process import (
    OPENING,
    Answer,
    LoaderFailed,
    request_of,
    serve_labels,
)

if TYPE_CHECKING:
    from ctypes import c_longlong
    from multiprocessing.connection import Connection
    from multiprocessing.context import SpawnProcess

SECONDS_PER_FILE: Final = 2.0
OPENING_SECONDS: Final = 60.0
_POLL_SECONDS: Final = 0.05
_END_SECONDS: Final = 5.0
_PATTERN_CURE: Final = tr("Simplify its pattern; avoid repeats inside repeats, such as (a+)+.")


def read_labels(
    loader: DatasetLoader[Any],
    options: object,
    place: Place,
    control: RunControl,
    *,
    seconds_per_file: float = SECONDS_PER_FILE,
) -> tuple[ImageLabel, ...]:
    """Read the labels of a place once; see `LabelReader.read` for what is raised."""
    with LabelReader(seconds_per_file=seconds_per_file) as reader:
        return reader.read(loader, options, place, control)


class LabelReader:
    """Keeps one child process warm between reads; for one thread at a time.

    The child is started by the first read, ended by `close`, and replaced after it had to be ended.
    """

    def __init__(self, *, seconds_per_file: float = SECONDS_PER_FILE) -> None:
        self._seconds_per_file = seconds_per_file
        self._child: _Child | None = None

    def __enter__(self) -> LabelReader:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def read(
        self, loader: DatasetLoader[Any], options: object, place: Place, control: RunControl
    ) -> tuple[ImageLabel, ...]:
        """Return one label for each file of the place, in order, then those of missing files.

        A pause does not hold it up, cancelling does at once.

        Raises:
            InputError: a file takes longer than allowed, or as the loader raised it.
            PluginError: the loader fails, ends its process, or gives something else than labels.
            RunCancelledError: the control was cancelled; the child is gone.
        """
        with ExitStack() as abandon:
            # However the reading is left: a child that may still be computing must not stay.
            abandon.callback(self.close)
            child = self._child or self._start()
            _ask(child, loader, options, place)
            labels: list[ImageLabel] = []
            while isinstance(answer := self._next(child, loader, place, control), list):
                labels.extend(answer)
            abandon.pop_all()
        if answer is None:
            return tuple(labels)
        raise _error_of(answer, loader)

    def close(self) -> None:
        """End the child process; the reader can be used again."""
        child, self._child = self._child, None
        if child is not None:
            child.connection.close()
            child.process.kill()
            child.process.join(_END_SECONDS)
            if child.process.exitcode is not None:
                child.process.close()

    def _start(self) -> _Child:
        self._child = _start_child()
        return self._child

    def _next(
        self, child: _Child, loader: DatasetLoader[Any], place: Place, control: RunControl
    ) -> Answer:
        seen, since = child.progress.value, time.monotonic()
        while True:
            if control.is_cancelled:
                control.checkpoint()
            if _has_answer(child):
                return _receive(child, loader)
            done, now = child.progress.value, time.monotonic()
            if done != seen:
                seen, since = done, now
            if now - since > (OPENING_SECONDS if done == OPENING else self._seconds_per_file):
                raise _too_slow(loader, place, done, now - since)


@dataclass(frozen=True, kw_only=True)
class _Child:
    process: SpawnProcess
    connection: Connection
    progress: c_longlong  # shared with the child


class _InChildError(Exception):
    """Carries the child's traceback, as the cause of what is raised here."""

    def __str__(self) -> str:
        return f"in the child process\n{self.args[0]}"


def _start_child() -> _Child:
    import multiprocessing  # not before the first paint of the window
    from ctypes import c_longlong

    # A child started with -c has the current folder first on sys.path until multiprocessing has
    # set it up, so a `random.py` beside the user's images would run. It concerns children only.
    os.environ["PYTHONSAFEPATH"] = "1"
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    progress = context.RawValue(c_longlong, OPENING)
    process = context.Process(
        target=serve_labels, args=(theirs, progress), name="petstudio-labels", daemon=True
    )
    try:
        process.start()
    except OSError as error:
        ours.close()
        raise MachineError(
            tr(
                "The process that reads labels could not be started: {strerror}.",
                strerror=error.strerror,
            ),
            cure=tr("Close other programs and try again."),
        ) from error
    finally:
        theirs.close()
    return _Child(process=process, connection=ours, progress=progress)


def _ask(child: _Child, loader: DatasetLoader[Any], options: object, place: Place) -> None:
    child.progress.value = OPENING
    try:
        child.connection.send(request_of(loader, options, place))
    except OSError as error:
        raise _died(child, loader) from error
    except Exception as error:  # plugin boundary: a lambda, say, cannot travel to the child
        raise PluginError(plugin_of(loader), loader.key, error) from error


def _has_answer(child: _Child) -> bool:
    try:
        return child.connection.poll(_POLL_SECONDS)
    except OSError:  # Windows: the child is gone, as receiving will say
        return True


def _receive(child: _Child, loader: DatasetLoader[Any]) -> Answer:
    try:
        answer: Answer = child.connection.recv()
    except (EOFError, OSError) as error:
        raise _died(child, loader) from error
    except Exception as error:  # plugin boundary: an error class that cannot be unpickled
        raise PluginError(plugin_of(loader), loader.key, error) from error
    return answer


def plugin_of(loader: DatasetLoader[Any]) -> str:
    """Return the name of the loader's plugin, judged by the module of its function."""
    module = str(getattr(loader.read, "__module__", loader.options.__module__))
    for package in (BUNDLED_PACKAGE, user_plugin_folder().name):
        module = module.removeprefix(f"{package}.")
    return module.partition(".")[0]


def _error_of(answer: PetStudioError | LoaderFailed, loader: DatasetLoader[Any]) -> PetStudioError:
    if isinstance(answer, PetStudioError):
        return answer
    error = PluginError(plugin_of(loader), loader.key, answer.reason)
    error.__cause__ = _InChildError(answer.traceback)
    return error


def _died(child: _Child, loader: DatasetLoader[Any]) -> PluginError:
    child.process.join(_END_SECONDS)
    reason = tr(
        "its process ended by itself (exit code {exitcode}).", exitcode=child.process.exitcode
    )
    return PluginError(plugin_of(loader), loader.key, reason)


def _too_slow(loader: DatasetLoader[Any], place: Place, done: int, seconds: float) -> InputError:
    if done == OPENING:
        return InputError(
            tr(
                "The loader “{label}” needs more than {seconds:.0f} s to begin.",
                label=loader.label,
                seconds=seconds,
            ),
            cure=tr("Choose a smaller source, or another loader."),
        )
    name = place.files[done] if done < len(place.files) else tr("the end of its source")
    return InputError(
        tr(
            "The loader “{label}” takes too long on the name “{name}”.",
            label=loader.label,
            name=name,
        ),
        cure=_PATTERN_CURE,
    )
