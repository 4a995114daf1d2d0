"""What the Data page says about a proof, and why its data cannot be used."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from petstudio.api.language import counted, tr

if TYPE_CHECKING:
    from petstudio.jobs.proving import LabelProof

START: Final = tr("Start with some pictures")
READING: Final = tr("Reading labels…")
FAULTY: Final = tr("This cannot be used yet, see the marked field")
BUSY: Final = tr("Another job is running; wait for its end or stop it")


def sentence(proof: LabelProof, *, waits: bool) -> str:
    """Say how things stand; `waits` where only another job stands in the way of using the data."""
    if proof.problem:
        return proof.problem
    counts = ", ".join(
        (
            counted(len(proof.listing.files), "{count:,} picture", "{count:,} pictures"),
            counted(len(proof.classes), "{count:,} class", "{count:,} classes"),
            tr("{count:,} unmatched", count=proof.unmatched),
        )
    )
    return f"{counts}. {BUSY}" if waits else counts
