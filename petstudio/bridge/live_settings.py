"""The settings as the window changes them: saved at once, and a failure is said once."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QObject, Signal

from petstudio.api.errors import MachineError
from petstudio.api.language import tr
from petstudio.config.settings import Settings, SettingsFile

logger = logging.getLogger(__name__)


class LiveSettings(QObject):
    changed = Signal()
    failed = Signal(str)
    """Why they were not saved; they hold until the program ends."""

    def __init__(self, file: SettingsFile, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._file = file

    @property
    def values(self) -> Settings:
        return self._file.values

    @property
    def problem(self) -> str:
        """Why these are not the settings of last time; empty if they are."""
        return self._file.problem

    def change(self, **fields: Any) -> None:
        """Take over some values and save all.

        Raises:
            OptionError: one of the values cannot be.
        """
        self.save(replace(self.values, **fields))

    def save(self, values: Settings) -> None:
        if values == self.values:
            return
        try:
            self._file.save(values)
        except MachineError as error:
            logger.warning("The settings were not saved: %s", error)
            self.failed.emit(tr("The settings were not saved. {error}", error=error))
        self.changed.emit()
