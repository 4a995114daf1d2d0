"""The numbers of the loss plot as a table and as text to copy."""

from __future__ import annotations

from petstudio.api.language import tr
from petstudio.bridge.live_run import LiveRun
from petstudio.ui.widgets.text_twin import TextTwin


def run_twin(run: LiveRun) -> TextTwin:
    """Return one row for each batch that there is now."""
    columns = (run.x, run.losses, run.smoothed_losses, run.rates)
    return TextTwin(
        title=tr("Batches of the run"),
        head=(tr("Epoch"), tr("Loss"), tr("Smoothed loss"), tr("Rate")),
        rows=len(run.x),
        cell=lambda row, column: f"{columns[column][row]:.6g}",
    )


def run_as_text(run: LiveRun) -> str:
    """Return every batch and every epoch as lines with tabs, as a spreadsheet takes them."""
    batches = zip(run.x, run.losses, run.smoothed_losses, run.rates, strict=True)
    lines = ["epoch\tloss\tsmoothed loss\trate"]
    lines += ["\t".join(f"{number:.6g}" for number in batch) for batch in batches]
    lines += ["", "epoch\ttrain loss\tvalidation loss\taccuracy\tseconds"]
    for row in run.epochs:
        result = row.result
        numbers = (row.x, result.train_loss, result.valid_loss, row.accuracy, result.seconds)
        lines.append("\t".join(f"{number:.6g}" for number in numbers))
    return "\n".join(lines)
