"""The recipe strip: recipes as files, stages dragged, branches left aside."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialogButtonBox, QFileDialog, QLineEdit, QListView, QWidget
from scripted_run import RECIPE, all_events, bury

from petstudio.api.events import Outcome, RunFinished
from petstudio.bridge.live_run import LiveRun
from petstudio.bridge.recipe_draft import RecipeDraft
from petstudio.bridge.run_view import CheckpointView, RunEnd, RunView
from petstudio.config.paths import recipes_folder
from petstudio.config.recipe import Stage, StartChoice
from petstudio.config.recipe_file import bundled_recipe, bundled_recipes, load_recipe, save_recipe
from petstudio.ui.widgets.branch_strip import BranchStrip
from petstudio.ui.widgets.choice_box import ChoiceBox
from petstudio.ui.widgets.problem_line import ProblemLine
from petstudio.ui.widgets.recipe_card import RecipeCard
from petstudio.ui.widgets.stage_card import cards_of
from petstudio.ui.widgets.stage_card_delegate import CARD_GAP
from petstudio.ui.widgets.stage_cards import StageCards


@pytest.fixture
def draft(qapp):
    return RecipeDraft(RECIPE)


@pytest.fixture
def card(qtbot, theme, host, draft):
    made = RecipeCard(theme, host, draft)
    made.resize(960, 400)
    with qtbot.waitExposed(made):
        made.show()
    made.activateWindow()
    yield made
    bury(made)


def choice(card):
    return card.findChild(ChoiceBox, "training.recipe_choice")


def keys(card):
    box = choice(card)
    return [box.itemData(row) for row in range(box.count())]


def pick(box, key):
    box.setCurrentIndex(box.findData(key))
    box.activated.emit(box.currentIndex())


def trigger(card, name):
    card.findChild(QAction, f"training.recipe_{name}").trigger()


def answer(card, path):
    """Give the question a path and click its first button."""
    dialog = card.findChild(QFileDialog, "question.path")
    dialog.findChild(QLineEdit).setText(str(path))
    box = dialog.findChild(QDialogButtonBox)
    QTest.mouseClick(box.buttons()[0], Qt.MouseButton.LeftButton)


def problem(card):
    return card.findChild(ProblemLine, "training.recipe_problem")


def test_that_a_saved_recipe_is_the_draft_and_stands_below_the_bundled_ones(card, draft):
    draft.edit("stages.0.epochs", 7)
    trigger(card, "save")
    answer(card, recipes_folder() / "seven")
    saved = recipes_folder() / "seven.toml"
    assert load_recipe(saved) == draft.recipe
    assert keys(card) == [*bundled_recipes(), None, str(saved)]
    assert choice(card).currentText() == "seven"


def test_that_ctrl_s_asks_where_only_while_the_card_has_the_focus(card):
    choice(card).setFocus()
    QTest.keyClick(choice(card), Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    dialog = card.findChild(QFileDialog, "question.path")
    assert dialog.windowTitle() == "Save the recipe as"
    dialog.reject()


def test_that_a_saved_recipe_can_be_chosen(qtbot, theme, host, draft):
    place = recipes_folder() / "mine.toml"
    place.parent.mkdir(parents=True)
    save_recipe(place, replace(RECIPE, seed=99))
    card = RecipeCard(theme, host, draft)
    pick(choice(card), str(place))
    bury(card)
    assert draft.recipe == load_recipe(place)
    assert draft.recipe.seed == 99


def test_that_a_recipe_from_anywhere_can_be_opened(card, draft, tmp_path):
    place = tmp_path / "a friend's.toml"
    save_recipe(place, replace(RECIPE, seed=5))
    trigger(card, "open")
    answer(card, place)
    assert draft.recipe.seed == 5
    assert choice(card).currentText() == "a friend's"
    assert card.hint.full_text == ""


def test_that_a_draft_is_changed_only_against_the_recipe_it_was_read_from(card, draft):
    card.load("sample")
    draft.edit("seed", 1234)
    assert card.hint.full_text == "changed"
    trigger(card, "save")
    answer(card, recipes_folder() / "mine")
    assert card.hint.full_text == ""


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"this is no recipe", "not valid TOML"),
        (b"\xff\xfe", "cannot be read"),
        (b"sead = 3", "sead"),
    ],
)
def test_that_a_file_that_is_no_recipe_is_said_and_the_draft_stays(
    card, draft, tmp_path, content, said
):
    card.load("sample")
    place = tmp_path / "broken.toml"
    place.write_bytes(content)
    trigger(card, "open")
    answer(card, place)
    assert said in problem(card).text
    assert draft.recipe == bundled_recipe("sample")
    assert choice(card).key == "sample"
    card.load("sample")
    assert not problem(card).isVisible()


def test_that_a_saved_recipe_that_is_gone_is_said_and_no_longer_offered(card, draft):
    trigger(card, "save")
    answer(card, recipes_folder() / "mine")
    place = recipes_folder() / "mine.toml"
    card.load("sample")
    place.unlink()
    pick(choice(card), str(place))
    assert "cannot be read" in problem(card).text
    assert keys(card) == list(bundled_recipes())
    assert choice(card).key == "sample"


def test_that_a_recipe_that_cannot_be_written_is_said(card, tmp_path):
    trigger(card, "save")
    dialog = card.findChild(QFileDialog, "question.path")
    dialog.fileSelected.emit(str(tmp_path / "nowhere" / "x.toml"))
    dialog.reject()
    assert problem(card).isVisible()


def test_that_a_recipe_with_a_value_that_cannot_be_used_is_not_saved(card, draft):
    draft.edit("seed", "many")
    trigger(card, "save")
    assert card.findChild(QFileDialog, "question.path") is None
    assert "Correct it" in problem(card).text


def test_that_another_recipe_cannot_be_opened_while_a_run_is_going(card):
    card.show_run(LiveRun(RECIPE), is_locked=True)
    assert not card.findChild(QAction, "training.recipe_open").isEnabled()
    assert card.findChild(QAction, "training.recipe_save").isEnabled()


@pytest.fixture
def cards(card, draft):
    """The cards of three stages: head, all layers, stage 3."""
    draft.add_stage()
    return card.findChild(StageCards, "training.stages")


def names(draft):
    return [stage.name for stage in draft.recipe.stages]


def middle(cards, row):
    rect = cards.visualRect(cards.model().index(row, 0)).adjusted(0, 0, -CARD_GAP, 0)
    return rect.center()


def drag(cards, row, to, modifier=Qt.KeyboardModifier.NoModifier):
    """Press on a card, and move the mouse until the card's middle has passed that of another."""
    start, end = middle(cards, row), middle(cards, to)
    end.setX(end.x() + (4 if to > row else -4))
    view, left = cards.viewport(), Qt.MouseButton.LeftButton
    QTest.mousePress(view, left, modifier, start)
    for share in (0.2, 0.6, 1.0):
        QTest.mouseMove(view, start + (end - start) * share)
    return lambda: QTest.mouseRelease(view, left, modifier, end)


@pytest.mark.parametrize(
    ("row", "to", "left"),
    [
        (0, 1, ["all layers", "head", "stage 3"]),
        (0, 2, ["all layers", "stage 3", "head"]),
        (2, 0, ["stage 3", "head", "all layers"]),
    ],
)
def test_that_a_stage_is_dragged_to_another_place_and_stays_chosen(
    cards, card, draft, row, to, left
):
    drag(cards, row, to)()
    assert names(draft) == left
    assert card.chosen_stage == to


def test_that_ctrl_and_a_drag_copy_a_stage(cards, card, draft):
    drag(cards, 0, 2, Qt.KeyboardModifier.ControlModifier)()
    assert names(draft) == ["head", "all layers", "stage 3", "head"]
    assert card.chosen_stage == 3


def test_that_escape_ends_a_drag_without_a_change(cards, draft):
    let_go = drag(cards, 0, 2)
    QTest.keyClick(cards, Qt.Key.Key_Escape)
    let_go()
    assert names(draft) == ["head", "all layers", "stage 3"]


def test_that_a_hand_that_trembles_drags_nothing(cards, card, draft):
    start = middle(cards, 0)
    QTest.mousePress(cards.viewport(), Qt.MouseButton.LeftButton, pos=start)
    QTest.mouseMove(cards.viewport(), start + QPoint(3, 0))
    QTest.mouseRelease(cards.viewport(), Qt.MouseButton.LeftButton, pos=start + QPoint(3, 0))
    assert names(draft) == ["head", "all layers", "stage 3"]
    assert card.chosen_stage == 0


def test_that_no_stage_is_dragged_while_a_run_is_going(cards, card, draft):
    card.show_run(LiveRun(draft.recipe), is_locked=True)
    drag(cards, 0, 2)()
    assert names(draft) == ["head", "all layers", "stage 3"]


def test_that_a_drag_shows_where_the_stage_would_go(cards, theme):
    before = cards.viewport().grab().toImage()
    let_go = drag(cards, 0, 2)
    during = cards.viewport().grab().toImage()
    x = cards.visualRect(cards.model().index(2, 0)).right() - CARD_GAP // 2
    colors = [during.pixelColor(near, 6).name() for near in range(x - 4, x + 5)]
    let_go()
    assert during != before
    assert theme.color("accent").name() in colors


KEPT = CheckpointView(name="stage-1", stages_done=1, accuracy=0.935, ends_stage=True)
HEAD = RunView(number=1, name="head", end=RunEnd.DONE, accuracy=0.935, checkpoints=(KEPT,))
ONE_RATE = Stage(name="one rate", epochs=1, rate=(3e-3,))
FROM_HEAD = StartChoice(checkpoint="1:stage-1", stage=1)


def aside(number, accuracy, *stages):
    return RunView(
        number=number,
        name="resnet34",
        end=RunEnd.DONE,
        parent=1,
        start="stage-1",
        accuracy=accuracy,
        stages=stages or (ONE_RATE,),
    )


@pytest.fixture
def strip(card):
    return card.findChild(BranchStrip)


def test_that_a_run_that_was_left_aside_says_what_it_lacks(card, draft, strip):
    draft.start_from(FROM_HEAD)
    card.show_runs((HEAD, aside(2, 0.912)))
    assert strip.isVisible()
    assert strip.texts() == [
        "Run 2, one rate, 1 epoch, rate 3.0e-3, left aside, 91.2 %",
        "−2.3 points against the star, so stage 2 starts from run 1, stage-1",
    ]


def test_that_a_run_that_was_worse_makes_room_on_the_cards_for_the_next_try(
    card, draft, strip, cards
):
    worse = LiveRun(replace(RECIPE, start=FROM_HEAD))
    worse.feed([*all_events(), RunFinished(outcome=Outcome.COMPLETED, seconds=1.0)])
    draft.load(worse.recipe)
    card.show_run(worse, is_locked=False)
    before = cards.model().index(1, 0).data()
    card.show_runs((HEAD, aside(worse.started.run, 0.912)))
    assert before == "all layers, 1 epoch, rate 3.0e-3, done, 92.3 %"
    assert cards.model().index(1, 0).data() == "all layers, 1 epoch, rate 3.0e-3, next"
    assert strip.texts()[0].startswith("Run 3, one rate")


@pytest.mark.parametrize(("others", "has_star"), [((), True), ((0.94,), False)])
def test_that_a_stage_done_in_another_run_says_what_it_reached(others, has_star):
    runs = (HEAD, *(aside(2, accuracy) for accuracy in others))
    first = cards_of(replace(RECIPE, start=FROM_HEAD), None, (), runs)[0]
    assert first.spoken == "head, 2 epochs, rate 3.0e-3, in run 1, done, 93.5 %"
    assert first.is_best is has_star


def test_that_two_runs_are_shown_and_the_others_counted(card, draft, strip):
    draft.start_from(FROM_HEAD)
    others = (aside(number, 0.9 - number / 100) for number in range(2, 7))
    card.show_runs((HEAD, *others))
    spoken = strip.texts()
    assert [text.split(",")[0] for text in spoken[:2]] == ["Run 6", "Run 5"]
    assert spoken[2:] == [
        "and 3 more",
        "−9.5 and −8.5 points against the star, so stage 2 starts from run 1, stage-1",
    ]


def test_that_runs_are_left_aside_only_where_the_draft_starts_from_the_same_checkpoint(
    card, draft, strip
):
    card.show_runs((HEAD, aside(2, 0.912)))
    from_the_model = strip.isVisible()
    draft.start_from(FROM_HEAD)
    from_the_same = strip.isVisible()
    draft.start_from(StartChoice(checkpoint="1:best"))
    assert (from_the_model, from_the_same, strip.isVisible()) == (False, True, False)


def test_that_a_branch_stands_below_the_stage_in_whose_place_it_was(card, draft, strip, cards):
    draft.start_from(FROM_HEAD)
    card.show_runs((HEAD, aside(2, 0.912)))
    row = strip.findChild(QListView)
    assert row.x() == cards.visualRect(cards.model().index(1, 0)).left()


@pytest.mark.parametrize("width", [960, 700, 420])
def test_that_no_part_of_the_branches_overlaps_another(card, draft, strip, width):
    draft.start_from(FROM_HEAD)
    card.setMinimumWidth(0)
    card.show_runs((HEAD, *(aside(number, 0.9) for number in range(2, 6))))
    strip.resize(width, strip.height())
    names = ("training.branches", "training.branches.more", "training.branches.why")
    places = [strip.findChild(QWidget, name).geometry() for name in names]
    assert not any(a.intersects(b) for a, b in combinations(places, 2))
    assert places[2].bottom() < strip.height()
    assert places[2].right() < width
