"""Draws a page part by part, so that the window answers between two of them."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Final, TypeAlias

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtWidgets import QWidget

Draw: TypeAlias = Callable[[], None]
REPAINT_INTERVAL_MS: Final = 33  # of one part; all of them take as many turns as there are parts


class PartPainter(QObject):
    """Events only mark the page as dirty; while `run`ning a timer draws one part at a time.

    All parts at once would keep the window from answering for as long as all of them take.
    """

    def __init__(self, page: QWidget, parts: tuple[Draw, ...]) -> None:
        super().__init__(page)
        self._page = page
        self._parts = parts
        self._due: deque[Draw] = deque()
        self._is_running = False
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._draw_one)

    def run(self, is_running: bool) -> None:
        """Draw what is due from now on, or only when told to."""
        self._is_running = is_running
        if is_running:
            self._timer.start(REPAINT_INTERVAL_MS)
        else:
            self._timer.stop()

    @Slot()
    def mark_dirty(self) -> None:
        self._due.extend(part for part in self._parts if part not in self._due)

    @Slot()
    def draw(self) -> None:
        """Draw all of it now."""
        self._due.clear()
        for part in self._parts:
            part()

    def draw_shown(self) -> None:
        """Draw a page that has just been shown, one part after the other."""
        self.mark_dirty()
        if not self._is_running:
            self._timer.start(0)

    @Slot()
    def _draw_one(self) -> None:
        if self._due and self._page.isVisible():
            self._due.popleft()()
        elif not self._is_running:
            self._timer.stop()
