"""How the parts of the confusion grid share its room."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPoint, QRect, QSize

PLACES_GAP: Final = 16


def board_and_scores(room: QSize, board: QSize, scores: int, least: int) -> tuple[QRect, QRect]:
    """Return the places of a board and of the table below it.

    The table has all of its `scores` pixels where the board leaves them, but `least` in any case.
    """
    height = max(least, min(scores, room.height() - board.height() - PLACES_GAP))
    upper = QRect(
        0, 0, room.width(), max(0, min(board.height(), room.height() - height - PLACES_GAP))
    )
    width = min(room.width(), max(board.width(), room.width() // 2))
    return upper, QRect(0, upper.bottom() + 1 + PLACES_GAP, width, height)


def map_and_lens(room: QSize, least: QSize, most: QSize) -> tuple[QRect, QRect]:
    """Return the places of a square map and of a lens of a size between these two.

    The lens is below the map or beside it, wherever this leaves more to the map.
    """
    below = min(room.width(), room.height() - least.height() - PLACES_GAP)
    beside = min(room.height(), room.width() - least.width() - PLACES_GAP)
    side = max(1, below, beside)
    corner = QPoint(0, side + PLACES_GAP) if below >= beside else QPoint(side + PLACES_GAP, 0)
    rest = QSize(room.width() - corner.x(), room.height() - corner.y())
    return QRect(0, 0, side, side), QRect(corner, rest.boundedTo(most))
