"""Heat maps on the Label page: seen while H is held, of the pictures in sight."""

from __future__ import annotations

import pytest
from label_project import CLASSES, RUN, make_project, suggest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from petstudio.bridge.label_rows import LabelChoice
from petstudio.config.recipe import Recipe
from petstudio.project.project import Project
from petstudio.project.records import RunState
from petstudio.ui.pages.label_page import LabelPage
from petstudio.ui.widgets.label_filters import LabelFilters
from petstudio.ui.widgets.picture_grid import PictureGrid

H, SHIFT = Qt.Key.Key_H, Qt.KeyboardModifier.ShiftModifier
HEAT = (255, 0, 255)
# Sorted by name, the pictures are 8 beagles (ids 1 to 8), 8 Maine coons (9 to 16), 8 pugs.
SUGGESTED = {1: ("pug", 0.9), 2: ("beagle", 0.8), 9: ("pug", 0.7)}


@pytest.fixture
def project(tmp_path, pictures):
    """With a finished run that suggests labels for two undecided pictures and for a Maine coon."""
    made = make_project(tmp_path, pictures, unlabelled=range(4))
    with Project.open(made) as opened:
        for _ in range(RUN):
            run = opened.new_run(Recipe())
            opened.finish_run(run.number, RunState.COMPLETED, {})
        run.model_path.write_bytes(b"a model")
    suggest(made, SUGGESTED)
    return made


@pytest.fixture
def wishes():
    """The wishes for heat maps, job by job."""
    return []


@pytest.fixture
def page(qtbot, theme, host, runner, session, project, wishes):
    def heat_maps(_host, _project, _model, wished):
        def job(_emit, _control):
            wishes.append({wish.picture.name: CLASSES[wish.target] for wish in wished})
            for wish in wished:
                wish.file.parent.mkdir(parents=True, exist_ok=True)
                Image.new("RGB", (8, 8), HEAT).save(wish.file)

        return job

    made = LabelPage(theme, host, runner, session, make_heat_maps=heat_maps)
    qtbot.addWidget(made)
    made.resize(1356, 820)
    with qtbot.waitExposed(made):
        made.show()
    with qtbot.waitSignal(session.changed, timeout=20_000):
        session.open(project)
    show_all(qtbot, made)
    yield made
    assert runner.shutdown()
    made.shutdown()


@pytest.fixture
def grid(page):
    found = page.findChild(PictureGrid, "label.grid")
    found.setFocus()
    return found


@pytest.fixture
def canvas(qtbot, grid, page):
    """The second picture, alone."""
    grid.go_to_row(1)
    QTest.keyClick(grid, Qt.Key.Key_G)
    return page.findChild(QWidget, "label.canvas")


def show_all(qtbot, page):
    filters = page.findChild(LabelFilters)
    filters.choose(LabelChoice())
    filters.changed.emit()
    grid = page.findChild(PictureGrid, "label.grid")
    qtbot.waitUntil(lambda: len(grid.pictures) == 24, timeout=10_000)


def is_hot(widget):
    """True while a heat map is painted in the widget."""
    image = widget.grab().toImage()
    places = ((x, y) for x in range(0, image.width(), 4) for y in range(0, image.height(), 4))
    return any(image.pixelColor(x, y).getRgb()[:3] == HEAT for x, y in places)


def test_that_the_grid_shows_where_the_model_looked_while_h_is_held(qtbot, grid, wishes):
    QTest.keyPress(grid, H)
    qtbot.waitUntil(lambda: is_hot(grid), timeout=10_000)
    assert wishes == [{"beagle_0.png": "pug", "beagle_1.png": "beagle", "maine_coon_0.png": "pug"}]
    QTest.keyRelease(grid, H)
    assert not is_hot(grid)


def test_that_one_picture_alone_shows_where_the_model_looked(qtbot, canvas, wishes):
    QTest.keyPress(canvas, H)
    qtbot.waitUntil(lambda: is_hot(canvas), timeout=10_000)
    assert wishes == [{"beagle_1.png": "beagle"}]
    QTest.keyRelease(canvas, H)
    assert not is_hot(canvas)


def test_that_the_next_picture_is_asked_for_when_it_comes_while_h_is_held(
    qtbot, canvas, grid, wishes
):
    QTest.keyPress(canvas, H)
    qtbot.waitUntil(lambda: is_hot(canvas), timeout=10_000)
    grid.go_to_row(0)
    qtbot.waitUntil(lambda: len(wishes) == 2, timeout=10_000)
    assert wishes[1] == {"beagle_0.png": "pug"}
    QTest.keyRelease(canvas, H)


def test_that_shift_asks_for_the_class_of_the_label(qtbot, grid, wishes):
    QTest.keyPress(grid, H, SHIFT)
    qtbot.waitUntil(lambda: is_hot(grid), timeout=10_000)
    assert wishes == [{"maine_coon_0.png": "maine_coon"}]
    QTest.keyRelease(grid, H, SHIFT)


def test_that_it_is_said_where_nothing_was_suggested(qtbot, canvas, grid, page, wishes):
    grid.go_to_row(5)
    before = page.sentence
    QTest.keyPress(canvas, H)
    assert "none of these pictures was suggested for" in page.sentence
    QTest.keyRelease(canvas, H)
    assert (page.sentence, wishes) == (before, [])


def test_that_it_is_said_that_the_model_is_gone(qtbot, project, session, grid, page):
    with Project.open(project) as opened:
        opened.run(RUN).folder.model_path.unlink()
    with qtbot.waitSignal(session.changed, timeout=10_000):
        session.look_again()
    QTest.keyPress(grid, H)
    assert "no model any more" in page.sentence
    QTest.keyRelease(grid, H)


def test_that_h_after_the_leading_key_is_the_letter_of_a_class(grid, page, wishes):
    QTest.keyClick(grid, Qt.Key.Key_QuoteLeft)
    QTest.keyPress(grid, H)
    QTest.keyRelease(grid, H)
    assert not page._area.heat_key.is_held
    assert wishes == []
