"""Where the model looked that suggests labels: shown in place of the pictures while H is held."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from petstudio.bridge.heat_maps import HeatMaps, HeatRequest
from petstudio.bridge.label_board import LabelBoard
from petstudio.bridge.thumbnails import Thumbnail
from petstudio.ui.pages import label_words as words
from petstudio.ui.pages.label_area import PictureArea
from petstudio.ui.widgets.thumbnail_cache import to_pixmap


class LabelHeat(QObject):
    """Follows the pictures in sight."""

    said = Signal(str)
    """Why there are none; empty once they are not wanted any more."""

    def __init__(self, maps: HeatMaps, area: PictureArea, parent: QObject) -> None:
        super().__init__(parent)
        self._maps = maps
        self._area = area
        self._project: Path | None = None
        self._board: LabelBoard | None = None
        self._is_actual = False
        area.heat_key.held.connect(self._want)
        area.heat_key.released.connect(self._end)
        area.moved.connect(self._follow)
        maps.arrived.connect(self._show)
        maps.failed.connect(self.said)

    def show_board(self, project: Path | None, board: LabelBoard | None) -> None:
        self._project, self._board = project, board

    def shutdown(self) -> None:
        self._maps.shutdown()

    @Slot(bool)
    def _want(self, is_actual: bool) -> None:
        self._is_actual = is_actual
        if self._board is None or self._project is None:
            return
        pictures, run = self._pictures(self._board), self._board.view.suggesting_run
        if not pictures:
            self.said.emit(words.NO_HEAT)
        elif run is None:
            self.said.emit(words.NO_MODEL)
        else:
            self._maps.want(HeatRequest(project=self._project, run=run, pictures=pictures))

    @Slot()
    def _follow(self) -> None:
        """Other pictures are in sight while the key is held."""
        if self._area.heat_key.is_held:
            self._want(self._is_actual)

    @Slot()
    def _end(self) -> None:
        self._maps.forget()
        self._area.show_heat({})
        self.said.emit("")

    @Slot(object)
    def _show(self, maps: dict[int, Thumbnail]) -> None:
        if self._area.heat_key.is_held:
            self._area.show_heat({key: to_pixmap(found) for key, found in maps.items()})

    def _pictures(self, board: LabelBoard) -> dict[int, tuple[Path, int]]:
        """Return the pictures in sight that were suggested for, each with the class to explain."""
        root = board.view.root
        if root is None:
            return {}
        targets = {key: self._target(board, key) for key in self._area.keys_in_sight}
        return {
            key: (root / board.record(key).path, target)
            for key, target in targets.items()
            if target is not None
        }

    def _target(self, board: LabelBoard, key: int) -> int | None:
        suggestions = board.suggestions
        place = suggestions.top_place(key) if suggestions is not None else None
        if suggestions is None or place is None or not self._is_actual:
            return place
        label = board.record(key).label
        return suggestions.classes.index(label) if label in suggestions.classes else None
