"""The child's side of reading labels. Imported anew in the child, so it imports next to nothing."""

from __future__ import annotations

import faulthandler
import os
import signal
import sys
import time
import traceback
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TextIO, TypeAlias

from petstudio.api.contributions import DatasetLoader, ImageLabel, Place, Split
from petstudio.api.errors import PetStudioError

if TYPE_CHECKING:
    from ctypes import c_longlong
    from multiprocessing.connection import Connection

OPENING: Final = -1
CHUNK: Final = 1000
MOST_MISSING: Final = 1_000_000  # labels of files that are not there
_BETWEEN: Final = "\0"
_ORPHAN_SECONDS: Final = 90.0

Request: TypeAlias = tuple[DatasetLoader[Any], object, Path, str]


@dataclass(frozen=True, kw_only=True)
class LoaderFailed:
    """The loader raised something that is not an error of ours."""

    reason: str
    traceback: str


Answer: TypeAlias = list[ImageLabel] | PetStudioError | LoaderFailed | None


def request_of(loader: DatasetLoader[Any], options: object, place: Place) -> Request:
    """Return the request as it travels.

    Its names are one text: a hundred thousand of them would hold up the window while they are
    pickled. No path has a zero in it.
    """
    return loader, options, place.root, _BETWEEN.join(place.files)


def serve_labels(connection: Connection, progress: c_longlong) -> None:
    """Answer requests until the other side closes the connection.

    An answer is lists of labels and then None, or a failure. `progress` is OPENING until the loader
    has opened its source, then the number of labels that it gave.
    """
    # Ctrl+C reaches every process of a terminal; only the parent decides what it means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    warnings.simplefilter("ignore")
    with Path(os.devnull).open("w") as nowhere:
        sys.stdout = nowhere  # what a plugin prints must not mix with the program's own output
        orphan_watch = _OrphanWatch(nowhere)
        while _serve_one(connection, progress, orphan_watch):
            orphan_watch.stop()


def _serve_one(connection: Connection, progress: c_longlong, orphan_watch: _OrphanWatch) -> bool:
    """Return whether the parent is still there."""
    try:
        request: Request = connection.recv()
    except (EOFError, OSError):
        return False
    except (Exception, SystemExit) as error:  # noqa: BLE001  plugin boundary: unpickling imports the plugin
        return _send(connection, _failure(error))
    answers = _answers(request, progress, orphan_watch)
    return all(_send(connection, answer) for answer in answers)


def _send(connection: Connection, answer: Answer) -> bool:
    try:
        connection.send(answer)
    except OSError:
        return False
    except Exception as error:  # noqa: BLE001  plugin boundary: what cannot be pickled
        return _send(connection, _failure(error))
    return True


def _answers(
    request: Request, progress: c_longlong, orphan_watch: _OrphanWatch
) -> Iterator[Answer]:
    loader, options, root, names = request
    place = Place(root=root, files=tuple(names.split(_BETWEEN)) if names else ())
    chunk: list[ImageLabel] = []
    try:
        orphan_watch.renew()
        labels = iter(loader.read(options, place))
        progress.value = 0
        for label in labels:
            chunk.append(_checked(label, place, progress.value))
            progress.value += 1
            orphan_watch.renew()
            if len(chunk) == CHUNK:
                yield chunk
                chunk = []
        _check_count(place, progress.value)
    except PetStudioError as error:
        yield error
    except (Exception, SystemExit) as error:  # noqa: BLE001  plugin boundary: the parent reports
        yield _failure(error)
    else:
        yield chunk
        yield None


def _checked(label: Any, place: Place, index: int) -> ImageLabel:
    if not isinstance(label, ImageLabel):
        raise TypeError(f"read gave a {type(label).__name__} where an ImageLabel belongs")
    if index >= len(place.files) + MOST_MISSING:
        raise ValueError(f"read goes on after {index:,} labels for {len(place.files):,} files")
    expected = place.files[index] if index < len(place.files) else label.path
    if label.path != expected:
        raise ValueError(f"read gave {label.path!r} where {expected!r} belongs")
    if not all(isinstance(text, str | None) for text in (label.label, label.group)):
        raise TypeError(f"the label or group of {label.path!r} is not a text")
    if label.label is not None and not label.label.strip():
        raise ValueError(f"the label of {label.path!r} is empty; give None where there is none")
    if not isinstance(label.split, Split | None):
        raise TypeError(f"the split of {label.path!r} is {label.split!r}, not a Split")
    return label


def _check_count(place: Place, count: int) -> None:
    if count < len(place.files):
        raise ValueError(f"read gave {count} labels for {len(place.files)} files")


def _failure(error: BaseException) -> LoaderFailed:
    reason = "".join(traceback.format_exception_only(error)).strip()
    return LoaderFailed(reason=reason, traceback="".join(traceback.format_exception(error)))


class _OrphanWatch:
    """Ends this process when one label takes for ever and no parent is left to end it.

    While a pattern is being matched no other Python thread runs; faulthandler's is written in C.
    """

    def __init__(self, nowhere: TextIO) -> None:
        self._nowhere = nowhere
        self._renewed = 0.0

    def renew(self) -> None:
        now = time.monotonic()
        if now - self._renewed > 1.0:  # starting its thread for every label would cost more
            self._renewed = now
            faulthandler.dump_traceback_later(_ORPHAN_SECONDS, exit=True, file=self._nowhere)

    def stop(self) -> None:
        self._renewed = 0.0
        faulthandler.cancel_dump_traceback_later()
