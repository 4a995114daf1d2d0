"""Translations are complete, fit their texts, and are what the program reads."""

from __future__ import annotations

import ast
import importlib.util
import json
import string
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[2]
LANGUAGES = [path.stem for path in sorted((ROOT / "languages").glob("*.po"))]

spec = importlib.util.spec_from_file_location("messages", ROOT / "languages" / "messages.py")
assert spec is not None
assert spec.loader is not None
messages = importlib.util.module_from_spec(spec)
spec.loader.exec_module(messages)

LOADED = """
import json, sys
import petstudio.__main__
print(json.dumps([m.__file__ for n, m in sys.modules.items() if n.startswith("petstudio.")]))
"""


@pytest.fixture(scope="module", params=LANGUAGES)
def language(request):
    return request.param


@pytest.fixture(scope="module")
def catalog(language):
    return messages.translated(language)


def places(text):
    return {(name, form) for _, name, form, _ in string.Formatter().parse(text) if name is not None}


def test_that_every_text_has_a_translation(catalog):
    assert messages.missing(catalog) == []


def test_that_a_translation_has_the_places_of_its_text(catalog):
    for message in catalog:
        texts = messages.forms(message.id)
        if "{" not in texts[-1]:
            continue  # not formatted; a brace stands for itself
        wanted = places(texts[-1])
        one, *more = messages.forms(message.string)
        assert places(one) <= wanted | places(texts[0]), message.id
        assert all(places(form) == wanted for form in more or [one]), message.id


def test_that_a_translation_begins_and_ends_like_its_text(catalog):
    for message in catalog:
        for form in messages.forms(message.string) if message.id else ():
            text = messages.forms(message.id)[0]
            assert form.startswith(" ") == text.startswith(" "), text
            assert form.endswith("…") == text.endswith("…"), text


def test_that_the_program_reads_what_is_written_here(language):
    with (ROOT / "languages" / f"{language}.po").open("rb") as stream:
        written = read_po(stream, locale=language)
    compiled = ROOT / "resources" / "languages" / f"{language}.mo"
    assert compiled.read_bytes() == messages.compiled(written), "run `make messages`"


def test_that_a_text_within_another_is_gathered(tmp_path):
    file = tmp_path / "page.py"
    file.write_text("""title = f"{tr('Run {number}', number=3)}: {name}\"""", encoding="utf-8")
    assert [*messages.texts_in(file)] == [("Run {number}", None)]


def test_that_a_sense_and_the_forms_of_a_text_are_gathered(tmp_path):
    file = tmp_path / "page.py"
    calls = """tr_as("column", "Label"), counted(len(runs), "{count} run", "{count} runs")"""
    file.write_text(calls, encoding="utf-8")
    wanted = [("Label", "column"), (("{count} run", "{count} runs"), None)]
    assert [*messages.texts_in(file)] == wanted


def test_that_no_text_is_made_before_the_language_is_chosen():
    done = subprocess.run(
        [sys.executable, "-c", LOADED], capture_output=True, text=True, check=True
    )
    for path in json.loads(done.stdout):
        for statement in ast.parse(Path(path).read_text(encoding="utf-8")).body:
            if isinstance(statement, ast.FunctionDef | ast.ClassDef):
                continue
            calls = [node.func for node in ast.walk(statement) if isinstance(node, ast.Call)]
            names = {call.id for call in calls if isinstance(call, ast.Name)}
            assert not names & {"tr", "tr_as", "counted"}, path
