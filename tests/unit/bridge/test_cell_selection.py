"""What is selected in the confusion grid, and where the keys go from there."""

from __future__ import annotations

import numpy as np
import pytest

from petstudio.bridge.cell_selection import CellSelection, Take
from petstudio.bridge.confusion_table import ConfusionTable
from petstudio.bridge.shown_confusion import ShownConfusion

COUNTS = np.array([[30, 6, 4], [0, 10, 0], [2, 0, 3]])
CLASSES = ("maine_coon", "coon", "beagle")


def shown(order=(0, 1, 2), classes=CLASSES, counts=COUNTS):
    table = ConfusionTable(counts=counts, classes=classes)
    return ShownConfusion(table=table, order=np.array(order, dtype=np.intp))


@pytest.fixture
def selection(qapp):
    made = CellSelection()
    made.show_confusion(shown())
    return made


def test_that_cells_are_taken_added_and_removed(selection):
    selection.take(frozenset({(0, 1)}), Take.ONLY, (0, 1))
    selection.take(frozenset({(0, 2), (2, 0)}), Take.ADD, (0, 2))
    selection.take(frozenset({(0, 1)}), Take.REMOVE, (0, 1))
    assert selection.pairs == {(0, 2), (2, 0)}
    assert selection.current == (0, 1)


def test_that_only_what_the_user_does_is_told_as_chosen(qtbot, selection):
    with qtbot.assertNotEmitted(selection.chosen):
        selection.select([(0, 1)])
    with qtbot.waitSignal(selection.chosen) as told:
        selection.move(0, 1)
    assert told.args == [frozenset({(0, 2)})]


def test_that_a_move_follows_the_order_and_ends_at_the_edge(selection):
    selection.show_confusion(shown(order=(2, 0, 1)))
    selection.select([(2, 0)])
    selection.move(1, 1)
    assert selection.current == (0, 1)
    selection.move(0, 5)
    assert selection.current == (0, 1)
    selection.move(-9, -9)
    assert selection.current == (2, 2)


def test_that_the_first_move_takes_the_first_cell(selection):
    selection.move(1, 0)
    assert selection.current == (0, 0)


def test_that_a_step_goes_to_the_next_larger_error_and_ends_at_the_largest(selection):
    selection.select([(2, 0)])
    steps = []
    for _ in range(3):
        selection.step_error(1)
        steps.append(selection.current)
    assert steps == [(0, 2), (0, 1), (0, 1)]
    selection.step_error(-1)
    assert selection.current == (0, 2)


def test_that_a_step_from_a_hit_goes_to_the_largest_error(selection):
    selection.select([(1, 1)])
    selection.step_error(1)
    assert selection.pairs == {(0, 1)}


def test_that_a_step_without_errors_goes_nowhere(selection):
    selection.show_confusion(shown(counts=np.diag([1, 2, 3])))
    selection.step_error(1)
    assert selection.current is None


def test_that_a_class_is_found_by_its_name_before_others_that_hold_it(selection):
    assert selection.find("Coon")
    assert selection.current == (1, 1)
    assert selection.find("Coon", from_next=True)
    assert selection.current == (0, 0)


def test_that_a_class_is_found_as_it_is_shown_and_as_it_is_stored(selection):
    assert selection.find("maine c")
    assert selection.current == (0, 0)
    assert selection.find("maine_c")


def test_that_an_unknown_class_moves_nothing(selection):
    selection.select([(0, 1)])
    assert not selection.find("poodle")
    assert not selection.find("")
    assert selection.current == (0, 1)


def test_that_the_selection_outlives_another_order_but_not_other_classes(selection):
    selection.select([(0, 1)])
    selection.show_confusion(shown(order=(2, 1, 0)))
    assert selection.pairs == {(0, 1)}
    selection.show_confusion(shown(classes=("a", "b", "c")))
    assert selection.pairs == frozenset()
    assert selection.current is None


def test_that_the_keys_begin_at_the_largest_error(selection):
    selection.begin()
    assert selection.current == (0, 1)
    assert selection.pairs == frozenset()
