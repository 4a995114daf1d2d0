"""How labels are found in names: built by clicking, tinted, counted, and stopped when hopeless."""

from __future__ import annotations

import pytest
from data_steps import LONG, button, draw, find, wait_for_proof
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QLineEdit, QPushButton, QTableView

from petstudio.bridge.models import ProofColumn, ProofModel
from petstudio.ui.widgets.chip import Chip
from petstudio.ui.widgets.pattern_line import PatternLine
from petstudio.ui.widgets.problem_line import ProblemLine


@pytest.fixture
def page(data_page):
    return data_page


def parts(page):
    """Return the parts of the sample name that can be chosen, by their text."""
    found = page.findChildren(QPushButton)
    return {part.text(): part for part in found if "builder.part" in part.objectName()}


def pattern(page):
    return find(page, QLineEdit, "data.regex.pattern").text()


def labels(page):
    model = find(page, QTableView, "data.proof").model()
    return [model.index(row, ProofColumn.LABEL).data() for row in range(model.rowCount())]


def choose(qtbot, page, folder):
    page.choose(folder)
    qtbot.waitUntil(lambda: page._proof is not None, timeout=LONG)


def test_that_a_click_on_the_class_writes_the_pattern(qtbot, page, pictures):
    choose(qtbot, page, pictures)
    button(page, "data.builder.open").click()
    assert list(parts(page)) == ["beagle", "0"]
    parts(page)["beagle"].click()
    wait_for_proof(qtbot, page)
    assert pattern(page) == r"^(?P<label>[^/]+)_\d+\.[^.]+$"
    assert set(labels(page)) == {"maine coon", "pug", "beagle"}


def test_that_the_pattern_can_be_built_with_the_keyboard_alone(qtbot, page, pictures):
    choose(qtbot, page, pictures)
    opener = button(page, "data.builder.open")
    opener.setFocus()
    qtbot.keyClick(opener, Qt.Key.Key_Space)
    part = parts(page)["beagle"]
    part.setFocus()
    qtbot.keyClick(part, Qt.Key.Key_Space)
    wait_for_proof(qtbot, page)
    assert page.sentence == "24 pictures, 3 classes, 0 unmatched"
    assert part.accessibleName() == "beagle, class"


def test_that_a_second_part_keeps_pictures_together(qtbot, page, tmp_path):
    for number, (animal, kind) in enumerate((a, k) for a in "abcdef" for k in ("cat", "dog")):
        draw(tmp_path / "p", f"{animal}_{kind}_{number}.jpg", number)
    choose(qtbot, page, tmp_path / "p")
    button(page, "data.builder.open").click()
    parts(page)["cat"].click()
    button(page, "data.builder.group").click()
    parts(page)["a"].click()
    wait_for_proof(qtbot, page)
    assert "(?P<group>" in pattern(page)
    proof = page._proof
    assert {image.group for image in proof.labels} == set("abcdef")
    sides = {}
    for image, side in zip(proof.labels, proof.splits, strict=True):
        sides.setdefault(image.group, set()).add(side)
    assert all(len(of_one) == 1 for of_one in sides.values())


def test_that_another_click_takes_all_parts_up_to_there(qtbot, page, pictures):
    choose(qtbot, page, pictures)
    find(page, QTableView, "data.proof").selectRow(10)  # maine_coon_2.png
    button(page, "data.builder.open").click()
    parts(page)["maine"].click()
    parts(page)["coon"].click()
    wait_for_proof(qtbot, page)
    assert pattern(page) == r"^(?P<label>[^/]+)_\d+\.[^.]+$"


def test_that_ambiguous_names_are_counted_and_stand_behind_the_unmatched(qtbot, page, tmp_path):
    names = ("cat_1.jpg", "cat_2.jpg", "dog_1.jpg", "dog_2.jpg", "cat_3_dog_4.jpg", "x.jpg")
    for number, name in enumerate(names):
        draw(tmp_path / "p", name, number)
    choose(qtbot, page, tmp_path / "p")
    find(page, QLineEdit, "data.regex.pattern").setText(r"(?P<label>[a-z]+)_\d")
    qtbot.waitUntil(lambda: page.sentence.endswith("1 unmatched"), timeout=LONG)
    assert find(page, Chip, "data.ambiguous").text == "1 ambiguous"
    model = find(page, QTableView, "data.proof").model()
    first = [model.index(row, 0).data(ProofModel.ROW).path for row in range(2)]
    assert first == ["x.jpg", "cat_3_dog_4.jpg"]


def test_that_the_tint_stands_where_the_pattern_matched(qtbot, page, tmp_path):
    for number, name in enumerate(("pug_pug_1.jpg", "cat_pug_2.jpg", "pug_x_3.jpg", "cat_x_4.jpg")):
        draw(tmp_path / "p", name, number)
    choose(qtbot, page, tmp_path / "p")
    find(page, QLineEdit, "data.regex.pattern").setText(r"^(?P<label>[a-z]+)_")
    qtbot.waitUntil(lambda: "4 pictures, 2 classes" in page.sentence, timeout=LONG)
    model = find(page, QTableView, "data.proof").model()
    spans = {row.path: row.span for row in (model.row(n) for n in range(4))}
    assert spans["pug_pug_1.jpg"] == (0, 3)


def test_that_the_label_part_of_the_pattern_is_tinted(qtbot, page, pictures, theme):
    choose(qtbot, page, pictures)
    line = find(page, PatternLine, "data.regex.pattern")
    tinted = line.grab().toImage()
    line.blockSignals(True)
    line.setText(line.text().replace("P<label>", "?:<label>"))
    plain = line.grab().toImage()
    box = QRect(12, tinted.height() // 2, tinted.width() // 2, 1)
    assert _colours(tinted, box) - _colours(plain, box)


def test_that_a_mark_says_that_the_pattern_fits(qtbot, page, pictures):
    choose(qtbot, page, pictures)
    line = find(page, PatternLine, "data.regex.pattern")
    assert [action.toolTip() for action in line.actions()] == ["The pattern fits"]
    line.setText("([a-z")
    problem = find(page, ProblemLine, "data.regex.pattern.problem")
    qtbot.waitUntil(problem.isVisible, timeout=LONG)
    assert line.actions() == []


def test_that_an_empty_pattern_is_named_at_its_field(qtbot, page, pictures):
    choose(qtbot, page, pictures)
    find(page, QLineEdit, "data.regex.pattern").setText("")
    problem = find(page, ProblemLine, "data.regex.pattern.problem")
    qtbot.waitUntil(problem.isVisible, timeout=LONG)
    assert problem.text


@pytest.mark.slow
def test_that_a_pattern_that_would_never_end_is_given_up(qtbot, page, tmp_path):
    for number in range(3):
        draw(tmp_path / "p", f"{'a' * 40}_{number}!.jpg", number)
    choose(qtbot, page, tmp_path / "p")
    find(page, QLineEdit, "data.regex.pattern").setText(r"^(?P<label>(a+)+)$")
    problem = find(page, ProblemLine, "data.regex.pattern.problem")
    qtbot.waitUntil(problem.isVisible, timeout=LONG)
    assert "takes too long" in problem.text
    find(page, QLineEdit, "data.regex.pattern").setText(r"^(?P<label>a+)_")
    qtbot.waitUntil(lambda: "1 class (" in page.sentence, timeout=LONG)


def _colours(image, box):
    return {
        QColor(image.pixel(x, y)).name()
        for x in range(box.left(), box.right())
        for y in range(box.top(), box.bottom() + 1)
    }
