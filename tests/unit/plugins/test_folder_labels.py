from __future__ import annotations

from pathlib import Path

import pytest

from petstudio.api import NoOptions, Place, Split
from petstudio.plugins.folder_labels import read_by_folder


def read(*files: str) -> list[tuple[str | None, Split | None]]:
    place = Place(root=Path("nowhere"), files=files)
    found = list(read_by_folder(NoOptions(), place))
    assert [label.path for label in found] == list(files)
    return [(label.label, label.split) for label in found]


def test_that_the_folder_of_an_image_is_its_label():
    assert read("cat/1.jpg", "pets/dog/1.jpg") == [("cat", None), ("dog", None)]


def test_that_an_image_directly_in_the_place_has_no_label():
    assert read("1.jpg") == [(None, None)]


@pytest.mark.parametrize(
    ("name", "split"),
    [
        ("valid", Split.VALID),
        ("validation", Split.VALID),
        ("val", Split.VALID),
        ("test", Split.TEST),
        ("Test", Split.TEST),
    ],
)
def test_that_a_tree_of_train_and_another_part_gives_the_split(name, split):
    assert read("train/cat/1.jpg", f"{name}/cat/2.jpg") == [
        ("cat", Split.TRAIN),
        ("cat", split),
    ]


def test_that_classes_may_lie_deeper_in_a_tree():
    assert read("train/pets/cat/1.jpg", "test/pets/cat/2.jpg")[0] == ("cat", Split.TRAIN)


def test_that_an_image_directly_in_a_part_of_a_tree_has_no_label():
    assert read("train/1.jpg", "train/cat/1.jpg", "test/cat/1.jpg")[0] == (None, Split.TRAIN)


def test_that_a_folder_beside_the_parts_of_a_tree_is_read_plainly():
    assert read("extra/cat/3.jpg", "train/cat/1.jpg", "test/cat/1.jpg")[0] == ("cat", None)


@pytest.mark.parametrize(
    "files",
    [
        ("train/1.jpg", "test/1.jpg"),
        ("train/cat/1.jpg", "plane/jet/1.jpg"),
        ("test/cat/1.jpg", "valid/cat/1.jpg"),
    ],
    ids=["classes of that name", "train alone", "no train"],
)
def test_that_without_a_whole_tree_no_split_is_assumed(files):
    assert [split for _, split in read(*files)] == [None, None]


def test_that_a_class_named_train_is_a_class_like_any_other():
    assert read("train/1.jpg", "plane/1.jpg") == [("train", None), ("plane", None)]


def test_that_a_folder_named_by_a_blank_gives_no_label():
    assert read(" /1.jpg") == [(None, None)]
