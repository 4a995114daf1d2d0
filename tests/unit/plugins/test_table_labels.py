from __future__ import annotations

from pathlib import Path

import pytest

from petstudio.api import ImageLabel, InputError, Place, Split, from_mapping
from petstudio.plugins.table_labels import TableOptions, read_by_table

FILES = ("a.jpg", "cats/b.jpg", "cats/c.jpg")


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(root=tmp_path, files=FILES)


def read(place: Place, table: str | bytes, **options: object) -> list[ImageLabel]:
    content = table if isinstance(table, bytes) else table.encode()
    (place.root / "labels.csv").write_bytes(content)
    return list(read_by_table(from_mapping(TableOptions, options), place))


def labels(place: Place, table: str | bytes, **options: object) -> dict[str, str | None]:
    return {label.path: label.label for label in read(place, table, **options)}


def test_that_rows_label_images_by_their_paths(place):
    found = labels(place, "path,label\na.jpg,dog\ncats/b.jpg,cat\n")
    assert found == {"a.jpg": "dog", "cats/b.jpg": "cat", "cats/c.jpg": None}


def test_that_labels_come_in_the_order_of_the_files(place):
    found = read(place, "path,label\ncats/b.jpg,cat\na.jpg,dog\n")
    assert [label.path for label in found] == list(FILES)


def test_that_a_name_without_its_folder_is_enough_where_it_is_the_only_one(place):
    assert labels(place, "path,label\nb.jpg,cat\n")["cats/b.jpg"] == "cat"


def test_that_a_name_in_several_folders_is_refused(tmp_path):
    place = Place(root=tmp_path, files=("x/a.jpg", "y/a.jpg"))
    with pytest.raises(InputError, match=r"Row 2 .*“a.jpg”, .* several folders: x/a.jpg, y/a.jpg"):
        read(place, "path,label\na.jpg,cat\n")


def test_that_a_full_path_below_the_place_is_understood(place):
    table = f"path,label\n{place.root.as_posix()}/cats/b.jpg,cat\n"
    assert labels(place, table)["cats/b.jpg"] == "cat"


@pytest.mark.parametrize("path", ["cats\\b.jpg", "./cats/b.jpg", "cats//b.jpg", " cats/b.jpg "])
def test_that_other_spellings_of_a_path_are_understood(place, path):
    assert labels(place, f"path,label\n{path},cat\n")["cats/b.jpg"] == "cat"


def test_that_rows_of_files_that_are_not_there_come_last(place):
    found = read(place, "path,label\nz.jpg,dog\ngone/b.jpg,cat\n")
    assert [label.path for label in found] == [*FILES, "gone/b.jpg", "z.jpg"]
    assert found[-1].label == "dog"


def test_that_split_and_group_are_read_where_they_are(place):
    table = "path,label,split,group\na.jpg,dog,Train,rex\nb.jpg,cat,val,\nc.jpg,cat,,tom\n"
    found = read(place, table)
    assert [label.split for label in found] == [Split.TRAIN, Split.VALID, None]
    assert [label.group for label in found] == ["rex", None, "tom"]


def test_that_columns_may_have_other_names(place):
    table = "Breed,part,File Name\ncat,test,b.jpg\n"
    options = {"path_column": "file name", "label_column": "breed", "split_column": "Part"}
    found = read(place, table, **options)[1]
    assert (found.label, found.split) == ("cat", Split.TEST)


def test_that_a_column_that_is_switched_off_is_not_read(place):
    assert read(place, "path,label,split\na.jpg,cat,morning\n", split_column="")[0].split is None


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_that_cells_may_be_parted_by_comma_semicolon_or_tab(place, delimiter):
    table = "path,label\nb.jpg,cat\n".replace(",", delimiter)
    assert labels(place, table)["cats/b.jpg"] == "cat"


def test_that_a_byte_order_mark_and_windows_line_ends_do_no_harm(place):
    table = "\ufeffpath,label\r\nb.jpg,Höhlenkatze\r\n"
    assert labels(place, table)["cats/b.jpg"] == "Höhlenkatze"


def test_that_quoted_cells_may_hold_the_delimiter(place):
    assert labels(place, 'path,label\nb.jpg,"cat, big"\n')["cats/b.jpg"] == "cat, big"


def test_that_empty_rows_and_empty_labels_are_no_labels(place):
    found = labels(place, "path,label\n\n,\nb.jpg,\na.jpg\n")
    assert found == {"a.jpg": None, "cats/b.jpg": None, "cats/c.jpg": None}


def test_that_a_table_may_lie_anywhere(place, tmp_path_factory):
    table = tmp_path_factory.mktemp("tables") / "x.csv"
    table.write_text("path,label\nb.jpg,cat\n")
    found = list(read_by_table(TableOptions(file=str(table)), place))
    assert found[1].label == "cat"


def test_that_rows_that_agree_may_be_repeated(place):
    assert labels(place, "path,label\nb.jpg,cat\ncats/b.jpg,cat\n")["cats/b.jpg"] == "cat"


BAD_TABLES = {
    "two labels": ("path,label\nb.jpg,cat\nb.jpg,dog\n", "Rows 2 and 3 of the table disagree abou"),
    "two splits": (
        "path,label,split\nb.jpg,cat,train\ncats/b.jpg,cat,test\n",
        "Rows 2 and 3 of the table disagree about “cats/b.jpg”.",
    ),
    "unknown split": (
        "path,label,split\na.jpg,dog,train\nb.jpg,cat,night\n",
        "Row 3 of the table has the split “night”. Use train, valid or test",
    ),
    "no path": ("path,label\n,cat\n", "Row 2 of the table has no path."),
    "no label column": (
        "path,breed\nb.jpg,cat\n",
        "The table has no column “label”. Its columns are: path, breed.",
    ),
    "label column twice": ("path,label,LABEL\nb.jpg,cat,x\n", "several columns “label”"),
    "too many cells": ("path,label\nb.jpg,cat, big\n", "Row 2 of the table has 3 cells, its head"),
    "empty": ("", "The table has no column “path”."),
    "not UTF-8": ("path,label\nb.jpg,Höhle\n".encode("latin-1"), "is not UTF-8 text. Save it as"),
    "UTF-16": ("path,label\nb.jpg,cat\n".encode("utf-16"), "is not UTF-8 text. Save it as"),
    "huge cell": ("path,label\nb.jpg," + "x" * 200_000, "labels.csv is not a CSV file: field larg"),
}


@pytest.mark.parametrize(("table", "message"), BAD_TABLES.values(), ids=BAD_TABLES.keys())
def test_that_a_bad_table_is_an_input_error_that_says_where(place, table, message):
    with pytest.raises(InputError) as caught:
        read(place, table)
    assert message in str(caught.value)


def test_that_a_column_that_was_asked_for_must_be_there(place):
    with pytest.raises(InputError, match="no column “fold”"):
        read(place, "path,label\nb.jpg,cat\n", split_column="fold")


def test_that_a_missing_table_is_an_input_error(place):
    with pytest.raises(InputError, match="cannot be read: no such file or directory"):
        list(read_by_table(TableOptions(), place))


def test_that_a_folder_in_place_of_a_table_is_an_input_error(place):
    with pytest.raises(InputError, match=r"cannot be read"):
        list(read_by_table(TableOptions(file=""), place))
