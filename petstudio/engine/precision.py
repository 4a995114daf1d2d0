"""Which number format the network computes in: measured where the choice is open."""

from __future__ import annotations

import time
from statistics import median
from typing import Final

import torch
from torch import nn

from petstudio.config.recipe import Precision
from petstudio.engine.devices import autocast

_ROUNDS: Final = 3
_GAIN: Final = 1.15  # a shorter format must win by more than the noise to be worth its rounding
_CHANNELS: Final = 64
_PICTURES: Final = 8
_SIDE: Final = 56
_FIRST_WITH_BFLOAT16: Final = (8, 0)


def choose_precision(choice: Precision, device: torch.device) -> Precision:
    """Return the format to use; AUTO measures for less than a second and takes what really gains.

    Graphics cards without bfloat16 units are offered float16, which needs a gradient scaler.
    """
    if choice is not Precision.AUTO:
        return choice
    candidate = _candidate(device)
    if candidate is None:
        return Precision.FLOAT32
    return candidate if _gain(candidate, device) > _GAIN else Precision.FLOAT32


def _candidate(device: torch.device) -> Precision | None:
    if device.type == "cuda":
        is_new = torch.cuda.get_device_capability(device) >= _FIRST_WITH_BFLOAT16
        return Precision.BFLOAT16 if is_new else Precision.FLOAT16
    return Precision.BFLOAT16 if device.type == "cpu" else None


def _gain(candidate: Precision, device: torch.device) -> float:
    """Return how many times faster a step of a small network is than in float32."""
    layers = nn.Sequential(
        nn.Conv2d(_CHANNELS, _CHANNELS, 3, padding=1, bias=False),
        nn.BatchNorm2d(_CHANNELS),
        nn.ReLU(),
        nn.Conv2d(_CHANNELS, _CHANNELS, 3, padding=1, bias=False),
    ).to(device, memory_format=torch.channels_last)  # type: ignore[call-overload]
    images = torch.ones((_PICTURES, _CHANNELS, _SIDE, _SIDE), device=device)
    images = images.to(memory_format=torch.channels_last)
    formats = (Precision.FLOAT32, candidate)
    for precision in formats:  # the first step loads kernels
        _seconds(layers, images, precision)
    rounds = [
        [_seconds(layers, images, precision) for precision in formats] for _ in range(_ROUNDS)
    ]
    return median(plain / short for plain, short in rounds)


def _seconds(layers: nn.Module, images: torch.Tensor, precision: Precision) -> float:
    started = time.perf_counter()
    with autocast(images.device, precision):
        result = layers(images)
    result.float().sum().backward()
    if images.device.type == "cuda":
        torch.cuda.synchronize(images.device)
    return time.perf_counter() - started
