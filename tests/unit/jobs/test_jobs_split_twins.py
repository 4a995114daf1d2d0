"""Equal pictures in several parts of the data."""

from __future__ import annotations

from pathlib import Path

import pytest
from kept_runs import finished_run, keep, new_project, predictions_of

from petstudio.api.contributions import Split
from petstudio.api.control import RunControl
from petstudio.api.errors import RunCancelledError
from petstudio.engine.analysis.accuracy import Accuracy
from petstudio.jobs.results import read_result
from petstudio.jobs.split_twins import find_split_twins
from petstudio.project.project import Project

CONTENTS = ("one", "two", "two", "three", "four", "one")  # the last two are for testing


@pytest.fixture
def project(tmp_path: Path) -> Path:
    made = new_project(tmp_path)
    for place, content in enumerate(CONTENTS):
        (tmp_path / "pictures" / f"{place}.jpg").write_text(content)
    return made


def test_that_only_equal_pictures_of_several_splits_are_found(project: Path) -> None:
    found = find_split_twins(project, RunControl())
    assert [[record.id for record in group] for group in found.groups] == [[1, 6]]
    ids = {split: set(found.ids(split)) for split in Split}
    assert ids == {Split.TRAIN: set(), Split.VALID: {1}, Split.TEST: {6}}


def test_that_excluded_pictures_are_nobodys_twins(project: Path) -> None:
    with Project.open(project) as opened:
        opened.set_excluded([6], True)
    assert find_split_twins(project, RunControl()).groups == ()


def test_that_the_accuracy_without_them_is_counted(project: Path) -> None:
    run = finished_run(project)
    good, bad = (0.8, 0.1, 0.1), (0.1, 0.1, 0.8)
    keep(run, predictions_of([(1, 0, good), (2, 0, good), (3, 1, bad), (4, 1, bad)]))
    twins = find_split_twins(project, RunControl())
    found = twins.accuracy_without(read_result(project, run.number))
    assert found == Accuracy(correct=1, images=3)


def test_that_the_search_can_be_cancelled(project: Path) -> None:
    control = RunControl()
    control.cancel()
    with pytest.raises(RunCancelledError):
        find_split_twins(project, control)
