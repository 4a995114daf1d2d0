"""The menu entry and the icons that travel with the program."""

from __future__ import annotations

import configparser
import sys
import tomllib
from pathlib import Path

import pytest
from PIL import Image

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "resources" / "desktop"


@pytest.fixture
def entry():
    parser = configparser.ConfigParser(interpolation=None)
    parser.optionxform = str
    parser.read(FOLDER / "petstudio.desktop", encoding="utf-8")
    return parser["Desktop Entry"]


def test_that_the_menu_entry_starts_the_installed_command(entry):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert entry["Exec"].split()[0] in project["scripts"]
    assert entry["TryExec"] in project["scripts"]


def test_that_the_menu_entry_is_an_application_with_an_icon_that_is_there(entry):
    assert entry["Type"] == "Application"
    assert entry["Categories"].endswith(";")
    assert (FOLDER / f"{entry['Icon']}.svg").is_file()


def test_that_windows_are_found_under_the_menu_entry(entry):
    app = (ROOT / "petstudio" / "app.py").read_text(encoding="utf-8")
    assert f'setDesktopFileName("{entry["StartupWMClass"]}")' in app


def test_that_the_icons_are_the_drawn_ones(monkeypatch, tmp_path):
    monkeypatch.syspath_prepend(str(ROOT / "docs"))
    monkeypatch.delitem(sys.modules, "icon", raising=False)
    import icon

    assert (FOLDER / "petstudio.svg").read_text(encoding="utf-8") == icon.svg()
    with Image.open(FOLDER / "petstudio.png") as picture:
        assert picture.tobytes() == icon.drawn().tobytes()
    with Image.open(FOLDER / "petstudio.ico") as picture:
        assert {(side, side) for side in icon.ICO_SIDES} == picture.info["sizes"]
