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
from petstudio.images.roots import Root

Check = Callable[[Path], object]


@dataclass(frozen=True, kw_only=True)
class CheckRules:
    """What a file may take; `check` raises ImageError for a bad one and can be pickled by name.

    What it returns for a good one comes back where the rules say that it `tells` something.
    """

    deadline_s: float = 10.0
    start_deadline_s: float = 60.0
    memory_bytes: int = 1536 * 2**20
    check: Check = read_image
    tells: bool = False


def serve(connection: Connection, root: Root, rules: CheckRules) -> None:
    """Answer batches of relative paths, each with its ImageError or else what the check tells.

    The first message says that the process is ready; it ends when the pipe closes.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _silence_libraries()
    _limit_memory(rules.memory_bytes)
    # The pipe breaks when the program is gone; then there is nobody left to tell.
    with contextlib.suppress(EOFError, OSError):
        connection.send(None)
        while True:
            for file in connection.recv():
                connection.send(_answer(root, file, rules))


def _answer(root: Root, file: str, rules: CheckRules) -> object:
    try:
        told = rules.check(root / file)
    except ImageError as error:
        return ImageError(file, error.reason, error.detail)
    return told if rules.tells else None


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
