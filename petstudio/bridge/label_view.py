"""The labels of a project as they were when it was looked at: all that the Label page shows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from petstudio.images.roots import Root
from petstudio.project.image_columns import ImageColumns
from petstudio.project.image_tags import Tags
from petstudio.project.records import Edit, ImageRecord, LabelOrigin, RunFolder
from petstudio.project.suggestions import Suggestions

DECISIONS: Final = 50
"""So many of the last decisions about suggestions are counted."""


@dataclass(kw_only=True)
class Tally:
    """Counts that follow every edit without going through all pictures again.

    Attributes:
        classes: pictures by class; those that are excluded or cannot be read do not count.
        suggested: undecided pictures by the class that is suggested for them.
        left: undecided pictures.
    """

    classes: Counter[str] = field(default_factory=Counter)
    suggested: Counter[str] = field(default_factory=Counter)
    left: int = 0

    def count(self, record: ImageRecord, suggested: str | None, by: int = 1) -> None:
        """Count a picture, or with -1 no longer."""
        if record.excluded or record.unreadable is not None:
            return
        if record.label is not None:
            self.classes[record.label] += by
        elif record.is_undecided:
            self.left += by
            if suggested is not None:
                self.suggested[suggested] += by

    def copy(self) -> Tally:
        return Tally(
            classes=Counter(self.classes), suggested=Counter(self.suggested), left=self.left
        )


@dataclass(frozen=True, kw_only=True)
class LabelView:
    """Plain data, shared with nobody who changes it.

    Attributes:
        root: the folder of the pictures; None where it cannot be reached.
        records: all pictures by id, in the order in which they were given.
        history: oldest first; undone edits stand at the end.
        suggesting_run: where the run of the suggestions is; None where it has no model any more.
        runs: numbers of the finished runs that have a model, the newest first.
        hits, decisions: how many of the last decisions followed the suggestion, and of how many.
        problem: why tags or suggestions are missing; empty if they are not.
    """

    root: Root | None
    records: ImageColumns
    tally: Tally
    history: tuple[Edit, ...] = ()
    tags: Tags = field(default_factory=dict)
    suggestions: Suggestions | None = None
    suggesting_run: RunFolder | None = None
    runs: tuple[int, ...] = ()
    hits: int = 0
    decisions: int = 0
    problem: str = ""


def tally_of(images: ImageColumns, suggestions: Suggestions | None) -> Tally:
    """Count all pictures."""
    seen = ~images.excluded & images.are_readable
    counts = images.labels.counts(seen & images.are_labelled)
    undecided = images.ids[images.are_undecided].tolist()
    tops = (suggestions.top(key) for key in undecided) if suggestions is not None else ()
    return Tally(
        classes=Counter({name: count for name, count in counts.items() if name is not None}),
        suggested=Counter(top[0] for top in tops if top is not None),
        left=len(undecided),
    )


def hits_of(
    recent: Iterable[int], records: Mapping[int, ImageRecord], suggestions: Suggestions | None
) -> tuple[int, int]:
    """Return how many of the last decisions followed the suggestion, and of how many."""
    if suggestions is None:
        return 0, 0
    hits = decisions = 0
    for key in recent:
        record, top = records[key], suggestions.top(key)
        if top is None or record.label is None or record.origin is LabelOrigin.LOADER:
            continue
        decisions += 1
        hits += record.label == top[0]
        if decisions == DECISIONS:
            break
    return hits, decisions
