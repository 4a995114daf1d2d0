"""Work that can wait: done step by step in the window's thread, whenever it has nothing to do."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from importlib import import_module
from typing import TypeAlias

from PySide6.QtCore import QObject, QTimer, Slot

Step: TypeAlias = Callable[[], object]


def load_types(module: str) -> None:
    """Have PySide make all types of a module, which it otherwise does one by one at first use.

    pyqtgraph asks for every one of them while it is imported, a tenth of a second in one piece.
    """
    loaded = import_module(module)
    for name in dir(loaded):
        getattr(loaded, name, None)


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
        self._steps.clear()

    @Slot()
    def _take_step(self) -> None:
        if self._steps:
            self._steps.popleft()()
        if not self._steps:
            self._timer.stop()
