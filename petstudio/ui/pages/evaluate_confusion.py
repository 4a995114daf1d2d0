"""Confusion: what is taken for what, as a grid and as a list."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Slot
from PySide6.QtWidgets import QVBoxLayout

from petstudio.api.language import counted
from petstudio.bridge.confusion_table import Pair
from petstudio.bridge.evaluation_view import Evaluation, Judged, Picked
from petstudio.ui.pages.evaluate_tab import EvaluateTab
from petstudio.ui.pages.evaluate_words import cell_title
from petstudio.ui.theme import Theme
from petstudio.ui.widgets.confusion_panel import ConfusionPanel


class ConfusionTab(EvaluateTab):
    """A cell, a row, a column or a block picks its pictures."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._judged: Judged | None = None
        self.panel = ConfusionPanel(theme)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.panel)
        self.panel.selection_changed.connect(self._on_selected)

    def show_evaluation(self, seen: Evaluation) -> None:
        self._judged = judged = seen.judged
        if judged is not None:
            self.panel.show_counts(
                judged.counts, judged.classes, judged.confused, judged.clustered.tolist()
            )

    def pick(self) -> Picked | None:
        selected = self.panel.grid.selected
        return _picked(self._judged, selected) if self._judged and selected else None

    @Slot(object)
    def _on_selected(self, pairs: frozenset[Pair]) -> None:
        if self._judged is not None:
            self.picked.emit(_picked(self._judged, pairs) if pairs else None)


def _picked(judged: Judged, pairs: frozenset[Pair]) -> Picked:
    size = len(judged.classes)
    wanted = np.array([actual * size + predicted for actual, predicted in pairs])
    cells = judged.predictions.targets * size + judged.predicted
    rows = judged.worst_first(np.isin(cells, wanted))
    return Picked(
        title=_title(judged, pairs),
        images=judged.keys_at(rows),
        is_wrong=all(actual != predicted for actual, predicted in pairs),
    )


def _title(judged: Judged, pairs: frozenset[Pair]) -> str:
    if len(pairs) > 1:
        return counted(len(pairs), "{count:,} cell", "{count:,} cells")
    [(actual, predicted)] = pairs
    return cell_title(judged, actual, predicted)
