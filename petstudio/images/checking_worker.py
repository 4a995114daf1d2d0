"""One child process that checks pictures, seen from the program."""

from __future__ import annotations

import contextlib
import multiprocessing
import signal
import time
from collections import deque
from collections.abc import Iterable, Iterator
from multiprocessing import resource_tracker
from typing import Final

from petstudio.api.errors import ImageError, ImageReason, MachineError
from petstudio.api.language import tr
from petstudio.images.checking_child import CheckRules, serve
from petstudio.images.roots import Root

Answer = tuple[str, object]  # the file; its ImageError, or else what the check tells
_DYING_S: Final = 5.0


class CheckingWorker:
    """Owns a process and the files that it has not answered yet; `end` it in every case."""

    def __init__(self, root: Root, rules: CheckRules) -> None:
        self._rules = rules
        # Never forked: a fork inherits the locks that other threads hold.
        context = multiprocessing.get_context("spawn")
        self.connection, theirs = context.Pipe()
        self._process = context.Process(
            target=serve, args=(theirs, root, rules), name="PetStudio picture check", daemon=True
        )
        try:
            with theirs, _interrupts_blocked():
                self._process.start()
        except OSError as error:
            raise _not_started() from error
        self._files: deque[str] = deque()
        self._since = time.monotonic()
        self._is_ready = False
        self.is_over = False

    @property
    def is_idle(self) -> bool:
        return self._is_ready and not self._files and not self.is_over

    def give(self, files: Iterable[str]) -> None:
        """Hand files to the idle process; when it has died meanwhile, `answers` will tell."""
        self._files.extend(files)
        self._since = time.monotonic()
        with contextlib.suppress(OSError):
            self.connection.send(tuple(self._files))

    def answers(self) -> Iterator[Answer]:
        """Give what has come, without waiting; blame the current file for a death or a hang.

        Raises:
            MachineError: the process could not be started.
        """
        try:
            while self.connection.poll():
                yield from self._receive()
        except (EOFError, OSError):
            yield from self._give_up(
                tr("the process that decoded it died, {last_words}", last_words=self._last_words())
            )
        if self._is_overdue():
            yield from self._give_up(
                tr("decoding took longer than {deadline_s:g} s", deadline_s=self._rules.deadline_s)
            )

    def end(self) -> list[str]:
        """Stop the process and wait for it; return the files that it has not answered."""
        self._process.kill()
        self._process.join()
        self._process.close()
        self.connection.close()
        return list(self._files)

    def _receive(self) -> Iterator[Answer]:
        answer = self.connection.recv()
        self._since = time.monotonic()
        if self._is_ready:
            yield self._files.popleft(), answer
        self._is_ready = True

    def _give_up(self, detail: str) -> Iterator[Answer]:
        self.is_over = True
        if not self._is_ready:
            raise _not_started()
        if self._files:
            file = self._files.popleft()
            yield file, ImageError(file, ImageReason.DAMAGED, detail)

    def _is_overdue(self) -> bool:
        rules = self._rules
        limit = rules.deadline_s if self._is_ready else rules.start_deadline_s
        is_busy = not self._is_ready or bool(self._files)
        return is_busy and not self.is_over and time.monotonic() - self._since > limit

    def _last_words(self) -> str:
        self._process.join(_DYING_S)
        code = self._process.exitcode
        return (
            f"signal {-code}"
            if code is not None and code < 0
            else tr("exit code {code}", code=code)
        )


def _not_started() -> MachineError:
    return MachineError(
        tr("The process that checks pictures could not be started."),
        cure=tr("Close other programs or restart the computer, then try again."),
    )


@contextlib.contextmanager
def _interrupts_blocked() -> Iterator[None]:
    """Let a process started here never see Ctrl+C, which is meant for the program alone."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    # Its own start, which a first spawn brings about, would unblock the signal again.
    resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
