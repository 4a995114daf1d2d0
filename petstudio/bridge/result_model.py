"""Predictions as a table, row by row in the order in which they are shown."""

from __future__ import annotations

import html
from enum import IntEnum
from typing import Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, Qt

from petstudio.api.language import tr
from petstudio.bridge.figures import probability_text
from petstudio.bridge.models import Index, spoken_label
from petstudio.bridge.prediction_list import PredictionList
from petstudio.bridge.shown_predictions import NOT_SURE, Choice, ShownPredictions
from petstudio.jobs.predicted import Predicted
from petstudio.project.names import shown_text

_NO_INDEX: Final = QModelIndex()
_NUMBERS: Final = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_WORDS: Final = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class ResultColumn(IntEnum):
    """The columns of the results."""

    FILE = 0
    CLASS = 1
    CONFIDENCE = 2
    MARGIN = 3
    SECOND = 4


_HEADERS: Final = (
    tr("File name"),
    tr("Class"),
    tr("Confidence"),
    tr("Margin"),
    tr("Second most likely"),
)
_NUMERIC: Final = (ResultColumn.CONFIDENCE, ResultColumn.MARGIN)


class ResultModel(QAbstractTableModel):
    """Makes the text of a cell when it is asked for."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.shown = ShownPredictions(PredictionList(), Choice())

    def show_predictions(self, shown: ShownPredictions) -> None:
        self.beginResetModel()
        self.shown = shown
        self.endResetModel()

    def rowCount(self, parent: Index = _NO_INDEX) -> int:
        return 0 if parent.isValid() else len(self.shown)

    def columnCount(self, parent: Index = _NO_INDEX) -> int:
        return 0 if parent.isValid() else len(ResultColumn)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> object:
        if orientation is Qt.Orientation.Vertical:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return _HEADERS[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _NUMBERS if section in _NUMERIC else _WORDS
        return None

    def data(self, index: Index, role: int = 0) -> object:
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _NUMBERS if index.column() in _NUMERIC else _WORDS
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return None
        result = self.shown.result(self.shown.key_at(index.row()))
        if role == Qt.ItemDataRole.DisplayRole:
            return self._cell(result, ResultColumn(index.column()))
        # As an element, or Qt would read some file names as markup.
        return f"<span>{html.escape(shown_text(str(result.path)))}</span>"

    def _cell(self, result: Predicted, column: ResultColumn) -> str:
        match column:
            case ResultColumn.FILE:
                return shown_text(result.path.name)
            case ResultColumn.CLASS:
                return self._class(result)
            case ResultColumn.CONFIDENCE:
                return probability_text(result.confidence) if result.top else ""
            case ResultColumn.MARGIN:
                return probability_text(result.margin) if result.top else ""
            case ResultColumn.SECOND:
                return spoken_label(result.top[1].label) if len(result.top) > 1 else ""

    def _class(self, result: Predicted) -> str:
        if not result.top:
            return tr("cannot read: {reason}", reason=result.reason)
        label = spoken_label(result.label)
        is_sure = result.is_sure(self.shown.choice.sure_from)
        return (
            label if is_sure else tr("{not_sure}, perhaps {label}", not_sure=NOT_SURE, label=label)
        )
