"""Every command that a document tells to type is one that the program understands."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from petstudio.cli.arguments import COMMANDS, command_parser
from petstudio.config.recipe_file import bundled_recipe, bundled_recipes, with_settings

ROOT = Path(__file__).parents[3]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


def commands(page: Path) -> Iterator[list[str]]:
    """Yield the words of each `petstudio COMMAND …` in a page's blocks for the shell."""
    for block in re.findall(r"^```sh\n(.*?)^```", page.read_text(encoding="utf-8"), re.M | re.S):
        for line in block.replace("\\\n", " ").splitlines():
            words = shlex.split(line, comments=True)
            if words[:1] == ["petstudio"] and words[1:] and words[1] in COMMANDS:
                yield words[1:]


CASES = [(page, words) for page in PAGES for words in commands(page)]
each = pytest.mark.parametrize(
    "words", [words for _, words in CASES], ids=[f"{p.stem}-{' '.join(w)}" for p, w in CASES]
)


@each
def test_that_a_command_is_understood(words: list[str]) -> None:
    assert command_parser().parse_args(words).command == words[0]


@each
def test_that_what_a_command_sets_is_in_its_recipe(words: list[str]) -> None:
    given = command_parser().parse_args(words)
    if getattr(given, "recipe", None) in bundled_recipes():
        recipe = with_settings(bundled_recipe(given.recipe), given.set)
        assert given.stage is None or given.stage <= len(recipe.stages)
