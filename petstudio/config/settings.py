"""What a person chose for the program as a whole: one small TOML file, never half written."""

from __future__ import annotations

import contextlib
import logging
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from pathlib import Path
from typing import Any, Final

import tomli_w

from petstudio.api.errors import OptionError
from petstudio.api.language import Language, tr
from petstudio.config.atomic import write_fault, write_text
from petstudio.config.hardware import ANY_HARDWARE, Hardware
from petstudio.config.mapping import from_mapping, to_mapping
from petstudio.config.paths import settings_folder

FILE_NAME: Final = "settings.toml"
MOST_RECENT: Final = 8
GIGABYTE: Final = 10**9
FONT_FACTORS: Final = (0.8, 2.0)

logger = logging.getLogger(__name__)


class ThemeMode(Enum):
    """Which colours the user wants."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class Density(Enum):
    """How close the rows of tables stand."""

    COMFORTABLE = "comfortable"
    COMPACT = "compact"


@dataclass(frozen=True, kw_only=True)
class Look:
    """How the window is read. `font_factor` multiplies the size of the system's font."""

    density: Density = Density.COMFORTABLE
    font_factor: float = 1.0
    high_contrast: bool = False
    less_motion: bool = False

    def __post_init__(self) -> None:
        """Refuse letters that nobody could read or that no window could hold."""
        low, high = FONT_FACTORS
        if not low <= self.font_factor <= high:
            raise OptionError(
                "font_factor",
                tr(
                    "{font_factor} is not from {low} to {high}.",
                    font_factor=self.font_factor,
                    low=low,
                    high=high,
                ),
            )


@dataclass(frozen=True, kw_only=True)
class Settings:
    """`projects` are paths, the last opened first; `open_project` is empty when it was closed.

    `window` is Qt's own description of the window's place, in hexadecimal digits, `page` the name
    of the page that was shown in it. `cache_folder` is where decoded pictures are kept, empty for
    each project's own folder; `cache_budget_gb` is how much of the disk those of one project may
    take, 0 for nothing. `checkpoint_seconds` is how often a run is saved in the middle of an epoch,
    `checkpoint_budget_gb` what the epochs of one run may take on the disk; the newest, the best and
    the named ones are kept whatever they take. Plugins with their names in `plugins_off` are not
    loaded. `keys` are those that a person gave to actions, by the actions' names; empty for none.
    Tips of the pages in `tips_done` are not given any more.
    """

    language: Language = Language.SYSTEM
    theme: ThemeMode = ThemeMode.SYSTEM
    look: Look = Look()
    hardware: Hardware = ANY_HARDWARE
    keys: Mapping[str, str] = field(default_factory=dict)
    open_project: str = ""
    projects: tuple[str, ...] = ()
    window: str = ""
    page: str = ""
    cache_folder: str = ""
    cache_budget_gb: float = 20.0
    checkpoint_seconds: float = 60.0
    checkpoint_budget_gb: float = 1.0
    plugins_off: tuple[str, ...] = ()
    tips_done: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse what no dialog of the program writes; raises OptionError."""
        if self.cache_folder and not Path(self.cache_folder).is_absolute():
            raise OptionError(
                "cache_folder",
                tr("“{cache_folder}” is not a full path.", cache_folder=self.cache_folder),
            )
        if not all(isinstance(keys, str) for keys in self.keys.values()):
            raise OptionError("keys", tr("not all of them are text."))
        for name in ("cache_budget_gb", "checkpoint_seconds", "checkpoint_budget_gb"):
            value = getattr(self, name)
            if not 0 <= value < float("inf"):
                raise OptionError(name, tr("{value} is not 0 or more.", value=value))

    @property
    def cache_budget(self) -> int:
        """In bytes."""
        return round(self.cache_budget_gb * GIGABYTE)

    @property
    def checkpoint_budget(self) -> int:
        """In bytes."""
        return round(self.checkpoint_budget_gb * GIGABYTE)

    def with_project(self, path: Path) -> Settings:
        """Return settings in which this project is the one that is open."""
        others = [project for project in self.projects if project != str(path)]
        projects = (str(path), *others)[:MOST_RECENT]
        return replace(self, open_project=str(path), projects=projects)


class SettingsFile:
    """The settings as they are on disk; `values` is what holds now.

    `problem` says in a sentence why they are not those of last time; empty if they are.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._path = path or settings_folder() / FILE_NAME
        self.problem = ""
        self.values = self._read()

    def save(self, values: Settings) -> None:
        """Take over new values and write them.

        Raises:
            MachineError: the file cannot be written; the values hold until the program ends.
        """
        if values == self.values:
            return
        self.values = values
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise write_fault(self._path.parent, error) from error
        write_text(self._path, tomli_w.dumps(to_mapping(values)))

    def change(self, **fields: Any) -> None:
        """Like `save`, for some fields of the values that hold now."""
        self.save(replace(self.values, **fields))

    def _read(self) -> Settings:
        try:
            return from_mapping(Settings, tomllib.loads(self._path.read_text(encoding="utf-8")))
        except FileNotFoundError:
            return Settings()
        except OSError as error:
            self.problem = tr(
                "The settings {path} cannot be read: {strerror}.",
                path=self._path,
                strerror=error.strerror,
            )
            logger.info(self.problem)
            return Settings()
        except (ValueError, OptionError):
            self._set_aside()
            return Settings()

    def _set_aside(self) -> None:
        aside = self._path.with_suffix(".damaged.toml")
        self.problem = tr(
            "The settings were damaged and are the usual ones now; see {aside}.", aside=aside
        )
        logger.info(self.problem)
        with contextlib.suppress(OSError):
            self._path.replace(aside)
