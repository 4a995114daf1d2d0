"""The picture grid: selecting, moving, sizes, and what a tile shows."""

import pytest
from PIL import Image
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QPixmap
from PySide6.QtTest import QTest

from petstudio.bridge.picture_list import Picture, PictureTuple, TileMark
from petstudio.ui.widgets.picture_grid import LARGEST_TILE, PictureGrid
from petstudio.ui.widgets.picture_tile import TileStyle

CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
NO_KEY = Qt.KeyboardModifier.NoModifier
LEFT = Qt.MouseButton.LeftButton


class Endless:
    """A million pictures, of which it is counted how many were made."""

    def __init__(self, path):
        self.path = path
        self.made = 0

    def __len__(self):
        return 1_000_000

    def __getitem__(self, row):
        self.made += 1
        return Picture(key=row, path=self.path, title=f"{row}")

    def key_at(self, row):
        return row

    def row_of(self, key):
        return key


@pytest.fixture
def red(tmp_path):
    path = tmp_path / "red.png"
    Image.new("RGB", (60, 40), (200, 30, 30)).save(path)
    return path


@pytest.fixture
def grid(qtbot, theme):
    made = PictureGrid(theme, name="test.grid", tile_width=100)
    qtbot.addWidget(made)
    made.resize(500, 400)
    made.show()
    yield made
    made.shutdown()


@pytest.fixture
def filled(grid, red):
    """Nineteen pictures in lines of four."""
    pictures = [Picture(key=100 + n, path=red, title=f"pug {n}") for n in range(19)]
    grid.show_pictures(PictureTuple(pictures))
    assert grid.tiles.columns == 4
    return grid


def center(grid, row):
    return grid.visualRect(grid.model().index(row, 0)).center()


def click(grid, row, keys=NO_KEY):
    QTest.mouseClick(grid.viewport(), LEFT, keys, center(grid, row))


def keys_of(*rows):
    return tuple(100 + row for row in rows)


def test_that_the_first_picture_is_the_current_one(filled):
    assert filled.current.key == 100
    assert filled.selected_keys == keys_of(0)


def test_that_a_click_selects_one_picture_and_ctrl_adds(filled):
    click(filled, 2)
    assert filled.selected_keys == keys_of(2)
    click(filled, 5, CTRL)
    assert filled.selected_keys == keys_of(2, 5)
    click(filled, 2, CTRL)
    assert filled.selected_keys == keys_of(5)


@pytest.mark.parametrize(("start", "end"), [(1, 6), (6, 1), (5, 2)])
def test_that_shift_selects_all_between_in_reading_order(filled, start, end):
    click(filled, start)
    click(filled, end, SHIFT)
    low, high = sorted((start, end))
    assert filled.selected_keys == keys_of(*range(low, high + 1))
    assert filled.current.key == 100 + end


def test_that_shift_and_keys_extend_and_shrink(filled):
    click(filled, 5)
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Down):
        QTest.keyClick(filled, key, SHIFT)
    assert filled.selected_keys == keys_of(*range(5, 11))
    QTest.keyClick(filled, Qt.Key.Key_Up, SHIFT)
    assert filled.selected_keys == keys_of(5, 6)


def test_that_a_rubber_band_selects_what_it_touches(filled):
    start = filled.visualRect(filled.model().index(4, 0)).bottomRight() + QPoint(4, 4)
    end = center(filled, 10)
    QTest.mousePress(filled.viewport(), LEFT, NO_KEY, start)
    QTest.mouseMove(filled.viewport(), start + QPoint(20, 20))
    QTest.mouseMove(filled.viewport(), end)
    QTest.mouseRelease(filled.viewport(), LEFT, NO_KEY, end)
    assert filled.selected_keys == keys_of(9, 10)


@pytest.mark.parametrize(
    ("start", "key", "end"),
    [
        (5, Qt.Key.Key_Left, 4),
        (5, Qt.Key.Key_Right, 6),
        (5, Qt.Key.Key_Up, 1),
        (1, Qt.Key.Key_Up, 1),
        (5, Qt.Key.Key_Down, 9),
        (15, Qt.Key.Key_Down, 18),
        (17, Qt.Key.Key_Down, 17),
        (18, Qt.Key.Key_Right, 18),
        (5, Qt.Key.Key_Home, 0),
        (5, Qt.Key.Key_End, 18),
    ],
)
def test_that_keys_move_the_cursor(filled, start, key, end):
    filled.go_to_row(start)
    QTest.keyClick(filled, key)
    assert filled.current.key == 100 + end
    assert filled.selected_keys == keys_of(end)


def test_that_the_cursor_stays_in_view(filled):
    QTest.keyClick(filled, Qt.Key.Key_End)
    assert filled.viewport().rect().contains(center(filled, 18))
    assert 18 in filled.visible_rows()


def test_that_all_can_be_selected(filled):
    QTest.keyClick(filled, Qt.Key.Key_A, CTRL)
    assert filled.selected_count == 19


def test_that_space_looks_and_enter_opens(qtbot, filled):
    filled.go_to_row(3)
    with qtbot.waitSignal(filled.look_wanted) as looked:
        QTest.keyClick(filled, Qt.Key.Key_Space)
    with qtbot.waitSignal(filled.opened) as opened:
        QTest.keyClick(filled, Qt.Key.Key_Return)
    assert looked.args == opened.args == [103]


def test_that_letters_do_not_move_the_cursor(filled):
    filled.go_to_row(3)
    QTest.keyClick(filled, Qt.Key.Key_P)
    assert filled.current.key == 103


def test_that_plus_and_minus_change_the_size_within_limits(filled):
    for _ in range(20):
        QTest.keyClick(filled, Qt.Key.Key_Plus)
    assert filled.tiles.least_width == LARGEST_TILE
    QTest.keyClick(filled, Qt.Key.Key_Minus)
    assert filled.tiles.least_width < LARGEST_TILE


def test_that_a_new_look_keeps_the_selection(filled, red):
    click(filled, 2)
    click(filled, 5, CTRL)
    changed = [Picture(key=100 + n, path=red, title="x", mark=TileMark.EXCLUDED) for n in range(19)]
    filled.change_pictures(PictureTuple(changed))
    assert filled.selected_keys == keys_of(2, 5)


def test_that_another_order_keeps_selection_and_place(filled):
    click(filled, 2)
    click(filled, 5, CTRL)
    filled.verticalScrollBar().setValue(40)
    turned = PictureTuple([filled.pictures[row] for row in reversed(range(19))])
    filled.rearrange_pictures(turned)
    assert filled.selected_keys == keys_of(5, 2)
    assert filled.current.key == 105
    assert filled.verticalScrollBar().value() == 40


def test_that_a_selection_that_is_gone_goes_to_the_first(filled):
    click(filled, 5)
    filled.rearrange_pictures(PictureTuple([filled.pictures[row] for row in (3, 4)]))
    assert filled.selected_keys == keys_of(3)


def test_that_a_tip_is_no_markup(filled, red):
    picture = Picture(key=1, path=red, title="pug", tip="<b>x</b>")
    filled.show_pictures(PictureTuple([picture]))
    tip = filled.model().data(filled.model().index(0), Qt.ItemDataRole.ToolTipRole)
    assert tip == "<span>&lt;b&gt;x&lt;/b&gt;</span>"


def test_that_a_bar_is_as_long_as_its_share(qtbot, theme, red):
    grid = PictureGrid(theme, name="test.grid", style=TileStyle.BAR, tile_width=120)
    qtbot.addWidget(grid)
    grid.resize(150, 220)
    grid.show()
    looks = []
    for share in (None, 0.2, 0.9):
        grid.show_pictures(PictureTuple([Picture(key=1, path=red, title="pug", share=share)]))
        qtbot.waitUntil(lambda: grid._thumbnails.pixmap(red, 224) is not None, timeout=5000)
        looks.append(grid.viewport().grab().toImage())
    assert looks[0] != looks[1] != looks[2]
    grid.shutdown()


def test_that_a_million_pictures_cost_what_is_seen_of_them(grid, red):
    pictures = Endless(red)
    grid.show_pictures(pictures)
    grid.grab()
    QTest.keyClick(grid, Qt.Key.Key_End)
    grid.grab()
    QTest.keyClick(grid, Qt.Key.Key_A, CTRL)
    assert grid.selected_count == 1_000_000
    assert pictures.made < 200


def test_that_pictures_arrive_in_their_tiles(qtbot, filled):
    place = center(filled, 0) - QPoint(0, 10)

    def is_red():
        color = QColor(filled.viewport().grab().toImage().pixel(place))
        return color.red() > 150 and color.green() < 80

    qtbot.waitUntil(is_red, timeout=5000)


def test_that_a_stand_in_is_drawn_in_place_of_the_picture(filled):
    green = QPixmap(20, 20)
    green.fill(QColor(0, 200, 0))
    place = center(filled, 1) - QPoint(0, 10)
    filled.show_instead({101: green})
    assert QColor(filled.viewport().grab().toImage().pixel(place)).green() == 200
    filled.show_instead({})
    assert QColor(filled.viewport().grab().toImage().pixel(place)).green() != 200


@pytest.mark.parametrize("style", list(TileStyle))
@pytest.mark.parametrize("mark", list(TileMark))
def test_that_every_mark_looks_different(qtbot, theme, red, style, mark):
    grid = PictureGrid(theme, name="test.grid", style=style, tile_width=120)
    qtbot.addWidget(grid)
    grid.resize(150, 220)
    grid.show()

    def look(shown):
        text = "→ pug" if shown in (TileMark.PENDING, TileMark.EXCLUDED) else ""
        picture = Picture(key=1, path=red, title="pug", mark=shown, mark_text=text)
        grid.show_pictures(PictureTuple([picture]))
        qtbot.waitUntil(lambda: grid._thumbnails.pixmap(red, 224) is not None, timeout=5000)
        return grid.viewport().grab().toImage()

    plain = (TileMark.NONE, TileMark.NO_LABEL, TileMark.CONFIRMED)
    others = [other for other in TileMark if other is not mark]
    if style is not TileStyle.TILE and mark in plain:  # only a tile has a chip
        others = [other for other in others if other not in plain]
    mine = look(mark)
    assert all(look(other) != mine for other in others)
    grid.shutdown()
