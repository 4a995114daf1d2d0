"""The keys of all acts as they are now: those of a new installation, or what the user chose."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from petstudio.api.language import tr
from petstudio.ui.acts import Act

_MODIFIED = (
    Qt.KeyboardModifier.ControlModifier
    | Qt.KeyboardModifier.AltModifier
    | Qt.KeyboardModifier.MetaModifier
)

_APPLIES: Final = tr("{keys} is there to apply the range of the finder, and stays so.")
_MOVES_STAGE: Final = tr("{keys} is there to move a stage, and stays so.")
_MOVES_RECIPE: Final = tr("{keys} is there to move a recipe in the queue, and stays so.")
_FIXED: Final = {
    "Ctrl+A": tr("{keys} is there to select all, and stays so."),
    "Ctrl+C": tr("{keys} is there to copy, and stays so."),
    "Ctrl+X": tr("{keys} is there to cut, and stays so."),
    "Ctrl+V": tr("{keys} is there to paste, and stays so."),
    "Ctrl+D": tr("{keys} is there to duplicate a stage, and stays so."),
    "Ctrl+Return": _APPLIES,
    "Ctrl+Enter": _APPLIES,
    "Alt+Left": _MOVES_STAGE,
    "Alt+Right": _MOVES_STAGE,
    "Alt+Up": _MOVES_RECIPE,
    "Alt+Down": _MOVES_RECIPE,
}
_TYPED: Final = tr(
    "{keys} alone would be lost for typing. Add Ctrl or Alt, or take a function key."
)


class KeyMap(QObject):
    """`chosen` are keys by the names of acts, as the settings hold them; "" is no key."""

    changed = Signal()

    def __init__(
        self, parent: QObject | None = None, *, chosen: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(parent)
        self._chosen = dict(chosen or {})

    @property
    def chosen(self) -> Mapping[str, str]:
        return dict(self._chosen)

    def keys(self, act: Act) -> tuple[QKeySequence, ...]:
        """Return what triggers an act; the first is the one that is shown."""
        chosen = self._chosen.get(act.value.name)
        texts = act.value.keys if chosen is None else (chosen,)
        found = (QKeySequence(text) for text in texts)
        return tuple(keys for keys in found if keys.count())

    def text(self, act: Act) -> str:
        """Return the keys as this system writes them, empty for none."""
        return tr(" or ").join(shown(keys) for keys in self.keys(act))

    def tip(self, text: str, act: Act) -> str:
        """Return the text of a tool tip with the keys of an act behind it."""
        keys = self.text(act)
        return f"{text} ({keys})" if keys else text

    def is_changed(self, act: Act) -> bool:
        return act.value.name in self._chosen

    def conflicts(self, act: Act, keys: QKeySequence) -> tuple[Act, ...]:
        """Return the other acts that these keys mean already, where `act` can be meant."""
        others = (other for other in Act if other is not act and other.meets(act))
        return tuple(other for other in others if keys in self.keys(other))

    def choose(self, act: Act, keys: QKeySequence) -> None:
        """Give these keys to an act and take them from those that it would be confused with."""
        self._chosen[act.value.name] = keys.toString(QKeySequence.SequenceFormat.PortableText)
        self._take_from_others(act)

    def reset(self, act: Act) -> None:
        """Give an act the keys of a new installation, and take them from others."""
        self._chosen.pop(act.value.name, None)
        self._take_from_others(act)

    def reset_all(self) -> None:
        """Give all acts the keys of a new installation."""
        self._chosen.clear()
        self.changed.emit()

    def _take_from_others(self, act: Act) -> None:
        for keys in self.keys(act):
            for other in self.conflicts(act, keys):
                self._chosen[other.value.name] = ""
        self.changed.emit()

    def drive(self, widget: QWidget) -> None:
        """Let the key actions of a widget and what is in it follow this map."""
        for action in widget.findChildren(KeyAction):
            action.follow(self)


class KeyAction(QAction):
    """An act that a widget can do while it is in sight.

    Its keys are those of a new installation until it follows the map of the window.
    """

    def __init__(self, act: Act, owner: QWidget, do: Callable[[], object], text: str = "") -> None:
        super().__init__(text or act.text, owner)
        self.act = act
        self._map = KeyMap(self)
        self.setObjectName(f"act.{act.value.name}")
        self.triggered.connect(lambda _checked: do())
        owner.addAction(self)
        self._show_keys()

    def tip(self, text: str) -> str:
        """Return a text with the keys of today behind it; `changed` tells when to ask again."""
        return self._map.tip(text, self.act)

    def follow(self, key_map: KeyMap) -> None:
        if key_map is not self._map:
            self._map = key_map
            key_map.changed.connect(self._show_keys)
            self._show_keys()

    @Slot()
    def _show_keys(self) -> None:
        self.setShortcuts(self._map.keys(self.act))


def shown(keys: QKeySequence) -> str:
    """Return keys as this system writes them."""
    return keys.toString(QKeySequence.SequenceFormat.NativeText)


def why_not(keys: QKeySequence) -> str:
    """Tell why keys cannot be given to an act; empty if they can."""
    if not keys.count():
        return ""
    fixed = _FIXED.get(keys.toString(QKeySequence.SequenceFormat.PortableText))
    if fixed is not None:
        return fixed.format(keys=shown(keys))
    stroke = keys[0]  # type: ignore[index]
    is_function = Qt.Key.Key_F1 <= stroke.key() <= Qt.Key.Key_F35
    if is_function or stroke.keyboardModifiers() & _MODIFIED:
        return ""
    return _TYPED.format(keys=shown(keys))
