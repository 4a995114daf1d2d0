"""New pictures in the folder come into the project, and nobody who was there changes sides."""

from __future__ import annotations

import shutil

import numpy as np
import pytest
from PIL import Image

from petstudio.api.contributions import Split
from petstudio.api.control import RunControl
from petstudio.api.errors import InputError
from petstudio.api.events import NoticeGiven
from petstudio.images.splitting import SplitChoice
from petstudio.jobs.absences import pictures_below, within_reach
from petstudio.jobs.growing import add_folder, add_new_pictures, new_pictures
from petstudio.jobs.importing import create_project
from petstudio.jobs.proving import DataSource
from petstudio.jobs.verifying import verify_pictures
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


def test_that_they_are_one_step_that_can_be_taken_back_and_done_again(project, folder, host):
    before = images(project)
    draw(folder, "cat_80.jpg", 80)
    draw(folder, "dog_81.jpg", 81)
    run(add_new_pictures(host, project))
    after = images(project)
    with Project.open(project) as opened:
        assert [edit.what for edit in opened.history()] == ["Add 2 images"]
        opened.undo()
    assert images(project) == before
    with Project.open(project) as opened:
        opened.redo()
    assert images(project) == after


def test_that_what_was_taken_back_can_be_added_again(project, folder, host):
    draw(folder, "cat_80.jpg", 80)
    run(add_new_pictures(host, project))
    after = images(project)
    with Project.open(project) as opened:
        opened.undo()
    (message,) = run(add_new_pictures(host, project))
    assert message.startswith("1 picture added: ")
    assert images(project) == after


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


@pytest.fixture
def more(tmp_path):
    """A folder elsewhere whose labels are the names of its folders."""
    made = tmp_path / "elsewhere" / "more"
    for number in range(10):
        draw(made / "cat", f"{number}.jpg", 200 + number)
        draw(made / "bird", f"{number}.jpg", 300 + number)
    return made


def by_folder(root):
    return DataSource(root=root, loader="folder", options={})


def test_that_another_folder_joins_with_labels_of_its_own_source(project, more, host):
    before = images(project)
    (message,) = run(add_folder(host, project, by_folder(more)))
    after = images(project)
    assert message.startswith("20 pictures added: ")
    assert {path: after[path] for path in before} == before
    assert after["more/bird/3.jpg"].label == "bird"
    assert after["more/cat/3.jpg"].label == "cat"
    assert all(image.is_usable for image in after.values())
    with Project.open(project, Access.READ) as opened:
        assert opened.data_root / "more/bird/3.jpg" == more / "bird" / "3.jpg"
        assert opened.classes() == ("bird", "cat", "dog")


def test_that_one_step_takes_the_folder_back(project, more, host):
    before = images(project)
    run(add_folder(host, project, by_folder(more)))
    with Project.open(project) as opened:
        assert [edit.what for edit in opened.history()] == ["Add 20 images of more"]
        opened.undo()
    assert images(project) == before
    assert run(add_new_pictures(host, project)) == ["There are no new pictures in the folder."]


def test_that_a_folder_that_was_taken_back_can_come_again_with_another_source(project, more, host):
    run(add_folder(host, project, by_folder(more)))
    with Project.open(project) as opened:
        opened.undo()
    pattern = {"pattern": r"^\w+/(\w+)/", "match": "path"}
    with pytest.raises(InputError, match="No new file got a label"):
        run(add_folder(host, project, DataSource(root=more, loader="regex", options=pattern)))
    run(add_folder(host, project, by_folder(more)))
    assert images(project)["more/bird/3.jpg"].label == "bird"


def test_that_a_file_that_two_folders_lead_to_is_added_once(project, folder, host):
    before = images(project)
    draw(folder.parent / "dog", "new.jpg", 400)
    source = DataSource(root=folder.parent, loader="regex", options={"pattern": r"^(?:\w+/)*(\w)"})
    (message,) = run(add_folder(host, project, source))
    assert message.startswith("1 picture added: ")
    assert len(images(project)) == len(before) + 1


def test_that_a_folder_that_is_there_already_is_refused_in_words(project, folder, host):
    with pytest.raises(InputError, match="All 20 pictures of this folder are in the project"):
        run(add_folder(host, project, by_folder(folder)))


def test_that_new_pictures_of_an_added_folder_get_labels_of_its_source(project, more, host):
    run(add_folder(host, project, by_folder(more)))
    draw(more / "bird", "late.jpg", 500)
    with Project.open(project, Access.READ) as opened:
        assert new_pictures(opened.data_root, opened.images()) == ("more/bird/late.jpg",)
    run(add_new_pictures(host, project))
    assert images(project)["more/bird/late.jpg"].label == "bird"


def test_that_a_name_that_is_taken_gets_a_number(project, folder, more, tmp_path, host):
    draw(folder / "more", "cat_1.jpg", 600)
    run(add_new_pictures(host, project))
    run(add_folder(host, project, by_folder(more)))
    draw(tmp_path / "again" / "more" / "cat", "a.jpg", 601)
    run(add_folder(host, project, by_folder(tmp_path / "again" / "more")))
    after = images(project)
    assert {"more/cat_1.jpg", "more-2/bird/3.jpg", "more-3/cat/a.jpg"} <= after.keys()


def test_that_a_folder_with_ready_sides_keeps_them(project, tmp_path, host):
    ready = tmp_path / "ready"
    for side in ("train", "valid"):
        for number in range(3):
            draw(ready / side / "cat", f"{number}.jpg", 700 + number + 10 * (side == "valid"))
    run(add_folder(host, project, by_folder(ready)))
    after = images(project)
    assert {after[f"ready/valid/cat/{n}.jpg"].split for n in range(3)} == {Split.VALID}
    assert {after[f"ready/train/cat/{n}.jpg"].split for n in range(3)} == {Split.TRAIN}


def test_that_a_missing_added_folder_is_one_sentence_and_can_be_located(
    project, more, tmp_path, host
):
    run(add_folder(host, project, by_folder(more)))
    moved = more.rename(tmp_path / "moved")
    with Project.open(project) as opened:
        with pytest.raises(InputError, match=r"The folder \S*more with 20 pictures"):
            verify_pictures(opened.images(), opened.data_root)
        opened.folders.locate(moved, "more")
        assert verify_pictures(opened.images(), opened.data_root) == ()


def test_that_pictures_of_a_missing_folder_that_are_left_out_stop_nothing(project, more, host):
    run(add_folder(host, project, by_folder(more)))
    shutil.rmtree(more)
    with Project.open(project) as opened:
        gone = pictures_below(opened.images(), "more")
        opened.set_excluded([image.id for image in gone], excluded=True)
        assert verify_pictures(opened.images(), opened.data_root) == ()


def test_that_what_is_out_of_reach_is_told_once_and_the_rest_goes_on(project, more, host):
    run(add_folder(host, project, by_folder(more)))
    more.rename(more.with_name("unplugged"))
    told = []
    with Project.open(project, Access.READ) as opened:
        there = within_reach(opened.usable(), opened.data_root, told.append)
    assert [event.message for event in told] == [
        f"The folder {more} is not there, so 20 pictures are left out."
    ]
    assert {image.path.partition("_")[0] for image in there} == {"cat", "dog"}
    with pytest.raises(InputError, match="Connect its drive"):
        within_reach([i for i in opened.usable() if i not in there], opened.data_root, told.append)
