"""Whether what a plugin built can be trained: a body whose parts are all in layer groups."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn

from petstudio.api.contributions import Architecture, Body, LayerGroup


def checked_body(architecture: Architecture[Any], options: Any) -> Body:
    """Build a body; what is wrong with it is a TypeError or a ValueError for its author."""
    built: Any = architecture.build(options)  # whatever the plugin gives
    if not isinstance(built, Body):
        found = "nothing" if built is None else type(built).__name__
        raise TypeError(f"build gave {found} where a Body belongs")
    module: Any = built.module
    if not isinstance(module, nn.Module):
        raise TypeError(f"the module of the body is a {type(module).__name__}")
    if type(built.features) is not int or built.features < 1:
        raise ValueError(f"the body has {built.features!r} features")
    _check_groups(built)
    return built


def proved_body(architecture: Architecture[Any], size: int, options: Any) -> Body:
    """Build a body and let it make feature maps of one picture of that size."""
    body = checked_body(architecture, options)
    was_training = body.module.training
    with torch.no_grad():
        maps = body.module.eval()(torch.zeros(1, 3, size, size))
    body.module.train(was_training)
    shape = tuple(maps.shape) if isinstance(maps, torch.Tensor) else type(maps).__name__
    if not isinstance(maps, torch.Tensor) or maps.ndim != 4 or shape[:2] != (1, body.features):
        raise ValueError(
            f"the body made {shape} of one picture where (1, {body.features}, h, w) belongs"
        )
    return body


def _check_groups(body: Body) -> None:
    if not all(isinstance(group, LayerGroup) for group in body.groups):
        raise TypeError("the groups of the body are not all LayerGroups")
    children = dict(body.module.named_children())
    grouped = [name for group in body.groups for name in group.modules]
    wrong = [name for name in grouped if name not in children]
    wrong += [
        name
        for name, child in children.items()
        if grouped.count(name) > 1 or (name not in grouped and list(child.parameters()))
    ]
    if wrong:
        raise ValueError(f"“{wrong[0]}” of the body is not in exactly one layer group")
