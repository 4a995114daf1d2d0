"""Finished tiles are drawn once for each look."""

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor

from petstudio.ui.widgets.tile_cache import TileCache

SIZE = QSize(10, 8)


@pytest.fixture
def cache(qapp):
    return TileCache()


@pytest.fixture
def drawn():
    return []


def fill(drawn, name):
    def draw(painter):
        drawn.append(name)
        painter.fillRect(0, 0, 10, 8, QColor(200, 0, 0))

    return draw


def test_that_a_look_is_drawn_once(cache, drawn):
    first = cache.tile("a", SIZE, 1.0, fill(drawn, "a"))
    assert cache.tile("a", SIZE, 1.0, fill(drawn, "again")) is first
    assert drawn == ["a"]
    assert QColor(first.toImage().pixel(5, 5)).red() == 200


@pytest.mark.parametrize(
    ("look", "size", "ratio"),
    [("b", SIZE, 1.0), ("a", QSize(12, 8), 1.0), ("a", SIZE, 2.0)],
)
def test_that_another_look_size_or_screen_is_drawn_anew(cache, drawn, look, size, ratio):
    cache.tile("a", SIZE, 1.0, fill(drawn, "a"))
    tile = cache.tile(look, size, ratio, fill(drawn, "other"))
    assert drawn == ["a", "other"]
    assert tile.size() == size * ratio


def test_that_the_ones_not_shown_for_longest_are_forgotten(cache, drawn):
    for number in range(250):
        cache.tile(number, SIZE, 1.0, fill(drawn, number))
    drawn.clear()
    cache.tile(249, SIZE, 1.0, fill(drawn, 249))
    cache.tile(0, SIZE, 1.0, fill(drawn, 0))
    assert drawn == [0]


def test_that_nothing_is_left_after_clear(cache, drawn):
    cache.tile("a", SIZE, 1.0, fill(drawn, "a"))
    cache.clear()
    cache.tile("a", SIZE, 1.0, fill(drawn, "again"))
    assert drawn == ["a", "again"]
