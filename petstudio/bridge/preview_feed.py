"""Variants of pictures, drawn in the background while sliders move."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from petstudio.api.errors import PetStudioError
from petstudio.bridge.task import BackgroundCall
from petstudio.jobs.previewing import PreviewWish, Square, draw_squares
from petstudio.plugin_host.host import PluginHost

_BREATH_MS: Final = 60  # until the window has painted what the wish came from


class PreviewFeed(QObject):
    """Only the newest wish counts."""

    drawn = Signal(object)
    """A tuple of Squares."""
    failed = Signal(str)

    def __init__(self, host: PluginHost, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._host = host
        self._wish: PreviewWish | None = None
        self._breath = QTimer(self)
        self._breath.setSingleShot(True)
        self._breath.setInterval(_BREATH_MS)
        self._breath.timeout.connect(self._start)
        self._call = BackgroundCall(self)
        self._call.done.connect(self._take)
        self._call.failed.connect(self._fail)

    def want(self, wish: PreviewWish) -> None:
        """Draw this, instead of what was wished before."""
        self._wish = wish
        if not self._breath.isActive():  # a slider may move on and on
            self._breath.start()

    def forget(self) -> None:
        """Draw nothing."""
        self._breath.stop()
        self._call.cancel()

    def shutdown(self) -> None:
        self._breath.stop()
        self._call.shutdown()

    @Slot()
    def _start(self) -> None:
        host, wish = self._host, self._wish
        assert wish is not None
        self._call.start(lambda control: draw_squares(host, wish, control))

    @Slot(object)
    def _take(self, squares: tuple[Square, ...]) -> None:
        self.drawn.emit(squares)

    @Slot(object)
    def _fail(self, error: PetStudioError) -> None:
        self.failed.emit(str(error))
