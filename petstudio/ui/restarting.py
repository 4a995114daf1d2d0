"""Starting the program again, with or without the plugins of others, once its window is closed."""

from __future__ import annotations

from enum import Enum, auto

from PySide6.QtCore import QObject, Slot

from petstudio.ui.main_window import MainWindow


class NextStart(Enum):
    """What follows when the window has been closed."""

    NONE = auto()
    WITH_PLUGINS = auto()
    SAFE_MODE = auto()


class Restarting(QObject):
    """The window closes as always and may ask; staying open takes the wish back."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self.wanted = NextStart.NONE
        window.stayed.connect(self._forget)
        window.status.plugins_wanted.connect(self._start_with_plugins)

    @Slot(object)
    def start_again(self, how: NextStart) -> None:
        self.wanted = how
        self._window.close()

    @Slot()
    def _start_with_plugins(self) -> None:
        self.start_again(NextStart.WITH_PLUGINS)

    @Slot()
    def _forget(self) -> None:
        self.wanted = NextStart.NONE
