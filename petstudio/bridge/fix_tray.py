"""The fixes that wait in the tray, kept in the project in the background as they change."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, Signal, Slot

from petstudio.bridge.kept_file import KeptFile
from petstudio.project.pending_fixes import (
    Fix,
    FixKind,
    Tray,
    load_tray,
    save_tray,
    sorted_out,
)
from petstudio.project.records import ImageRecord

_EMPTY: Final = Tray()


class FixTray(QObject):
    """One fix a picture at most; every change is on the disk soon after."""

    changed = Signal()
    filled = Signal()
    """The user has put something into it."""
    dropped = Signal(object)
    """How many fixes were taken out, as their pictures had changed meanwhile."""
    failed = Signal(object)
    """The PetStudioError because of which the tray cannot be read or kept."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tray = _EMPTY
        self._by_image: dict[int, Fix] = {}
        self._checked: frozenset[int] = frozenset()
        self._records: Mapping[int, ImageRecord] | None = None
        self._file = KeptFile(load_tray, save_tray, _EMPTY, self)
        self._file.read.connect(self._take)
        self._file.failed.connect(self.failed)

    @property
    def is_reading(self) -> bool:
        """True as long as it is not known what the file holds."""
        return self._file.is_reading

    @property
    def fixes(self) -> tuple[Fix, ...]:
        """Oldest first."""
        return self._tray.fixes

    @property
    def checked(self) -> frozenset[int]:
        """Pictures whose label was found right, pending ones among them."""
        return self._checked

    @property
    def labels(self) -> dict[int, str]:
        """The new labels by picture."""
        return {fix.image: fix.to for fix in self.fixes if fix.kind is FixKind.RELABEL}

    @property
    def excluded(self) -> tuple[int, ...]:
        """The pictures that are to be left out."""
        return tuple(fix.image for fix in self.fixes if fix.kind is FixKind.EXCLUDE)

    def fix_of(self, image: int) -> Fix | None:
        return self._by_image.get(image)

    def look(self, project: Path | None) -> None:
        """Take the tray of another project, or of none."""
        if self._file.look(project):
            self._tray, self._records = _EMPTY, None
            self._tell()

    def compare(self, records: Mapping[int, ImageRecord]) -> None:
        """Drop what is done by now, and what does not fit these pictures any more."""
        self._records = records
        if self.is_reading:
            return  # it is compared when it is there
        found = sorted_out(self._tray, records)
        if found.tray != self._tray:
            self._become(found.tray)
        if found.stale:
            self.dropped.emit(found.stale)

    def put(self, fixes: Iterable[Fix]) -> None:
        """Add fixes; each takes the place of an older one for the same picture."""
        new = {fix.image: fix for fix in fixes}
        rest = tuple(fix for fix in self.fixes if fix.image not in new)
        checked = tuple(fix for fix in self._tray.checked if fix.image not in new)
        self._become(Tray(fixes=(*rest, *new.values()), checked=checked))
        if new:
            self.filled.emit()

    def take_out(self, images: Iterable[int]) -> None:
        """Undo the fixes for these pictures, and that their labels were found right."""
        gone = frozenset(images)
        rest = tuple(fix for fix in self.fixes if fix.image not in gone)
        checked = tuple(fix for fix in self._tray.checked if fix.image not in gone)
        self._become(Tray(fixes=rest, checked=checked))

    def clear(self) -> None:
        """Undo all that is pending."""
        self._become(Tray(checked=self._tray.checked))

    def settle(self) -> None:
        """Keep that labels are right as known; the other fixes go once the data shows them."""
        right = [fix for fix in self.fixes if fix.kind is FixKind.LABEL_IS_RIGHT]
        rest = tuple(fix for fix in self.fixes if fix.kind is not FixKind.LABEL_IS_RIGHT)
        self._become(Tray(fixes=rest, checked=(*self._tray.checked, *right)))

    def shutdown(self) -> None:
        self._file.shutdown()

    def _become(self, tray: Tray) -> None:
        self._tray = tray
        self._file.keep(tray)
        self._tell()

    def _tell(self) -> None:
        self._by_image = {fix.image: fix for fix in self.fixes}
        right = (fix for fix in self.fixes if fix.kind is FixKind.LABEL_IS_RIGHT)
        self._checked = frozenset(fix.image for fix in (*self._tray.checked, *right))
        self.changed.emit()

    @Slot(object)
    def _take(self, tray: Tray) -> None:
        early, self._tray = self._tray, tray
        self._tell()
        if early.fixes:
            self.put(early.fixes)
        if self._records is not None:
            self.compare(self._records)
