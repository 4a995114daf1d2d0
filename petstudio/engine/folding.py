"""A frozen body as one function: BatchNorm folded into the convolutions, in the run's format."""

from __future__ import annotations

import copy
import logging
from collections.abc import Callable
from typing import Any, Final, TypeAlias

import torch
from torch import nn
from torch.fx.experimental.optimization import fuse

from petstudio.config.recipe import Precision
from petstudio.engine.capturing import Captured, capture
from petstudio.engine.devices import DTYPES
from petstudio.engine.global_batch import ordinary
from petstudio.engine.input.batches import Batch
from petstudio.engine.network import Network

# What a body that cannot be traced raises depends on what its author wrote.
_UNTRACEABLE: Final[tuple[type[Exception], ...]] = (
    torch.fx.proxy.TraceError,
    AttributeError,
    NotImplementedError,
    RuntimeError,
    TypeError,
    ValueError,
)

Forward: TypeAlias = Callable[[torch.Tensor], torch.Tensor]

logger = logging.getLogger(__name__)


class Extractor:
    """A frozen body as it is now: pictures to features, without gradients, as fast as it goes.

    It holds a copy, which later changes of the network do not reach. In float32 the body is copied
    as it is, so that "exact" means the very operations of training; else BatchNorm is folded into
    the convolutions and the weights are in the short format themselves, since autocast would
    convert frozen ones anew in every batch.
    """

    def __init__(self, network: Network, precision: Precision) -> None:
        self.width = network.pooled_features
        self._pool = network.pool
        self._dtype = DTYPES[precision]
        body = ordinary(copy.deepcopy(network.body)).eval()
        if precision is not Precision.FLOAT32:
            body = _folded(body)
        body.requires_grad_(requires_grad=False)
        self._body: nn.Module = body.to(memory_format=torch.channels_last, dtype=self._dtype)  # type: ignore[call-overload]
        self._graphs: dict[Callable[..., torch.Tensor], Captured | None] = {}

    def __call__(self, images: torch.Tensor) -> torch.Tensor:
        """Return features float32 (n, width) of normalised pictures (n, 3, s, s)."""
        with torch.no_grad():
            return self._pool(self._body(images.to(self._dtype)))

    def features(self, batch: Batch) -> torch.Tensor:
        """Return the same for a batch; on CUDA from a graph. The next call may overwrite it."""
        graph = self._graph(batch)
        return self(batch.images) if graph is None else graph(*batch.inputs)

    def _graph(self, batch: Batch) -> Captured | None:
        if batch.targets.device.type != "cuda":
            return None
        make = batch.make
        if make not in self._graphs:
            self._graphs[make] = capture(
                lambda *inputs: self(make(*inputs)), batch.inputs, self._body
            )
        graph = self._graphs[make]
        return graph if graph is not None and graph.fits(batch.inputs) else None


def judge(network: Network, precision: Precision) -> Forward:
    """Return pictures to logits float32 (n, classes) for the network as it is now.

    Its head must be in evaluation mode. Validation and prediction both use this, so a run's last
    figures are those that the finished model gives.
    """
    extractor = Extractor(network, precision)
    return lambda images: network.classify(extractor(images))


def _folded(body: nn.Module) -> nn.Module:
    try:
        fused: Any = fuse(body)  # the function is not typed; it returns a copy
    except _UNTRACEABLE as error:
        logger.info("The body is used unfolded: %s", error)
        return body
    assert isinstance(fused, nn.Module)
    return fused
