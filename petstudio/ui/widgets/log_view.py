"""The log of a run: time and one line for each event of note."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Slot
from PySide6.QtGui import QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit

from petstudio.api.language import tr
from petstudio.bridge.run_log import LONGEST_LOG, LogLine, LogTone, RunLog
from petstudio.ui.theme import Theme

_TOKENS: Final = {LogTone.PLAIN: "text2", LogTone.WARNING: "warn", LogTone.ERROR: "err"}


class LogView(QPlainTextEdit):
    """Stays at the end unless the user has scrolled up to read."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._log: RunLog | None = None
        self._written = 0
        self.setObjectName("training.log")
        self.setAccessibleName(tr("Log of the run"))
        self.setReadOnly(True)
        self.setUndoRedoEnabled(False)
        self.setMaximumBlockCount(LONGEST_LOG)
        self.setPlaceholderText(tr("Nothing has happened yet."))
        theme.changed.connect(self._draw_again)

    def show_log(self, log: RunLog | None) -> None:
        """Show another log from its beginning."""
        self._log = log
        self._draw_again()

    def refresh(self) -> None:
        """Append what was written since the last time."""
        if self._log is None:
            return
        bar = self.verticalScrollBar()
        is_at_end = bar.value() == bar.maximum()
        for line in self._log.lines_after(self._written):
            self._append(line)
        self._written = self._log.written
        if is_at_end:
            bar.setValue(bar.maximum())

    def _append(self, line: LogLine) -> None:
        cursor = QTextCursor(self.document())
        cursor.movePosition(QTextCursor.MoveOperation.End)
        if not self.document().isEmpty():
            cursor.insertBlock()
        cursor.insertText(f"{line.when:%H:%M:%S}  ", self._format("text3"))
        cursor.insertText(line.text, self._format(_TOKENS[line.tone]))

    def _format(self, token: str) -> QTextCharFormat:
        made = QTextCharFormat()
        made.setForeground(self._theme.color(token))
        return made

    @Slot()
    def _draw_again(self) -> None:
        self.clear()
        self._written = 0
        self.refresh()
