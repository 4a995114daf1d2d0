"""A question answered in the background, where only the newest one counts."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TypeAlias

from PySide6.QtCore import QObject, Qt, QThread, Signal, Slot

from petstudio.api.control import RunControl
from petstudio.api.errors import PetStudioError, RunCancelledError
from petstudio.api.language import tr

Question: TypeAlias = Callable[[RunControl], object]

logger = logging.getLogger(__name__)


def unexpected(error: Exception) -> PetStudioError:
    """Return what to say of an error that nobody thought of; the log has the rest."""
    return PetStudioError(
        tr(
            "Something went wrong inside PetStudio: {name}: {error}",
            name=type(error).__name__,
            error=error,
        )
    )


class BackgroundCall(QObject):
    """Runs one function at a time in a thread; a newer one cancels it and takes its place."""

    done = Signal(object)
    """What the newest function returned."""
    failed = Signal(object)
    """The PetStudioError that the newest function raised."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._control = RunControl()
        self._thread: QThread | None = None
        self._worker: _Worker | None = None
        self._next: Question | None = None

    @property
    def is_busy(self) -> bool:
        return self._thread is not None

    def start(self, function: Question) -> None:
        """Answer this question next; older ones are cancelled and their results dropped."""
        self._next = function
        if self._thread is None:
            self._start_next()
        else:
            self._control.cancel()

    def cancel(self) -> None:
        """Drop the question; neither signal will come for it."""
        self._next = None
        self._control.cancel()

    def shutdown(self, timeout_ms: int = 10_000) -> bool:
        """Cancel and wait; False when the function has not ended in that time."""
        self.cancel()
        if self._thread is not None and not self._thread.wait(timeout_ms):
            return False
        self._on_finished()
        return True

    def _start_next(self) -> None:
        function, self._next = self._next, None
        if function is None:
            return
        self._control = RunControl()
        self._thread = QThread(self)
        self._worker = _Worker(function, self._control)
        self._worker.moveToThread(self._thread)
        self._thread.started.connect(self._worker.run)
        self._thread.finished.connect(self._on_finished, Qt.ConnectionType.QueuedConnection)
        self._thread.start()

    @Slot()
    def _on_finished(self) -> None:
        # A late signal of an earlier thread finds none, or the next one still at work.
        if self._thread is None or self._worker is None or not self._thread.isFinished():
            return
        self._thread.wait()
        worker, control = self._worker, self._control
        self._thread.deleteLater()
        self._thread = None
        self._worker = None
        self._start_next()
        if control.is_cancelled:
            return
        if worker.error is not None:
            self.failed.emit(worker.error)
        else:
            self.done.emit(worker.result)


class _Worker(QObject):
    def __init__(self, function: Question, control: RunControl) -> None:
        super().__init__()
        self._function = function
        self._control = control
        self.result: object = None
        self.error: PetStudioError | None = None

    @Slot()
    def run(self) -> None:
        try:
            self.result = self._function(self._control)
        except RunCancelledError:
            self._control.cancel()
        except PetStudioError as error:
            self.error = error
        except Exception as error:  # the thread boundary: an unexpected failure becomes a sentence
            logger.exception("A background call failed unexpectedly")
            self.error = unexpected(error)
        finally:
            # From here, not by a signal: that would be queued to a window that may be waiting.
            QThread.currentThread().quit()
