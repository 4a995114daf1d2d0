"""A window that lives on while a benchmark waits."""

from __future__ import annotations

from PySide6.QtCore import QEventLoop, QTimer


def live(ms: int) -> None:
    """Let the window live as the program does.

    WORKAROUND: PySide6 6.11's QTest.qWait keeps Python's lock while it sleeps, so that work in
    threads took two to twenty times as long beside it.
    """
    loop = QEventLoop()
    QTimer.singleShot(ms, loop.quit)
    loop.exec()
