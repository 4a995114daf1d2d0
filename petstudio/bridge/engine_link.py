"""The engine process as the window sees it: its states arrive in the window's thread."""

from __future__ import annotations

import logging
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from petstudio.api.control import RunControl
from petstudio.api.errors import PetStudioError
from petstudio.api.events import Emit, RunFinished
from petstudio.bridge.relay import EventRelay
from petstudio.jobs.engine_state import EngineState
from petstudio.jobs.job import Job

if TYPE_CHECKING:
    from petstudio.jobs.warm_engine import WarmEngine

__all__ = ["EngineLink", "EngineState"]

logger = logging.getLogger(__name__)


class EngineLink(QObject):
    """Give `run` to a JobRunner; `start` when the window is painted, `shutdown` at the end."""

    state_changed = Signal(object)
    """The newest EngineState."""

    def __init__(self, parent: QObject | None = None, *, safe_mode: bool = False) -> None:
        super().__init__(parent)
        self._relay = EventRelay(self)
        self._relay.batch_arrived.connect(self._tell)
        self._safe_mode = safe_mode

    @property
    def pid(self) -> int | None:
        """The process that is there now."""
        return self._engine.pid

    def start(self) -> None:
        """Start the process in the background. Where that fails the first job says why."""
        try:
            self._engine.start()
        except PetStudioError as error:
            logger.warning("The engine was not started: %s", error)

    def run(self, job: Job, emit: Emit, control: RunControl) -> RunFinished:
        """Run a job, from the thread of a runner; see `WarmEngine.run`."""
        return self._engine.run(job, emit, control)

    def shutdown(self) -> None:
        """End the process and with it the job that it may still be running."""
        self._engine.close()

    @cached_property
    def _engine(self) -> WarmEngine:
        # First asked for by `start`, after the first paint: it has much to import.
        from petstudio.jobs.warm_engine import WarmEngine

        return WarmEngine(safe_mode=self._safe_mode, on_state=self._relay.post)

    @Slot(object)
    def _tell(self, states: tuple[EngineState, ...]) -> None:
        self.state_changed.emit(states[-1])
