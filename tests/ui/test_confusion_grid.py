"""The confusion grid in the window: gestures, keys, orders, colours, words."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QGuiApplication, QHelpEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QToolTip
from scripted_run import bury

from petstudio.bridge.class_order import ClassOrder
from petstudio.bridge.confusion_codes import SHADES, codes_of
from petstudio.engine.predictions import most_confused
from petstudio.ui.theme import ThemeMode
from petstudio.ui.tokens import DARK, LIGHT
from petstudio.ui.widgets.confusion_geometry import LENS_SIDE
from petstudio.ui.widgets.confusion_grid import ConfusionGrid
from petstudio.ui.widgets.confusion_panel import ConfusionPanel
from petstudio.ui.widgets.confusion_ramps import ramp_color
from petstudio.ui.widgets.confusion_twin import confusion_as_text, confusion_twin
from petstudio.ui.widgets.text_twin import TextTwinDialog

LEFT, MIDDLE = Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton
SHIFT, CONTROL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
NONE = Qt.KeyboardModifier.NoModifier


def counts_of(classes, *errors, hits=20):
    counts = np.diag(np.full(classes, hits))
    for actual, predicted, count in errors:
        counts[actual, predicted] = count
    return counts


def names(classes):
    return [f"kind_{number:04}" for number in range(classes)]


@pytest.fixture
def show(qtbot, theme):
    """Open a grid that shows these counts in the order of the class list."""
    made = []

    def open_grid(counts, classes=None, size=(760, 700), order=ClassOrder.NAME):
        grid = ConfusionGrid(theme)
        made.append(grid)
        grid.sort_by(order)
        grid.resize(*size)
        grid.show_counts(counts, classes or names(len(counts)))
        grid.show()
        qtbot.waitExposed(grid)
        return grid

    yield open_grid
    for grid in made:
        bury(grid)


@pytest.fixture
def grid(show):
    """20 classes with five errors."""
    return show(counts_of(20, (1, 2, 3), (1, 5, 1), (4, 2, 2), (9, 3, 7), (12, 13, 1)))


def middle(grid, actual, predicted):
    """Return the middle of a cell of the board."""
    return grid.board.geometry_of_cells.rect(*grid.shown.place((actual, predicted))).center()


def click(grid, actual, predicted, modifiers=NONE):
    QTest.mouseClick(grid.board.viewport(), LEFT, modifiers, middle(grid, actual, predicted))


def drag(grid, start, end, modifiers=NONE):
    pad = grid.board.viewport()
    QTest.mousePress(pad, LEFT, modifiers, middle(grid, *start))
    QTest.mouseMove(pad, middle(grid, *end))
    QTest.mouseRelease(pad, LEFT, modifiers, middle(grid, *end))


def press(grid, key, modifiers=NONE):
    QTest.keyClick(grid, key, modifiers)


def color_at(grid, actual, predicted):
    """Return the colour near a corner of a cell, where no number stands."""
    cell = grid.board.geometry_of_cells.rect(*grid.shown.place((actual, predicted)))
    return grid.board.grab().toImage().pixelColor(cell.left() + 2, cell.top() + 2)


def map_color(grid, point):
    return grid.map.grab().toImage().pixelColor(point)


def activate(qtbot, grid):
    """Make its window the one that has the keyboard."""
    grid.activateWindow()
    qtbot.waitUntil(grid.isActiveWindow)


def turn_wheel(pad, steps, modifiers=NONE, point=None):
    point = QPointF(point or pad.viewport().rect().center())
    event = QWheelEvent(
        point, pad.viewport().mapToGlobal(point), QPoint(0, 0), QPoint(0, round(120 * steps)),
        Qt.MouseButton.NoButton, modifiers, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(pad.viewport(), event)


# Gestures


def test_that_a_click_selects_a_cell_and_opens_it(grid):
    told = []
    grid.selection_changed.connect(lambda pairs: told.append(("selected", pairs)))
    grid.open_wanted.connect(lambda pairs: told.append(("open", pairs)))
    click(grid, 1, 2)
    assert told == [("selected", {(1, 2)}), ("open", {(1, 2)})]


def test_that_an_empty_cell_can_be_selected_too(grid):
    click(grid, 7, 8)
    assert grid.selected == {(7, 8)}


def test_that_shift_adds_and_control_removes_without_opening(qtbot, grid):
    click(grid, 1, 2)
    with qtbot.assertNotEmitted(grid.open_wanted):
        click(grid, 4, 2, SHIFT)
        click(grid, 9, 3, SHIFT)
        click(grid, 1, 2, CONTROL)
    assert grid.selected == {(4, 2), (9, 3)}


def test_that_the_head_of_a_row_takes_all_its_pictures(grid):
    row = grid.board.geometry_of_cells.row_label(1).center()
    QTest.mouseClick(grid.board.viewport(), LEFT, NONE, row)
    assert grid.selected == {(1, 1), (1, 2), (1, 5)}


def test_that_the_head_of_a_column_takes_all_its_pictures(grid):
    column = grid.board.geometry_of_cells.column_label(2).center()
    QTest.mouseClick(grid.board.viewport(), LEFT, NONE, column)
    assert grid.selected == {(2, 2), (1, 2), (4, 2)}


def test_that_a_drag_takes_the_pictures_of_a_block(qtbot, grid):
    with qtbot.waitSignal(grid.selection_changed):
        drag(grid, (4, 5), (1, 2))
    assert grid.selected == {(1, 2), (1, 5), (2, 2), (3, 3), (4, 4), (4, 2)}


def test_that_a_drag_with_shift_adds_a_block(grid):
    click(grid, 9, 3)
    drag(grid, (1, 2), (1, 5), SHIFT)
    assert grid.selected == {(9, 3), (1, 2), (1, 5)}


def test_that_a_drag_along_the_heads_takes_several_rows(grid):
    seen, pad = grid.board.geometry_of_cells, grid.board.viewport()
    QTest.mousePress(pad, LEFT, NONE, seen.row_label(12).center())
    QTest.mouseMove(pad, seen.row_label(13).center())
    QTest.mouseRelease(pad, LEFT, NONE, seen.row_label(13).center())
    assert grid.selected == {(12, 12), (12, 13), (13, 13)}


# Keys


def test_that_arrows_move_the_cell_and_enter_opens_it(qtbot, grid):
    click(grid, 1, 2)
    press(grid, Qt.Key.Key_Down)
    press(grid, Qt.Key.Key_Right)
    assert grid.selected == {(2, 3)}
    with qtbot.waitSignal(grid.open_wanted) as told:
        press(grid, Qt.Key.Key_Return)
    assert told.args == [frozenset({(2, 3)})]


def test_that_shift_and_an_arrow_add_the_next_cell(grid):
    click(grid, 1, 2)
    press(grid, Qt.Key.Key_Left, SHIFT)
    assert grid.selected == {(1, 2), (1, 1)}


def test_that_e_goes_to_the_next_larger_error(grid):
    click(grid, 4, 2)
    press(grid, Qt.Key.Key_E)
    assert grid.selected == {(1, 2)}
    press(grid, Qt.Key.Key_E)
    assert grid.selected == {(9, 3)}
    press(grid, Qt.Key.Key_E, SHIFT)
    assert grid.selected == {(1, 2)}


def test_that_escape_ends_the_selection(qtbot, grid):
    click(grid, 1, 2)
    with qtbot.waitSignal(grid.selection_changed) as told:
        press(grid, Qt.Key.Key_Escape)
    assert told.args == [frozenset()]


def test_that_the_keyboard_alone_reaches_a_first_cell(qtbot, grid):
    activate(qtbot, grid)
    grid.setFocus(Qt.FocusReason.TabFocusReason)
    press(grid, Qt.Key.Key_Return)
    assert grid.selected == {(9, 3)}


@pytest.mark.parametrize("classes", [20, 120])
def test_that_the_frame_shows_when_the_keyboard_has_come(qtbot, show, classes):
    grid = show(counts_of(classes, (9, 3, 7)))
    pad = grid.map if classes > 60 else grid.board
    other = QLineEdit(grid)
    other.show()
    activate(qtbot, grid)
    other.setFocus()
    grid.selection.select(())
    before = pad.grab().toImage()
    grid.setFocus(Qt.FocusReason.TabFocusReason)
    grid.selection.select(())
    assert pad.grab().toImage() != before
    other.setFocus(Qt.FocusReason.TabFocusReason)
    assert pad.grab().toImage() == before


def test_that_control_f_finds_a_class_while_typing(qtbot, grid):
    press(grid, Qt.Key.Key_F, CONTROL)
    finder = grid.findChild(object, "evaluate.confusion.find")
    assert finder.isVisible()
    QTest.keyClicks(finder, "kind 0011")
    assert grid.selected == {(11, 11)}
    QTest.keyClicks(finder, "x")
    assert finder.property("state") == "error"
    QTest.keyClick(finder, Qt.Key.Key_Escape)
    assert not finder.isVisible()
    assert grid.selected == {(11, 11)}


def test_that_a_class_is_found_by_its_name(grid):
    assert grid.find_class("kind_0007")
    assert grid.selected == {(7, 7)}
    assert not grid.find_class("poodle")


# Orders and units


@pytest.mark.parametrize("order", list(ClassOrder))
def test_that_every_order_keeps_the_selection_in_sight(show, order):
    grid = show(counts_of(300, (250, 10, 9), (3, 200, 4)), order=ClassOrder.NAME)
    grid.show_counts(grid.shown.table.counts, names(300), np.arange(300)[::-1].tolist())
    grid.map.zoom(5)
    grid.select([(250, 10)])
    grid.sort_by(order)
    row, column = grid.shown.place((250, 10))
    seen = grid.board.geometry_of_cells
    assert grid.selected == {(250, 10)}
    assert row in seen.rows
    assert column in seen.columns
    assert grid.map.viewport().rect().contains(grid.map.view.rect(row, column))


def test_that_a_click_after_sorting_speaks_of_the_same_classes(grid):
    grid.sort_by(ClassOrder.ERRORS)
    assert grid.shown.place((9, 3)) != (9, 3)
    click(grid, 9, 3)
    assert grid.selected == {(9, 3)}


def test_that_many_classes_stand_clustered_unless_the_user_says_else(show, theme):
    grid = show(counts_of(61))
    fresh = ConfusionGrid(theme)
    fresh.show_counts(grid.shown.table.counts, names(61), list(range(60, -1, -1)))
    assert fresh.order is ClassOrder.CLUSTER
    assert fresh.shown.pair(0, 0) == (60, 60)
    fresh.sort_by(ClassOrder.NAME)
    assert fresh.shown.pair(0, 0) == (0, 0)
    bury(fresh)


def test_that_cells_have_the_colours_of_the_formulas(grid):
    assert color_at(grid, 9, 3) == QColor(LIGHT.ramp_wrong[-1])
    assert color_at(grid, 0, 1) == QColor(LIGHT.sunken)
    hit = ramp_color(LIGHT.ramp_right, 0.25 + 0.55 * 20 / 24)
    error = ramp_color(LIGHT.ramp_wrong, 0.18 + 0.82 * (3 / 7) ** 0.6)
    for seen, wanted in ((color_at(grid, 1, 1), hit), (color_at(grid, 1, 2), error)):
        near = zip(seen.getRgb(), wanted.getRgb(), strict=True)
        assert max(abs(one - other) for one, other in near) <= 1


def test_that_in_per_cent_the_row_is_the_base(show):
    counts = counts_of(13, (0, 1, 5), hits=95)
    counts[2, 2], counts[2, 3] = 6, 4
    grid = show(counts)
    assert color_at(grid, 0, 1) == QColor(LIGHT.ramp_wrong[-1])
    grid.show_percent(True)
    assert color_at(grid, 2, 3) == QColor(LIGHT.ramp_wrong[-1])
    assert color_at(grid, 0, 1) != QColor(LIGHT.ramp_wrong[-1])


# Maps


def test_that_a_pooled_pixel_has_the_colour_of_its_worst_error(show):
    grid = show(counts_of(1000, (500, 40, 1), (501, 40, 8), (300, 800, 1)))
    view = grid.map.view
    assert view.is_pooled
    cell = view.rect(501, 40).translated(grid.map.table_corner)
    assert map_color(grid, cell.topLeft()) == QColor(LIGHT.ramp_wrong[-1])
    lone = view.rect(300, 800).translated(grid.map.table_corner)
    codes = codes_of(grid.shown.table, as_percent=False)
    shade = (int(codes[300, 800]) - SHADES - 1) / (SHADES - 1)
    assert map_color(grid, lone.topLeft()) == ramp_color(LIGHT.ramp_wrong, shade)


def test_that_a_click_on_a_pooled_pixel_takes_its_worst_error(show):
    grid = show(counts_of(1000, (501, 40, 8)))
    cell = grid.map.view.rect(501, 40).translated(grid.map.table_corner)
    QTest.mouseClick(grid.map.viewport(), LEFT, NONE, cell.topLeft())
    assert grid.selected == {(501, 40)}


def test_that_the_lens_shows_names_around_the_current_cell(show):
    grid = show(counts_of(120, (100, 30, 8)))
    grid.select([(100, 30)])
    seen = grid.board.geometry_of_cells
    assert (len(seen.rows), len(seen.columns)) == (LENS_SIDE, LENS_SIDE)
    assert 100 in seen.rows
    assert 30 in seen.columns
    assert (grid.map.lens.y(), grid.map.lens.height()) == (seen.rows.start, LENS_SIDE)


def test_that_a_drag_on_the_map_takes_a_block(show):
    grid = show(counts_of(120, (50, 60, 2)))
    pad, view = grid.map.viewport(), grid.map.view
    start, end = view.rect(49, 59).center(), view.rect(51, 61).center()
    corner = grid.map.table_corner
    QTest.mousePress(pad, LEFT, NONE, start + corner)
    QTest.mouseMove(pad, end + corner)
    QTest.mouseRelease(pad, LEFT, NONE, end + corner)
    assert grid.selected == {(50, 60)}


def test_that_wheel_and_keys_zoom_and_the_menu_fits(show):
    grid = show(counts_of(1000))
    fitted = grid.map.view.side
    turn_wheel(grid.map, 2)
    assert grid.map.view.side == 2000
    press(grid, Qt.Key.Key_Plus)
    assert grid.map.view.side == 3000
    press(grid, Qt.Key.Key_Minus)
    assert grid.map.view.side == 2000
    grid.fit()
    assert grid.map.view.side == fitted


def test_that_a_touch_pad_zooms_after_as_much_turning_as_a_wheel(show):
    grid = show(counts_of(1000))
    fitted = grid.map.view.side
    for _ in range(3):
        turn_wheel(grid.map, 0.25)
    assert grid.map.view.side == fitted
    turn_wheel(grid.map, 0.25)
    assert grid.map.view.side == 1000


def test_that_a_zoomed_map_moves_with_the_middle_button_and_the_wheel(show):
    grid = show(counts_of(1000))
    grid.select([(500, 500)])
    grid.map.zoom(4)
    before, pad = grid.map.view, grid.map.viewport()
    QTest.mousePress(pad, MIDDLE, NONE, QPoint(100, 100))
    QTest.mouseMove(pad, QPoint(60, 70))
    QTest.mouseRelease(pad, MIDDLE, NONE, QPoint(60, 70))
    after = grid.map.view
    assert (after.left - before.left, after.top - before.top) == (40, 30)
    turn_wheel(grid.map, 1, SHIFT)
    assert grid.map.view.left == after.left - 120


def test_that_moving_with_keys_brings_the_map_along(show):
    grid = show(counts_of(1000))
    grid.map.zoom(5)
    grid.select([(0, 0)])
    press(grid, Qt.Key.Key_End)
    assert grid.selected == {(0, 999)}
    assert grid.map.viewport().rect().contains(grid.map.view.rect(0, 999))


def test_that_groups_are_marked_at_the_edge_of_a_large_clustered_map(show):
    counts = counts_of(300)
    for start in range(0, 300, 30):
        counts[start : start + 30, start : start + 30] += 1
    grid = show(counts)
    whole = grid.map.table_corner
    grid.show_counts(counts, names(300), list(range(300)))
    grid.sort_by(ClassOrder.CLUSTER)
    corner, cell = grid.map.table_corner, grid.map.view.rect(45, 45).center()
    assert corner.x() > whole.x()
    left, top = QPoint(0, corner.y() + cell.y()), QPoint(corner.x() + cell.x(), 0)
    assert map_color(grid, left) == map_color(grid, top) == QColor(LIGHT.control)
    text = "30 classes, among them kind 0030, kind 0031, kind 0032"
    assert grid.map.hint_at(left) == grid.map.hint_at(top) == text
    QTest.mouseClick(grid.map.viewport(), LEFT, NONE, corner + cell)
    assert grid.selected == {(45, 45)}


# Words, themes, nothing


def hint_at(pad, point):
    event = QHelpEvent(QHelpEvent.Type.ToolTip, point, pad.viewport().mapToGlobal(point))
    QApplication.sendEvent(pad.viewport(), event)
    return QToolTip.text()


def test_that_the_hint_of_a_cell_is_a_sentence(grid):
    assert grid.board.hint_at(middle(grid, 1, 2)) == "kind 0001 taken for kind 0002: 3 of 24"


def test_that_hovering_tints_the_row_and_the_column(grid):
    assert color_at(grid, 15, 17) == QColor(LIGHT.sunken)
    QTest.mouseMove(grid.board.viewport(), middle(grid, 15, 18))
    assert color_at(grid, 15, 17) == QColor(LIGHT.selected)
    assert color_at(grid, 2, 18) == QColor(LIGHT.selected)


def test_that_the_grid_says_where_the_keys_are(grid):
    grid.select([(1, 2)])
    assert grid.accessibleName() == "Confusion grid: kind 0001 taken for kind 0002: 3 of 24"


@pytest.mark.qt_log_ignore("does not support raise", extend=True)
def test_that_names_are_shown_as_text_in_hints_and_in_the_table(show):
    hostile = ["<b>x</b>", "a & b", "line\nbreak"]
    grid = show(counts_of(3, (0, 1, 2), (2, 0, 1)), hostile)
    hint = hint_at(grid.board, middle(grid, 0, 1))
    assert hint == "<span>&lt;b&gt;x&lt;/b&gt; taken for a &amp; b: 2 of 22</span>"
    QToolTip.hideText()
    twin = confusion_twin(grid.shown.table)
    rows = [[twin.cell(row, column) for column in range(4)] for row in range(2)]
    assert rows == [["<b>x</b>", "a & b", "2", "9.1 %"], ["line\\nbreak", "<b>x</b>", "1", "4.8 %"]]


def test_that_a_theme_leaves_no_colour_of_the_other_one(show, theme):
    grid = show(counts_of(120, (50, 60, 2)))
    grid.grab()
    theme.set_mode(ThemeMode.DARK)
    worst = grid.map.view.rect(50, 60).translated(grid.map.table_corner).topLeft()
    assert map_color(grid, worst) == QColor(DARK.ramp_wrong[-1])
    assert color_at(grid, 50, 60) == QColor(DARK.ramp_wrong[-1])
    image = grid.grab().toImage()
    pixels = {image.pixel(x, y) for x in range(0, image.width(), 3) for y in range(image.height())}
    light = {LIGHT.surface, LIGHT.sunken, LIGHT.hair, LIGHT.ramp_wrong[-1], LIGHT.text2}
    assert not pixels & {QColor(color).rgba() for color in light}


@pytest.mark.parametrize("classes", [0, 1, 2, 37, 120])
def test_that_nothing_evaluated_is_said_in_words(show, classes):
    grid = show(np.zeros((classes, classes), dtype=np.int64))
    assert grid._note.isVisible()
    assert not grid.board.isVisible()
    for key in (Qt.Key.Key_E, Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Plus):
        press(grid, key)
    grid.grab()


def test_that_a_single_class_has_its_cell(show):
    grid = show(np.array([[5]]), ["cat"])
    click(grid, 0, 0)
    assert grid.selected == {(0, 0)}


def test_that_few_classes_have_their_scores_below(show):
    grid = show(np.array([[288, 6], [9, 697]]), ["cat", "dog"])
    scores = grid.findChild(object, "evaluate.confusion.scores")
    model = scores.model()
    rows = [[model.index(row, column).data() for column in range(4)] for row in range(2)]
    assert scores.isVisible()
    assert rows == [["cat", "97.0 %", "98.0 %", "0.975"], ["dog", "99.1 %", "98.7 %", "0.989"]]


def test_that_scroll_bars_go_when_there_is_room_for_all(qtbot, show):
    grid = show(counts_of(37), size=(500, 400))
    bar = grid.board.verticalScrollBar()
    assert bar.isVisible()
    grid.resize(grid.board.least_size())
    qtbot.waitUntil(lambda: not bar.isVisible())
    assert len(grid.board.geometry_of_cells.rows) == 37
    assert len(grid.board.geometry_of_cells.columns) == 37


def test_that_more_classes_than_fit_can_be_scrolled_to(show):
    grid = show(counts_of(60), size=(500, 400))
    assert 59 not in grid.board.geometry_of_cells.rows
    grid.select([(59, 59)])
    assert 59 in grid.board.geometry_of_cells.rows
    click(grid, 58, 59)
    assert grid.selected == {(58, 59)}


def test_that_the_copied_table_has_the_counts_in_the_shown_order(grid):
    grid.sort_by(ClassOrder.ERRORS)
    lines = [line.split("\t") for line in confusion_as_text(grid.shown).splitlines()]
    assert lines[0][1] == lines[1][0] == "kind 0003"
    assert len(lines) == 21
    assert sum(map(int, lines[1][1:])) == 20


# The panel around it


@pytest.fixture
def panel(qtbot, theme):
    counts = counts_of(20, (1, 2, 3), (4, 2, 2), (9, 3, 7))
    made = ConfusionPanel(theme)
    made.resize(900, 600)
    made.show_counts(counts, names(20), most_confused(counts, names(20)))
    made.show()
    qtbot.waitExposed(made)
    yield made
    bury(made)


def view_of(panel):
    return panel.most_confused.view


def test_that_the_list_has_the_pairs_largest_first(panel):
    model = view_of(panel).model()
    assert [model.index(row).data() for row in range(3)] == [
        "kind 0009 taken for kind 0003: 7",
        "kind 0001 taken for kind 0002: 3",
        "kind 0004 taken for kind 0002: 2",
    ]


def test_that_a_row_of_the_list_selects_its_cell(qtbot, panel):
    view = view_of(panel)
    with qtbot.waitSignal(panel.selection_changed) as told:
        point = view.visualRect(view.model().index(1)).center()
        QTest.mouseClick(view.viewport(), LEFT, NONE, point)
    assert told.args == [frozenset({(1, 2)})]
    assert panel.grid.selected == {(1, 2)}


def test_that_keys_walk_through_the_list_and_open(qtbot, panel):
    view = view_of(panel)
    panel.select(frozenset({(9, 3)}))
    QTest.keyClick(view, Qt.Key.Key_Down)
    assert panel.grid.selected == {(1, 2)}
    with qtbot.waitSignal(panel.open_wanted) as told:
        QTest.keyClick(view, Qt.Key.Key_Return)
    assert told.args == [frozenset({(1, 2)})]


def test_that_a_cell_marks_its_row_of_the_list_and_several_mark_none(panel):
    click(panel.grid, 4, 2)
    assert view_of(panel).currentIndex().row() == 2
    click(panel.grid, 1, 2, SHIFT)
    assert not view_of(panel).currentIndex().isValid()


def test_that_the_square_of_a_count_has_the_colour_of_its_cell(panel):
    view = view_of(panel)
    row = view.visualRect(view.model().index(0))
    seen = view.viewport().grab().toImage().pixelColor(row.left() + 10, row.center().y())
    assert seen == QColor(LIGHT.ramp_wrong[-1])


def test_that_the_menu_sorts_and_names_the_order(panel):
    sort = panel.tools.findChild(object, "evaluate.confusion.sort")
    assert sort.text() == "Errors first"
    action = next(act for act in sort.menu().actions() if act.text() == "By name")
    action.trigger()
    assert panel.grid.order is ClassOrder.NAME
    assert sort.text() == "By name"


def test_that_the_menu_copies_the_table_and_shows_it(panel):
    acts = {act.text(): act for act in panel.tools._menu.popup.actions()}
    acts["Copy data"].trigger()
    assert QGuiApplication.clipboard().text().startswith("actual \\ predicted\tkind 0003")
    acts["View as table"].trigger()
    dialog = panel.findChild(TextTwinDialog)
    assert dialog.table.model().index(0, 2).data() == "7"
    dialog.close()


def test_that_percent_is_chosen_above_the_grid(panel):
    panel.tools.findChild(object, "evaluate.confusion.unit.percent").click()
    assert panel.grid.shown.as_percent
