"""The palette: which lines match what was typed, and which of them comes first."""

from __future__ import annotations

from itertools import combinations

import pytest
from PySide6.QtCore import Qt

from petstudio.bridge.palette_model import Offer, PaletteModel, ranked, score

TEXTS = ("Go to Data", "Go to Train", "Start or resume", "Stop the running job", "maine coon")


def offers(*texts):
    return tuple(Offer(text=text, kind="Command", do=lambda: None) for text in texts)


def best(typed, *texts):
    return [offer.text for offer in ranked(offers(*(texts or TEXTS)), typed)]


def test_that_nothing_typed_keeps_all_in_their_order():
    assert best("") == list(TEXTS)


def test_that_first_letters_of_words_find_a_line():
    assert best("gtt")[0] == "Go to Train"


def test_that_a_line_without_the_letters_is_not_offered():
    assert best("xyz") == []
    assert "maine coon" not in best("train")


def test_that_letters_in_a_row_come_before_scattered_ones():
    assert best("train", "Take runs again in name", "Go to Train")[0] == "Go to Train"


def test_that_case_and_spaces_do_not_matter():
    assert best("MAINE  co") == ["maine coon"]


@pytest.mark.parametrize("text", ["ab ba ca", "stop the run now", "aab a b"])
def test_that_every_subsequence_is_found(text):
    bare = text.replace(" ", "")
    for length in (1, 2, 3):
        for letters in combinations(bare, length):
            assert score(text, "".join(letters)) is not None


def test_that_the_model_says_what_a_line_is_to_a_screen_reader():
    model = PaletteModel()
    model.offer([Offer(text="Undo", kind="Command", keys="Ctrl+Z", do=lambda: None)])
    index = model.index(0)
    assert index.data() == "Undo"
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == "Undo, Command, Ctrl+Z"


def test_that_the_model_narrows_down():
    model = PaletteModel()
    model.offer(offers(*TEXTS))
    model.narrow("stop")
    assert [model.index(row).data() for row in range(model.rowCount())] == ["Stop the running job"]
