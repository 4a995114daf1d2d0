"""The engine process's two trays: what it is asked, and what it reports."""

from __future__ import annotations

import faulthandler
import os
import time
import traceback
from queue import SimpleQueue
from threading import Event as Flag
from threading import Lock, Thread
from typing import Final

from petstudio.api.control import RunControl
from petstudio.api.events import Event
from petstudio.jobs.engine_wire import Note, Pulse, Wire, Wish

BATCH_S: Final = 0.05
BEAT_S: Final = 1.0
ORPHAN_S: Final = 10.0
_CANNOT_REPORT: Final = 70


class Outbox:
    """Sends events in batches, and a beat while there are none."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._lock = Lock()
        self._events: list[Event] = []
        self._news = Flag()
        Thread(target=self._send_all, name="engine outbox", daemon=True).start()

    def post(self, event: Event) -> None:
        """Keep the event for the next batch; safe from any thread."""
        with self._lock:
            self._events.append(event)
        self._news.set()

    def _send_all(self) -> None:
        try:
            while True:
                self._news.wait(BEAT_S)
                self._wire.send(self._take() or Pulse.BEAT)
                time.sleep(BATCH_S)
        except OSError:
            pass  # nobody listens any more; the inbox finds out and ends the process
        except Exception:  # noqa: BLE001  thread boundary: a mute engine would look like a hung one
            traceback.print_exc()
            os._exit(_CANNOT_REPORT)

    def _take(self) -> tuple[Event, ...]:
        self._news.clear()
        with self._lock:
            events = tuple(self._events)
            self._events.clear()
        return events


class Inbox:
    """Queues jobs, and turns wishes into calls of the control of the latest one."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._control = RunControl()
        self._tasks: SimpleQueue[tuple[bytes, RunControl] | None] = SimpleQueue()
        Thread(target=self._read, name="engine inbox", daemon=True).start()

    def next(self) -> tuple[bytes, RunControl] | None:
        """Wait for the next job; None when the other side has gone."""
        return self._tasks.get()

    def _read(self) -> None:
        try:
            while True:
                self._take(self._wire.receive())
        except (EOFError, OSError):
            # A job that does not end, or a library that never lets go, must not outlive the window.
            faulthandler.dump_traceback_later(ORPHAN_S, exit=True)
            self._control.cancel()
            self._tasks.put(None)

    def _take(self, order: object) -> None:
        match order:
            case bytes():
                self._control = RunControl()
                self._tasks.put((order, self._control))
            case Wish.PAUSE:
                self._control.pause()
            case Wish.RESUME:
                self._control.resume()
            case Wish.CANCEL:
                self._control.cancel()
            case Note(content=content):
                self._control.leave_note(content)
            case Wish.END_WITH_EPOCH:
                self._control.end_with_epoch()
            case _:
                raise TypeError(f"This is no order: {order!r}")
