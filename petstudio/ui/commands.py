"""What belongs to no page: the command palette, the sheet of keys, and help.

Each is imported when it is first asked for; the first window does not show them.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QPoint, Slot

from petstudio.api.language import tr
from petstudio.bridge.models import in_alphabet, spoken_label
from petstudio.bridge.palette_model import Offer
from petstudio.bridge.project_view import project_name
from petstudio.bridge.session import Session
from petstudio.plugin_host.host import PluginHost
from petstudio.ui.acts import PAGE_ACTS, Act
from petstudio.ui.key_map import KeyAction, KeyMap
from petstudio.ui.main_window import MainWindow
from petstudio.ui.page import PageKey
from petstudio.ui.theme import Theme

if TYPE_CHECKING:
    from petstudio.ui.widgets.command_palette import CommandPalette

_COMMAND: Final = tr("Command")
_PAGE: Final = tr("Page")
_CLASS: Final = tr("Class")
_PROJECT: Final = tr("Project")
_LEAST_WIDTH: Final = 420
_LETTERS: Final = 56


class Commands(QObject):
    def __init__(
        self,
        theme: Theme,
        key_map: KeyMap,
        session: Session,
        host: PluginHost,
        window: MainWindow,
    ) -> None:
        super().__init__(window)
        self._theme = theme
        self._key_map = key_map
        self._session = session
        self._host = host
        self._window = window
        self._palette: CommandPalette | None = None
        window.palette_requested.connect(self.open_palette)
        window.keys_requested.connect(self._open_key_sheet)
        window.help_requested.connect(self._open_help)

    @Slot()
    def open_palette(self) -> None:
        """Open the palette over the field that stands for it."""
        from petstudio.ui.widgets.command_palette import CommandPalette

        if self._palette is None:
            self._palette = CommandPalette(self._theme, self._window)
        field = self._window.top.search
        letters = _LETTERS * field.fontMetrics().averageCharWidth()
        width = max(_LEAST_WIDTH, field.width(), letters)
        corner = field.mapToGlobal(QPoint((field.width() - width) // 2, 0))
        self._palette.open(self._offers(), corner, width)

    @Slot()
    def _open_key_sheet(self) -> None:
        from petstudio.ui.widgets.key_sheet import KeySheet

        KeySheet(self._theme, self._key_map, self._window).open()

    @Slot()
    def _open_help(self) -> None:
        from petstudio.ui.widgets.help_dialog import HelpDialog

        dialog = HelpDialog(self._theme, self._host, self._session.path, self._window)
        dialog.keys_requested.connect(self._open_key_sheet)
        dialog.open()

    def _offers(self) -> Iterator[Offer]:
        yield from self._acts()
        yield from self._classes()
        for path in self._window.top.recent:
            choose = partial(self._window.top.project_chosen.emit, path)
            yield Offer(text=project_name(path), kind=_PROJECT, icon="folder-open", do=choose)

    def _acts(self) -> Iterator[Offer]:
        """Offer what can be done now: on the page in sight first, then everywhere."""
        there = self._window.current.findChildren(KeyAction), self._window.actions()
        for action in (action for actions in there for action in actions):
            if isinstance(action, KeyAction) and action.isEnabled() and action.act != Act.PALETTE:
                is_page = action.act in PAGE_ACTS.values()
                yield Offer(
                    text=action.act.text,
                    kind=_PAGE if is_page else _COMMAND,
                    keys=self._key_map.text(action.act),
                    icon="arrow-right" if is_page else "terminal",
                    do=action.trigger,
                )

    def _classes(self) -> Iterator[Offer]:
        view = self._session.view
        if view is None or view.labels is None:
            return
        for name in sorted(view.labels.tally.classes, key=in_alphabet):
            show = partial(self._show_class, name)
            yield Offer(text=spoken_label(name), kind=_CLASS, icon="tag", do=show)

    def _show_class(self, name: str) -> None:
        from petstudio.ui.pages.label_page import LabelPage

        page = self._window.page(PageKey.LABEL)
        assert isinstance(page, LabelPage)
        self._window.show_page(PageKey.LABEL)
        page.show_class(name)
