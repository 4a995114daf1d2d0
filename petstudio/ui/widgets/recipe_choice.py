"""Which recipe stands in the draft: a bundled one, one of the user's, or any other file."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QMenu, QWidget

from petstudio.api.errors import PetStudioError
from petstudio.api.language import tr
from petstudio.bridge.recipe_draft import RecipeDraft
from petstudio.config.paths import recipes_folder
from petstudio.config.recipe import Recipe
from petstudio.config.recipe_file import (
    SUFFIX,
    bundled_recipe,
    bundled_recipes,
    load_recipe,
    recipe_title,
    save_recipe,
    saved_recipes,
)
from petstudio.ui.acts import Act
from petstudio.ui.key_map import KeyAction
from petstudio.ui.theme import Theme
from petstudio.ui.widgets.button import Button
from petstudio.ui.widgets.choice_box import ChoiceBox
from petstudio.ui.widgets.path_question import ask_new_file, ask_text_file

_SAVE: Final = tr("&Save recipe as…")
_OPEN: Final = tr("&Open recipe…")
_SAVE_TITLE: Final = tr("Save the recipe as")
_OPEN_TITLE: Final = tr("Open a recipe")
_KIND: Final = tr("Recipes (*{suffix})", suffix=SUFFIX)
_NOT_YET: Final = tr("A value of the recipe cannot be used. Correct it, then save the recipe.")
_FIRST_NAME: Final = tr("my recipe")


class RecipeChoice(QWidget):
    """Loads recipes into the draft and saves the draft; the choice offers the saved ones as well.

    Keys of the choice are the names of bundled recipes and the paths of files.
    """

    chosen = Signal(str)
    """The key of the recipe that was loaded into the draft."""
    problem_changed = Signal(str)
    """Why a recipe could not be read or written; empty once another one could."""

    def __init__(self, theme: Theme, draft: RecipeDraft) -> None:
        super().__init__()
        self._draft = draft
        self._origin: Recipe | None = None
        self._key = ""
        self._choice = ChoiceBox()
        self._choice.setObjectName("training.recipe_choice")
        self._choice.setAccessibleName(tr("Recipe to begin with"))
        self._button = Button(theme, kind="ghost", icon="dots-three", small=True)
        self._button.setObjectName("training.recipe_menu")
        self._button.setAccessibleName(tr("Menu of the recipe"))
        self._menu = QMenu(self)
        self._save = KeyAction(Act.SAVE_RECIPE, self, self._ask_where, _SAVE)
        self._save.setObjectName("training.recipe_save")
        self._menu.addAction(self._save)
        self._open = self._act(_OPEN, "training.recipe_open")
        self._build()
        self._connect()
        self.refresh()

    @property
    def is_changed(self) -> bool:
        """Whether the draft is another recipe now than the one that was chosen."""
        return self._origin is not None and self._draft.recipe != self._origin

    @property
    def save_action(self) -> QAction:
        """To be added where its keys are to hold."""
        return self._save

    def load(self, key: str) -> None:
        """Put a bundled recipe or that of a file into the draft."""
        try:
            recipe = bundled_recipe(key) if key in bundled_recipes() else load_recipe(Path(key))
        except PetStudioError as error:
            self.refresh()
            self._tell(error)
            return
        self._take(key, recipe)
        self._draft.load(recipe)
        self.chosen.emit(key)

    def refresh(self) -> None:
        """Offer what is there now; the chosen one stays."""
        bundled = [(name, tr(recipe_title(name))) for name in bundled_recipes()]
        own = [(str(file), file.stem) for file in saved_recipes()]
        self._choice.show_choices([*bundled, *own])
        if own:
            self._choice.insertSeparator(len(bundled))
        if self._key:
            self._choice.show_key(self._key, Path(self._key).stem)

    def set_locked(self, is_locked: bool) -> None:
        """While it is locked, the draft can be saved and no other recipe can be chosen."""
        self._choice.setEnabled(not is_locked)
        self._open.setEnabled(not is_locked)

    def _act(self, text: str, name: str) -> QAction:
        action = QAction(text, self)
        action.setObjectName(name)
        self._menu.addAction(action)
        return action

    def _build(self) -> None:
        # Ctrl+Shift+O is the window's, so opening has its letter in the menu only.
        self._save.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self._choice)
        layout.addWidget(self._button)

    def _connect(self) -> None:
        self._choice.picked.connect(self.load)
        self._button.clicked.connect(self._open_menu)
        self._open.triggered.connect(self._ask_which)

    def _take(self, key: str, recipe: Recipe) -> None:
        self._key, self._origin = key, recipe
        self.refresh()
        self.problem_changed.emit("")

    def _tell(self, error: PetStudioError) -> None:
        self.problem_changed.emit(str(error))

    @Slot()
    def _open_menu(self) -> None:
        self._menu.popup(self._button.mapToGlobal(self._button.rect().bottomLeft()))

    @Slot()
    def _ask_where(self) -> None:
        if self._draft.problems:
            self.problem_changed.emit(_NOT_YET)
            return
        folder = recipes_folder()
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError:
            folder = Path.home()
        is_own = self._key and self._key not in bundled_recipes()
        place = Path(self._key) if is_own else folder / f"{_FIRST_NAME}{SUFFIX}"
        ask_new_file(self, _SAVE_TITLE, str(place), _KIND, self._save_as)

    @Slot()
    def _ask_which(self) -> None:
        folder = recipes_folder()
        start = str(folder) if folder.is_dir() else ""
        ask_text_file(self, _OPEN_TITLE, start, _KIND, self._open_file)

    def _save_as(self, place: Path) -> None:
        recipe = self._draft.recipe
        try:
            save_recipe(place, recipe)
        except PetStudioError as error:
            self._tell(error)
            return
        self._take(str(place), recipe)
        self.chosen.emit(str(place))

    def _open_file(self, place: Path) -> None:
        self.load(str(place))
