"""Heat maps while H is held: asks for those of the pictures in sight and lays them over."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from petstudio.bridge.evaluation_view import Evaluation
from petstudio.bridge.heat_maps import HeatMaps, HeatRequest
from petstudio.bridge.thumbnails import Thumbnail
from petstudio.ui.pages.evaluate_keys import PictureKeys
from petstudio.ui.widgets.picture_grid import PictureGrid
from petstudio.ui.widgets.thumbnail_cache import to_pixmap


class HeatPart(QObject):
    """One grid at a time has them."""

    said = Signal(str)
    """Why there are none; empty once they are not wanted any more."""

    def __init__(self, maps: HeatMaps, parent: QObject) -> None:
        super().__init__(parent)
        self._maps = maps
        self._project: Path | None = None
        self._seen: Evaluation | None = None
        self._holders: dict[PictureGrid, PictureKeys] = {}
        self._holder: PictureKeys | None = None
        maps.arrived.connect(self._show)
        maps.failed.connect(self.said)

    @property
    def is_drawing(self) -> bool:
        """Whether the running job is one that draws heat maps."""
        return self._maps.is_drawing

    def show_evaluation(self, project: Path | None, seen: Evaluation) -> None:
        self._project, self._seen = project, seen

    def watch(self, keys: PictureKeys) -> None:
        """Serve a grid's keys."""
        self._holders[keys.grid] = keys
        keys.heat_wanted.connect(self._want)
        keys.heat_over.connect(self._end)

    def shutdown(self) -> None:
        self._maps.shutdown()

    @Slot(object, bool)
    def _want(self, grid: PictureGrid, is_actual: bool) -> None:
        run = self._seen.run if self._seen is not None else None
        pictures = self._pictures(grid, is_actual=is_actual)
        if self._project is not None and run is not None and pictures:
            self._holder = self._holders[grid]
            self._maps.want(HeatRequest(project=self._project, run=run.folder, pictures=pictures))

    def _pictures(self, grid: PictureGrid, *, is_actual: bool) -> dict[int, tuple[Path, int]]:
        """Return the pictures in sight, each with the class to explain."""
        judged = self._seen.judged if self._seen is not None else None
        if judged is None:
            return {}
        wanted = judged.predictions.targets if is_actual else judged.predicted
        keys = (grid.pictures.key_at(row) for row in grid.visible_rows())
        return {
            key: (judged.result.picture(key), int(wanted[judged.place_of[key]]))
            for key in keys
            if key in judged.place_of
        }

    @Slot()
    def _end(self) -> None:
        self._holder = None
        self._maps.forget()
        self.said.emit("")

    @Slot(object)
    def _show(self, maps: dict[int, Thumbnail]) -> None:
        if self._holder is not None:
            self._holder.show_heat({key: to_pixmap(found) for key, found in maps.items()})
