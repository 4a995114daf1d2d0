"""Where a project's decoded pictures are kept, and how much of the disk they may take."""

from __future__ import annotations

import shutil
from types import SimpleNamespace

import pytest

from petstudio.config.settings import Settings
from petstudio.jobs.picture_cache import store_plan


@pytest.fixture
def project(tmp_path):
    (tmp_path / "p.petstudio").mkdir()
    return tmp_path / "p.petstudio"


@pytest.fixture
def disk(monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: SimpleNamespace(free=10 * 10**9))


def test_that_pictures_are_kept_in_the_projects_cache(project):
    assert store_plan(project, Settings()).folder == project / "cache" / "pictures"


def test_that_a_chosen_folder_keeps_projects_apart(project, tmp_path):
    settings = Settings(cache_folder=str(tmp_path / "c"))
    one = store_plan(project, settings).folder
    other = store_plan(tmp_path / "deeper" / "p.petstudio", settings).folder
    assert one.parent.parent == other.parent.parent == tmp_path / "c"
    assert one.parent != other.parent


@pytest.mark.parametrize(("gigabytes", "expected"), [(2, 2), (20, 5), (0, 0)])
def test_that_the_budget_is_at_most_half_of_the_free_disk(project, disk, gigabytes, expected):
    plan = store_plan(project, Settings(cache_budget_gb=gigabytes))
    assert plan.disk_budget == expected * 10**9


def test_that_what_the_pictures_take_already_counts_as_free(project, disk):
    folder = project / "cache" / "pictures"
    folder.mkdir(parents=True)
    (folder / "pixels-0123456789abcdef.bin").write_bytes(b"0" * 2000)
    assert store_plan(project, Settings()).disk_budget == 5 * 10**9 + 1000


def test_that_pictures_seen_once_take_no_memory(project):
    assert store_plan(project, Settings(), seen_once=True).memory_budget == 0
    assert store_plan(project, Settings()).memory_budget > 0
