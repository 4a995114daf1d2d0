"""The number boxes of a range of rates, and the buttons that jump to suggestions."""

from __future__ import annotations

from functools import partial
from typing import Final

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from petstudio.api.errors import InputError
from petstudio.api.events import RateRule
from petstudio.api.language import tr
from petstudio.bridge.live_sweep import LiveSweep
from petstudio.bridge.rate_range import Rates
from petstudio.ui.theme import Theme
from petstudio.ui.widgets.button import Button
from petstudio.ui.widgets.finder_marks import LOOKS, mark_icon
from petstudio.ui.widgets.finder_words import NO_CURVE, outside_words
from petstudio.ui.widgets.problem_line import ProblemLine
from petstudio.ui.widgets.rate_box import RateBox
from petstudio.ui.widgets.text import Text

_FROM: Final = tr("From")
_TO: Final = tr("to")
_ONE: Final = tr("or one rate")
_JUMP: Final = tr("Jump to")
_TURNED: Final = tr("From is above to; the first layers take the lower rate.")
_NO_SUCH: Final = tr("The sweep suggests none within its range.")
_KEY: Final = "S"
_KEY_TIP: Final = tr("While the plot has the focus, S jumps to the next one.")
_BETWEEN: Final = 24  # at least, of the fields and the buttons
_USUAL_SPAN: Final = 100.0  # from the low to the high end where there was no range yet


class FinderForm(QWidget):
    """Either the range or the one rate is filled; the other shows in grey what it would be."""

    typed = Signal(object)
    """The rates, with each letter that makes them others."""
    problem_changed = Signal()
    jump_wanted = Signal(object)
    """The rate of a suggestion."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._bounds: tuple[float, float] | None = None
        self.low = RateBox(tr("From, the rate of the first layers"), name="training.finder.low")
        self.high = RateBox(tr("To, the rate of the last layers"), name="training.finder.high")
        self.one = RateBox(tr("One rate for all layers"), name="training.finder.one")
        self._problem = ProblemLine(theme, name="training.finder.problem")
        self.jumps = {
            rule: Button(theme, look.button, small=True, name=f"training.finder.{rule.value}")
            for rule, look in LOOKS.items()
        }
        self._boxes = QWidget()
        self._jumps = QWidget()
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._rates_of: dict[RateRule, float] = {}
        self._build()
        self._connect()
        self._dress()
        self.show_sweep(None)

    @property
    def problem(self) -> str:
        """The sentence under the fields, empty if all of them can be used."""
        return "" if self._problem.isHidden() else self._problem.text

    def show_rates(self, rates: Rates, *, but: RateBox | None = None) -> None:
        """Show rates without a signal; the field `but`, in which somebody types, stays."""
        if len(rates) == 2:
            for box, rate in zip((self.low, self.high), rates, strict=True):
                if box is not but:
                    box.show_rate(rate)
            self.one.suggest(rates[1])
        elif rates:
            low, high = self._range_beside(rates[0])
            self.low.suggest(low)
            self.high.suggest(high)
            if self.one is not but:
                self.one.show_rate(rates[0])
        self._tell_problem(but, "")

    def show_sweep(self, sweep: LiveSweep | None) -> None:
        """Take what the sweep tried as bounds, and its suggestions; None closes the fields."""
        self._bounds = sweep.bounds if sweep is not None else None
        found = sweep.suggestions if sweep is not None else ()
        self._rates_of = {item.rule: item.rate for item in found}
        result = sweep.result if sweep is not None else None
        reasons = {item.rule: item.reason for item in result.suggestions} if result else {}
        for rule, button in self.jumps.items():
            why_not = reasons.get(rule) or (_NO_SUCH if result else NO_CURVE)
            button.set_ready(rule in self._rates_of, why_not)
        for box in (self.low, self.high, self.one):
            box.setEnabled(self._bounds is not None)

    def minimumSizeHint(self) -> QSize:
        widest = max(self._boxes.sizeHint().width(), self._jumps.sizeHint().width())
        return QSize(widest, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the buttons below the fields where both do not fit beside each other."""
        super().resizeEvent(event)
        needed = self._boxes.sizeHint().width() + self._jumps.sizeHint().width() + _BETWEEN
        direction = QBoxLayout.Direction
        self._row.setDirection(
            direction.LeftToRight if needed <= self.width() else direction.TopToBottom
        )

    def _build(self) -> None:
        self._fill_boxes()
        self._fill_jumps()
        self._row.setSpacing(8)
        self._row.addWidget(self._boxes, 1)
        self._row.addWidget(self._jumps, 0, Qt.AlignmentFlag.AlignLeft)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(4)
        outer.addLayout(self._row)
        outer.addWidget(self._problem)

    def _fill_boxes(self) -> None:
        row = QHBoxLayout(self._boxes)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for words, box in ((_FROM, self.low), (_TO, self.high), (_ONE, self.one)):
            label = Text(words, kind="label")
            label.setBuddy(box)
            row.addWidget(label)
            row.addWidget(box)
        row.addStretch(1)

    def _fill_jumps(self) -> None:
        row = QHBoxLayout(self._jumps)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(Text(_JUMP, kind="label"))
        for button in self.jumps.values():
            row.addWidget(button)
        key = Text(_KEY)
        key.setProperty("keycap", True)
        key.setToolTip(_KEY_TIP)
        row.addWidget(key, 0, Qt.AlignmentFlag.AlignVCenter)

    def _connect(self) -> None:
        self.low.typed.connect(self._on_low_typed)
        self.high.typed.connect(self._on_high_typed)
        self.one.typed.connect(self._on_one_typed)
        for rule, button in self.jumps.items():
            # In the window's thread, as a click is.
            button.clicked.connect(partial(self._jump, rule))
        self._theme.changed.connect(self._dress)

    def _jump(self, rule: RateRule) -> None:
        self.jump_wanted.emit(self._rates_of[rule])

    @Slot()
    def _on_low_typed(self) -> None:
        self._take_range(self.low)

    @Slot()
    def _on_high_typed(self) -> None:
        self._take_range(self.high)

    @Slot()
    def _on_one_typed(self) -> None:
        if not self.one.text():
            # Nothing is left of the one rate, so the range beside it holds again.
            self._take_range(self.one)
            return
        self._take(self.one, (self.one,))

    def _take_range(self, typed: RateBox) -> None:
        self._take(typed, (self.low, self.high))

    def _take(self, typed: RateBox, boxes: tuple[RateBox, ...]) -> None:
        """Tell the rates of these fields, or why they are none."""
        if typed in boxes and not typed.text():
            typed.setPlaceholderText("")
        try:
            rates = tuple(self._rate_in(box) for box in boxes)
        except InputError as error:
            self._tell_problem(typed, str(error))
            return
        if rates[0] > rates[-1]:
            self._tell_problem(typed, _TURNED)
            return
        self.show_rates(rates, but=typed if typed in boxes else None)
        self.typed.emit(rates)

    def _rate_in(self, box: RateBox) -> float:
        rate = box.rate()
        if self._bounds is not None and not self._bounds[0] <= rate <= self._bounds[1]:
            raise InputError(outside_words(self._bounds))
        return rate

    def _range_beside(self, rate: float) -> Rates:
        """Return the range that the fields hold now, else one that ends at the rate."""
        try:
            return self.low.rate(), self.high.rate()
        except InputError:
            low = rate / _USUAL_SPAN
            return max(low, self._bounds[0]) if self._bounds else low, rate

    def _tell_problem(self, box: RateBox | None, problem: str) -> None:
        for other in (self.low, self.high, self.one):
            other.show_problem(problem if other is box else "")
        self._problem.show_problem(problem)
        self.problem_changed.emit()

    @Slot()
    def _dress(self) -> None:
        for rule, button in self.jumps.items():
            button.setIcon(mark_icon(self._theme, rule))
