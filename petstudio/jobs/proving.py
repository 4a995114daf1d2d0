"""What a folder says, before anything is stored: its pictures with labels and sides."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Final, Self

from petstudio.api.contributions import ImageLabel, Place, Split
from petstudio.api.control import RunControl
from petstudio.api.language import tr
from petstudio.api.options import from_mapping
from petstudio.images.listing import Listing, list_images
from petstudio.images.splitting import SplitChoice, SplitItem, split_items
from petstudio.jobs.checking import joined_by_content
from petstudio.jobs.scanning import Families
from petstudio.plugin_host.child import LabelReader
from petstudio.plugin_host.host import PluginHost

GROUP_PATTERN: Final = "group_pattern"
"""Under which name a project keeps DataSource.group beside the SplitChoice."""
_PATTERN_LOADER: Final = "regex"
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
    labels: Sequence[ImageLabel]
    missing: tuple[str, ...]
    splits: Sequence[Split | None]

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
    def order(self) -> Sequence[int]:
        """Positions of the files, those that need a look first: unmatched, then ambiguous."""
        ranks = [_rank(image) for image in self.labels]
        return array("L", sorted(range(len(ranks)), key=ranks.__getitem__))

    @cached_property
    def sides(self) -> Mapping[Split | None, int]:
        """How many files are on each side."""
        # A Counter would hash every side, which an enum does in Python.
        return {side: self.splits.count(side) for side in (*Split, None)}

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
        if not self.labels:
            return tr("All pictures are left out. Take some in again on the Label page.")
        if self.unmatched == len(self.labels):
            first = self.listing.files[0]
            return tr(
                "No file got a label. First file: {first}. Change how labels are found.",
                first=first,
            )
        counts = dict(self.classes)
        if len(counts) < _FEWEST_CLASSES:
            only = next(iter(counts))
            return tr(
                "The pictures have 1 class ({only}); a classifier needs at least 2. Choose the "
                "folder above it, or change how labels are found.",
                only=only,
            )
        if sum(count >= _FEWEST_IN_CLASS for count in counts.values()) < _FEWEST_CLASSES:
            single = next(name for name, count in counts.items() if count < _FEWEST_IN_CLASS)
            return tr(
                "{single} has 1 picture, it cannot be on both sides. At least 2 classes need 2 "
                "pictures each.",
                single=single,
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
        splits=split_labels(joined_by_content(labels, families), split),
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


def split_labels(labels: Sequence[ImageLabel], choice: SplitChoice) -> tuple[Split | None, ...]:
    """Return the side of each image; None where it has no label."""
    items = [
        SplitItem(label=image.label, group=image.group, split=image.split)
        for image in labels
        if image.label is not None
    ]
    sides = iter(split_items(items, choice))
    return tuple(None if image.label is None else next(sides) for image in labels)


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
