"""What an evaluation view shows, as texts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from petstudio.api.events import ViewMade
from petstudio.api.language import shown_number, tr
from petstudio.api.views import ViewColumn

_NONE: Final = "–"
_WHOLE_FROM: Final = 1000  # larger numbers are shown without a fraction


def value_text(value: float | None, column: ViewColumn) -> str:
    """Return 1,280, 0.25, 94.3 %, or a dash where there is none."""
    if value is None:
        return _NONE
    if column.as_percent:
        return tr("{share:.1f} %", share=100 * value)
    is_whole = value == int(value) or abs(value) >= _WHOLE_FROM
    return shown_number(value, ",.0f" if is_whole else ",.3g")


def view_lines(view: ViewMade) -> Iterator[str]:
    """Yield the lines of a table in letters of one width, names at the left."""
    lines = [[view.heading, *(column.label for column in view.columns)]]
    for row in view.rows:
        pairs = zip(row.values, view.columns, strict=True)
        lines.append([row.label, *(value_text(value, column) for value, column in pairs)])
    widths = [max(len(line[at]) for line in lines) for at in range(len(lines[0]))]
    for name, *values in lines:
        cells = (f"{value:>{width}}" for value, width in zip(values, widths[1:], strict=True))
        yield "  ".join((f"{name:<{widths[0]}}", *cells))
