"""The tutorial's whole road through the real window, with its detour, on the sample set."""

from __future__ import annotations

import math

import pyqtgraph as pg
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from petstudio.bridge.runner import JobState
from petstudio.config.recipe import recipe_from_mapping
from petstudio.project.project import Access, Project
from petstudio.ui.page import PageKey

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]
_LONG = 240_000
_RECIPE = {
    "model": {"architecture": "resnet18", "weights": "none"},
    "input": {"size": 32},
    "training": {"batch_size": 64, "device": "cpu"},
    "stages": [{"name": "head", "epochs": 4, "trainable": "head", "rate": 3e-3}],
}


@pytest.fixture(autouse=True)
def every_mouse_move():
    """Keep pyqtgraph from dropping moves that follow each other faster than a hand can."""
    before = pg.getConfigOption("mouseRateLimit")
    pg.setConfigOption("mouseRateLimit", -1)
    yield
    pg.setConfigOption("mouseRateLimit", before)


def press(page, name):
    found = page.findChild(QPushButton, name)
    assert found.isEnabled(), found.toolTip()
    found.click()


def train(qtbot, desk, page, runs):
    """Start, and wait until the run is over and listed."""
    press(page, "training.start")
    qtbot.waitUntil(lambda: desk.runner.state is not JobState.IDLE, timeout=_LONG)
    qtbot.waitUntil(lambda: desk.runner.state is JobState.IDLE, timeout=_LONG)
    qtbot.waitUntil(lambda: len(page._runs.runs) >= runs, timeout=_LONG)
    assert page.run.finished.message == ""


def test_that_the_tutorials_detour_is_a_few_clicks(qtbot, desk, project):
    with qtbot.waitExposed(desk.window):
        desk.show(project)
    qtbot.waitUntil(
        lambda: len(desk.window.pages) == 2 and desk.session.view is not None, timeout=_LONG
    )
    desk.window.show_page(PageKey.TRAIN)
    page = desk.window.page(PageKey.TRAIN)
    tree, card = page._cards.inspector.runs, page._cards.recipe
    page.set_recipe(recipe_from_mapping(_RECIPE))

    # The head alone, four epochs; its end is stage-1.
    train(qtbot, desk, page, 1)
    assert len(page.run.epochs) == 4

    # Every layer at one rate, one epoch, from there.
    card._cards.add_wanted.emit()
    page._draft.edit("stages.1.rate", [3e-3])
    card._starts.picked.emit("1:stage-1")
    assert page.recipe.start.stage == 1
    train(qtbot, desk, page, 2)

    # Regret: back to stage-1, find the rate, drag it to a range, apply.
    card._starts.picked.emit("1:stage-1")
    card._cards.choose(1)
    press(page, "training.find")
    finder = page._finder
    qtbot.waitUntil(lambda: finder._feed.is_going, timeout=_LONG)
    qtbot.waitUntil(lambda: not finder._feed.is_going, timeout=_LONG)
    low, high = drag_upper_edge(finder.card)
    press(page, "training.finder.apply")
    assert page.recipe.stages[1].rate == (low, high)
    assert not finder.is_open

    # Two epochs at the range.
    page._draft.edit("stages.1.epochs", 2)
    train(qtbot, desk, page, 3)
    assert [line.lstrip("★↳ ").split(":")[0] for line in tree.lines()] == [
        "Run 1, resnet18", "Run 2, resnet18", "Run 3, resnet18",
    ]  # fmt: skip
    with Project.open(project, Access.READ) as opened:
        parents = [run.folder.recipe_path.read_text() for run in opened.runs()]
    assert "1:stage-1" not in parents[0]
    assert all("1:stage-1" in recipe for recipe in parents[1:])


def drag_upper_edge(card):
    """Drag the upper end of the range half a decade to the left; return the range shown."""
    _, high = card.rates
    card.grab()  # lays out the plot
    box, viewport = card.plot.view.box, card.plot.view.viewport()
    bottom, top = box.viewRange()[1]

    def pixel(place):
        scene = box.mapViewToScene(QPointF(place, bottom + 0.3 * (top - bottom)))
        return card.plot.view.mapFromScene(scene)

    first, last = pixel(math.log10(high)), pixel(math.log10(high) - 0.5)
    QTest.mouseMove(viewport, first)
    QTest.mousePress(viewport, Qt.MouseButton.LeftButton, pos=first)
    for part in range(1, 11):
        QTest.mouseMove(viewport, first + (last - first) * (part / 10))
    QTest.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=last)
    assert math.log10(card.rates[1]) == pytest.approx(math.log10(high) - 0.5, abs=0.06)
    return card.rates
