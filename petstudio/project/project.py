"""A project: the one door to a project on disk."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, Self

from petstudio.api.contributions import Split
from petstudio.config.recipe import Recipe
from petstudio.images.roots import Root
from petstudio.project import changes
from petstudio.project.creation import NewProject, build_project
from petstudio.project.image_folders import ImageFolders
from petstudio.project.labels_copy import write_labels_copy
from petstudio.project.layout import LABELS_COPY
from petstudio.project.opening import Opened, open_for_reading, open_for_writing
from petstudio.project.placing import placed, split_choice_of
from petstudio.project.records import (
    Access,
    Edit,
    ImageRecord,
    KnownImages,
    LabelOrigin,
    NewImage,
    Rename,
    RunFolder,
    RunRecord,
    RunState,
    Source,
    TrashedRun,
)
from petstudio.project.relocating import fingerprint_of, relocate
from petstudio.project.run_notes import RunNotesTable
from petstudio.project.snapshots import Snapshot, take_snapshot

_NO_CHOICE: Final[Mapping[str, Any]] = MappingProxyType({})  # plain values of any kind


class Project:
    """Used by the thread that opened it, until `close`; made by `create` and `open`.

    Every edit is on the disk when its method returns. Methods that change something raise
    ConflictError when the project is open read-only, and MachineError when the disk is full.
    """

    def __init__(self, path: Path, access: Access, opened: Opened) -> None:
        self._opened = opened
        self._contents = opened.contents
        self._is_copy_stale = opened.is_copy_stale
        self.path = path
        self.access = access

    @classmethod
    def create(
        cls,
        path: Path,
        *,
        source: Source,
        root: Path,
        images: Sequence[NewImage],
        split: Mapping[str, Any] = _NO_CHOICE,  # plain values of any kind
    ) -> Self:
        """Make a project and open it for writing; it appears complete or not at all.

        Raises what `build_project` raises.
        """
        build_project(path, NewProject(source=source, root=root, images=images, split_choice=split))
        return cls.open(path)

    @classmethod
    def open(
        cls, path: Path, access: Access = Access.WRITE, known: KnownImages | None = None
    ) -> Self:
        """Open a project; READ gives a private copy, which no other process can disturb.

        Images that are `known` as they are need not be read.

        Raises:
            InputError: there is no project here.
            ConflictError: another process writes to it (for READ: and there is no snapshot).
            IntegrityError: it is damaged, foreign or newer; nothing was changed.
            MachineError: the disk or the folder's rights.
        """
        opener = open_for_writing if access is Access.WRITE else open_for_reading
        return cls(path, access, opener(path, known))

    def close(self) -> None:
        """Write the second copy of the labels if needed, and let others in."""
        if self._is_copy_stale:
            write_labels_copy(self.path / LABELS_COPY, self.known_images.records.present)
            self._is_copy_stale = False
        self._opened.resources.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    @property
    def id(self) -> str:
        """Stays the same when the project's folder is moved or copied."""
        return self._contents.project_id

    @property
    def source(self) -> Source:
        """How the images were found."""
        return self._contents.source

    @property
    def split_choice(self) -> Mapping[str, Any]:
        """How the splits were made, as plain values."""
        return self._contents.split_choice

    @property
    def shown_snapshot(self) -> Snapshot | None:
        """The snapshot that stands in for the database while another process writes to it."""
        return self._opened.snapshot

    @property
    def data_root(self) -> Root:
        """Where the images are, as this user said on this machine; added folders may be gone.

        Raises:
            InputError: the first folder is not known or gone.
        """
        return self._contents.folders.root

    @property
    def folders(self) -> ImageFolders:
        """The folder that the project was made of, and those that were added to it."""
        return self._contents.folders

    @property
    def known_images(self) -> KnownImages:
        """All images as they are now, in columns, for the next one who opens the project."""
        return self._contents.images.known

    def images(self) -> tuple[ImageRecord, ...]:
        """Return all images, in the order in which they were given."""
        return self._contents.images.present

    def add_images(self, images: Sequence[NewImage]) -> tuple[ImageRecord, ...]:
        """Take in more images, which is no step of the history; InputError as for a new project."""
        self._is_copy_stale = True
        return self._contents.images.add(images)

    def bring_in(self, images: Sequence[NewImage], folder: str = "") -> tuple[ImageRecord, ...]:
        """Take in more images as one step of the history; those without a split get one.

        Taken back, they are no images of the project. InputError as for a new project.
        """
        withdrawn = self._contents.images.add(images, withdrawn=True)
        self._apply(self._placed(changes.bring_in(withdrawn, images, folder)))
        records = self._contents.images.records
        return tuple(records[image.id] for image in withdrawn)

    def usable(self) -> tuple[ImageRecord, ...]:
        """Return the images with a label and a split that can be read and are not excluded."""
        return tuple(image for image in self.images() if image.is_usable)

    def classes(self) -> tuple[str, ...]:
        """Return the labels of all readable images that are not excluded, sorted."""
        seen = (image for image in self.images() if not image.excluded and image.unreadable is None)
        return tuple(sorted({image.label for image in seen if image.label is not None}))

    def split_fingerprint(self) -> str:
        """Return a SHA-256 over path, label and split of the usable images."""
        return fingerprint_of(self.images())

    def relocate(self, places: Mapping[int, str]) -> None:
        """Note where images lie now, no step of the history; InputError as for a new project."""
        relocate(self._opened.database, self._contents, places)
        self._is_copy_stale = True

    def set_labels(self, labels: Mapping[int, str | None], origin: LabelOrigin) -> Edit:
        """Label images by id; None takes the label away. One step of the history.

        An image that had no split gets one in the same step, by the project's split choice.

        Raises:
            InputError: an unknown id, no image at all, or a label that cannot be one.
        """
        change = changes.relabel(self._contents.images.records, labels, origin)
        return self._apply(self._placed(change))

    def set_splits(self, splits: Mapping[int, Split]) -> Edit:
        """Put images by id into other parts of the data; InputError as in `set_labels`."""
        return self._apply(changes.move(self._contents.images.records, splits))

    def set_excluded(self, ids: Iterable[int], excluded: bool) -> Edit:
        """Leave images out or take them in again; InputError as in `set_labels`."""
        return self._apply(changes.exclude(self._contents.images.records, ids, excluded))

    def apply_fixes(self, labels: Mapping[int, str], excluded: Iterable[int]) -> Edit:
        """Label images anew and leave others out in one step; InputError as in `set_labels`."""
        return self._apply(changes.fix(self._contents.images.records, labels, excluded))

    def rename_class(self, old: str, new: str) -> Edit:
        """Give a class another name, or merge it into that one; InputError if this cannot be."""
        return self._apply(changes.rename(self._contents.images.records, old, new))

    def undo(self) -> Edit | None:
        """Take back the newest edit and return it; None when there is none."""
        return self._changed(self._contents.history.undo())

    def redo(self) -> Edit | None:
        """Do again what was undone last and return it; None when there is nothing."""
        return self._changed(self._contents.history.redo())

    def go_to_edit(self, edit: int) -> None:
        """Undo or redo up to the moment after an edit, 0 before the first; InputError if none."""
        self._contents.history.go_to(edit)
        self._is_copy_stale = True

    def history(self) -> tuple[Edit, ...]:
        """Return all edits, oldest first; those that are undone stand at the end."""
        return self._contents.history.edits()

    def renames(self) -> tuple[Rename, ...]:
        """Return how classes were renamed, the oldest first; not what is undone."""
        return self._contents.history.renames()

    def recent_images(self, most: int) -> tuple[int, ...]:
        """Return the ids of the images that were edited last, the newest first."""
        return self._contents.history.recent_images(most)

    def new_run(self, recipe: Recipe, name: str = "") -> RunFolder:
        """Make a run in state RUNNING, with its folder and recipe."""
        return self._contents.runs.add(recipe, name, self.split_fingerprint())

    def finish_run(self, number: int, state: RunState, metrics: Mapping[str, float]) -> None:
        """Note how a run ended; InputError if there is no such run."""
        self._contents.runs.finish(number, state, metrics)

    def resumable_run(self, number: int | None = None) -> RunRecord:
        """Return this or the latest broken-off run; InputError: none, ConflictError: going on."""
        return self._contents.runs.resumable(number)

    def reopen_run(self, number: int) -> None:
        """Put a run into state RUNNING again."""
        self._contents.runs.reopen(number)

    def runs(self) -> tuple[RunRecord, ...]:
        """Return all runs, oldest first."""
        return self._contents.runs.runs()

    @property
    def run_notes(self) -> RunNotesTable:
        """Tags, notes and pins of the runs, and which one is the baseline."""
        return self._contents.notes

    def rename_run(self, number: int, name: str) -> None:
        """Call a run otherwise; InputError if there is none, or if this cannot be its name."""
        self._contents.runs.rename(number, name)

    def run(self, number: int | None = None) -> RunRecord:
        """Return one run, or the latest that was completed; InputError if there is none."""
        return self._contents.runs.run(number)

    def trash_run(self, number: int) -> TrashedRun:
        """Put a run into the trash, from where it can come back for 30 days.

        InputError if there is no such run, ConflictError while it is going on.
        """
        return self._contents.runs.throw_away(number)

    def restore_run(self, number: int) -> RunRecord:
        """Take a run out of the trash; InputError if it is not there."""
        return self._contents.runs.bring_back(number)

    def trashed_runs(self) -> tuple[TrashedRun, ...]:
        """Return the runs in the trash, oldest first; no other method knows them."""
        return self._contents.runs.trashed()

    def empty_trash(self) -> int:
        """Delete for good what lies in the trash; returns how many bytes that freed."""
        return self._contents.runs.empty_trash()

    def take_snapshot(self) -> Snapshot:
        """Keep a copy of the database as it is; call it before deleting much at once."""
        return take_snapshot(self._opened.database, self.path)

    def _placed(self, change: changes.Change) -> changes.Change:
        records, choice = self._contents.images.records, split_choice_of(self.split_choice)
        root = self._contents.folders.known
        return replace(change, records=placed(records, change.records, choice, root))

    def _apply(self, change: changes.Change) -> Edit:
        edit = self._contents.history.apply(change)
        self._is_copy_stale = True
        return edit

    def _changed(self, edit: Edit | None) -> Edit | None:
        self._is_copy_stale |= edit is not None
        return edit
