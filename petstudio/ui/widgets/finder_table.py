"""The curve of a sweep as a table and as text to copy."""

from __future__ import annotations

from petstudio.api.language import tr
from petstudio.bridge.live_sweep import LiveSweep
from petstudio.ui.widgets.text_twin import TextTwin


def sweep_twin(sweep: LiveSweep) -> TextTwin:
    """Return one row for each batch that there is now."""
    columns = (sweep.rates, sweep.losses, sweep.smoothed_losses)
    return TextTwin(
        title=tr("Batches of the sweep"),
        head=(tr("Rate"), tr("Loss"), tr("Smoothed loss")),
        rows=len(sweep.rates),
        cell=lambda row, column: f"{columns[column][row]:.6g}",
    )


def sweep_as_text(sweep: LiveSweep) -> str:
    """Return every batch and every suggestion as lines with tabs, as a spreadsheet takes them."""
    batches = zip(sweep.rates, sweep.losses, sweep.smoothed_losses, strict=True)
    lines = ["rate\tloss\tsmoothed loss"]
    lines += ["\t".join(f"{number:.6g}" for number in batch) for batch in batches]
    lines += ["", "suggestion\trate"]
    lines += [f"{item.rule.value}\t{item.rate:.6g}" for item in sweep.suggestions]
    return "\n".join(lines)
