"""Texts about findings and about what crosses the split."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from petstudio.jobs.health import TINY_PX, FindingKind, Shield
from petstudio.jobs.wording import counted
from petstudio.project.names import shown_text

FINDINGS: Final[Mapping[FindingKind, str]] = MappingProxyType(
    {
        FindingKind.UNREADABLE: "Cannot be read",
        FindingKind.TWO_LABELS: "Same picture, different labels",
        FindingKind.CHANGED: "Changed since the import",
        FindingKind.EQUAL: "Same file more than once",
        FindingKind.ALIKE: "Near-duplicates",
        FindingKind.TINY: f"Smaller than {TINY_PX} px",
        FindingKind.ODD_MODE: "Unusual colours",
        FindingKind.SMALL_CLASS: "Classes with few pictures",
        FindingKind.LIKE_NAMES: "Class names that are nearly the same",
    }
)
UNITS: Final[Mapping[FindingKind, str]] = MappingProxyType(
    {
        FindingKind.TWO_LABELS: "group",
        FindingKind.EQUAL: "group",
        FindingKind.ALIKE: "pair",
        FindingKind.LIKE_NAMES: "group",
    }
)
EXPLAINED: Final[Mapping[FindingKind, str]] = MappingProxyType(
    {
        FindingKind.TWO_LABELS: (
            "These pictures are equal or look the same, but their labels differ: at least one of "
            "them is wrong. The number says which belong together."
        ),
        FindingKind.CHANGED: (
            "These files have another size than at the import, so their labels may no longer fit."
        ),
        FindingKind.EQUAL: (
            "These files have the same bytes. They are always kept on one side of the split. "
            "The number says which belong together."
        ),
        FindingKind.ALIKE: (
            "These pictures look the same although their files differ. On both sides of the split "
            "they make the figures look better than they are. The number says which belong "
            "together."
        ),
        FindingKind.TINY: "There is little to see in them; the network gets them enlarged.",
        FindingKind.ODD_MODE: (
            "Their files have other colours than plain RGB or grey. They are converted, which may "
            "look different from what was meant."
        ),
    }
)
AFTER_USE: Final = "Use the data first: then this is one step, and undo takes it back."
AFTER_USE_CLASSES: Final = "Classes can be renamed and merged once the data is used."
CROSSING_TITLE: Final = "On both sides of the split"
CROSSING_TEXT: Final = (
    "The network would be tested with pictures that it has learned from. The number says which "
    "belong together. Fix moves as few as possible to one side."
)
NOT_LOOKED: Final = "Whether near-duplicates cross the split is not known yet"
WHOLE: Final = "No group and no near-duplicate crosses the split"


def shield_sentence(shield: Shield) -> str:
    """Say what crosses the split; a single pair is named."""
    if shield.is_whole:
        return WHOLE
    if len(shield.pairs) == 1 and not shield.groups:
        names = " and ".join(shown_text(path) for path in shield.pairs[0][:2])
        return f"The same picture on both sides: {names}"
    groups, pairs = len(shield.groups), len(shield.pairs)
    verb = "crosses" if groups == 1 else "cross"
    return f"{counted(groups, 'group')} {verb} the split, {_pairs(pairs)}"


def _pairs(count: int) -> str:
    verb = "does" if count == 1 else "do"
    return f"{counted(count, 'pair')} of near-duplicates {verb}"
