"""The pending fixes as a list for the window."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, Qt

from petstudio.api.language import tr
from petstudio.bridge.evaluation_view import Evaluation
from petstudio.bridge.models import Index, spoken_label
from petstudio.project.names import shown_text
from petstudio.project.pending_fixes import Fix, FixKind

_NO_INDEX: Final = QModelIndex()
_RELABEL, _EXCLUDE, _RIGHT = tr("{label} → {to}"), tr("Excluded"), tr("{label} is right")


@dataclass(frozen=True, kw_only=True)
class FixRow:
    """A fix in words; `path` is the file of its picture."""

    image: int
    path: Path
    title: str
    file: str


class FixListModel(QAbstractListModel):
    """The newest fix first, as that is the one to be taken back."""

    ROW: Final = Qt.ItemDataRole.UserRole.value
    """The role under which every entry gives its FixRow."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._fixes: tuple[Fix, ...] = ()
        self._seen: Evaluation | None = None

    def show_fixes(self, fixes: tuple[Fix, ...], seen: Evaluation) -> None:
        self.beginResetModel()
        self._fixes = tuple(fix for fix in reversed(fixes) if fix.image in seen.records)
        self._seen = seen
        self.endResetModel()

    def row(self, number: int) -> FixRow:
        """Return a row, made now: there may be thousands."""
        assert self._seen is not None
        return _row(self._fixes[number], self._seen)

    def rowCount(self, parent: Index = _NO_INDEX) -> int:
        return 0 if parent.isValid() else len(self._fixes)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row = self.row(index.row())
        if role == self.ROW:
            return row
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return f"{row.title}, {row.file}"
        return None


def _title(fix: Fix) -> str:
    label = spoken_label(fix.label)
    match fix.kind:
        case FixKind.RELABEL:
            return _RELABEL.format(label=label, to=spoken_label(fix.to))
        case FixKind.EXCLUDE:
            return _EXCLUDE
        case FixKind.LABEL_IS_RIGHT:
            return _RIGHT.format(label=label)


def _row(fix: Fix, seen: Evaluation) -> FixRow:
    return FixRow(
        image=fix.image,
        path=seen.picture(fix.image),
        title=_title(fix),
        file=shown_text(PurePosixPath(fix.path).name),
    )
