"""The pictures of a grid, made when they are looked at: a million cost no more than a page."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path
from typing import Final, Protocol, TypeAlias

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from petstudio.api.language import tr
from petstudio.project.names import shown_text

_NO_INDEX: Final = QModelIndex()

Index: TypeAlias = QModelIndex | QPersistentModelIndex


class TileMark(Enum):
    """How a picture stands; NONE is for grids in which this does not matter."""

    NONE = auto()
    CONFIRMED = auto()
    SUGGESTED = auto()
    PENDING = auto()
    NO_LABEL = auto()
    EXCLUDED = auto()

    @property
    def spoken(self) -> str:
        """The mark in words, for who does not see it."""
        words = {
            TileMark.NONE: "",
            TileMark.CONFIRMED: tr("confirmed"),
            TileMark.SUGGESTED: tr("suggested"),
            TileMark.PENDING: tr("pending"),
            TileMark.NO_LABEL: tr("no label"),
            TileMark.EXCLUDED: tr("excluded"),
        }
        return words[self]


@dataclass(frozen=True, kw_only=True)
class Picture:
    """One tile.

    Attributes:
        key: tells it from all others of the grid, such as the image's id.
        path: the file.
        title, note: the first line, left and right: a label and a confidence.
        subtitle, subnote: the second line, where the grid has one.
        mark_text: what a pending or excluded picture says on itself, such as "→ Birman".
        is_wrong: the note is a bad one, such as the loss of a mistake.
        share: how long the bar of a tile with a bar is, 0 to 1; None for no bar.
        is_unsure: the title is no more than a guess.
        tip: what a tool tip says.
    """

    key: int
    path: Path
    title: str
    note: str = ""
    subtitle: str = ""
    subnote: str = ""
    mark: TileMark = TileMark.NONE
    mark_text: str = ""
    is_wrong: bool = False
    share: float | None = None
    is_unsure: bool = False
    tip: str = ""

    @property
    def spoken(self) -> str:
        """All of it in words, for who does not see the tile."""
        marks = (self.mark.spoken, self.mark_text)
        parts = (self.title, self.note, self.subtitle, self.subnote, *marks)
        return ", ".join(part for part in (*parts, shown_text(self.path.name)) if part)


class Pictures(Protocol):
    """What a grid shows, in its order."""

    def __len__(self) -> int: ...

    def __getitem__(self, row: int, /) -> Picture: ...

    def key_at(self, row: int) -> int:
        """Return the key of a picture without making it."""

    def row_of(self, key: int) -> int | None:
        """Return where a picture stands; None when it is not among them."""


class PictureTuple:
    """Pictures that are all there already."""

    def __init__(self, pictures: Sequence[Picture] = ()) -> None:
        self._pictures = tuple(pictures)
        self._rows = {picture.key: row for row, picture in enumerate(self._pictures)}

    def __len__(self) -> int:
        return len(self._pictures)

    def __getitem__(self, row: int, /) -> Picture:
        return self._pictures[row]

    def key_at(self, row: int) -> int:
        return self._pictures[row].key

    def row_of(self, key: int) -> int | None:
        return self._rows.get(key)


class PictureListModel(QAbstractListModel):
    """Shows any Pictures; a million of them are told to the view as one number."""

    PICTURE: Final = Qt.ItemDataRole.UserRole.value
    """The role under which every entry gives its Picture."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pictures: Pictures = PictureTuple()

    @property
    def pictures(self) -> Pictures:
        return self._pictures

    def show_pictures(self, pictures: Pictures) -> None:
        """Show others; nothing is selected afterwards."""
        self.beginResetModel()
        self._pictures = pictures
        self.endResetModel()

    def change_pictures(self, pictures: Pictures) -> None:
        """Show the same ones in the same order, looking differently; what is selected stays."""
        assert len(pictures) == len(self._pictures)
        self._pictures = pictures
        if len(pictures):
            self.dataChanged.emit(self.index(0), self.index(len(pictures) - 1))

    def rowCount(self, parent: Index = _NO_INDEX) -> int:
        return 0 if parent.isValid() else len(self._pictures)

    def data(self, index: Index, role: int = 0) -> object:
        if role == self.PICTURE:
            return self._pictures[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self._pictures[index.row()].spoken
        if role == Qt.ItemDataRole.ToolTipRole:
            # As an element, or Qt would read some file names as markup.
            tip = self._pictures[index.row()].tip
            return f"<span>{html.escape(tip)}</span>" if tip else None
        return None
