"""Stored predictions, judged by the labels of today."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from kept_runs import CLASSES, finished_run, keep, new_project, predictions_of

from petstudio.api.contributions import Split
from petstudio.api.errors import InputError, IntegrityError
from petstudio.engine.predictions import confusion
from petstudio.jobs.results import forget_results, read_result
from petstudio.project.project import Project
from petstudio.project.records import LabelOrigin, NewImage, RunFolder
from petstudio.project.snapshots import restore_snapshot

FOUR = (
    (1, 0, (0.7, 0.2, 0.1)),
    (2, 0, (0.1, 0.8, 0.1)),
    (3, 1, (0.2, 0.5, 0.3)),
    (4, 1, (0.0, 0.4, 0.6)),
)
IMPORTS = """
import sys
import petstudio.engine.predictions, petstudio.jobs.results
import petstudio.jobs.model_notes, petstudio.jobs.report, petstudio.jobs.split_twins
sys.exit("torch" in sys.modules)
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return new_project(tmp_path)


@pytest.fixture
def run(project: Path) -> RunFolder:
    made = finished_run(project)
    keep(made, predictions_of(FOUR))
    return made


def relabel(project: Path, key: int, label: str | None) -> None:
    with Project.open(project) as opened:
        opened.set_labels({key: label}, LabelOrigin.PERSON)


def test_that_results_are_read_without_torch() -> None:
    assert subprocess.run([sys.executable, "-c", IMPORTS], check=False).returncode == 0


def test_that_a_result_has_what_was_stored(project: Path, run: RunFolder) -> None:
    found = read_result(project, run.number)
    assert (found.number, found.name, found.classes) == (1, "first", CLASSES)
    assert found.predictions.keys.tolist() == [1, 2, 3, 4]
    assert np.array_equal(found.predictions.losses, predictions_of(FOUR).losses)
    assert found.picture(3) == found.root / "2.jpg"
    assert (found.left_out, found.missing) == (0, 0)


def test_that_a_new_label_counts_at_once(project: Path, run: RunFolder) -> None:
    relabel(project, 2, "Birman")
    found = read_result(project, run.number)
    assert confusion(found.predictions).tolist() == [[1, 0, 0], [0, 2, 1], [0, 0, 0]]
    assert found.predictions.losses[1] == pytest.approx(-np.log(0.8))
    assert found.records[2].label == "Birman"


def test_that_an_impossible_class_has_a_loss_all_the_same(project: Path, run: RunFolder) -> None:
    relabel(project, 4, "Beagle")
    assert np.isfinite(read_result(project, run.number).predictions.losses).all()


def test_that_an_undone_label_brings_the_stored_loss_back(project: Path, run: RunFolder) -> None:
    relabel(project, 2, "Birman")
    with Project.open(project) as opened:
        opened.undo()
    found = read_result(project, run.number)
    assert np.array_equal(found.predictions.losses, predictions_of(FOUR).losses)


@pytest.mark.parametrize("label", [None, "Poodle"])
def test_that_a_picture_without_a_known_class_is_left_out(
    project: Path, run: RunFolder, label: str | None
) -> None:
    relabel(project, 2, label)
    found = read_result(project, run.number)
    assert found.predictions.keys.tolist() == [1, 3, 4]
    assert (found.left_out, found.missing) == (1, 0)


def test_that_excluded_and_moved_pictures_are_left_out(project: Path, run: RunFolder) -> None:
    with Project.open(project) as opened:
        opened.set_excluded([1], True)
        opened.set_splits({4: Split.TRAIN})
    found = read_result(project, run.number)
    assert (sorted(found.records), found.left_out) == ([2, 3], 2)


def test_that_a_result_without_any_picture_left_is_empty(project: Path, run: RunFolder) -> None:
    with Project.open(project) as opened:
        opened.set_excluded([1, 2, 3, 4], True)
    found = read_result(project, run.number)
    assert (len(found.predictions), found.left_out) == (0, 4)


def test_that_pictures_that_came_later_are_missing(project: Path, run: RunFolder) -> None:
    with Project.open(project) as opened:
        opened.set_splits({5: Split.VALID})
    assert read_result(project, run.number).missing == 1


def test_that_a_split_has_predictions_of_its_own(project: Path, run: RunFolder) -> None:
    keep(run, predictions_of([(5, 2, (0.2, 0.2, 0.6)), (6, 2, (0.5, 0.2, 0.3))]), Split.TEST)
    assert read_result(project, None, Split.TEST).predictions.correct == 1
    assert read_result(project, None).predictions.correct == 2


def test_that_a_split_that_was_not_evaluated_is_refused(project: Path, run: RunFolder) -> None:
    with pytest.raises(InputError, match=r"not evaluated on the test pictures yet\. Evaluate it"):
        read_result(project, run.number, Split.TEST)


def test_that_predictions_of_another_model_are_not_believed(project: Path, run: RunFolder) -> None:
    keep(run, predictions_of([(1, 0, (0.5, 0.5))]))
    with pytest.raises(IntegrityError, match="Evaluate the run again"):
        read_result(project, run.number)


def test_that_the_predictions_of_a_replaced_model_are_forgotten(
    project: Path, run: RunFolder
) -> None:
    keep(run, predictions_of([(5, 2, (0.2, 0.2, 0.6))]), Split.TEST)
    forget_results(run)
    for split in (Split.VALID, Split.TEST):
        with pytest.raises(InputError, match="not evaluated"):
            read_result(project, run.number, split)
    assert run.model_path.is_file()


def test_that_the_reports_on_a_replaced_model_go_too(run: RunFolder) -> None:
    reports = [run.report_path, *(run.report_of(split, 4) for split in Split)]
    for report in (*reports, run.report_of(Split.TEST)):
        report.write_text("94 % right", encoding="utf-8")
    forget_results(run)
    assert list(run.path.glob("*.html")) == []
    assert run.model_path.is_file()


def test_that_a_new_picture_does_not_get_what_was_predicted_of_a_lost_one(project: Path) -> None:
    run = finished_run(project)
    with Project.open(project) as opened:
        opened.take_snapshot()
        (lost,) = opened.add_images([NewImage(path="lost.jpg", label="Birman", split=Split.VALID)])
    keep(run, predictions_of((*FOUR, (lost.id, 1, (0.1, 0.8, 0.1)))))
    (project / "project.db").write_bytes(b"damaged")
    restore_snapshot(project)
    with Project.open(project) as opened:
        opened.add_images([NewImage(path="new.jpg", label="Boxer", split=Split.VALID)])
    found = read_result(project, run.number)
    assert found.predictions.keys.tolist() == [1, 2, 3, 4]
    assert (found.left_out, found.missing) == (1, 1)
