"""One process that decodes pictures, seen from the program."""

from __future__ import annotations

import contextlib
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from io import FileIO
from pathlib import Path
from typing import Final

from petstudio.api.errors import PetStudioError
from petstudio.api.language import tr
from petstudio.images.decoder_wire import ask, receive_picture, wait_for_ready
from petstudio.images.pixel_records import Picture

_DYING_S: Final = 5.0
_PIPE_BYTES: Final = 1 << 20  # most pictures go through in one piece


class DecoderLostError(PetStudioError):
    """A decoding process died, hung or could not be started; `what` says how."""


@dataclass(frozen=True, kw_only=True)
class DecoderRules:
    """How decoding processes are started and how long they are waited for.

    Attributes:
        command: what to run. -P: a file of the working folder must not be imported.
        deadline_s: for one picture.
        start_deadline_s: until a process is ready.
        idle_s: after this time without a picture the processes are let go.
        patience: how many pictures the caller decodes himself before processes are worth a start.
    """

    command: tuple[str, ...] = (sys.executable, "-P", "-m", "petstudio.images.decoder_child")
    deadline_s: float = 30.0
    start_deadline_s: float = 60.0
    idle_s: float = 20.0
    patience: int = 64


class DecoderProcess:
    """Used by one thread at a time, which must `end` it; only `kill_if_late` is for others.

    Attributes:
        is_lost: it is of no use any more.
    """

    def __init__(self, rules: DecoderRules) -> None:
        """Start it without waiting for it; raises DecoderLostError if that is impossible."""
        self._rules = rules
        self._deadline = time.monotonic() + rules.start_deadline_s
        self._is_ready = False
        self._is_late = False
        self.is_lost = False
        try:
            self._process = _spawn(rules.command)
        except OSError as error:
            raise DecoderLostError(
                tr("no process can be started: {strerror}", strerror=error.strerror)
            ) from error
        source, sink = self._process.stdout, self._process.stdin
        assert isinstance(source, FileIO)
        assert isinstance(sink, FileIO)
        _widen(source)
        self._source, self._sink = source, sink

    @property
    def pid(self) -> int:
        return self._process.pid

    def wait_until_ready(self) -> None:
        """Raises DecoderLostError if it ends instead."""
        if not self._is_ready:
            with self._watched(self._rules.start_deadline_s):
                wait_for_ready(self._source)
            self._is_ready = True

    def read(self, path: Path, at_least: int | None) -> Picture:
        """Have a picture decoded, as `decoding.read_image` does it.

        Raises:
            ImageError: it cannot be read.
            DecoderLostError: the process died or took too long.
        """
        self.wait_until_ready()
        with self._watched(self._rules.deadline_s):
            ask(self._sink, path, at_least)
            return receive_picture(self._source, path)

    def kill_if_late(self) -> None:
        """End a wait that has lasted too long; whoever waits then gets a DecoderLostError."""
        if time.monotonic() > self._deadline:
            self._is_late = True
            self.kill()

    def kill(self) -> None:
        self._process.kill()

    def end(self) -> None:
        self._process.kill()
        self._process.wait()
        self._source.close()
        self._sink.close()

    @contextlib.contextmanager
    def _watched(self, limit: float) -> Iterator[None]:
        self._deadline = time.monotonic() + limit
        try:
            yield
        except (EOFError, OSError, ValueError) as error:
            self.is_lost = True
            raise DecoderLostError(self._last_words(limit)) from error
        finally:
            self._deadline = float("inf")

    def _last_words(self, limit: float) -> str:
        if self._is_late:
            return tr("decoding took longer than {limit:g} s", limit=limit)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(_DYING_S)
        code = self._process.returncode
        how = (
            f"signal {-code}"
            if code is not None and code < 0
            else tr("exit code {code}", code=code)
        )
        return tr("the process that decoded it died, {how}", how=how)


def _spawn(command: tuple[str, ...]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # libtiff writes lines about damaged files
        bufsize=0,
        creationflags=_behind_the_window(),
    )


def _behind_the_window() -> int:
    if sys.platform == "win32":
        return subprocess.CREATE_NO_WINDOW
    return 0


def _widen(pipe: FileIO) -> None:
    """Ask for a pipe that takes a whole picture, so that nobody waits for the other's turn."""
    if sys.platform == "linux":
        import fcntl

        with contextlib.suppress(OSError):  # a user may have so much of it and no more
            fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)
