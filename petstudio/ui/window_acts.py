"""The acts that hold everywhere in the window; its bars and its rail name their keys."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Slot

from petstudio.bridge.runner import JobRunner
from petstudio.ui.acts import PAGE_ACTS, Act
from petstudio.ui.key_map import KeyAction, KeyMap
from petstudio.ui.main_window import MainWindow
from petstudio.ui.theme import Theme


class WindowActs(QObject):
    def __init__(
        self, theme: Theme, runner: JobRunner, key_map: KeyMap, window: MainWindow
    ) -> None:
        super().__init__(window)
        self._key_map = key_map
        self._window = window
        acts: tuple[tuple[Act, Callable[[], object]], ...] = (
            (Act.PALETTE, window.palette_requested.emit),
            (Act.NEW, window.folder_requested.emit),
            (Act.OPEN, window.open_requested.emit),
            (Act.CLOSE, window.top.close_requested.emit),
            (Act.UNDO, window.undo_requested.emit),
            (Act.REDO, window.redo_requested.emit),
            (Act.INSPECTOR, window.toggle_inspector),
            (Act.THEME, theme.cycle),
            (Act.ACTIVITY, window.toggle_activity),
            (Act.REGION, window.focus_next_region),
            (Act.STOP, runner.cancel),
            (Act.KEYS, window.keys_requested.emit),
            (Act.HELP, window.help_requested.emit),
            *((PAGE_ACTS[key], partial(window.show_page, key)) for key in window.keys),
        )
        for act, do in acts:
            KeyAction(act, window, do).follow(key_map)
        key_map.changed.connect(self._show_keys)
        self._show_keys()

    @Slot()
    def _show_keys(self) -> None:
        tip, window = self._key_map.tip, self._window
        for entry in window.entries:
            window.rail.show_tip(entry.key, tip(entry.title, PAGE_ACTS[entry.key]))
        window.status.show_activity_tip(tip(Act.ACTIVITY.text, Act.ACTIVITY))
        for page in window.pages:
            page.show_fold_tip(tip(Act.INSPECTOR.text, Act.INSPECTOR))
