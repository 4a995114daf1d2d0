"""Threshold: say "not sure" rather than be wrong."""

from __future__ import annotations

from functools import partial
from typing import Final

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from petstudio.api.language import tr
from petstudio.bridge.evaluation_view import Evaluation, Judged, Picked, RunOption
from petstudio.bridge.figures import percent_text, share_text
from petstudio.ui.pages.evaluate_tab import EvaluateTab, ModelNotes
from petstudio.ui.theme import Theme
from petstudio.ui.widgets.button import Button
from petstudio.ui.widgets.coverage_plot import CoveragePlot
from petstudio.ui.widgets.flow_layout import FlowLayout
from petstudio.ui.widgets.percent_box import PercentBox
from petstudio.ui.widgets.text import Text

_GOALS: Final = (0.9, 0.95, 0.99)
_UNREACHABLE: Final = tr("No answers are right so often")
_NOT_SURE: Final = tr("Not sure")
_STORE: Final = tr("Store in the model")
_STORED: Final = tr("That is what the model has.")
_FIELD: Final = tr("Not sure below")


class ThresholdTab(EvaluateTab):
    """Picks the pictures that would be answered with "not sure"."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._judged: Judged | None = None
        self._threshold = 0.0
        self._run: RunOption | None = None
        self.plot = CoveragePlot(theme)
        self.field = PercentBox()
        self.store = Button(theme, _STORE, name="evaluate.threshold.store")
        self._goals = {goal: Button(theme, small=True) for goal in _GOALS}
        self._words = Text(wraps=True)
        self._build()
        self._connect()

    @property
    def threshold(self) -> float:
        return self._threshold

    def show_evaluation(self, seen: Evaluation) -> None:
        self._judged = judged = seen.judged
        if judged is None:
            return
        if seen.run != self._run:
            self._run, self._threshold = seen.run, judged.result.reject_below
        self.plot.show_curve(judged.curve)
        for goal, button in self._goals.items():
            found = judged.curve.threshold_for(goal)
            button.set_ready(found is not None, _UNREACHABLE)
        self._show()

    def pick(self) -> Picked | None:
        if self._judged is None:
            return None
        unsure = self._judged.confidence < self._threshold
        rows = self._judged.worst_first(unsure)
        return Picked(title=_NOT_SURE, images=self._judged.keys_at(rows))

    def _build(self) -> None:
        self.field.setObjectName("evaluate.threshold")
        self.field.setAccessibleName(_FIELD)
        row = FlowLayout(spacing=8)
        row.addWidget(Text(_FIELD, kind="label"))
        row.addWidget(self.field)
        for goal, button in self._goals.items():
            button.setText(tr("{goal:.0f} % right", goal=100 * goal))
            button.setObjectName(f"evaluate.threshold.{100 * goal:.0f}")
            row.addWidget(button)
        foot = QHBoxLayout()
        foot.addWidget(self._words, 1)
        foot.addWidget(self.store)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 4, 0, 0)
        layout.setSpacing(10)
        layout.addLayout(row)
        layout.addWidget(self.plot, 1)
        layout.addLayout(foot)

    def _connect(self) -> None:
        self.plot.threshold_moved.connect(self._take)
        self.field.share_changed.connect(self._take)
        self.store.clicked.connect(self._store)
        for goal, button in self._goals.items():
            button.clicked.connect(partial(self._aim_at, goal))

    def _aim_at(self, goal: float, _is_checked: bool = False) -> None:
        found = self._judged.curve.threshold_for(goal) if self._judged is not None else None
        if found is not None:
            self._take(found)

    @Slot(object)
    @Slot(float)
    def _take(self, threshold: float) -> None:
        self._threshold = threshold
        self._show()
        self.picked.emit(self.pick())

    @Slot()
    def _store(self) -> None:
        self.note_wanted.emit(ModelNotes(reject_below=self._threshold))

    def _show(self) -> None:
        judged = self._judged
        if judged is None:
            return
        self.plot.show_threshold(self._threshold)
        self.field.show_share(self._threshold)
        found, total = judged.curve.at(self._threshold), judged.curve.images
        share = percent_text(found.images / total) if total else ""
        sentences = [
            tr(
                "{images:,} of {total:,} pictures get an answer, {share}.",
                images=found.images,
                total=total,
                share=share,
            )
        ]
        if found.images:
            right = share_text(found.correct, found.images)
            sentences.append(tr("{share} of these are right.", share=right))
        self._words.setText(" ".join(sentences))
        is_stored = abs(self._threshold - judged.result.reject_below) < 1e-9
        self.store.set_ready(not is_stored, _STORED)
