"""The health of the pictures that are chosen, looked for in the background."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from petstudio.api.control import RunControl
from petstudio.api.errors import PetStudioError
from petstudio.bridge.project_view import ProjectView
from petstudio.bridge.relay import EventRelay
from petstudio.bridge.task import BackgroundCall
from petstudio.images.roots import Root
from petstudio.jobs.growing import new_pictures
from petstudio.jobs.health import Health, judge
from petstudio.jobs.kept_facts import SeenPicture
from petstudio.jobs.proving import LabelProof
from petstudio.jobs.scanning import Families, PictureScan, scan_pictures, scan_project

_BREATH_MS: Final = 200
"""Until the window has painted a new proof: beside the first look at 100,000 files that took it 100
ms, alone 30 (benchmarks/patterns.py)."""


@dataclass(frozen=True, kw_only=True)
class _Examined:
    scan: PictureScan
    health: Health
    new: int


class HealthCheck(QObject):
    """Looks at each file once, however often labels and sides change."""

    changed = Signal()
    """It has begun, come further, stopped, or found something."""
    scanned = Signal()
    """All files were looked at; `families` are known now."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.health: Health | None = None
        self.new = 0
        """Pictures in the project's folder that are not in the project."""
        self.problem = ""
        self.done = 0
        self.total = 0
        self._proof: LabelProof | None = None
        self._view: ProjectView | None = None
        self._scan: PictureScan | None = None
        self._known: dict[str, SeenPicture] = {}
        self._root: Root | None = None
        self._is_stopped = False
        self._relay = EventRelay(self)
        self._relay.batch_arrived.connect(self._show_progress)
        self._call = BackgroundCall(self)
        self._breath = QTimer(self)
        self._breath.setSingleShot(True)
        self._breath.setInterval(_BREATH_MS)
        self._breath.timeout.connect(self._begin)
        self._call.done.connect(self._take)
        self._call.failed.connect(self._fail)

    @property
    def is_running(self) -> bool:
        """True while files are looked at that were not looked at before."""
        return self._proof is not None and self.health is None and not self._is_stopped

    @property
    def is_waiting(self) -> bool:
        """True when it goes on only if the user wants it."""
        return self._proof is not None and self.health is None and self._is_stopped

    @property
    def root(self) -> Root:
        return self._root or Path()

    def families(self, *, near: bool) -> Families:
        """Return pictures that belong together, as far as that is known."""
        return self._scan.families(near=near) if self._scan else ()

    def look(self, proof: LabelProof, view: ProjectView | None) -> None:
        """Look at the pictures of a proof; `view` is the project that it is of, if it is of one.

        Where the folder is away nothing is looked at: that it is away is said elsewhere.
        """
        if view is not None and view.root_problem:
            self.drop()
            return
        if proof.listing.root != self._root or _path(view) != _path(self._view):
            self._forget()
            self._root = proof.listing.root
        self._proof, self._view = proof, view
        if not self._is_stopped:
            self._start()

    def drop(self) -> None:
        """Show nothing, as nothing is chosen."""
        self._cancel()
        self._forget()
        self.changed.emit()

    @Slot()
    def stop(self) -> None:
        """Look no further; what was seen is not forgotten."""
        self._cancel()
        self._is_stopped = True
        self.changed.emit()

    def make_room(self) -> None:
        """Let a job have the machine, until the next `look` or `go_on`."""
        self._cancel()

    @Slot()
    def go_on(self) -> None:
        """Look at the rest."""
        self._is_stopped = False
        if self._proof is not None:
            self._start()

    def shutdown(self) -> None:
        self._breath.stop()
        self._call.shutdown()

    def _cancel(self) -> None:
        self._breath.stop()
        self._call.cancel()

    def _forget(self) -> None:
        self.health = self._scan = self._proof = self._root = self._view = None
        self._known = {}
        self.problem = ""
        self.done = self.total = self.new = 0
        self._is_stopped = False

    def _start(self) -> None:
        assert self._proof is not None
        self.total = len(self._proof.listing.files)
        if self._scan is None:
            self._call.cancel()
            self._breath.start()
        else:
            self._begin()
        self.changed.emit()

    @Slot()
    def _begin(self) -> None:
        proof, scan, known, view = self._proof, self._scan, self._known, self._view
        assert proof is not None
        post = self._relay.post
        self._call.start(lambda control: _examine(proof, scan, known, view, post, control))

    @Slot(object)
    def _show_progress(self, told: tuple[int, ...]) -> None:
        self.done = told[-1]
        self.changed.emit()

    @Slot(object)
    def _take(self, examined: _Examined) -> None:
        is_news = examined.scan is not self._scan
        self._scan, self.health, self.problem = examined.scan, examined.health, ""
        self.new = examined.new
        self.changed.emit()
        if is_news:
            self.scanned.emit()

    @Slot(object)
    def _fail(self, error: PetStudioError) -> None:
        self.problem, self._is_stopped = str(error), True
        self.changed.emit()


def _path(view: ProjectView | None) -> Path | None:
    return view.path if view else None


def _examine(
    proof: LabelProof,
    scan: PictureScan | None,
    known: dict[str, SeenPicture],
    view: ProjectView | None,
    tell: Callable[[int], None],
    control: RunControl,
) -> _Examined:
    if scan is None or not _covers(scan, proof.listing.files):
        scan = _scan(proof, known, _path(view), tell, control)
    records = view.labels.records.values() if view and view.labels else ()
    new = len(new_pictures(proof.listing.root, records)) if view else 0
    return _Examined(scan=scan, health=judge(proof, scan, records), new=new)


def _covers(scan: PictureScan, files: tuple[str, ...]) -> bool:
    return all(file in scan.seen or file in scan.unreadable for file in files)


def _scan(
    proof: LabelProof,
    known: dict[str, SeenPicture],
    project: Path | None,
    tell: Callable[[int], None],
    control: RunControl,
) -> PictureScan:
    root, files = proof.listing.root, proof.listing.files
    if project is None:
        return scan_pictures(root, files, control, tell, known=known)
    return scan_project(project, root, files, control, tell, known=known)
