"""Settings: kept over a restart, and a damaged file costs nothing but itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from petstudio.config.hardware import Hardware
from petstudio.config.settings import (
    MOST_RECENT,
    Density,
    Look,
    Settings,
    SettingsFile,
    ThemeMode,
)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "deeper" / "settings.toml"


def test_that_a_missing_file_gives_the_defaults(path):
    assert SettingsFile(path).values == Settings()


def test_that_saved_values_are_read_again(path):
    values = Settings(theme=ThemeMode.DARK, projects=("a", "b"), open_project="a", window="00ff")
    SettingsFile(path).save(values)
    assert SettingsFile(path).values == values


def test_that_changing_one_field_keeps_the_others(path):
    settings = SettingsFile(path)
    settings.save(Settings(window="00ff"))
    settings.change(theme=ThemeMode.LIGHT)
    assert SettingsFile(path).values == Settings(window="00ff", theme=ThemeMode.LIGHT)


@pytest.mark.parametrize(
    "content",
    [b"theme = ", b'theme = "purple"', b"unknown = 1", b"projects = 3", b"\xff\xfe\x00broken"],
)
def test_that_a_damaged_file_gives_the_defaults_and_is_kept_aside(path, content):
    path.parent.mkdir()
    path.write_bytes(content)
    assert SettingsFile(path).values == Settings()
    assert path.with_suffix(".damaged.toml").read_bytes() == content


def test_that_the_project_opened_last_comes_first_and_only_once():
    values = Settings().with_project(Path("a")).with_project(Path("b")).with_project(Path("a"))
    assert values.projects == ("a", "b")
    assert values.open_project == "a"


def test_that_only_the_latest_projects_are_remembered():
    values = Settings()
    for number in range(MOST_RECENT + 3):
        values = values.with_project(Path(str(number)))
    assert len(values.projects) == MOST_RECENT
    assert values.projects[0] == str(MOST_RECENT + 2)


@pytest.mark.parametrize(
    "content", ["cache_budget_gb = -1", "cache_budget_gb = nan", 'cache_folder = "relative/place"']
)
def test_that_a_cache_that_cannot_be_is_refused(path, content):
    path.parent.mkdir()
    path.write_text(content)
    assert SettingsFile(path).values == Settings()
    assert path.with_suffix(".damaged.toml").read_text() == content


def test_that_the_cache_may_be_anywhere_and_of_any_size(path, tmp_path):
    path.parent.mkdir()
    path.write_text(f"cache_folder = '{tmp_path}'\ncache_budget_gb = 1")
    values = SettingsFile(path).values
    assert values.cache_folder == str(tmp_path)
    assert values.cache_budget == 10**9


def test_that_look_keys_and_hardware_are_read_again(path):
    values = Settings(
        look=Look(density=Density.COMPACT, font_factor=1.5, high_contrast=True, less_motion=True),
        keys={"help": "F2", "theme": ""},
        hardware=Hardware(device="cuda:1", threads=4),
    )
    SettingsFile(path).save(values)
    assert SettingsFile(path).values == values


@pytest.mark.parametrize(
    "content",
    [
        "[look]\nfont_factor = 2.5",
        "[look]\nfont_factor = nan",
        '[look]\ndensity = "tight"',
        "[keys]\nhelp = 3",
        '[hardware]\ndevice = "toaster"',
        "[hardware]\nthreads = -1",
    ],
)
def test_that_damaged_settings_are_said_in_a_sentence(path, content):
    path.parent.mkdir()
    path.write_text(content)
    file = SettingsFile(path)
    assert file.values == Settings()
    assert "damaged" in file.problem
    assert SettingsFile(path).problem == ""
