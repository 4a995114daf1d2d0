"""Variants of pictures, drawn in the background while sliders move."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal, Slot

from petstudio.api.errors import PetStudioError
from petstudio.bridge.task import BackgroundCall
from petstudio.jobs.previewing import PreviewWish, Square, draw_squares
from petstudio.plugin_host.host import PluginHost


class PreviewFeed(QObject):
    """Only the newest wish counts."""

    drawn = Signal(object)
    """A tuple of Squares."""
    failed = Signal(str)

    def __init__(self, host: PluginHost, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._host = host
        self._call = BackgroundCall(self)
        self._call.done.connect(self._take)
        self._call.failed.connect(self._fail)

    def want(self, wish: PreviewWish) -> None:
        """Draw this, instead of what was wished before."""
        host = self._host
        self._call.start(lambda control: draw_squares(host, wish, control))

    def forget(self) -> None:
        """Draw nothing."""
        self._call.cancel()

    def shutdown(self) -> None:
        self._call.shutdown()

    @Slot(object)
    def _take(self, squares: tuple[Square, ...]) -> None:
        self.drawn.emit(squares)

    @Slot(object)
    def _fail(self, error: PetStudioError) -> None:
        self.failed.emit(str(error))
