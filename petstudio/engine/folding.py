"""A frozen body as one function: BatchNorm folded into the convolutions, in the run's format."""

from __future__ import annotations

import copy
import logging
from collections.abc import Callable
from typing import Any, Final, TypeAlias

import torch
from torch import fx, nn
from torch.fx.experimental.optimization import fuse
from torch.nn.utils.fusion import fuse_conv_bn_weights, fuse_linear_bn_weights

from petstudio.config.recipe import Precision
from petstudio.engine.capturing import Captured, capture
from petstudio.engine.devices import DTYPES
from petstudio.engine.global_batch import ordinary
from petstudio.engine.input.batches import Batch
from petstudio.engine.network import Network

# What a body that cannot be traced raises depends on what its author wrote.
_UNTRACEABLE: Final[tuple[type[Exception], ...]] = (
    fx.proxy.TraceError,
    AttributeError,
    NotImplementedError,
    RuntimeError,
    TypeError,
    ValueError,
)

_CALL: Final = "call_module"  # fx's word for a layer in a graph

Forward: TypeAlias = Callable[[torch.Tensor], torch.Tensor]

logger = logging.getLogger(__name__)


class Extractor:
    """A frozen body: pictures to features, without gradients, as fast as it goes.

    It holds a copy, which later changes of the network reach by `refresh` only. In float32 the body
    is copied as it is, so that "exact" means the very operations of training; else BatchNorm is
    folded into the convolutions and the weights are in the short format themselves, since autocast
    would convert frozen ones anew in every batch.
    """

    def __init__(self, network: Network, precision: Precision) -> None:
        self.width = network.pooled_features
        self._network = network
        self._pool = network.pool
        self._dtype = DTYPES[precision]
        body = ordinary(copy.deepcopy(network.body)).eval()
        folded = body if precision is Precision.FLOAT32 else _folded(body)
        self._pairs = _folded_pairs(body, folded)
        folded.requires_grad_(requires_grad=False)
        self._body: nn.Module = folded.to(memory_format=torch.channels_last, dtype=self._dtype)  # type: ignore[call-overload]
        self._graphs: dict[Callable[..., torch.Tensor], Captured | None] = {}

    @torch.no_grad()
    def refresh(self) -> None:
        """Take the weights as the network has them now; costs a small part of making it anew."""
        body = self._network.body
        theirs = body.state_dict()
        for layer, norm in self._pairs:
            weight, bias = _fold_weights(body.get_submodule(layer), body.get_submodule(norm))
            theirs[f"{layer}.weight"], theirs[f"{layer}.bias"] = weight, bias
        for name, own in self._body.state_dict().items():
            own.copy_(theirs[name])

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


def judge(network: Network, extractor: Extractor) -> Forward:
    """Return pictures to logits float32 (n, classes), by the extractor's body and the head.

    The head must be in evaluation mode. Validation and prediction both use this, so a run's last
    figures are those that the finished model gives.
    """
    return lambda images: network.classify(extractor(images))


def _folded(body: nn.Module) -> nn.Module:
    try:
        fused: Any = fuse(body)  # the function is not typed; it returns a copy
    except _UNTRACEABLE as error:
        logger.info("The body is used unfolded: %s", error)
        return body
    assert isinstance(fused, nn.Module)
    return fused


def _folded_pairs(body: nn.Module, folded: nn.Module) -> list[tuple[str, str]]:
    """Return the names of the layers that have taken in a BatchNorm layer, and of these."""
    if not isinstance(folded, fx.GraphModule):
        return []
    kept = {node.target for node in folded.graph.nodes if node.op == _CALL}
    calls = [node for node in fx.symbolic_trace(body).graph.nodes if node.op == _CALL]
    gone = [node for node in calls if node.target not in kept]
    return [(str(node.args[0].target), str(node.target)) for node in gone]


def _fold_weights(layer: Any, norm: Any) -> tuple[torch.Tensor, torch.Tensor]:
    """Return weight and bias of a layer with the BatchNorm after it; both are what `fuse` found."""
    fold = fuse_linear_bn_weights if isinstance(layer, nn.Linear) else fuse_conv_bn_weights
    return fold(
        layer.weight,
        layer.bias,
        norm.running_mean,
        norm.running_var,
        norm.eps,
        norm.weight,
        norm.bias,
    )
