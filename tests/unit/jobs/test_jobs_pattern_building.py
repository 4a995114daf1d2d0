"""Patterns made by choosing parts of a name find the same parts in other names."""

from __future__ import annotations

from pathlib import Path

import pytest

from petstudio.api import Place, from_mapping
from petstudio.jobs.pattern_building import (
    GROUP,
    LABEL,
    Choice,
    Span,
    build_pattern,
    parts_of,
    span_of_group,
)
from petstudio.plugins.regex_labels import PatternOptions, read_by_pattern


def texts(path):
    return [part.text for part in parts_of(path)]


def span(path, *chosen):
    """Return the span from the first to the last of these texts."""
    places = [texts(path).index(text) for text in chosen]
    return Span(first=min(places), last=max(places))


def found(options, *paths):
    place = Place(root=Path("nowhere"), files=paths)
    labels = read_by_pattern(from_mapping(PatternOptions, options), place)
    return [(label.label, label.group) for label in labels]


def test_that_a_name_is_cut_into_words_numbers_signs_and_its_suffix():
    assert texts("a/Maine_Coon-12.v2.jpg") == [
        "a", "/", "Maine", "_", "Coon", "-", "12", ".", "v", "2", ".jpg",
    ]  # fmt: skip


def test_that_one_chosen_word_finds_classes_of_several_words():
    sample = "Birman_12.jpg"
    options = build_pattern(parts_of(sample), Choice(label=span(sample, "Birman")))
    assert options["match"] == "name"
    assert found(options, sample, "x/Maine_Coon_3.JPEG", "cat.jpg") == [
        ("Birman", None), ("Maine_Coon", None), (None, None),
    ]  # fmt: skip


def test_that_a_word_in_the_middle_is_found_behind_what_stands_before_it():
    sample = "IMG_2031-cat.jpg"
    options = build_pattern(parts_of(sample), Choice(label=span(sample, "cat")))
    assert found(options, sample, "DSC_7-dog.png") == [("cat", None), ("dog", None)]


def test_that_a_chosen_folder_is_found_at_any_depth():
    sample = "photos/cat/12.jpg"
    options = build_pattern(parts_of(sample), Choice(label=span(sample, "cat")))
    assert options["match"] == "path"
    names = (sample, "dog/7.jpg", "a/b/maine coon/1.jpg")
    assert [label for label, _ in found(options, *names)] == ["cat", "dog", "maine coon"]


def test_that_a_second_part_keeps_pictures_together():
    sample = "rex_dog_12.jpg"
    choice = Choice(label=span(sample, "dog"), group=span(sample, "rex"))
    options = build_pattern(parts_of(sample), choice)
    assert found(options, sample, "minka_cat_1.jpg") == [("dog", "rex"), ("cat", "minka")]


def test_that_a_chosen_number_stays_a_number():
    sample = "scan_07_3.png"
    options = build_pattern(parts_of(sample), Choice(label=span(sample, "07")))
    assert found(options, "scan_12_9.png", "scan_x_9.png") == [("12", None), (None, None)]


def test_that_signs_with_a_meaning_are_taken_as_themselves():
    sample = "cat (1)+[2].jpg"
    options = build_pattern(parts_of(sample), Choice(label=span(sample, "cat")))
    assert found(options, sample, "cat 11.jpg") == [("cat", None), (None, None)]


@pytest.mark.parametrize(
    ("pattern", "name", "shown"),
    [
        (r"^(?P<label>.+)_\d+", LABEL, "(?P<label>.+)"),
        (r"([^/]+)_\d+.jpg$", LABEL, "([^/]+)"),
        (r"(?P<group>\w+)_(?P<label>a(?:b|c)\))x", LABEL, r"(?P<label>a(?:b|c)\))"),
        (r"(?P<group>\w+)_(?P<label>.+)", GROUP, r"(?P<group>\w+)"),
        (r"[()]+(x)", LABEL, "(x)"),
        (r"[^])(]+(x)", LABEL, "(x)"),
    ],
)
def test_that_the_brackets_of_a_group_are_found(pattern, name, shown):
    start, end = span_of_group(pattern, name)
    assert pattern[start:end] == shown


@pytest.mark.parametrize("pattern", ["", "(", "(?P<label>", "(a)(b)", "(?:a)", "a)", "[", "\\"])
def test_that_a_pattern_without_a_class_has_no_brackets_of_one(pattern):
    assert span_of_group(pattern, LABEL) is None
