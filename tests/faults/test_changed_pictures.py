"""Pictures that are edited, deleted or re-dated after the import are noticed before training."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from petstudio.api.contributions import Split
from petstudio.api.errors import InputError
from petstudio.jobs.verifying import verify_pictures
from petstudio.project.project import Project
from petstudio.project.records import ImageRecord, NewImage, Source

PICTURES = 200
SECOND = 1_000_000_000
TIMES = {"1970": 0, "2100": 4_102_444_800 * SECOND, "before 1970": -86_400 * SECOND}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "pictures"
    (root / "sub").mkdir(parents=True)
    for number in range(PICTURES):
        (root / "sub" / f"{number:03}.png").write_bytes(b"picture %d" % number)
    return root


@pytest.fixture
def records(root: Path, tmp_path: Path) -> tuple[ImageRecord, ...]:
    """What a project, closed and opened again, says of the pictures."""
    images = [
        NewImage(
            path=path.relative_to(root).as_posix(),
            label="Birman",
            split=Split.TRAIN,
            size=path.stat().st_size,
            mtime_ns=path.stat().st_mtime_ns,
        )
        for path in sorted(root.rglob("*.png"))
    ]
    project = tmp_path / "p.petstudio"
    Project.create(project, source=Source(loader="x"), root=root, images=images).close()
    with Project.open(project) as again:
        return again.images()


def test_that_untouched_pictures_give_no_notice(records, root):
    assert verify_pictures(records, root) == ()


def test_that_an_edited_picture_is_named(records, root):
    (root / "sub" / "007.png").write_bytes(b"another picture")
    (notice,) = verify_pictures(records, root)
    assert notice.startswith("1 picture changed since the import")
    assert "sub/007.png" in notice


def test_that_another_size_is_noticed_at_an_unchanged_time(records, root):
    file = root / "sub" / "007.png"
    before = file.stat()
    file.write_bytes(b"another picture")
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert file.stat().st_mtime_ns == before.st_mtime_ns
    (notice,) = verify_pictures(records, root)
    assert notice.startswith("1 picture changed since the import")


@pytest.mark.parametrize("time", TIMES.values(), ids=TIMES)
def test_that_a_picture_of_another_date_is_named(records, root, time):
    file = root / "sub" / "007.png"
    os.utime(file, ns=(time, time))
    if file.stat().st_mtime_ns != time:
        pytest.skip("this file system does not keep such a time")
    (notice,) = verify_pictures(records, root)
    assert notice.startswith("1 picture with another date than at the import")
    assert "sub/007.png" in notice


def test_that_a_replaced_picture_of_the_same_size_is_noticed(records, root):
    file = root / "sub" / "007.png"
    other = root / "other"
    other.write_bytes(b"PICTURE 7")
    os.utime(other, ns=(SECOND, SECOND))
    other.replace(file)
    assert file.stat().st_size == len(b"picture 7")
    (notice,) = verify_pictures(records, root)
    assert "another date" in notice


def test_that_few_deleted_pictures_are_named_and_training_goes_on(records, root):
    (root / "sub" / "100.png").unlink()
    (notice,) = verify_pictures(records, root)
    assert notice == "1 picture no longer there; training goes on without: sub/100.png."


def test_that_one_in_a_hundred_may_be_gone_and_no_more(records, root):
    for number in range(PICTURES // 100):
        (root / "sub" / f"{number:03}.png").unlink()
    assert len(verify_pictures(records, root)) == 1
    (root / "sub" / "100.png").unlink()
    with pytest.raises(InputError):
        verify_pictures(records, root)


def test_that_many_deleted_pictures_stop_training_with_a_count_and_names(records, root):
    for number in range(4):
        (root / "sub" / f"{number:03}.png").unlink()
    with pytest.raises(InputError) as caught:
        verify_pictures(records, root)
    text = str(caught.value)
    assert "4 of 200 pictures are gone" in text
    assert "sub/000.png, sub/001.png, sub/002.png and so on" in text
    assert "--data FOLDER" in text


def test_that_a_folder_that_is_gone_stops_training(records, root):
    (root / "sub").rename(root / "elsewhere")
    with pytest.raises(InputError, match="200 of 200 pictures are gone"):
        verify_pictures(records, root)


def test_that_a_folder_in_a_pictures_place_is_no_picture(records, root):
    (root / "sub" / "007.png").unlink()
    (root / "sub" / "007.png").mkdir()
    (notice,) = verify_pictures(records, root)
    assert "no longer there" in notice


def test_that_all_that_happened_is_told_each_in_its_sentence(records, root):
    (root / "sub" / "001.png").unlink()
    (root / "sub" / "002.png").write_bytes(b"another picture")
    os.utime(root / "sub" / "003.png", ns=(0, 0))
    gone, changed, redated = verify_pictures(records, root)
    assert ("001" in gone, "002" in changed, "003" in redated) == (True, True, True)


@pytest.mark.parametrize(
    "change", [{"excluded": True}, {"label": None}, {"split": None}, {"unreadable": "empty"}]
)
def test_that_pictures_that_are_not_used_may_vanish(records, root, change):
    spared = [replace(record, **change) for record in records[:50]]
    for record in spared:
        (root / record.path).unlink()
    assert verify_pictures([*spared, *records[50:]], root) == ()


def test_that_a_project_without_pictures_has_nothing_to_verify(root):
    assert verify_pictures((), root) == ()


@pytest.mark.skipif(sys.platform == "win32", reason="names are not bytes there")
def test_that_an_unprintable_name_is_shown_escaped(records, root):
    name = os.fsdecode(b"caf\xe9\n\x1b[31m.png")
    gone = replace(records[0], path=name)
    (notice,) = verify_pictures([gone, *records[1:]], root)
    assert r"caf\udce9\n\x1b[31m.png" in notice
