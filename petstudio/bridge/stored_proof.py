"""The pictures of a project in the form in which a source is proved."""

from __future__ import annotations

from abc import abstractmethod
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar, overload

import numpy as np

from petstudio.api.contributions import ImageLabel, Split
from petstudio.images.listing import Listing
from petstudio.images.roots import Root
from petstudio.jobs.proving import LabelProof
from petstudio.project.image_columns import SLICE, ImageColumns

T = TypeVar("T")


class _Stored(Sequence[T]):
    """What is stored of pictures, put together when it is asked for."""

    def __init__(self, images: ImageColumns) -> None:
        self._images = images

    def __len__(self) -> int:
        return len(self._images)

    @overload
    def __getitem__(self, row: int, /) -> T: ...
    @overload
    def __getitem__(self, row: slice, /) -> Sequence[T]: ...
    def __getitem__(self, row: int | slice, /) -> T | Sequence[T]:
        if isinstance(row, slice):
            return tuple(self._each(row))
        row = range(len(self))[row]
        return next(iter(self._each(slice(row, row + 1))))

    def __iter__(self) -> Iterator[T]:
        for start in range(0, len(self), SLICE):
            yield from self._each(slice(start, start + SLICE))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and tuple(self) == tuple(other)

    __hash__ = None  # type: ignore[assignment]  # as of a list

    @abstractmethod
    def _each(self, rows: slice) -> Iterable[T]: ...


class StoredSides(_Stored[Split | None]):
    """The side of each picture; None where it has no label."""

    def _each(self, rows: slice) -> Iterator[Split | None]:
        sides = zip(self._images.labels.each(rows), self._images.splits.each(rows), strict=True)
        return (None if label is None else side for label, side in sides)


class StoredLabels(_Stored[ImageLabel]):
    """The label of each picture."""

    def _each(self, rows: slice) -> Iterator[ImageLabel]:
        images = self._images
        columns = (images.paths[rows], images.labels.each(rows), images.groups.each(rows))
        for path, label, group in zip(*columns, strict=True):
            yield ImageLabel(path=path, label=label, group=group)


@dataclass(frozen=True, kw_only=True)
class StoredProof(LabelProof):
    """Counted from the columns: from the labels, one by one, a million would take five seconds."""

    images: ImageColumns

    @cached_property
    def classes(self) -> tuple[tuple[str, int], ...]:
        counts = self.images.labels.counts(self.images.are_labelled)
        return tuple(sorted((name, count) for name, count in counts.items() if name is not None))

    @cached_property
    def unmatched(self) -> int:
        return int(np.count_nonzero(~self.images.are_labelled))

    @cached_property
    def ambiguous(self) -> int:
        return 0

    @cached_property
    def order(self) -> Sequence[int]:
        are_labelled = self.images.are_labelled
        order = np.concatenate([np.flatnonzero(~are_labelled), np.flatnonzero(are_labelled)])
        return array("L", order.astype("L").tobytes())

    @cached_property
    def sides(self) -> Mapping[Split | None, int]:
        are_labelled = self.images.are_labelled
        counts = self.images.splits.counts(are_labelled)
        none = counts.get(None, 0) + self.unmatched
        return {**{side: counts.get(side, 0) for side in Split}, None: none}

    @cached_property
    def is_split_given(self) -> bool:
        return False


def proof_of(root: Root, images: ImageColumns) -> LabelProof:
    """Return the proof for these pictures of a project."""
    images = images.only(images.are_readable & ~images.excluded)
    return StoredProof(
        listing=Listing(root=root, files=images.paths, left_out=()),
        labels=StoredLabels(images),
        missing=(),
        splits=StoredSides(images),
        images=images,
    ).counted()
