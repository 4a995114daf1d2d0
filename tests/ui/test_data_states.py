"""The Data page in each of its states, as pictures: empty, held over, busy, wrong, full.

With PETSTUDIO_PICTURES set to a folder they are kept there.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from data_steps import LONG, button, choose, draw, find, use, wait_for_proof
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton

from petstudio.ui.theme import ThemeMode
from petstudio.ui.widgets.classes_card import ClassesCard
from petstudio.ui.widgets.drop_well import DropWell
from petstudio.ui.widgets.problem_line import ProblemLine


@pytest.fixture
def page(data_page):
    data_page.resize(1440, 852)
    return data_page


def test_that_the_smallest_class_is_named_with_room_before_the_search(qtbot, theme):
    card = ClassesCard(theme)
    qtbot.addWidget(card)
    card.resize(402, 300)
    card.show_classes(tuple((f"class {number}", 5) for number in range(37)))
    with qtbot.waitExposed(card):
        card.show()
    assert card.hint.text() == "smallest 5"
    assert card.hint.geometry().right() + 8 <= card.search.x()


@pytest.fixture
def messy(tmp_path):
    """Return a folder with all that the health check looks for."""
    root = tmp_path / "messy"
    for number in range(10):
        draw(root, f"cat_{number}.jpg", number)
        draw(root, f"dog_{number}.jpg", 100 + number)
    draw(root, "cat_90.jpg", 0, quality=50)
    draw(root, "dog_91.jpg", 300, size=(50, 40))
    (root / "dog_92.jpg").write_bytes((root / "cat_1.jpg").read_bytes())
    (root / "cat_93.jpg").write_bytes(b"\xff\xd8\xff\xe0 broken")
    (root / "unnamed.jpg").write_bytes((root / "cat_2.jpg").read_bytes())
    (root / "notes.txt").write_text("hello")
    return root


def take(page, name):
    """Return the colours of the page as it looks now, and keep the picture if that is wanted."""
    picture = page.grab().toImage()
    folder = os.environ.get("PETSTUDIO_PICTURES")
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        picture.save(str(Path(folder) / f"data-{name}.png"))
    places = ((x, y) for x in range(4, picture.width(), 9) for y in range(4, picture.height(), 9))
    return {picture.pixel(x, y) for x, y in places}


def corner(page):
    """Return the colour of the ground."""
    return page.grab().toImage().pixelColor(2, 2)


def cut_buttons(page):
    """Return the buttons in sight whose words do not fit into them."""
    return [
        one.text()
        for one in page.findChildren(QPushButton)
        if one.isVisible() and one.text() and one.width() + 1 < one.minimumSizeHint().width()
    ]


def test_that_the_empty_page_cuts_no_word(page):
    assert len(take(page, "empty")) > 20
    assert cut_buttons(page) == []


@pytest.mark.parametrize("is_good", [True, False])
def test_that_a_well_says_whether_it_takes_what_is_held_over_it(page, tmp_path, is_good):
    (tmp_path / "a.txt").write_text("no picture")
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path if is_good else tmp_path / "a.txt"))])
    well = find(page, DropWell, "first_run.well")
    mouse = (Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    well.dragEnterEvent(QDragEnterEvent(QPoint(9, 9), Qt.DropAction.CopyAction, data, *mouse))
    take(page, "held-good" if is_good else "held-bad")
    words = " ".join(label.text() for label in well.findChildren(QLabel) if label.isVisible())
    assert ("Drop to use this" if is_good else "neither a folder") in words


def test_that_the_busy_page_shows_how_far_it_is_and_a_stop(qtbot, page, messy):
    page.choose(messy)
    wait_for_proof(qtbot, page)
    assert button(page, "data.health.stop").isVisible()
    assert "checking" in find(page, QLabel, "data.health.state").full_text
    take(page, "busy")
    assert cut_buttons(page) == []


def test_that_a_wrong_pattern_is_marked_and_the_data_cannot_be_used(qtbot, page, messy):
    choose(qtbot, page, messy)
    find(page, QLineEdit, "data.regex.pattern").setText("([a-z")
    problem = find(page, ProblemLine, "data.regex.pattern.problem")
    qtbot.waitUntil(problem.isVisible, timeout=LONG)
    take(page, "error-pattern")
    assert "not a valid regular expression" in problem.text
    assert not button(page, "data.use").isEnabled()


def test_that_a_folder_that_is_gone_is_named(qtbot, page, tmp_path):
    page.choose(tmp_path / "gone")
    problem = find(page, ProblemLine, "data.source.problem")
    qtbot.waitUntil(problem.isVisible, timeout=LONG)
    take(page, "error-folder")
    assert "There is no folder" in problem.text


def test_that_the_full_page_is_light_and_dark_without_cut_words(qtbot, page, theme, messy):
    choose(qtbot, page, messy)
    qtbot.waitUntil(lambda: page._bench.preview.squares.count == 8, timeout=LONG)
    take(page, "full-light")
    assert corner(page).lightness() > 200
    theme.set_mode(ThemeMode.DARK)
    take(page, "full-dark")
    assert corner(page).lightness() < 60
    assert cut_buttons(page) == []


def test_that_the_parts_of_a_name_have_room_on_the_page(qtbot, page, messy):
    choose(qtbot, page, messy)
    button(page, "data.builder.open").click()
    take(page, "builder")
    assert button(page, "data.builder.part.0").isVisible()
    assert cut_buttons(page) == []


def test_that_a_project_in_use_has_no_button_to_use_it(qtbot, page, session, messy):
    choose(qtbot, page, messy)
    use(qtbot, page, session)
    take(page, "in-use")
    assert not button(page, "data.use").isVisible()


def test_that_a_narrow_page_cuts_no_word(qtbot, page, messy):
    page.resize(900, 852)
    choose(qtbot, page, messy)
    take(page, "narrow")
    assert cut_buttons(page) == []
