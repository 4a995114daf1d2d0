"""Turns to another page card by card, so that the window answers between two of them."""

from __future__ import annotations

from collections import deque

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtWidgets import QAbstractItemView, QGraphicsView, QStackedWidget, QWidget
from shiboken6 import isValid

from petstudio.ui.page import Page
from petstudio.ui.widgets.card import Card


class PageTurner(QObject):
    """First the page comes without its cards, then they follow one by one.

    To paint all of it at once would keep the window from answering for 20 ms.
    """

    def __init__(self, stack: QStackedWidget) -> None:
        super().__init__(stack)
        self._stack = stack
        self._veiled: deque[QWidget] = deque()
        self._timer = QTimer(self, interval=0)
        self._timer.timeout.connect(self._unveil_one)

    def turn_to(self, page: Page) -> None:
        if page is self._stack.currentWidget():
            return
        while self._veiled:
            self._unveil_one()
        if self._stack.isVisible():
            self._veil(page)
        self._stack.setCurrentWidget(page)

    def _veil(self, page: Page) -> None:
        self._veiled.extend((self._stack, *_parts_of(page)))
        for part in self._veiled:
            part.setUpdatesEnabled(False)
        self._timer.start()

    @Slot()
    def _unveil_one(self) -> None:
        if not self._veiled:
            self._timer.stop()
            return
        part = self._veiled.popleft()
        if isValid(part):
            part.setUpdatesEnabled(True)


def _parts_of(page: Page) -> list[QWidget]:
    """Return what is painted apart, from the outside in: a table comes after its card.

    The inspector is not: a log that gets lines while it may not paint loses its place at the end.
    """
    views = [*page.findChildren(QAbstractItemView), *page.findChildren(QGraphicsView)]
    return [part for part in (*page.findChildren(Card), *views) if part.isVisibleTo(page)]
