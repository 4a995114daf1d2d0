"""The learning-rate finder: the curve of a sweep, the range chosen on it, what each group gets."""

from __future__ import annotations

from functools import partial
from typing import Final

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from petstudio.api.events import GroupPlan, Outcome, RateRule
from petstudio.api.language import tr
from petstudio.bridge.live_sweep import LiveSweep
from petstudio.bridge.rate_range import Rates, held_within, two_digits
from petstudio.ui.theme import Theme
from petstudio.ui.widgets import finder_words as words
from petstudio.ui.widgets.button import Button
from petstudio.ui.widgets.card import Card
from petstudio.ui.widgets.chip import Chip
from petstudio.ui.widgets.finder_footer import FinderFooter
from petstudio.ui.widgets.finder_form import FinderForm
from petstudio.ui.widgets.finder_plot import FinderPlot
from petstudio.ui.widgets.finder_table import sweep_as_text, sweep_twin
from petstudio.ui.widgets.group_rates_row import GroupRatesRow
from petstudio.ui.widgets.icon_line import IconLine
from petstudio.ui.widgets.plot_menu import PlotMenu
from petstudio.ui.widgets.text import Text, Tone, plain_tip

_SPAN: Final = 100.0  # of the range that is proposed
_APPLY_KEYS: Final = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class FinderCard(Card):
    """Shows a LiveSweep and lets rates be chosen; what comes of them is the page's business."""

    range_changed = Signal(object)
    """A tuple of one or two rates: those proposed, then what the user chooses."""
    apply_wanted = Signal(object)
    """The tuple of rates to write into the stage."""
    run_wanted = Signal()
    stop_wanted = Signal()
    close_wanted = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__(words.TITLE, name="training.finder", is_dense=True)
        self._sweep: LiveSweep | None = None
        self._rates: Rates = ()
        self._wanted: Rates = ()  # what the sweep may have been too short to show
        self._groups: tuple[GroupPlan, ...] = ()
        self._change = ""
        self._is_open = False
        self.badge = Chip(theme)
        self.plot = FinderPlot(theme)
        self.form = FinderForm(theme)
        self.groups = GroupRatesRow(theme)
        self.footer = FinderFooter(theme)
        self.menu = PlotMenu(
            theme, self.plot, name="training.finder.menu", spoken=tr("Menu of the finder")
        )
        self._close = Button(theme, kind="ghost", icon="x", small=True)
        self._doubt = IconLine(theme, name="training.finder.doubt")
        self._group_row = QWidget()
        self._build()
        self._connect()
        self.show_sweep(None)

    @property
    def rates(self) -> Rates:
        """The rates that are chosen; none before there are any."""
        return self._rates

    @property
    def doubt(self) -> str:
        """What is wrong with the curve, empty if nothing is."""
        return self._doubt.text

    def show_sweep(self, sweep: LiveSweep | None) -> None:
        """Show another sweep, or none; the chosen rates stay."""
        self._sweep = sweep
        if sweep is None:
            self.menu.show_content(None, None)
        else:
            self.menu.show_content(partial(sweep_as_text, sweep), partial(sweep_twin, sweep))
        self.plot.show_sweep(sweep)
        self._close_form()
        self.redraw()

    def redraw(self) -> None:
        """Draw the sweep as it is now; choosing begins when it has ended."""
        sweep = self._sweep
        is_ready = sweep is not None and not sweep.is_going and sweep.bounds is not None
        self.plot.redraw()
        self.hint.set_full_text(words.hint(sweep))
        if is_ready and not self._is_open:
            self._open_form()
        self._draw_groups()
        self._draw_badge()
        self._draw_doubt()
        self.footer.show_sweep(sweep)
        self._draw_apply()

    def show_stage(self, index: int, name: str, groups: tuple[GroupPlan, ...]) -> None:
        """Tell which stage (counted from 0) the rates are for; a frozen group has rate 0.

        Without groups, those that the sweep tells of are shown.
        """
        self._groups = groups
        self.footer.show_stage(index, name)
        self._draw_groups()

    def show_freshness(self, change: str) -> None:
        """Say what is no longer as the sweep found it; empty if all is."""
        self._change = change
        self._draw_badge()

    def show_why_not_run(self, why_not: str) -> None:
        """Say why no sweep can begin now; empty if one can."""
        self.footer.show_why_not_run(why_not)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        is_control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if event.key() in _APPLY_KEYS and is_control and self.footer.apply.isEnabled():
            self._apply()
        elif event.key() == Qt.Key.Key_Escape:
            self.close_wanted.emit()
        else:
            super().keyPressEvent(event)

    def _open_form(self) -> None:
        self._is_open = True
        self.form.show_sweep(self._sweep)
        self._show_rates(self._wanted or self._proposal())
        self.range_changed.emit(_as_one(self._rates))

    def _close_form(self) -> None:
        self._is_open = False
        self.form.show_sweep(None)
        if self._wanted:
            self._show_rates(self._wanted)

    def _show_rates(self, rates: Rates) -> None:
        self._wanted = rates
        self._rates = self._within_sweep(rates)
        self.form.show_rates(self._rates)
        if self._is_open:
            self.plot.show_rates(self._rates)
        self._draw_groups()

    def _bounds(self) -> tuple[float, float] | None:
        """Return the rates that were tried, once the sweep has ended."""
        return self._sweep.bounds if self._is_open and self._sweep is not None else None

    def _within_sweep(self, rates: Rates) -> Rates:
        bounds = self._bounds()
        if bounds is None:
            return rates
        return tuple(held_within(rate, bounds) for rate in rates)

    def _proposal(self) -> Rates:
        """Return rates for a stage that has none: up to the valley, else to the highest tried."""
        bounds, sweep = self._bounds(), self._sweep
        if bounds is None or sweep is None:
            return ()
        found = {item.rule: two_digits(item.rate) for item in sweep.suggestions}
        high = found.get(RateRule.VALLEY, bounds[1])
        trained = [group for group in self._shown_groups() if group.rate > 0]
        return (high,) if len(trained) == 1 else (two_digits(high / _SPAN), high)

    def _shown_groups(self) -> tuple[GroupPlan, ...]:
        started = self._sweep.started if self._sweep is not None else None
        return self._groups or (started.groups if started is not None else ())

    def _draw_groups(self) -> None:
        groups = self._shown_groups()
        self.groups.show_groups(groups, self._rates)
        self._group_row.setVisible(bool(groups and self._rates))

    def _draw_badge(self) -> None:
        sweep = self._sweep
        self.badge.setVisible(sweep is not None and (sweep.is_going or self._is_open))
        self.badge.setToolTip(plain_tip(self._change))
        if sweep is None:
            return
        if sweep.is_going:
            self.badge.show_state(words.RUNNING, kind="accent", icon="play-circle-fill")
        elif self._change:
            stale = words.stale_words(self._change)
            self.badge.show_state(stale, kind="warn", icon="warning-fill")
        else:
            self.badge.show_state(words.fresh_words(sweep), kind="ok", icon="check-bold")

    def _draw_doubt(self) -> None:
        finished = self._sweep.finished if self._sweep is not None else None
        is_failed = finished is not None and finished.outcome is Outcome.FAILED
        tone: Tone = "err" if is_failed else "warn"
        self._doubt.say(words.doubts(self._sweep), icon="warning-fill", tone=tone)

    @Slot()
    def _draw_apply(self) -> None:
        is_going = self._sweep is not None and self._sweep.is_going
        closed = words.STILL_RUNNING if is_going else words.NO_CURVE
        self.footer.show_why_not_apply(self.form.problem if self._is_open else closed)

    def _build(self) -> None:
        self._close.setObjectName("training.finder.close")
        self._close.setAccessibleName(words.CLOSE)
        self._close.setToolTip(words.CLOSE)
        for action in (self.badge, self.menu, self._close):
            self.add_action(action)
        row = QHBoxLayout(self._group_row)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addWidget(Text(words.EACH_GROUP, kind="label"))
        row.addWidget(self.groups, 1)
        self.body.addWidget(self.plot, 1)
        for part in (self._doubt, self.form, self._group_row, self.footer):
            self.body.addWidget(part)

    def _connect(self) -> None:
        self.plot.rates_moved.connect(self._on_moved)
        self.plot.view.next_suggestion_wanted.connect(self._jump_to_next)
        self.form.typed.connect(self._on_typed)
        self.form.problem_changed.connect(self._draw_apply)
        self.form.jump_wanted.connect(self.plot.jump)
        self.footer.run_wanted.connect(self.run_wanted)
        self.footer.stop_wanted.connect(self.stop_wanted)
        self.footer.apply_wanted.connect(self._apply)
        self._close.clicked.connect(self.close_wanted)

    @Slot(object)
    def _on_moved(self, rates: Rates) -> None:
        self.form.show_rates(rates)
        self._take(rates)

    @Slot(object)
    def _on_typed(self, rates: Rates) -> None:
        self.plot.show_rates(rates)
        self._take(rates)

    def _take(self, rates: Rates) -> None:
        self._rates = self._wanted = rates
        self._draw_groups()
        self.range_changed.emit(_as_one(rates))

    @Slot()
    def _jump_to_next(self) -> None:
        """Go to the next higher suggestion, after the highest one to the lowest."""
        found = [item.rate for item in self._sweep.suggestions] if self._sweep is not None else []
        if self._is_open and found:
            here = two_digits(10.0**self.plot.handles.active_place)
            self.plot.jump(next((rate for rate in found if two_digits(rate) > here), found[0]))

    @Slot()
    def _apply(self) -> None:
        self.apply_wanted.emit(_as_one(self._rates))


def _as_one(rates: Rates) -> Rates:
    """Return a range without a width as the one rate that it is."""
    return rates[:1] if rates[0] == rates[-1] else rates
