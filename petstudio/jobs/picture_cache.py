"""Where the decoded pictures of a project are kept, as the settings say. Imports the engine."""

from __future__ import annotations

import shutil
from pathlib import Path

from petstudio.config.settings import Settings, SettingsFile
from petstudio.engine.input.store import StorePlan
from petstudio.engine.workplace import Workplace
from petstudio.images.pixel_data import kept_bytes
from petstudio.project.layout import FEATURES, pictures_folder


def store_plan(
    project: Path, settings: Settings | None = None, *, seen_once: bool = False
) -> StorePlan:
    """Return the plan for a project's pictures; settings None are those that hold now.

    Pictures that are `seen_once` take no memory.
    """
    settings = settings or SettingsFile().values
    folder = pictures_folder(project, settings.cache_folder)
    budget = min(settings.cache_budget, _half_of_the_disk(folder))
    if seen_once:
        return StorePlan(folder=folder, disk_budget=budget, memory_budget=0)
    return StorePlan(folder=folder, disk_budget=budget)


def workplace(store: StorePlan) -> Workplace:
    """Return where a model works: pictures are kept as `store` says, the rest as settings say."""
    return Workplace(hardware=SettingsFile().values.hardware, store=store)


def features_folder(project: Path, settings: Settings | None = None) -> Path:
    """Return where features of frozen bodies are kept, beside the pictures."""
    settings = settings or SettingsFile().values
    return pictures_folder(project, settings.cache_folder).with_name(FEATURES)


def _half_of_the_disk(folder: Path) -> int:
    """Return half of what is free or taken by the pictures already, in bytes."""
    there = next((place for place in (folder, *folder.parents) if place.is_dir()), None)
    if there is None:
        return 0
    return (shutil.disk_usage(there).free + kept_bytes(folder)) // 2
