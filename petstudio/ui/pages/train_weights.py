"""Fetching the weights that the recipe of the Train page wants, when the user says so."""

from __future__ import annotations

from functools import partial
from typing import Final

from PySide6.QtCore import QObject, Signal, Slot

from petstudio.api.errors import PetStudioError
from petstudio.api.events import RunFinished
from petstudio.api.language import tr
from petstudio.bridge.recipe_draft import RecipeDraft
from petstudio.bridge.runner import JobRunner
from petstudio.bridge.side_job import SideJob
from petstudio.jobs.weights import fetch_recipe_weights
from petstudio.plugin_host.host import PluginHost
from petstudio.ui.pages.train_banners import BannersPart

_TITLE: Final = tr("Fetching weights")


class WeightsPart(QObject):
    """A job of its own; how it ended stands on the banner."""

    ended = Signal()

    def __init__(
        self,
        host: PluginHost,
        runner: JobRunner,
        draft: RecipeDraft,
        banners: BannersPart,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._host = host
        self._draft = draft
        self._banners = banners
        self._job = SideJob(runner, self)
        self._job.ended.connect(self._on_ended)

    @Slot()
    def fetch(self) -> None:
        try:
            self._job.start(
                partial(fetch_recipe_weights, self._host, self._draft.recipe), title=_TITLE
            )
        except PetStudioError as error:
            self._banners.show_error(error)

    @Slot(object)
    def _on_ended(self, finished: RunFinished) -> None:
        self._banners.show_fetched(finished)
        self.ended.emit()
