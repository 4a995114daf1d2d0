"""Where a run stands."""

from __future__ import annotations

from dataclasses import dataclass

from petstudio.config.rate_edit import RateEdit
from petstudio.engine.checkpoint import Position
from petstudio.engine.optimiser import Optimiser
from petstudio.engine.reporting import StepPlace


@dataclass(kw_only=True)
class Standing:
    """What changes while a run goes on, beside the weights.

    Attributes:
        pieces: in how many pieces a batch is computed.
        edits: of the rates, the latest for each stage.
        optimiser: None between stages.
        place: of the latest step.
        has_run_epoch: since this process began, not since the run did.
    """

    position: Position
    pieces: int
    edits: tuple[RateEdit, ...] = ()
    optimiser: Optimiser | None = None
    place: StepPlace | None = None
    has_run_epoch: bool = False
