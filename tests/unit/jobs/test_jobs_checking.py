"""Equal pictures, classes without pictures, pictures that are gone: told in sentences."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from petstudio.api.contributions import ImageLabel, Split
from petstudio.api.control import RunControl
from petstudio.api.errors import RunCancelledError
from petstudio.api.events import NoticeGiven, NoticeLevel
from petstudio.jobs.checking import (
    check_project,
    joined_by_content,
    twin_notices,
)
from petstudio.jobs.kept_facts import facts_file, load_facts
from petstudio.jobs.scanning import equal_pictures
from petstudio.project.project import Project
from petstudio.project.records import NewImage, Source

T, V = Split.TRAIN, Split.VALID


def label(path: str, group: str | None = None) -> ImageLabel:
    return ImageLabel(path=path, label="cat", group=group)


def groups_of(
    images: list[ImageLabel], twins: tuple[tuple[str, ...], ...]
) -> dict[str, str | None]:
    return {image.path: image.group for image in joined_by_content(images, twins)}


def test_that_pictures_without_equals_keep_their_groups() -> None:
    images = [label("a", "tom"), label("b"), label("c", "tom")]
    assert joined_by_content(images, ()) == images


def test_that_equal_pictures_become_one_group_and_others_stay_alone() -> None:
    groups = groups_of([label("a"), label("b"), label("c")], (("a", "c"),))
    assert groups["a"] == groups["c"] is not None
    assert groups["b"] is None


def test_that_an_equal_picture_joins_the_group_of_the_other() -> None:
    groups = groups_of([label("a", "tom"), label("b"), label("c", "tom")], (("a", "b"),))
    assert groups["a"] == groups["b"] == groups["c"]


def test_that_equal_pictures_join_the_groups_they_belong_to_through_any_chain() -> None:
    images = [label("a", "1"), label("b", "2"), label("c", "2"), label("d", "3"), label("e", "4")]
    groups = groups_of(images, (("a", "b"), ("c", "d")))
    assert groups["a"] == groups["b"] == groups["c"] == groups["d"] != groups["e"]
    assert (
        groups_of(images[::-1], (("d", "c"), ("b", "a")))["a"]
        == groups_of(images[::-1], (("d", "c"), ("b", "a")))["d"]
    )


def sentences(images: list[NewImage], *twins: tuple[str, ...]) -> list[tuple[NoticeLevel, str]]:
    return [(notice.level, notice.message) for notice in twin_notices(images, twins)]


def test_that_equal_pictures_are_counted_and_named() -> None:
    images = [NewImage(path=path, label="cat", split=T) for path in "abc"]
    ((level, message),) = sentences(images, ("a", "c"))
    assert level is NoticeLevel.INFO
    assert message == "2 pictures have the same bytes as another: a = c."


def test_that_equal_pictures_with_different_labels_are_a_conflict() -> None:
    images = [NewImage(path="a", label="cat", split=T), NewImage(path="b", label="dog", split=T)]
    _, (level, message) = sentences(images, ("a", "b"))
    assert level is NoticeLevel.WARNING
    assert "a (cat) = b (dog)" in message


def test_that_equal_pictures_on_both_sides_are_told() -> None:
    images = [NewImage(path="a", label="cat", split=T), NewImage(path="b", label="cat", split=V)]
    _, (_, message) = sentences(images, ("a", "b"))
    assert "on both sides of the split" in message
    assert "a = b" in message


def test_that_nothing_is_told_without_equals() -> None:
    assert sentences([NewImage(path="a", label="cat", split=T)]) == []


def test_that_unprintable_names_are_escaped() -> None:
    images = [NewImage(path=f"{n}\n", label="x\x1b", split=T) for n in "ab"]
    assert all(message.isprintable() for _, message in sentences(images, ("a\n", "b\n")))


def test_that_twins_are_paths_below_the_root(tmp_path: Path) -> None:
    for name in ("a", "b", "c"):
        (tmp_path / name).write_bytes(b"x" if name != "b" else b"y")
    assert equal_pictures(tmp_path, ["a", "b", "c"], RunControl()) == (("a", "c"),)


Check = Callable[[list[NewImage]], list[str]]


@pytest.fixture
def check(tmp_path: Path) -> Check:
    def told(images: list[NewImage]) -> list[str]:
        project = tmp_path / "p.petstudio"
        Project.create(project, source=Source(loader="x"), root=tmp_path, images=images).close()
        events: list[object] = []
        check_project(project)(events.append, RunControl())
        return [event.message for event in events if isinstance(event, NoticeGiven)]

    return told


def picture(
    folder: Path,
    name: str,
    label: str | None,
    split: Split | None,
    seed: int = 0,
    quality: int = 95,
) -> NewImage:
    """Write a picture with soft shapes; the same seed looks the same."""
    file = folder / name
    rough = np.random.default_rng(seed).integers(0, 256, (9, 12, 3), dtype=np.uint8)
    soft = Image.fromarray(rough).resize((120, 90), Image.Resampling.BICUBIC)
    soft.save(file, "JPEG", quality=quality)
    status = file.stat()
    return NewImage(
        path=name, label=label, split=split, size=status.st_size, mtime_ns=status.st_mtime_ns
    )


def test_that_a_good_project_has_nothing_to_look_at(check: Check, tmp_path: Path) -> None:
    images = [
        picture(tmp_path, f"{name}{number}", name, split, seed)
        for seed, (name, (number, split)) in enumerate(product(("cat", "dog"), enumerate((T, V))))
    ]
    assert check(images) == ["4 pictures checked, 0 found to look at."]


def test_that_all_that_is_wrong_with_a_project_is_told(check: Check, tmp_path: Path) -> None:
    images = [
        picture(tmp_path, "a", "cat", T, 1),
        picture(tmp_path, "b", "cat", V, 2),
        picture(tmp_path, "c", "dog", T, 2),
        picture(tmp_path, "d", "owl", V, 3),
        picture(tmp_path, "e", None, None, 4),
        NewImage(path="f", label="cat", unreadable="the file is cut off"),
    ]
    (tmp_path / "a").unlink()
    told = check(images)
    assert told == [
        "1 picture left aside: the file is cut off.",
        "1 picture without a label: e.",
        (
            "1 of 4 pictures are gone or cannot be reached: a. Put them back, connect their drive, "
            "or say where they are now, on the Data page or with --data FOLDER."
        ),
        "Nothing to learn from in the training part: owl.",
        "Learned but never checked in the validation part: dog.",
        "2 pictures have the same bytes as another: b = c.",
        "Equal pictures with different labels, so that one of them is wrong: b (cat) = c (dog).",
        (
            "Equal pictures on both sides of the split, so that the figures look better than they "
            "are: b = c."
        ),
        "4 pictures checked, 8 found to look at.",
    ]


def test_that_near_duplicates_on_both_sides_and_with_two_labels_are_told(
    check: Check, tmp_path: Path
) -> None:
    told = check(
        [
            picture(tmp_path, "a", "cat", T, 1),
            picture(tmp_path, "b", "dog", V, 1, quality=60),
            picture(tmp_path, "c", "cat", V, 2),
            picture(tmp_path, "d", "dog", T, 3),
        ]
    )
    assert told == [
        "1 pair of near-duplicates: a = b.",
        (
            "Near-duplicates with different labels, so that one of them is probably wrong: "
            "a (cat) = b (dog)."
        ),
        (
            "Near-duplicates on both sides of the split, so that the figures look better than they "
            "are: a = b."
        ),
        "4 pictures checked, 3 found to look at.",
    ]


def test_that_a_picture_that_was_damaged_since_the_import_is_told(
    check: Check, tmp_path: Path
) -> None:
    images = [picture(tmp_path, name, name, T, seed) for seed, name in enumerate(("cat", "dog"))]
    (tmp_path / "cat").write_bytes(b"\xff\xd8\xff\xe0 broken")
    told = check(images)
    assert "1 picture can no longer be read: cat (the file is cut off)." in told


def test_that_a_second_check_takes_what_the_first_one_found(check: Check, tmp_path: Path) -> None:
    check([picture(tmp_path, "a", "cat", T, 1), picture(tmp_path, "b", "dog", T, 2)])
    kept = load_facts(facts_file(tmp_path / "p.petstudio"))
    assert set(kept) == {"a", "b"}


def test_that_checking_can_be_cancelled(tmp_path: Path) -> None:
    images = [picture(tmp_path, "a", "cat", T)]
    project = tmp_path / "p.petstudio"
    Project.create(project, source=Source(loader="x"), root=tmp_path, images=images).close()
    control = RunControl()
    control.cancel()
    with pytest.raises(RunCancelledError):
        check_project(project)(lambda _: None, control)
