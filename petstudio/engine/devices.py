"""Which device and number format a run uses, and what the machine can do."""

from __future__ import annotations

from typing import Final

import torch

from petstudio.api.errors import InputError
from petstudio.config.recipe import Precision

_DTYPES: Final = {Precision.BFLOAT16: torch.bfloat16, Precision.FLOAT16: torch.float16}


def choose_device(choice: str) -> torch.device:
    """Return the device for auto, cpu, mps, cuda or cuda:N.

    Raises:
        InputError: the device is not there.
    """
    if choice == "auto":
        return torch.device(_best())
    device = torch.device(choice)
    if device.type == "cuda" and (device.index or 0) >= torch.cuda.device_count():
        raise InputError(
            f"The device {choice} is not there; {torch.cuda.device_count()} GPUs were found.",
            cure="Use --set training.device=auto.",
        )
    if device.type == "mps" and not torch.backends.mps.is_available():
        raise InputError("This machine has no Apple GPU.", cure="Use --set training.device=auto.")
    return device


def choose_precision(choice: Precision, device: torch.device) -> Precision:
    """Return the number format for the body; `auto` takes bfloat16 where the hardware has it."""
    if choice is not Precision.AUTO:
        return choice
    return Precision.BFLOAT16 if _has_bfloat16(device) else Precision.FLOAT32


def engine_version() -> str:
    """Return the version of torch."""
    return str(torch.__version__)


def autocast(device: torch.device, precision: Precision) -> torch.autocast:
    """Return the context in which the forward pass runs."""
    dtype = _DTYPES.get(precision)
    return torch.autocast(device.type, dtype=dtype, enabled=dtype is not None)


def gradient_scaler(device: torch.device, precision: Precision) -> torch.amp.GradScaler:
    """Return the scaler that keeps float16 gradients from vanishing; idle otherwise."""
    return torch.amp.GradScaler(device.type, enabled=precision is Precision.FLOAT16)


def _best() -> str:
    if torch.cuda.is_available():
        return "cuda"
    return "mps" if torch.backends.mps.is_available() else "cpu"


def _has_bfloat16(device: torch.device) -> bool:
    if device.type == "cuda":
        return torch.cuda.get_device_capability(device) >= (8, 0)
    if device.type == "cpu":
        able = torch.cpu.get_capabilities() if hasattr(torch.cpu, "get_capabilities") else {}
        return bool(able.get("avx512_bf16") or able.get("amx_bf16"))
    return False
