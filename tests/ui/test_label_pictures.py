"""The pictures of all states of the Label page in docs/images, made by the code that makes those.

With PETSTUDIO_PICTURES set to a folder they are kept there.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from cut_texts import cut_texts
from label_states import LabelState, LabelStates
from PySide6.QtWidgets import QDialog, QPlainTextEdit, QPushButton
from taking import take

from petstudio.api.control import RunControl
from petstudio.bridge.engine_link import EngineLink
from petstudio.bridge.picture_list import TileMark
from petstudio.images.sample_set import SAMPLE_PATTERN, draw_sample_set
from petstudio.images.splitting import SplitChoice
from petstudio.jobs.importing import create_project
from petstudio.jobs.job import run_job
from petstudio.jobs.proving import DataSource
from petstudio.ui.desk import Desk
from petstudio.ui.page import PageKey
from petstudio.ui.widgets.empty_state import EmptyState
from petstudio.ui.widgets.number_box import NumberBox
from petstudio.ui.widgets.picture_grid import PictureGrid
from petstudio.ui.widgets.single_picture import SinglePicture

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]
_KEPT = os.environ.get("PETSTUDIO_PICTURES")
_QUICK = ("model.weights=none", "model.architecture=resnet18", "input.size=32",
          "training.batch_size=16", "training.device=cpu", "stages.0.epochs=1",
          "stages.1.epochs=1")  # fmt: skip
_NO_PROJECT = "Choose pictures on the Data page first; then they can be labelled."


# How the page's sentence and its primary button begin, and whether that can be pressed.
_SAID = {
    LabelState.EMPTY: (_NO_PROJECT, "Get suggestions", False),
    LabelState.LOADING: ("Everything has a label", "Get suggestions", True),
    LabelState.SUGGESTED: (
        "10 without a label, 10 suggestions on this page",
        "Accept page, 10",
        True,
    ),
    LabelState.SINGLE: ("10 without a label, 1 suggestion on this page", "Accept page, 1", True),
    LabelState.BROKEN: ("Everything has a label", "Get suggestions", False),
    LabelState.SORT: ("10 without a label", "Accept page", True),
    LabelState.LABELLED: ("Everything has a label", "Get suggestions", True),
}


@pytest.fixture
def trained(tmp_path, host):
    """A project of a hundred drawn pictures with a run."""
    folder = tmp_path / "pets"
    draw_sample_set(folder, per_class=10)
    project = folder.with_suffix(".petstudio")
    source = DataSource(root=folder, loader="regex", options={"pattern": SAMPLE_PATTERN})
    run_job(create_project(host, project, source, SplitChoice()), lambda _event: None, RunControl())
    settings = [part for value in _QUICK for part in ("--set", value)]
    subprocess.run([sys.executable, "-m", "petstudio", "train", project, *settings], check=True)
    return project


@pytest.fixture
def desk(qtbot, qapp, host, trained, settings):
    settings.change(tips_done=tuple(key.value for key in PageKey))
    made = Desk(qapp, host, settings, engine=EngineLink())
    made.show(None)
    made.window.resize(1440, 900)
    qtbot.waitUntil(lambda: len(made.window.pages) > 1, timeout=20_000)
    yield made
    for dialog in made.window.findChildren(QDialog):
        dialog.close()
    assert made.shutdown()
    made.window.close()
    made.deleteLater()


def grid(desk):
    return desk.window.findChild(PictureGrid, "label.grid")


def marks(desk):
    pictures = grid(desk).pictures
    return [pictures[row].mark for row in range(len(pictures))]


def see_loading(desk, _window):
    assert len(grid(desk).pictures) == 100


def see_suggested(desk, _window):
    assert set(marks(desk)) == {TileMark.SUGGESTED}
    assert grid(desk).selected_count == 2


def see_single(desk, _window):
    assert desk.window.findChild(SinglePicture).isVisible()


def see_broken(desk, _window):
    picture = grid(desk).pictures[0]
    assert picture.tip.startswith("beagle_1.jpg")
    assert "cut off" in picture.tip


def see_sort(_desk, dialog):
    assert "beagle" in dialog.findChild(QPlainTextEdit, "copy_question.list").toPlainText()


def see_all_labelled(desk, _window):
    assert desk.window.findChild(EmptyState, "label.empty").isVisible()


_SEEN = {
    LabelState.LOADING: see_loading,
    LabelState.SUGGESTED: see_suggested,
    LabelState.SINGLE: see_single,
    LabelState.BROKEN: see_broken,
    LabelState.SORT: see_sort,
    LabelState.LABELLED: see_all_labelled,
}


def test_that_each_state_shows_what_holds_without_cut_texts(desk, host, trained, tmp_path):
    states = LabelStates(desk, host, trained, tmp_path / "shown", settle_ms=50)
    folder = Path(_KEPT) if _KEPT else tmp_path
    # So little training makes nothing sure.
    desk.window.page(PageKey.LABEL).findChild(NumberBox, "label.at_least").setValue(0)
    for state in LabelState:
        seen = states.show(state)
        take(seen, desk.theme, f"label-{state.value}", folder)
        page = desk.window.page(PageKey.LABEL)
        primary = desk.window.findChild(QPushButton, "label.accept")
        said, offered, can_be_pressed = _SAID[state]
        assert page.sentence.startswith(said), state
        assert primary.text().startswith(offered), state
        assert primary.isEnabled() is can_be_pressed, state
        assert list(cut_texts(seen)) == [], state
        if state in _SEEN:
            _SEEN[state](desk, seen)
