"""What the keys of the Evaluate page do to pictures; a second press takes a fix back."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import partial
from typing import TypeAlias

from PySide6.QtCore import QObject

from petstudio.bridge.class_keys import ClassKeys, class_keys
from petstudio.bridge.fix_tray import FixTray
from petstudio.bridge.models import in_alphabet
from petstudio.project.pending_fixes import Fix, FixKind
from petstudio.project.records import ImageRecord

_Act: TypeAlias = Callable[[Sequence[int]], None]


class Fixing(QObject):
    """Turns wishes for pictures into fixes in the tray."""

    def __init__(self, tray: FixTray, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tray = tray
        self._records: Mapping[int, ImageRecord] = {}
        self._last: _Act | None = None
        self.keys = ClassKeys()

    def show(self, records: Mapping[int, ImageRecord], classes: Iterable[str]) -> None:
        """Work on these pictures and classes from now on."""
        self._records, self.keys = records, class_keys(sorted(classes, key=in_alphabet))

    def relabel_by_key(self, images: Sequence[int], code: str) -> None:
        """Give pictures the class of a key, if there is one."""
        if code in self.keys.by_code:
            self.relabel(images, self.keys.by_code[code])

    def relabel(self, images: Sequence[int], label: str) -> None:
        """Give pictures another label; their own one takes a fix back."""
        self._last = partial(self.relabel, label=label)
        known = self._known(images)
        self._tray.put(
            _fix(record, FixKind.RELABEL, label) for record in known if record.label != label
        )
        same = [record.id for record in known if record.label == label]
        if any(self._tray.fix_of(image) for image in same):
            self._tray.take_out(same)

    def exclude(self, images: Sequence[int]) -> None:
        """Leave pictures out; if all of them are to be left out already, take that back."""
        self._last = self.exclude
        self._toggle(images, FixKind.EXCLUDE, self._tray.excluded)

    def confirm(self, images: Sequence[int]) -> None:
        """Say that labels are right; if that was said of all of them, take it back."""
        self._last = self.confirm
        self._toggle(images, FixKind.LABEL_IS_RIGHT, self._tray.checked)

    def repeat(self, images: Sequence[int]) -> None:
        """Do what was done last to other pictures."""
        if self._last is not None:
            self._last(images)

    def _toggle(self, images: Sequence[int], kind: FixKind, done: Collection[int]) -> None:
        known, done = self._known(images), frozenset(done)
        if known and all(record.id in done for record in known):
            self._tray.take_out(record.id for record in known)
        elif known:
            self._tray.put(_fix(record, kind) for record in known)

    def _known(self, images: Sequence[int]) -> list[ImageRecord]:
        found = (self._records.get(image) for image in images)
        return [record for record in found if record is not None and record.label is not None]


def _fix(record: ImageRecord, kind: FixKind, to: str = "") -> Fix:
    return Fix(image=record.id, path=record.path, label=record.label or "", kind=kind, to=to)
