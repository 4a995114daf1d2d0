"""Work that can wait: done step by step in the window's thread, whenever it has nothing to do."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from enum import Enum
from importlib import import_module
from threading import Thread
from time import perf_counter
from typing import Final, TypeAlias

from PySide6.QtCore import QObject, QTimer, Slot

Step: TypeAlias = Callable[[], object]
_LOOK_AGAIN_MS: Final = 10
_TURN_S: Final = 0.004


class Turn(Enum):
    """What a step may return."""

    NEXT = "next"  # it has more to do, and can go on at once
    AGAIN = "again"  # it is not done yet and wants to be called once more, a little later


def load_types(module: str) -> Iterator[None]:
    """Have PySide make all types of a module, which it otherwise does one by one at first use.

    pyqtgraph asks for every one of them while it is imported, a tenth of a second in one piece.
    """
    loaded = import_module(module)
    for name in dir(loaded):
        getattr(loaded, name, None)
        yield


class Pieces:
    """A step that is cut in pieces, between which the window answers.

    Whoever needs it done calls `finish`; what is left then is done at once.
    """

    def __init__(self, pieces: Iterator[None]) -> None:
        self._pieces = pieces

    def __call__(self) -> Turn | None:
        """Do a piece, and more as long as they are small."""
        end = perf_counter() + _TURN_S
        for _ in self._pieces:
            if perf_counter() > end:
                return Turn.NEXT
        return None

    def finish(self) -> None:
        for _ in self._pieces:
            pass


class Loading:
    """A step that imports a module of Python code in a thread, which lets the window in between.

    In the window's thread pyqtgraph, for one, would stop it until its two hundred files are read.
    """

    def __init__(self, module: str) -> None:
        self._thread = Thread(target=import_module, args=(module,), name=f"loading {module}")
        self._has_begun = False

    def __call__(self) -> Turn | None:
        if not self._has_begun:
            self._has_begun = True
            self._thread.start()
        return Turn.AGAIN if self._thread.is_alive() else None

    def wait(self) -> None:
        """Return when the thread has ended, if it was ever started."""
        if self._has_begun:
            self._thread.join()


class IdleSteps(QObject):
    """A step begins only when all events that came meanwhile have been seen to."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._steps: deque[Step] = deque()
        self._timer = QTimer(self)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._take_step)

    def add(self, *steps: Step) -> None:
        self._steps.extend(steps)
        self._timer.start()

    def shutdown(self) -> None:
        """Drop what has not been done."""
        self._timer.stop()
        for step in self._steps:
            if isinstance(step, Loading):
                step.wait()
        self._steps.clear()

    @Slot()
    def _take_step(self) -> None:
        turn = self._steps[0]() if self._steps else None
        self._timer.setInterval(_LOOK_AGAIN_MS if turn is Turn.AGAIN else 0)
        if self._steps and not isinstance(turn, Turn):
            self._steps.popleft()
        if not self._steps:
            self._timer.stop()
