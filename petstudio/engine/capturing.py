"""Functions of tensors as CUDA graphs: one launch instead of hundreds."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Final

import torch
from torch import nn

from petstudio.engine.network import clear_gradients

_WARM_UP_CALLS: Final = 3  # libraries load their kernels, buffers find their place

logger = logging.getLogger(__name__)


class Captured:
    """A function whose inputs always have the same shapes, replayed as one graph."""

    def __init__(
        self,
        function: Callable[..., torch.Tensor],
        inputs: tuple[torch.Tensor, ...],
        clear: Callable[[], None],
    ) -> None:
        """Call the function a few times, then record it; `clear` drops what a call leaves."""
        self._inputs = tuple(tensor.clone() for tensor in inputs)
        self._graph = torch.cuda.CUDAGraph()
        side = torch.cuda.Stream()  # type: ignore[no-untyped-call]
        side.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(side):
            for _ in range(_WARM_UP_CALLS):
                clear()
                function(*self._inputs)
            clear()
        torch.cuda.current_stream().wait_stream(side)
        # Another thread uploads pictures meanwhile, so only this thread's calls must be capturable.
        with torch.cuda.graph(self._graph, capture_error_mode="thread_local"):
            self._result = function(*self._inputs)

    def fits(self, inputs: tuple[torch.Tensor, ...]) -> bool:
        """Say whether inputs have the shapes that were recorded."""
        return all(a.shape == b.shape for a, b in zip(self._inputs, inputs, strict=True))

    def __call__(self, *inputs: torch.Tensor) -> torch.Tensor:
        """Return the result, in a tensor that the next call overwrites."""
        for static, new in zip(self._inputs, inputs, strict=True):
            static.copy_(new, non_blocking=True)
        self._graph.replay()
        return self._result


def capture(
    function: Callable[..., torch.Tensor], inputs: tuple[torch.Tensor, ...], network: nn.Module
) -> Captured | None:
    """Record a function that uses the modules of `network`; None where that cannot be done.

    The calls that warm up leave no trace: gradients, buffers and random state are as before.
    """
    buffers = [(buffer, buffer.clone()) for buffer in network.buffers()]
    random_state = torch.cuda.get_rng_state()

    def clear() -> None:
        clear_gradients(network)

    try:
        return Captured(function, inputs, clear)
    except torch.OutOfMemoryError:
        raise
    except RuntimeError as error:  # whatever CUDA or a plugin's network has against it
        logger.warning("Steps are launched one by one, as they cannot be captured: %s", error)
        clear()
        return None
    finally:
        for buffer, before in buffers:
            buffer.copy_(before)
        torch.cuda.set_rng_state(random_state)
