"""Tables and lists for the window, made of what the jobs say."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, IntEnum, auto
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeAlias

from PySide6.QtCore import (
    QAbstractListModel,
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
)

from petstudio.api.contributions import Split
from petstudio.api.language import tr, tr_as
from petstudio.project.names import shown_text

if TYPE_CHECKING:  # it brings numpy along, which the first window does not need
    from petstudio.jobs.proving import LabelProof

SPLIT_WORDS: Final = {
    Split.TRAIN: tr_as("split", "Train"),
    Split.VALID: tr("Validation"),
    Split.TEST: tr("Test"),
}
_AMBER_SHARE: Final = 0.95
_ROLE: Final = Qt.ItemDataRole.UserRole.value
_NO_INDEX: Final = QModelIndex()

Index: TypeAlias = QModelIndex | QPersistentModelIndex


def spoken_label(label: str) -> str:
    """Return a class name as it is shown, printable; stored names keep their underscores."""
    return shown_text(label.replace("_", " ").strip() or label)


def in_alphabet(label: str) -> tuple[str, str]:
    """Return what class names are sorted by wherever they are listed, in capitals or not."""
    return spoken_label(label).casefold(), label


def label_span(path: str, label: str | None) -> tuple[int, int]:
    """Return where the label stands in the path, as start and end; (0, 0) when it does not."""
    start = path.rfind(label) if label else -1
    return (start, start + len(label)) if label and start >= 0 else (0, 0)


@dataclass(frozen=True, kw_only=True)
class ProofRow:
    """One picture of the label proof; `span` is the part of `path` that became the label."""

    file: Path
    path: str
    label: str | None
    side: str
    span: tuple[int, int]


class ProofColumn(IntEnum):
    """The columns of the label proof."""

    PICTURE = 0
    FILE = 1
    LABEL = 2
    SIDE = 3


class ProofModel(QAbstractTableModel):
    """The label proof: every file with its label and side, unmatched ones first."""

    HEADERS: Final = ("", tr("File name"), tr_as("column", "Label"), tr("Side"))
    ROW: Final = _ROLE
    """The role under which every cell gives its ProofRow."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._proof: LabelProof | None = None
        self._order: Sequence[int] = ()
        self._last: tuple[int, ProofRow] | None = None

    def show_proof(self, proof: LabelProof | None) -> None:
        self.beginResetModel()
        self._proof = proof
        self._last = None
        self._order = proof.order if proof else ()
        self.endResetModel()

    def row(self, number: int) -> ProofRow:
        # A view asks for all cells of a row, one after the other.
        if self._last is None or self._last[0] != number:
            self._last = number, self._make_row(number)
        return self._last[1]

    def _make_row(self, number: int) -> ProofRow:
        assert self._proof is not None
        index = self._order[number]
        image, side = self._proof.labels[index], self._proof.splits[index]
        return ProofRow(
            file=self._proof.listing.root / image.path,
            path=image.path,
            label=image.label,
            side=SPLIT_WORDS[side] if side else "",
            span=image.span or label_span(image.path, image.label),
        )

    def rowCount(self, parent: Index = _NO_INDEX) -> int:
        return 0 if parent.isValid() else len(self._order)

    def columnCount(self, parent: Index = _NO_INDEX) -> int:
        return 0 if parent.isValid() else len(self.HEADERS)

    def data(self, index: Index, role: int = 0) -> object:
        row = self.row(index.row())
        if role == self.ROW:
            return row
        if role == Qt.ItemDataRole.DisplayRole:
            label = spoken_label(row.label) if row.label else tr("no label")
            return ("", row.path, label, row.side)[index.column()]
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        return self.HEADERS[section] if role == Qt.ItemDataRole.DisplayRole else None


class ClassOrder(Enum):
    """How the classes are sorted."""

    NAME = auto()
    COUNT = auto()
    BALANCE = auto()


@dataclass(frozen=True, kw_only=True)
class ClassRow:
    """One class; `share` is against the largest, `is_small` against the median.

    `excess` is 1 where it has the median's count, else how many times more or fewer.
    """

    name: str
    count: int
    share: float
    is_small: bool
    excess: float = 1.0


_SORT_KEYS: Final[Mapping[ClassOrder, Callable[[ClassRow], tuple[float, str, str]]]] = {
    ClassOrder.NAME: lambda row: (0, *in_alphabet(row.name)),
    ClassOrder.COUNT: lambda row: (row.count, *in_alphabet(row.name)),
    ClassOrder.BALANCE: lambda row: (-row.excess, *in_alphabet(row.name)),
}


class ClassModel(QAbstractListModel):
    """The classes with their counts."""

    ROW: Final = _ROLE
    """The role under which every entry gives its ClassRow."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._classes: tuple[tuple[str, int], ...] = ()
        self._order = ClassOrder.NAME
        self._wanted = ""
        self._rows: tuple[ClassRow, ...] = ()

    @property
    def rows(self) -> tuple[ClassRow, ...]:
        return self._rows

    def show_classes(self, classes: tuple[tuple[str, int], ...]) -> None:
        self._classes = classes
        self._rebuild()

    def search(self, text: str) -> None:
        """Show only classes whose names hold the text; all for an empty one."""
        self._wanted = text.strip().casefold()
        self._rebuild()

    def row_of(self, name: str) -> int | None:
        """Return where a class stands; None when it is not shown."""
        return next((at for at, row in enumerate(self._rows) if row.name == name), None)

    def sort_by(self, order: ClassOrder) -> None:
        self._order = order
        self._rebuild()

    def rowCount(self, parent: Index = _NO_INDEX) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = 0) -> object:
        row = self._rows[index.row()]
        if role == self.ROW:
            return row
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            name = spoken_label(row.name)
            if row.is_small:
                return tr("{name}, {count:,} pictures, fewer than most", name=name, count=row.count)
            return tr("{name}, {count:,} pictures", name=name, count=row.count)
        return None

    def _rebuild(self) -> None:
        self.beginResetModel()
        counts = sorted(count for _, count in self._classes)
        most = counts[-1] if counts else 1
        median = counts[len(counts) // 2] if counts else 0
        rows = [
            ClassRow(
                name=name,
                count=count,
                share=count / most,
                is_small=count < _AMBER_SHARE * median,
                excess=max(count, median) / max(1, min(count, median)),
            )
            for name, count in self._classes
            if self._wanted in spoken_label(name).casefold()
        ]
        self._rows = tuple(sorted(rows, key=_SORT_KEYS[self._order]))
        self.endResetModel()
