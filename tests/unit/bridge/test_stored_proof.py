"""What is counted from columns is what would be counted label by label."""

from __future__ import annotations

import random
from dataclasses import fields
from pathlib import Path

import pytest

from petstudio.api.contributions import Split
from petstudio.bridge.stored_proof import proof_of
from petstudio.jobs.proving import LabelProof
from petstudio.project.image_columns import ImageColumns
from petstudio.project.records import ImageRecord, LabelOrigin


def images(count: int, labels: tuple[str | None, ...]) -> ImageColumns:
    chance = random.Random(count)
    return ImageColumns.of(
        ImageRecord(
            id=key,
            path=f"{key}.jpg",
            label=chance.choice(labels),
            origin=LabelOrigin.LOADER,
            split=chance.choice((None, *Split)),
            group=chance.choice((None, "one", "two")),
            excluded=chance.random() < 0.1,
            unreadable="empty" if chance.random() < 0.1 else None,
            size=0,
            mtime_ns=0,
        )
        for key in range(1, count + 1)
    )


@pytest.mark.parametrize(
    "labels", [(None, "cat", "dog", "bird"), (None,), ("cat", "dog"), ("cat",)]
)
@pytest.mark.parametrize("count", [0, 1, 2, 50])
def test_that_columns_count_as_labels_do(count, labels) -> None:
    stored = proof_of(Path("pictures"), images(count, labels))
    plain = LabelProof(
        **{field.name: getattr(stored, field.name) for field in fields(LabelProof)}
    ).counted()
    for name in ("classes", "unmatched", "ambiguous", "order", "sides", "problem"):
        assert getattr(stored, name) == getattr(plain, name), name


def test_that_a_proof_has_what_is_neither_excluded_nor_unreadable() -> None:
    given = images(50, ("cat", None))
    stored = proof_of(Path("pictures"), given)
    seen = [one for one in given.values() if not one.excluded and one.unreadable is None]
    assert stored.listing.files == tuple(one.path for one in seen)
    assert [(one.path, one.label, one.group) for one in stored.labels] == [
        (one.path, one.label, one.group) for one in seen
    ]
    assert stored.splits == tuple(one.split if one.label else None for one in seen)
    assert list(stored.labels[1:3]) == [stored.labels[1], stored.labels[2]]
