"""Texts about findings and about what crosses the split."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from petstudio.api.language import counted, tr
from petstudio.jobs.health import TINY_PX, FindingKind, Shield
from petstudio.project.names import shown_text

FINDINGS: Final[Mapping[FindingKind, str]] = MappingProxyType(
    {
        FindingKind.UNREADABLE: tr("Cannot be read"),
        FindingKind.TWO_LABELS: tr("Same picture, different labels"),
        FindingKind.CHANGED: tr("Changed since the import"),
        FindingKind.EQUAL: tr("Same file more than once"),
        FindingKind.ALIKE: tr("Near-duplicates"),
        FindingKind.TINY: tr("Smaller than {tiny_px} px", tiny_px=TINY_PX),
        FindingKind.ODD_MODE: tr("Unusual colours"),
        FindingKind.SMALL_CLASS: tr("Classes with few pictures"),
        FindingKind.LIKE_NAMES: tr("Class names that are nearly the same"),
    }
)
EXPLAINED: Final[Mapping[FindingKind, str]] = MappingProxyType(
    {
        FindingKind.TWO_LABELS: tr(
            "These pictures are equal or look the same, but their labels differ: "
            "at least one of them is wrong. The number says which belong "
            "together."
        ),
        FindingKind.CHANGED: tr(
            "These files have another size than at the import, so their labels may no longer fit."
        ),
        FindingKind.EQUAL: tr(
            "These files have the same bytes. They are always kept on one side of the split. "
            "The number says which belong together."
        ),
        FindingKind.ALIKE: tr(
            "These pictures look the same although their files differ. On both "
            "sides of the split they make the figures look better than they are. "
            "The number says which belong together."
        ),
        FindingKind.TINY: tr("There is little to see in them; the network gets them enlarged."),
        FindingKind.ODD_MODE: tr(
            "Their files have other colours than plain RGB or grey. They are "
            "converted, which may look different from what was meant."
        ),
    }
)
AFTER_USE: Final = tr("Use the data first: then this is one step, and undo takes it back.")
AFTER_USE_CLASSES: Final = tr("Classes can be renamed and merged once the data is used.")
CROSSING_TITLE: Final = tr("On both sides of the split")
CROSSING_TEXT: Final = tr(
    "The network would be tested with pictures that it has learned from. The number says which "
    "belong together. Fix moves as few as possible to one side."
)
NOT_LOOKED: Final = tr("Whether near-duplicates cross the split is not known yet")
WHOLE: Final = tr("No group and no near-duplicate crosses the split")


def count_words(kind: FindingKind, count: int) -> str:
    """Return how many were found where they are not pictures; else nothing."""
    match kind:
        case FindingKind.TWO_LABELS | FindingKind.EQUAL | FindingKind.LIKE_NAMES:
            return counted(count, "{count:,} group", "{count:,} groups")
        case FindingKind.ALIKE:
            return counted(count, "{count:,} pair", "{count:,} pairs")
        case _:
            return ""


def shield_sentence(shield: Shield) -> str:
    """Say what crosses the split; a single pair is named."""
    if shield.is_whole:
        return WHOLE
    if len(shield.pairs) == 1 and not shield.groups:
        first, second = (shown_text(path) for path in shield.pairs[0][:2])
        return tr(
            "The same picture on both sides: {first} and {second}", first=first, second=second
        )
    pairs = counted(
        len(shield.pairs),
        "{count:,} pair of near-duplicates does",
        "{count:,} pairs of near-duplicates do",
    )
    return counted(
        len(shield.groups),
        "{count:,} group crosses the split, {pairs}",
        "{count:,} groups cross the split, {pairs}",
        pairs=pairs,
    )
