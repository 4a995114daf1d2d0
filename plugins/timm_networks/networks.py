"""The networks of timm without pooling and classifier; imports torch and timm."""

from __future__ import annotations

import difflib
from itertools import accumulate
from typing import Any

import timm
import torch
from torch import nn

from petstudio.api import Body, InputError, LayerGroup


def build_body(name: str) -> Body:
    """Build a network with random weights.

    Raises:
        InputError: timm has none of that name, or it gives no maps of features.
    """
    known = timm.list_models()
    if name not in known:
        close = ", ".join(difflib.get_close_matches(name, known, n=3)) or "convnext_atto"
        raise InputError(f"timm has no network “{name}”.", cure=f"Similar: {close}.")
    network = timm.create_model(name, pretrained=False)
    network.reset_classifier(0, "")
    features = _features(name, network)
    return Body(module=network, groups=_groups(network), features=features)


def _features(name: str, network: nn.Module) -> int:
    """Return how many maps there are; maps with their channels last are turned."""
    has_own_weights = bool(dict(network.named_parameters(recurse=False)))
    side: int = network.pretrained_cfg["input_size"][-1]  # type: ignore[index, assignment]
    with torch.no_grad():
        maps = network.eval()(torch.zeros(1, 3, side, side))
    network.train()
    if has_own_weights or not isinstance(maps, torch.Tensor) or maps.ndim != 4:
        raise InputError(
            f"“{name}” gives no maps of features.",
            cure="Choose a network of convolutions, such as convnext_atto.",
        )
    if maps.shape[1] < maps.shape[3] and maps.shape[1] == maps.shape[2]:
        network.register_forward_hook(_channels_first)
        return maps.shape[3]
    return maps.shape[1]


def _channels_first(_network: nn.Module, _images: Any, maps: torch.Tensor) -> torch.Tensor:
    return maps.permute(0, 3, 1, 2)


def _groups(network: nn.Module) -> tuple[LayerGroup, ...]:
    """Cut the children where both halves have as many parameters as they can."""
    names = [name for name, _ in network.named_children()]
    counts = [sum(p.numel() for p in child.parameters()) for child in network.children()]
    before = list(accumulate(counts))
    cuts = [n for n in range(1, len(names)) if 0 < before[n - 1] < before[-1]]
    if not cuts:
        return (LayerGroup(name="all layers", modules=tuple(names)),)
    cut = min(cuts, key=lambda n: abs(2 * before[n - 1] - before[-1]))
    return (
        LayerGroup(name=f"to {_last(names, counts, cut)}", modules=tuple(names[:cut])),
        LayerGroup(name=f"from {names[cut]}", modules=tuple(names[cut:])),
    )


def _last(names: list[str], counts: list[int], cut: int) -> str:
    """Return the last child before the cut that has parameters."""
    return next(names[n] for n in range(cut - 1, -1, -1) if counts[n])
