"""Whatever threads have to say, delivered in order and in batches to the window's thread."""

from __future__ import annotations

from collections import deque
from threading import Lock

from PySide6.QtCore import QObject, Qt, Signal, Slot


class EventRelay(QObject):
    """Has at most one wake-up on its way, however many events are posted meanwhile."""

    batch_arrived = Signal(object)
    """A tuple of what was posted, in that order."""
    _woken = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lock = Lock()
        self._events: deque[object] = deque()
        self._is_waking = False
        self._woken.connect(self.flush, Qt.ConnectionType.QueuedConnection)

    def post(self, event: object) -> None:
        """Keep the event for the next batch; safe from any thread."""
        with self._lock:
            self._events.append(event)
            must_wake = not self._is_waking
            self._is_waking = True
        if must_wake:
            self._woken.emit()

    @Slot()
    def flush(self) -> None:
        """Deliver what has been posted so far; only from the relay's own thread."""
        with self._lock:
            events = tuple(self._events)
            self._events.clear()
            self._is_waking = False
        if events:
            self.batch_arrived.emit(events)
