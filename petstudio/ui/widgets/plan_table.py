"""The rate plan as a table and as text to copy."""

from __future__ import annotations

from petstudio.api.language import tr
from petstudio.jobs.rate_plan import RatePlan
from petstudio.ui.widgets.plan_curves import Editors
from petstudio.ui.widgets.plan_words import table_head, table_rows
from petstudio.ui.widgets.text_twin import TextTwin


def plan_twin(plan: RatePlan, editors: Editors) -> TextTwin:
    """Return one row for each point of the plan as it is now."""
    rows = table_rows(plan, editors)
    return TextTwin(
        title=tr("Learning rate plan"),
        head=tuple(table_head(plan)),
        rows=len(rows),
        cell=lambda row, column: str(rows[row][column]),
    )


def plan_as_text(plan: RatePlan, editors: Editors) -> str:
    """Return the table as lines with tabs, as a spreadsheet takes them; always in English."""
    head = ("Stage", "Epoch", *plan.groups, "Momentum")
    rows = [head, *table_rows(plan, editors, frozen="frozen")]
    return "\n".join("\t".join(row) for row in rows)
