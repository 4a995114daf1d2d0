"""The fixes that wait in the tray, kept in the project in the background as they change."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, Signal, Slot

from petstudio.api.errors import PetStudioError
from petstudio.bridge.task import BackgroundCall
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
    dropped = Signal(object)
    """How many fixes were taken out, as their pictures had changed meanwhile."""
    failed = Signal(object)
    """The PetStudioError because of which the tray cannot be read or kept."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._project: Path | None = None
        self._tray = _EMPTY
        self._kept = _EMPTY
        self._by_image: dict[int, Fix] = {}
        self._checked: frozenset[int] = frozenset()
        self._records: Mapping[int, ImageRecord] | None = None
        self._is_reading = False
        self._reading = BackgroundCall(self)
        self._writing = BackgroundCall(self)
        self._reading.done.connect(self._take)
        self._reading.failed.connect(self._on_unreadable)
        self._writing.failed.connect(self.failed)

    @property
    def is_reading(self) -> bool:
        """True as long as it is not known what the file holds."""
        return self._is_reading

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
        if project == self._project:
            return
        self._flush()
        self._reading.cancel()
        self._project, self._records, self._is_reading = project, None, project is not None
        self._tray = self._kept = _EMPTY
        if project is not None:
            self._reading.start(lambda _control: load_tray(project))
        self._tell()

    def compare(self, records: Mapping[int, ImageRecord]) -> None:
        """Drop what is done by now, and what does not fit these pictures any more."""
        self._records = records
        if self._is_reading:
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
        self._reading.shutdown()
        self._flush()

    def _become(self, tray: Tray) -> None:
        self._tray = tray
        project = self._project
        # While the file is still read it is not written; what is added meanwhile comes behind it.
        if project is not None and not self._is_reading:
            self._writing.start(lambda _control: self._save(project, tray))
        self._tell()

    def _tell(self) -> None:
        self._by_image = {fix.image: fix for fix in self.fixes}
        right = (fix for fix in self.fixes if fix.kind is FixKind.LABEL_IS_RIGHT)
        self._checked = frozenset(fix.image for fix in (*self._tray.checked, *right))
        self.changed.emit()

    def _save(self, project: Path, tray: Tray) -> None:
        """Runs in the background."""
        save_tray(project, tray)
        self._kept = tray

    def _flush(self) -> None:
        """Write what a newer change has not let through; the window waits for it."""
        self._writing.shutdown()
        if self._project is None or self._kept == self._tray or self._is_reading:
            return
        try:
            save_tray(self._project, self._tray)
        except PetStudioError as error:
            self.failed.emit(error)

    @Slot(object)
    def _take(self, tray: Tray) -> None:
        self._is_reading = False
        early, self._tray, self._kept = self._tray, tray, tray
        self._tell()
        if early.fixes:
            self.put(early.fixes)
        if self._records is not None:
            self.compare(self._records)

    @Slot(object)
    def _on_unreadable(self, error: PetStudioError) -> None:
        self._is_reading = False
        self.failed.emit(error)
