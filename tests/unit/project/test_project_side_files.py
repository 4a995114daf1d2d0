"""Tags and suggestions: files beside the database, which may come from somebody else."""

from __future__ import annotations

import json

import numpy as np
import pytest
import safetensors.numpy

from petstudio.api.errors import InputError, IntegrityError
from petstudio.project.image_tags import load_tags, set_tag, toggle_tag
from petstudio.project.suggestions import (
    TOP,
    Suggestions,
    load_suggestions,
    save_suggestions,
    suggestions_of,
)

CLASSES = ("beagle", "pug", "birman")


@pytest.fixture
def stored(tmp_path) -> Suggestions:
    answers = [(5, [("pug", 0.7), ("beagle", 0.2), ("birman", 0.1)]),
               (2, [("birman", 0.5), ("pug", 0.4), ("beagle", 0.1)])]  # fmt: skip
    made = suggestions_of(3, CLASSES, answers)
    save_suggestions(tmp_path, made)
    return made


def test_that_tags_come_back_sorted_and_empty_ones_are_gone(tmp_path) -> None:
    set_tag(tmp_path, "night", [3, 1], is_on=True)
    set_tag(tmp_path, " blurry ", [1], is_on=True)
    set_tag(tmp_path, "night", [3, 1], is_on=False)
    set_tag(tmp_path, "zoom", [9], is_on=True)
    assert dict(load_tags(tmp_path)) == {"blurry": {1}, "zoom": {9}}
    assert list(load_tags(tmp_path)) == ["blurry", "zoom"]


def test_that_a_tag_is_taken_away_where_all_of_the_pictures_have_it_by_then(tmp_path) -> None:
    for expected in ({1, 3}, set(), {1, 3}):
        toggle_tag(tmp_path, " night", [3, 1])
        assert load_tags(tmp_path).get("night", set()) == expected
    toggle_tag(tmp_path, "night", [3, 4])
    assert load_tags(tmp_path)["night"] == {1, 3, 4}


@pytest.mark.parametrize("tag", ["", "  ", "x" * 41])
def test_that_an_impossible_tag_is_refused(tmp_path, tag) -> None:
    with pytest.raises(InputError):
        set_tag(tmp_path, tag, [1], is_on=True)


@pytest.mark.parametrize(
    "content",
    [
        "nonsense",
        "[1]",
        "[" * 5000,
        json.dumps({"schema_version": 2, "tags": {}}),
        json.dumps({"schema_version": 1, "tags": {"a": ["1"]}}),
        json.dumps({"schema_version": 1, "tags": {"a": [True]}}),
        json.dumps({"schema_version": 1, "tags": {"a\n": [1]}}),
        json.dumps({"schema_version": 1, "tags": {"a": []}}),
    ],
)
def test_that_a_damaged_file_of_tags_is_refused(tmp_path, content) -> None:
    (tmp_path / "tags.json").write_text(content)
    with pytest.raises(IntegrityError):
        load_tags(tmp_path)


def test_that_a_link_in_place_of_tags_is_not_followed(tmp_path) -> None:
    (tmp_path / "elsewhere").write_text(json.dumps({"schema_version": 1, "tags": {"a": [1]}}))
    (tmp_path / "tags.json").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(IntegrityError, match="leads elsewhere"):
        load_tags(tmp_path)


def test_that_suggestions_come_back_as_they_were(tmp_path, stored) -> None:
    found = load_suggestions(tmp_path)
    assert found is not None
    assert found.equals(stored)
    assert found.top(2) == ("birman", pytest.approx(0.5))
    assert [name for name, _ in found.all_of(5)] == ["pug", "beagle", "birman"]
    assert found.top(1) is None
    assert len(found) == 2


def test_that_a_project_without_suggestions_has_none(tmp_path) -> None:
    assert load_suggestions(tmp_path) is None


def test_that_no_more_than_a_few_classes_are_kept_of_a_picture(tmp_path) -> None:
    names = [f"class {number}" for number in range(20)]
    found = suggestions_of(1, names, [(1, [(name, 0.05) for name in names])])
    assert found.picks.shape == (1, TOP)


def test_that_no_picture_makes_no_trouble(tmp_path) -> None:
    save_suggestions(tmp_path, suggestions_of(1, CLASSES, []))
    found = load_suggestions(tmp_path)
    assert found is not None
    assert len(found) == 0


def _write(folder, **changes) -> None:
    tensors = {
        "keys": np.array([5, 2], dtype=np.int64),
        "picks": np.array([[1, 0, 2], [2, 1, 0]], dtype=np.int32),
        "shares": np.array([[0.7, 0.2, 0.1], [0.5, 0.4, 0.1]], dtype=np.float32),
    }
    facts = {"schema_version": "1", "run": "3", "classes": json.dumps(CLASSES)}
    for name, value in changes.items():
        (tensors if name in tensors else facts)[name] = value
    content = safetensors.numpy.save(tensors, metadata=facts)
    (folder / "suggestions.safetensors").write_bytes(content)


def test_that_what_these_tests_write_can_be_read(tmp_path, stored) -> None:
    _write(tmp_path)
    found = load_suggestions(tmp_path)
    assert found is not None
    assert found.equals(stored)


@pytest.mark.parametrize(
    "changes",
    [
        {"schema_version": "2"},
        {"run": "x"},
        {"classes": "[]"},
        {"classes": '["a", "b"]'},
        {"classes": '["a", "", "c"]'},
        {"classes": "[1, 2, 3]"},
        {"keys": np.array([5, 5], dtype=np.int64)},
        {"keys": np.array([5], dtype=np.int64)},
        {"keys": np.array([5, 2], dtype=np.int32)},
        {"picks": np.array([[1, 0, 3], [2, 1, 0]], dtype=np.int32)},
        {"picks": np.array([[1, 0, -1], [2, 1, 0]], dtype=np.int32)},
        {"shares": np.array([[0.7, 0.2, np.nan], [0.5, 0.4, 0.1]], dtype=np.float32)},
        {"shares": np.array([[0.1, 0.2, 0.1], [0.5, 0.4, 0.1]], dtype=np.float32)},
        {"shares": np.array([[0.9, 0.8, 0.1], [0.5, 0.4, 0.1]], dtype=np.float32)},
    ],
)
def test_that_damaged_suggestions_are_refused(tmp_path, changes) -> None:
    _write(tmp_path, **changes)
    with pytest.raises(IntegrityError):
        load_suggestions(tmp_path)


@pytest.mark.parametrize("content", [b"", b"x" * 100, b"\xff" * 9, b"\0" * 64])
def test_that_foreign_bytes_are_refused(tmp_path, content) -> None:
    (tmp_path / "suggestions.safetensors").write_bytes(content)
    with pytest.raises(IntegrityError):
        load_suggestions(tmp_path)


def test_that_a_class_that_was_renamed_is_suggested_by_its_new_name(stored) -> None:
    name, share = stored.renamed({"pug": "mops"}).top(5)
    assert (name, round(share, 6)) == ("mops", 0.7)


def test_that_two_classes_that_were_merged_are_suggested_as_one(stored) -> None:
    merged = stored.renamed({"pug": "dog", "beagle": "dog"})
    assert [(name, round(share, 6)) for name, share in merged.all_of(5)] == [
        ("dog", 0.9),
        ("birman", 0.1),
    ]
