"""Beside the page: the pictures of what is picked, the keys that fix them, the tray."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from petstudio.api.language import shown_number, tr
from petstudio.bridge.evaluation_view import Evaluation, Picked
from petstudio.bridge.fix_tray import FixTray
from petstudio.bridge.fixing import Fixing
from petstudio.bridge.judged_pictures import JudgedPictures, project_picture
from petstudio.bridge.picture_list import Pictures, PictureTuple
from petstudio.ui.pages.evaluate_keys import PictureKeys
from petstudio.ui.pages.evaluate_tray import TrayPanel
from petstudio.ui.pages.evaluate_words import NOTHING_PICKED, PENDING_FIXES
from petstudio.ui.theme import Theme
from petstudio.ui.widgets.chip import Chip
from petstudio.ui.widgets.flow_layout import FlowLayout
from petstudio.ui.widgets.key_button import KeyButton
from petstudio.ui.widgets.picture_grid import PictureGrid
from petstudio.ui.widgets.picture_tile import TileStyle
from petstudio.ui.widgets.text import ElidedText, Text

_TILE: Final = 150
_RATIO: Final = 0.72
_HINTS: Final = (
    (
        "1–9",
        tr("relabel"),
        tr("Give the class of the key: 1 to 9, 0, then ` and letters. Click for all."),
    ),
    ("X", tr("exclude"), tr("Leave the picture out; once more takes it back")),
    ("K", tr("label is right"), tr("The picture no longer stands among likely label errors")),
    (
        "H",
        tr("heat map"),
        tr("Hold it to see where the model looks, with Shift for the true class"),
    ),
)


class EvaluateInspector(QWidget):
    """One grid for whatever is picked on the page."""

    def __init__(self, theme: Theme, tray: FixTray, fixing: Fixing) -> None:
        super().__init__()
        self._tray = tray
        self._seen: Evaluation | None = None
        self._picked = Picked(title="")
        self._title = ElidedText(kind="section")
        self._count = Chip(theme)
        self._note = Text(NOTHING_PICKED, kind="label", wraps=True)
        self.grid = PictureGrid(
            theme,
            name="evaluate.pictures",
            style=TileStyle.CARD,
            tile_width=_TILE,
            picture_ratio=_RATIO,
            most_columns=2,
        )
        self.keys = PictureKeys(theme, self.grid, fixing)
        self.tray = TrayPanel(theme, tray)
        self._hints = [KeyButton(key, words, tip=tip) for key, words, tip in _HINTS]
        self._build()
        self._connect()

    @property
    def title(self) -> str:
        return self._title.full_text

    def show_evaluation(self, seen: Evaluation) -> None:
        """Look at another result; `show_picked` follows."""
        self._seen = seen
        self.tray.show_evaluation(seen)

    def show_picked(self, picked: Picked) -> None:
        """Show these pictures; what is selected and still there stays so."""
        is_same = picked.title == self._picked.title
        self._picked = picked
        pictures = self._pictures(picked)
        if is_same and picked.current is None:
            self.grid.rearrange_pictures(pictures)
        else:
            self.grid.show_pictures(pictures)
            if picked.current is not None:
                self.grid.go_to_key(picked.current)
        self._title.set_full_text(picked.title)
        self._count.show_state(
            shown_number(len(pictures)), kind="err" if picked.is_wrong else "neutral"
        )
        self._count.setVisible(bool(picked.title))
        self._note.setVisible(not len(pictures))

    def shutdown(self) -> None:
        self.grid.shutdown()
        self.tray.shutdown()

    def _pictures(self, picked: Picked) -> Pictures:
        seen = self._seen
        if seen is None:
            return PictureTuple()
        judged = seen.judged
        if judged is not None and all(image in judged.place_of for image in picked.images):
            return JudgedPictures(judged, judged.rows_of(picked.images), self._tray)
        known = (image for image in picked.images if image in seen.records)
        return PictureTuple([project_picture(seen, image, self._tray) for image in known])

    def _build(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._title, 1)
        head.addWidget(self._count)
        hints = FlowLayout(spacing=10)
        for hint in self._hints:
            hints.addWidget(hint)
        self.grid.setAccessibleName(tr("Pictures of what is picked"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(10)
        layout.addLayout(head)
        layout.addLayout(hints)
        layout.addWidget(self._note)
        layout.addWidget(self.grid, 1)
        layout.addWidget(self.tray)

    def _connect(self) -> None:
        relabel, exclude, right, heat = self._hints
        relabel.pressed.connect(self.keys.pick_class)
        exclude.pressed.connect(self.keys.exclude)
        right.pressed.connect(self.keys.confirm)
        heat.pressed.connect(self.keys.heat.hold)
        heat.released.connect(self.keys.heat.release)
        self._tray.changed.connect(self._redraw)
        self.tray.review_wanted.connect(self.review)
        self.tray.picture_chosen.connect(self.review)

    @Slot()
    def _redraw(self) -> None:
        self.grid.change_pictures(self.grid.pictures)

    @Slot()
    @Slot(object)
    def review(self, current: int | None = None) -> None:
        """Show the pictures of all pending fixes."""
        images = tuple(fix.image for fix in reversed(self._tray.fixes))
        self.show_picked(Picked(title=PENDING_FIXES, images=images, current=current))
