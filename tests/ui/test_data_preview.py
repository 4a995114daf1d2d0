"""The preview of the Data page: variants as the network gets them, and a whole batch."""

from __future__ import annotations

from dataclasses import replace

import pytest
from data_steps import LONG, button, find, wait_for_proof
from PySide6.QtWidgets import QCheckBox, QSlider, QSpinBox, QTableView

from petstudio.config.recipe import AugmentationChoice
from petstudio.ui.widgets.batch_dialog import BatchDialog
from petstudio.ui.widgets.problem_line import ProblemLine
from petstudio.ui.widgets.squares_view import SquaresView


@pytest.fixture
def page(data_page):
    return data_page


def squares(page):
    return find(page, SquaresView, "data.preview.squares")


def drawn(qtbot, page, act):
    """Do something and return the variants that are drawn after it."""
    with qtbot.waitSignal(page._bench.preview._feed.drawn, timeout=LONG) as told:
        act()
    (found,) = told.args
    return [square.pixels.tobytes() for square in found]


def choose(qtbot, page, pictures):
    page.choose(pictures)
    wait_for_proof(qtbot, page)
    qtbot.waitUntil(lambda: squares(page).count == 8, timeout=LONG)


def test_that_a_chosen_picture_is_shown_in_eight_variants(qtbot, page, pictures):
    choose(qtbot, page, pictures)
    look = find(page, QTableView, "data.proof").selectRow
    assert len(drawn(qtbot, page, lambda: look(4))) == 8


def test_that_the_variants_follow_the_sliders(qtbot, page, pictures):
    choose(qtbot, page, pictures)
    slider = find(page, QSlider, "data.preview.max_lighting")
    before = drawn(qtbot, page, lambda: slider.setValue(0))
    assert drawn(qtbot, page, lambda: slider.setValue(100)) != before
    assert drawn(qtbot, page, lambda: slider.setValue(0)) == before


def test_that_new_variants_are_others(qtbot, page, pictures):
    choose(qtbot, page, pictures)
    first = drawn(qtbot, page, button(page, "data.preview.new").click)
    assert drawn(qtbot, page, button(page, "data.preview.new").click) != first


def test_that_the_normalised_view_and_the_size_are_drawn_as_well(qtbot, page, pictures):
    choose(qtbot, page, pictures)
    find_size = find(page, QSpinBox, "data.preview.size")
    small = drawn(qtbot, page, lambda: find_size.setValue(64))
    assert len(small[0]) == 64 * 64 * 3
    box = find(page, QCheckBox, "data.preview.normalised")
    assert drawn(qtbot, page, lambda: box.setChecked(True)) != small


def test_that_the_sliders_begin_with_the_defaults_of_the_recipe(page, pictures, qtbot):
    choose(qtbot, page, pictures)
    (choice,) = page._bench.preview.wish.augmentations
    assert (choice.key, choice.options["max_rotate"], choice.options["max_zoom"]) == (
        "tutorial", 10.0, 1.1,
    )  # fmt: skip


def test_that_a_whole_batch_shows_training_pictures_with_their_labels(qtbot, page, pictures):
    choose(qtbot, page, pictures)
    button(page, "data.preview.batch").click()
    dialog = find(page.window(), BatchDialog, "batch")
    qtbot.waitUntil(lambda: dialog.squares.count == 18, timeout=LONG)
    assert set(dialog.squares.words) <= {"maine coon", "pug", "beagle"}
    dialog.accept()


def test_that_a_picture_that_cannot_be_read_has_no_variants(qtbot, page, pictures):
    (pictures / "a_1.png").write_bytes(b"\x89PNG broken")
    page.choose(pictures)
    wait_for_proof(qtbot, page)
    look = find(page, QTableView, "data.proof").selectRow
    assert len(drawn(qtbot, page, lambda: look(3))) == 8
    assert drawn(qtbot, page, lambda: look(0)) == []


def test_that_a_change_that_cannot_be_drawn_leaves_no_variants_of_before(qtbot, page, pictures):
    choose(qtbot, page, pictures)
    preview = page._bench.preview
    unknown = replace(preview.wish, augmentations=(AugmentationChoice(key="no-such-change"),))
    with qtbot.waitSignal(preview._feed.failed, timeout=LONG):
        preview._feed.want(unknown)
    assert squares(page).count == 0
    assert "no-such-change" in find(page, ProblemLine, "data.preview.problem").text
