"""New pictures in the folder come into the project, and nobody who was there changes sides."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from petstudio.api.contributions import Split
from petstudio.api.control import RunControl
from petstudio.api.events import NoticeGiven
from petstudio.images.splitting import SplitChoice
from petstudio.jobs.growing import add_new_pictures, new_pictures
from petstudio.jobs.importing import create_project
from petstudio.jobs.proving import DataSource
from petstudio.plugin_host.host import PluginHost
from petstudio.project.project import Access, Project
from petstudio.project.records import NewImage


def draw(folder, name, seed):
    rough = np.random.default_rng(seed).integers(0, 256, (9, 12, 3), dtype=np.uint8)
    folder.mkdir(parents=True, exist_ok=True)
    Image.fromarray(rough).resize((120, 90), Image.Resampling.BICUBIC).save(folder / name)


def run(job):
    told = []
    job(told.append, RunControl())
    return [event.message for event in told if isinstance(event, NoticeGiven)]


@pytest.fixture(scope="module")
def host():
    return PluginHost.load()


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "pictures"
    for number in range(10):
        draw(made, f"cat_{number}.jpg", number)
        draw(made, f"dog_{number}.jpg", 100 + number)
    return made


@pytest.fixture
def project(folder, tmp_path, host):
    path = tmp_path / "p.petstudio"
    source = DataSource(root=folder, loader="regex", options={}, group=r"^(\w+)\.x")
    run(create_project(host, path, source, SplitChoice()))
    return path


def images(project):
    with Project.open(project, Access.READ) as opened:
        return {image.path: image for image in opened.images()}


def test_that_new_pictures_get_labels_and_sides_and_the_others_keep_theirs(project, folder, host):
    before = images(project)
    for number in range(20, 60):
        draw(folder, f"cat_{number}.jpg", number)
    assert len(new_pictures(folder, before.values())) == 40
    (message,) = run(add_new_pictures(host, project))
    after = images(project)
    assert message.startswith("40 pictures added: ")
    assert {path: after[path].split for path in before} == {
        path: image.split for path, image in before.items()
    }
    new = [image for path, image in after.items() if path not in before]
    assert {image.label for image in new} == {"cat"}
    assert {image.split for image in new} == {Split.TRAIN, Split.VALID}


def test_that_a_new_picture_like_one_that_is_there_goes_to_its_side(project, folder, host):
    before = images(project)
    checked = next(path for path, image in before.items() if image.split is Split.VALID)
    (folder / f"{checked.partition('_')[0]}_99.jpg").write_bytes((folder / checked).read_bytes())
    run(add_new_pictures(host, project))
    (new,) = (image for path, image in images(project).items() if path not in before)
    assert new.split is Split.VALID


def test_that_broken_and_unnamed_ones_are_added_without_a_side(project, folder, host):
    (folder / "cat_70.jpg").write_bytes(b"\xff\xd8\xff\xe0 broken")
    draw(folder, "unnamed.jpg", 71)
    run(add_new_pictures(host, project))
    after = images(project)
    assert after["cat_70.jpg"].unreadable
    assert after["cat_70.jpg"].split is None
    assert after["unnamed.jpg"].label is None


def test_that_their_labels_are_one_step_that_can_be_taken_back(project, folder, host):
    draw(folder, "cat_80.jpg", 80)
    draw(folder, "dog_81.jpg", 81)
    run(add_new_pictures(host, project))
    with Project.open(project) as opened:
        assert [edit.what for edit in opened.history()] == ["Label 2 images"]
        opened.undo()
    after = images(project)
    assert (after["cat_80.jpg"].label, after["cat_80.jpg"].split) == (None, None)


def test_that_a_picture_added_by_others_during_the_check_is_left_to_them(project, folder, host):
    draw(folder, "cat_90.jpg", 90)
    draw(folder, "cat_91.jpg", 91)
    told = []

    def add_one_meanwhile(event):
        if not told:
            with Project.open(project) as opened:
                opened.add_images([NewImage(path="cat_90.jpg", label=None, split=Split.TRAIN)])
        told.append(event)

    add_new_pictures(host, project)(add_one_meanwhile, RunControl())
    assert told[-1].message.startswith("1 picture added: ")
    after = images(project)
    assert (after["cat_90.jpg"].label, after["cat_91.jpg"].label) == (None, "cat")


def test_that_without_new_pictures_nothing_is_written(project, host):
    before = images(project)
    assert run(add_new_pictures(host, project)) == ["There are no new pictures in the folder."]
    assert images(project) == before
