"""The counts behind the confusion grid: shares, orders, words, shades and pooling."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as drawn_arrays

from petstudio.bridge.class_order import ClassOrder, ordered_classes
from petstudio.bridge.confusion_codes import SHADES, codes_of, error_shades, hit_shades, pooled
from petstudio.bridge.confusion_table import ConfusionTable
from petstudio.bridge.confusion_words import cell_text, column_text, row_text
from petstudio.bridge.shown_confusion import ShownConfusion

COUNTS = np.array([[30, 6, 4], [0, 10, 0], [2, 0, 3]])
TABLE = ConfusionTable(counts=COUNTS, classes=("maine_coon", "Pug", "beagle"))


def shown(table=TABLE, *, order=None, as_percent=False):
    order = np.arange(table.size) if order is None else np.array(order)
    return ShownConfusion(table=table, order=order, as_percent=as_percent)


def square_counts(most):
    sizes = st.integers(1, most).map(lambda n: (n, n))
    return drawn_arrays.arrays(np.int64, sizes, elements=st.integers(0, 50))


def level(shade):
    return round(shade * (SHADES - 1))


def test_that_precision_recall_and_f1_are_those_of_the_counts():
    assert TABLE.recalls == pytest.approx([30 / 40, 1.0, 3 / 5])
    assert TABLE.precisions == pytest.approx([30 / 32, 10 / 16, 3 / 7])
    assert TABLE.f1 == pytest.approx([60 / 72, 20 / 26, 6 / 12])


def test_that_a_class_without_pictures_has_scores_of_zero():
    table = ConfusionTable(counts=np.array([[3, 0], [0, 0]]), classes=("a", "b"))
    assert (table.recalls[1], table.precisions[1], table.f1[1]) == (0, 0, 0)
    assert table.share((1, 0)) == 0


def test_that_counts_of_another_number_of_classes_are_refused():
    with pytest.raises(ValueError, match="2 classes"):
        ConfusionTable(counts=COUNTS, classes=("a", "b"))


def test_that_errors_are_ordered_by_size_then_by_class():
    counts = np.array([[5, 2, 1], [0, 5, 2], [3, 0, 5]])
    table = ConfusionTable(counts=counts, classes=("a", "b", "c"))
    assert table.errors_by_size.tolist() == [[2, 0], [0, 1], [1, 2], [0, 2]]


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        (ClassOrder.ERRORS, [0, 1, 2]),
        (ClassOrder.COUNT, [0, 1, 2]),
        (ClassOrder.NAME, [2, 0, 1]),
        (ClassOrder.CLUSTER, [1, 2, 0]),
    ],
)
def test_that_each_order_has_its_rule(order, expected):
    assert ordered_classes(order, TABLE, [1, 2, 0]).tolist() == expected


def test_that_the_most_pictures_and_the_most_errors_are_different_orders():
    table = ConfusionTable(counts=np.array([[9, 0], [3, 1]]), classes=("a", "b"))
    assert ordered_classes(ClassOrder.COUNT, table).tolist() == [0, 1]
    bigger = ConfusionTable(counts=np.diag([1, 9, 4]), classes=("a", "b", "c"))
    assert ordered_classes(ClassOrder.COUNT, bigger).tolist() == [1, 2, 0]
    assert ordered_classes(ClassOrder.ERRORS, bigger).tolist() == [0, 1, 2]


def test_that_an_order_that_forgets_a_class_is_refused():
    with pytest.raises(ValueError, match="3 classes"):
        ordered_classes(ClassOrder.CLUSTER, TABLE, [0, 1, 1])


def test_that_shades_follow_the_formulas_of_the_design():
    assert error_shades(np.array([6.0, 3.0])) == pytest.approx([1.0, 0.18 + 0.82 * 0.5**0.6])
    assert hit_shades(np.array([1.0, 0.4])) == pytest.approx([0.8, 0.25 + 0.55 * 0.4])


def test_that_codes_stand_for_these_shades():
    codes = codes_of(TABLE, as_percent=False)
    assert codes[0, 1] == SHADES + 1 + level(1.0)
    assert codes[0, 2] == SHADES + 1 + level(0.18 + 0.82 * (4 / 6) ** 0.6)
    assert codes[0, 0] == SHADES - level(0.25 + 0.55 * 0.75)
    assert codes[1, 0] == 0


def test_that_in_per_cent_an_error_is_as_large_as_its_share_of_the_row():
    codes = codes_of(TABLE, as_percent=True)
    assert codes[2, 0] == SHADES + 1 + level(1.0)  # 2 of 5 are more than 6 of 40
    assert codes[0, 1] == SHADES + 1 + level(0.18 + 0.82 * ((6 / 40) / (2 / 5)) ** 0.6)


@given(square_counts(12))
def test_that_every_error_has_a_larger_code_than_every_hit(counts):
    table = ConfusionTable(counts=counts, classes=tuple(map(str, range(len(counts)))))
    codes = codes_of(table, as_percent=False)
    is_hit = np.eye(len(counts), dtype=bool)
    assert (codes[~is_hit & (counts > 0)] > SHADES).all()
    assert (codes[is_hit & (counts > 0)] <= SHADES).all()
    assert ((codes == 0) == (counts == 0)).all()


@given(square_counts(30), st.integers(1, 30))
def test_that_each_pooled_pixel_is_the_worst_of_its_cells(counts, side):
    codes = counts.astype(np.uint16)
    side = min(side, len(codes))
    edges = [number * len(codes) // side for number in range(side + 1)]
    expected = [
        [codes[edges[y] : edges[y + 1], edges[x] : edges[x + 1]].max() for x in range(side)]
        for y in range(side)
    ]
    assert pooled(codes, side).tolist() == expected


def test_that_a_single_error_among_a_million_cells_stays_in_sight():
    counts = np.diag(np.full(1000, 50))
    counts[700, 20] = 1
    table = ConfusionTable(counts=counts, classes=tuple(map(str, range(1000))))
    codes = pooled(codes_of(table, as_percent=False), 300)
    assert codes[210, 6] == 2 * SHADES
    assert (codes > SHADES).sum() == 1


def test_that_places_and_classes_lead_back_to_each_other():
    view = shown(order=[2, 0, 1])
    assert view.pair(0, 1) == (2, 0)
    assert view.place((2, 0)) == (0, 1)
    assert view.places([(2, 0), (1, 1)]).tolist() == [[0, 1], [2, 2]]


def test_that_a_block_gives_only_cells_with_pictures():
    assert shown(order=[2, 0, 1]).filled(range(2), range(3)) == {
        (2, 2), (2, 0), (0, 0), (0, 1), (0, 2)
    }  # fmt: skip


def test_that_the_worst_of_a_block_is_its_largest_error():
    assert shown().worst(range(3), range(3)) == (0, 1)
    assert shown().worst(range(1, 3), range(1, 3)) == (2, 2)


def test_that_words_say_how_many_of_how_many():
    assert cell_text(TABLE, (0, 1)) == "maine coon taken for Pug: 6 of 40"
    assert cell_text(TABLE, (0, 0)) == "maine coon right: 30 of 40"
    assert row_text(TABLE, 0) == "maine coon: 30 of 40 right, 75.0 %"
    assert column_text(TABLE, 1) == "Predicted Pug: 16 times, 10 of them right, 62.5 %"
