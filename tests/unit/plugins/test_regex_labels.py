from __future__ import annotations

from pathlib import Path

import pytest

from petstudio.api import ImageLabel, InputError, OptionError, Place, from_mapping
from petstudio.plugins.regex_labels import PatternOptions, read_by_pattern

TUTORIAL = r"([^/]+)_\d+\.jpg$"


def read(*files: str, **options: object) -> list[ImageLabel]:
    place = Place(root=Path("nowhere"), files=files)
    return list(read_by_pattern(from_mapping(PatternOptions, options), place))


def labels(*files: str, **options: object) -> list[str | None]:
    return [label.label for label in read(*files, **options)]


def test_that_the_default_pattern_reads_names_with_a_number():
    names = ("tabby_cat_17.jpg", "dir/Bengal_1.PNG", "cat.jpg", "cat_x.jpg")
    assert labels(*names) == ["tabby_cat", "Bengal", None, None]


def test_that_every_file_gets_one_label_in_order():
    assert [label.path for label in read("b_1.jpg", "a.jpg", "a_2.jpg")] == [
        "b_1.jpg",
        "a.jpg",
        "a_2.jpg",
    ]


def test_that_a_single_group_without_a_name_is_the_label():
    assert labels("x/british_shorthair_10.jpg", pattern=TUTORIAL) == ["british_shorthair"]


@pytest.mark.parametrize("match", ["name", "path"])
def test_that_the_tutorials_pattern_may_begin_with_a_slash(match):
    found = labels("a_1.jpg", "images/b_2.jpg", pattern="/" + TUTORIAL, match=match)
    assert found == ["a", "b"]


def test_that_a_name_is_searched_without_its_folders():
    assert labels("dog/cat_1.jpg", pattern="^(?P<label>[a-z]+)") == ["cat"]


def test_that_a_path_is_searched_with_its_folders():
    assert labels("dog/cat_1.jpg", pattern="^(?P<label>[a-z]+)", match="path") == ["dog"]


def test_that_the_case_counts_unless_it_is_ignored():
    pattern = r"(?P<label>cat)"
    assert labels("Cat.jpg", pattern=pattern) == [None]
    assert labels("Cat.jpg", pattern=pattern, ignore_case=True) == ["Cat"]


def test_that_a_group_holds_images_together():
    (found,) = read("rex_dog_1.jpg", pattern=r"(?P<group>[a-z]+)_(?P<label>[a-z]+)_\d")
    assert (found.label, found.group) == ("dog", "rex")


@pytest.mark.parametrize("pattern", ["(?P<label>x?)", "(?P<label>x)?c", "(?P<label> *)c"])
def test_that_an_empty_label_counts_as_no_label(pattern):
    assert labels("cat.jpg", pattern=pattern) == [None]


def test_that_an_empty_group_counts_as_no_group():
    (found,) = read("cat.jpg", pattern="(?P<group>x?)(?P<label>c)")
    assert found.group is None


def test_that_names_too_long_to_search_have_no_label():
    pattern = "(?P<label>a)"
    assert labels("a" * 1024, "a" * 1025, pattern=pattern) == ["a", None]


@pytest.mark.parametrize("pattern", [r"\d+", "(a)(b)", "(?:a)", "(a)(?P<group>b)", ""])
def test_that_a_pattern_without_a_clear_label_is_refused(pattern):
    with pytest.raises(InputError, match="does not say which part of the name is the class"):
        read("a.jpg", pattern=pattern)


def test_that_a_group_with_another_name_is_refused_by_its_name():
    with pytest.raises(InputError, match="a group named breed; only label and group"):
        read("a.jpg", pattern="(?P<breed>a)")


def test_that_an_invalid_pattern_says_where_it_is_wrong():
    with pytest.raises(InputError) as caught:
        read("a.jpg", pattern="(?P<label>a")
    assert str(caught.value).startswith(
        "The pattern is not a valid regular expression: "
        "missing ), unterminated subpattern at character 1."
    )


@pytest.mark.parametrize("pattern", ["(?P<label>a{99999999999})", "(" * 490 + ")" * 490])
def test_that_a_pattern_too_large_to_compile_is_refused(pattern):
    with pytest.raises(InputError, match=r"The pattern (is too large|does not say)"):
        read("a.jpg", pattern=pattern)


def test_that_a_pattern_has_at_most_a_thousand_characters():
    with pytest.raises(OptionError, match="longer than 1000 characters"):
        read("a.jpg", pattern="(?P<label>a)" + "b" * 989)


def test_that_the_pets_all_have_a_label(shared_folder):
    names = [path.name for path in sorted((shared_folder / "data" / "pets-mini").glob("*.jpg"))]
    found = labels(*names, pattern=TUTORIAL)
    assert (len(found), len(set(found)), found.count(None)) == (185, 37, 0)


def test_that_it_says_where_in_the_path_the_label_stands():
    (found,) = read("pug_1/pug_2.jpg")
    assert found.span == (6, 9)
    (found,) = read("pug/1.jpg", pattern="/(?P<label>[^/]+)/", match="path")
    assert found.span == (0, 3)


def test_that_a_name_in_which_the_pattern_fits_twice_is_ambiguous():
    files = ("cat_1_dog_2.jpg", "cat_1_cat_2.jpg", "cat_1.jpg")
    found = read(*files, pattern=r"(?P<label>[a-z]+)_\d")
    assert [label.is_ambiguous for label in found] == [True, False, False]
