"""Where the confusion grid draws what, and in which colours."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QRect, QSize
from PySide6.QtGui import QColor, QFontMetrics

from petstudio.bridge.confusion_codes import SHADES
from petstudio.ui.theme import FontRole
from petstudio.ui.tokens import DARK, LIGHT
from petstudio.ui.widgets.confusion_geometry import (
    LARGE,
    LENS,
    SMALL,
    Hit,
    LabelRoom,
    board_cell,
    board_geometry,
    board_style,
    least_cell,
)
from petstudio.ui.widgets.confusion_places import board_and_scores, map_and_lens
from petstudio.ui.widgets.confusion_ramps import (
    cells_image,
    contrast,
    ink_on,
    lookup_table,
    ramp_color,
)
from petstudio.ui.widgets.confusion_view import MapView, fitted_side, zoom_sides

LABELS = LabelRoom(left=100, top=50, is_turned=True)
BOTH = pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])


def board(classes, width, height, cell=14):
    return board_geometry(QSize(width, height), classes, cell, LABELS, board_style(classes))


@pytest.mark.parametrize(
    ("classes", "style"), [(2, LARGE), (12, LARGE), (13, SMALL), (60, SMALL), (61, LENS)]
)
def test_that_the_number_of_classes_decides_the_look(classes, style):
    assert board_style(classes) is style


@pytest.mark.parametrize(
    ("style", "classes", "room", "cell"),
    [
        (LARGE, 2, 600, 150),
        (LARGE, 12, 300, 44),
        (SMALL, 37, 600, 16),
        (SMALL, 13, 2000, 40),
        (SMALL, 60, 500, 14),
        (LENS, 1000, 300, 16),
        (LENS, 1000, 900, 24),
    ],
)
def test_that_cells_share_the_room_within_their_limits(style, classes, room, cell):
    assert board_cell(style, classes, QSize(room, room + 100), style.least) == cell


def test_that_cells_are_never_lower_than_their_lines(qapp, theme):
    usual = qapp.font()
    assert [least_cell(theme, style) for style in (LARGE, SMALL)] == [44, 14]
    large = qapp.font()
    large.setPointSizeF(3 * usual.pointSizeF())
    qapp.setFont(large)
    label = QFontMetrics(theme.font(FontRole.GRID)).height()
    grown = [least_cell(theme, style) for style in (LARGE, SMALL)]
    qapp.setFont(usual)
    assert grown[1] == label
    assert grown[0] > 2 * label


def test_that_a_point_is_a_cell_a_head_or_nothing():
    seen = board(20, 400, 400)
    assert seen.hit(QPoint(100, 50)) == Hit(0, 0)
    assert seen.hit(QPoint(100 + 14 * 3, 50 + 14 * 2 + 13)) == Hit(2, 3)
    assert seen.hit(QPoint(4, 50 + 14)) == Hit(row=1)
    assert seen.hit(QPoint(100 + 14 * 2, 4)) == Hit(column=2)
    assert seen.hit(QPoint(4, 4)) is None
    assert seen.hit(QPoint(100 + 14 * 20, 60)) is None


def test_that_a_drag_beyond_the_cells_stays_at_their_edge():
    seen = board(20, 400, 400)
    assert seen.nearest(QPoint(-50, 4000)) == Hit(19, 0)


def test_that_only_whole_cells_are_in_sight():
    seen = board(60, 100 + 14 * 10 + 9, 50 + 14 * 5 + 9)
    assert (len(seen.rows), len(seen.columns)) == (5, 10)


@pytest.mark.parametrize(("room", "side"), [(500, 480), (370, 360), (90, 90), (2000, 960)])
def test_that_a_fitted_map_has_whole_cells_up_to_eight_pixels_or_is_pooled(room, side):
    assert fitted_side(120, room) == side


def test_that_a_zoom_begins_with_all_of_it_and_goes_on_in_whole_pixels():
    sides = zoom_sides(1000, 400)
    assert sides[:3] == [400, 1000, 2000]
    assert all(side % 1000 == 0 for side in sides[1:])


@given(st.integers(1, 300), st.integers(1, 700), st.integers(0, 299))
def test_that_each_cell_has_a_part_in_the_pixel_where_it_is_drawn(classes, room, place):
    place = min(place, classes - 1)
    view = MapView(classes=classes, side=fitted_side(classes, room))
    cell = view.rect(place, place)
    rows, columns = view.under(cell.topLeft())
    assert place in rows
    assert place in columns


@given(st.integers(61, 1000), st.integers(60, 700))
def test_that_the_pixels_of_a_map_share_all_cells_without_a_gap(classes, room):
    view = MapView(classes=classes, side=fitted_side(classes, room))
    seen = [view.under(QPoint(x, 0))[1] for x in range(view.side)]
    assert sorted({place for span in seen for place in span}) == list(range(classes))


def test_that_beside_the_map_there_is_nothing():
    view = MapView(classes=100, side=300)
    assert view.under(QPoint(300, 0)) is None
    assert view.under(QPoint(0, -1)) is None


def test_that_a_zoom_keeps_the_point_under_the_mouse():
    view = MapView(classes=1000, side=4000, left=500, top=700)
    about = QPoint(120, 80)
    assert view.zoomed(8000, about).under(about) == view.under(about)


@pytest.mark.parametrize(("width", "height"), [(900, 500), (500, 900), (400, 400)])
def test_that_map_and_lens_do_not_overlap_and_stay_inside(width, height):
    least, most = QSize(340, 330), QSize(500, 500)
    places = map_and_lens(QSize(width, height), least, most)
    assert not places[0].intersects(places[1])
    assert places[0].width() == places[0].height()
    if min(width, height) > 400:
        assert QRect(0, 0, width, height).contains(places[1])


def test_that_scores_take_what_the_board_leaves():
    upper, lower = board_and_scores(QSize(600, 700), QSize(400, 350), 200, 100)
    assert (upper.height(), lower.height()) == (350, 200)
    assert lower.top() > upper.bottom()


@BOTH
def test_that_the_stops_of_the_ramps_are_met(tokens):
    for stops in (tokens.ramp_right, tokens.ramp_wrong):
        mixed = [ramp_color(stops, number / 6) for number in range(7)]
        assert [color.name().upper() for color in mixed] == list(stops)


def test_that_a_shade_between_two_stops_is_mixed_in_srgb():
    assert ramp_color(("#000000", "#204060"), 0.25) == QColor("#081018")


@BOTH
def test_that_a_number_can_be_read_on_every_shade(tokens):
    colors = [QColor.fromRgba(int(color)) for color in lookup_table(tokens)[1:]]
    assert min(contrast(ink_on(color), color) for color in colors) >= 4.5


def test_that_a_number_is_white_wherever_that_can_be_read():
    assert ink_on(QColor("#1A5FC8")) == QColor("white")
    assert ink_on(QColor("#3F82D6")) == QColor("black")


@BOTH
def test_that_codes_lead_to_the_colours_of_their_shades(tokens):
    codes = np.array([[0, 1], [SHADES + 1, 2 * SHADES]], dtype=np.uint16)
    image = cells_image(codes, lookup_table(tokens))
    assert image.pixelColor(0, 0).alpha() == 0
    assert image.pixelColor(1, 0) == QColor(tokens.ramp_right[-1])
    assert image.pixelColor(0, 1) == QColor(tokens.ramp_wrong[0])
    assert image.pixelColor(1, 1) == QColor(tokens.ramp_wrong[-1])
