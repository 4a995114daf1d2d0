"""Where the tiles of a grid are: pure arithmetic on the number of a tile."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum, auto

from PySide6.QtCore import QRect


class Step(Enum):
    """A step from one tile to another."""

    LEFT = auto()
    RIGHT = auto()
    UP = auto()
    DOWN = auto()
    PAGE_UP = auto()
    PAGE_DOWN = auto()
    FIRST = auto()
    LAST = auto()


@dataclass(frozen=True, kw_only=True)
class TileLayout:
    """Tiles of one size in rows; all lengths in pixels.

    `least_width` is wished for; tiles become wider so that a row is filled. `width`, `columns` and
    `count` follow from `for_width`. Below a picture, which is `picture_ratio` of its width high,
    are `text_height` pixels for words; `most_columns` is 0 for as many as there is room for.
    """

    least_width: int
    picture_ratio: float = 1.0
    text_height: int = 30
    gap: int = 12
    most_columns: int = 0
    width: int = 1
    columns: int = 1
    count: int = 0

    def for_width(self, width: int, count: int) -> TileLayout:
        """Return the layout of `count` tiles in a view that is `width` wide."""
        columns = max(1, (width + self.gap) // (self.least_width + self.gap))
        columns = min(columns, self.most_columns) if self.most_columns else columns
        tile = max(1, (width - (columns - 1) * self.gap) // columns)
        # A few pictures in a wide view must not become posters.
        tile = min(tile, 2 * self.least_width)
        return replace(self, width=tile, columns=columns, count=count)

    @property
    def picture_height(self) -> int:
        return round(self.width * self.picture_ratio)

    @property
    def row_height(self) -> int:
        """From one row of tiles to the next."""
        return self.picture_height + self.text_height + self.gap

    @property
    def height(self) -> int:
        """Of all tiles."""
        return max(0, -(-self.count // self.columns) * self.row_height - self.gap)

    def rect(self, row: int) -> QRect:
        """Return the place of a tile, from the upper left corner of all."""
        line, column = divmod(row, self.columns)
        left = column * (self.width + self.gap)
        return QRect(left, line * self.row_height, self.width, self.row_height - self.gap)

    def row_at(self, x: int, y: int) -> int | None:
        """Return the tile at a place; None between tiles and outside."""
        column, line = x // (self.width + self.gap), y // self.row_height
        row = line * self.columns + column
        is_there = 0 <= column < self.columns and 0 <= row < self.count
        return row if is_there and self.rect(row).contains(x, y) else None

    def rows_between(self, top: int, bottom: int) -> range:
        """Return the tiles in the lines from `top` to `bottom`."""
        first = max(0, top // self.row_height) * self.columns
        last = (bottom // self.row_height + 1) * self.columns
        return range(min(first, self.count), max(0, min(last, self.count)))

    def rows_touched(self, rect: QRect) -> Iterator[range]:
        """Yield the tiles under a rectangle, line by line."""
        stride = self.width + self.gap
        first = max(0, rect.left() // stride)
        if first * stride + self.width <= rect.left():  # it begins in the gap
            first += 1
        last = min(self.columns - 1, rect.right() // stride)
        if first > last:
            return
        lines = self.rows_between(rect.top(), rect.bottom())
        for start in range(lines.start, lines.stop, self.columns):
            line = self.rect(start)
            end = min(start + last + 1, self.count)
            is_touched = line.top() <= rect.bottom() and rect.top() <= line.bottom()
            if is_touched and start + first < end:
                yield range(start + first, end)

    def after(self, step: Step, row: int, page_height: int) -> int:
        """Return the tile that a step from `row` leads to; the same one at the edge."""
        page = max(1, page_height // self.row_height) * self.columns
        match step:
            case Step.LEFT:
                wanted = row - 1
            case Step.RIGHT:
                wanted = row + 1
            case Step.UP:
                wanted = row - self.columns if row >= self.columns else row
            case Step.DOWN:
                wanted = row + self.columns if not self._is_in_last_line(row) else row
            case Step.PAGE_UP:
                wanted = row - page
            case Step.PAGE_DOWN:
                wanted = row + page
            case Step.FIRST:
                wanted = 0
            case Step.LAST:
                wanted = self.count - 1
        return min(max(wanted, 0), self.count - 1)

    def _is_in_last_line(self, row: int) -> bool:
        return row // self.columns == (self.count - 1) // self.columns
