"""How a job is paused, resumed and cancelled from outside."""

from __future__ import annotations

from queue import SimpleQueue
from threading import Event

from petstudio.api.errors import RunCancelledError


class RunControl:
    """Shared by the one who runs a job and the one who steers it; safe from any thread."""

    def __init__(self) -> None:
        self._may_run = Event()
        self._may_run.set()
        self._cancelled = Event()
        self._ends_with_epoch = Event()
        self._notes: SimpleQueue[object] = SimpleQueue()

    @property
    def is_paused(self) -> bool:
        """True while `checkpoint()` would block."""
        return not self._may_run.is_set()

    @property
    def is_cancelled(self) -> bool:
        """True once `cancel()` was called; there is no way back."""
        return self._cancelled.is_set()

    @property
    def ends_with_epoch(self) -> bool:
        """True once `end_with_epoch()` was called: a training run is to stop with its epoch."""
        return self._ends_with_epoch.is_set()

    def pause(self) -> None:
        """Let the job block at its next checkpoint; without effect once cancelled."""
        if not self.is_cancelled:
            self._may_run.clear()

    def resume(self) -> None:
        """Let a paused job go on."""
        self._may_run.set()

    def cancel(self) -> None:
        """End the job at its next checkpoint; also wakes a paused one."""
        self._cancelled.set()
        self._may_run.set()

    def end_with_epoch(self) -> None:
        """End a training run after its current epoch; also wakes a paused one."""
        self._ends_with_epoch.set()
        self._may_run.set()

    def leave_note(self, note: object) -> None:
        """Leave something for the job, which takes it when that suits; it must be picklable."""
        self._notes.put(note)

    def take_notes(self) -> tuple[object, ...]:
        """Return the notes that were left since the last time, oldest first."""
        notes = []
        while not self._notes.empty():
            notes.append(self._notes.get())
        return tuple(notes)

    def checkpoint(self) -> None:
        """Block while paused; raise RunCancelledError once cancelled. Call once per step."""
        self._may_run.wait()
        if self._cancelled.is_set():
            raise RunCancelledError
