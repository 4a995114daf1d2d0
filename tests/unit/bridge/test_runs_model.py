"""The table of runs: order, filter, ticks."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from petstudio.bridge.run_columns import COLUMNS, RunColumn
from petstudio.bridge.run_row import RunFigures, RunRow, ShelfSeen
from petstudio.bridge.run_view import RunEnd, RunView
from petstudio.bridge.runs_model import MOST_TICKED, RunsModel
from petstudio.project.records import RunFolder
from petstudio.project.run_notes import RunNotes

FALLING, RISING = Qt.SortOrder.DescendingOrder, Qt.SortOrder.AscendingOrder
BEGUN = datetime(2026, 11, 27, 12, tzinfo=UTC)


def made_row(number: int, accuracy: float = math.nan, **notes: object) -> RunRow:
    is_done = math.isfinite(accuracy)
    return RunRow(
        view=RunView(
            number=number,
            name=f"name {chr(96 + number)}",
            end=RunEnd.DONE if is_done else RunEnd.STOPPED,
            accuracy=accuracy,
        ),
        folder=RunFolder(number=number, name="x", path=Path(f"{number}-x")),
        started=BEGUN + timedelta(hours=number),
        fingerprint="d3f1c0",
        figures=RunFigures(
            stamp=(), settings={"seed": str(number)}, size=1000 * number, seconds=60.0 / number
        ),
        notes=RunNotes(**notes),  # type: ignore[arg-type]
    )


ROWS = (made_row(1, 0.9), made_row(2), made_row(3, 0.8, tags=("hot",)), made_row(4, 0.95))


@pytest.fixture
def model(qapp) -> RunsModel:
    made = RunsModel()
    made.show_runs(ShelfSeen(rows=ROWS, baseline=1))
    return made


def numbers(model: RunsModel) -> list[int]:
    rows = (model.row_at(line) for line in range(model.rowCount()))
    return [row.number for row in rows if row is not None]


def text(model: RunsModel, number: int, column: RunColumn) -> object:
    line = model.line_of(number)
    assert line is not None
    return model.index(line, column).data()


def test_that_the_newest_run_is_first(model) -> None:
    assert numbers(model) == [4, 3, 2, 1]


@pytest.mark.parametrize(
    ("column", "order", "expected"),
    [
        (RunColumn.RUN, RISING, [1, 2, 3, 4]),
        (RunColumn.ACCURACY, FALLING, [4, 1, 3, 2]),
        (RunColumn.ACCURACY, RISING, [3, 1, 4, 2]),
        (RunColumn.CHANGE, FALLING, [4, 1, 3, 2]),
        (RunColumn.TIME, RISING, [4, 3, 2, 1]),
        (RunColumn.SIZE, RISING, [1, 2, 3, 4]),
        (RunColumn.TAGS, RISING, [3, 4, 2, 1]),
        (RunColumn.WHEN, RISING, [1, 2, 3, 4]),
    ],
)
def test_that_a_column_orders_by_its_value_and_runs_without_one_are_last(
    model, column, order, expected
) -> None:
    model.sort(column, order)

    assert numbers(model) == expected


def test_that_pinned_runs_stay_at_the_top_in_every_order(model) -> None:
    model.show_runs(ShelfSeen(rows=(*ROWS, made_row(5, 0.1, is_pinned=True))))

    for order in (RISING, FALLING):
        model.sort(RunColumn.ACCURACY, order)
        assert numbers(model)[0] == 5


def test_that_every_word_of_the_filter_has_to_occur(model) -> None:
    model.filter_by("NAME hot")
    assert numbers(model) == [3]

    model.filter_by("seed=2")
    assert numbers(model) == [2]

    model.filter_by("seed=2 hot")
    assert numbers(model) == []


def test_that_changes_have_a_sign_and_the_baseline_its_name(model) -> None:
    assert text(model, 4, RunColumn.CHANGE) == "+5.0"
    assert text(model, 3, RunColumn.CHANGE) == "−10.0"
    assert text(model, 1, RunColumn.CHANGE) == "baseline"
    assert text(model, 2, RunColumn.CHANGE) == ""


def test_that_a_run_without_a_result_says_how_it_ended(model) -> None:
    assert text(model, 2, RunColumn.ACCURACY) == "stopped"


def test_that_ticks_take_the_first_free_series_and_give_it_back(model) -> None:
    told = []
    model.ticks_changed.connect(lambda: told.append(model.ticked))

    for number in (2, 4, 1):
        assert model.tick(number, True)
    model.tick(4, False)
    model.tick(3, True)

    assert [model.series_of(number) for number in (2, 3, 1, 4)] == [0, 1, 2, None]
    assert told == [(2,), (2, 4), (2, 4, 1), (2, 1), (2, 3, 1)]


def test_that_no_more_runs_are_ticked_than_there_are_colours(model) -> None:
    rows = tuple(made_row(number) for number in range(1, MOST_TICKED + 2))
    model.show_runs(ShelfSeen(rows=rows))

    ticked = [model.tick(row.number, True) for row in rows]

    assert ticked == [True] * MOST_TICKED + [False]


def test_that_ticks_stay_when_the_runs_are_looked_at_again_and_go_with_a_run(model) -> None:
    model.tick(4, True)
    model.tick(3, True)

    model.show_runs(ShelfSeen(rows=ROWS[:3]))

    assert model.ticked == (3,)
    assert model.series_of(3) == 1


def test_that_a_tick_can_be_set_as_screen_readers_do(model) -> None:
    index = model.index(0, RunColumn.TICK)
    assert index.flags() & Qt.ItemFlag.ItemIsUserCheckable

    model.setData(index, Qt.CheckState.Checked.value, Qt.ItemDataRole.CheckStateRole.value)

    assert model.ticked == (4,)
    assert index.data(Qt.ItemDataRole.CheckStateRole) == Qt.CheckState.Checked


def test_that_every_column_says_something_of_every_run(model) -> None:
    for column, look in COLUMNS.items():
        for row in ROWS:
            assert isinstance(look.text(ShelfSeen(rows=ROWS), row), str), column
