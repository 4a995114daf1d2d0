"""Features that one process has made become known to all."""

from __future__ import annotations

import numpy as np
import torch

from petstudio.engine.features import View
from petstudio.engine.processes import Processes


def exchange(view: View, processes: Processes) -> None:
    """Fill the rows of a view that other processes have filled since the last exchange."""
    if processes.is_alone or not view.keeps:
        return
    fresh = torch.from_numpy(view.fresh)
    makers = processes.sum(fresh.int())
    rows = np.flatnonzero(makers.numpy())
    if len(rows):
        own = view.read(rows)
        is_own = fresh[rows].to(own.device)[:, None]
        # Rows that are not filled may hold anything, also what is no number.
        made = processes.sum(torch.where(is_own, own, 0.0))
        view.write(rows, made / makers[rows].to(own.device)[:, None])
        view.fresh[:] = False
