"""Predictions as a table, the models that make them, and the pictures they are made of."""

import csv
import os
from pathlib import Path

import pytest
from kept_runs import CLASSES, finished_run, new_project, write_model

from petstudio.api.errors import InputError
from petstudio.api.events import TopClass
from petstudio.jobs.model_files import model_at, models_of
from petstudio.jobs.new_files import NewFiles
from petstudio.jobs.picture_sources import gather, validation_pictures
from petstudio.jobs.predicted import Predicted
from petstudio.jobs.result_table import write_results


def predicted(path, *top, reason=""):
    classes = tuple(TopClass(label=label, probability=share) for label, share in top)
    return Predicted(path=Path(path), top=classes, reason=reason)


@pytest.fixture
def model(tmp_path):
    write_model(tmp_path / "model.safetensors", fingerprint="0123456789abcdef0123")
    return model_at(tmp_path / "model.safetensors")


def written(tmp_path, model, *results, top=2, sure_from=0.5):
    file = tmp_path / "results.csv"
    count = write_results(file, results, model, top=top, sure_from=sure_from)
    with file.open(newline="", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) == count
    return rows


def test_that_a_row_holds_path_classes_probabilities_and_model(tmp_path, model):
    (row,) = written(tmp_path, model, predicted("/a/b.jpg", ("pug", 0.75), ("boxer", 0.25)))
    assert row == {
        "path": str(Path("/a/b.jpg")),
        "class_1": "pug",
        "probability_1": "0.750000",
        "class_2": "boxer",
        "probability_2": "0.250000",
        "error": "",
        "sure": "yes",
        "model": "model.safetensors",
        "data_fingerprint": "0123456789abcdef",
    }


def test_that_only_a_class_below_the_threshold_is_not_sure(tmp_path, model):
    results = [predicted("a", ("pug", 0.4)), predicted("b", ("pug", 0.5)), predicted("c")]
    rows = written(tmp_path, model, *results)
    assert [row["sure"] for row in rows] == ["no", "yes", ""]


def test_that_fewer_classes_than_columns_leave_cells_empty(tmp_path, model):
    rows = written(tmp_path, model, predicted("a", ("pug", 1.0)), top=5)
    assert (rows[0]["class_5"], rows[0]["error"]) == ("", "")


def test_that_what_cannot_be_read_has_its_reason(tmp_path, model):
    (row,) = written(tmp_path, model, predicted("a", reason="the file is empty"))
    assert (row["class_1"], row["error"]) == ("", "the file is empty")


@pytest.mark.parametrize(
    ("name", "cell"),
    [
        ("=1+1.jpg", "'=1+1.jpg"),
        ("<b>x</b>.jpg", "<b>x</b>.jpg"),
        ("\u202egpj.exe.jpg", "\\u202egpj.exe.jpg"),
        ("a\nb.jpg", "a\\nb.jpg"),
        (os.fsdecode(b"caf\xe9.jpg"), "caf\\udce9.jpg"),
    ],
)
def test_that_odd_names_stay_in_one_cell_that_no_spreadsheet_runs(tmp_path, model, name, cell):
    (row,) = written(tmp_path, model, predicted(name, ("=cmd()", 0.9)))
    assert (row["path"], row["class_1"]) == (cell, "'=cmd()")


def test_that_the_models_of_a_project_come_newest_first(tmp_path):
    project = new_project(tmp_path)
    for name in ("first", "second"):
        finished_run(project, name)
    assert [model.name for model in models_of(project)] == ["run 2, second", "run 1, first"]
    assert models_of(project)[0].info.classes == CLASSES


def test_that_a_run_without_a_readable_model_is_left_out(tmp_path):
    project = new_project(tmp_path)
    run = finished_run(project)
    run.model_path.write_bytes(b"nothing")
    assert models_of(project) == ()


def test_that_pictures_are_gathered_once_each_from_files_and_folders(tmp_path, pictures):
    first = pictures / "beagle_0.png"
    found = gather([first, pictures])
    assert found.files[0] == first
    assert len(found.files) == 3
    assert (found.title, found.folder) == ("2 files", None)


def test_that_one_folder_is_known_as_such(pictures):
    found = gather([pictures])
    assert (found.title, found.folder) == (pictures.name, pictures)


@pytest.mark.parametrize("paths", [[], [Path("none")]])
def test_that_nothing_to_predict_is_an_error(paths):
    with pytest.raises(InputError):
        gather(paths)


@pytest.fixture
def pictures(tmp_path):
    folder = tmp_path / "pets"
    folder.mkdir()
    for number in range(3):
        (folder / f"beagle_{number}.png").write_bytes(b"x" * (number + 1))
    return folder


def test_that_validation_pictures_are_spread_over_all(tmp_path):
    project = new_project(tmp_path)  # four of its six pictures
    found = validation_pictures(project, 2)
    assert [file.name for file in found.files] == ["0.jpg", "2.jpg"]
    assert found.title == "2 validation pictures"
    assert len(validation_pictures(project, 20).files) == 4


def test_that_a_new_file_is_told_once_when_it_has_stopped_growing(pictures):
    files = NewFiles(pictures, gather([pictures]).files)
    assert files.look() == ()
    new = pictures / "new.png"
    new.write_bytes(b"half")
    assert files.look() == ()
    new.write_bytes(b"half and half")
    assert files.look() == ()
    assert files.look() == (new,)
    assert files.look() == ()


def test_that_an_empty_file_is_not_told(pictures):
    files = NewFiles(pictures, gather([pictures]).files)
    (pictures / "empty.png").touch()
    assert [files.look(), files.look()] == [(), ()]


def test_that_an_empty_folder_can_be_watched(tmp_path):
    assert NewFiles(tmp_path).look() == ()


def test_that_a_folder_that_is_gone_is_said(tmp_path):
    with pytest.raises(InputError, match="is gone"):
        NewFiles(tmp_path / "none").look()
