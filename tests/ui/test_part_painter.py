"""Drawing a page part by part."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from petstudio.ui.part_painter import PartPainter


@pytest.fixture
def page(qtbot):
    made = QWidget()
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    return made


def test_that_the_window_answers_between_the_parts_of_a_page_that_is_shown(qtbot, page):
    drawn = []
    painter = PartPainter(page, tuple(lambda part=part: drawn.append(part) for part in "abc"))
    other = QTimer(page, interval=0)
    other.timeout.connect(lambda: drawn.append("answer") if drawn[-1:] != ["answer"] else None)
    other.start()
    painter.draw_shown()
    assert "a" not in drawn
    qtbot.waitUntil(lambda: "c" in drawn)
    parts = [drawn.index(part) for part in "abc"]
    assert parts == sorted(parts)
    assert all("answer" in drawn[parts[i] : parts[i + 1]] for i in (0, 1))


def test_that_a_page_hidden_meanwhile_is_drawn_when_it_is_shown_again(qtbot, page):
    drawn = []
    painter = PartPainter(page, (lambda: drawn.append("a"),))
    page.hide()
    painter.draw_shown()
    qtbot.waitUntil(lambda: not painter._timer.isActive())
    assert drawn == []
    page.show()
    painter.draw_shown()
    qtbot.waitUntil(lambda: drawn == ["a"])
