"""Starting the program: with and without a screen, and what it says of itself."""

from __future__ import annotations

import sys

import pytest

import petstudio
from petstudio.__main__ import main
from petstudio.cli.screen import can_open_window, has_screen

on_linux = pytest.mark.skipif(
    sys.platform in ("win32", "darwin"), reason="there is always a screen on this system"
)


@on_linux
def test_that_without_a_screen_the_terminal_is_offered(monkeypatch, capsys):
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(sys, "argv", ["petstudio"])
    assert main() == 1
    assert "petstudio demo --headless" in capsys.readouterr().err


@on_linux
@pytest.mark.parametrize("name", ["DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"])
def test_that_a_display_or_a_chosen_platform_is_a_screen(name):
    assert has_screen({name: "xcb"})
    assert not has_screen({})


def test_that_an_unseen_window_can_be_opened_but_is_no_screen():
    environment = {"QT_QPA_PLATFORM": "offscreen", "DISPLAY": ":0"}
    assert not has_screen(environment)
    assert can_open_window(environment)


def test_that_the_version_is_told(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["petstudio", "--version"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 0
    assert capsys.readouterr().out.strip() == petstudio.__version__


def test_that_the_help_names_every_command(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["petstudio", "--help"])
    with pytest.raises(SystemExit):
        main()
    words = capsys.readouterr().out
    assert all(name in words for name in ("demo", "new", "train", "evaluate", "predict", "plugins"))


@on_linux
@pytest.mark.parametrize(
    ("arguments", "screen", "speaks"),
    [
        (["demo"], ":0", True),
        (["demo"], "", False),
        (["demo", "--headless"], ":0", False),
        (["train", "p"], ":0", False),
    ],
)
def test_that_only_a_window_speaks_the_language_of_the_settings(
    monkeypatch, arguments, screen, speaks
):
    spoken = []
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.delenv("QT_QPA_PLATFORM", raising=False)
    monkeypatch.setenv("DISPLAY", screen)
    monkeypatch.setattr(sys, "argv", ["petstudio", *arguments])
    monkeypatch.setattr("petstudio.__main__.speak", spoken.append)
    monkeypatch.setattr("petstudio.cli.main.run", lambda *_: 0)
    assert main() == 0
    assert bool(spoken) is speaks
