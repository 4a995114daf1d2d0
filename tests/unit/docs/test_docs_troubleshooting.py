"""The page on troubles quotes messages as the program says them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "troubleshooting.md").read_text(encoding="utf-8")
QUOTES = re.findall(r"^### (.+)$", PAGE, flags=re.MULTILINE)
PLACE = "…"


@cache
def messages() -> frozenset[str]:
    """Return every text in the source of the program, with … for what is filled in."""
    files = [file for folder in ("petstudio", "plugins") for file in (ROOT / folder).rglob("*.py")]
    return frozenset(text for file in files for text in texts_of(file))


def texts_of(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield re.sub(r"\{[^{}]*\}", PLACE, node.value)
        elif isinstance(node, ast.JoinedStr):
            parts = (getattr(part, "value", PLACE) for part in node.values)
            yield "".join(part if isinstance(part, str) else PLACE for part in parts)


@pytest.mark.parametrize("quote", QUOTES)
def test_that_a_quoted_message_is_said_by_the_program(quote: str) -> None:
    assert any(text.startswith(quote) for text in messages())


def test_that_no_message_is_quoted_twice() -> None:
    assert len(QUOTES) == len(set(QUOTES))
