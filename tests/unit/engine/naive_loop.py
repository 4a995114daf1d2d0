"""A training loop without a shortcut, for comparison: every formula is written out.

It shares nothing with the program's loop. Autograd differentiates; layers with a state, loss and
the optimiser are plain arithmetic on a dict of tensors, named as in the network's state dict. Where
these are float64, what differs from it is the rounding of whoever is compared.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

import torch
from torch.nn import functional

State: TypeAlias = dict[str, torch.Tensor]
# (n, 3, s, s); class indices int64 (n,), or shares of the classes (n, classes)
Pictures: TypeAlias = tuple[torch.Tensor, torch.Tensor]


@dataclass(frozen=True, kw_only=True)
class NaiveStage:
    """What one stage does, in plain values.

    Attributes:
        epochs: batches of training pictures, epoch by epoch.
        points: for each step the share of the highest rate, and beta1.
        seeds: for each step what torch's generator is set to before dropout draws.
        first: index of the first group that trains.
        batchnorm: of frozen groups; frozen, adapt or train.
        rates: the highest of each group.
        smoothing: share of the target that is spread over all classes.
        class_weights: what the loss of a picture of each class is multiplied with.
        clip: largest norm of all gradients together; 0 leaves them as they are.
        pieces: in how many pieces, one after the other, a batch is computed.
        mixes: for each step the share (n,) that each picture keeps, and whose it takes the rest of.
    """

    epochs: list[list[Pictures]]
    points: list[tuple[float, float]]
    seeds: list[int]
    first: int
    batchnorm: str
    rates: tuple[float, ...]
    decay: float
    smoothing: float = 0.0
    class_weights: tuple[float, ...] = (1.0, 1.0, 1.0)
    clip: float = 0.0
    pieces: int = 1
    mixes: list[tuple[torch.Tensor, torch.Tensor]] | None = None


@dataclass(kw_only=True)
class NaiveResult:
    losses: list[float] = field(default_factory=list)
    valid_losses: list[float] = field(default_factory=list)
    accuracies: list[float] = field(default_factory=list)


@dataclass(kw_only=True)
class NaiveNetwork:
    """A body, given as a function, and the head, on tensors that are changed in place.

    Attributes:
        groups: prefixes of the names in each layer group.
        learning: BatchNorm layers, by prefix, that use and follow the batch's statistics.
    """

    state: State
    groups: tuple[tuple[str, ...], ...]
    body: Callable[[NaiveNetwork, torch.Tensor], torch.Tensor]
    learning: frozenset[str] = frozenset()
    is_training: bool = False

    def __call__(self, images: torch.Tensor) -> torch.Tensor:
        maps = self.body(self, images)
        x = torch.cat([maps.amax((2, 3)), maps.mean((2, 3))], dim=1)
        x = self.dropout(self.norm("head.1", x), 0.25)
        x = (x @ self.state["head.3.weight"].T).clamp(min=0)
        x = self.dropout(self.norm("head.5", x), 0.5)
        return x @ self.state["head.7.weight"].T

    def conv(self, name: str, x: torch.Tensor, stride: int, padding: int) -> torch.Tensor:
        weight, bias = self.state[f"{name}.weight"], self.state.get(f"{name}.bias")
        return functional.conv2d(x, weight, bias, stride, padding)

    def norm(self, name: str, x: torch.Tensor) -> torch.Tensor:
        over = [axis for axis in range(x.dim()) if axis != 1]
        shape = [-1 if axis == 1 else 1 for axis in range(x.dim())]
        mean, variance = self.state[f"{name}.running_mean"], self.state[f"{name}.running_var"]
        if name in self.learning:
            count = x.numel() / x.shape[1]
            old_mean, old_variance = mean, variance
            mean = x.mean(over)
            variance = ((x - mean.view(shape)) ** 2).mean(over)
            unbiased = variance.detach() * count / (count - 1)
            self.state[f"{name}.running_mean"] = 0.9 * old_mean + 0.1 * mean.detach()
            self.state[f"{name}.running_var"] = 0.9 * old_variance + 0.1 * unbiased
        scaled = (x - mean.view(shape)) / (variance.view(shape) + 1e-5).sqrt()
        weight, bias = self.state[f"{name}.weight"], self.state[f"{name}.bias"]
        return scaled * weight.view(shape) + bias.view(shape)

    def dropout(self, x: torch.Tensor, share: float) -> torch.Tensor:
        if not self.is_training:
            return x
        kept = torch.empty_like(x).bernoulli_(1 - share)
        return x * kept / (1 - share)

    def norm_layers(self, first: int, last: int) -> set[str]:
        """Return the prefixes of BatchNorm layers in the groups from `first` to before `last`."""
        inside = tuple(prefix for group in self.groups[first:last] for prefix in group)
        ending = ".running_mean"
        norms = {name.removesuffix(ending) for name in self.state if name.endswith(ending)}
        return {name for name in norms if f"{name}.".startswith(inside)}


def tiny_body(net: NaiveNetwork, x: torch.Tensor) -> torch.Tensor:
    """Return what two convolutions with BatchNorm and one with a bias make of pictures."""
    x = net.norm("body.bn1", net.conv("body.conv1", x, 2, 1)).clamp(min=0)
    x = net.norm("body.bn2", net.conv("body.conv2", x, 2, 1)).clamp(min=0)
    return net.conv("body.conv3.0", x, 1, 0).clamp(min=0)


def resnet18_body(net: NaiveNetwork, x: torch.Tensor) -> torch.Tensor:
    """Return what ResNet 18 makes of pictures, before its pooling."""
    x = net.norm("body.bn1", net.conv("body.conv1", x, 2, 3)).clamp(min=0)
    x = functional.max_pool2d(x, 3, 2, 1)
    for layer in (1, 2, 3, 4):
        for block in (0, 1):
            name = f"body.layer{layer}.{block}"
            stride = 2 if layer > 1 and block == 0 else 1
            y = net.norm(f"{name}.bn1", net.conv(f"{name}.conv1", x, stride, 1)).clamp(min=0)
            y = net.norm(f"{name}.bn2", net.conv(f"{name}.conv2", y, 1, 1))
            if stride == 2:
                x = net.norm(f"{name}.downsample.1", net.conv(f"{name}.downsample.0", x, 2, 0))
            x = (x + y).clamp(min=0)
    return x


def naive_training(
    net: NaiveNetwork, stages: list[NaiveStage], valid: list[Pictures]
) -> NaiveResult:
    """Train and judge the network after every epoch."""
    result = NaiveResult()
    for stage in stages:
        optimiser = NaiveAdamW(trained_names(net, stage), decayed_names(net), stage.decay)
        step = 0
        for batches in stage.epochs:
            frozen_norms = set() if stage.batchnorm != "frozen" else net.norm_layers(0, stage.first)
            net.learning = frozenset(net.norm_layers(0, len(net.groups)) - frozen_norms)
            net.is_training = True
            for batch in batches:
                scale, beta1 = stage.points[step]
                torch.manual_seed(stage.seeds[step])
                learned = one_hot(batch, stage)
                if stage.mixes is not None:
                    learned = mixed(learned, *stage.mixes[step])
                loss, gradients = naive_gradients(net, stage, optimiser.groups, learned)
                rates = [rate * scale for rate in stage.rates]
                optimiser.step(net.state, clipped(gradients, stage.clip), rates, beta1)
                result.losses.append(loss)
                step += 1
            judge(net, valid, result)
    return result


def one_hot(batch: Pictures, stage: NaiveStage) -> Pictures:
    """Return the pictures with a share of 0 or 1 of each class, (n, classes)."""
    images, targets = batch
    return images, functional.one_hot(targets, len(stage.class_weights)).to(images.dtype)


def mixed(batch: Pictures, shares: torch.Tensor, partners: torch.Tensor) -> Pictures:
    """Return weighted means of pictures and targets, in pairs."""
    images, targets = batch
    share = shares.view(-1, 1, 1, 1)
    images = share * images + (1 - share) * images[partners]
    share = shares.view(-1, 1)
    return images, share * targets + (1 - share) * targets[partners]


def naive_gradients(
    net: NaiveNetwork, stage: NaiveStage, names: Iterable[str], batch: Pictures
) -> tuple[float, State]:
    """Return a batch's loss and its gradients by name."""
    names = list(names)
    total, sums = 0.0, {name: torch.zeros_like(net.state[name]) for name in names}
    for images, targets in pieces_of(batch, stage.pieces):
        for name in names:
            net.state[name] = net.state[name].detach().requires_grad_(True)
        wanted = (1 - stage.smoothing) * targets + stage.smoothing / targets.shape[1]
        losses = -(wanted * log_softmax(net(images))).sum(dim=1)
        weighted = losses * (targets @ torch.tensor(stage.class_weights, dtype=targets.dtype))
        loss = weighted.sum() / len(batch[0])
        gradients = torch.autograd.grad(loss, [net.state[name] for name in names])
        total += loss.item()
        for name, gradient in zip(names, gradients, strict=True):
            sums[name] += gradient
    return total, sums


def pieces_of(batch: Pictures, count: int) -> Iterator[Pictures]:
    """Cut a batch; where it does not divide, the first pieces have a picture more."""
    images, targets = batch
    size, more = divmod(len(images), count)
    start = 0
    for index in range(count):
        end = start + size + (index < more)
        yield images[start:end], targets[start:end]
        start = end


def log_softmax(logits: torch.Tensor) -> torch.Tensor:
    """Return the logarithm of each class's probability."""
    shifted = logits - logits.max(dim=1, keepdim=True).values
    return shifted - shifted.exp().sum(dim=1, keepdim=True).log()


def clipped(gradients: State, largest: float) -> State:
    """Shorten all gradients by one factor if their common norm is too large."""
    norm = math.sqrt(sum((g**2).sum().item() for g in gradients.values()))
    if not largest or norm <= largest:
        return gradients
    return {name: g * (largest / norm) for name, g in gradients.items()}


class NaiveAdamW:
    """The step of fastai 2: decoupled decay, then Adam with beta2 0.99 and epsilon 1e-5."""

    def __init__(self, groups: Mapping[str, int], decayed: set[str], decay: float) -> None:
        """Train the named tensors, each at the rate of its group."""
        self.groups = groups
        self._decayed = decayed
        self._decay = decay
        self._mean: State = {}
        self._square: State = {}
        self._count = 0

    def step(self, state: State, gradients: State, rates: list[float], beta1: float) -> None:
        self._count += 1
        for name, g in gradients.items():
            rate, p = rates[self.groups[name]], state[name].detach()
            if name in self._decayed:
                p = p * (1 - rate * self._decay)
            a = beta1 * self._mean.get(name, torch.zeros_like(p)) + (1 - beta1) * g
            s = 0.99 * self._square.get(name, torch.zeros_like(p)) + 0.01 * g * g
            self._mean[name], self._square[name] = a, s
            size = (s / (1 - 0.99**self._count)).sqrt() + 1e-5
            state[name] = p - rate / (1 - beta1**self._count) * a / size


def trained_names(net: NaiveNetwork, stage: NaiveStage) -> dict[str, int]:
    """Return the names of tensors that train, with the index of their group."""
    frozen_norms = net.norm_layers(0, stage.first) if stage.batchnorm == "train" else set()
    trained = {}
    for name in net.state:
        if name.endswith((".weight", ".bias")):
            (group,) = (i for i, prefixes in enumerate(net.groups) if name.startswith(prefixes))
            if group >= stage.first or name.rpartition(".")[0] in frozen_norms:
                trained[name] = group
    return trained


def decayed_names(net: NaiveNetwork) -> set[str]:
    """Return the names of weights that are no bias and not in a norm layer."""
    norms = net.norm_layers(0, len(net.groups))
    weights = {name for name in net.state if name.endswith(".weight")}
    return {name for name in weights if name.removesuffix(".weight") not in norms}


@torch.no_grad()
def judge(net: NaiveNetwork, valid: list[Pictures], result: NaiveResult) -> None:
    """Note loss and accuracy over the validation pictures."""
    net.learning, net.is_training = frozenset(), False
    losses, right = [], []
    for images, targets in valid:
        logits = net(images)
        losses += (-log_softmax(logits)[torch.arange(len(targets)), targets]).tolist()
        right += (logits.argmax(dim=1) == targets).tolist()
    result.valid_losses.append(math.fsum(losses) / len(losses))
    result.accuracies.append(sum(right) / len(right))


def one_cycle(steps: int) -> list[tuple[float, float]]:
    """Return share of the highest rate and beta1 for each step, with fastai 2's numbers."""

    def cosine(start: float, end: float, p: float) -> float:
        return start + (end - start) * (1 - math.cos(math.pi * p)) / 2

    points = []
    for step in range(steps):
        p = step / steps
        if p < 0.25:
            points.append((cosine(1 / 25, 1, p / 0.25), cosine(0.95, 0.85, p / 0.25)))
        else:
            fall = (p - 0.25) / 0.75
            points.append((cosine(1, 1e-5, fall), cosine(0.85, 0.95, fall)))
    return points
