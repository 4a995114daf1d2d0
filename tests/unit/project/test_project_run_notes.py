"""Names, tags, notes and pins of runs, and the baseline."""

from __future__ import annotations

import json

import pytest

from petstudio.api.errors import ConflictError, InputError, IntegrityError
from petstudio.config.recipe import Recipe
from petstudio.project.project import Project
from petstudio.project.records import Access
from petstudio.project.run_notes import RunNotes, tags_in, tags_line
from petstudio.project.table_rows import put_meta

NOTES = RunNotes(tags=("tutorial", "too hot"), note="after 9 relabels\nlook again", is_pinned=True)


@pytest.fixture
def trained(project) -> Project:
    project.new_run(Recipe(), "head only")
    project.new_run(Recipe(), "all layers")
    return project


def test_that_nothing_is_noted_at_first(trained) -> None:
    assert trained.run_notes.all() == {}
    assert trained.run_notes.baseline is None


def test_that_notes_are_there_after_opening_again(trained) -> None:
    trained.run_notes.write(2, NOTES)
    trained.run_notes.choose_baseline(1)
    trained.close()

    with Project.open(trained.path, Access.READ) as again:
        assert again.run_notes.all() == {2: NOTES}
        assert again.run_notes.baseline == 1


def test_that_a_run_is_called_otherwise_and_keeps_its_folder(trained) -> None:
    before = trained.run(2).folder.path

    trained.rename_run(2, "  all layers, <b>one</b> rate\n")

    assert trained.run(2).name == "all layers, <b>one</b> rate"
    assert trained.run(2).folder.path == before


@pytest.mark.parametrize("name", ["", "   ", "x" * 201])
def test_that_a_run_has_a_name_that_can_be_shown(trained, name: str) -> None:
    with pytest.raises(InputError, match="1 to 200 characters"):
        trained.rename_run(1, name)

    assert trained.run(1).name == "head only"


def test_that_tags_are_cleaned_and_each_is_there_once(trained) -> None:
    trained.run_notes.write(1, RunNotes(tags=(" hot ", "hot", "", "a\tb")))

    assert trained.run_notes.all()[1].tags == ("hot", "a\\tb")


@pytest.mark.parametrize(
    ("notes", "why"),
    [
        (RunNotes(tags=("x" * 41,)), "40 characters"),
        (RunNotes(tags=tuple(f"{n}" for n in range(21))), "20 tags"),
        (RunNotes(note="x" * 4001), "4,000 characters"),
    ],
)
def test_that_what_is_too_long_is_refused_with_the_limit(trained, notes, why: str) -> None:
    with pytest.raises(InputError, match=why):
        trained.run_notes.write(1, notes)

    assert trained.run_notes.all() == {}


def test_that_nothing_is_noted_of_a_run_that_is_not_there(trained) -> None:
    with pytest.raises(InputError, match="There is no run 5"):
        trained.run_notes.write(5, NOTES)
    with pytest.raises(InputError, match="There is no run 5"):
        trained.run_notes.choose_baseline(5)


def test_that_a_project_open_for_reading_takes_no_notes(trained) -> None:
    trained.close()

    with Project.open(trained.path, Access.READ) as looked_at:
        for change in (
            lambda: looked_at.run_notes.write(1, NOTES),
            lambda: looked_at.run_notes.choose_baseline(1),
            lambda: looked_at.rename_run(1, "other"),
        ):
            with pytest.raises(ConflictError, match="read-only"):
                change()


def test_that_notes_come_back_with_a_run_out_of_the_trash(trained) -> None:
    trained.run_notes.write(2, NOTES)
    trained.run_notes.choose_baseline(2)
    trained.trash_run(2)
    assert trained.run_notes.baseline is None

    trained.restore_run(2)

    assert trained.run_notes.all() == {2: NOTES}
    assert trained.run_notes.baseline == 2


def test_that_notes_go_with_a_run_that_is_gone_for_good(trained) -> None:
    trained.run_notes.write(2, NOTES)
    trained.trash_run(2)
    trained.empty_trash()

    assert trained.run_notes.all() == {}


@pytest.mark.parametrize(
    "damage",
    [
        {"runs.notes.1": "{"},
        {"runs.notes.1": "[]"},
        {"runs.notes.1": json.dumps({"tags": "no list"})},
        {"runs.notes.1": json.dumps({"note": "x" * 4001})},
        {"runs.notes.1": json.dumps({"run": "rm"})},
        {"runs.notes.one": json.dumps({})},
    ],
)
def test_that_notes_of_another_form_are_one_sentence(trained, damage: dict[str, str]) -> None:
    database = trained._opened.database
    with database.transaction():
        put_meta(database, damage)
    trained.close()

    with pytest.raises(
        IntegrityError, match=r"The meta in pets\.petstudio/project\.db are damaged"
    ):
        Project.open(trained.path)


def test_that_tags_are_written_with_commas() -> None:
    assert tags_in(" hot, ,too  hot,") == ("hot", "too  hot")
    assert tags_line(("hot", "cold")) == "hot, cold"
