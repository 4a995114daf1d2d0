"""Tells the window's plugin host how plugins failed in the engine process, which has its own."""

from __future__ import annotations

from PySide6.QtCore import QObject, Slot

from petstudio.api.events import Event, NoticeGiven, RunFinished
from petstudio.bridge.runner import JobRunner
from petstudio.plugin_host.host import PluginHost


class PluginNews(QObject):
    def __init__(self, host: PluginHost, runner: JobRunner, parent: QObject) -> None:
        super().__init__(parent)
        self._host = host
        runner.events_arrived.connect(self._read)

    @Slot(object)
    def _read(self, events: tuple[Event, ...]) -> None:
        for event in events:
            if isinstance(event, RunFinished | NoticeGiven) and event.plugin:
                self._host.learn_of_failure(event.plugin, event.message, event.details)
