"""Two runs picture by picture: which became right, which wrong, and how that looks in a grid."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from petstudio.bridge.figures import percent_text
from petstudio.bridge.models import spoken_label
from petstudio.bridge.picture_list import Picture
from petstudio.engine.analysis.comparison import Comparison, compare
from petstudio.jobs.results import RunResult, read_result


class ComparedPart(Enum):
    """What became of a picture from the one run to the other."""

    FIXED = "fixed"
    BROKEN = "broken"
    BOTH_WRONG = "both wrong"
    BOTH_RIGHT = "both right"

    def keys_in(self, comparison: Comparison) -> tuple[int, ...]:
        """Return the pictures of this part."""
        match self:
            case ComparedPart.FIXED:
                return comparison.fixed
            case ComparedPart.BROKEN:
                return comparison.broken
            case ComparedPart.BOTH_WRONG:
                return comparison.both_wrong
            case ComparedPart.BOTH_RIGHT:
                return comparison.both_right


@dataclass(frozen=True, kw_only=True)
class ComparedRuns:
    """Two results on the validation pictures of today."""

    before: RunResult
    after: RunResult
    comparison: Comparison
    guesses: tuple[Mapping[int, str], Mapping[int, str]]
    """What either run took a picture for, and how sure it was, by key."""

    def keys(self, part: ComparedPart) -> tuple[int, ...]:
        """Return the pictures of a part."""
        return part.keys_in(self.comparison)

    def picture(self, key: int) -> Picture:
        """Return a picture with what both runs took it for."""
        before, after = self.guesses
        return Picture(
            key=key,
            path=self.after.picture(key),
            title=spoken_label(self.after.records[key].label or ""),
            subtitle=f"{self.before.number}: {before[key]}",
            subnote=f"{self.after.number}: {after[key]}",
        )


class ComparedPictures:
    """The pictures of a part for a grid, each made when it is looked at."""

    def __init__(self, compared: ComparedRuns, part: ComparedPart) -> None:
        self._compared = compared
        self._keys = compared.keys(part)
        self._rows = {key: row for row, key in enumerate(self._keys)}

    def __len__(self) -> int:
        return len(self._keys)

    def __getitem__(self, row: int, /) -> Picture:
        return self._compared.picture(self._keys[row])

    def key_at(self, row: int) -> int:
        return self._keys[row]

    def row_of(self, key: int) -> int | None:
        return self._rows.get(key)


def compare_runs(project: Path, before: int, after: int) -> ComparedRuns:
    """Read the predictions of two runs and compare them.

    Raises:
        PetStudioError: a run was not evaluated, or its predictions cannot be read.
    """
    old, new = read_result(project, before), read_result(project, after)
    return ComparedRuns(
        before=old,
        after=new,
        comparison=compare(old.predictions, new.predictions),
        guesses=(_guesses(old), _guesses(new)),
    )


def _guesses(result: RunResult) -> dict[int, str]:
    found = result.predictions
    labels = [spoken_label(label) for label in result.classes]
    highest = found.probabilities.max(axis=1, initial=0.0).tolist()
    rows = zip(found.keys.tolist(), found.predicted.tolist(), highest, strict=True)
    return {key: f"{labels[predicted]} {percent_text(share)}" for key, predicted, share in rows}
