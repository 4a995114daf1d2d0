"""Labels written as a table and read again."""

from __future__ import annotations

import csv

import pytest

from petstudio.api.contributions import Split
from petstudio.api.errors import InputError
from petstudio.jobs.label_tables import Imported, read_labels, write_labels
from petstudio.project.project import Project
from petstudio.project.records import LabelOrigin, NewImage, Source

NAMES = ("a.jpg", "=cmd.jpg", 'b "x", y.jpg', "k\udce4se.jpg")


@pytest.fixture
def project(tmp_path):
    images = [NewImage(path=name, label="pug", split=Split.TRAIN) for name in NAMES]
    with Project.create(
        tmp_path / "p.petstudio", source=Source(loader="x"), root=tmp_path, images=images
    ) as made:
        yield made


@pytest.fixture
def table(tmp_path):
    return tmp_path / "labels.csv"


def rows(table):
    with table.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def labels(project):
    return [image.label for image in project.images()]


def test_that_no_cell_is_a_formula(project, table):
    project.set_labels({1: "=1+2", 2: "@pug"}, LabelOrigin.PERSON)
    assert write_labels(table, project.images(), {"-night": frozenset({1})}) == 4
    cells = [cell for row in rows(table) for cell in row.values()]
    assert not any(cell.startswith(("=", "@", "-", "+")) for cell in cells)


def test_that_what_was_written_is_read_as_it_was(project, table):
    project.set_labels({1: "=1+2", 2: "@pug", 3: "'quoted", 4: "maine_coon"}, LabelOrigin.PERSON)
    before = labels(project)
    write_labels(table, project.images(), {})
    project.undo()
    assert read_labels(project, table) == Imported(changed=4, same=0, unknown=0)
    assert labels(project) == before


def test_that_a_table_is_one_step(project, table):
    table.write_text("path,label\na.jpg,boxer\n=cmd.jpg,beagle\n")
    read_labels(project, table)
    assert labels(project)[:2] == ["boxer", "beagle"]
    project.undo()
    assert labels(project) == ["pug"] * 4


def test_that_unknown_files_and_same_labels_are_counted(project, table):
    table.write_text("label,path\npug,a.jpg\n,=cmd.jpg\nboxer,other.jpg\n")
    assert read_labels(project, table) == Imported(changed=0, same=2, unknown=1)
    assert project.history() == ()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"path,class\na.jpg,pug\n", "columns"),
        (b"", "columns"),
        (b"path,label\na.jpg,\xff\n", "UTF-8"),
        (b"path,label\na.jpg," + b"x" * 300 + b"\n", "Line 2"),
    ],
)
def test_that_what_is_no_table_of_labels_is_refused(project, table, content, words):
    table.write_bytes(content)
    with pytest.raises(InputError, match=words):
        read_labels(project, table)
    assert project.history() == ()


def test_that_a_missing_table_is_refused(project, table):
    with pytest.raises(InputError, match=r"labels\.csv"):
        read_labels(project, table)


def test_that_a_table_with_a_mark_of_a_spreadsheet_is_read(project, table):
    table.write_bytes("\ufeffpath,label\r\na.jpg,boxer\r\n".encode())
    assert read_labels(project, table).changed == 1
