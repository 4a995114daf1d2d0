"""How much of a GPU's memory is left once training has what it needs: found out by a trial."""

from __future__ import annotations

import torch

from petstudio.config.recipe import Precision
from petstudio.engine.devices import autocast
from petstudio.engine.network import Network, clear_gradients


def free_after_a_step(network: Network, batch_size: int, size: int, precision: Precision) -> int:
    """Return the bytes that are free beside a step that trains every layer; 0 off CUDA.

    The step runs on empty pictures; weights and buffers are as before. Where it does not fit,
    nothing is free, and the pictures will pass through the ring.
    """
    device = next(network.parameters()).device
    if device.type != "cuda":
        return 0
    buffers = [(buffer, buffer.clone()) for buffer in network.buffers()]
    torch.cuda.reset_peak_memory_stats(device)
    try:
        _step(network.train(), batch_size, size, precision)
    except torch.OutOfMemoryError:
        torch.cuda.empty_cache()
        return 0
    finally:
        clear_gradients(network)
        for buffer, before in buffers:
            buffer.copy_(before)
    peak = torch.cuda.max_memory_allocated(device)
    torch.cuda.empty_cache()
    free, _ = torch.cuda.mem_get_info(device)
    held = torch.cuda.memory_allocated(device)
    return max(0, free - (peak - held))


def _step(network: Network, batch_size: int, size: int, precision: Precision) -> None:
    device = next(network.parameters()).device
    images = torch.zeros((batch_size, 3, size, size), device=device)
    with autocast(device, precision):
        logits = network(images.to(memory_format=torch.channels_last))
    logits.sum().backward()
