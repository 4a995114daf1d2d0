"""The child process that decodes pictures on trial: it may die or hang, the program does not."""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

from petstudio.api.errors import ImageError
from petstudio.images.decoding import read_image

Check = Callable[[Path], object]


@dataclass(frozen=True, kw_only=True)
class CheckRules:
    """What a file may take; `check` raises ImageError for a bad one and can be pickled by name."""

    deadline_s: float = 10.0
    start_deadline_s: float = 60.0
    memory_bytes: int = 1536 * 2**20
    check: Check = read_image


def serve(connection: Connection, root: Path, rules: CheckRules) -> None:
    """Answer batches of relative paths, one None or ImageError for each, until the pipe closes.

    The first message says that the process is ready.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _silence_libraries()
    _limit_memory(rules.memory_bytes)
    # The pipe breaks when the program is gone; then there is nobody left to tell.
    with contextlib.suppress(EOFError, OSError):
        connection.send(None)
        while True:
            for file in connection.recv():
                connection.send(_fault_of(root, file, rules.check))


def _fault_of(root: Path, file: str, check: Check) -> ImageError | None:
    try:
        check(root / file)
    except ImageError as error:
        return ImageError(file, error.reason, error.detail)
    return None


def _silence_libraries() -> None:
    # libtiff writes lines to the terminal for damaged files.
    with contextlib.suppress(OSError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 2)
        os.close(nowhere)


def _limit_memory(limit: int) -> None:
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return
    with contextlib.suppress(ValueError, OSError):
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        soft = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
