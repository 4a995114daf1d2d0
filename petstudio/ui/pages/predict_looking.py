"""The selected result from near: in the inspector, large, and with where the model looked."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from petstudio.api.language import tr
from petstudio.bridge.figures import probability_text
from petstudio.bridge.heat_maps import HeatMaps, HeatRequest, MakeHeatMaps
from petstudio.bridge.models import spoken_label
from petstudio.bridge.runner import JobRunner
from petstudio.bridge.thumbnails import Thumbnail
from petstudio.jobs.model_files import ModelFile
from petstudio.jobs.predicted import Predicted
from petstudio.plugin_host.host import PluginHost
from petstudio.ui.pages import predict_words as words
from petstudio.ui.pages.predict_results import ResultsPart
from petstudio.ui.theme import Theme
from petstudio.ui.widgets.heat_key import HeatKey
from petstudio.ui.widgets.quick_look import QuickLook
from petstudio.ui.widgets.result_inspector import ResultInspector
from petstudio.ui.widgets.thumbnail_cache import ThumbnailCache, to_pixmap


class LookingPart(QObject):
    """Follows the current picture of the results."""

    failed = Signal(str)
    """Why there is no heat map."""

    def __init__(
        self,
        theme: Theme,
        host: PluginHost,
        runner: JobRunner,
        make_heat_maps: MakeHeatMaps,
        results: ResultsPart,
        page: QWidget,
    ) -> None:
        super().__init__(page)
        self._theme = theme
        self._page = page
        self._results = results
        self._project: Path | None = None
        self._model: ModelFile | None = None
        self.heat_key = HeatKey(self)
        self._look: QuickLook | None = None
        self._pictures = ThumbnailCache(self)
        self._heat = HeatMaps(host, runner, make_heat_maps, self)
        self.inspector = ResultInspector(theme, self._pictures)
        self._connect()

    @property
    def result(self) -> Predicted | None:
        """The current one."""
        key = self._results.current_key
        return self._results.results[key] if key is not None else None

    def show_model(self, project: Path | None, model: ModelFile | None) -> None:
        """Draw heat maps with this one from now on."""
        self._project, self._model = project, model

    def look_in(self, project: Path | None) -> None:
        self._pictures.look_in(project)

    def shutdown(self) -> None:
        if self._look is not None:
            self._look.close()
        self._heat.shutdown()
        self._pictures.shutdown()

    @Slot()
    def look(self) -> None:
        """Show the current picture as large as the window allows."""
        if self.result is None or self._look is not None:
            return
        self._look = QuickLook(self._theme, self._page)
        self._look.stepped.connect(self._results.step)
        self._look.finished.connect(self._on_look_closed)
        self._show_in_look()
        self._look.open()

    @Slot()
    def _want_heat(self) -> None:
        key, result, model = self._results.current_key, self.result, self._model
        if key is None or result is None or not result.top or model is None:
            return
        if self._project is None or model.run is None:
            self.failed.emit(words.NO_HEAT)
            return
        target = model.info.classes.index(result.label)
        pictures = {key: (result.path, target)}
        self._heat.want(HeatRequest(project=self._project, run=model.run, pictures=pictures))

    @Slot()
    def _end_heat(self) -> None:
        self._heat.forget()
        self._results.grid.show_instead({})
        self.inspector.show_picture()

    def _connect(self) -> None:
        self.heat_key.watch(self._results.grid, self._results.table)
        self.heat_key.held.connect(self._want_heat)
        self.heat_key.released.connect(self._end_heat)
        self._results.selection_changed.connect(self._show_current)
        self._results.look_wanted.connect(self.look)
        self._heat.arrived.connect(self._show_heat)
        self._heat.failed.connect(self.failed)

    @Slot()
    def _show_current(self) -> None:
        self.heat_key.release()
        result = self.result
        selected, key = self._results.selected_keys, self._results.current_key
        place = (
            tr("{number:,} of {total:,}", number=selected.index(key) + 1, total=len(selected))
            if key in selected
            else ""
        )
        self.inspector.show_result(result, place if len(selected) > 1 else "")
        if self._look is not None:
            self._show_in_look()

    @Slot(object)
    def _show_heat(self, maps: dict[int, Thumbnail]) -> None:
        if not self.heat_key.is_held:
            return
        pixmaps = {key: to_pixmap(thumbnail) for key, thumbnail in maps.items()}
        self._results.grid.show_instead(pixmaps)
        for pixmap in pixmaps.values():
            self.inspector.show_heat(pixmap)

    def _show_in_look(self) -> None:
        result = self.result
        if self._look is not None and result is not None:
            sure_from = self._results.shown.choice.sure_from
            self._look.show_picture(result.path, _words(result, sure_from))

    @Slot()
    def _on_look_closed(self) -> None:
        self._look = None
        self._results.view.setFocus()


def _words(result: Predicted, sure_from: float) -> str:
    if not result.top:
        return result.reason
    words = f"{spoken_label(result.label)}, {probability_text(result.confidence)}"
    return words if result.is_sure(sure_from) else tr("not sure, perhaps {answer}", answer=words)
