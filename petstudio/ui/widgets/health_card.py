"""What is not as it should be, found while one goes on working."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QProgressBar, QScrollArea, QVBoxLayout, QWidget

from petstudio.api.language import counted, tr, within
from petstudio.bridge.health_check import HealthCheck
from petstudio.images.listing import LeftOut
from petstudio.jobs.health import Finding, FindingKind
from petstudio.ui.theme import Theme
from petstudio.ui.widgets import health_words as words
from petstudio.ui.widgets.button import Button
from petstudio.ui.widgets.card import Card
from petstudio.ui.widgets.file_list import FileList
from petstudio.ui.widgets.finding_row import FindingRow
from petstudio.ui.widgets.text import Text

_TITLE: Final = tr("Health")
_LEFT_OUT: Final = tr("Left out, not pictures")
_NEW: Final = tr("New in the folder")
_ADD: Final = tr("Add")
_MISSING: Final = tr("Named but not there")
_ROOM: Final = 118


class HealthCard(Card):
    """One line for each finding; those without a finding share the last line."""

    finding_wanted = Signal(object)
    """The Finding to look at."""
    add_wanted = Signal()
    """The pictures that have come into the folder shall come into the project."""

    def __init__(self, theme: Theme, check: HealthCheck) -> None:
        super().__init__(_TITLE, hint=" ", name="data.health.card")
        self._theme = theme
        self._check = check
        self._noted: Sequence[LeftOut] = ()
        self._left_out: Sequence[LeftOut] = ()
        self._missing: Sequence[LeftOut] = ()
        self._rows = {
            kind: FindingRow(theme, title, name=kind.name.lower(), always=_is_first(kind))
            for kind, title in words.FINDINGS.items()
        }
        self._left_out_row = FindingRow(theme, _LEFT_OUT, name="left_out")
        self._missing_row = FindingRow(theme, _MISSING, name="missing")
        self._new_row = FindingRow(theme, _NEW, name="new", act=_ADD)
        self._rest = Text(kind="small", tone="text3", wraps=True)
        self._bar = QProgressBar()
        self.stop = Button(theme, tr("Stop"), kind="link", small=True, name="data.health.stop")
        self.go_on = Button(theme, tr("Check"), kind="link", small=True, name="data.health.check")
        self._build()
        self._connect()
        self._show_check()

    def show_files(
        self,
        *,
        unreadable: Sequence[LeftOut],
        left_out: Sequence[LeftOut],
        missing: Sequence[LeftOut],
    ) -> None:
        """Show what the listing and the project say; the rest comes from the check."""
        self._noted, self._left_out, self._missing = unreadable, left_out, missing
        self._left_out_row.show_count(len(left_out))
        self._missing_row.show_count(len(missing))
        self._show_check()

    def _build(self) -> None:
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(tr("Pictures checked"))
        self.hint.setObjectName("data.health.state")
        self.add_action(self.stop)
        self.add_action(self.go_on)
        inner = QWidget()
        rows = QVBoxLayout(inner)
        rows.setContentsMargins(0, 0, 6, 0)
        rows.setSpacing(2)
        for row in (
            self._new_row,
            *self._rows.values(),
            self._left_out_row,
            self._missing_row,
            self._rest,
        ):
            rows.addWidget(row)
        rows.addStretch(1)
        scroll = QScrollArea()
        scroll.setObjectName("data.health.rows")
        scroll.viewport().setAutoFillBackground(False)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setMinimumHeight(_ROOM)
        scroll.setWidget(inner)
        inner.setAutoFillBackground(False)
        self.body.addWidget(self._bar)
        self.body.addWidget(scroll, 1)

    def _connect(self) -> None:
        self._check.changed.connect(self._show_check)
        self.stop.clicked.connect(self._check.stop)
        self.go_on.clicked.connect(self._check.go_on)
        self._new_row.see_wanted.connect(self.add_wanted)
        self._left_out_row.see_wanted.connect(self._list_left_out)
        self._missing_row.see_wanted.connect(self._list_missing)
        for row in self._rows.values():
            row.see_wanted.connect(self._see)

    @Slot()
    def _show_check(self) -> None:
        check = self._check
        self.stop.setVisible(check.is_running)
        self.go_on.setVisible(check.is_waiting)
        self._bar.setVisible(check.is_running)
        self._bar.setRange(0, max(1, check.total))
        self._bar.setValue(check.done)
        self.hint.set_full_text(_state(check))
        self._new_row.show_count(check.new or None)
        findings = check.health.findings if check.health else ()
        for row in self._rows.values():
            row.show_count(None)
        for finding in findings:
            self._show_finding(finding)
        if self._noted and not findings:
            self._rows[FindingKind.UNREADABLE].show_count(len(self._noted))
        fine = [
            within(words.FINDINGS[finding.kind])
            for finding in findings
            if not finding.groups and not _is_first(finding.kind)
        ]
        self._rest.setText(
            tr("Looked for and not found: {what}.", what=", ".join(fine)) if fine else ""
        )
        self._rest.setVisible(bool(fine))

    def _show_finding(self, finding: Finding) -> None:
        count = len(finding.groups)
        if finding.kind is FindingKind.UNREADABLE:
            count += len(self._noted)
        text = words.count_words(finding.kind, count) if count else ""
        self._rows[finding.kind].show_count(count, text)

    @Slot()
    def _see(self) -> None:
        kind = next(kind for kind, row in self._rows.items() if row is self.sender())
        findings = self._check.health.findings if self._check.health else ()
        finding = next((one for one in findings if one.kind is kind), Finding(kind=kind))
        if kind is FindingKind.UNREADABLE:
            found = [
                LeftOut(path=one.name, why=one.why) for group in finding.groups for one in group
            ]
            self._list(words.FINDINGS[kind], [*self._noted, *found])
        else:
            self.finding_wanted.emit(finding)

    @Slot()
    def _list_left_out(self) -> None:
        self._list(_LEFT_OUT, self._left_out)

    @Slot()
    def _list_missing(self) -> None:
        self._list(_MISSING, self._missing)

    def _list(self, title: str, files: Sequence[LeftOut]) -> None:
        FileList(self._theme, title, files, self.window()).open()


def _is_first(kind: FindingKind) -> bool:
    return kind is FindingKind.UNREADABLE


def _state(check: HealthCheck) -> str:
    if check.problem:
        return check.problem
    share = f"{100 * check.done // max(1, check.total)} %"
    if check.is_running:
        return tr("checking, {share}", share=share)
    if check.is_waiting:
        return tr("stopped at {share}", share=share) if check.done else tr("not checked yet")
    return (
        counted(check.total, "{count:,} picture checked", "{count:,} pictures checked")
        if check.health
        else ""
    )
