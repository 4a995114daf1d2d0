"""How a picture looks in the grid of the Label page; made only for the pictures in sight."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np

from petstudio.api.language import tr
from petstudio.bridge.figures import probability_text
from petstudio.bridge.label_board import LabelBoard
from petstudio.bridge.models import spoken_label
from petstudio.bridge.picture_list import Picture, TileMark
from petstudio.project.coded import Rows
from petstudio.project.names import shown_text
from petstudio.project.records import ImageRecord, LabelOrigin

NO_LABEL: Final = tr("no label")
NONE_OF_THESE: Final = tr("none of these")
EXCLUDED: Final = tr("excluded")


class LabelPictures:
    """The pictures with these ids, as the board knows them at the moment they are looked at."""

    def __init__(self, board: LabelBoard, keys: Rows) -> None:
        self._board = board
        self._keys = keys
        self._order = np.argsort(keys)

    def __len__(self) -> int:
        return len(self._keys)

    def __getitem__(self, row: int, /) -> Picture:
        return tile_of(self._board, self.key_at(row))

    def key_at(self, row: int) -> int:
        return int(self._keys[row])

    def row_of(self, key: int) -> int | None:
        place = int(np.searchsorted(self._keys, key, sorter=self._order))
        if place == len(self._keys):
            return None
        row = int(self._order[place])
        return row if self._keys[row] == key else None


def tile_of(board: LabelBoard, key: int) -> Picture:
    """Return the tile of a picture."""
    record = board.record(key)
    title, mark = _words(board, record)
    text = EXCLUDED if mark is TileMark.EXCLUDED else ""
    if key in board.pending and mark in (TileMark.CONFIRMED, TileMark.SUGGESTED, TileMark.NO_LABEL):
        text = f"→ {spoken_label(board.pending[key] or EXCLUDED)}"
        mark = TileMark.PENDING
    top = board.suggestion(key) if record.unreadable is None else None
    return Picture(
        key=key,
        path=(board.view.root or Path()) / record.path,
        title=title,
        note=probability_text(top[1]).removeprefix("0") if top is not None else "",
        mark=mark,
        mark_text=text,
        tip=f"{record.shown}: {shown_text(record.unreadable)}"
        if record.unreadable
        else record.shown,
    )


def _words(board: LabelBoard, record: ImageRecord) -> tuple[str, TileMark]:
    if record.unreadable is not None:
        return record.shown.rpartition("/")[2], TileMark.NO_LABEL
    if record.excluded:
        return spoken_label(record.label or NO_LABEL), TileMark.EXCLUDED
    if record.label is not None:
        return spoken_label(record.label), TileMark.CONFIRMED
    if record.origin is LabelOrigin.PERSON:
        return NONE_OF_THESE, TileMark.NO_LABEL
    top = board.suggestion(record.id)
    return (spoken_label(top[0]), TileMark.SUGGESTED) if top else (NO_LABEL, TileMark.NO_LABEL)
