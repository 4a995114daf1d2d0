"""Layers that see the global batch, of which several processes hold a part each.

A run in several processes then is the run that one process makes of the same batches: BatchNorm
takes its statistics over all parts, and dropout draws one mask for all of them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias, TypeVar

import torch
import torch.distributed as dist
from torch import nn
from torch.nn import functional
from torch.nn.modules.batchnorm import _BatchNorm

from petstudio.engine.processes import Rows

_Change: TypeAlias = Callable[[nn.Module], nn.Module]


_Norm = TypeVar("_Norm", bound=_BatchNorm)


class _Sum(torch.autograd.Function):
    """The sum over all processes; what flows back is the sum of what comes back to each."""

    @staticmethod
    def forward(_context: Any, own: torch.Tensor) -> torch.Tensor:  # torch's class, unused
        total = own.clone()
        dist.all_reduce(total)
        return total

    @staticmethod
    def backward(_context: Any, gradient: torch.Tensor) -> torch.Tensor:
        total = gradient.contiguous().clone()
        dist.all_reduce(total)
        return total


class CurrentBatch:
    """Where this process stands in the global batch of the current step."""

    def __init__(self) -> None:
        self.rows = Rows(start=0, count=0, total=0)


class GlobalDropout(nn.Dropout):
    """Dropout with the masks that one process would draw for the whole batch."""

    def __init__(self, p: float, current: CurrentBatch) -> None:
        super().__init__(p)
        self._current = current

    def forward(self, input: torch.Tensor) -> torch.Tensor:
        rows = self._current.rows
        if not self.training or len(input) != rows.count:
            return super().forward(input)
        whole = functional.dropout(input.new_ones((rows.total, *input.shape[1:])), self.p)
        return input * whole[rows.start : rows.start + rows.count]


class GlobalBatchNorm(_BatchNorm):
    """BatchNorm over the parts of all processes, for the CPU, which SyncBatchNorm does not know."""

    original: type[_BatchNorm]

    def _check_input_dim(self, input: torch.Tensor) -> None:
        """Accept (n, c) and any (n, c, ...)."""

    def forward(self, input: torch.Tensor) -> torch.Tensor:
        if not self.training:
            return super().forward(input)
        values = input.float()
        axes = [0, *range(2, values.dim())]
        own = values.new_tensor([values.numel() // self.num_features])
        summed: torch.Tensor = _Sum.apply(torch.cat([values.sum(axes), own]))
        count = summed[-1]
        mean = summed[:-1] / count
        centred = values - _spread(mean, values)
        squares: torch.Tensor = _Sum.apply(centred.square().sum(axes))
        variance = squares / count
        self._remember(mean.detach(), variance.detach(), count.detach())
        normalised = centred * _spread((variance + self.eps).rsqrt(), values)
        if self.affine:
            normalised = normalised * _spread(self.weight, values) + _spread(self.bias, values)
        return normalised.to(input.dtype)

    def _remember(self, mean: torch.Tensor, variance: torch.Tensor, count: torch.Tensor) -> None:
        if self.num_batches_tracked is None or self.running_mean is None:
            return
        assert self.running_var is not None
        self.num_batches_tracked.add_(1)
        batches = float(self.num_batches_tracked)
        share = 1 / batches if self.momentum is None else self.momentum
        self.running_mean.lerp_(mean, share)
        self.running_var.lerp_(variance * count / (count - 1), share)


class SynchronisedBatchNorm(nn.SyncBatchNorm):
    """torch's own, for GPUs; remembers which class it stands for."""

    original: type[_BatchNorm]


def globalised(module: nn.Module, device: torch.device, current: CurrentBatch) -> nn.Module:
    """Return the module, changed in place, with such layers for its BatchNorm and Dropout.

    They share weights and buffers with those that they replace, and have their names.
    """
    kind: type[GlobalBatchNorm] | type[SynchronisedBatchNorm] = GlobalBatchNorm
    if device.type == "cuda":
        kind = SynchronisedBatchNorm

    def change(layer: nn.Module) -> nn.Module:
        if isinstance(layer, _BatchNorm):
            changed = _like(layer, kind)
            changed.original = type(layer)
            return changed
        return GlobalDropout(layer.p, current) if type(layer) is nn.Dropout else layer

    return _changed(module, change)


def ordinary(module: nn.Module) -> nn.Module:
    """Return the module, changed in place, with ordinary layers again: they need no others."""

    def change(layer: nn.Module) -> nn.Module:
        if isinstance(layer, GlobalBatchNorm | SynchronisedBatchNorm):
            return _like(layer, layer.original)
        return nn.Dropout(layer.p) if isinstance(layer, GlobalDropout) else layer

    return _changed(module, change)


def _like(layer: _BatchNorm, kind: type[_Norm]) -> _Norm:
    new: Any = kind(  # torch declares buffers that are None as tensors
        layer.num_features, layer.eps, layer.momentum, layer.affine, layer.track_running_stats
    )
    if layer.affine:
        new.weight, new.bias = layer.weight, layer.bias
    new.running_mean, new.running_var = layer.running_mean, layer.running_var
    new.num_batches_tracked = layer.num_batches_tracked
    new.train(layer.training)
    assert isinstance(new, kind)
    return new


def _changed(module: nn.Module, change: _Change) -> nn.Module:
    for name, child in module.named_children():
        module.register_module(name, _changed(child, change))
    return change(module)


def _spread(numbers: torch.Tensor, values: torch.Tensor) -> torch.Tensor:
    """Return one number a channel (c,) such that it fits to values (n, c, ...)."""
    return numbers.view(1, -1, *[1] * (values.dim() - 2))
