"""Per class: precision, recall and F1 of each, sorted as the user likes."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QModelIndex, Qt, Slot
from PySide6.QtWidgets import QVBoxLayout

from petstudio.api.language import tr
from petstudio.bridge.class_score_model import ClassScoreModel, ScoreColumn
from petstudio.bridge.evaluation_view import Evaluation, Judged, Picked
from petstudio.bridge.figures import percent_text
from petstudio.bridge.models import spoken_label
from petstudio.engine.analysis.per_class import macro_score
from petstudio.ui.pages.evaluate_tab import EvaluateTab
from petstudio.ui.theme import Theme
from petstudio.ui.widgets.lined_table import LinedTable
from petstudio.ui.widgets.text import Text

_NAME: Final = tr("Scores of each class")


class ClassesTab(EvaluateTab):
    """A row picks the pictures of its class, mistakes first."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._judged: Judged | None = None
        self._chosen: int | None = None
        self._rows = ClassScoreModel(self)
        self.table = LinedTable(theme, self._rows, name="evaluate.classes", spoken=_NAME)
        self._means = Text(kind="small")
        self._build()
        self.table.selectionModel().currentRowChanged.connect(self._on_row)

    def show_evaluation(self, seen: Evaluation) -> None:
        self._judged = judged = seen.judged
        if judged is None:
            return
        chosen = self._chosen
        self._rows.show_scores(judged)
        mean = macro_score(judged.scores)
        self._means.setText(
            tr(
                "Mean of the classes: precision {precision}, recall {recall}, F1 {f1:.3f}",
                precision=percent_text(mean.precision),
                recall=percent_text(mean.recall),
                f1=mean.f1,
            )
        )
        row = self._rows.row_of(chosen) if chosen is not None else None
        if row is not None:
            self.table.selectRow(row)

    def pick(self) -> Picked | None:
        judged, place = self._judged, self._chosen
        if judged is None or place is None or place >= len(judged.classes):
            return None
        rows = judged.worst_first(judged.predictions.targets == place)
        return Picked(title=spoken_label(judged.classes[place]), images=judged.keys_at(rows))

    def _build(self) -> None:
        self.table.horizontalHeader().setSortIndicator(ScoreColumn.F1, Qt.SortOrder.AscendingOrder)
        self.table.setSortingEnabled(True)
        self.table.stretch(ScoreColumn.NAME, ScoreColumn.TAKEN_FOR)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self.table, 1)
        layout.addWidget(self._means)

    @Slot(QModelIndex, QModelIndex)
    def _on_row(self, current: QModelIndex, _previous: QModelIndex) -> None:
        if current.isValid():
            self._chosen = self._rows.place(current.row())
            self.picked.emit(self.pick())
