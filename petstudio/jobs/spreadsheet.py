"""Cells of a table that people open with a spreadsheet, which runs some of them as formulas."""

from __future__ import annotations

from typing import Final

_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def plain_cell(text: str) -> str:
    """Return the text such that no spreadsheet takes it for a formula."""
    return f"'{text}" if text.lstrip(" \"'").startswith(_FORMULA_STARTS) else text
