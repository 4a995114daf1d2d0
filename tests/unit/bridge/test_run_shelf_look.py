"""What the Runs page reads of a project: rows, curves, differences, comparisons."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
from kept_runs import write_model
from told_runs import ALL, HEAD, IMAGES, new_project, told_run

from petstudio.api.errors import InputError
from petstudio.bridge.run_comparison import ComparedPart, ComparedPictures, compare_runs
from petstudio.bridge.run_curves import curves_of
from petstudio.bridge.run_differences import differences_between, facts_of
from petstudio.bridge.run_row import ShelfSeen, family_of
from petstudio.bridge.run_shelf_look import look_at_shelf
from petstudio.config.recipe import Recipe
from petstudio.project.project import Project
from petstudio.project.run_notes import RunNotes


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Run 1, run 2 that goes on from it and is better, run 3 that is worse."""
    made = new_project(tmp_path)
    with Project.open(made) as opened:
        told_run(opened, "head only", [(0.6, 0.5), (0.4, 0.6), (0.3, 0.75)], wrong=(1, 2, 3))
        told_run(opened, "all layers", [(0.25, 0.8), (0.2, 0.9)], recipe=ALL, wrong=(3,))
        told_run(opened, "too hot", [(math.nan, 0.1)], wrong=(1, 2, 3, 4, 5, 6))
    return made


@pytest.fixture
def seen(project: Path) -> ShelfSeen:
    return look_at_shelf(project, {})


def row(seen: ShelfSeen, number: int):
    found = seen.row(number)
    assert found is not None
    return found


def test_that_a_row_tells_result_interval_length_and_room(seen) -> None:
    first = row(seen, 1)

    assert (first.title, first.stages, len(first.data)) == ("1  head only", "3 × 3e-3", 4)
    assert first.accuracy_text == "75.0 % ± 22.2"
    assert (first.figures.loss, first.figures.seconds) == (0.3, 6.0)
    assert first.other_metrics == "top-k 1.000"
    assert first.figures.size == sum(
        path.stat().st_size for path in first.folder.path.rglob("*") if path.is_file()
    )


def test_that_the_best_run_and_changes_against_the_baseline_are_known(project) -> None:
    with Project.open(project) as opened:
        opened.run_notes.choose_baseline(1)
    seen = look_at_shelf(project, {})

    assert seen.best == row(seen, 2)
    assert seen.change(row(seen, 2)) == pytest.approx(100 * 2 / IMAGES)
    assert seen.change(row(seen, 3)) == pytest.approx(-100 * 3 / IMAGES)


def test_that_without_a_baseline_there_is_no_change(seen) -> None:
    assert math.isnan(seen.change(row(seen, 2)))


def test_that_figures_of_files_that_are_the_same_are_not_read_again(seen, project) -> None:
    known = {found.folder.path: found.figures for found in seen.rows}
    log = row(seen, 3).folder.events_path
    log.write_bytes(log.read_bytes() + b"\n")

    again = look_at_shelf(project, known)

    assert [a.figures is b.figures for a, b in zip(seen.rows, again.rows, strict=True)] == [
        True,
        True,
        False,
    ]


def test_that_a_run_without_a_readable_log_and_recipe_is_still_listed(seen, project) -> None:
    folder = row(seen, 2).folder
    folder.events_path.write_bytes(
        b'{"event": "RunFinished"\n{"event": "EvaluationFinished"}\n\xff'
    )
    folder.recipe_path.write_text("rate = [", encoding="utf-8")

    damaged = row(look_at_shelf(project, {}), 2)

    assert (damaged.stages, damaged.figures.images) == ("", 0)
    assert math.isnan(damaged.figures.seconds)


def test_that_runs_in_the_trash_are_told_apart(project) -> None:
    with Project.open(project) as opened:
        opened.trash_run(3)
    seen = look_at_shelf(project, {})

    assert [found.number for found in seen.rows] == [1, 2]
    assert [run.number for run in seen.trashed] == [3]
    assert seen.trash_size > 0


def test_that_the_filter_looks_through_name_tags_note_and_settings(project) -> None:
    with Project.open(project) as opened:
        opened.run_notes.write(1, RunNotes(tags=("Tutorial",), note="Look\nagain"))
    words = row(look_at_shelf(project, {}), 1).words

    for wanted in ("head only", "tutorial", "again", "model.architecture=resnet34", "seed=42"):
        assert wanted in words


def test_that_a_family_is_a_run_with_its_origin_and_all_that_came_of_it(seen) -> None:
    assert [run.number for run in family_of(seen, row(seen, 2))] == [1, 2]
    assert [run.number for run in family_of(seen, row(seen, 3))] == [3]
    assert seen.children(1) == (2,)


def test_that_the_curve_of_a_branch_begins_where_it_left_its_origin(seen) -> None:
    first, branch = curves_of(seen, (1, 2))

    assert [(point.epoch, point.loss) for point in first.points] == [(1, 0.6), (2, 0.4), (3, 0.3)]
    assert [(point.epoch, point.loss) for point in branch.points] == [(3, 0.3), (4, 0.25), (5, 0.2)]


def test_that_a_curve_of_a_run_that_is_gone_is_left_out(seen) -> None:
    assert [curve.number for curve in curves_of(seen, (9, 3))] == [3]


def test_that_only_what_is_different_is_listed(seen) -> None:
    found = differences_between(facts_of(row(seen, 1)), facts_of(row(seen, 2)))

    assert [(d.what, d.there, d.here) for d in found.differences] == [
        ("Starts from", "none", "1:stage-1"),
        ("Stage 1, name", "head", "all"),
        ("Stage 1, epochs", "3", "2"),
        ("Stage 1, trainable", "head", "all"),
        ("Stage 1, rate", "3e-3", "1e-6, 1e-4"),
    ]
    assert found.same > 10


def test_that_a_run_is_not_different_from_one_like_it(project) -> None:
    with Project.open(project) as opened:
        told_run(opened, "head only, again", [(0.5, 0.5)])
    seen = look_at_shelf(project, {})

    assert differences_between(facts_of(row(seen, 1)), facts_of(row(seen, 4))).differences == ()


def test_that_data_that_changed_between_two_runs_is_a_difference(project) -> None:
    with Project.open(project) as opened:
        opened.set_excluded([1], True)
        told_run(opened, "after a fix", [(0.5, 0.5)])
    seen = look_at_shelf(project, {})

    found = differences_between(facts_of(row(seen, 1)), facts_of(row(seen, 4)))

    assert [d.what for d in found.differences] == ["Data", "Validation pictures"]
    assert found.differences[0].there == row(seen, 1).data


def test_that_another_version_of_the_program_is_a_difference(project, seen) -> None:
    write_model(row(seen, 1).folder.model_path, versions={"torch": "2.1", "petstudio": "0.1"})
    write_model(row(seen, 3).folder.model_path, versions={"torch": "2.2", "petstudio": "0.1"})

    found = differences_between(facts_of(row(seen, 1)), facts_of(row(seen, 3)))

    assert [d.spoken for d in found.differences] == ["Version of torch: 2.1 became 2.2"]


def test_that_a_stage_that_only_one_run_has_is_one_difference(project) -> None:
    two = Recipe(stages=(*HEAD.stages, *ALL.stages))
    with Project.open(project) as opened:
        told_run(opened, "both stages", [(0.5, 0.5)], recipe=two)
    seen = look_at_shelf(project, {})

    found = differences_between(facts_of(row(seen, 1)), facts_of(row(seen, 4)))

    assert [d.spoken for d in found.differences] == ["Stage 2: none became all, 2, all, 1e-6, 1e-4"]


def test_that_two_runs_are_compared_picture_by_picture(project) -> None:
    compared = compare_runs(project, 1, 2)

    assert compared.keys(ComparedPart.FIXED) == (1, 2)
    assert compared.keys(ComparedPart.BROKEN) == ()
    assert compared.keys(ComparedPart.BOTH_WRONG) == (3,)
    assert len(compared.keys(ComparedPart.BOTH_RIGHT)) == IMAGES - 3


def test_that_a_compared_picture_says_what_both_runs_took_it_for(project) -> None:
    pictures = ComparedPictures(compare_runs(project, 1, 2), ComparedPart.FIXED)
    picture = pictures[0]

    assert (len(pictures), pictures.key_at(0), pictures.row_of(2)) == (2, 1, 1)
    assert picture.path.is_file()
    assert (picture.title, picture.subtitle, picture.subnote) == (
        "Beagle",
        "1: Birman 80.0 %",
        "2: Beagle 80.0 %",
    )


def test_that_a_run_without_predictions_cannot_be_compared(project, seen) -> None:
    row(seen, 2).folder.predictions_path.unlink()

    with pytest.raises(InputError, match="Run 2 was not evaluated"):
        compare_runs(project, 1, 2)
