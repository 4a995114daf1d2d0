"""Suggestions from a real run: trained on made pictures, asked for on the Label page."""

from __future__ import annotations

import pytest
from label_project import make_project
from PySide6.QtWidgets import QPushButton

from petstudio.api.contributions import Split
from petstudio.api.control import RunControl
from petstudio.api.errors import InputError
from petstudio.bridge.picture_list import TileMark
from petstudio.bridge.session import Session
from petstudio.config.recipe import InputChoice, ModelChoice, Recipe, Stage, TrainingChoice
from petstudio.jobs.job import run_job
from petstudio.jobs.suggesting import suggest
from petstudio.jobs.training import train
from petstudio.project.project import Project
from petstudio.project.records import LabelOrigin
from petstudio.project.suggestions import load_suggestions
from petstudio.ui.pages.label_page import LabelPage
from petstudio.ui.widgets.number_box import NumberBox
from petstudio.ui.widgets.picture_grid import PictureGrid

pytestmark = pytest.mark.slow
RECIPE = Recipe(
    model=ModelChoice(architecture="resnet18", weights="none"),
    input=InputChoice(size=(32,)),
    training=TrainingChoice(batch_size=8),
    stages=(Stage(name="all", epochs=1, trainable="all", rate=(1e-3,)),),
)


@pytest.fixture
def trained(host, tmp_path, pictures):
    """A project with a finished run, in which four pictures have no label."""
    path = make_project(tmp_path, pictures, unlabelled=(0, 1, 8, 16))
    with Project.open(path) as project:
        project.set_splits({5: Split.VALID, 13: Split.VALID})
    finished = run_job(train(host, path, RECIPE), lambda _event: None, RunControl())
    assert not finished.message
    return path


def test_that_the_page_gets_suggestions_and_accepts_them(qtbot, theme, host, runner, trained):
    session = Session()
    page = LabelPage(theme, host, runner, session)
    qtbot.addWidget(page)
    page.resize(1356, 820)
    with qtbot.waitExposed(page):
        page.show()
    with qtbot.waitSignal(session.changed, timeout=20_000):
        session.open(trained)
    grid = page.findChild(PictureGrid, "label.grid")
    qtbot.waitUntil(lambda: len(grid.pictures) == 4, timeout=10_000)
    primary = page.findChild(QPushButton, "label.accept")
    assert (primary.text(), primary.isEnabled()) == ("Get suggestions", True)
    page.findChild(NumberBox, "label.at_least").setValue(0)
    primary.click()
    qtbot.waitUntil(lambda: primary.text() == "Accept page, 4", timeout=60_000)
    assert all(grid.pictures[row].mark is TileMark.SUGGESTED for row in range(4))
    primary.click()
    qtbot.waitUntil(lambda: session.edits_done == 1, timeout=20_000)
    with Project.open(trained) as project:
        suggested = [image for image in project.images() if image.origin is LabelOrigin.SUGGESTION]
        assert len(suggested) == 4
        assert len(project.history()) == 2
    assert page.sentence == "Everything has a label"
    page.shutdown()
    assert session.shutdown()


def test_that_all_pictures_get_suggestions_where_all_are_decided_on(host, trained):
    with Project.open(trained) as project:
        project.set_labels(dict.fromkeys((1, 2, 9, 17), "pug"), LabelOrigin.PERSON)
    finished = run_job(suggest(host, trained), lambda _event: None, RunControl())
    assert not finished.message
    suggestions = load_suggestions(trained)
    assert suggestions is not None
    assert (suggestions.run, len(suggestions)) == (1, 24)


def test_that_a_stopped_job_keeps_the_suggestions_of_before(host, trained):
    run_job(suggest(host, trained), lambda _event: None, RunControl())
    before = load_suggestions(trained)
    control = RunControl()
    control.cancel()
    run_job(suggest(host, trained), lambda _event: None, control)
    after = load_suggestions(trained)
    assert before is not None
    assert after is not None
    assert after.equals(before)


def test_that_a_run_that_is_not_there_is_refused(host, trained):
    with pytest.raises(InputError):
        suggest(host, trained, run=7)(lambda _event: None, RunControl())
