"""Numbers, splits, accuracies and lists of files as parts of a sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from petstudio.api.contributions import Split
from petstudio.api.language import shown_number, tr
from petstudio.engine.analysis.accuracy import Accuracy

SPLIT_WORDS: Final[Mapping[Split, str]] = {
    Split.TRAIN: tr("training"),
    Split.VALID: tr("validation"),
    Split.TEST: tr("test"),
}
_NAMED: Final = 3  # how many names a sentence lists before it says "and so on"


def accuracy_words(accuracy: Accuracy) -> str:
    """Return "8 of 10 right, 80.0% (95 % interval 49.0% to 94.3%)"."""
    if not accuracy.images:
        return tr("there are no pictures")
    low, high = accuracy.interval
    return tr(
        "{correct:,} of {images:,} right, {share:.1%} (95 % interval {low:.1%} to {high:.1%})",
        correct=accuracy.correct,
        images=accuracy.images,
        share=accuracy.share,
        low=low,
        high=high,
    )


def side_words(counts: Mapping[Split, int]) -> str:
    """Return "1,280 training, 320 validation"; empty if there are none."""
    return ", ".join(f"{shown_number(counts[side])} {SPLIT_WORDS[side]}" for side in counts)


def named(names: Sequence[str]) -> str:
    """Return the first few names."""
    shown = ", ".join(names[:_NAMED])
    return tr("{shown} and so on", shown=shown) if len(names) > _NAMED else shown
