"""What the keys do in the confusion grid, apart from what opens something."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from petstudio.bridge.cell_selection import CellSelection, Take

_PAGE: Final = 10
_FAR: Final = 1_000_000
_MOVES: Final = {
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
    Qt.Key.Key_PageUp: (-_PAGE, 0),
    Qt.Key.Key_PageDown: (_PAGE, 0),
    Qt.Key.Key_Home: (0, -_FAR),
    Qt.Key.Key_End: (0, _FAR),
}


def act_on_key(event: QKeyEvent, selection: CellSelection) -> bool:
    """Move or change the selection; False for a key that does neither."""
    key, modifiers = Qt.Key(event.key()), event.modifiers()
    is_shift = bool(modifiers & Qt.KeyboardModifier.ShiftModifier)
    if modifiers & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier):
        return False
    if key in _MOVES:
        selection.move(*_MOVES[key], Take.ADD if is_shift else Take.ONLY)
    elif key == Qt.Key.Key_E:
        selection.step_error(-1 if is_shift else 1)
    elif key == Qt.Key.Key_Escape and selection.pairs:
        selection.clear()
    else:
        return False
    return True
