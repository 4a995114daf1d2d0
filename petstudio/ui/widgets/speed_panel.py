"""How fast a run goes, for how long still, and on what."""

from __future__ import annotations

import math
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from petstudio.api.language import shown_number, tr
from petstudio.bridge.figures import duration_text, spread_text
from petstudio.bridge.live_run import LiveRun
from petstudio.bridge.memory_need import MeasuredMemory, memory_text
from petstudio.bridge.pace import TimeLeft
from petstudio.ui.theme import Theme
from petstudio.ui.widgets.sparkline import Sparkline
from petstudio.ui.widgets.text import ElidedText, Text

_NOTHING: Final = "–"
_NOT_KNOWN: Final = tr("not known")
_SPEED, _WAITING, _LEFT = tr("Images per second"), tr("Waiting for pictures"), tr("Time left")
_MEMORY, _DEVICE, _PRECISION = tr("Memory"), tr("Device"), tr("Precision")
_WAITING_TIP: Final = tr(
    "The share of the time in which the network waited for pictures. Above a fifth, input is the "
    "limit: the first epoch decodes, later ones read the cache; a faster disk or smaller pictures "
    "help, a larger network does not."
)
_ADVICE: Final = tr(
    "Input is the limit. The first epoch decodes, later ones read the cache; a faster disk or "
    "smaller pictures help."
)
_MEMORY_TIP: Final = tr(
    "What training takes, measured with two small batches, of what was free at its start."
)
_MUCH_WAITING: Final = 0.2
_NAMES: Final = {
    _SPEED: "images_per_second",
    _WAITING: "waiting_for_pictures",
    _MEMORY: "memory",
    _LEFT: "time_left",
    _DEVICE: "device",
    _PRECISION: "precision",
}
_LEFT_TIP: Final = tr("At the speed of this stage, give or take twice the standard error.")


class SpeedPanel(QWidget):
    """Shows a LiveRun when told to."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._curve = Sparkline(theme)
        self._curve.setAccessibleName(tr("Images per second of the latest batches"))
        self._values = {name: Text(kind="strong") for name in _NAMES}
        self._values[_LEFT].setToolTip(_LEFT_TIP)
        self._values[_WAITING].setToolTip(_WAITING_TIP)
        self._values[_MEMORY].setToolTip(_MEMORY_TIP)
        self._advice = Text(kind="small", tone="warn", wraps=True)
        self._advice.setObjectName("training.speed_advice")
        self._build()
        self.show_run(None)

    def show_run(self, run: LiveRun | None) -> None:
        started = run.started if run is not None else None
        speed = run.pace.images_per_second if run is not None else 0.0
        self._curve.show_values(run.pace.recent if run is not None else ())
        self._show(
            _SPEED,
            shown_number(speed, ",.0f")
            if speed >= 10
            else shown_number(speed, ".1f")
            if speed
            else "",
        )
        self._show(_WAITING, _waiting_words(run.pace.waiting if run is not None else math.nan))
        is_short = run is not None and run.finished is None and run.pace.waiting > _MUCH_WAITING
        self._advice.setText(_ADVICE if is_short else "")
        self._advice.setVisible(is_short)
        self._show(_MEMORY, _memory_words(run) if run is not None else "")
        self._show(_LEFT, time_left_text(run.time_left if run is not None else None))
        self._show(_DEVICE, started.device if started is not None else "")
        self._show(_PRECISION, started.precision if started is not None else "")

    def value(self, name: str) -> str:
        return self._values[name].text()

    def _show(self, name: str, text: str) -> None:
        self._values[name].setText(text or _NOTHING)
        self._values[name].setAccessibleName(f"{name}: {text or _NOT_KNOWN}")

    def _build(self) -> None:
        rows = QGridLayout()
        rows.setHorizontalSpacing(8)
        rows.setVerticalSpacing(6)
        rows.setColumnStretch(0, 1)
        for row, (name, value) in enumerate(self._values.items()):
            value.setObjectName(f"training.{_NAMES[name]}")
            rows.addWidget(ElidedText(name, kind="label"), row, 0)
            rows.addWidget(value, row, 1, Qt.AlignmentFlag.AlignRight)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self._curve)
        layout.addLayout(rows)
        layout.addWidget(self._advice)


def time_left_text(left: TimeLeft | None) -> str:
    """Return the time with its spread: 1:12 ± 6 s; empty while it is not known."""
    if left is None:
        return ""
    return f"{duration_text(left.seconds)} ± {spread_text(left.spread)}"


def _memory_words(run: LiveRun) -> str:
    if run.memory is None:
        return ""
    need = MeasuredMemory(estimate=run.memory, recipe=run.recipe).bytes_for(run.recipe)
    return tr("{need} of {free}", need=memory_text(need), free=memory_text(run.memory.free))


def _waiting_words(share: float) -> str:
    if not math.isfinite(share):
        return ""
    return f"{100 * share:.0f} %"
