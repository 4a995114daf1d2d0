"""The pictures of all states of the Data page in docs/images, made by the code that makes those.

With PETSTUDIO_PICTURES set to a folder they are kept there.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from cut_texts import cut_texts
from data_states import DataState, DataStates
from PIL import Image
from PySide6.QtWidgets import QDialog, QLabel, QPushButton
from taking import take

from petstudio.images.sample_set import draw_sample_set
from petstudio.ui.theme import ThemeMode
from petstudio.ui.widgets.picture_grid import PictureGrid
from petstudio.ui.widgets.problem_line import ProblemLine
from petstudio.ui.widgets.squares_view import SquaresView
from petstudio.ui.widgets.text import ElidedText

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]
_KEPT = os.environ.get("PETSTUDIO_PICTURES")
# What the page says of itself, and whether “Use this data” can be pressed; None where it is hidden.
_SAID = {
    DataState.EMPTY: ("Start with some pictures", None),
    DataState.FETCH: ("Start with some pictures", None),
    DataState.READING: ("Reading labels…", False),
    DataState.CHECKING: ("80 pictures, 7 classes, 1 unmatched", True),
    DataState.NO_MATCH: ("No file got a label. First file: DSC0017.jpg.", False),
    DataState.BAD_PATTERN: ("This cannot be used yet, see the marked field", False),
    DataState.SINGLE: ("rabbit has 1 picture, it cannot be on both sides.", False),
    DataState.GONE: ("This cannot be used yet, see the marked field", False),
    DataState.FULL: ("80 pictures, 7 classes, 1 unmatched", True),
    DataState.FINDING: ("80 pictures, 7 classes, 1 unmatched", True),
    DataState.BATCH: ("80 pictures, 7 classes, 1 unmatched", True),
    DataState.IN_USE: ("79 pictures, 7 classes, 1 unmatched", None),
    DataState.LEAK: ("34 pictures, 3 classes, 0 unmatched", None),
    DataState.PAIRS: ("34 pictures, 3 classes, 0 unmatched", None),
    DataState.AWAY: ("79 pictures, 7 classes, 1 unmatched", None),
}


@pytest.fixture(scope="module")
def pictures(tmp_path_factory):
    folder = tmp_path_factory.mktemp("drawn")
    draw_sample_set(folder, per_class=12)
    return folder


@pytest.fixture
def states(desk, window, pictures, tmp_path):
    window.resize(1440, 900)
    yield DataStates(desk, pictures, tmp_path / "shown", settle_ms=50)
    for dialog in window.findChildren(QDialog):
        dialog.close()


@pytest.fixture
def photograph(desk, states, tmp_path):
    """Take the pictures of a state in both themes, and return what they show."""

    def taken(state):
        folder = Path(_KEPT) if _KEPT else tmp_path
        for mode in (ThemeMode.DARK, ThemeMode.LIGHT):
            desk.theme.set_mode(mode)
            seen = states.show(state)
            take(seen, desk.theme, f"data-{state.value}-{mode.value}", folder)
            with Image.open(folder / f"data-{state.value}-{mode.value}.png") as picture:
                ground = picture.convert("L").getpixel((picture.width // 2, 2))
            assert (ground > 128) is (mode is ThemeMode.LIGHT), mode
            assert list(cut_texts(seen)) == []
        return seen

    return taken


def text(desk, name):
    return desk.window.findChild(ElidedText, name).full_text


def button(desk, name):
    return desk.window.findChild(QPushButton, name)


def problem(desk, name):
    line = desk.window.findChild(ProblemLine, name)
    return line.text if line.isVisible() else ""


def see_fetch(_desk, question):
    words = " ".join(label.text() for label in question.findChildren(QLabel))
    assert all(fact in words for fact in ("MB", "www.robots.ox.ac.uk", "CC BY-SA"))


def see_checking(desk, _window):
    assert text(desk, "data.health.state").startswith("checking, ")
    assert button(desk, "data.health.stop").isVisible()


def see_bad_pattern(desk, _window):
    assert "not a valid regular expression" in problem(desk, "data.regex.pattern.problem")


def see_gone(desk, _window):
    assert "There is no folder" in problem(desk, "data.source.problem")


def see_full(desk, _window):
    for name in ("unreadable", "two_labels", "alike", "tiny", "small_class", "left_out"):
        assert button(desk, f"data.health.{name}.see").isVisible(), name
    assert desk.window.findChild(SquaresView, "data.preview.squares").count == 8


def see_finding(_desk, dialog):
    """Near-duplicates stand side by side."""
    shown = dialog.findChild(PictureGrid, "pictures.grid").pictures
    assert {shown[row].title for row in (0, 1)} == {"beagle_1.jpg", "beagle_91.jpg"}


def see_batch(_desk, dialog):
    assert dialog.findChild(SquaresView, "batch.squares").count == 18


def see_leak(desk, _window):
    """The pair is named, and can be put on one side."""
    shield = text(desk, "data.shield")
    assert shield.startswith("The same picture on both sides: ")
    assert "train/beagle/beagle_copy.jpg" in shield
    assert "valid/beagle/beagle_9.jpg" in shield
    assert button(desk, "data.shield.fix").isEnabled()


def see_pairs(_desk, dialog):
    shown = dialog.findChild(PictureGrid, "pictures.grid").pictures
    assert sorted((shown[row].title, shown[row].subnote) for row in range(len(shown))) == [
        ("beagle_9.jpg", "Validation"),
        ("beagle_copy.jpg", "Train"),
    ]


def see_away(desk, _window):
    """The folder can be located; nothing else is told of pictures that cannot be looked at."""
    banner = desk.data_page.banner
    assert "not where they were" in banner.headline
    assert "Locate…" in [button.text() for button in banner.findChildren(QPushButton)]
    for name in ("two_labels", "alike", "new"):
        assert not button(desk, f"data.health.{name}.see").isVisible(), name


_SEEN = {
    DataState.FETCH: see_fetch,
    DataState.CHECKING: see_checking,
    DataState.BAD_PATTERN: see_bad_pattern,
    DataState.GONE: see_gone,
    DataState.FULL: see_full,
    DataState.FINDING: see_finding,
    DataState.BATCH: see_batch,
    DataState.LEAK: see_leak,
    DataState.PAIRS: see_pairs,
    DataState.AWAY: see_away,
}


@pytest.mark.parametrize("state", DataState)
def test_that_a_state_shows_what_holds_in_both_themes_without_cut_texts(desk, photograph, state):
    seen = photograph(state)
    said, can_be_used = _SAID[state]
    use = button(desk, "data.use")
    assert desk.data_page.sentence.startswith(said)
    assert (use.isEnabled() if use.isVisible() else None) is can_be_used
    if state in _SEEN:
        _SEEN[state](desk, seen)
