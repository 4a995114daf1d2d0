"""Opens the stores of a run and says in which memory its pictures wait for their batches."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import Final

import torch

from petstudio.api.errors import ImageError
from petstudio.config.recipe import InputChoice
from petstudio.engine.cores import usable_cores
from petstudio.engine.input.batches import BatchSource, ImageSet
from petstudio.engine.input.device_batches import DeviceBatchSource
from petstudio.engine.input.device_store import DeviceStore
from petstudio.engine.input.sampler import Sampler
from petstudio.engine.input.store import ImageStore, StorePlan, short_side_for
from petstudio.images.decoder_pool import sensible_processes

_CHANNELS: Final = 3
_USUAL_SHAPE: Final = 1.5  # a photo's longer side over its shorter one
_LONGEST_SHAPE: Final = 4  # what the store cuts a panorama to
_DEVICE_SHARE: Final = 0.5  # of the memory that a trial step left free


@dataclass(frozen=True, kw_only=True)
class SourcePlan:
    """How pictures are read and what the network gets.

    Attributes:
        sharers: processes of this machine that train together and share its cores.
        free: bytes that are free on the device once a training step has room; 0 if unknown.
        dtype: of the pictures as they reach the network on a GPU.
    """

    choice: InputChoice
    mean: tuple[float, float, float]
    std: tuple[float, float, float]
    store: StorePlan | None
    batch_size: int
    device: torch.device
    dtype: torch.dtype
    free: int
    skipped: Callable[[ImageError], None]
    notice: Callable[[str], None]
    sharers: int = 1


def open_source(
    plan: SourcePlan, images: ImageSet, stack: ExitStack, *, share: float = 1.0
) -> BatchSource:
    """Return batches of a set at the final size; `stack` closes its store.

    `share` is the part of the device's free memory that this set may take.
    """
    short_side = short_side_for(plan.choice.final_size)
    store_plan = with_decoders(plan.store, plan.device, plan.sharers)
    store = stack.enter_context(
        ImageStore(images.paths, short_side, plan=store_plan, notice=plan.notice)
    )
    sampler = Sampler(
        size=plan.choice.final_size, resize=plan.choice.resize, mean=plan.mean, std=plan.std
    )
    source = BatchSource(
        images=images, store=store, sampler=sampler, device=plan.device, skipped=plan.skipped
    )
    if plan.device.type != "cuda":
        return source
    return on_device(source, plan, round(plan.free * _DEVICE_SHARE * share))


def with_decoders(plan: StorePlan | None, device: torch.device, sharers: int = 1) -> StorePlan:
    """Return a plan that lets processes decode where a GPU would wait for threads."""
    plan = plan or StorePlan()
    if device.type != "cuda":
        return plan
    return replace(plan, decoders=sensible_processes(usable_cores() // sharers))


def at_size(source: BatchSource, size: int) -> BatchSource:
    """Return the same pictures in another size, out of the same store."""
    return replace(source, sampler=replace(source.sampler, size=size))


def on_device(source: BatchSource, plan: SourcePlan, budget: int) -> DeviceBatchSource:
    """Return a source that keeps as many pictures as it can in `budget` bytes of the device."""
    short_side = short_side_for(plan.choice.final_size)
    square = short_side * short_side * _CHANNELS
    slot = square * _LONGEST_SHAPE * plan.batch_size
    wanted = round(square * _USUAL_SHAPE * len(source.images))
    store = DeviceStore(
        len(source.images), plan.device, resident=max(0, min(wanted, budget)), slot=slot
    )
    return DeviceBatchSource(
        images=source.images,
        store=source.store,
        sampler=source.sampler,
        device=source.device,
        skipped=source.skipped,
        device_store=store,
        dtype=plan.dtype,
    )
