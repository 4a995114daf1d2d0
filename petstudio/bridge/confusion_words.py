"""What the cells and the heads of a confusion grid say."""

from __future__ import annotations

from petstudio.api.language import shown_number, tr
from petstudio.bridge.confusion_table import ConfusionTable, Pair
from petstudio.bridge.figures import percent_text
from petstudio.bridge.models import spoken_label


def cell_text(table: ConfusionTable, pair: Pair) -> str:
    """Return a sentence on a cell: Siamese taken for Birman: 6 of 40."""
    actual, predicted = (spoken_label(table.classes[index]) for index in pair)
    count, total = int(table.counts[pair]), int(table.totals[pair[0]])
    if pair[0] == pair[1]:
        return tr("{name} right: {count:,} of {total:,}", name=actual, count=count, total=total)
    return tr(
        "{actual} taken for {predicted}: {count:,} of {total:,}",
        actual=actual,
        predicted=predicted,
        count=count,
        total=total,
    )


def row_text(table: ConfusionTable, actual: int) -> str:
    """Return a sentence on the head of a row."""
    name = spoken_label(table.classes[actual])
    hits, total = int(table.hits[actual]), int(table.totals[actual])
    return tr(
        "{name}: {hits:,} of {total:,} right, {share}",
        name=name,
        hits=hits,
        total=total,
        share=percent_text(float(table.recalls[actual])),
    )


def column_text(table: ConfusionTable, predicted: int) -> str:
    """Return a sentence on the head of a column."""
    name = spoken_label(table.classes[predicted])
    hits, total = int(table.hits[predicted]), int(table.counts[:, predicted].sum())
    share = percent_text(float(table.precisions[predicted]))
    return tr(
        "Predicted {name}: {total:,} times, {hits:,} of them right, {share}",
        name=name,
        total=total,
        hits=hits,
        share=share,
    )


def cell_number(table: ConfusionTable, pair: Pair, *, as_percent: bool) -> str:
    """Return what stands on a small cell: its count, or its share of the row in per cent."""
    return (
        shown_number(100 * table.share(pair), ".0f")
        if as_percent
        else shown_number(table.counts[pair])
    )
