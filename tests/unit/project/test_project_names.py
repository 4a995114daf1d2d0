"""Names from outside."""

from __future__ import annotations

from pathlib import Path

import pytest

from petstudio.api.errors import InputError
from petstudio.project.names import is_slug, project_path, shown_text, slug


@pytest.mark.parametrize(
    ("typed", "folder"),
    [
        ("p", "p.petstudio"),
        ("a/p", "a/p.petstudio"),
        ("p.petstudio", "p.petstudio"),
        ("p.v2", "p.v2.petstudio"),
    ],
)
def test_that_a_project_gets_its_suffix_once(typed: str, folder: str) -> None:
    assert project_path(Path(typed)) == Path(folder)


@pytest.mark.parametrize("typed", ["", ".", "..", "/", "a/..", ".petstudio"])
def test_that_a_name_that_is_none_is_refused(typed: str) -> None:
    with pytest.raises(InputError, match="cannot be a project's name"):
        project_path(Path(typed))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Birman", "Birman"),
        ("é \N{CAT FACE}", "é \N{CAT FACE}"),
        ("a\nb\x1b[2J", "a\\nb\\x1b[2J"),
        ("caf\udce9", "caf\\udce9"),
        ("\N{RIGHT-TO-LEFT OVERRIDE}x", "\\u202ex"),
    ],
)
def test_that_shown_text_has_nothing_unprintable(text: str, shown: str) -> None:
    assert shown_text(text) == shown


@pytest.mark.parametrize("text", ["ResNet 34", "CON", "..", "x" * 300, "", "-a-", "\0", "Ünï"])
def test_that_a_slug_is_always_safe(text: str) -> None:
    assert is_slug(slug(text))
