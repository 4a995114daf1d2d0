"""The complete state of a run at one step, as data and as the plain content of a file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import torch

from petstudio.api.errors import InputError, IntegrityError, OptionError
from petstudio.api.language import tr
from petstudio.config.mapping import from_mapping, to_mapping
from petstudio.config.rate_edit import RateEdit
from petstudio.config.recipe import Precision
from petstudio.engine.network import LAST_LAYER, Network
from petstudio.engine.reporting import ReporterState

_MOST_AT_ONCE: Final = 65_536  # pictures, as in a recipe; more than there are cores
_LARGEST_COUNT: Final = 10**15  # steps, epochs, batches
_DAMAGED: Final = tr("The checkpoint does not hold what a checkpoint holds.")


@dataclass(frozen=True, kw_only=True)
class Position:
    """Where a run stands.

    Attributes:
        stage: its index; the number of stages when all are done.
        epoch, batch: how many are done within the stage, and within the current epoch.
        epochs, steps: how many are done over the whole run.
    """

    stage: int = 0
    epoch: int = 0
    batch: int = 0
    epochs: int = 0
    steps: int = 0


@dataclass(frozen=True, kw_only=True)
class Best:
    """The best epoch so far: its stage, its number over the run, the steps by then, its value."""

    stage: int
    epoch: int
    steps: int
    value: float


@dataclass(frozen=True, kw_only=True)
class Conditions:
    """What has to be the same for the same bits; `device` is a kind such as cpu."""

    precision: Precision
    batch_size: int
    threads: int
    device: str
    torch: str


@dataclass(frozen=True, kw_only=True)
class TrainingState:
    """What goes on beside the weights.

    Attributes:
        optimiser: moments and step counts by parameter; empty between stages.
        scaler: of float16 gradients; empty otherwise.
        pieces: in how many pieces a batch is computed.
        idle: epochs of the stage since the best one.
        edits: of the rates, the latest for each stage.
    """

    position: Position
    reporter: ReporterState = field(default_factory=ReporterState)
    optimiser: Mapping[int, Any] = field(default_factory=dict)  # tensors by name
    scaler: Mapping[str, Any] = field(default_factory=dict)  # as torch has it
    pieces: int = 1
    best: Best | None = None
    idle: int = 0
    edits: tuple[RateEdit, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Checkpoint:
    """The weights, and the rest if the run can go on from here; one of the best epoch has none."""

    weights: Mapping[str, torch.Tensor]
    classes: tuple[str, ...]
    architecture: str
    conditions: Conditions
    training: TrainingState | None = None

    def content(self) -> dict[str, Any]:
        """Return it as tensors and plain values."""
        content = {
            "weights": dict(self.weights),
            "classes": list(self.classes),
            "architecture": self.architecture,
            "conditions": to_mapping(self.conditions),
        }
        if self.training is not None:
            state = self.training
            content["training"] = {
                "position": to_mapping(state.position),
                "reporter": to_mapping(state.reporter),
                "optimiser": dict(state.optimiser),
                "scaler": dict(state.scaler),
                "pieces": state.pieces,
                "best": to_mapping(state.best) if state.best else None,
                "idle": state.idle,
                "edits": to_mapping(state.edits),
            }
        return content


def from_content(content: Mapping[str, Any]) -> Checkpoint:
    """Return the checkpoint that has this content.

    Raises:
        IntegrityError: it is not one.
    """
    try:
        training = content.get("training")
        return Checkpoint(
            weights=_tensors(content["weights"]),
            classes=tuple(str(name) for name in content["classes"]),
            architecture=str(content["architecture"]),
            conditions=_conditions(content["conditions"]),
            training=None if training is None else _training(training),
        )
    except (
        LookupError,
        TypeError,
        ValueError,
        AttributeError,
        OverflowError,
        OptionError,
    ) as error:
        raise IntegrityError(_DAMAGED) from error


def fill_network(network: Network, classes: tuple[str, ...], checkpoint: Checkpoint) -> None:
    """Copy a checkpoint's weights into a network for `classes`.

    Where the classes have changed since, the outputs of those that are still there are kept, and
    those of new ones stay as they are.

    Raises:
        InputError: the checkpoint is of another architecture.
    """
    weights = dict(checkpoint.weights)
    own = network.state_dict()
    if classes != checkpoint.classes and LAST_LAYER in weights:
        rows = own[LAST_LAYER].clone()
        places = {name: row for row, name in enumerate(checkpoint.classes)}
        for row, name in enumerate(classes):
            if name in places:
                rows[row] = weights[LAST_LAYER][places[name]]
        weights[LAST_LAYER] = rows
    fits = own.keys() == weights.keys() and all(
        weights[name].shape == tensor.shape for name, tensor in own.items()
    )
    if not fits:
        raise InputError(
            tr(
                "The checkpoint holds the weights of another network ({architecture}).",
                architecture=checkpoint.architecture,
            ),
            cure=tr("Choose the architecture that it was made with."),
        )
    network.load_state_dict(weights)


def _tensors(values: Mapping[str, Any]) -> dict[str, torch.Tensor]:
    if not all(isinstance(value, torch.Tensor) for value in values.values()):
        raise TypeError
    return dict(values)


def _conditions(values: Mapping[str, Any]) -> Conditions:
    found = from_mapping(Conditions, values)
    for number in (found.batch_size, found.threads):
        _within(number, 1, _MOST_AT_ONCE)
    return found


def _within(value: int, least: int, most: int = _LARGEST_COUNT) -> int:
    """Return the value; ValueError for what no run comes to."""
    if not least <= value <= most:
        raise ValueError
    return value


def _training(values: Mapping[str, Any]) -> TrainingState:
    best = values["best"]
    reporter = values["reporter"]
    mean, count = reporter["smoothed"]
    position = from_mapping(Position, values["position"])
    for number in vars(position).values():
        _within(number, 0)
    return TrainingState(
        position=position,
        reporter=ReporterState(
            smoothed=(float(mean), _within(int(count), 0)),
            losses=tuple(float(loss) for loss in reporter["losses"]),
        ),
        optimiser={int(key): _tensors(value) for key, value in values["optimiser"].items()},
        scaler=dict(values["scaler"]),
        pieces=_within(int(values["pieces"]), 1, _MOST_AT_ONCE),
        best=None if best is None else from_mapping(Best, best),
        idle=_within(int(values["idle"]), 0),
        edits=tuple(_edit(edit) for edit in values.get("edits", ())),
    )


def _edit(values: Mapping[str, Any]) -> RateEdit:
    points = tuple((int(epoch), float(factor)) for epoch, factor in values["points"])
    return RateEdit(stage=int(values["stage"]), points=points)
