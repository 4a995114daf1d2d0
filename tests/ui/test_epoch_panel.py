"""The chosen epoch beside the Train page: what is kept of it, branch and name."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton
from scripted_run import RECIPE, bury, whole

from petstudio.api.contributions import Split
from petstudio.api.events import CheckpointKind
from petstudio.bridge.runner import JobState
from petstudio.config.recipe import StartChoice
from petstudio.project.checkpoints import CheckpointFolder, NewCheckpoint
from petstudio.project.project import Project
from petstudio.project.records import Access, NewImage, RunState, Source
from petstudio.ui.pages.train_page import TrainPage
from petstudio.ui.widgets.choice_box import ChoiceBox
from petstudio.ui.widgets.epoch_panel import EpochPanel
from petstudio.ui.widgets.epoch_table import EpochTable
from petstudio.ui.widgets.name_question import NameQuestion
from petstudio.ui.widgets.problem_line import ProblemLine

# The run that the story tells of, with the steps that its epochs end after: 3, 7 and 11.
RUN = 3
SECOND, THIRD = 1, 2


@pytest.fixture
def project(tmp_path):
    """A project whose run 3 keeps the ends of epoch 1 of both stages, and the end of stage 1."""
    images = [NewImage(path="a.jpg", label="cat", split=Split.TRAIN)]
    path = tmp_path / "pets.petstudio"
    with Project.create(path, source=Source(loader="x"), root=tmp_path, images=images) as made:
        for number in range(1, RUN + 1):
            folder = made.new_run(RECIPE)
            made.finish_run(number, RunState.COMPLETED, {"accuracy": 0.9})
    checkpoints = CheckpointFolder(folder.checkpoints_path, budget=1 << 30)
    for kind, step, stage, epoch, name in (
        (CheckpointKind.EPOCH, 3, 0, 1, ""),
        (CheckpointKind.STAGE, 8, 1, 0, "stage-1"),
    ):
        new = NewCheckpoint(kind=kind, step=step, stage=stage, epoch=epoch, name=name)
        checkpoints.add(new, lambda stream: stream.write(b"x" * 2_000_000))
    return path


@pytest.fixture
def page(qtbot, theme, host, runner, story, project):
    made = whole(TrainPage(theme, host, runner, make_job=story.make_job))
    made.resize(1356, 820)
    made.set_recipe(RECIPE)
    made.set_project(project)
    with qtbot.waitExposed(made):
        made.show()
    made.activateWindow()
    yield made
    made.shutdown()
    bury(made)


@pytest.fixture
def ended(qtbot, page, runner):
    """The page after the run, with its checkpoints read."""
    button(page, "training.start").click()
    qtbot.waitUntil(lambda: runner.state is JobState.IDLE)
    qtbot.waitUntil(lambda: bool(page._runs.runs) and not page._runs._list._call.is_busy)
    return page


def button(page, name):
    return page.findChild(QPushButton, name)


def text(page, part):
    return page.findChild(QLabel, f"training.epoch.{part}").text()


def panel(page):
    return page.findChild(EpochPanel, "training.epoch")


def pick(page, epoch):
    """Click the row of an epoch."""
    table = page.findChild(EpochTable, "training.epochs")
    index = table.model().index(table.model().row_of(epoch), 1)
    table.scrollTo(index)
    place = table.visualRect(index).center()
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)


def give_name(page, name):
    QTest.mouseClick(button(page, "training.epoch.name"), Qt.MouseButton.LeftButton)
    question = page.window().findChild(NameQuestion)
    QTest.keyClicks(question.findChild(QLineEdit, "question.line"), name)
    QTest.keyClick(question, Qt.Key.Key_Return)
    return question


def kept_names(project):
    with Project.open(project, Access.READ) as opened:
        folder = opened.run(RUN).folder
    return [one.label for one in CheckpointFolder(folder.checkpoints_path, budget=0).records()]


def test_that_nothing_is_shown_before_an_epoch_is_chosen(ended):
    assert not panel(ended).isVisible()


def test_that_a_chosen_epoch_says_how_good_it_was_and_what_is_kept(ended):
    pick(ended, 0)
    assert text(ended, "title") == "Stage 1, epoch 1"
    assert text(ended, "result") == "80.0 % on validation. Checkpoint, 2 MB."
    assert button(ended, "training.epoch.branch").isEnabled()
    assert button(ended, "training.epoch.name").isEnabled()


def test_that_an_epoch_that_is_not_kept_says_why_nothing_can_be_done(ended):
    pick(ended, THIRD)
    assert "No checkpoint of this epoch is kept." in text(ended, "result")
    for name in ("branch", "name"):
        found = button(ended, f"training.epoch.{name}")
        assert not found.isEnabled()
        assert found.toolTip() == "No checkpoint of this epoch is kept."


def test_that_a_dot_of_the_plot_chooses_the_same_epoch(ended):
    ended._cards.loss.epoch_picked.emit(0)
    assert panel(ended).isVisible()
    assert text(ended, "title") == "Stage 1, epoch 1"


def test_that_branch_lets_the_next_run_start_there(ended):
    pick(ended, SECOND)
    QTest.mouseClick(button(ended, "training.epoch.branch"), Qt.MouseButton.LeftButton)
    assert ended.recipe.start == StartChoice(checkpoint="3:stage-1", stage=1)


def test_that_the_end_of_a_stage_keeps_its_name(ended):
    pick(ended, SECOND)
    name = button(ended, "training.epoch.name")
    assert not name.isEnabled()
    assert "keeps its name" in name.toolTip()


def test_that_the_epoch_gets_the_name_that_was_chosen_when_it_was_asked_for(qtbot, ended, project):
    pick(ended, 0)
    QTest.mouseClick(button(ended, "training.epoch.name"), Qt.MouseButton.LeftButton)
    question = ended.window().findChild(NameQuestion)
    ended._cards.loss.epoch_picked.emit(SECOND)
    QTest.keyClicks(question.findChild(QLineEdit, "question.line"), "after one")
    QTest.keyClick(question, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "after one" in kept_names(project))


def test_that_a_named_epoch_is_offered_to_start_from(qtbot, ended, project):
    pick(ended, 0)
    give_name(ended, "after one")
    starts = ended.findChild(ChoiceBox, "training.start_from")
    qtbot.waitUntil(lambda: starts.findData("3:after one") >= 0)
    assert kept_names(project) == ["after one", "stage-1"]
    assert "“after one”" in text(ended, "result")


def test_that_the_next_run_follows_the_name_of_what_it_starts_from(qtbot, ended):
    pick(ended, 0)
    QTest.mouseClick(button(ended, "training.epoch.branch"), Qt.MouseButton.LeftButton)
    before = ended.recipe.start.checkpoint
    give_name(ended, "mine")
    qtbot.waitUntil(lambda: ended.recipe.start.checkpoint != before)
    assert (before, ended.recipe.start.checkpoint) == ("3:step-3", "3:mine")


def test_that_a_name_that_cannot_be_used_keeps_the_question_open(ended, project):
    pick(ended, 0)
    question = give_name(ended, "stage-9")
    said = question.findChild(ProblemLine, "question.problem").text
    is_open = question.isVisible()
    question.reject()
    assert is_open
    assert "Use another name" in said
    assert kept_names(project) == ["step-3", "stage-1"]


def test_that_a_name_that_another_checkpoint_has_is_said(qtbot, ended, project):
    pick(ended, 0)
    with Project.open(project, Access.READ) as opened:
        folder = CheckpointFolder(opened.run(RUN).folder.checkpoints_path, budget=0)
    folder.give_name(folder.records()[1], "mine")
    give_name(ended, "mine")
    qtbot.waitUntil(ended.banner.isVisible)
    assert ended.banner.headline == "Another checkpoint is called “mine”."


def test_that_while_a_run_is_going_an_epoch_can_be_looked_at_and_no_more(qtbot, page, story):
    story.hold_at = 5
    button(page, "training.start").click()
    table = page.findChild(EpochTable, "training.epochs")
    qtbot.waitUntil(lambda: table.model().row_of(0) is not None)
    pick(page, 0)
    qtbot.waitUntil(lambda: "2 MB" in text(page, "result"))
    for name in ("branch", "name"):
        found = button(page, f"training.epoch.{name}")
        assert not found.isEnabled()
        assert "still going" in found.toolTip()


def test_that_another_project_shows_no_epoch(ended):
    pick(ended, 0)
    ended.set_project(None)
    assert not panel(ended).isVisible()


def test_that_the_finished_model_of_the_run_is_evaluated_on_demand(qtbot, ended):
    pick(ended, SECOND)
    with qtbot.waitSignal(ended.evaluate_wanted) as wanted:
        button(ended, "training.epoch.evaluate").click()
    assert wanted.args == [RUN]


def test_that_a_run_without_a_model_is_not_evaluated(ended):
    ended.run.model_path = ""
    pick(ended, SECOND)
    evaluate = button(ended, "training.epoch.evaluate")
    assert not evaluate.isEnabled()
    assert evaluate.toolTip() == "The run has no finished model."
