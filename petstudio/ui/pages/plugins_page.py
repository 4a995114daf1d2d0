"""Plugins: what was found, how it stands, what can be set, and how to write one."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices, QGuiApplication, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from petstudio.api.errors import PetStudioError
from petstudio.api.language import tr
from petstudio.bridge.live_settings import LiveSettings
from petstudio.bridge.plugin_shelf import PluginRow, PluginShelf
from petstudio.plugin_host.host import PluginHost
from petstudio.plugin_host.kinds import Kind
from petstudio.plugin_host.skeletons import problem_of
from petstudio.ui.acts import Act
from petstudio.ui.key_map import KeyAction
from petstudio.ui.page import Badge, Page
from petstudio.ui.restarting import NextStart
from petstudio.ui.theme import Theme
from petstudio.ui.widgets import plugin_words as words
from petstudio.ui.widgets.button import Button
from petstudio.ui.widgets.details_dialog import DetailsDialog
from petstudio.ui.widgets.icon_line import IconLine
from petstudio.ui.widgets.new_plugin_question import NewPluginQuestion, SafeModeQuestion
from petstudio.ui.widgets.plugin_details import PluginDetails
from petstudio.ui.widgets.plugin_list import PluginList

_NEW_TIP: Final = tr("Write a small plugin to begin with")


class PluginsPage(Page):
    """Belongs to the program, not to a project."""

    restart_wanted = Signal(object)
    """The NextStart."""

    def __init__(self, theme: Theme, host: PluginHost, settings: LiveSettings) -> None:
        super().__init__(theme, title=tr("Plugins"))
        self._host = host
        self._shelf = PluginShelf(host, settings, self)
        self._name = ""
        self._list = PluginList(theme)
        self._details = PluginDetails(theme)
        self._folder = Button(theme, words.OPEN_FOLDER, icon="folder-open", name="plugins.folder")
        self._new = Button(theme, words.NEW, kind="primary", icon="plus", name="plugins.new")
        self._action = KeyAction(Act.NEW_PLUGIN, self, self._ask_for_new)
        self._promise = IconLine(theme, name="plugins.promise")
        self._safe = Button(theme, words.SAFE_LINK, kind="link", small=True, name="plugins.safe")
        self._build()
        self._connect()
        self._refresh()

    def shutdown(self) -> None:
        self._shelf.shutdown()
        self._list.shutdown()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._refresh()
        self._shelf.look_for_new()

    def _build(self) -> None:
        self.add_header_button(self._folder)
        self.add_header_button(self._new)
        self.body.addWidget(self._list, 1)
        self.body.addWidget(self._build_foot())
        self.set_inspector(self._details)

    def _build_foot(self) -> QWidget:
        is_safe = self._host.is_in_safe_mode
        self._safe.setText(words.LEAVE_SAFE if is_safe else words.SAFE_LINK)
        foot = QWidget()
        row = QHBoxLayout(foot)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addWidget(self._promise, 1)
        row.addWidget(self._safe)
        # In its place: else it is a window for a moment.
        self._promise.say(
            words.IN_SAFE_MODE if is_safe else words.PROMISE, icon="shield-check", tone="text2"
        )
        return foot

    def _connect(self) -> None:
        self._shelf.changed.connect(self._refresh)
        self._shelf.failed.connect(self._show_error)
        self._shelf.tried.connect(self._show_tried)
        self._shelf.written.connect(self._show_written)
        self._shelf.written.connect(self.tip_heeded)
        self._list.chosen.connect(self._choose)
        self._list.switched.connect(self._switch)
        self._list.details_wanted.connect(self._show_details)
        self._list.report_wanted.connect(self._copy_report)
        self._list.again_wanted.connect(self._try_again)
        self._details.copied.connect(partial(self._copy, words.VALUES_COPIED))
        self._safe.clicked.connect(self._ask_for_safe_mode)
        for button in (self._folder, self._list.only_ours.folder):
            button.clicked.connect(self._open_folder)
        for button in (self._new, self._list.only_ours.new):
            button.clicked.connect(self._ask_for_new)
        self._action.changed.connect(self._show_tip)
        KeyAction(Act.FIND_PLUGIN, self, self._list.search.setFocus)
        self._show_tip()

    @Slot()
    def _show_tip(self) -> None:
        self._new.setToolTip(self._action.tip(_NEW_TIP))

    @Slot()
    def _refresh(self) -> None:
        rows = self._shelf.rows()
        self._list.show_rows(rows, is_busy=self._shelf.is_busy)
        self.set_sentence(words.page_sentence(rows))
        failed = sum(row.has_failed for row in rows)
        self.set_badge(Badge.FAILED if failed else Badge.NONE, failed)
        if not self._name and rows:
            self._choose(rows[0])

    @Slot(object)
    def _choose(self, row: PluginRow) -> None:
        self._name = row.record.name
        self._list.choose(self._name)
        self._details.show_row(row, self._shelf.contributions(row), self._host.user_folder)

    @Slot(object, bool)
    def _switch(self, row: PluginRow, is_on: bool) -> None:
        self._shelf.set_wanted(row.record.name, is_on)
        self._tell_change(words.switched(self._row(row.record.name)))

    def _tell_change(self, said: str) -> None:
        """Say what holds from the next start on; in safe mode that start would not show it."""
        again = partial(self.restart_wanted.emit, NextStart.WITH_PLUGINS)
        self.banner.show_message("info", said, action=words.RESTART_NOW, act=again)

    @Slot(object)
    def _try_again(self, row: PluginRow) -> None:
        self._shelf.try_again(row.record.name)

    @Slot(object)
    def _show_tried(self, row: PluginRow) -> None:
        self._choose(row)
        self.banner.show_message("warn" if row.has_failed else "info", words.tried(row))

    @Slot(object)
    def _show_details(self, row: PluginRow) -> None:
        DetailsDialog(self.theme, row.record.reason, row.record.traceback, self).open()

    @Slot(object)
    def _copy_report(self, row: PluginRow) -> None:
        self._copy(words.REPORT_COPIED, words.report(row))

    @Slot()
    def _open_folder(self) -> None:
        folder = self._host.user_folder
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            self.banner.show_message("err", words.no_folder(folder, error.strerror))
            return
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))

    @Slot()
    def _ask_for_new(self) -> None:
        question = NewPluginQuestion(self.theme, self, problem_of=partial(problem_of, self._host))
        question.answered.connect(self._write_new)
        question.open()

    @Slot(object, str)
    def _write_new(self, kind: Kind, name: str) -> None:
        self._shelf.write_new(kind, name)

    @Slot(object)
    def _show_written(self, file: Path) -> None:
        self._tell_change(words.written(file))
        self._choose(self._row(file.stem))

    @Slot()
    def _ask_for_safe_mode(self) -> None:
        if self._host.is_in_safe_mode:
            self.restart_wanted.emit(NextStart.WITH_PLUGINS)
            return
        question = SafeModeQuestion(self.theme, self)
        question.accepted.connect(partial(self.restart_wanted.emit, NextStart.SAFE_MODE))
        question.open()

    @Slot(object)
    def _show_error(self, error: PetStudioError) -> None:
        self.banner.show_message("err", error.what, error.cure)

    def _row(self, name: str) -> PluginRow:
        return next(row for row in self._shelf.rows() if row.record.name == name)

    def _copy(self, said: str, text: str) -> None:
        QGuiApplication.clipboard().setText(text)
        self.set_sentence(said)
