"""What the edits do, as pure functions from records to changed records and a sentence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from petstudio.api.contributions import Split
from petstudio.api.errors import InputError
from petstudio.project.image_columns import ImageColumns
from petstudio.project.names import check_label, shown_text
from petstudio.project.records import ImageRecord, LabelOrigin, NewImage

_LONGEST_NAME_IN_SENTENCE: Final = 60
_CHOOSE: Final = "Choose at least one image."


@dataclass(frozen=True, kw_only=True)
class Change:
    """The sentence for the edit history, and the records as they shall be.

    `rename` is the former and the new name of a class, if it gets another one.
    """

    what: str
    records: tuple[ImageRecord, ...]
    rename: tuple[str, str] | None = None


def relabel(
    records: Mapping[int, ImageRecord], labels: Mapping[int, str | None], origin: LabelOrigin
) -> Change:
    """Give images labels; None takes the label away, or from a person says that none fits."""
    for label in set(labels.values()):
        if label is not None:
            check_label(label)
    changed = [
        replace(record, label=labels[record.id], origin=origin)
        for record in _chosen(records, labels)
    ]
    return Change(what=_label_sentence(labels, origin), records=tuple(changed))


def bring_in(
    records: Sequence[ImageRecord], images: Sequence[NewImage], folder: str = ""
) -> Change:
    """Make withdrawn records what was said of them; `folder` is the name of the one added."""
    changed = [
        replace(record, label=image.label, split=image.split, origin=LabelOrigin.LOADER)
        for record, image in zip(records, images, strict=True)
    ]
    what = f"Add {_count(len(changed))}"
    return Change(what=f"{what} of {_short(folder)}" if folder else what, records=tuple(changed))


def move(records: Mapping[int, ImageRecord], splits: Mapping[int, Split]) -> Change:
    """Put images into other parts of the data."""
    changed = [replace(record, split=splits[record.id]) for record in _chosen(records, splits)]
    targets = {split.value for split in splits.values()}
    images = _count(len(changed))
    what = (
        f"Move {images} to {targets.pop()}" if len(targets) == 1 else f"Change splits of {images}"
    )
    return Change(what=what, records=tuple(changed))


def exclude(records: Mapping[int, ImageRecord], ids: Iterable[int], excluded: bool) -> Change:
    """Leave images out, or take them in again."""
    changed = [replace(record, excluded=excluded) for record in _chosen(records, ids)]
    verb = "Exclude" if excluded else "Include"
    return Change(what=f"{verb} {_count(len(changed))}", records=tuple(changed))


def fix(
    records: Mapping[int, ImageRecord], labels: Mapping[int, str], excluded: Iterable[int]
) -> Change:
    """Give images other labels, and leave others out, as one change."""
    out = set(excluded)
    for label in set(labels.values()):
        check_label(label)
    changed = [
        replace(
            record,
            label=labels.get(record.id, record.label),
            origin=LabelOrigin.PERSON if record.id in labels else record.origin,
            excluded=record.excluded or record.id in out,
        )
        for record in _chosen(records, {*labels, *out})
    ]
    return Change(what=f"Fix {_count(len(changed))}", records=tuple(changed))


def rename(images: ImageColumns, old: str, new: str) -> Change:
    """Give a class another name; if a class of that name exists, the two become one."""
    check_label(new)
    labels = images.labels.used(images.are_labelled)
    if old not in labels:
        raise InputError(
            f"There is no class “{_short(old)}”.", cure="Choose one of the project's classes."
        )
    if old == new:
        raise InputError(f"The class is called “{_short(new)}” already.", cure="Choose a new name.")
    named = images.only(images.labels.among((old,)))
    changed = [replace(record, label=new) for record in named.values()]
    verb, link = ("Merge", "into") if new in labels else ("Rename", "to")
    what = f"{verb} class {_short(old)} {link} {_short(new)}"
    return Change(what=what, records=tuple(changed), rename=(old, new))


def _chosen(records: Mapping[int, ImageRecord], ids: Iterable[int]) -> list[ImageRecord]:
    chosen = sorted(set(ids))
    unknown = [number for number in chosen if number not in records]
    if unknown:
        raise InputError(f"The project has no image number {unknown[0]}.", cure=_CHOOSE)
    if not chosen:
        raise InputError("No image is chosen.", cure=_CHOOSE)
    return [records[number] for number in chosen]


def _label_sentence(labels: Mapping[int, str | None], origin: LabelOrigin) -> str:
    images = _count(len(labels))
    names = set(labels.values())
    if names == {None} and origin is LabelOrigin.PERSON:
        return f"Mark {images} as none of the classes"
    if names == {None}:
        return f"Remove the label of {images}"
    only = names.pop() if len(names) == 1 else None
    return f"Label {images}" if only is None else f"Label {images} as {_short(only)}"


def _count(number: int) -> str:
    return "1 image" if number == 1 else f"{number:,} images"


def _short(name: str) -> str:
    shown = shown_text(name)
    cut = shown[: _LONGEST_NAME_IN_SENTENCE - 1]
    return shown if len(shown) <= _LONGEST_NAME_IN_SENTENCE else f"{cut}…"
