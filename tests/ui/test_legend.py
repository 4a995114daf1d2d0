"""A row of marks with names: how much of the names there is room for."""

from __future__ import annotations

import pytest

from petstudio.ui.widgets.legend import Legend, LegendEntry
from petstudio.ui.widgets.plot_legend import PlotLegend


class Painted:
    """Notes where the marks are painted."""

    def __init__(self):
        self.boxes = []

    def __call__(self, _painter, box):
        self.boxes.append(box)


@pytest.fixture
def marks():
    return Painted()


@pytest.fixture
def legend(qtbot, theme, marks):
    made = Legend(theme)
    qtbot.addWidget(made)
    names = ("1 head", "2 all layers with a name that is far too long", "3 body")
    entries = [LegendEntry(name=name, short=name[0], paint=marks) for name in names]
    made.show_entries(entries, "Lines: three")
    return made


def lefts(legend, marks, width):
    """Return where the marks begin in a legend of this width."""
    legend.resize(width, 20)
    marks.boxes.clear()
    legend.grab()
    return [box.left() for box in marks.boxes]


def test_that_a_legend_stands_at_the_right_end(legend, marks):
    wide = legend.sizeHint().width()
    there = lefts(legend, marks, wide)
    assert there[0] == 0
    assert lefts(legend, marks, wide + 50) == [left + 50 for left in there]


def test_that_all_marks_are_in_sight_where_room_is_short(legend, marks):
    least = legend.minimumSizeHint().width()
    assert least < legend.sizeHint().width() / 2
    there = lefts(legend, marks, least)
    assert len(there) == 3
    assert there[-1] < least


def test_that_the_legend_leaves_out_a_line_that_the_plot_has_not(qtbot, theme):
    legend = PlotLegend(theme)
    qtbot.addWidget(legend)
    before = legend.sizeHint().width()
    legend.show_train(is_shown=False)
    assert legend.sizeHint().width() < before
