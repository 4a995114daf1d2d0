"""The networks themselves; imports torch, so it is imported when one is built."""

from __future__ import annotations

from collections import OrderedDict
from typing import Final

from torch import nn
from torchvision.models import get_model

from petstudio.api import Body, LayerGroup

from .sizes import HIGH, LOW

GROUPS: Final = (
    LayerGroup(
        name=LOW,
        modules=("conv1", "bn1", "relu", "maxpool", "layer1", "layer2"),
    ),
    LayerGroup(name=HIGH, modules=("layer3", "layer4")),
)


def build_body(name: str) -> Body:
    """Build one of torchvision's ResNets without its pooling and classifier.

    The children keep their names, so that torchvision's state dicts fit.
    """
    network = get_model(name, weights=None)
    kept = [module for group in GROUPS for module in group.modules]
    children = OrderedDict((child, getattr(network, child)) for child in kept)
    features: int = network.fc.in_features
    return Body(module=nn.Sequential(children), groups=GROUPS, features=features)
