"""Where the program keeps its own files; `PETSTUDIO_HOME` moves all of them to one folder."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

import platformdirs

HOME_VARIABLE: Final = "PETSTUDIO_HOME"
_NAME: Final = "petstudio"


def settings_folder() -> Path:
    """Settings that a person chose."""
    return _place("settings", platformdirs.user_config_path(_NAME, appauthor=False))


def recipes_folder() -> Path:
    """Recipes that a person saved; not there before the first."""
    return settings_folder() / "recipes"


def data_folder() -> Path:
    """What the program needs to keep: the sample set, weights, where projects find their images."""
    return _place("data", platformdirs.user_data_path(_NAME, appauthor=False))


def log_folder() -> Path:
    """Logs and crash reports."""
    return _place("log", platformdirs.user_log_path(_NAME, appauthor=False))


def weights_folder() -> Path:
    """Pretrained weights, downloaded or put there by hand."""
    return data_folder() / "weights"


def user_plugin_folder() -> Path:
    """The user's own plugins: a package whose parent is put on `sys.path`."""
    return data_folder() / "petstudio_user_plugins"


def _place(part: str, default: Path) -> Path:
    home = os.environ.get(HOME_VARIABLE)
    return Path(home) / part if home else default
