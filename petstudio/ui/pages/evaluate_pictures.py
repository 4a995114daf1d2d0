"""A grid of evaluated pictures in a tab: what its tabs share."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Slot

from petstudio.bridge.evaluation_view import Evaluation, Judged, Picked, Rows
from petstudio.bridge.fix_tray import FixTray
from petstudio.bridge.fixing import Fixing
from petstudio.bridge.judged_pictures import JudgedPictures
from petstudio.ui.pages.evaluate_keys import PictureKeys
from petstudio.ui.pages.evaluate_tab import EvaluateTab
from petstudio.ui.pages.evaluate_words import cell_title
from petstudio.ui.theme import Theme
from petstudio.ui.widgets.picture_grid import PictureGrid
from petstudio.ui.widgets.picture_tile import TileStyle

_TILE: Final = 232
_RATIO: Final = 0.7


class PicturesTab(EvaluateTab):
    """The current picture picks all that were mistaken in the same way."""

    def __init__(self, theme: Theme, tray: FixTray, fixing: Fixing, *, name: str) -> None:
        super().__init__()
        self._tray = tray
        self._judged: Judged | None = None
        self._is_filling = False
        self.pictures = PictureGrid(
            theme, name=name, style=TileStyle.CARD, tile_width=_TILE, picture_ratio=_RATIO
        )
        self.keys = PictureKeys(theme, self.pictures, fixing)
        self.pictures.selection_changed.connect(self._on_selected)
        tray.changed.connect(self._redraw)

    def show_rows(self, seen: Evaluation, rows: Rows) -> None:
        """Show these places of the result; what is selected and still there stays so."""
        self._judged = seen.judged
        if self._judged is None:
            return
        self._is_filling = True
        self.pictures.rearrange_pictures(
            JudgedPictures(self._judged, rows, self._tray, has_room=True)
        )
        self._is_filling = False

    def pick(self) -> Picked | None:
        judged, current = self._judged, self.pictures.current
        if judged is None or current is None:
            return None
        at = judged.place_of[current.key]
        actual, predicted = int(judged.predictions.targets[at]), int(judged.predicted[at])
        same = (judged.predictions.targets == actual) & (judged.predicted == predicted)
        return Picked(
            title=cell_title(judged, actual, predicted),
            images=judged.keys_at(judged.worst_first(same)),
            current=current.key,
            is_wrong=actual != predicted,
        )

    def shutdown(self) -> None:
        self.pictures.shutdown()

    @Slot()
    def _on_selected(self) -> None:
        if not self._is_filling:
            self.picked.emit(self.pick())

    @Slot()
    def _redraw(self) -> None:
        self.pictures.change_pictures(self.pictures.pictures)
