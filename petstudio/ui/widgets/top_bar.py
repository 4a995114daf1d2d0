"""The bar at the top: the program, the project, and what belongs to neither page."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from PySide6.QtCore import QSize, Qt, Signal, SignalInstance, Slot
from PySide6.QtGui import QAction, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QWidget

from petstudio.api.language import tr
from petstudio.bridge.project_view import ProjectView, project_name
from petstudio.config.settings import ThemeMode
from petstudio.ui.acts import Act
from petstudio.ui.key_map import KeyMap
from petstudio.ui.theme import Theme
from petstudio.ui.widgets.button import Button
from petstudio.ui.widgets.divider import UprightDivider
from petstudio.ui.widgets.edit_words import edit_words
from petstudio.ui.widgets.search_field import SearchField
from petstudio.ui.widgets.text import Text, plain_tip

_HEIGHT: Final = 48
_MARK: Final = 28
_NO_PROJECT: Final = tr("No project")
_THEME_ICONS: Final = {
    ThemeMode.SYSTEM: "circle-half",
    ThemeMode.LIGHT: "sun",
    ThemeMode.DARK: "moon",
}
_THEME_WORDS: Final = {
    ThemeMode.SYSTEM: tr("as the system"),
    ThemeMode.LIGHT: tr("light"),
    ThemeMode.DARK: tr("dark"),
}


class TopBar(QFrame):
    """Tells what the user asks for; which project is open it is told."""

    folder_requested = Signal()
    open_requested = Signal()
    close_requested = Signal()
    project_chosen = Signal(object)
    """The Path of a project that was open before."""
    undo_requested = Signal()
    redo_requested = Signal()
    theme_requested = Signal()
    help_requested = Signal()
    palette_requested = Signal()

    def __init__(self, theme: Theme, key_map: KeyMap) -> None:
        super().__init__()
        self._theme = theme
        self._key_map = key_map
        self._recent: tuple[Path, ...] = ()
        self._is_open = False
        self._menu = QMenu(self)
        self._project = Button(theme, _NO_PROJECT, kind="ghost", name="top.project")
        self._undo = self._tool("arrow-counter-clockwise", "top.undo")
        self._redo = self._tool("arrow-clockwise", "top.redo")
        self._mode = self._tool(_THEME_ICONS[theme.mode], "top.theme")
        self._help = self._tool("question", "top.help")
        self.search = SearchField(theme)
        self.setObjectName("topBar")
        self._build()
        self._connect()
        self.show_project(None)
        self._show_keys()

    @property
    def recent(self) -> tuple[Path, ...]:
        """The projects that are offered."""
        return self._recent

    def show_project(self, view: ProjectView | None) -> None:
        self._is_open = view is not None
        self._project.setText(view.name if view else _NO_PROJECT)
        self._project.setToolTip(plain_tip(str(view.path)) if view else "")
        undo, redo = (view.undo, view.redo) if view else ("", "")
        for button, act, what in ((self._undo, Act.UNDO, undo), (self._redo, Act.REDO, redo)):
            words = f"{act.text}: {edit_words(what)}"
            button.setVisible(bool(what))
            button.setToolTip(plain_tip(self._key_map.tip(words, act)))
            button.setAccessibleName(words)

    def show_recent(self, projects: tuple[Path, ...]) -> None:
        """Offer these projects in the menu."""
        self._recent = projects

    def _tool(self, icon: str, name: str) -> Button:
        return Button(self._theme, kind="ghost", icon=icon, name=name)

    def _build(self) -> None:
        self._project.setMenu(self._menu)
        self._project.setProperty("menu", True)
        self._help.setAccessibleName(Act.HELP.text)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 6, 12, 6)
        row.setSpacing(8)
        row.addWidget(_Mark(self._theme))
        row.addWidget(Text("PetStudio", kind="section"))
        row.addSpacing(4)
        row.addWidget(UprightDivider(24))
        row.addWidget(self._project)
        row.addStretch(1)
        row.addWidget(self.search, 8)
        row.addStretch(1)
        for button in (self._undo, self._redo, self._mode, self._help):
            row.addWidget(button)
        self.setMinimumHeight(_HEIGHT)

    def _connect(self) -> None:
        self._menu.aboutToShow.connect(self._fill_menu)
        self._undo.clicked.connect(self.undo_requested)
        self._redo.clicked.connect(self.redo_requested)
        self._mode.clicked.connect(self.theme_requested)
        self._help.clicked.connect(self.help_requested)
        self.search.clicked.connect(self.palette_requested)
        self._theme.changed.connect(self._show_theme)
        self._key_map.changed.connect(self._show_keys)

    @Slot()
    def _show_keys(self) -> None:
        self.search.show_keys(self._key_map.text(Act.PALETTE))
        self._help.setToolTip(self._key_map.tip(Act.HELP.text, Act.HELP))
        self._show_theme()

    @Slot()
    def _fill_menu(self) -> None:
        self._menu.clear()
        self._add(Act.NEW, self.folder_requested)
        self._add(Act.OPEN, self.open_requested)
        if self._recent:
            self._menu.addSeparator()
        for path in self._recent:
            action = self._menu.addAction(project_name(path).replace("&", "&&"))
            action.setToolTip(plain_tip(str(path)))
            action.setData(path)
            action.triggered.connect(self._choose_recent)
        if self._is_open:
            self._menu.addSeparator()
            self._add(Act.CLOSE, self.close_requested)

    def _add(self, act: Act, signal: SignalInstance) -> None:
        # After a tab Qt shows the keys at the right; the shortcut itself belongs to the window.
        keys = self._key_map.text(act)
        action = self._menu.addAction(f"{act.text}\t{keys}" if keys else act.text)
        action.triggered.connect(signal)

    @Slot()
    def _choose_recent(self) -> None:
        action = self.sender()
        assert isinstance(action, QAction)
        self.project_chosen.emit(action.data())

    @Slot()
    def _show_theme(self) -> None:
        mode = self._theme.mode
        self._mode.set_icon(_THEME_ICONS[mode])
        words = tr("Colours: {theme}", theme=_THEME_WORDS[mode])
        self._mode.setToolTip(self._key_map.tip(words, Act.THEME))
        self._mode.setAccessibleName(words)


class _Mark(QWidget):
    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setFixedSize(QSize(_MARK, _MARK))
        theme.changed.connect(self.update)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.color("accent"))
        painter.drawRoundedRect(self.rect(), 7, 7)
        icon = self._theme.icon("paw-print-fill", "on_accent")
        icon.paint(painter, self.rect().adjusted(5, 5, -5, -5))
        painter.end()
