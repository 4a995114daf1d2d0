"""Watching over a job in the engine process: wishes go to it, and silence has an end."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Final

from petstudio.api.control import RunControl
from petstudio.api.errors import RunCancelledError
from petstudio.api.language import tr
from petstudio.jobs.engine_process import EngineDiedError, EngineProcess
from petstudio.jobs.engine_wire import Note, Wish

POLL_S: Final = 0.1


@dataclass(frozen=True, kw_only=True)
class Patience:
    """How long a process may say nothing at all, and how long it may take to stop when told to."""

    silence_s: float = 60.0
    stopping_s: float = 60.0


class Steering:
    """Passes on what the user wants, once each."""

    def __init__(self, process: EngineProcess, control: RunControl) -> None:
        self._process = process
        self._control = control
        self._is_paused = False
        self._is_cancelled = False
        self._is_ending = False

    def pass_on(self) -> None:
        if self._is_cancelled:
            return
        for note in self._control.take_notes():
            self._process.send(Note(content=note))
        if self._control.ends_with_epoch and not self._is_ending:
            self._is_ending = True
            self._process.send(Wish.END_WITH_EPOCH)
        if self._control.is_cancelled:
            self._is_cancelled = True
            self._process.send(Wish.CANCEL)
        elif self._control.is_paused is not self._is_paused:
            self._is_paused = not self._is_paused
            self._process.send(Wish.PAUSE if self._is_paused else Wish.RESUME)


class Watch:
    """Call `look` after each poll of POLL_S that brought nothing."""

    def __init__(self, process: EngineProcess, control: RunControl, patience: Patience) -> None:
        self._process = process
        self._control = control
        self._patience = patience
        self._heard = process.heard
        self._silent_polls = 0
        self._stopping_since: float | None = None

    def look(self) -> None:
        """Return if all is well.

        Raises:
            EngineDiedError: the process has been silent for too long.
            RunCancelledError: it was told to stop and has not.
        """
        self._look_for_silence()
        self._look_for_disobedience()

    def _look_for_silence(self) -> None:
        # Counted in polls, not by the clock: a computer that slept is no process that hangs.
        is_silent = self._process.heard == self._heard and not self._control.is_paused
        self._silent_polls = self._silent_polls + 1 if is_silent else 0
        self._heard = self._process.heard
        if self._silent_polls * POLL_S > self._patience.silence_s:
            raise EngineDiedError(
                tr(
                    "The engine process did not answer for {silence_s:g} s and was ended.",
                    silence_s=self._patience.silence_s,
                ),
                cure=tr("Start again; if it happens again, restart the computer."),
            )

    def _look_for_disobedience(self) -> None:
        if not self._control.is_cancelled:
            return
        now = time.monotonic()
        self._stopping_since = self._stopping_since or now
        if now - self._stopping_since > self._patience.stopping_s:
            raise RunCancelledError(
                tr(
                    "The engine did not stop by itself and was ended; what was written "
                    "before is kept."
                )
            )
