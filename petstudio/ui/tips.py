"""A tip for each page, until it was heeded or dismissed; Settings bring all of them back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Final

from PySide6.QtCore import QObject, Slot

from petstudio.api.language import tr
from petstudio.bridge.live_settings import LiveSettings
from petstudio.ui.acts import Act
from petstudio.ui.key_map import KeyMap
from petstudio.ui.main_window import MainWindow
from petstudio.ui.page import Page, PageKey


@dataclass(frozen=True, kw_only=True)
class Tip:
    """One sentence; `{keys}` stands for those of the act that it is about."""

    text: str
    act: Act | None = None


TIPS: Final = {
    PageKey.DATA: Tip(
        text=tr("When the labels below are right, {keys} goes on to Train."),
        act=Act.TRAIN,
    ),
    PageKey.LABEL: Tip(
        text=tr("Choose pictures and press 1 to 9: they get the class with that key.")
    ),
    PageKey.TRAIN: Tip(
        text=tr("{keys} starts this recipe; everything else can stay as it is."),
        act=Act.GO,
    ),
    PageKey.EVALUATE: Tip(
        text=tr("Choose a picture; 1 to 9 put its label right, and X leaves it out.")
    ),
    PageKey.PREDICT: Tip(
        text=tr("Space shows the chosen picture large; the arrow keys go on to the next.")
    ),
    PageKey.RUNS: Tip(text=tr("Space ticks a run; two that are ticked can be compared.")),
    PageKey.PLUGINS: Tip(
        text=tr("{keys} writes a small plugin that works, for you to change."),
        act=Act.NEW_PLUGIN,
    ),
    PageKey.SETTINGS: Tip(
        text=tr("{keys} shows all keys of the window; each can be changed here."),
        act=Act.KEYS,
    ),
}


class Tips(QObject):
    """The settings hold the names of the pages whose tips are done with."""

    def __init__(self, settings: LiveSettings, key_map: KeyMap, window: MainWindow) -> None:
        super().__init__(window)
        self._settings = settings
        self._key_map = key_map
        self._pages: dict[PageKey, Page] = {}
        window.page_built.connect(self._take_page)
        window.page_shown.connect(self._on_page_shown)
        window.keys_requested.connect(partial(self.finish, PageKey.SETTINGS))
        settings.changed.connect(self._show)
        key_map.changed.connect(self._show)

    def finish(self, key: PageKey) -> None:
        """Give the tip of a page no more."""
        done = self._settings.values.tips_done
        if key.value not in done:
            self._settings.change(tips_done=(*done, key.value))

    @Slot(object, object)
    def _take_page(self, key: PageKey, page: Page) -> None:
        self._pages[key] = page
        page.tip.dismissed.connect(partial(self.finish, key))
        page.tip_heeded.connect(partial(self.finish, key))
        self._show()

    @Slot(object)
    def _on_page_shown(self, key: PageKey) -> None:
        if key is PageKey.TRAIN:
            self.finish(PageKey.DATA)

    @Slot()
    def _show(self) -> None:
        for key, text in self._texts():
            self._pages[key].tip.say(text)

    def _texts(self) -> Iterator[tuple[PageKey, str]]:
        done = self._settings.values.tips_done
        for key in self._pages:
            tip = TIPS[key]
            keys = self._key_map.text(tip.act) if tip.act is not None else ""
            has_way = tip.act is None or bool(keys)
            is_due = key.value not in done and has_way
            yield key, tip.text.format(keys=keys) if is_due else ""
