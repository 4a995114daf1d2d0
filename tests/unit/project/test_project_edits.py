"""Edits, their sentences, undo and redo."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from petstudio.api.contributions import Split
from petstudio.api.errors import ConflictError, InputError, MachineError
from petstudio.project import changes
from petstudio.project.project import Project
from petstudio.project.records import Access, Edit, LabelOrigin

PERSON = LabelOrigin.PERSON
Action = Callable[[Project], Edit]


def test_that_a_label_is_there_after_reopening(project) -> None:
    project.set_labels({5: "Pug"}, PERSON)
    project.close()

    with Project.open(project.path) as again:
        record = again.images()[4]
        assert (record.label, record.origin) == ("Pug", PERSON)


def test_that_a_bulk_edit_is_one_step(project) -> None:
    before = project.images()

    project.set_labels(dict.fromkeys(range(1, 7), "Pug"), PERSON)
    project.undo()

    assert project.images() == before
    assert len(project.history()) == 1


def test_that_undo_after_reopening_brings_back_label_and_origin(project) -> None:
    before = project.images()
    project.set_labels({1: "Pug", 5: "Pug"}, PERSON)
    project.close()

    with Project.open(project.path) as again:
        assert again.undo() is not None
        assert again.images() == before


def test_that_redo_after_reopening_does_it_again(project) -> None:
    project.set_splits({1: Split.TEST, 2: Split.TEST})
    after = project.images()
    project.undo()
    project.close()

    with Project.open(project.path) as again:
        edit = again.redo()
        assert again.images() == after
        assert edit == again.history()[0]


def test_that_there_is_nothing_to_undo_or_redo_in_a_new_project(project) -> None:
    assert project.undo() is None
    assert project.redo() is None


def test_that_undo_goes_back_one_edit_at_a_time(project) -> None:
    project.set_labels({1: "A"}, PERSON)
    project.set_labels({1: "B"}, PERSON)

    project.undo()
    assert project.images()[0].label == "A"
    project.undo()
    assert project.images()[0].label == "Birman"


def test_that_a_new_edit_drops_what_was_undone(project) -> None:
    project.set_labels({1: "A"}, PERSON)
    project.set_labels({1: "B"}, PERSON)
    project.undo()

    project.set_labels({1: "C"}, PERSON)

    assert [edit.what for edit in project.history()] == ["Label 1 image as A", "Label 1 image as C"]
    assert project.redo() is None
    project.undo()
    assert project.images()[0].label == "A"


def test_that_history_tells_what_is_undone(project) -> None:
    first = project.set_labels({1: "A"}, PERSON)
    second = project.set_labels({1: "B"}, PERSON)

    undone = project.undo()

    assert undone is not None
    assert undone.undone
    assert project.history() == (first, undone)
    assert (undone.id, undone.what) == (second.id, second.what)


def test_that_renaming_a_class_keeps_who_labelled(project) -> None:
    edit = project.rename_class("Birman", "Sacred Birman")

    assert edit.what == "Rename class Birman to Sacred Birman"
    assert project.classes() == ("Beagle", "Sacred Birman")
    assert project.images()[0].origin is LabelOrigin.LOADER


def known_renames(project: Project) -> list[tuple[str, str]]:
    return [(rename.old, rename.new) for rename in project.renames()]


def test_that_renames_are_known_from_the_history(project) -> None:
    project.rename_class("Birman", "Sacred Birman")
    project.set_labels({1: "Beagle"}, PERSON)
    project.rename_class("Sacred Birman", "Beagle")
    assert known_renames(project) == [("Birman", "Sacred Birman"), ("Sacred Birman", "Beagle")]


def test_that_a_rename_that_was_taken_back_is_none_until_it_is_done_again(project) -> None:
    project.rename_class("Birman", "Sacred Birman")
    project.undo()
    assert known_renames(project) == []
    project.redo()
    assert known_renames(project) == [("Birman", "Sacred Birman")]


def test_that_renames_are_known_whatever_their_sentences_say(project, monkeypatch) -> None:
    sentences = changes.rename

    def in_german(*names: Any) -> changes.Change:
        return replace(sentences(*names), what="Klasse umbenennen")

    monkeypatch.setattr(changes, "rename", in_german)
    project.rename_class("Birman", "Heilige Birma")
    assert known_renames(project) == [("Birman", "Heilige Birma")]


def test_that_an_edit_in_the_place_of_a_rename_that_was_undone_is_none(project) -> None:
    project.rename_class("Birman", "Sacred Birman")
    project.undo()
    project.set_labels({1: "Beagle"}, PERSON)
    assert known_renames(project) == []


def test_that_labelling_all_pictures_of_a_class_is_no_rename(project) -> None:
    project.set_labels({1: "Beagle", 2: "Beagle"}, PERSON)
    assert known_renames(project) == []


def test_that_undoing_a_merge_takes_the_classes_apart_again(project) -> None:
    edit = project.rename_class("Birman", "Beagle")
    assert project.classes() == ("Beagle",)
    assert edit.what == "Merge class Birman into Beagle"

    project.undo()

    assert [image.label for image in project.images()[:4]] == ["Birman"] * 2 + ["Beagle"] * 2


@pytest.mark.parametrize(
    ("act", "sentence"),
    [
        (lambda p: p.set_labels({1: "Pug", 2: "Pug", 3: "Pug"}, PERSON), "Label 3 images as Pug"),
        (lambda p: p.set_labels({1: "Pug", 2: "Boxer"}, PERSON), "Label 2 images"),
        (lambda p: p.set_labels({1: None}, LabelOrigin.LOADER), "Remove the label of 1 image"),
        (lambda p: p.set_labels({1: None}, PERSON), "Mark 1 image as none of the classes"),
        (lambda p: p.set_splits({1: Split.TEST}), "Move 1 image to test"),
        (lambda p: p.set_splits({1: Split.TEST, 2: Split.TRAIN}), "Change splits of 2 images"),
        (lambda p: p.set_excluded([1, 2], True), "Exclude 2 images"),
        (lambda p: p.set_excluded([1], False), "Include 1 image"),
        (lambda p: p.set_labels({1: "a\nb"}, PERSON), "Label 1 image as a\\nb"),
        (lambda p: p.set_labels({1: "x" * 99}, PERSON), f"Label 1 image as {'x' * 59}…"),
    ],
)
def test_that_an_edit_says_what_it_does(project, act: Action, sentence: str) -> None:
    assert act(project).what == sentence


@pytest.mark.parametrize(
    ("act", "why"),
    [
        (lambda p: p.set_labels({99: "Pug"}, PERSON), "no image number 99"),
        (lambda p: p.set_splits({0: Split.TRAIN}), "no image number 0"),
        (lambda p: p.set_excluded([-1], True), "no image number -1"),
        (lambda p: p.set_labels({}, PERSON), "No image is chosen"),
        (lambda p: p.set_labels({1: ""}, PERSON), "cannot be empty"),
        (lambda p: p.set_labels({1: " \t"}, PERSON), "cannot be empty"),
        (lambda p: p.set_labels({1: "x" * 201}, PERSON), "200 characters"),
        (lambda p: p.rename_class("Lynx", "Pug"), "no class “Lynx”"),
        (lambda p: p.rename_class("Birman", "Birman"), "called “Birman” already"),
        (lambda p: p.rename_class("Birman", " "), "cannot be empty"),
    ],
)
def test_that_a_wrong_edit_is_refused_and_changes_nothing(project, act: Action, why: str) -> None:
    before = project.images()

    with pytest.raises(InputError, match=why):
        act(project)

    assert project.images() == before
    assert project.history() == ()


def test_that_a_project_open_for_reading_refuses_edits(closed_project) -> None:
    with (
        Project.open(closed_project, Access.READ) as project,
        pytest.raises(ConflictError, match="read-only"),
    ):
        project.set_labels({1: "Pug"}, PERSON)


def test_that_a_failed_transaction_leaves_memory_and_disk_as_they_were(
    project, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = project.images()

    def fail(_: object) -> None:
        raise OSError(5, "Input/output error")

    with monkeypatch.context() as patch:
        patch.setattr(project._contents.images, "write", fail)
        with pytest.raises(OSError, match="Input/output"):
            project.set_labels({1: "Pug"}, PERSON)

    assert project.images() == before
    assert project.history() == ()
    project.close()
    with Project.open(project.path, Access.READ) as again:
        assert again.images() == before


def test_that_a_full_disk_keeps_what_was_saved(project) -> None:
    database = project._opened.database
    [(pages,)] = database.rows("PRAGMA page_count")
    database.rows(f"PRAGMA max_page_count={pages}")

    with pytest.raises(MachineError, match="The disk is full"):
        _label_for_ever(project)

    saved = project.images()
    assert saved[0].label == project.history()[-1].what.removeprefix("Label 1 image as ")
    project.close()
    with Project.open(project.path) as again:
        assert again.images() == saved


def _label_for_ever(project: Project) -> None:
    for number in itertools.count():
        project.set_labels({1: f"{number}"}, PERSON)


_IDS = st.integers(1, 5)
_LABELS = st.sampled_from(["a", "b", "c", "\N{CAT FACE}", None])
_EDITS: st.SearchStrategy[Action] = st.one_of(
    st.builds(
        lambda labels, origin: lambda project: project.set_labels(labels, origin),
        st.dictionaries(_IDS, _LABELS, min_size=1),
        st.sampled_from([LabelOrigin.LOADER, PERSON, LabelOrigin.SUGGESTION]),
    ),
    st.builds(
        lambda splits: lambda project: project.set_splits(splits),
        st.dictionaries(_IDS, st.sampled_from(Split), min_size=1),
    ),
    st.builds(
        lambda ids, excluded: lambda project: project.set_excluded(ids, excluded),
        st.sets(_IDS, min_size=1),
        st.booleans(),
    ),
    st.builds(
        lambda new: lambda project: _rename_first_class(project, new), st.sampled_from("abcd")
    ),
    st.just(lambda project: project.undo()),
    st.just(lambda project: project.redo()),
)


def _rename_first_class(project: Project, new: str) -> None:
    labels = [image.label for image in project.images() if image.label not in (None, new)]
    if labels:
        project.rename_class(labels[0], new)


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(edits=st.lists(_EDITS, max_size=8))
def test_that_undoing_all_restores_the_start_and_redoing_all_the_end(
    closed_project: Path, edits: list[Action]
) -> None:
    with Project.open(closed_project) as project:
        while project.undo():
            pass
        start = project.images()
        for edit in edits:
            edit(project)
        while project.redo():
            pass
        end = project.images()
        while project.undo():
            pass
        assert project.images() == start
    with Project.open(closed_project) as again:
        assert again.images() == start
        while again.redo():
            pass
        assert again.images() == end
