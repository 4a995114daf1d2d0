"""One plugin: what it is, how it stands, a switch; below, what went wrong."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRect, QSize, Qt, Signal, Slot
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from petstudio.api.language import tr
from petstudio.bridge.plugin_shelf import PluginRow, Standing
from petstudio.project.names import shown_text
from petstudio.ui.theme import Theme
from petstudio.ui.widgets import plugin_words as words
from petstudio.ui.widgets.button import Button
from petstudio.ui.widgets.chip import Chip
from petstudio.ui.widgets.divider import Divider
from petstudio.ui.widgets.switch import Switch
from petstudio.ui.widgets.text import ElidedText, Text, plain_tip, restyle

_HEIGHT: Final = 64
_MARK: Final = 40
_ICON: Final = 18
_MOST_CHIPS: Final = 3
_STEPS: Final = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
_ON: Final = ("accent_soft", "accent_text")  # ground and ink of the mark
_LOOKS: Final = {
    Standing.FAILED: ("err_soft", "err"),
    Standing.OFF: ("hover", "text2"),
    Standing.OFF_IN_SAFE_MODE: ("hover", "text2"),
    Standing.ON_NEXT_TIME: ("hover", "text2"),
    Standing.HIDDEN: ("hover", "text2"),
}


class PluginCard(QFrame):
    """Focus chooses it; what its buttons ask for is a signal with the row."""

    chosen = Signal(object)
    switched = Signal(object, bool)
    details_wanted = Signal(object)
    report_wanted = Signal(object)
    again_wanted = Signal(object)
    stepped = Signal(int)
    """An arrow key asks for the next card, or with -1 for the one before."""

    def __init__(self, theme: Theme, row: PluginRow) -> None:
        super().__init__()
        name = f"plugins.{row.record.name}"
        self.row = row
        self._theme = theme
        self._is_chosen = False
        self._mark = _KindMark(theme)
        self._title = ElidedText(kind="strong")
        self._version = Text(kind="small", tone="text3")
        self._summary = ElidedText(tone="text2")
        self._kinds = QHBoxLayout()
        self._state = Chip(theme)
        self.switch = Switch(theme, name=f"{name}.switch")
        self._trouble = _Trouble(theme, name)
        self.setObjectName(name)
        self.setProperty("card", True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._build()
        self.switch.clicked.connect(self._tell_switched)
        self._trouble.details.clicked.connect(lambda: self.details_wanted.emit(self.row))
        self._trouble.report.clicked.connect(lambda: self.report_wanted.emit(self.row))
        self._trouble.again.clicked.connect(lambda: self.again_wanted.emit(self.row))
        self._show()

    def show_row(self, row: PluginRow, *, is_busy: bool = False) -> None:
        """Show how the plugin stands now; while it stands as before, only what `is_busy` says."""
        if row != self.row:
            self.row = row
            self._show()
        self._trouble.show_busy(is_busy)

    def show_chosen(self, is_chosen: bool) -> None:
        """Mark the card as the one that the inspector shows."""
        self._is_chosen = is_chosen
        self._show_edge()

    def _show(self) -> None:
        row, record = self.row, self.row.record
        text, kind, icon = words.state_of(row)
        self._title.set_full_text(words.title_of(record))
        self._version.setText(words.version_of(record))
        self._summary.set_full_text(shown_text(record.summary))
        self._state.show_state(text, kind=kind, icon=icon)
        self._mark.show_row(row)
        self._show_kinds()
        self._show_switch()
        self._trouble.show_row(row)
        self.setAccessibleName(f"{words.title_of(record)}, {text}")
        self.setAccessibleDescription(shown_text(record.summary))
        self._show_edge()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.chosen.emit(self.row)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _STEPS.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
        else:
            self.stepped.emit(step)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        event.accept()

    def _build(self) -> None:
        outer = QVBoxLayout(self)
        outer.setContentsMargins(14, 0, 14, 0)
        outer.setSpacing(0)
        outer.addWidget(self._build_head())
        outer.addWidget(self._trouble)

    def _build_head(self) -> QWidget:
        names = QHBoxLayout()
        names.setSpacing(8)
        names.addWidget(self._title)
        names.addWidget(self._version, 1)
        column = QVBoxLayout()
        column.setSpacing(2)
        column.addStretch(1)
        column.addLayout(names)
        column.addWidget(self._summary)
        column.addStretch(1)
        head = QWidget()
        head.setMinimumHeight(_HEIGHT - 2)  # less the frame
        row = QHBoxLayout(head)
        row.setContentsMargins(0, 6, 0, 6)
        row.setSpacing(12)
        self._kinds.setSpacing(6)
        row.addWidget(self._mark)
        row.addLayout(column, 1)
        row.addLayout(self._kinds)
        row.addWidget(self._state)
        row.addWidget(self.switch)
        return head

    def _show_kinds(self) -> None:
        while (item := self._kinds.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        kinds = [words.KIND_CHIPS[kind] for kind in self.row.record.kinds]
        shown = kinds if len(kinds) <= _MOST_CHIPS else [tr("{count} kinds", count=len(kinds))]
        for kind in shown:
            chip = Chip(self._theme, kind)
            chip.setToolTip(plain_tip(", ".join(self.row.record.contributions)))
            self._kinds.addWidget(chip)

    def _show_switch(self) -> None:
        is_hidden = self.row.standing is Standing.HIDDEN
        self.switch.setVisible(not is_hidden)
        self.switch.setChecked(self.row.is_wanted)
        self.switch.setAccessibleName(
            tr("{name} is switched on", name=words.title_of(self.row.record))
        )
        self.switch.setToolTip(tr("Switch off") if self.row.is_wanted else tr("Switch on"))

    def _show_edge(self) -> None:
        edge = "failed" if self.row.standing is Standing.FAILED else ""
        edge = "chosen" if self._is_chosen else edge
        if self.property("plugin") != edge:
            self.setProperty("plugin", edge)
            restyle(self)

    @Slot(bool)
    def _tell_switched(self, is_on: bool) -> None:
        self.switched.emit(self.row, is_on)


class _KindMark(QWidget):
    """The icon of what the plugin adds, on a soft ground."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._icon = words.UNKNOWN_ICON
        self._look = _ON
        self.setFixedSize(_MARK, _MARK)
        theme.changed.connect(self.update)

    def show_row(self, row: PluginRow) -> None:
        kinds = row.record.kinds
        self._icon = words.KIND_ICONS[kinds[0]] if len(kinds) == 1 else words.UNKNOWN_ICON
        self._look = _LOOKS.get(row.standing, _ON)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        ground, ink = self._look
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.color(ground))
        painter.drawRoundedRect(self.rect(), 8, 8)
        place = QRect(0, 0, _ICON, _ICON)
        place.moveCenter(self.rect().center())
        self._theme.icon(self._icon, ink).paint(painter, place)
        painter.end()


class _Trouble(QWidget):
    """Why it failed, and the three things that can be done; hidden while all is well."""

    def __init__(self, theme: Theme, name: str) -> None:
        super().__init__()
        self._theme = theme
        self._token = "err"
        self._icon = QLabel()
        self._reason = Text(wraps=True)
        self._reason.setObjectName(f"{name}.reason")
        self.details = Button(theme, words.DETAILS, kind="link", small=True, name=f"{name}.details")
        self.report = Button(
            theme, words.COPY_REPORT, icon="copy", small=True, name=f"{name}.report"
        )
        self.again = Button(theme, words.TRY_AGAIN, small=True, name=f"{name}.again")
        row = QHBoxLayout()
        row.setContentsMargins(0, 8, 0, 10)
        row.setSpacing(8)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self._reason, 1)
        for button in (self.details, self.report, self.again):
            row.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(Divider())
        column.addLayout(row)
        theme.changed.connect(self._draw_icon)

    def show_row(self, row: PluginRow) -> None:
        reason = words.reason_of(row)
        self._token = "err" if row.standing is Standing.FAILED else "warn"
        self._reason.setText(reason)
        self.details.setVisible(bool(row.record.traceback))
        self.report.setVisible(row.has_failed)
        self.again.setVisible(row.has_failed)
        self.setVisible(bool(reason))
        self._draw_icon()

    def show_busy(self, is_busy: bool) -> None:
        self.again.set_ready(not is_busy, words.TRYING)

    @Slot()
    def _draw_icon(self) -> None:
        self._icon.setPixmap(self._theme.icon("warning-fill", self._token).pixmap(QSize(16, 16)))
