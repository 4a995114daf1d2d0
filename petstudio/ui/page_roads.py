"""Makes each page when it is first shown, and leads from one page to another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from petstudio.api.language import tr
from petstudio.bridge.live_settings import LiveSettings
from petstudio.bridge.plugin_news import PluginNews
from petstudio.bridge.runner import JobRunner
from petstudio.bridge.session import Session
from petstudio.plugin_host.host import PluginHost
from petstudio.ui.key_map import KeyMap
from petstudio.ui.main_window import MainWindow, PageEntry
from petstudio.ui.page import Page, PageKey
from petstudio.ui.pages.data_page import DataPage
from petstudio.ui.theme import Theme

if TYPE_CHECKING:
    from petstudio.config.recipe import AugmentationChoice, Recipe
    from petstudio.ui.pages.evaluate_page import EvaluatePage
    from petstudio.ui.pages.train_page import TrainPage


class PageRoads(QObject):
    """Call `join` once with the window that shows the entries.

    All pages but the first bring pyqtgraph along, which takes a third of a second to import, so
    each is imported when it is made.
    """

    restart_wanted = Signal(object)
    """The NextStart that a page asks for."""

    def __init__(
        self,
        theme: Theme,
        host: PluginHost,
        runner: JobRunner,
        session: Session,
        data_page: DataPage,
        settings: LiveSettings,
        key_map: KeyMap,
    ) -> None:
        super().__init__(data_page)
        self._theme = theme
        self._host = host
        self._runner = runner
        self._session = session
        self._data_page = data_page
        self._settings = settings
        self._key_map = key_map
        self._window: MainWindow | None = None
        data_page.augmentation_wanted.connect(self._use_augmentation)
        PluginNews(host, runner, self)

    def join(self, window: MainWindow) -> None:
        self._window = window

    def entries(self) -> tuple[PageEntry, ...]:
        """Return all pages, in the order of the rail."""
        return (
            PageEntry(key=PageKey.DATA, title=tr("Data"), icon="database", build=self._data),
            PageEntry(key=PageKey.LABEL, title=tr("Label"), icon="tag", build=self._label),
            PageEntry(
                key=PageKey.TRAIN, title=tr("Train"), icon="chart-line-up", build=self._train
            ),
            PageEntry(
                key=PageKey.EVALUATE, title=tr("Evaluate"), icon="target", build=self._evaluate
            ),
            PageEntry(
                key=PageKey.PREDICT, title=tr("Predict"), icon="sparkle", build=self._predict
            ),
            PageEntry(key=PageKey.RUNS, title=tr("Runs"), icon="git-branch", build=self._runs),
            PageEntry(
                key=PageKey.PLUGINS,
                title=tr("Plugins"),
                icon="puzzle-piece",
                build=self._plugins,
                at_bottom=True,
            ),
            PageEntry(
                key=PageKey.SETTINGS,
                title=tr("Settings"),
                icon="gear-six",
                build=self._settings_page,
                at_bottom=True,
            ),
        )

    def _data(self) -> Page:
        return self._data_page

    def _label(self) -> Page:
        from petstudio.ui.pages.label_page import LabelPage

        return LabelPage(self._theme, self._host, self._runner, self._session)

    def _train(self) -> Page:
        from petstudio.ui.pages.train_page import TrainPage

        page = TrainPage(self._theme, self._host, self._runner)
        page.evaluate_wanted.connect(self._evaluate_run)
        page.runs_changed.connect(self._session.look_again)
        return page

    def _evaluate(self) -> Page:
        from petstudio.ui.pages.evaluate_page import EvaluatePage

        page = EvaluatePage(self._theme, self._host, self._runner, self._session)
        page.retrain_wanted.connect(self._train_again)
        return page

    def _predict(self) -> Page:
        from petstudio.ui.pages.predict_page import PredictPage

        return PredictPage(self._theme, self._host, self._runner, self._session)

    def _runs(self) -> Page:
        from petstudio.ui.pages.runs_page import RunsPage

        page = RunsPage(self._theme, self._runner, self._session)
        page.reproduce_wanted.connect(self._reproduce)
        return page

    def _plugins(self) -> Page:
        from petstudio.ui.pages.plugins_page import PluginsPage

        page = PluginsPage(self._theme, self._host, self._settings)
        page.restart_wanted.connect(self.restart_wanted)
        return page

    def _settings_page(self) -> Page:
        from petstudio.ui.pages.settings_page import SettingsPage

        return SettingsPage(self._theme, self._settings, self._key_map)

    @Slot(object)
    def _evaluate_run(self, number: int) -> None:
        self._evaluate_page.show_run(number)
        self._show(PageKey.EVALUATE)

    @Slot()
    def _train_again(self) -> None:
        self._show(PageKey.TRAIN)
        self._train_page.start()

    @Slot(object)
    def _use_augmentation(self, choice: AugmentationChoice) -> None:
        self._train_page.augmentation.use(choice)
        self._show(PageKey.TRAIN)

    @Slot(object)
    def _reproduce(self, recipe: Recipe) -> None:
        self._train_page.set_recipe(recipe)
        self._show(PageKey.TRAIN)

    @property
    def _train_page(self) -> TrainPage:
        from petstudio.ui.pages.train_page import TrainPage

        page = self._page(PageKey.TRAIN)
        assert isinstance(page, TrainPage)
        return page

    @property
    def _evaluate_page(self) -> EvaluatePage:
        from petstudio.ui.pages.evaluate_page import EvaluatePage

        page = self._page(PageKey.EVALUATE)
        assert isinstance(page, EvaluatePage)
        return page

    def _page(self, key: PageKey) -> Page:
        assert self._window is not None
        return self._window.page(key)

    def _show(self, key: PageKey) -> None:
        assert self._window is not None
        self._window.show_page(key)
