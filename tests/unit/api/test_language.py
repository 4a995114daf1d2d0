"""Texts in the language of the window."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from petstudio.api.language import VARIABLE, counted, tr, tr_as

IN_GERMAN = """
from petstudio.api.language import Language, counted, speak, tr, tr_as
speak(Language.GERMAN)
"""


def german(lines: str) -> str:
    """Run lines in a process of its own, as a program speaks one language."""
    environment = {**os.environ, "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(
        [sys.executable, "-c", IN_GERMAN + lines],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env=environment,
        check=True,
    )
    return done.stdout.strip()


def test_that_english_texts_stand_for_themselves():
    assert tr("Stop") == "Stop"


def test_that_braces_of_a_text_without_values_stay():
    assert tr("{stem}.txt") == "{stem}.txt"


def test_that_values_are_put_in_with_their_formats():
    assert tr("{done:,} of {total:,}", done=3, total=7390) == "3 of 7,390"


@pytest.mark.parametrize(
    ("count", "words"), [(0, "0 pictures"), (1, "1 picture"), (7390, "7,390 pictures")]
)
def test_that_one_is_not_many(count, words):
    assert counted(count, "{count:,} picture", "{count:,} pictures") == words


def test_that_a_text_is_said_in_german():
    assert german("print(tr('Settings'))") == "Einstellungen"


def test_that_a_text_with_two_senses_has_two_translations():
    assert german("print(tr('Label'), tr_as('column', 'Label'))") == "Labeln Label"


def test_that_a_text_with_two_senses_is_one_in_english():
    assert tr_as("column", "Label") == tr("Label")


def test_that_nothing_is_nothing_in_german():
    assert german("print(repr(tr('')))") == "''"


def test_that_a_text_without_a_translation_is_said_in_english():
    assert german("print(tr('no such text {n}', n=2))") == "no such text 2"


def test_that_numbers_have_the_separators_of_the_language():
    assert german("print(tr('{a:,} {b:.1f} {c}', a=7390, b=0.5, c='a.b'))") == "7.390 0,5 a.b"


def test_that_numbers_of_numpy_have_them_as_well():
    lines = "import numpy as np; print(tr('{a:,} {b:.1f}', a=np.int64(7390), b=np.float32(0.5)))"
    assert german(lines) == "7.390 0,5"


def test_that_plural_forms_are_those_of_the_language():
    lines = "print(*(counted(n, '{count:,} picture', '{count:,} pictures') for n in (1, 2000)))"
    assert german(lines) == "1 Bild 2.000 Bilder"


def test_that_processes_started_later_speak_the_same_language():
    child = "from petstudio.api.language import tr; print(tr('Settings'))"
    lines = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}], check=True)"
    assert german(lines) == "Einstellungen"


def test_that_the_variable_is_the_language_of_the_system():
    lines = "import os; speak(Language.SYSTEM); print(os.environ['" + VARIABLE + "'])"
    assert german(lines) == "de"
