"""Which device and number format a run uses, and what the machine can do."""

from __future__ import annotations

import os
from typing import Final

import torch

from petstudio.api.errors import InputError
from petstudio.api.language import tr
from petstudio.config.hardware import ANY_HARDWARE, AUTO, Hardware
from petstudio.config.recipe import Precision
from petstudio.engine.cores import cores_in_use, physical_cores

DTYPES: Final = {
    Precision.FLOAT32: torch.float32,
    Precision.BFLOAT16: torch.bfloat16,
    Precision.FLOAT16: torch.float16,
}

_OTHER_RECIPE: Final = tr("Use --set training.device=auto.")
_OTHER_SETTING: Final = tr("Choose another device on the Settings page.")
_FEW_CORES: Final = 4
_BUSY: Final = 0.3  # cores that others use; a desktop that shows a window uses less


def choose_device(choice: str, hardware: Hardware = ANY_HARDWARE) -> torch.device:
    """Return the device for auto, cpu, mps, cuda or cuda:N; `hardware` says what auto stands for.

    Raises:
        InputError: the device is not there.
    """
    if choice == AUTO and hardware.device != AUTO:
        return _device(hardware.device, cure=_OTHER_SETTING)
    return _device(choice, cure=_OTHER_RECIPE)


def _device(choice: str, *, cure: str) -> torch.device:
    if choice == AUTO:
        return torch.device(_best())
    device = torch.device(choice)
    if device.type == "cuda" and (device.index or 0) >= torch.cuda.device_count():
        raise InputError(
            tr(
                "The device {choice} is not there; {device_count} GPUs were found.",
                choice=choice,
                device_count=torch.cuda.device_count(),
            ),
            cure=cure,
        )
    if device.type == "mps" and not torch.backends.mps.is_available():
        raise InputError(tr("This machine has no Apple GPU."), cure=cure)
    return device


def prepare(device: torch.device, *, threads: int = 0) -> int:
    """Make torch ready to work on a device; return how many threads it computes with.

    Without a wish, `threads` = 0, that is what suits the machine now.

    On CUDA the processor's cores are left to decoding: each of its threads resizes pictures by
    itself, and more than one thread for each would only be in the way. cuDNN is not asked to try
    its algorithms: the steps of ResNets were no faster for it on an H200, only their start slower.
    """
    if device.type != "cuda":
        return share_cores(threads)
    if device.index is not None:  # without a number it means the current one
        torch.cuda.set_device(device)
    torch.set_num_threads(1)
    return torch.get_num_threads()


def share_cores(threads: int = 0) -> int:
    """Let torch compute on so many threads, or on the physical cores; return how many there are.

    One core is left to the window and to other programs where there are more than four, or where
    others are at work now: oneDNN's backward pass has barriers at which threads spin, so one
    thread that is kept waiting stops all of them (benchmarks/README.md). OMP_NUM_THREADS, where the
    user has set it, is respected.
    """
    if "OMP_NUM_THREADS" not in os.environ:
        cores = physical_cores()
        leave_one = cores > _FEW_CORES or cores_in_use() > _BUSY
        torch.set_num_threads(threads or max(1, cores - leave_one))
    return torch.get_num_threads()


def engine_version() -> str:
    """Return the version of torch."""
    return str(torch.__version__)


def autocast(device: torch.device, precision: Precision) -> torch.autocast:
    """Return the context in which the forward pass runs."""
    enabled = precision is not Precision.FLOAT32
    return torch.autocast(device.type, dtype=DTYPES[precision], enabled=enabled)


def gradient_scaler(device: torch.device, precision: Precision) -> torch.amp.GradScaler:
    """Return the scaler that keeps float16 gradients from vanishing; idle otherwise."""
    return torch.amp.GradScaler(device.type, enabled=precision is Precision.FLOAT16)


def rng_state(device: torch.device) -> torch.Tensor:
    """Return the state of the random generator that networks on the device draw from."""
    return torch.cuda.get_rng_state(device) if device.type == "cuda" else torch.get_rng_state()


def set_rng_state(device: torch.device, state: torch.Tensor) -> None:
    """Put back what `rng_state` returned."""
    if device.type == "cuda":
        torch.cuda.set_rng_state(state, device)
    else:
        torch.set_rng_state(state)


def _best() -> str:
    if torch.cuda.is_available():
        return "cuda"
    return "mps" if torch.backends.mps.is_available() else "cpu"
