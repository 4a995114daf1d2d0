"""From wrong labels to a better model, in one window: see, fix, train again, compare."""

from __future__ import annotations

import random
import sys
from dataclasses import dataclass

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from petstudio.api.contributions import Split
from petstudio.bridge.runner import JobState
from petstudio.config.recipe import Recipe
from petstudio.config.recipe_file import bundled_recipe, with_settings
from petstudio.jobs.demo import SAMPLE_RECIPE
from petstudio.project.project import Access, Project
from petstudio.project.records import LabelOrigin
from petstudio.ui.page import PageKey
from petstudio.ui.pages.evaluate_views import LABEL_ERRORS, WORST

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]
_LONG = 300_000
_SWAPPED_SHARE = 0.05
_LOOKED_AT = 0.1


@pytest.fixture
def truth(project):
    """Give 5 % of the pictures the label of another class; return what they show, by id."""
    with Project.open(project) as opened:
        images, classes = opened.images(), opened.classes()
        swapped = random.Random(0).sample(images, round(_SWAPPED_SHARE * len(images)))
        labels = {i.id: classes[classes.index(i.label) - 1] for i in swapped}
        opened.set_labels(labels, LabelOrigin.PERSON)
    return {image.id: image.label for image in swapped}


@dataclass(frozen=True, kw_only=True)
class Found:
    """How many of the wrong labels stood among the first tenth."""

    images: int
    wrong: int
    looked_at: int
    fixed: set[int]
    suspects: int
    suspected: int

    def __str__(self) -> str:
        return (
            f"{self.wrong} of {self.images} labels wrong; in the first {self.looked_at} of worst "
            f"first {len(self.fixed)}, in the first {self.suspects} likely label errors "
            f"{self.suspected}"
        )


def recipe() -> Recipe:
    return with_settings(bundled_recipe(SAMPLE_RECIPE), ["input.size=32", "stages.0.epochs=10"])


def wait_for_run(qtbot, desk):
    qtbot.waitUntil(lambda: desk.runner.state is not JobState.IDLE, timeout=_LONG)
    qtbot.waitUntil(lambda: desk.runner.state is JobState.IDLE, timeout=_LONG)
    assert desk.window.page(PageKey.TRAIN).run.finished.message == ""


def wait_for_result(qtbot, page, run):
    """Wait until the page shows this run."""
    qtbot.waitUntil(
        lambda: page.seen.judged is not None and page.seen.judged.result.number == run,
        timeout=_LONG,
    )
    qtbot.waitUntil(lambda: not page.is_reading, timeout=_LONG)


def first_keys(page, tab, count):
    """Return the ids of the first pictures in a tab."""
    grid = page.tabs.tab(tab).pictures
    return [grid.pictures.key_at(row) for row in range(min(count, len(grid.pictures)))]


def test_that_wrong_labels_are_found_fixed_and_trained_anew(qtbot, desk, project, truth, capsys):
    with qtbot.waitExposed(desk.window):
        desk.show(project)
    qtbot.waitUntil(lambda: desk.session.view is not None, timeout=_LONG)
    desk.window.show_page(PageKey.TRAIN)
    train = desk.window.page(PageKey.TRAIN)
    train.set_recipe(recipe())
    train.findChild(QPushButton, "training.start").click()
    wait_for_run(qtbot, desk)

    # Wrong labels stand first among the worst, of the validation and of the training pictures.
    desk.window.show_page(PageKey.EVALUATE)
    page = desk.window.page(PageKey.EVALUATE)
    wait_for_result(qtbot, page, 1)
    before = page.sentence
    valid = look_at_wrong_labels(page, truth)
    page.controls.split.picked.emit("train")
    qtbot.waitUntil(lambda: page.seen.choice.split is Split.TRAIN, timeout=_LONG)
    page.findChild(QPushButton, "evaluate.go").click()
    qtbot.waitUntil(lambda: page.seen.judged is not None, timeout=_LONG)
    qtbot.waitUntil(lambda: desk.runner.state is JobState.IDLE, timeout=_LONG)
    train = look_at_wrong_labels(page, truth)
    assert len(page.tray.fixes) == len(valid.fixed) + len(train.fixed)

    # One click applies all of them as one step, and trains.
    page.findChild(QPushButton, "evaluate.retrain").click()
    wait_for_run(qtbot, desk)
    fixed = valid.fixed | train.fixed
    with Project.open(project, Access.READ) as opened:
        labels = {image.id: image.label for image in opened.images()}
        assert opened.history()[-1].what == f"Fix {len(fixed)} images"
    assert all(labels[key] == truth[key] for key in fixed)

    # Both runs are judged by the labels of today.
    desk.window.show_page(PageKey.EVALUATE)
    page.controls.split.picked.emit("valid")
    page.controls.run.picked.emit("2")
    wait_for_result(qtbot, page, 2)
    page.controls.other.picked.emit("1")
    qtbot.waitUntil(lambda: page.seen.comparison is not None, timeout=_LONG)
    assert page.seen.comparison.images == valid.images
    with capsys.disabled():
        sys.stdout.write(
            f"\nValidation: {valid}\nTraining: {train}\nBefore: {before}\n"
            f"After: {page.sentence}\n{page.controls.verdict}\n"
        )


def look_at_wrong_labels(page, truth):
    """Press, on the worst tenth, the key of what each picture with a wrong label shows."""
    places = page.seen.judged.place_of
    wrong = truth.keys() & places.keys()
    looked_at = round(_LOOKED_AT * len(places))
    suspects = first_keys(page, LABEL_ERRORS, looked_at)
    worst = first_keys(page, WORST, looked_at)
    grid = page.tabs.tab(WORST).pictures
    for key in wrong.intersection(worst):
        grid.go_to_key(key)
        code = page.fixing.keys.by_class[truth[key]]
        QTest.keyClick(grid, getattr(Qt.Key, f"Key_{code}"))
    found = Found(
        images=len(places),
        wrong=len(wrong),
        looked_at=looked_at,
        fixed=wrong.intersection(worst),
        suspects=len(suspects),
        suspected=len(wrong.intersection(suspects)),
    )
    assert len(found.fixed) >= found.wrong / 2  # a tenth taken by chance has a tenth of them
    assert found.suspected >= found.wrong / 5
    return found
