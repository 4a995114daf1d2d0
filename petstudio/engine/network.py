"""A body with the tutorial's head on it, in layer groups that can be frozen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import torch
from torch import nn

from petstudio.api.contributions import Body
from petstudio.api.events import GroupPlan
from petstudio.config.recipe import BatchNorm
from petstudio.engine import layer_groups
from petstudio.engine.layer_groups import HEAD, HIDDEN

LAST_LAYER: Final = "head.7.weight"  # (classes, HIDDEN), one row for each class
_NORM_LAYERS: Final = (nn.modules.batchnorm._BatchNorm, nn.GroupNorm, nn.LayerNorm)  # noqa: SLF001


@dataclass(frozen=True, kw_only=True)
class ModuleGroup:
    """Modules that share a learning rate."""

    name: str
    modules: tuple[nn.Module, ...]

    def parameters(self) -> Iterator[nn.Parameter]:
        """Yield the parameters of all modules."""
        for module in self.modules:
            yield from module.parameters()

    def count(self) -> int:
        """Return the number of parameters."""
        return sum(parameter.numel() for parameter in self.parameters())

    def trainable(self) -> int:
        """Return the number of parameters that receive gradients."""
        return sum(p.numel() for p in self.parameters() if p.requires_grad)


class ConcatPool(nn.Module):
    """Concatenates maximum and mean over the picture: (N, c, h, w) to (N, 2c)."""

    def forward(self, maps: torch.Tensor) -> torch.Tensor:
        return torch.cat([maps.amax((2, 3)), maps.mean((2, 3))], dim=1)


class Network(nn.Module):
    """Maps normalised pictures (N, 3, s, s) to logits float32 (N, classes)."""

    def __init__(self, body: Body, classes: int) -> None:
        super().__init__()
        self.body = body.module
        self.head = build_head(body.features, classes)
        self.classes = classes
        self._features = body.features
        children = dict(body.module.named_children())
        body_groups = [
            ModuleGroup(name=group.name, modules=tuple(children[name] for name in group.modules))
            for group in body.groups
        ]
        self.groups = (*body_groups, ModuleGroup(name=HEAD, modules=(self.head,)))

    @property
    def pooled_features(self) -> int:
        """How many numbers `pool` makes of one picture."""
        return 2 * self._features

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        return self.classify(self.pool(self.body(images)))

    def pool(self, maps: torch.Tensor) -> torch.Tensor:
        """Return features float32 (N, pooled_features) of the body's maps (N, c, h, w)."""
        # Pooling, head and loss stay in float32 whatever the body computes in.
        with torch.autocast(maps.device.type, enabled=False):
            features: torch.Tensor = self.head[0](maps.float())
        return features

    def classify(self, features: torch.Tensor) -> torch.Tensor:
        """Return logits float32 (N, classes) of features (N, pooled_features)."""
        with torch.autocast(features.device.type, enabled=False):
            for layer in self.head[1:]:
                features = layer(features)
        return features


class Classifier(nn.Module):
    """What a network does from the features on, as a module; it shares the network's weights."""

    def __init__(self, network: Network) -> None:
        super().__init__()
        self.head = network.head
        self._classify = network.classify

    def forward(self, features: torch.Tensor) -> torch.Tensor:
        return self._classify(features)


def build_head(features: int, classes: int) -> nn.Sequential:
    """Return the head of fastai 2: concatenated pooling, then BatchNorm, dropout, linear, twice."""
    head = nn.Sequential(
        ConcatPool(),
        nn.BatchNorm1d(2 * features),
        nn.Dropout(0.25),
        nn.Linear(2 * features, HIDDEN, bias=False),
        nn.ReLU(inplace=True),
        nn.BatchNorm1d(HIDDEN),
        nn.Dropout(0.5),
        nn.Linear(HIDDEN, classes, bias=False),
    )
    for layer in head:
        if isinstance(layer, nn.BatchNorm1d):
            nn.init.constant_(layer.bias, 1e-3)
        elif isinstance(layer, nn.Linear):
            nn.init.kaiming_normal_(layer.weight)
    return head


def first_trainable(groups: Sequence[ModuleGroup], trainable: str) -> int:
    """Return the index of the first group that trains, from a stage's `trainable`.

    Raises:
        InputError: there is no such group.
    """
    return layer_groups.first_trainable([group.name for group in groups], trainable)


def freeze(network: Network, first: int, batchnorm: BatchNorm) -> None:
    """Let the groups from `first` on train; drop the gradients of the others.

    With BatchNorm.TRAIN the weights and biases of norm layers train in frozen groups too.
    """
    for index, group in enumerate(network.groups):
        for parameter in group.parameters():
            parameter.requires_grad_(index >= first)
            parameter.grad = None
        if index < first and batchnorm is BatchNorm.TRAIN:
            for layer in _norm_layers(group):
                layer.requires_grad_(True)


def clear_gradients(network: nn.Module) -> None:
    """Drop the gradients of all parameters."""
    for parameter in network.parameters():
        parameter.grad = None


def set_training_mode(network: Network, first: int, batchnorm: BatchNorm) -> None:
    """Put the network in training mode; frozen BatchNorm layers into evaluation mode if asked."""
    network.train()
    if batchnorm is BatchNorm.FROZEN:
        for group in network.groups[:first]:
            for layer in _norm_layers(group):
                layer.eval()


def group_plans(groups: Sequence[ModuleGroup], rates: Sequence[float]) -> tuple[GroupPlan, ...]:
    """Return what an event tells of each group; the rate of one that does not train is 0."""
    return tuple(
        GroupPlan(
            name=group.name,
            parameters=group.count(),
            trainable=group.trainable(),
            rate=rate if group.trainable() else 0.0,
        )
        for group, rate in zip(groups, rates, strict=True)
    )


def decayed_and_not(group: ModuleGroup) -> tuple[list[nn.Parameter], list[nn.Parameter]]:
    """Return the trainable parameters with weight decay and those without (norm layers, biases)."""
    norm = {id(p) for layer in _norm_layers(group) for p in layer.parameters()}
    named = [item for module in group.modules for item in module.named_parameters()]
    trainable = [(name, p) for name, p in named if p.requires_grad]
    spared = [p for name, p in trainable if id(p) in norm or name.split(".")[-1] == "bias"]
    spared_ids = {id(p) for p in spared}
    return [p for _, p in trainable if id(p) not in spared_ids], spared


def _norm_layers(group: ModuleGroup) -> Iterator[nn.Module]:
    for module in group.modules:
        for layer in module.modules():
            if isinstance(layer, _NORM_LAYERS):
                yield layer
