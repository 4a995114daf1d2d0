"""The large picture that Space shows."""

import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from petstudio.ui.widgets.quick_look import QuickLook


@pytest.fixture
def red(tmp_path):
    path = tmp_path / "red.png"
    Image.new("RGB", (60, 40), (200, 30, 30)).save(path)
    return path


@pytest.fixture
def look(qtbot, theme):
    window = QWidget()
    window.resize(900, 700)
    qtbot.addWidget(window)
    made = QuickLook(theme, window)
    made.open()
    yield made
    window.close()


def middle(look):
    image = look._canvas.grab().toImage()
    return QColor(image.pixel(image.rect().center()))


def test_that_the_picture_fills_the_window(qtbot, look, red):
    look.show_picture(red, "pug")
    qtbot.waitUntil(lambda: middle(look).red() == 200, timeout=5000)
    look.close()


def test_that_a_broken_picture_says_so(qtbot, look, tmp_path):
    bad = tmp_path / "<b>bad.jpg"
    bad.write_bytes(b"nothing")
    look.show_picture(bad)
    qtbot.waitUntil(lambda: look._canvas._words == "This picture cannot be read.", timeout=5000)
    look.close()


@pytest.mark.parametrize(
    ("key", "step"),
    [(Qt.Key.Key_Left, -1), (Qt.Key.Key_Right, 1), (Qt.Key.Key_A, -1), (Qt.Key.Key_D, 1)],
)
def test_that_keys_ask_for_the_next_picture(qtbot, look, red, key, step):
    look.show_picture(red)
    with qtbot.waitSignal(look.stepped) as asked:
        QTest.keyClick(look, key)
    assert asked.args == [step]
    look.close()


@pytest.mark.parametrize("key", [Qt.Key.Key_Space, Qt.Key.Key_Escape])
def test_that_space_and_escape_close_it(qtbot, look, red, key):
    look.show_picture(red)
    with qtbot.waitSignal(look.finished):
        QTest.keyClick(look, key)


def test_that_a_picture_that_comes_late_is_not_shown_for_another(qtbot, look, red, tmp_path):
    green = tmp_path / "green.png"
    Image.new("RGB", (60, 40), (30, 200, 30)).save(green)
    look.show_picture(red)
    look.show_picture(green)
    qtbot.waitUntil(lambda: middle(look).green() == 200, timeout=5000)
    QTest.qWait(0)
    assert middle(look).green() == 200
    look.close()
