"""What is worth a look in a choice of pictures, labels and sides; nothing here reads a file."""

from __future__ import annotations

import statistics
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import Final

from petstudio.api.contributions import Split
from petstudio.api.language import counted, tr
from petstudio.jobs.proving import LabelProof
from petstudio.jobs.scanning import Families, PictureScan
from petstudio.project.names import shown_text
from petstudio.project.records import ImageRecord

TINY_PX: Final = 64
_USUAL_MODES: Final = ("RGB", "L")
_SMALL_SHARE: Final = 0.5


class FindingKind(Enum):
    """Kinds of findings, the worst first."""

    UNREADABLE = auto()
    TWO_LABELS = auto()
    CHANGED = auto()
    EQUAL = auto()
    ALIKE = auto()
    TINY = auto()
    ODD_MODE = auto()
    SMALL_CLASS = auto()
    LIKE_NAMES = auto()


@dataclass(frozen=True, kw_only=True)
class Found:
    """A picture, or a class where the finding is about classes; `why` is what was found."""

    name: str
    why: str


@dataclass(frozen=True, kw_only=True)
class Finding:
    """Groups of what belongs together; single ones are groups of one."""

    kind: FindingKind
    groups: tuple[tuple[Found, ...], ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(found.name for group in self.groups for found in group)


@dataclass(frozen=True, kw_only=True)
class Shield:
    """What is on both sides of the split, so that figures look better than they are.

    Attributes:
        groups: names of groups that are to stay together.
        pairs: pictures that are equal or look alike, two or more of each.
        moves: the side of each picture with which nothing would be on both sides.
    """

    groups: tuple[str, ...] = ()
    pairs: Families = ()
    moves: Mapping[str, Split]

    @property
    def is_whole(self) -> bool:
        return not self.groups and not self.pairs


@dataclass(frozen=True, kw_only=True)
class Health:
    """One finding of each kind, in the order of the kinds, and the state of the split."""

    findings: tuple[Finding, ...]
    shield: Shield


def judge(proof: LabelProof, scan: PictureScan, records: Iterable[ImageRecord] = ()) -> Health:
    """Say what the scan of its pictures means for a choice; `records` are those of a project."""
    labels = {image.path: image.label for image in proof.labels}
    scan = _only(scan, labels)
    return Health(
        findings=(
            Finding(kind=FindingKind.UNREADABLE, groups=_unreadable(scan)),
            Finding(kind=FindingKind.TWO_LABELS, groups=tuple(_disputed(scan, labels))),
            Finding(kind=FindingKind.CHANGED, groups=tuple(_changed(scan, records))),
            Finding(kind=FindingKind.EQUAL, groups=_labelled(scan.equal, labels)),
            Finding(kind=FindingKind.ALIKE, groups=_labelled(scan.alike, labels)),
            Finding(kind=FindingKind.TINY, groups=tuple(_tiny(scan))),
            Finding(kind=FindingKind.ODD_MODE, groups=tuple(_odd(scan))),
            Finding(kind=FindingKind.SMALL_CLASS, groups=tuple(_small(proof.classes))),
            Finding(kind=FindingKind.LIKE_NAMES, groups=tuple(_like_names(proof.classes))),
        ),
        shield=shield_of(proof, scan.families(near=True)),
    )


def shield_of(proof: LabelProof, families: Families) -> Shield:
    """Return which groups and families cross the split, and how to mend that."""
    sides = {
        image.path: side
        for image, side in zip(proof.labels, proof.splits, strict=True)
        if side is not None
    }
    groups = _groups(proof, sides)
    crossing = {name: paths for name, paths in groups.items() if _crosses(paths, sides)}
    pairs = tuple(family for family in families if _crosses(family, sides))
    together = _joined([*groups.values(), *families]) if crossing or pairs else []
    moves: dict[str, Split] = {}
    for family in together:
        if _crosses(family, sides):
            moves.update(_to_one_side(family, sides))
    return Shield(groups=tuple(sorted(crossing)), pairs=pairs, moves=moves)


def _only(scan: PictureScan, paths: Mapping[str, object]) -> PictureScan:
    """Leave out what is no longer part of the choice."""

    def left(families: Families) -> Families:
        there = (tuple(path for path in family if path in paths) for family in families)
        return tuple(family for family in there if len(family) > 1)

    return replace(
        scan,
        seen={path: one for path, one in scan.seen.items() if path in paths},
        unreadable={path: why for path, why in scan.unreadable.items() if path in paths},
        equal=left(scan.equal),
        alike=left(scan.alike),
    )


def _unreadable(scan: PictureScan) -> tuple[tuple[Found, ...], ...]:
    return tuple(
        (Found(name=path, why=tr(error.reason.value)),) for path, error in scan.unreadable.items()
    )


def _labelled(
    families: Families, labels: Mapping[str, str | None]
) -> tuple[tuple[Found, ...], ...]:
    return tuple(
        tuple(
            Found(name=path, why=shown_text(labels.get(path) or tr("no label"))) for path in family
        )
        for family in families
    )


def _disputed(scan: PictureScan, labels: Mapping[str, str | None]) -> Iterator[tuple[Found, ...]]:
    families = scan.families(near=True)
    said = [{labels[path] for path in family if labels.get(path)} for family in families]
    disputed = tuple(family for family, names in zip(families, said, strict=True) if len(names) > 1)
    yield from _labelled(disputed, labels)


def _changed(scan: PictureScan, records: Iterable[ImageRecord]) -> Iterator[tuple[Found, ...]]:
    for record in records:
        one = scan.seen.get(record.path)
        if one is not None and record.size not in (0, one.size):
            yield (
                Found(
                    name=record.path,
                    why=tr("{earlier:,} bytes became {now:,}", earlier=record.size, now=one.size),
                ),
            )


def _tiny(scan: PictureScan) -> Iterator[tuple[Found, ...]]:
    for path, one in scan.seen.items():
        facts = one.facts
        if min(facts.width, facts.height) < TINY_PX:
            yield (Found(name=path, why=f"{facts.width} × {facts.height}"),)


def _odd(scan: PictureScan) -> Iterator[tuple[Found, ...]]:
    for path, one in scan.seen.items():
        if one.facts.mode not in _USUAL_MODES:
            yield (Found(name=path, why=one.facts.mode),)


def _small(classes: tuple[tuple[str, int], ...]) -> Iterator[tuple[Found, ...]]:
    if not classes:
        return
    median = statistics.median_low(count for _, count in classes)
    for name, count in classes:
        if count < _SMALL_SHARE * median:
            yield (
                Found(
                    name=name,
                    why=counted(
                        count,
                        "{count:,} picture, where {median:,} are usual",
                        "{count:,} pictures, where {median:,} are usual",
                        median=median,
                    ),
                ),
            )


def _like_names(classes: tuple[tuple[str, int], ...]) -> Iterator[tuple[Found, ...]]:
    alike: defaultdict[str, list[Found]] = defaultdict(list)
    for name, count in classes:
        plain = "".join(letter for letter in name.casefold() if letter.isalnum())
        why = counted(count, "{count:,} picture", "{count:,} pictures")
        alike[plain or name].append(Found(name=name, why=why))
    yield from (tuple(names) for names in alike.values() if len(names) > 1)


def _groups(proof: LabelProof, sides: Mapping[str, Split]) -> dict[str, list[str]]:
    groups: defaultdict[str, list[str]] = defaultdict(list)
    for image in proof.labels:
        if image.group is not None and image.path in sides:
            groups[image.group].append(image.path)
    return groups


def _crosses(paths: Iterable[str], sides: Mapping[str, Split]) -> bool:
    return len({sides[path] for path in paths if path in sides}) > 1


def _joined(families: Iterable[Iterable[str]]) -> list[list[str]]:
    """Return families that share a picture as one."""
    parents: dict[str, str] = {}

    def top(path: str) -> str:
        while (parent := parents.setdefault(path, path)) != path:
            parents[path] = parents[parent]
            path = parents[path]
        return path

    for first, *others in map(tuple, families):
        for other in others:
            parents[top(other)] = top(first)
    joined: defaultdict[str, list[str]] = defaultdict(list)
    for path in parents:
        joined[top(path)].append(path)
    return list(joined.values())


def _to_one_side(family: Iterable[str], sides: Mapping[str, Split]) -> dict[str, Split]:
    """Move the fewest; where it is a draw, to the training part."""
    there = [path for path in family if path in sides]
    order = list(Split)
    counts = [sum(sides[path] is side for path in there) for side in order]
    target = order[counts.index(max(counts))]
    return {path: target for path in there if sides[path] is not target}
