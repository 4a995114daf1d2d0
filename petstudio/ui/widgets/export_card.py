"""Exporting the model: in which format, and whether the export answers as the program does."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Final

from PySide6.QtCore import QSize, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel

from petstudio.api.events import ExportFinished
from petstudio.api.language import tr
from petstudio.project.names import shown_text
from petstudio.ui.theme import Theme
from petstudio.ui.widgets.button import Button
from petstudio.ui.widgets.card import Card
from petstudio.ui.widgets.choice_box import ChoiceBox
from petstudio.ui.widgets.progress_button import ProgressButton
from petstudio.ui.widgets.text import Text

_TITLE: Final = tr("Export model")
_FORMAT: Final = tr("Format")
_EXPORT: Final = tr("Export…")
_AGAIN: Final = tr("Export again…")
_FOLDER: Final = tr("Open folder")
_SCRIPT: Final = tr("Script")
_SCRIPT_TIP: Final = tr("Show the script that predicts with it without PetStudio")
_DETAILS: Final = tr("Details")
_MATCHES: Final = tr("Matches the app")
_ICON: Final = 16


class ExportCard(Card):
    """Shows what came of the last export."""

    export_wanted = Signal()
    folder_wanted = Signal(object)
    """The Path of the folder to be opened."""
    script_wanted = Signal(object)
    """The Path of the script to be shown."""
    details_wanted = Signal(str)
    """What to say about an export that does not match."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(_TITLE, name="predict.export_card")
        self._theme = theme
        self._done: ExportFinished | None = None
        self._problem = ""
        self._ready = (False, "")
        self._format = ChoiceBox()
        self._icon = QLabel()
        self._verdict = Text(kind="strong", wraps=True)
        self._count = Text(kind="small", tone="text2")
        self._words = Text(kind="small", tone="text2", wraps=True)
        self._folder = Button(theme, _FOLDER, small=True, name="predict.export.folder")
        self._script = Button(theme, _SCRIPT, small=True, icon="code", name="predict.export.script")
        self._details = Button(theme, _DETAILS, small=True, name="predict.export.details")
        self._export = ProgressButton(theme, _EXPORT, kind="secondary", name="predict.export")
        self._build()
        self._connect()
        self.show_offer("")

    @property
    def format(self) -> str:
        """The key of the chosen format."""
        return self._format.key

    def show_formats(self, formats: Iterable[tuple[str, str]]) -> None:
        """Offer these keys with their labels."""
        self._format.show_choices(formats)

    def set_ready(self, is_ready: bool, why_not: str) -> None:
        self._ready = (is_ready, why_not)
        if not self._export.words:
            self._export.set_ready(is_ready, why_not)

    def show_offer(self, words: str) -> None:
        """Say what an export would be; the result of an earlier one is forgotten."""
        self._done, self._problem = None, ""
        self._words.setText(words)
        self._export.setText(_EXPORT)
        self._show()

    def show_progress(self, words: str, share: float) -> None:
        self._export.show_progress(words, share)

    def show_done(self, done: ExportFinished) -> None:
        """Say whether the export matches."""
        self._done, self._problem = done, ""
        self._words.setText(_done_words(done))
        self._show()

    def show_problem(self, problem: str) -> None:
        """Say why there is no export."""
        self._done, self._problem = None, problem
        self._words.setText("")
        self._show()

    def end_progress(self) -> None:
        self._export.end_progress()
        self._export.set_ready(*self._ready)
        self._export.setText(_AGAIN if self._done or self._problem else _EXPORT)

    def _build(self) -> None:
        self._format.setObjectName("predict.export.format")
        self._format.setAccessibleName(_FORMAT)
        self.add_action(self._format)
        verdict = QHBoxLayout()
        verdict.setSpacing(8)
        verdict.addWidget(self._icon)
        verdict.addWidget(self._verdict, 1)
        verdict.addWidget(self._count)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        for button in (self._folder, self._script, self._details):
            buttons.addWidget(button)
        buttons.addStretch(1)
        self._export.setProperty("small", True)
        buttons.addWidget(self._export)
        self._script.setToolTip(_SCRIPT_TIP)
        self.body.addLayout(verdict)
        self.body.addWidget(self._words)
        self.body.addLayout(buttons)

    def _connect(self) -> None:
        self._export.clicked.connect(self.export_wanted)
        self._folder.clicked.connect(self._open_folder)
        self._script.clicked.connect(self._show_script)
        self._details.clicked.connect(self._show_details)
        self._theme.changed.connect(self._draw_icon)

    def _show(self) -> None:
        done = self._done
        matches = done is not None and done.matches
        self._verdict.setText(self._problem or (_verdict(done) if done else ""))
        self._verdict.set_tone("ok" if matches else "err")
        self._count.setText(
            tr("{agreeing:,} of {pictures:,} same", agreeing=done.agreeing, pictures=done.pictures)
            if done
            else ""
        )
        for widget in (self._icon, self._verdict):
            widget.setVisible(bool(done or self._problem))
        self._count.setVisible(done is not None)
        self._words.setVisible(bool(self._words.text()))
        self._folder.setVisible(done is not None)
        self._script.setVisible(done is not None and matches and bool(done.script))
        self._details.setVisible(done is not None and not matches)
        self._draw_icon()

    @Slot()
    def _draw_icon(self) -> None:
        matches = self._done is not None and self._done.matches
        name, tone = ("shield-check", "ok") if matches else ("shield-warning", "err")
        self._icon.setPixmap(self._theme.icon(name, tone).pixmap(QSize(_ICON, _ICON)))

    @Slot()
    def _open_folder(self) -> None:
        if self._done is not None:
            self.folder_wanted.emit(Path(self._done.path).parent)

    @Slot()
    def _show_script(self) -> None:
        if self._done is not None:
            self.script_wanted.emit(Path(self._done.script))

    @Slot()
    def _show_details(self) -> None:
        if self._done is not None:
            self.details_wanted.emit(_details(self._done))


def _verdict(done: ExportFinished) -> str:
    if done.matches:
        return _MATCHES
    return tr(
        "Does not match, largest difference {difference:.2g}",
        difference=done.largest_difference,
    )


def _done_words(done: ExportFinished) -> str:
    name = shown_text(Path(done.path).name)
    if not done.matches:
        return tr("{name} is kept, but its answers are not those of the app.", name=name)
    return tr(
        "{name}: {pictures:,} pictures compared, largest difference "
        "{difference:.0e}. Class names and preprocessing are inside.",
        name=name,
        pictures=done.pictures,
        difference=done.largest_difference,
    )


def _details(done: ExportFinished) -> str:
    return "\n".join(
        (
            tr("File: {file}", file=shown_text(done.path)),
            tr("Format: {format}, of run {run}", format=done.format, run=done.run),
            tr("Pictures compared: {pictures:,}", pictures=done.pictures),
            tr("Same most probable class: {agreeing:,}", agreeing=done.agreeing),
            tr(
                "Largest difference of a probability: {difference:.6g}",
                difference=done.largest_difference,
            ),
            tr("Allowed: {tolerance:g}", tolerance=done.tolerance),
            tr("The figures are kept in {file}", file=shown_text(done.check)),
        )
    )
