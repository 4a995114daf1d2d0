"""A wish for the run that is going: what was divided for want of memory is to be tried whole."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class WholeBatches:
    """From its next epoch on a run computes batches as its recipe says again.

    Where the memory is too small still, they are divided anew.
    """
