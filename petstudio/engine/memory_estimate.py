"""How large a batch fits into the memory, estimated from steps with two small ones."""

from __future__ import annotations

from typing import Final

import torch
from torch.autograd.graph import saved_tensors_hooks

from petstudio.api.events import MemoryEstimated
from petstudio.config.recipe import BatchNorm, Stage
from petstudio.engine.devices import autocast
from petstudio.engine.input.memory import free_memory
from petstudio.engine.network import (
    Network,
    clear_gradients,
    first_trainable,
    freeze,
    set_training_mode,
)
from petstudio.engine.stepping import is_out_of_memory
from petstudio.engine.workbench import Workbench

_BATCHES: Final = (2, 4)
_SHARE: Final = 0.9  # of what is free; other programs and rounding get the rest
_FEWEST_IN_PIECE: Final = 2  # BatchNorm in the head needs two pictures
_ADAM_TENSORS: Final = 3  # gradient and two moments, of the size of each trained weight


def estimate_memory(bench: Workbench, *, first_stage: int) -> MemoryEstimated | None:
    """Return the estimate for the most demanding stage from `first_stage` on.

    None where only heads are trained on frozen bodies, as that takes next to nothing. Weights,
    buffers and random state are as before; a step's gradients are dropped.
    """
    network, stage = bench.network, _most_demanding(bench, first_stage)
    if stage is None:
        return None
    first = first_trainable(network.groups, stage.trainable)
    freeze(network, first, stage.batchnorm)
    set_training_mode(network, first, stage.batchnorm)
    buffers = [(buffer, buffer.clone()) for buffer in network.buffers()]
    try:
        with torch.random.fork_rng(devices=[]):
            small, large = (_bytes_of_a_step(bench, batch) for batch in _BATCHES)
    except (MemoryError, RuntimeError) as error:
        if not is_out_of_memory(error):
            raise
        return None  # the first step will say so, and take smaller pieces
    finally:
        clear_gradients(network)
        for buffer, before in buffers:
            buffer.copy_(before)
    per_picture = max(1, (large - small) // (_BATCHES[1] - _BATCHES[0]))
    fixed = max(0, small - _BATCHES[0] * per_picture) + _bytes_of_training(network)
    free = _free(bench.setting.device)
    safe = int(_SHARE * (free - fixed)) // per_picture
    return MemoryEstimated(
        fixed=fixed,
        per_picture=per_picture,
        free=free,
        safe_batch_size=max(_FEWEST_IN_PIECE, safe),
    )


def pieces_that_fit(batch: int, pieces: int, safe: int) -> int:
    """Return how many pieces to take of a batch, at least `pieces` and no smaller than two each."""
    while -(-batch // pieces) > safe and batch // (pieces * 2) >= _FEWEST_IN_PIECE:
        pieces *= 2
    return pieces


def _most_demanding(bench: Workbench, first_stage: int) -> Stage | None:
    groups = bench.network.groups
    stages = [plan.stage for plan in bench.plan.stages[first_stage:]]
    through_the_body = [
        stage
        for stage in stages
        if stage.batchnorm is BatchNorm.TRAIN
        or first_trainable(groups, stage.trainable) < len(groups) - 1
    ]
    return min(
        through_the_body, key=lambda stage: first_trainable(groups, stage.trainable), default=None
    )


def _bytes_of_a_step(bench: Workbench, batch: int) -> int:
    """Return what the forward and backward pass of a batch need beside the weights."""
    device, size = bench.setting.device, bench.plan.recipe.input.final_size
    images = torch.zeros((batch, 3, size, size), device=device)
    images = images.to(memory_format=torch.channels_last)
    if device.type != "cuda":
        return images.nbytes + _bytes_kept_for_backward(bench, images)
    torch.cuda.reset_peak_memory_stats(device)
    held = torch.cuda.memory_allocated(device)
    with autocast(device, bench.setting.precision):
        logits = bench.network(images)
    logits.sum().backward()
    peak = torch.cuda.max_memory_allocated(device)
    clear_gradients(bench.network)
    return peak - held


def _bytes_kept_for_backward(bench: Workbench, images: torch.Tensor) -> int:
    """Return the size of what the forward pass leaves for the backward pass.

    The processor's allocator does not tell its peak; this is nearly all of it.
    """
    kept: dict[int, int] = {}

    def note(tensor: torch.Tensor) -> torch.Tensor:
        storage = tensor.untyped_storage()
        kept[storage.data_ptr()] = storage.nbytes()
        return tensor

    own = {parameter.untyped_storage().data_ptr() for parameter in bench.network.parameters()}
    with (
        saved_tensors_hooks(note, lambda tensor: tensor),
        autocast(images.device, bench.setting.precision),
    ):
        logits = bench.network(images)
        size = sum(count for place, count in kept.items() if place not in own)
        del logits
    return size


def _bytes_of_training(network: Network) -> int:
    return sum(_ADAM_TENSORS * p.nbytes for p in network.parameters() if p.requires_grad)


def _free(device: torch.device) -> int:
    if device.type != "cuda":
        return free_memory()
    free, _ = torch.cuda.mem_get_info(device)
    # What the allocator holds and does not use can be used as well.
    return free + torch.cuda.memory_reserved(device) - torch.cuda.memory_allocated(device)
