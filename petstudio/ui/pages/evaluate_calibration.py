"""Calibration: whether 80 per cent means right four times in five, and one tick that mends it."""

from __future__ import annotations

from typing import Final

import numpy as np
from PySide6.QtCore import Slot
from PySide6.QtWidgets import QCheckBox, QVBoxLayout

from petstudio.api.contributions import Split
from petstudio.api.language import tr
from petstudio.bridge.evaluation_view import Evaluation, Judged, Picked
from petstudio.bridge.figures import percent_text
from petstudio.engine.analysis.calibration import BINS
from petstudio.ui.pages.evaluate_tab import EvaluateTab, ModelNotes
from petstudio.ui.theme import Theme
from petstudio.ui.widgets.reliability_plot import ReliabilityPlot, bin_text
from petstudio.ui.widgets.text import Text, plain_tip

_EXPLANATION: Final = tr(
    "Bars on the dashed line: the probabilities mean what they say. Below it, the model is too "
    "sure of itself."
)
_FITTED_ON: Final = tr("The temperature is found on all validation pictures, each seen once.")
_NEUTRAL: Final = 1.0  # a temperature that changes nothing


class CalibrationTab(EvaluateTab):
    """A bar picks its pictures; the tick stores the temperature in the model."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._judged: Judged | None = None
        self.plot = ReliabilityPlot(theme)
        self.tick = QCheckBox()
        self._words = Text(wraps=True)
        self._build()
        self.tick.clicked.connect(self._on_ticked)
        self.plot.bin_chosen.connect(self._on_bin)

    def show_evaluation(self, seen: Evaluation) -> None:
        self._judged = judged = seen.judged
        if judged is None:
            return
        choice = seen.choice
        is_fit = choice.split is Split.VALID and not choice.views and choice.part is None
        self.plot.show_reliability(judged.reliability)
        self.tick.setText(tr("Scale with the temperature {fitted:.2f}", fitted=judged.fitted))
        has_one = judged.result.temperature != _NEUTRAL
        self.tick.setChecked(has_one)
        self.tick.setEnabled(is_fit and (has_one or judged.fitted != _NEUTRAL))
        self.tick.setToolTip("" if is_fit else plain_tip(_FITTED_ON))
        self._words.setText(_sentence(judged))

    def pick(self) -> Picked | None:
        judged, number = self._judged, self.plot.chosen
        if judged is None or number is None:
            return None
        places = np.clip(np.ceil(judged.confidence.astype(np.float64) * BINS) - 1, 0, BINS - 1)
        rows = judged.worst_first(places == number)
        return Picked(title=bin_text(judged.reliability, number), images=judged.keys_at(rows))

    def _build(self) -> None:
        self.tick.setObjectName("evaluate.calibration.tick")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 4, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(Text(_EXPLANATION, kind="small", wraps=True))
        layout.addWidget(self.plot, 1)
        layout.addWidget(self._words)
        layout.addWidget(self.tick)

    @Slot(bool)
    def _on_ticked(self, is_ticked: bool) -> None:
        if self._judged is not None:
            wanted = self._judged.fitted if is_ticked else _NEUTRAL
            self.note_wanted.emit(ModelNotes(temperature=wanted))

    @Slot(object)
    def _on_bin(self, _number: int | None) -> None:
        self.picked.emit(self.pick())


def _sentence(judged: Judged) -> str:
    plain, temperature = percent_text(judged.plain_error), judged.result.temperature
    if temperature != _NEUTRAL:
        now = percent_text(judged.reliability.expected_error)
        return tr(
            "Expected calibration error {now} with the temperature {temperature:.2f}, "
            "{plain} without.",
            now=now,
            temperature=temperature,
            plain=plain,
        )
    return tr(
        "Expected calibration error {plain}; it would be {scaled} with the "
        "temperature {fitted:.2f}.",
        plain=plain,
        scaled=percent_text(judged.fitted_error),
        fitted=judged.fitted,
    )
