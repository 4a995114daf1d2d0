"""On every page of the real window, names of files, classes and runs are text and nothing else."""

from __future__ import annotations

from functools import partial

import pytest
from evaluated_project import evaluated_project
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QTableView, QTextEdit, QWidget

from petstudio.api.contributions import Split
from petstudio.project.project import Project
from petstudio.project.records import NewImage
from petstudio.ui.page import PageKey
from petstudio.ui.widgets.card import Card
from petstudio.ui.widgets.picture_grid import PictureGrid

HOSTILE = {
    "beagle": "<b>beagle",
    "maine_coon": "=1+1\n<img src=x>",
    "pug": "\u202egup & <i>pug",
}
FILES = ("<b>x.png", "=1+1.png", "\u202egnp.exe.png", "line\nbreak.png", "<a href=x>.png")


# When a page has read what it shows.
CONTENT = {
    PageKey.LABEL: lambda page: len(page.findChild(PictureGrid, "label.grid").pictures) > 0,
    PageKey.EVALUATE: lambda page: page.seen.judged is not None and not page.is_reading,
    PageKey.RUNS: lambda page: page.findChild(QTableView, "runs.table").model().rowCount() == 2,
}


@pytest.fixture
def project(tmp_path):
    """Two evaluated runs; classes, files and a run have names that no sane person gives."""
    path = evaluated_project(tmp_path)
    with Project.open(path) as opened:
        for old, new in HOSTILE.items():
            opened.rename_class(old, new)
        opened.rename_run(2, "<h1>second & last")
        for name in FILES:
            Image.new("RGB", (20, 20)).save(opened.data_root / name, format="PNG")
        opened.add_images([NewImage(path=name, label=None, split=Split.TRAIN) for name in FILES])
    return path


def test_that_every_page_shows_hostile_names_as_text(qtbot, desk, project):
    desk.window.resize(1440, 900)
    with qtbot.waitExposed(desk.window):
        desk.show(project)
    qtbot.waitUntil(lambda: desk.session.view is not None, timeout=20_000)
    for key in desk.window.keys:
        desk.window.show_page(key)
        page = desk.window.page(key)
        has_content = CONTENT.get(key, lambda _page: True)
        qtbot.waitUntil(partial(has_content, page), timeout=20_000)
        qtbot.waitUntil(partial(is_drawn, page))
        assert not desk.window.grab().isNull()
        assert rich_labels(page) == []
        assert tips_with_markup(page) == []


def is_drawn(page: QWidget) -> bool:
    """Whether all cards of the page, which follow one by one, may be painted."""
    return all(card.updatesEnabled() for card in page.findChildren(Card))


def rich_labels(page: QWidget) -> list[str]:
    """Return the texts that Qt would read as markup."""
    labels = [label for label in page.findChildren(QLabel) if label.text()]
    rich = [label.text() for label in labels if label.textFormat() != Qt.TextFormat.PlainText]
    return rich + [edit.toHtml() for edit in page.findChildren(QTextEdit) if edit.acceptRichText()]


def tips_with_markup(page: QWidget) -> list[str]:
    """Return the tool tips in which a name has become an element."""
    tips = [widget.toolTip() for widget in page.findChildren(QWidget)]
    marks = ("<img", "<b>", "<i>", "<a ", "<h1>")
    return [tip for tip in tips if any(mark in tip for mark in marks)]
