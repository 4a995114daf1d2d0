"""Where a network looks: Grad-CAM on the maps of the last layer group before the head.

Selvaraju, Cogswell, Das, Vedantam, Parikh and Batra, "Grad-CAM: Visual Explanations from Deep
Networks via Gradient-based Localization", 2017: with A^k the k-th map and y the logit of a class,
a^k is the mean of dy/dA^k over the map, and the heat is max(0, sum over k of a^k A^k). Here the
heat of each picture is divided by its highest value.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional

from petstudio.api.control import RunControl
from petstudio.api.errors import ImageError
from petstudio.engine.devices import prepare
from petstudio.engine.input.batches import BatchSource, ImageSet
from petstudio.engine.input.sources import with_decoders
from petstudio.engine.input.store import ImageStore, short_side_for
from petstudio.engine.model_file import sampler_for
from petstudio.engine.model_info import ModelInfo
from petstudio.engine.network import Network
from petstudio.engine.workplace import Workplace

_BATCH: Final = 8
_HEAT: Final = (1.0, 0.45, 0.05)  # orange: look here
_STRENGTH: Final = 0.75  # of the colour where the heat is highest
_COLD: Final = 0.55  # of the light of a place without heat


def heat(network: Network, images: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """Return the heat of a class in each picture, float32 (n, h, w) in 0..1, as large as the maps.

    `targets` int64 (n,) are the classes; the network must be in evaluation mode.
    """
    with torch.no_grad():
        maps = network.body(images).float()
    with torch.enable_grad():
        maps = maps.detach().requires_grad_()
        logits = network.classify(network.pool(maps))
        score = logits.gather(1, targets[:, None]).sum()
        (slopes,) = torch.autograd.grad(score, maps)
    weights = slopes.mean((2, 3), keepdim=True)
    found = (weights * maps.detach()).sum(1).relu()
    highest = found.amax((1, 2), keepdim=True).clamp_min(torch.finfo(found.dtype).tiny)
    scaled: torch.Tensor = found / highest
    return scaled


def overlaid(images: torch.Tensor, found: torch.Tensor, info: ModelInfo) -> NDArray[np.uint8]:
    """Lay heat (n, h, w) over the pictures as the network sees them; uint8 (n, size, size, 3)."""
    mean = torch.tensor(info.mean, device=images.device).view(3, 1, 1)
    std = torch.tensor(info.std, device=images.device).view(3, 1, 1)
    seen = (images * std + mean).clamp(0, 1)
    wide = functional.interpolate(
        found[:, None], images.shape[2:], mode="bilinear", align_corners=False
    )
    colour = torch.tensor(_HEAT, device=images.device).view(3, 1, 1)
    dimmed = seen * (_COLD + (1 - _COLD) * wide)
    blended = dimmed + _STRENGTH * wide * (colour - dimmed)
    pixels = (255 * blended).round().to(torch.uint8)
    return np.asarray(pixels.permute(0, 2, 3, 1).cpu().numpy())


def heat_pictures(
    network: Network,
    info: ModelInfo,
    images: ImageSet,
    skipped: Callable[[ImageError], None],
    control: RunControl,
    place: Workplace,
) -> Iterator[tuple[int, NDArray[np.uint8]]]:
    """Yield the place of each picture in the set with its overlay, uint8 (size, size, 3).

    The targets of the set are the classes whose heat is drawn.
    """
    device = place.device()
    if device.type == "cuda":  # on a CPU, to find how many threads suit takes longer than the work
        prepare(device)
    network = network.to(device, memory_format=torch.channels_last).eval()  # type: ignore[call-overload]
    with ImageStore(
        images.paths, short_side_for(info.size), plan=with_decoders(place.store, device)
    ) as store:
        source = BatchSource(
            images=images, store=store, sampler=sampler_for(info), device=device, skipped=skipped
        )
        with closing(source.plain(_BATCH)) as batches:
            for batch in batches:
                control.checkpoint()
                if not len(batch):
                    continue
                seen = batch.images
                pixels = overlaid(seen, heat(network, seen, batch.targets), info)
                yield from zip(batch.indices.tolist(), pixels, strict=True)
