"""The plugins that were found, what the user wants of them, and what can be done about them."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto

from PySide6.QtCore import QObject, Signal, Slot

from petstudio.api.contributions import Contribution
from petstudio.api.control import RunControl
from petstudio.bridge.live_settings import LiveSettings
from petstudio.bridge.task import BackgroundCall, Question
from petstudio.plugin_host.host import PluginHost
from petstudio.plugin_host.kinds import Kind
from petstudio.plugin_host.records import Origin, PluginRecord, PluginState
from petstudio.plugin_host.skeletons import write_skeleton


class Standing(Enum):
    """How a plugin stands, with what was changed since the start of the program."""

    WORKING = auto()
    TROUBLED = auto()  # it works, but failed when it was used
    FAILED = auto()
    OFF = auto()
    OFF_NEXT_TIME = auto()
    ON_NEXT_TIME = auto()
    OFF_IN_SAFE_MODE = auto()
    HIDDEN = auto()


@dataclass(frozen=True, kw_only=True)
class PluginRow:
    """One plugin; `is_wanted` says whether it is switched on for the next start."""

    record: PluginRecord
    standing: Standing
    is_wanted: bool

    @property
    def has_failed(self) -> bool:
        return self.standing in (Standing.FAILED, Standing.TROUBLED)


class PluginShelf(QObject):
    """Code of plugins runs in the background; `changed` comes when rows may be others."""

    changed = Signal()
    tried = Signal(object)
    """The PluginRow of the plugin that was tried again."""
    written = Signal(object)
    """The Path of a new plugin, which has been loaded as well."""
    failed = Signal(object)
    """The PetStudioError."""

    def __init__(
        self, host: PluginHost, settings: LiveSettings, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.host = host
        self._settings = settings
        self._call = BackgroundCall(self)
        self._is_asking = False
        self._answered: Callable[[object], None] = self._ignore
        self._waiting: deque[tuple[Question, Callable[[object], None]]] = deque()
        self._call.done.connect(self._on_done)
        self._call.failed.connect(self._on_failed)

    @property
    def is_busy(self) -> bool:
        return self._is_asking

    def rows(self) -> tuple[PluginRow, ...]:
        """Return all plugins: those that failed first, those of the program last."""
        rows = [self._row(record) for record in self.host.records]
        return tuple(sorted(rows, key=_place))

    def contributions(self, row: PluginRow) -> tuple[Contribution, ...]:
        hidden = row.standing is Standing.HIDDEN
        return () if hidden else self.host.contributions_of(row.record.name)

    def set_wanted(self, name: str, wanted: bool) -> None:
        """Keep in the settings whether a plugin is loaded; it holds from the next start on."""
        others = tuple(off for off in self._settings.values.plugins_off if off != name)
        self._settings.change(plugins_off=others if wanted else (*others, name))
        self.changed.emit()

    def try_again(self, name: str) -> None:
        """Load a plugin that failed once more; `tried` says what came of it."""
        self._ask(lambda _control: self.host.try_again(name), self._tell_tried)

    def write_new(self, kind: Kind, name: str) -> None:
        """Write a skeleton into the user's folder and load it; `written` or `failed` follows."""

        def write(_control: RunControl) -> object:
            file = write_skeleton(self.host, kind, name)
            self.host.take_new()
            return file

        self._ask(write, self.written.emit)

    def look_for_new(self) -> None:
        """Load what was put into the user's folder since the start."""
        self._ask(lambda _control: self.host.take_new(), self._ignore)

    def shutdown(self) -> None:
        self._waiting.clear()
        self._call.shutdown()

    def _row(self, record: PluginRecord) -> PluginRow:
        is_wanted = record.name not in self._settings.values.plugins_off
        standing = _standing(record, is_wanted=is_wanted, is_safe=self.host.is_in_safe_mode)
        return PluginRow(record=record, standing=standing, is_wanted=is_wanted)

    def _ask(self, question: Question, answered: Callable[[object], None]) -> None:
        # One after the other: a newer question must not take the place of one that writes.
        self._waiting.append((question, answered))
        if not self._is_asking:
            self._ask_next()
            self.changed.emit()

    def _ask_next(self) -> None:
        self._is_asking = bool(self._waiting)
        if self._is_asking:
            question, self._answered = self._waiting.popleft()
            self._call.start(question)

    def _tell_tried(self, record: object) -> None:
        assert isinstance(record, PluginRecord)
        self.tried.emit(self._row(record))

    def _ignore(self, _answer: object) -> None:
        """Nobody waits for this answer."""

    @Slot(object)
    def _on_done(self, answer: object) -> None:
        answered = self._answered
        self._ask_next()
        self.changed.emit()
        answered(answer)

    @Slot(object)
    def _on_failed(self, error: object) -> None:
        self._ask_next()
        self.changed.emit()
        self.failed.emit(error)


def _place(row: PluginRow) -> tuple[bool, bool]:
    return not row.has_failed, row.record.origin is Origin.BUNDLED


def _standing(record: PluginRecord, *, is_wanted: bool, is_safe: bool) -> Standing:
    if record.state is PluginState.HIDDEN:
        return Standing.HIDDEN
    if record.state is PluginState.DISABLED:
        if not is_wanted:
            return Standing.OFF
        return Standing.OFF_IN_SAFE_MODE if is_safe else Standing.ON_NEXT_TIME
    if not is_wanted:
        return Standing.OFF_NEXT_TIME
    if record.state is PluginState.FAILED:
        return Standing.FAILED
    return Standing.TROUBLED if record.failures else Standing.WORKING
