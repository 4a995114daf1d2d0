"""Evaluated pictures for a grid, made when they are looked at."""

from __future__ import annotations

from typing import Final

from petstudio.api.language import shown_number, tr
from petstudio.bridge.evaluation_view import Evaluation, Judged, Rows
from petstudio.bridge.figures import percent_text
from petstudio.bridge.fix_tray import FixTray
from petstudio.bridge.models import spoken_label
from petstudio.bridge.picture_list import Picture, TileMark
from petstudio.project.pending_fixes import Fix, FixKind

_EXCLUDED: Final = tr("excluded")
_RIGHT: Final = tr("label is right")


class JudgedPictures:
    """Some places of a result in an order, with what the tray has for them right now.

    With `has_room` the probability of the predicted class stands beside its name.
    """

    def __init__(
        self, judged: Judged, rows: Rows, tray: FixTray, *, has_room: bool = False
    ) -> None:
        self._judged = judged
        self._has_room = has_room
        self._rows = rows
        self._keys = judged.predictions.keys[rows]
        self._tray = tray
        self._places: dict[int, int] | None = None

    def __len__(self) -> int:
        return len(self._rows)

    def __getitem__(self, row: int, /) -> Picture:
        judged, at = self._judged, int(self._rows[row])
        key = int(self._keys[row])
        actual, predicted = int(judged.predictions.targets[at]), int(judged.predicted[at])
        shares = judged.predictions.probabilities[at]
        name, fix = spoken_label(judged.classes[predicted]), self._tray.fix_of(key)
        return Picture(
            key=key,
            path=judged.result.picture(key),
            title=f"{name}  {percent_text(float(shares[predicted]))}" if self._has_room else name,
            note=shown_number(judged.predictions.losses[at], ".2f"),
            subtitle=tr("actual {name}", name=spoken_label(judged.classes[actual])),
            subnote=f"p {percent_text(float(shares[actual]))}",
            mark=mark_of(fix),
            mark_text=fix_text(fix) if fix is not None else "",
            is_wrong=actual != predicted,
        )

    def key_at(self, row: int) -> int:
        return int(self._keys[row])

    def row_of(self, key: int) -> int | None:
        if self._places is None:
            self._places = {key: row for row, key in enumerate(self._keys.tolist())}
        return self._places.get(key)


def project_picture(seen: Evaluation, image: int, tray: FixTray) -> Picture:
    """Return any picture of the project, whether it was evaluated or not."""
    record, fix = seen.records[image], tray.fix_of(image)
    return Picture(
        key=image,
        path=seen.picture(image),
        title=spoken_label(record.label or ""),
        subtitle=record.shown,
        mark=mark_of(fix),
        mark_text=fix_text(fix) if fix is not None else "",
    )


def mark_of(fix: Fix | None) -> TileMark:
    if fix is None:
        return TileMark.NONE
    return TileMark.EXCLUDED if fix.kind is FixKind.EXCLUDE else TileMark.PENDING


def fix_text(fix: Fix) -> str:
    """Return what a picture with a pending fix says on itself."""
    match fix.kind:
        case FixKind.RELABEL:
            return f"→ {spoken_label(fix.to)}"
        case FixKind.EXCLUDE:
            return _EXCLUDED
        case FixKind.LABEL_IS_RIGHT:
            return _RIGHT
