"""Where pictures go that get their first label after the others were split."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import replace
from typing import Any, Final

import numpy as np

from petstudio.api.contributions import Split
from petstudio.images.duplicates import same_content
from petstudio.images.roots import Root
from petstudio.images.split_choice import SplitChoice
from petstudio.project.image_columns import ImageColumns
from petstudio.project.records import ImageRecord

_MOST_LOOKED_AT: Final = 1000
"""Files of equal size that are read for one edit; of more than that, only the health check."""


def split_choice_of(values: Mapping[str, Any]) -> SplitChoice:  # plain values of any kind
    """Return how a project was split, from what it stores; a newer program's options are left."""
    known = SplitChoice.__dataclass_fields__
    return SplitChoice(**{name: value for name, value in values.items() if name in known})


def placed(
    images: ImageColumns,
    changed: Sequence[ImageRecord],
    choice: SplitChoice,
    root: Root | None,
) -> tuple[ImageRecord, ...]:
    """Return the changed records, each labelled one of them with a split.

    A new picture goes where its group is, then where a picture with the same bytes is. The first
    picture of a class trains. All others are drawn by the project's seed and shares, so that it
    does not matter in which order they come. With `root` None no file is looked at, nor where very
    many have the same size.
    """
    new = [record for record in changed if _lacks_place(record)]
    if not new:
        return tuple(changed)
    sides = _sides_of_groups(images, {record.group for record in new} - {None})
    sides.update(_sides_of_twins(images, new, root))
    trained = set(images.labels.used(images.splits.among((Split.TRAIN,))))
    found: dict[int, ImageRecord] = {}
    for record in new:
        family = record.group or _alone(record)
        side = sides.get(family) or sides.get(_alone(record))
        if side is None:
            side = choice.side_of(family) if record.label in trained else Split.TRAIN
        sides[family] = side
        if side is Split.TRAIN:
            trained.add(record.label)
        found[record.id] = replace(record, split=side)
    return tuple(found.get(record.id, record) for record in changed)


def _lacks_place(record: ImageRecord) -> bool:
    return record.label is not None and record.split is None and record.unreadable is None


def _sides_of_groups(images: ImageColumns, groups: Set[str | None]) -> dict[str, Split]:
    sides: dict[str, Split] = {}
    for record in images.only(images.groups.among(groups)).values():
        if record.group is not None and record.split is not None:
            sides.setdefault(record.group, record.split)
    return sides


def _sides_of_twins(
    images: ImageColumns, new: Iterable[ImageRecord], root: Root | None
) -> dict[str, Split]:
    """Return the sides of new pictures, where a placed one has the same bytes."""
    sizes = {record.size for record in new} - {0}
    are_alike = np.isin(images.sizes, list(sizes)) & images.are_readable
    alike = list(images.only(are_alike).values())
    if root is None or len(alike) > _MOST_LOOKED_AT or not any(record.split for record in alike):
        return {}
    sides: dict[str, Split] = {}
    for group in same_content([root / record.path for record in alike]):
        twins = [alike[position] for position in group]
        side = next((twin.split for twin in twins if twin.split is not None), None)
        if side is not None:
            sides.update((_alone(twin), side) for twin in twins if twin.split is None)
    return sides


def _alone(record: ImageRecord) -> str:
    """Return the name of the group of a picture that has none; no group is called so."""
    return f"\0{record.path}"
