"""Which classes that stand beside each other make a group."""

from __future__ import annotations

import numpy as np

from petstudio.bridge.class_groups import class_groups, group_text
from petstudio.bridge.confusion_table import ConfusionTable
from petstudio.bridge.shown_confusion import ShownConfusion


def shown(errors, order=None):
    size = len(errors)
    table = ConfusionTable(counts=errors, classes=tuple(f"c{n}" for n in range(size)))
    order = np.arange(size) if order is None else np.array(order)
    return ShownConfusion(table=table, order=order)


def blocks(*sizes):
    """Return counts in which each class is taken for every other one of its block."""
    counts = np.zeros((sum(sizes), sum(sizes)), dtype=np.int64)
    start = 0
    for size in sizes:
        counts[start : start + size, start : start + size] = 2
        start += size
    return counts


def test_that_blocks_of_confused_classes_are_groups():
    assert class_groups(shown(blocks(10, 20, 5))) == (range(10), range(10, 30), range(30, 35))


def test_that_groups_follow_the_shown_order():
    counts = blocks(6, 9)
    order = [*range(6, 15), *range(6)]
    assert class_groups(shown(counts, order)) == (range(9), range(9, 15))


def test_that_a_few_errors_between_groups_do_not_join_them():
    counts = blocks(12, 12)
    counts[11, 12] = counts[3, 20] = 2
    assert class_groups(shown(counts)) == (range(12), range(12, 24))


def test_that_a_group_names_its_first_classes():
    assert group_text(shown(blocks(10, 20)), range(10, 30)) == (
        "20 classes, among them c10, c11, c12"
    )
