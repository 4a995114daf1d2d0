"""Making a project, and what it says about itself afterwards."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from petstudio.api.contributions import Split
from petstudio.api.errors import InputError, MachineError
from petstudio.project import creation
from petstudio.project.project import Project
from petstudio.project.records import Access, LabelOrigin, NewImage, Source

ODD_NAMES = (
    os.fsdecode(b"caf\xe9_1.jpg"),
    "two\nlines.jpg",
    "\N{CAT FACE}.jpg",
    "x" * 251 + ".jpg",
    "-rf.jpg",
    "a b. ",
    "%s{}'\".jpg",
    "\N{RIGHT-TO-LEFT OVERRIDE}gpj.jpg",
    "e\N{COMBINING ACUTE ACCENT}.jpg",
    "\N{LATIN SMALL LETTER E WITH ACUTE}.jpg",
)


def test_that_images_come_back_as_given_and_in_order(project, make_project) -> None:
    first = project.images()[1]

    assert [image.path for image in project.images()] == [
        "a/1.jpg", "a/2.jpg", "a/3.jpg", "a/4.jpg", "b/5.jpg", "b/6.jpg"
    ]  # fmt: skip
    assert (first.label, first.split, first.group) == ("Birman", Split.VALID, "tom")
    assert (first.origin, first.excluded, first.size) == (LabelOrigin.LOADER, False, 12)


def test_that_the_choices_of_the_import_survive_reopening(closed_project) -> None:
    with Project.open(closed_project) as project:
        assert project.source.loader == "regex"
        assert project.source.options == {"pattern": r"(?P<label>.+)_\d+"}
        assert project.split_choice["valid_share"] == 0.2
        assert project.split_choice["stratify"] is True


def test_that_classes_leave_out_unreadable_and_excluded_images(project) -> None:
    assert project.classes() == ("Beagle", "Birman")

    project.set_excluded([3, 4], True)

    assert project.classes() == ("Birman",)


def test_that_usable_images_have_a_label_a_split_and_a_good_file(project) -> None:
    project.set_excluded([1], True)

    assert [image.id for image in project.usable()] == [2, 3, 4]


@pytest.mark.parametrize("name", ODD_NAMES, ids=range(len(ODD_NAMES)))
def test_that_odd_names_come_back_byte_for_byte(make_project, name: str) -> None:
    image = NewImage(path=f"in/{name}", label=name[:200], group=name, split=Split.TRAIN)
    with make_project([image]) as made:
        path = made.path

    with Project.open(path) as again:
        [record] = again.images()
        assert os.fsencode(record.path) == os.fsencode(f"in/{name}")
        assert (record.label, record.group) == (name[:200], name)
        assert record.shown.isprintable()
        assert again.classes() == (name[:200],)


@pytest.mark.parametrize("mtime_ns", [-1, 0, 2**63, 14_999_999_999 * 10**9])
def test_that_any_file_time_is_kept(make_project, mtime_ns: int) -> None:
    with make_project([NewImage(path="a.jpg", label="a", mtime_ns=mtime_ns)]) as made:
        path = made.path

    with Project.open(path) as again:
        assert again.images()[0].mtime_ns == mtime_ns


@pytest.mark.parametrize(
    "path", ["../a.jpg", "/etc/passwd", "a/../../b.jpg", "a//b.jpg", "./a.jpg", "", "a\0.jpg"]
)
def test_that_a_path_outside_the_data_root_is_refused(make_project, tmp_path, path: str) -> None:
    with pytest.raises(InputError, match="not a path below"):
        make_project([NewImage(path=path, label="a")])

    assert not list(tmp_path.glob("*.petstudio*"))


def test_that_an_image_listed_twice_is_refused(make_project) -> None:
    with pytest.raises(InputError, match="listed twice"):
        make_project([NewImage(path="a.jpg", label="a"), NewImage(path="a.jpg", label="b")])


@pytest.mark.parametrize("label", ["", "  ", "x" * 201])
def test_that_a_label_that_cannot_be_one_is_refused(make_project, label: str) -> None:
    with pytest.raises(InputError, match="A label can"):
        make_project([NewImage(path="a.jpg", label=label)])


def test_that_an_existing_path_is_refused_and_left_alone(tmp_path, make_project) -> None:
    taken = tmp_path / "pets.petstudio"
    taken.mkdir()
    (taken / "mine.txt").write_text("keep")

    with pytest.raises(InputError, match="exists already"):
        make_project()

    assert [entry.name for entry in taken.iterdir()] == ["mine.txt"]


def test_that_a_project_without_the_suffix_is_refused(tmp_path) -> None:
    with pytest.raises(InputError, match=r"End it in .petstudio"):
        Project.create(tmp_path / "pets", source=Source(loader="x"), root=tmp_path, images=[])


def test_that_a_name_too_long_is_refused(tmp_path) -> None:
    path = tmp_path / f"{'x' * 300}.petstudio"
    with pytest.raises(MachineError, match="could not be written"):
        Project.create(path, source=Source(loader="x"), root=tmp_path, images=[])


def test_that_a_failure_half_way_leaves_nothing_behind(
    make_project, tmp_path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(creation, "insert_images", fail)

    with pytest.raises(MachineError, match="disk is full"):
        make_project()

    assert [entry.name for entry in tmp_path.iterdir()] == ["pictures"]


def test_that_the_project_shows_only_when_it_is_complete(
    make_project, tmp_path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[bool] = []
    fill = creation._fill

    def look_then_fill(*arguments) -> None:
        fill(*arguments)
        seen.append((tmp_path / "pets.petstudio").exists())

    monkeypatch.setattr(creation, "_fill", look_then_fill)
    make_project().close()

    assert seen == [False]


def test_that_the_data_root_is_kept_outside_the_project(closed_project, tmp_path) -> None:
    with Project.open(closed_project, Access.READ) as project:
        assert project.data_root == tmp_path / "pictures"

    root = os.fsencode(str(tmp_path / "pictures"))
    files = [path for path in closed_project.rglob("*") if path.is_file()]
    assert not any(root in path.read_bytes() for path in files)


def test_that_an_unknown_data_root_is_asked_for(
    closed_project, tmp_path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PETSTUDIO_HOME", str(tmp_path / "another user"))

    with (
        Project.open(closed_project) as project,
        pytest.raises(InputError, match="Say where the pictures are, on the Data page or"),
    ):
        _ = project.data_root


def test_that_a_data_root_that_is_gone_is_asked_for(project, tmp_path) -> None:
    (tmp_path / "pictures").rmdir()

    with pytest.raises(InputError, match="Say where the pictures are, on the Data page or"):
        _ = project.data_root


def test_that_a_new_data_root_replaces_the_old(project, tmp_path: Path) -> None:
    moved = tmp_path / "moved"
    moved.mkdir()

    project.folders.locate(moved)

    assert project.data_root == moved


def test_that_the_fingerprint_follows_labels_and_splits_of_usable_images(project) -> None:
    first = project.split_fingerprint()

    project.set_labels({6: "Pug"}, LabelOrigin.PERSON)
    assert project.split_fingerprint() == first, "image 6 cannot be read"
    project.set_splits({1: Split.VALID})
    assert project.split_fingerprint() != first
    project.undo()
    assert project.split_fingerprint() == first


def test_that_the_fingerprint_does_not_depend_on_the_order_of_images(tmp_path) -> None:
    images = [NewImage(path=f"{n}.jpg", label="a", split=Split.TRAIN) for n in range(3)]
    prints = set()
    for name, order in (("x", images), ("y", images[::-1])):
        place = tmp_path / f"{name}.petstudio"
        with Project.create(
            place, source=Source(loader="x"), root=tmp_path, images=order
        ) as project:
            prints.add(project.split_fingerprint())

    assert len(prints) == 1


def test_that_closing_leaves_a_readable_table_of_labels(make_project) -> None:
    odd = NewImage(path=os.fsdecode(b'caf\xe9,"x".jpg'), label="a,b", split=Split.TEST)
    with make_project([odd, replace(odd, path="2\n.jpg", label=None, split=None)]) as project:
        project.set_excluded([2], True)

    text = (project.path / "labels.csv").read_text(encoding="utf-8")
    assert text == (
        "path,label,origin,split,group,excluded,unreadable\n"
        '"caf\\udce9,""x"".jpg","a,b",loader,test,,,\n'
        '"2\n.jpg",,loader,,,yes,\n'
    )
