"""What is wrong with a project's data although every picture can be read, told in sentences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final, TypeAlias

from petstudio.api.contributions import ImageLabel, Split
from petstudio.api.control import RunControl
from petstudio.api.errors import ImageReason, InputError
from petstudio.api.events import Emit, NoticeGiven, NoticeLevel, ProgressMade
from petstudio.api.language import counted, tr
from petstudio.images.roots import Root
from petstudio.jobs.job import Job
from petstudio.jobs.scanning import Families, PictureScan, scan_project
from petstudio.jobs.verifying import verify_pictures
from petstudio.jobs.wording import named
from petstudio.project.names import shown_text
from petstudio.project.project import Project
from petstudio.project.records import Access, ImageRecord, NewImage

_Image: TypeAlias = NewImage | ImageRecord

_CHECKING: Final = tr("Checking pictures")


def check_project(project: Path) -> Job:
    """Return the job that tells what is wrong with a project's pictures, labels and split.

    Opening it checks the database; every picture is decoded unless that was done before and it is
    the same since. The last notice sums up.
    """

    def job(emit: Emit, control: RunControl) -> None:
        with Project.open(project, Access.READ) as opened:
            images, root = opened.images(), opened.data_root
        usable = [image for image in images if image.is_usable]

        def tell(done: int) -> None:
            emit(ProgressMade(task=_CHECKING, done=done, total=len(usable)))

        scan = scan_project(project, root, [image.path for image in usable], control, tell)
        found = [
            *_left_aside(images),
            *_place_notices(images, root),
            *_fault_notices(scan),
            *_class_notices(usable),
            *twin_notices(usable, scan.equal),
            *alike_notices(usable, scan.alike),
        ]
        for notice in found:
            emit(notice)
        emit(
            _info(
                counted(
                    len(usable),
                    "{count:,} picture checked, {found} found to look at.",
                    "{count:,} pictures checked, {found} found to look at.",
                    found=len(found),
                )
            )
        )

    return job


def joined_by_content(images: Sequence[ImageLabel], twins: Families) -> list[ImageLabel]:
    """Return the images such that equal ones, and the groups they belong to, are one group."""
    groups = {image.path: image.group or f"\0{image.path}" for image in images}
    families: dict[str, str] = {}

    def family(group: str) -> str:
        while group in families:
            group = families[group]
        return group

    for twin in twins:
        first, *others = [path for path in twin if path in groups] or [""]
        for other in others:
            mine, theirs = family(groups[first]), family(groups[other])
            if mine != theirs:
                families[theirs] = mine
    grown = set(families.values())
    return [
        replace(image, group=family(groups[image.path]))
        if groups[image.path] in families or groups[image.path] in grown
        else image
        for image in images
    ]


def twin_notices(images: Iterable[_Image], twins: Families) -> Iterator[NoticeGiven]:
    """Tell of equal pictures, of those with different labels, and of those on both sides."""
    groups = _groups(images, twins)
    if not groups:
        return
    equal = sum(len(group) for group in groups)
    yield _info(
        tr(
            "{equal:,} pictures have the same bytes as another: {shown}.",
            equal=equal,
            shown=_shown(groups),
        )
    )
    disputed = _disputed(groups)
    if disputed:
        yield _warning(
            tr(
                "Equal pictures with different labels, so that one of them is wrong: {shown}.",
                shown=_shown(disputed, with_label=True),
            )
        )
    leaking = _leaking(groups)
    if leaking:
        yield _warning(
            tr(
                "Equal pictures on both sides of the split, so that the figures look better "
                "than they are: {shown}.",
                shown=_shown(leaking),
            )
        )


def alike_notices(images: Iterable[_Image], alike: Families) -> Iterator[NoticeGiven]:
    """Tell of near-duplicates, of those with different labels, and of those on both sides."""
    pairs = _groups(images, alike)
    if not pairs:
        return
    yield _info(
        counted(
            len(pairs),
            "{count:,} pair of near-duplicates: {shown}.",
            "{count:,} pairs of near-duplicates: {shown}.",
            shown=_shown(pairs),
        )
    )
    disputed = _disputed(pairs)
    if disputed:
        yield _warning(
            tr(
                "Near-duplicates with different labels, so that one of them is probably wrong: "
                "{shown}.",
                shown=_shown(disputed, with_label=True),
            )
        )
    leaking = _leaking(pairs)
    if leaking:
        yield _warning(
            tr(
                "Near-duplicates on both sides of the split, so that the figures look better than "
                "they are: {shown}.",
                shown=_shown(leaking),
            )
        )


def _groups(images: Iterable[_Image], families: Families) -> list[list[_Image]]:
    by_path = {image.path: image for image in images}
    return [[by_path[path] for path in family if path in by_path] for family in families]


def _disputed(groups: Iterable[list[_Image]]) -> list[list[_Image]]:
    return [group for group in groups if len({image.label for image in group}) > 1]


def _leaking(groups: Iterable[list[_Image]]) -> list[list[_Image]]:
    return [group for group in groups if len(_sides(group)) > 1]


def _sides(group: Iterable[_Image]) -> set[Split]:
    return {image.split for image in group if image.split is not None}


def _shown(groups: Sequence[Sequence[_Image]], *, with_label: bool = False) -> str:
    def one(image: _Image) -> str:
        label = f" ({shown_text(image.label or 'no label')})" if with_label else ""
        return shown_text(image.path) + label

    return named([" = ".join(one(image) for image in group) for group in groups])


def _left_aside(images: Sequence[ImageRecord]) -> Iterator[NoticeGiven]:
    reasons = Counter(image.unreadable for image in images if image.unreadable is not None)
    for reason, count in reasons.most_common():
        yield _warning(
            counted(
                count,
                "{count:,} picture left aside: {reason}.",
                "{count:,} pictures left aside: {reason}.",
                reason=reason,
            )
        )
    unlabelled = [image.shown for image in images if image.label is None]
    if unlabelled:
        yield _warning(
            counted(
                len(unlabelled),
                "{count:,} picture without a label: {named}.",
                "{count:,} pictures without a label: {named}.",
                named=named(unlabelled),
            )
        )


def _place_notices(images: Sequence[ImageRecord], root: Root) -> Iterator[NoticeGiven]:
    try:
        sentences = verify_pictures(images, root)
    except InputError as error:
        sentences = (str(error),)
    yield from map(_warning, sentences)


def _fault_notices(scan: PictureScan) -> Iterator[NoticeGiven]:
    """Tell of pictures that could be read at the import; of lost ones the place tells."""
    faulty = [
        f"{shown_text(path)} ({tr(error.reason.value)})"
        for path, error in scan.unreadable.items()
        if error.reason is not ImageReason.MISSING
    ]
    if faulty:
        yield _warning(
            counted(
                len(faulty),
                "{count:,} picture can no longer be read: {named}.",
                "{count:,} pictures can no longer be read: {named}.",
                named=named(faulty),
            )
        )


def _class_notices(usable: Sequence[ImageRecord]) -> Iterator[NoticeGiven]:
    trained = {image.label for image in usable if image.split is Split.TRAIN}
    checked = {image.label for image in usable if image.split is Split.VALID}
    never_seen = sorted(shown_text(str(label)) for label in checked - trained)
    unchecked = sorted(shown_text(str(label)) for label in trained - checked)
    if never_seen:
        yield _warning(
            tr("Nothing to learn from in the training part: {named}.", named=named(never_seen))
        )
    if unchecked:
        yield _warning(
            tr("Learned but never checked in the validation part: {named}.", named=named(unchecked))
        )


def _info(message: str) -> NoticeGiven:
    return NoticeGiven(level=NoticeLevel.INFO, message=message)


def _warning(message: str) -> NoticeGiven:
    return NoticeGiven(level=NoticeLevel.WARNING, message=message)
