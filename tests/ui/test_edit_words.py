"""What the history of edits says in the window."""

from __future__ import annotations

import pytest

from petstudio.ui.widgets import edit_words as shown
from petstudio.ui.widgets.edit_words import edit_icon, edit_words

KNOWN = [
    "Label 1 image",
    "Label 1,200 images as Pug",
    "Label 2 images as 5 images as Pug",
    "Mark 1 image as none of the classes",
    "Remove the label of 3 images",
    "Add 12 images",
    "Add 12 images of holiday to Rome",
    "Move 1 image to valid",
    "Change splits of 2 images",
    "Exclude 2 images",
    "Include 1 image",
    "Fix 4 images",
    "Rename class Pug to Mops",
    "Merge class 3 images into Pug",
]


@pytest.mark.parametrize("what", KNOWN)
def test_that_an_edit_is_shown_in_english_as_the_project_keeps_it(what):
    assert edit_words(what).replace("picture", "image") == what


def test_that_images_are_called_pictures_except_in_names():
    assert edit_words("Exclude 2 images") == "Exclude 2 pictures"
    assert edit_words("Label 2 images as 5 images as Pug") == "Label 2 pictures as 5 images as Pug"
    assert edit_words("Merge class 3 images into Pug") == "Merge class 3 images into Pug"


@pytest.mark.parametrize("what", KNOWN)
def test_that_each_sentence_of_the_project_goes_through_translation(what, monkeypatch):
    monkeypatch.setattr(shown, "tr", lambda *_text, **_values: "translated")
    monkeypatch.setattr(shown, "counted", lambda *_text, **_values: "translated")

    assert edit_words(what) == "translated"


def test_that_a_sentence_of_a_later_version_is_shown_as_it_is():
    assert edit_words("Turn 3 images round") == "Turn 3 images round"


def test_that_the_icon_tells_what_was_done():
    assert [edit_icon(what) for what in KNOWN[-5:-2]] == ["prohibit", "check-circle", "tag"]
