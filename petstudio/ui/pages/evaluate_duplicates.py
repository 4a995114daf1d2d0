"""Duplicates: pictures that are in training and evaluation alike, so that figures flatter."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from petstudio.api.contributions import Split
from petstudio.api.language import counted, shown_number, tr
from petstudio.bridge.evaluation_view import Evaluation, Picked
from petstudio.bridge.figures import accuracy_text
from petstudio.bridge.fix_tray import FixTray
from petstudio.bridge.fixing import Fixing
from petstudio.bridge.judged_pictures import fix_text, mark_of
from petstudio.bridge.models import SPLIT_WORDS, spoken_label
from petstudio.bridge.picture_list import Picture, PictureTuple
from petstudio.bridge.twins_feed import TwinsFeed
from petstudio.images.roots import Root
from petstudio.jobs.split_twins import SplitTwins, TwinGroup
from petstudio.project.pending_fixes import Fix
from petstudio.project.records import ImageRecord
from petstudio.ui.pages.evaluate_keys import PictureKeys
from petstudio.ui.pages.evaluate_tab import EvaluateTab
from petstudio.ui.theme import Theme
from petstudio.ui.widgets.button import Button
from petstudio.ui.widgets.picture_grid import PictureGrid
from petstudio.ui.widgets.picture_tile import TileStyle
from petstudio.ui.widgets.text import Text

_LOOKING: Final = tr("Looking for equal files…")
_NONE: Final = tr("No file is in two parts of the data.")
_WITHOUT: Final = tr("Without those: {share}.")
_NOTHING_LEFT: Final = tr("Without those: no picture is left.")
_EXCLUDE: Final = tr("Exclude those outside of training")
_TITLE: Final = tr("The same file")
_TILE: Final = 206
_RATIO: Final = 0.72


class DuplicatesTab(EvaluateTab):
    """Equal files stand beside each other, with the number of their group."""

    def __init__(self, theme: Theme, tray: FixTray, fixing: Fixing, twins: TwinsFeed) -> None:
        super().__init__()
        self._tray = tray
        self._fixing = fixing
        self._twins = twins
        self._seen: Evaluation | None = None
        self._is_filling = False
        self._words = Text(kind="small", wraps=True)
        self.exclude = Button(theme, _EXCLUDE, small=True, name="evaluate.duplicates.exclude")
        self.pictures = PictureGrid(
            theme,
            name="evaluate.duplicates",
            style=TileStyle.CARD,
            tile_width=_TILE,
            picture_ratio=_RATIO,
        )
        self.keys = PictureKeys(theme, self.pictures, fixing)
        self._build()
        self._connect()

    def show_evaluation(self, seen: Evaluation) -> None:
        self._seen = seen
        self._show()

    def pick(self) -> Picked | None:
        found, current = self._twins.found, self.pictures.current
        if found is None or current is None:
            return None
        groups = (group for group in found.groups if any(r.id == current.key for r in group))
        images = tuple(record.id for record in next(groups, ()))
        return Picked(title=_TITLE, images=images, current=current.key)

    def shutdown(self) -> None:
        self.pictures.shutdown()

    def _build(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self._words, 1)
        row.addWidget(self.exclude)
        self.pictures.setAccessibleName(tr("Equal files across the split"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 4, 0, 0)
        layout.setSpacing(10)
        layout.addLayout(row)
        layout.addWidget(self.pictures, 1)

    def _connect(self) -> None:
        self.exclude.clicked.connect(self._exclude)
        self.pictures.selection_changed.connect(self._on_selected)
        self._tray.changed.connect(self._show)
        self._twins.changed.connect(self._show)

    @Slot()
    def _show(self) -> None:
        found, seen = self._twins.found, self._seen
        if seen is None:
            return
        self.exclude.setVisible(found is not None and bool(found.groups))
        self._words.setText(_sentence(found, seen) if found else self._twins.problem or _LOOKING)
        self._is_filling = True
        self.pictures.rearrange_pictures(PictureTuple(_pictures(found, self._tray)))
        self._is_filling = False

    @Slot()
    def _exclude(self) -> None:
        found, excluded = self._twins.found, frozenset(self._tray.excluded)
        if found is not None:
            outside = (record.id for group in found.groups for record in _outside_training(group))
            self._fixing.exclude([image for image in outside if image not in excluded])

    @Slot()
    def _on_selected(self) -> None:
        if not self._is_filling:
            self.picked.emit(self.pick())


def _outside_training(group: TwinGroup) -> Iterator[ImageRecord]:
    """Yield those that can go: all but one, which is in training if any is."""
    kept = next((record for record in group if record.split is Split.TRAIN), group[0])
    return (record for record in group if record is not kept and record.split is not kept.split)


def _pictures(found: SplitTwins | None, tray: FixTray) -> list[Picture]:
    groups = enumerate(found.groups, start=1) if found is not None else ()
    return [
        _picture(found.root, record, number, tray.fix_of(record.id))
        for number, group in groups
        for record in group
        if found is not None
    ]


def _picture(root: Root, record: ImageRecord, number: int, fix: Fix | None) -> Picture:
    return Picture(
        key=record.id,
        path=root / record.path,
        title=SPLIT_WORDS[record.split] if record.split is not None else "",
        note=shown_number(number),
        subtitle=spoken_label(record.label or ""),
        mark=mark_of(fix),
        mark_text=fix_text(fix) if fix is not None else "",
        tip=record.shown,
    )


def _sentence(found: SplitTwins, seen: Evaluation) -> str:
    if not found.groups:
        return _NONE
    files = counted(
        sum(len(group) for group in found.groups),
        "{count:,} picture with the same content in several parts of the data.",
        "{count:,} pictures with the same content in several parts of the data.",
    )
    if seen.result is None:
        return files
    rest = found.accuracy_without(seen.result)
    if not rest.images:
        return f"{files} {_NOTHING_LEFT}"
    return f"{files} {_WITHOUT.format(share=accuracy_text(rest.correct, rest.images))}"
