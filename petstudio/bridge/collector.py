"""Python's cycle collector, kept in the window's thread.

Left alone it runs in whichever thread happens to allocate, and may there end the life of objects of
Qt that belong to the window, which ends the program.
"""

from __future__ import annotations

import gc
from typing import Final

from PySide6.QtCore import QObject, QTimer, Slot

INTERVAL_MS: Final = 1000
_VERY_MANY: Final = 20_000
"""New objects since the last collection; a page makes a few thousand."""


def set_data_aside() -> None:
    """Let no collection look at what there is now; call it when very much has come that stays.

    It would look at every single object, 0.1 s for 100,000 pictures, while the window waits. The
    data goes all the same when nobody holds it; cycles stay until the collector stops.
    """
    gc.freeze()


class CycleCollector(QObject):
    """From `start` to `stop` nothing else collects."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._timer = QTimer(self)
        self._timer.setInterval(INTERVAL_MS)
        self._timer.timeout.connect(self.collect)

    def start(self) -> None:
        gc.disable()
        self._timer.start()

    def stop(self) -> None:
        """Collect once more and give back to Python.

        What waits for the end of Python finds Qt gone and crashes; seen after a run was plotted.
        So what was set aside is looked at, too.
        """
        self._timer.stop()
        gc.unfreeze()
        gc.collect()
        gc.enable()

    @Slot()
    def collect(self) -> None:
        """Collect the generations that Python itself would have collected by now.

        Very many new objects are a project that is being read, and no cycles.
        """
        counts = gc.get_count()
        if counts[0] > _VERY_MANY:
            set_data_aside()
            return
        due = [count > limit for count, limit in zip(counts, gc.get_threshold(), strict=True)]
        if due[0]:
            gc.collect(2 if due[2] else 1 if due[1] else 0)
