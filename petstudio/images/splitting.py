"""Which images train, validate and test: seeded, by class, by group, or as the source says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from petstudio.api.contributions import Split
from petstudio.api.errors import OptionError
from petstudio.api.language import tr
from petstudio.images.lots import Lot, Urn, make_lot
from petstudio.images.split_choice import SplitChoice

__all__ = ["SplitChoice", "SplitItem", "split_items"]

_Parts = list[Split | None]


@dataclass(frozen=True, kw_only=True, slots=True)
class SplitItem:
    """One image; `split` is what its source prescribes, images of one `group` stay together."""

    label: str
    group: str | None = None
    split: Split | None = None


def split_items(items: Sequence[SplitItem], choice: SplitChoice) -> tuple[Split, ...]:
    """Return the split of each item; the same items in the same order give the same answer.

    An item with a prescribed split keeps it, and the open items of its group follow it. A source
    that prescribes a split for every item, but none for validation, gets its validation part out of
    its training part (and its test part too, if it prescribes none).

    Of the n items that are left, int(valid_share * n) validate and int(test_share * n) test.
    Stratified, the classes share these counts in proportion (largest remainder) and each keeps at
    least one training image; where too few images can be spared, the counts are smaller. Groups are
    moved whole, and the counts are met as closely as that allows: moving no single further group
    would come closer.

    Raises:
        OptionError: a share or the seed is out of range.
    """
    _check(choice)
    parts, shares = _prescribed(items, choice)
    # Not stratified, all items count as one class that need not keep a training image.
    labels = [item.label if choice.stratify else "" for item in items]
    urn = Urn(_lots(items, parts, labels, choice.seed), _spare(parts, labels, choice))
    count = parts.count(None)
    for part, share in shares.items():
        for index in urn.draw(int(share * count)):
            parts[index] = part
    return tuple(part or Split.TRAIN for part in parts)


def _check(choice: SplitChoice) -> None:
    for name in ("valid_share", "test_share"):
        if not 0 <= getattr(choice, name) < 1:
            raise OptionError(name, tr("it must be 0 or more, and below 1."))
    if choice.valid_share + choice.test_share >= 1:
        raise OptionError(
            "valid_share",
            tr("together with test_share it leaves nothing to train on."),
            cure=tr("Choose shares that add up to less than 1."),
        )
    if choice.seed < 0:
        raise OptionError("seed", tr("it must be 0 or more."))


def _prescribed(
    items: Sequence[SplitItem], choice: SplitChoice
) -> tuple[_Parts, dict[Split, float]]:
    """Return the parts that are settled (None where open), and the shares to draw."""
    shares = {Split.VALID: choice.valid_share, Split.TEST: choice.test_share}
    given = [item.split for item in items]
    if None in given or Split.VALID in given:
        return _with_followers(items), shares
    if Split.TEST in given:
        del shares[Split.TEST]
    return [None if part is Split.TRAIN else part for part in given], shares


def _with_followers(items: Sequence[SplitItem]) -> _Parts:
    sides: dict[str | None, Split] = {}
    for item in items:
        if item.group is not None and item.split is not None:
            sides.setdefault(item.group, item.split)
    return [item.split or sides.get(item.group) for item in items]


def _lots(items: Sequence[SplitItem], parts: _Parts, labels: Sequence[str], seed: int) -> list[Lot]:
    members: dict[str | int, list[int]] = {}
    for index, (item, part) in enumerate(zip(items, parts, strict=True)):
        if part is None:
            members.setdefault(index if item.group is None else item.group, []).append(index)
    # Shared, since a dictionary for each of very many pictures takes long to make and to free.
    alone = {label: {label: 1} for label in set(labels)}
    lots = [
        make_lot(indices, [labels[index] for index in indices], alone)
        for indices in members.values()
    ]
    generator = np.random.Generator(np.random.PCG64(seed))
    return [lots[index] for index in generator.permutation(len(lots))]


def _spare(parts: _Parts, labels: Sequence[str], choice: SplitChoice) -> dict[str, int]:
    """Return how many images of each label the training part can do without."""
    kept = 1 if choice.stratify else 0
    training = Counter(
        label
        for label, part in zip(labels, parts, strict=True)
        if part is None or part is Split.TRAIN
    )
    return {label: count - kept for label, count in training.items()}
