"""From a folder to a project: prove, verify, store."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Final

from petstudio.api.contributions import ImageLabel, Split
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
from petstudio.api.language import counted, tr
from petstudio.images.splitting import SplitChoice
from petstudio.jobs.checking import joined_by_content, twin_notices
from petstudio.jobs.job import Job
from petstudio.jobs.kept_facts import facts_file, save_facts
from petstudio.jobs.proving import GROUP_PATTERN, DataSource, LabelProof, prove, split_labels
from petstudio.jobs.scanning import Families, PictureScan, scan_pictures
from petstudio.jobs.wording import named
from petstudio.plugin_host.child import LabelReader
from petstudio.plugin_host.host import PluginHost
from petstudio.project.names import shown_text
from petstudio.project.project import Project
from petstudio.project.records import NewImage, Source

_FEWEST_CLASSES: Final = 2


def create_project(host: PluginHost, path: Path, source: DataSource, split: SplitChoice) -> Job:
    """Return the job that makes a project of a folder; it ends with ProjectCreated."""

    def job(emit: Emit, control: RunControl) -> None:
        if path.exists():
            raise InputError(
                tr("{path} exists already.", path=path), cure=tr("Choose another name.")
            )
        emit(ProgressMade(task=tr("Reading labels"), done=0))
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


def _require_readable(proof: LabelProof, unreadable: Mapping[str, ImageError]) -> None:
    """Raise InputError if the pictures that can be read have too few classes."""
    classes = {image.label for image in proof.labels if image.path not in unreadable} - {None}
    if len(classes) < _FEWEST_CLASSES:
        first, error = next(iter(unreadable.items()))
        raise InputError(
            counted(
                len(unreadable),
                "{count:,} picture of {total:,} cannot be read, first {first} ({reason}); too few "
                "classes are left.",
                "{count:,} pictures of {total:,} cannot be read, first {first} ({reason}); too few "
                "classes are left.",
                total=len(proof.labels),
                first=shown_text(first),
                reason=tr(error.reason.value),
            ),
            cure=tr("Replace them by good copies, or choose another folder."),
        )


def _scan(proof: LabelProof, emit: Emit, control: RunControl) -> PictureScan:
    files = proof.listing.files
    tell = _hundredths(emit, tr("Checking pictures"), len(files))
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
    sides = split_labels(joined_by_content(readable, families), choice)
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


def _warn(proof: LabelProof, emit: Emit) -> None:
    single = [name for name, count in proof.classes if count == 1]
    if single:
        message = tr(
            "Only 1 picture: {named}. Such a class can be learned, not checked.",
            named=named(single),
        )
        emit(NoticeGiven(level=NoticeLevel.WARNING, message=message))
    if proof.unmatched:
        paths = [image.path for image in proof.labels if image.label is None]
        message = counted(
            proof.unmatched,
            "{count:,} file without a label, left aside: {named}.",
            "{count:,} files without a label, left aside: {named}.",
            named=named(paths),
        )
        emit(NoticeGiven(level=NoticeLevel.WARNING, message=message))
    if proof.missing:
        message = counted(
            len(proof.missing),
            "{count:,} file named by the table, but not there: {named}.",
            "{count:,} files named by the table, but not there: {named}.",
            named=named(proof.missing),
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
