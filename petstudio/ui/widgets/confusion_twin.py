"""The confusion grid as a table of its cells and as text to copy."""

from __future__ import annotations

from petstudio.api.language import shown_number, tr
from petstudio.bridge.confusion_table import ConfusionTable
from petstudio.bridge.figures import percent_text
from petstudio.bridge.models import spoken_label
from petstudio.bridge.shown_confusion import ShownConfusion
from petstudio.ui.widgets.text_twin import TextTwin


def confusion_twin(table: ConfusionTable) -> TextTwin:
    """Return one row for each cell with pictures: errors from the largest on, then the hits."""
    hits = [(index, index) for index, count in enumerate(table.hits.tolist()) if count]
    pairs = [tuple(pair) for pair in table.errors_by_size.tolist()] + hits

    def cell(row: int, column: int) -> str:
        pair = pairs[row]
        if column < 2:
            return spoken_label(table.classes[pair[column]])
        return shown_number(table.counts[pair]) if column == 2 else percent_text(table.share(pair))

    return TextTwin(
        title=tr("Cells of the confusion grid"),
        head=(tr("Actual"), tr("Predicted"), tr("Pictures"), tr("Of the actual class")),
        rows=len(pairs),
        cell=cell,
    )


def confusion_as_text(shown: ShownConfusion) -> str:
    """Return all counts in the shown order as lines with tabs, as a spreadsheet takes them."""
    names = [spoken_label(shown.table.classes[index]) for index in shown.order]
    lines = ["\t".join(["actual \\ predicted", *names])]
    for name, index in zip(names, shown.order, strict=True):
        lines.append("\t".join([name, *map(str, shown.table.counts[index, shown.order])]))
    return "\n".join(lines)
