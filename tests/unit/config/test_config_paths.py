"""Where the program keeps its own files."""

from __future__ import annotations

from pathlib import Path

import platformdirs
import pytest

from petstudio.config.paths import (
    HOME_VARIABLE,
    data_folder,
    log_folder,
    recipes_folder,
    settings_folder,
    user_plugin_folder,
    weights_folder,
)

FOLDERS = [
    settings_folder,
    data_folder,
    log_folder,
    recipes_folder,
    weights_folder,
    user_plugin_folder,
]


@pytest.mark.parametrize("folder", FOLDERS)
def test_that_one_variable_moves_everything(
    folder: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path))
    assert callable(folder)
    assert folder().is_relative_to(tmp_path)


def test_that_without_it_the_system_says_where(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(HOME_VARIABLE)
    assert str(settings_folder()).startswith(platformdirs.user_config_dir("petstudio", False))
    assert str(data_folder()).startswith(platformdirs.user_data_dir("petstudio", False))


def test_that_settings_data_and_logs_do_not_share_a_folder() -> None:
    assert len({settings_folder(), data_folder(), log_folder()}) == 3


def test_that_asking_for_a_folder_makes_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path))
    weights_folder()
    assert list(tmp_path.iterdir()) == []
