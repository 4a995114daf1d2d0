"""Going from one part of the window to the next by a key."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget


def focus_next(regions: Sequence[QWidget]) -> None:
    """Give the focus to the first thing that takes it in the region behind the one that has it."""
    focus = QApplication.focusWidget()
    here = [at for at, region in enumerate(regions) if focus and region.isAncestorOf(focus)]
    first = here[-1] + 1 if here else 0
    for region in (*regions[first:], *regions[:first]):
        target = next(_takers(region), None)
        if target is not None:
            target.setFocus(Qt.FocusReason.TabFocusReason)
            return


def _takers(region: QWidget) -> Iterator[QWidget]:
    for widget in region.findChildren(QWidget):
        takes = bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)
        if takes and widget.isVisible() and widget.isEnabled():
            yield widget
