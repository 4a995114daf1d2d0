"""One engine process as the program sees it, from its start to its end."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from io import FileIO
from queue import Empty, SimpleQueue
from threading import Thread
from typing import IO, Any, Final

from petstudio.api.errors import MachineError
from petstudio.api.events import Event
from petstudio.api.language import tr
from petstudio.config.paths import log_folder
from petstudio.jobs.engine_wire import NotStarted, Order, Pulse, Wire

LOG_NAME: Final = "engine.log"
_LOG_BYTES: Final = 1_000_000
_LEAVING_S: Final = 5.0
_DYING_S: Final = 5.0


class EngineDiedError(MachineError):
    """The engine process has gone, and with it the job that it ran."""


class EngineProcess:
    """Started by the constructor; `end` or `kill` it in every case."""

    def __init__(
        self, *, safe_mode: bool, on_ready: Callable[[], None], on_end: Callable[[], None]
    ) -> None:
        self._on_ready = on_ready
        self._on_end = on_end
        self._reports: SimpleQueue[tuple[Event, ...] | None] = SimpleQueue()
        self._failure = ""
        self.heard = 0
        """How many messages have come; one that stays the same is a process that hangs."""
        self.is_ready = False
        self.is_over = False
        self._process = _start(safe_mode=safe_mode)
        self._wire = _wire_to(self._process)
        self._reader = Thread(target=self._read, name="engine reader", daemon=True)
        self._reader.start()

    @property
    def pid(self) -> int:
        return self._process.pid

    def send(self, order: Order) -> None:
        """Send; when the process has died meanwhile, `receive` will tell."""
        with contextlib.suppress(OSError, ValueError):
            self._wire.send(order)

    def receive(self, timeout_s: float) -> tuple[Event, ...]:
        """Return the next events, or none after this time.

        Raises:
            EngineDiedError: there will be no more.
        """
        try:
            events = self._reports.get(timeout=timeout_s)
        except Empty:
            return ()
        if events is None:
            self._reports.put(None)  # for whoever asks again
            raise self._obituary()
        return events

    def end(self) -> None:
        """Let the process finish, or kill it when it takes too long or has not even begun."""
        if self.is_ready:
            self._wire.hang_up()
            self._reader.join(_LEAVING_S)
        self.kill()

    def kill(self) -> None:
        """End the process and all that it has started, and wait for its end."""
        with contextlib.suppress(OSError):
            if self._process.poll() is None:
                _kill_group(self._process)
        self._reader.join()

    def _read(self) -> None:
        with contextlib.suppress(EOFError, OSError):
            while True:
                self._take(self._wire.receive())
        self._reap()
        self.is_over = True
        self._reports.put(None)
        self._on_end()

    def _take(self, report: object) -> None:
        self.heard += 1
        match report:
            case tuple():
                self._reports.put(report)
            case Pulse.READY:
                self.is_ready = True
                self._on_ready()
            case NotStarted(reason=reason):
                self._failure = reason
            case _:  # a beat, which counts and says nothing
                pass

    def _reap(self) -> None:
        try:
            self._process.wait(_DYING_S)
        except subprocess.TimeoutExpired:
            _kill_group(self._process)
            self._process.wait()
        with contextlib.suppress(OSError):
            self._wire.hang_up()
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe is not None
            pipe.close()

    def _obituary(self) -> EngineDiedError:
        place = log_folder() / LOG_NAME
        code = self._process.returncode
        if self._failure:
            return EngineDiedError(
                tr("The engine could not start: {failure}.", failure=self._failure),
                cure=tr("Install PetStudio anew; details are in {place}.", place=place),
            )
        if code == -getattr(signal, "SIGKILL", 9):
            return EngineDiedError(
                tr(
                    "The engine process died (signal {signal}), perhaps for lack of memory.",
                    signal=-code,
                ),
                cure=tr(
                    "Close other programs or choose a smaller batch or picture size, "
                    "then start again."
                ),
            )
        how = tr("signal {signal}", signal=-code) if code < 0 else tr("exit code {code}", code=code)
        return EngineDiedError(
            tr("The engine process died ({how}), inside a library or a driver.", how=how),
            cure=tr("Start again; details are in {place}.", place=place),
        )


def _start(*, safe_mode: bool) -> subprocess.Popen[bytes]:
    # -P: a torch.py in the folder in which the program was started must not be imported.
    command = [sys.executable, "-P", "-m", "petstudio.jobs.engine_child"]
    if safe_mode:
        command.append("--safe-mode")
    try:
        with _log_file() as log:
            return subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                bufsize=0,
                **_apart(),
            )
    except OSError as error:
        raise EngineDiedError(
            tr("The engine process could not be started: {strerror}.", strerror=error.strerror),
            cure=tr("Close other programs and try again."),
        ) from error


def _apart() -> dict[str, Any]:  # keywords of Popen
    """Keep the process out of the terminal's reach and, on Windows, behind the window."""
    if sys.platform == "win32":
        flags = subprocess.BELOW_NORMAL_PRIORITY_CLASS | subprocess.CREATE_NO_WINDOW
        return {"creationflags": flags | subprocess.CREATE_NEW_PROCESS_GROUP}
    return {"start_new_session": True}


def _kill_group(process: subprocess.Popen[bytes]) -> None:
    if sys.platform == "win32":
        process.kill()
    else:
        os.killpg(process.pid, signal.SIGKILL)


def _wire_to(process: subprocess.Popen[bytes]) -> Wire:
    source, sink = process.stdout, process.stdin
    assert isinstance(source, FileIO)
    assert isinstance(sink, FileIO)
    return Wire(source, sink)


@contextlib.contextmanager
def _log_file() -> Iterator[IO[bytes] | int]:
    """Give the log that the process writes to; a long one is put aside first."""
    path = log_folder() / LOG_NAME
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists() and path.stat().st_size > _LOG_BYTES:
            path.replace(path.with_suffix(".log.1"))
        file = path.open("ab")
    except OSError:
        yield subprocess.DEVNULL
        return
    with file:
        yield file
