"""What the health check keeps of what it has seen."""

from __future__ import annotations

import pytest
from PIL import Image

from petstudio.api.contributions import Split
from petstudio.bridge.health_check import HealthCheck
from petstudio.bridge.project_look import look_at
from petstudio.jobs.kept_facts import facts_file, load_facts
from petstudio.project.project import Project
from petstudio.project.records import NewImage, Source


def draw(folder, name, width):
    Image.new("RGB", (width, 8)).save(folder / name)


@pytest.fixture
def root(tmp_path):
    folder = tmp_path / "pets"
    folder.mkdir()
    draw(folder, "cat.png", 8)
    draw(folder, "dog.png", 8)
    return folder


@pytest.fixture
def project(root):
    path = root.parent / "pets.petstudio"
    images = [
        NewImage(path=f"{kind}.png", label=kind, split=Split.TRAIN) for kind in ("cat", "dog")
    ]
    with Project.create(path, source=Source(loader="regex"), root=root, images=images):
        pass
    return path


def look(qtbot, project):
    """Look at all pictures as a new session of the program does."""
    check, view = HealthCheck(), look_at(project)
    with qtbot.waitSignal(check.scanned, timeout=30_000):
        check.look(view.proof, view)
    check.shutdown()


def kept_widths(project):
    return {path: one.facts.width for path, one in load_facts(facts_file(project)).items()}


def test_that_what_is_seen_is_kept_with_the_project(qtbot, project):
    look(qtbot, project)
    assert kept_widths(project) == {"cat.png": 8, "dog.png": 8}


def test_that_a_picture_that_has_changed_is_kept_as_it_is_now(qtbot, project, root):
    look(qtbot, project)
    draw(root, "cat.png", 16)
    look(qtbot, project)
    assert kept_widths(project) == {"cat.png": 16, "dog.png": 8}


def test_that_nothing_is_looked_for_where_the_folder_is_away(qtbot, project, root, monkeypatch):
    root.rename(root.with_name("elsewhere"))
    monkeypatch.chdir(root.parent / "elsewhere")  # never taken for the folder of the project
    check, view = HealthCheck(), look_at(project)
    check.look(view.proof, view)
    assert view.source.root == root
    assert not check.is_running
    assert (check.total, check.new) == (0, 0)
    check.shutdown()
