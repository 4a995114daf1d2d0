"""From a folder to a project: list, label, split, verify, store."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Final, Self

from petstudio.api.contributions import ImageLabel, Place, Split
from petstudio.api.control import RunControl
from petstudio.api.errors import ImageError, InputError
from petstudio.api.events import (
    Emit,
    ImageSkipped,
    NoticeGiven,
    NoticeLevel,
    ProgressMade,
    ProjectCreated,
)
from petstudio.api.options import from_mapping
from petstudio.images.listing import Listing, list_images
from petstudio.images.splitting import SplitChoice, SplitItem, split_items
from petstudio.jobs.checking import joined_by_content, twin_notices
from petstudio.jobs.job import Job
from petstudio.jobs.kept_facts import facts_file, save_facts
from petstudio.jobs.scanning import Families, PictureScan, scan_pictures
from petstudio.jobs.wording import counted, named
from petstudio.plugin_host.child import LabelReader
from petstudio.plugin_host.host import PluginHost
from petstudio.project.names import shown_text
from petstudio.project.project import Project
from petstudio.project.records import NewImage, Source

_PATTERN_LOADER: Final = "regex"
GROUP_PATTERN: Final = "group_pattern"
"""Under which name a project keeps DataSource.group beside the SplitChoice."""
_FEWEST_CLASSES: Final = 2
_FEWEST_IN_CLASS: Final = 2


@dataclass(frozen=True, kw_only=True)
class DataSource:
    """A folder, and how its labels are found.

    `group` is a pattern: what its first group matches in a path stays on one side of the split.
    """

    root: Path
    loader: str
    options: Mapping[str, Any]
    group: str = ""


@dataclass(frozen=True, kw_only=True)
class LabelProof:
    """What a source says, before anything is stored.

    Attributes:
        labels: one for each file of the listing, in its order.
        missing: files that the source names but that are not there.
        splits: the side of each file; None where it has no label.
    """

    listing: Listing
    labels: tuple[ImageLabel, ...]
    missing: tuple[str, ...]
    splits: tuple[Split | None, ...]

    @cached_property
    def classes(self) -> tuple[tuple[str, int], ...]:
        """Class names with their number of images, sorted by name."""
        return tuple(sorted(Counter(image.label for image in self.labels if image.label).items()))

    @cached_property
    def unmatched(self) -> int:
        """How many files got no label."""
        return sum(1 for image in self.labels if image.label is None)

    @cached_property
    def ambiguous(self) -> int:
        """How many files could have got another label by the same rule."""
        return sum(1 for image in self.labels if image.is_ambiguous)

    @cached_property
    def order(self) -> tuple[int, ...]:
        """Positions of the files, those that need a look first: unmatched, then ambiguous."""
        return tuple(sorted(range(len(self.labels)), key=lambda place: _rank(self.labels[place])))

    @cached_property
    def sides(self) -> Mapping[Split | None, int]:
        """How many files are on each side."""
        return Counter(self.splits)

    @cached_property
    def is_split_given(self) -> bool:
        """The source says where each labelled file belongs, and that some of them validate."""
        given = {image.split for image in self.labels if image.label is not None}
        return None not in given and Split.VALID in given

    def counted(self) -> Self:
        """Count now, so that the window need not when it asks."""
        _ = (self.ambiguous, self.order, self.sides, self.is_split_given, self.problem)
        assert self.unmatched + sum(count for _, count in self.classes) == len(self.labels)
        return self

    @cached_property
    def problem(self) -> str:
        """Why this cannot be trained on, as a sentence with its cure; empty if it can."""
        if self.unmatched == len(self.labels):
            first = self.listing.files[0]
            return f"No file got a label. First file: {first}. Change how labels are found."
        counts = dict(self.classes)
        if len(counts) < _FEWEST_CLASSES:
            only = next(iter(counts))
            return (
                f"The pictures have 1 class ({only}); a classifier needs at least 2. "
                "Choose the folder above it, or change how labels are found."
            )
        if sum(count >= _FEWEST_IN_CLASS for count in counts.values()) < _FEWEST_CLASSES:
            single = next(name for name, count in counts.items() if count < _FEWEST_IN_CLASS)
            return (
                f"{single} has 1 picture, it cannot be on both sides. "
                "At least 2 classes need 2 pictures each."
            )
        return ""


def _rank(image: ImageLabel) -> int:
    return 0 if image.label is None else 1 if image.is_ambiguous else 2


def prove(
    host: PluginHost,
    reader: LabelReader,
    source: DataSource,
    split: SplitChoice,
    control: RunControl,
    families: Families = (),
) -> LabelProof:
    """Read the labels of a folder and split it, without storing anything.

    `families` are pictures that must not be divided, as far as they are known.

    Raises:
        InputError: the folder, the loader's options or its source cannot be used.
        PluginError: the loader failed.
    """
    listing = list_images(source.root)
    found = read_source(host, reader, source, listing.files, control)
    by_path = {image.path: image for image in found}
    known = set(listing.files)
    labels = tuple(by_path.get(path, ImageLabel(path=path, label=None)) for path in listing.files)
    if split.by_folder:
        labels = grouped_by_folder(labels)
    return LabelProof(
        listing=listing,
        labels=labels,
        missing=tuple(image.path for image in found if image.path not in known),
        splits=_split(joined_by_content(labels, families), split),
    )


def read_source(
    host: PluginHost,
    reader: LabelReader,
    source: DataSource,
    files: tuple[str, ...],
    control: RunControl,
) -> tuple[ImageLabel, ...]:
    """Return what the source says of these of its files, and of others that it names."""
    place = Place(root=source.root, files=files)
    found = _read(host, reader, source.loader, source.options, place, control)
    return _grouped(host, reader, found, source.group, place, control) if source.group else found


def grouped_by_folder(labels: Sequence[ImageLabel]) -> tuple[ImageLabel, ...]:
    """Return the images such that those of each folder are one group."""
    return tuple(replace(image, group=_folder(image.path)) for image in labels)


def create_project(host: PluginHost, path: Path, source: DataSource, split: SplitChoice) -> Job:
    """Return the job that makes a project of a folder; it ends with ProjectCreated."""

    def job(emit: Emit, control: RunControl) -> None:
        if path.exists():
            raise InputError(f"{path} exists already.", cure="Choose another name.")
        emit(ProgressMade(task="Reading labels", done=0))
        with LabelReader() as reader:
            proof = prove(host, reader, source, split, control)
        if proof.problem:
            raise InputError(proof.problem)
        # Noted before the content is looked at: what changes after that is noticed later.
        noted = [_size_and_time(source.root / file) for file in proof.listing.files]
        scan = _scan(proof, emit, control)
        unreadable = scan.unreadable
        _require_readable(proof, unreadable)
        _warn(proof, emit)
        readable = [image for image in proof.labels if image.path not in unreadable]
        sides = _sides(readable, scan.families(near=split.alike), split)
        images = _new_images(proof, noted, sides, unreadable)
        for notice in twin_notices(images, scan.equal):
            emit(notice)
        with Project.create(
            path,
            source=Source(loader=source.loader, options=source.options),
            root=source.root,
            images=images,
            split={**asdict(split), GROUP_PATTERN: source.group},
        ) as project:
            save_facts(facts_file(path), scan.seen)
            emit(_created(path, project.classes(), images, proof, unreadable))

    return job


def _read(
    host: PluginHost,
    reader: LabelReader,
    key: str,
    values: Mapping[str, Any],
    place: Place,
    control: RunControl,
) -> tuple[ImageLabel, ...]:
    loader = host.loader(key)
    options = from_mapping(loader.options, values)
    return host.call(loader, reader.read, loader, options, place, control)


def _grouped(
    host: PluginHost,
    reader: LabelReader,
    found: Sequence[ImageLabel],
    pattern: str,
    place: Place,
    control: RunControl,
) -> tuple[ImageLabel, ...]:
    """Set the groups by a pattern; it runs where label patterns run, under the same deadline."""
    options = {"pattern": pattern, "match": "path"}
    matched = _read(host, reader, _PATTERN_LOADER, options, place, control)
    groups = {image.path: image.label for image in matched}
    return tuple(replace(image, group=groups.get(image.path)) for image in found)


def _folder(path: str) -> str | None:
    return path.rpartition("/")[0] or None


def _require_readable(proof: LabelProof, unreadable: Mapping[str, ImageError]) -> None:
    """Raise InputError if the pictures that can be read have too few classes."""
    classes = {image.label for image in proof.labels if image.path not in unreadable} - {None}
    if len(classes) < _FEWEST_CLASSES:
        first, error = next(iter(unreadable.items()))
        raise InputError(
            f"{counted(len(unreadable), 'picture')} of {len(proof.labels):,} cannot be read, first "
            f"{shown_text(first)} ({error.reason.value}); too few classes are left.",
            cure="Replace them by good copies, or choose another folder.",
        )


def _scan(proof: LabelProof, emit: Emit, control: RunControl) -> PictureScan:
    files = proof.listing.files
    tell = _hundredths(emit, "Checking pictures", len(files))
    scan = scan_pictures(proof.listing.root, files, control, tell)
    for path, error in scan.unreadable.items():
        emit(ImageSkipped(path=path, reason=error.reason.value))
    return scan


def _hundredths(emit: Emit, task: str, total: int) -> Callable[[int], None]:
    """Return a function that reports progress, but no more than a hundred times."""
    shown = -1

    def tell(done: int) -> None:
        nonlocal shown
        if done * 100 // total > shown:
            shown = done * 100 // total
            emit(ProgressMade(task=task, done=done, total=total))

    return tell


def _sides(
    readable: Sequence[ImageLabel], families: Families, choice: SplitChoice
) -> Mapping[str, Split | None]:
    """Return the side of each path; families stay together."""
    sides = _split(joined_by_content(readable, families), choice)
    return {image.path: side for image, side in zip(readable, sides, strict=True)}


def _size_and_time(file: Path) -> tuple[int, int]:
    """Return size and mtime_ns; zeros if it has vanished since it was listed."""
    try:
        state = file.stat()
    except OSError:
        return 0, 0
    return state.st_size, state.st_mtime_ns


def _new_images(
    proof: LabelProof,
    noted: Sequence[tuple[int, int]],
    sides: Mapping[str, Split | None],
    unreadable: Mapping[str, ImageError],
) -> list[NewImage]:
    return [
        NewImage(
            path=image.path,
            label=image.label,
            split=sides.get(image.path),
            group=image.group,
            unreadable=unreadable[image.path].reason.value if image.path in unreadable else None,
            size=size,
            mtime_ns=mtime_ns,
        )
        for image, (size, mtime_ns) in zip(proof.labels, noted, strict=True)
    ]


def _split(labels: Sequence[ImageLabel], choice: SplitChoice) -> tuple[Split | None, ...]:
    items = [
        SplitItem(label=image.label, group=image.group, split=image.split)
        for image in labels
        if image.label is not None
    ]
    sides = iter(split_items(items, choice))
    return tuple(None if image.label is None else next(sides) for image in labels)


def _warn(proof: LabelProof, emit: Emit) -> None:
    single = [name for name, count in proof.classes if count == 1]
    if single:
        message = f"Only 1 picture: {named(single)}. Such a class can be learned, not checked."
        emit(NoticeGiven(level=NoticeLevel.WARNING, message=message))
    if proof.unmatched:
        paths = [image.path for image in proof.labels if image.label is None]
        message = f"{counted(proof.unmatched, 'file')} without a label, left aside: {named(paths)}."
        emit(NoticeGiven(level=NoticeLevel.WARNING, message=message))
    if proof.missing:
        message = (
            f"{counted(len(proof.missing), 'file')} named by the table, but not there: "
            f"{named(proof.missing)}."
        )
        emit(NoticeGiven(level=NoticeLevel.WARNING, message=message))


def _created(
    path: Path,
    classes: Sequence[str],
    images: Sequence[NewImage],
    proof: LabelProof,
    unreadable: Mapping[str, ImageError],
) -> ProjectCreated:
    sides = Counter(image.split for image in images)
    return ProjectCreated(
        path=str(path),
        images=len(images),
        classes=len(classes),
        train=sides[Split.TRAIN],
        valid=sides[Split.VALID],
        test=sides[Split.TEST],
        unmatched=proof.unmatched,
        unreadable=len(unreadable),
        left_out=len(proof.listing.left_out),
    )
