"""Names of files, classes and projects are shown as text, whatever stands in them."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget

from petstudio.bridge.models import ProofRow
from petstudio.images.listing import LeftOut
from petstudio.jobs.health import Shield
from petstudio.plugin_host.host import PluginHost
from petstudio.ui.widgets.banner import Banner
from petstudio.ui.widgets.card import Card
from petstudio.ui.widgets.chip import Chip
from petstudio.ui.widgets.file_list import FileList
from petstudio.ui.widgets.pattern_builder import PatternBuilder
from petstudio.ui.widgets.preview_panel import PreviewPanel
from petstudio.ui.widgets.segmented import Segmented
from petstudio.ui.widgets.shield_line import ShieldLine
from petstudio.ui.widgets.text import ElidedText, Text, plain_tip
from petstudio.ui.widgets.thumbnail_cache import ThumbnailCache
from petstudio.ui.widgets.tinted_name import TintedName

HOSTILE = [
    "<img src='file:///etc/passwd'>.jpg",
    "<b>bold</b>",
    "a & b &amp; c",
    "%s %d {} {0}",
    "\u202egnp.exe",
    "line\nbreak\ttab",
    "<a href='http://example.invalid'>x</a>",
    "x" * 4000,
    "\udcff broken",
]


@pytest.fixture
def pictures(qapp):
    made = ThumbnailCache()
    yield made
    made.shutdown()


def show_everywhere(theme, pictures, name):
    """Return a window in which every kind of widget shows the name."""
    window = QWidget()
    widgets = [Text(name), ElidedText(name), Chip(theme, name), Card(name, hint=name)]
    banner = Banner(theme)
    banner.show_message("err", name, name, action=name, act=lambda: None)
    tinted = TintedName(theme)
    tinted.show_name(name, (0, min(3, len(name))))
    preview = PreviewPanel(theme, PluginHost.load(), pictures)
    preview.show_row(ProofRow(file=Path("none"), path=name, label=name, side="Train", span=(0, 1)))
    preview.shutdown()
    shield = ShieldLine(theme)
    shield.show_shield(Shield(pairs=((name, name),), moves={}))
    builder = PatternBuilder()
    builder.show_name(name)
    segmented = Segmented({"a": name, "b": "b"}, name="x", spoken=name)
    for widget in [*widgets, banner, tinted, preview, segmented, shield, builder]:
        widget.setParent(window)
    return window


@pytest.mark.parametrize("name", HOSTILE)
def test_that_no_label_reads_a_name_as_markup(qtbot, theme, pictures, name):
    window = show_everywhere(theme, pictures, name)
    qtbot.addWidget(window)
    window.show()
    labels = window.findChildren(QLabel)
    assert labels
    assert {label.textFormat() for label in labels if label.text()} == {Qt.TextFormat.PlainText}


@pytest.mark.parametrize("name", HOSTILE)
def test_that_tool_tips_hold_no_element_born_of_a_name(qtbot, theme, pictures, name):
    window = show_everywhere(theme, pictures, name)
    qtbot.addWidget(window)
    window.show()
    tips = [widget.toolTip() for widget in window.findChildren(QWidget)]
    assert not [tip for tip in tips if "<img" in tip or "<b>" in tip or "<a " in tip]


def test_that_a_tip_keeps_the_text():
    assert plain_tip("a <b> & c") == "<span>a &lt;b&gt; &amp; c</span>"
    assert plain_tip("") == ""


def test_that_an_ampersand_in_a_button_is_no_shortcut(qtbot, theme):
    from petstudio.ui.widgets.button import Button

    button = Button(theme, "cats & dogs")
    qtbot.addWidget(button)
    assert button.text() == "cats && dogs"
    assert button.shortcut().isEmpty()


@pytest.mark.parametrize("name", HOSTILE)
def test_that_a_list_of_files_has_one_line_for_each(qtbot, theme, name):
    parent = QWidget()
    qtbot.addWidget(parent)
    dialog = FileList(theme, "Left out", [LeftOut(path=name, why="because")], parent)
    dialog.findChild(QAbstractButton, "file_list.copy").click()
    assert "\n" not in QApplication.clipboard().text()


def test_that_a_long_name_is_cut_in_the_middle_with_the_whole_as_tool_tip(qtbot, theme):
    name = "begin_" + "x" * 300 + "_end.jpg"
    text = ElidedText(name, in_the_middle=True)
    qtbot.addWidget(text)
    text.resize(200, 20)
    text.show()
    assert text.text().startswith("begin")
    assert text.text().endswith("end.jpg")
    assert name in text.toolTip()


def test_that_a_broken_picture_is_told_from_one_on_its_way(qtbot, tmp_path, pictures):
    good, bad = tmp_path / "good.png", tmp_path / "bad.png"
    Image.new("RGB", (10, 10)).save(good)
    bad.write_bytes(b"nothing")
    assert pictures.pixmap(good, 8) is None
    assert pictures.pixmap(bad, 8) is None
    qtbot.waitUntil(lambda: pictures.pixmap(bad, 8) is not None, timeout=10_000)
    qtbot.waitUntil(lambda: pictures.pixmap(good, 8) is not None, timeout=10_000)
    assert pictures.pixmap(bad, 8).isNull()
    assert pictures.pixmap(good, 8).width() == 8
