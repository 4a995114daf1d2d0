"""Windows that a test leaves behind."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QWidget


def delete_windows(windows: Iterable[QWidget]) -> None:
    """Delete them now; else every later test would dress them once more."""
    # Only our own: the lists of combo boxes and pyqtgraph's menus go with what they belong to.
    for window in windows:
        if window.parent() is None and type(window).__module__.startswith("petstudio"):
            window.close()
            window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
