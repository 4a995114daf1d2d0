"""Text for the report's page; whatever it says, it is text there."""

from __future__ import annotations

from html import escape


def escaped(value: str) -> str:
    """Return text that is no markup and that UTF-8 can hold."""
    return escape(value.encode("utf-8", "replace").decode("utf-8"), quote=True)
