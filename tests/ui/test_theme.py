"""Colours, icons and the way the theme changes."""

from __future__ import annotations

import ast
from importlib import resources
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QLabel

import petstudio.ui
from petstudio.config.settings import ThemeMode
from petstudio.ui.icons import draw_icon
from petstudio.ui.style import build_style_sheet
from petstudio.ui.theme import FontRole, Theme
from petstudio.ui.tokens import DARK, LIGHT

TEXT_PAIRS = [
    ("text", "surface"),
    ("text", "window"),
    ("text", "selected"),
    ("text", "hover"),
    ("text2", "surface"),
    ("text2", "rail"),
    ("text2", "selected"),
    ("text3", "surface"),
    ("text3", "window"),
    ("text3", "sunken"),
    ("text3", "selected"),
    ("accent_text", "surface"),
    ("accent_text", "accent_soft"),
    ("on_accent", "accent"),
    ("on_accent", "accent_h"),
    ("on_accent", "accent_p"),
    ("ok", "surface"),
    ("ok", "ok_soft"),
    ("warn", "surface"),
    ("warn", "warn_soft"),
    ("err", "surface"),
    ("err", "err_soft"),
    ("on_err", "err"),
    ("on_warn_fill", "warn_fill"),
]
EDGE_PAIRS = [
    ("control", "surface"),
    ("control", "window"),
    ("control", "sunken"),
    ("focus", "surface"),
    ("focus", "window"),
    ("accent", "surface"),
]
# As printed in the design, light and dark.
PRINTED = {
    ("text", "surface"): (16.7, 13.7),
    ("text2", "rail"): (6.9, 10.1),
    ("text3", "selected"): (4.8, 4.7),
    ("on_accent", "accent"): (6.0, 8.1),
    ("warn", "warn_soft"): (5.5, 7.5),
    ("control", "window"): (3.1, 4.2),
    ("focus", "surface"): (6.0, 7.5),
}
SOURCES = sorted(Path(petstudio.ui.__file__).parent.rglob("*.py"))


def luminance(color):
    parts = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("front", "back"), TEXT_PAIRS)
def test_that_text_can_be_read_on_its_ground(tokens, front, back):
    assert contrast(getattr(tokens, front), getattr(tokens, back)) >= 4.5


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("front", "back"), EDGE_PAIRS)
def test_that_edges_of_controls_can_be_seen(tokens, front, back):
    assert contrast(getattr(tokens, front), getattr(tokens, back)) >= 3.0


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
def test_that_every_curve_can_be_seen_on_a_card(tokens):
    assert min(contrast(color, tokens.surface) for color in tokens.series) >= 3.0


@pytest.mark.parametrize(("front", "back"), PRINTED)
def test_that_the_contrast_is_the_one_the_design_states(front, back):
    measured = [round(contrast(getattr(t, front), getattr(t, back)), 1) for t in (LIGHT, DARK)]
    assert measured == pytest.approx(PRINTED[front, back], abs=0.1)


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
def test_that_the_drawn_marks_have_the_colours_of_the_theme(tokens):
    scheme = "dark" if tokens.is_dark else "light"
    folder = resources.files("petstudio.resources") / "icons"
    assert tokens.on_accent in (folder / f"check-{scheme}.svg").read_text("ascii")
    assert tokens.text2 in (folder / f"caret-down-{scheme}.svg").read_text("ascii")


def named_icons():
    """Return every icon name that stands in the source of the window."""
    names = set()
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            given = [keyword.value for keyword in node.keywords if keyword.arg == "icon"]
            if isinstance(node.func, ast.Attribute) and node.func.attr == "icon":
                given += node.args[:1]
            names |= {value.value for value in given if isinstance(value, ast.Constant)}
    return sorted(names - {""})


@pytest.mark.parametrize("name", named_icons())
def test_that_every_named_icon_is_in_the_installed_set(qapp, name):
    assert not draw_icon(name, "#000000", "#808080").isNull()


def test_that_an_unknown_icon_is_empty_and_logged(qapp, caplog):
    assert draw_icon("no-such-icon", "#000000", "#808080").isNull()
    assert "no-such-icon" in caplog.text
    caplog.clear()


def test_that_no_widget_writes_a_colour_or_a_style_sheet_of_its_own():
    offenders = []
    for path in SOURCES:
        if path.name in ("tokens.py", "style.py", "theme.py"):
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            is_colour = isinstance(node, ast.Constant) and str(node.value).startswith("#")
            is_sheet = isinstance(node, ast.Attribute) and node.attr == "setStyleSheet"
            if is_colour or is_sheet:
                offenders.append(f"{path.name}:{node.lineno}")
    assert offenders == []


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("base_pt", [7.5, 9.0, 10.0, 20.0])
def test_that_the_style_sheet_has_no_gap_left_in_it(tokens, base_pt):
    sheet = build_style_sheet(tokens, base_pt, "Mono")
    assert "$" not in sheet
    assert tokens.accent in sheet


def test_that_the_mode_goes_round_system_light_and_dark(theme):
    theme.set_mode(ThemeMode.SYSTEM)
    modes = []
    for _ in range(3):
        theme.cycle()
        modes.append(theme.mode)
    assert modes == [ThemeMode.LIGHT, ThemeMode.DARK, ThemeMode.SYSTEM]


def test_that_a_change_of_mode_leaves_no_icon_and_no_palette_behind(theme, qapp):
    light_icon = theme.icon("database", "text")
    theme.set_mode(ThemeMode.DARK)
    assert theme.icon("database", "text").cacheKey() != light_icon.cacheKey()
    assert QApplication.palette().window().color().name().upper() == DARK.window


def test_that_icons_are_made_once(theme):
    assert theme.icon("database") is theme.icon("database")


def test_that_text_is_as_large_as_its_role_says(theme, qapp):
    base = qapp.font().pointSizeF()
    assert theme.font(FontRole.PAGE).pointSizeF() == pytest.approx(1.7 * base)


def test_that_a_changed_theme_tells_its_listeners(theme, qtbot):
    with qtbot.waitSignal(theme.changed, timeout=1000):
        theme.set_mode(ThemeMode.DARK)


def test_that_the_style_sheet_gives_titles_their_size(theme, qtbot, qapp):
    from petstudio.ui.widgets.text import Text

    title = Text("Data", kind="page")
    qtbot.addWidget(title)
    title.ensurePolished()
    assert title.fontInfo().pointSizeF() > 1.5 * QLabel().fontInfo().pointSizeF()


def test_that_two_themes_do_not_share_icons(qapp):
    light, dark = Theme(mode=ThemeMode.LIGHT), Theme(mode=ThemeMode.DARK)
    assert light.icon("sun").cacheKey() != dark.icon("sun").cacheKey()
