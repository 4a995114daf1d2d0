"""The labels as the user sees them: what is stored, and over it what was just asked for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from petstudio.bridge.class_keys import ClassKeys, class_keys
from petstudio.bridge.label_view import LabelView, Tally
from petstudio.bridge.models import in_alphabet
from petstudio.project.image_columns import ImageColumns
from petstudio.project.image_tags import Tags
from petstudio.project.records import ImageRecord
from petstudio.project.suggestions import Suggestions


class LabelBoard:
    """Shows an edit at once; what became of it comes with the next view of the project."""

    def __init__(self, view: LabelView) -> None:
        self._asked: list[tuple[int, tuple[ImageRecord, ...]]] = []
        self._now: dict[int, ImageRecord] = {}
        self.pending: Mapping[int, str] = {}
        """New labels that wait on the Evaluate page, empty for pictures to be left out."""
        self._take(view)

    @property
    def view(self) -> LabelView:
        return self._view

    @property
    def left(self) -> int:
        """How many pictures are undecided."""
        return self._tally.left

    @property
    def classes(self) -> tuple[tuple[str, int], ...]:
        """Names and counts, in the order of the alphabet."""
        counts = self._tally.classes
        return tuple((name, counts[name]) for name in sorted(+counts, key=in_alphabet))

    @property
    def suggested(self) -> Mapping[str, int]:
        """How many undecided pictures are suggested for a class."""
        return self._tally.suggested

    @property
    def keys(self) -> ClassKeys:
        """The keys of the classes."""
        return class_keys(name for name, _ in self.classes)

    @property
    def tags(self) -> Tags:
        return self._view.tags

    @property
    def suggestions(self) -> Suggestions | None:
        return self._view.suggestions

    def record(self, key: int) -> ImageRecord:
        return self._now.get(key) or self._view.records[key]

    def records(self, keys: Iterable[int]) -> dict[int, ImageRecord]:
        return {key: self.record(key) for key in keys}

    def all_records(self) -> ImageColumns:
        """Return all records as they are now; no later edit changes what is returned."""
        return self._view.records.changed(self._now.values())

    def suggestion(self, key: int) -> tuple[str, float] | None:
        """Return what is suggested for a picture, if the project has such a class."""
        top = self.suggestions.top(key) if self.suggestions is not None else None
        return top if top is not None and self._tally.classes[top[0]] > 0 else None

    def open_suggestion(self, key: int) -> tuple[str, float] | None:
        """Return what is suggested for a picture that nobody has decided on yet."""
        return self.suggestion(key) if self.record(key).is_undecided else None

    def ask(self, number: int, changed: tuple[ImageRecord, ...]) -> None:
        """Show these records from now on, until the edit with this number is over."""
        self._asked.append((number, changed))
        self._lay_over(changed)

    def renew(self, view: LabelView, edits_done: int) -> None:
        """Take a newer view, and what has been asked for since."""
        self._asked = [asked for asked in self._asked if asked[0] > edits_done]
        self._take(view)

    def forget(self, edits_done: int) -> None:
        """Show what is stored in place of edits that are over."""
        self.renew(self._view, edits_done)

    def has_same_pictures(self, view: LabelView) -> bool:
        """True if another view has the same pictures with the same suggestions."""
        mine, theirs = self._view.suggestions, view.suggestions
        is_same = mine is theirs or (
            mine is not None and theirs is not None and mine.equals(theirs)
        )
        return is_same and np.array_equal(view.records.ids, self._view.records.ids)

    def _take(self, view: LabelView) -> None:
        self._view = view
        self._now = {}
        self._tally: Tally = view.tally.copy()
        for _, changed in self._asked:
            # Where another process took pictures away meanwhile, there is nothing to change.
            self._lay_over(record for record in changed if record.id in view.records)

    def _lay_over(self, changed: Iterable[ImageRecord]) -> None:
        for record in changed:
            top = self.suggestions.top(record.id) if self.suggestions is not None else None
            name = top[0] if top else None
            self._tally.count(self.record(record.id), name, by=-1)
            self._tally.count(record, name)
            self._now[record.id] = record
