"""Discarding a run from the Train page: asked for first, and put back when that was a mistake."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QWidget

from petstudio.api.language import tr
from petstudio.bridge.run_discarding import RunDiscarding
from petstudio.bridge.run_feed import RunFeed
from petstudio.project.trash import KEPT_FOR
from petstudio.ui.pages.train_banners import BannersPart
from petstudio.ui.theme import Theme
from petstudio.ui.widgets.button import Button
from petstudio.ui.widgets.dialogs import Question

_DISCARD: Final = tr(
    "Its curves, checkpoints and model go to the trash of the project, from where they can be put "
    "back for {days} days.",
    days=KEPT_FOR.days,
)
_DISCARD_GOING: Final = tr("It stops at its next batch. Recipes in the queue wait then.")


class DiscardPart(QObject):
    """Asks in a dialog; `runs` tells what came of it."""

    def __init__(self, theme: Theme, feed: RunFeed, banners: BannersPart, page: QWidget) -> None:
        super().__init__(page)
        self._theme = theme
        self._feed = feed
        self._page = page
        self.project: Path | None = None
        self.runs = RunDiscarding(feed, self)
        self.runs.failed.connect(banners.show_error)
        banners.discard_wanted.connect(self.ask)
        banners.put_back_wanted.connect(self.runs.put_back)

    @property
    def is_due(self) -> bool:
        """Whether the run that is going will be thrown away at its end."""
        return self.runs.is_due

    @Slot()
    def ask_about_present(self) -> None:
        """Ask before the run that is going is thrown away."""
        if self._feed.number is not None:
            self.ask(self._feed.number)
        else:
            self._feed.stop()  # it has not begun, so there is nothing to throw away

    @Slot(object)
    def ask(self, number: int) -> None:
        """Ask before a run is thrown away."""
        if self.project is None:
            return
        is_going = self._feed.is_going and number == self._feed.number
        question = _question(self._theme, number, self._page.window(), is_going=is_going)
        question.accepted.connect(partial(self.runs.discard, self.project, number))
        question.open()

    def shutdown(self) -> None:
        self.runs.shutdown()


def _question(theme: Theme, number: int, parent: QWidget, *, is_going: bool) -> Question:
    dialog = Question(theme, tr("Discard run {number}?", number=number), _DISCARD, parent)
    dialog.setObjectName("discard_run")
    if is_going:
        dialog.add_paragraph(_DISCARD_GOING)
    discard = Button(theme, tr("Discard run"), kind="danger", name="discard_run.discard")
    keep = Button(theme, tr("Keep run"), kind="primary", name="discard_run.keep")
    dialog.offer_loss(discard, keep)
    return dialog
