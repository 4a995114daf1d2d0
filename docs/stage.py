"""A window that is brought into a state, to be looked at by people and by tests."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Final, TypeVar

from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QLineEdit, QPushButton, QWidget
from taking import wait

from petstudio.bridge.runner import JobState
from petstudio.ui.desk import Desk
from petstudio.ui.page import Page, PageKey

W = TypeVar("W", bound=QWidget)
_PATIENCE_S: Final = 40.0


class Stage:
    """Finds, presses and waits; `settle_ms` is how long it lets the window draw what has come."""

    def __init__(self, desk: Desk, *, settle_ms: int) -> None:
        self.desk = desk
        self._settle_ms = settle_ms

    @property
    def window(self) -> QWidget:
        """The program's window."""
        return self.desk.window

    def open(self, key: PageKey) -> Page:
        """Show a page with nothing over it."""
        for over in (QApplication.activeModalWidget(), *self.desk.window.findChildren(QDialog)):
            if over is not None:
                over.close()
        self.desk.window.show_page(key)
        return self.desk.window.page(key)

    def empty(self, key: PageKey) -> QWidget:
        """Show a page without a project; return the window."""
        self.open(key)
        self.desk.session.close()
        self.settle()
        return self.window

    def open_project(self, project: Path) -> None:
        """Open a project as it is stored now, and wait until it is in sight."""
        session, before = self.desk.session, self.desk.session.view
        session.open(project)
        self.wait(lambda: session.path == project and session.view is not before)

    def find(self, kind: type[W], name: str) -> W:
        """Return a part of the window or of what is over it."""
        found = self.desk.window.findChild(kind, name)
        assert isinstance(found, kind), name
        return found

    def press(self, name: str) -> None:
        """Press a button that can be pressed."""
        button = self.find(QPushButton, name)
        assert button.isEnabled(), f"{name}: {button.toolTip()}"
        button.click()

    def answer_path(self, path: Path) -> None:
        """Say where, once that is asked for."""
        self.wait(lambda: self.desk.window.findChild(QFileDialog) is not None)
        dialog = self.find(QFileDialog, "question.path")
        line = dialog.findChild(QLineEdit)
        assert isinstance(line, QLineEdit)
        line.setText(str(path))
        dialog.accept()

    def dialog(self, name: str) -> QDialog:
        """Wait for a dialog and return it."""
        self.wait(lambda: self.desk.window.findChild(QDialog, name) is not None)
        return self.find(QDialog, name)

    def wait(self, until: Callable[[], bool]) -> None:
        """Let the window live until something is so, which must not take for ever."""
        end = time.monotonic() + _PATIENCE_S
        wait(lambda: until() or time.monotonic() > end, settle_ms=0)
        assert until()

    def wait_for_job(self) -> None:
        """Let the window live until the job that was just started has ended."""
        self.wait(lambda: self.desk.runner.state is not JobState.IDLE)
        self.wait(lambda: self.desk.runner.state is JobState.IDLE)

    def settle(self) -> None:
        """Let the window draw what has come."""
        wait(lambda: True, settle_ms=self._settle_ms)
