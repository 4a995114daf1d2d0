"""The classes with their keys and counts, as a list that a text narrows down."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, Qt

from petstudio.api.language import tr
from petstudio.bridge.label_board import LabelBoard
from petstudio.bridge.models import Index, spoken_label

_NO_INDEX: Final = QModelIndex()


@dataclass(frozen=True, kw_only=True)
class ClassLine:
    """A class: its key, how many pictures have it, and for how many more it is suggested."""

    name: str
    key: str
    count: int
    suggested: int

    @property
    def spoken(self) -> str:
        name, key, count = spoken_label(self.name), self.key or tr("none"), self.count
        if not self.suggested:
            return tr("{name}, key {key}, {count:,}", name=name, key=key, count=count)
        return tr(
            "{name}, key {key}, {count:,}, {suggested:,} suggested",
            name=name,
            key=key,
            count=count,
            suggested=self.suggested,
        )


class ClassKeyModel(QAbstractListModel):
    """Holds the classes whose name has the text in it."""

    LINE: Final = Qt.ItemDataRole.UserRole.value
    """The role under which every entry gives its ClassLine."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._all: tuple[ClassLine, ...] = ()
        self._lines: tuple[ClassLine, ...] = ()
        self._text = ""

    @property
    def lines(self) -> tuple[ClassLine, ...]:
        return self._lines

    def show_board(self, board: LabelBoard | None) -> None:
        """Show the classes of today."""
        lines: tuple[ClassLine, ...] = ()
        if board is not None:
            keys = board.keys.by_class
            lines = tuple(
                ClassLine(
                    name=name,
                    key=keys.get(name, ""),
                    count=count,
                    suggested=max(0, board.suggested.get(name, 0)),
                )
                for name, count in board.classes
            )
        self._all = lines
        self._narrow()

    def narrow(self, text: str) -> None:
        """Show the classes with this text in their name, however it is written."""
        self._text = text.strip().casefold()
        self._narrow()

    def named(self, text: str) -> str | None:
        """Return the class that is meant by a text, whatever its case and its underscores."""
        wanted = spoken_label(text.strip()).casefold()
        return next(
            (line.name for line in self._all if spoken_label(line.name).casefold() == wanted), None
        )

    def row_of(self, name: str) -> int:
        """Return where a class stands; -1 where it does not."""
        return next((row for row, line in enumerate(self._lines) if line.name == name), -1)

    def rowCount(self, parent: Index = _NO_INDEX) -> int:
        return 0 if parent.isValid() else len(self._lines)

    def data(self, index: Index, role: int = 0) -> object:
        line = self._lines[index.row()]
        if role == self.LINE:
            return line
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return line.spoken
        return None

    def _narrow(self) -> None:
        lines = tuple(
            line
            for line in self._all
            if self._text in spoken_label(line.name).casefold()
            or self._text in line.name.casefold()
        )
        if [line.name for line in lines] == [line.name for line in self._lines]:
            self._lines = lines
            if lines:
                self.dataChanged.emit(self.index(0), self.index(len(lines) - 1))
            return
        self.beginResetModel()
        self._lines = lines
        self.endResetModel()
