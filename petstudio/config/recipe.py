"""The recipe: everything needed to repeat a run, as data and as a mapping."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Final

from petstudio.api.errors import IntegrityError, OptionError
from petstudio.api.language import tr
from petstudio.config.mapping import from_mapping, to_mapping

SCHEMA_VERSION: Final = 1
IMAGENET_WEIGHTS: Final = "imagenet"
NO_WEIGHTS: Final = "none"
TRAIN_HEAD: Final = "head"
TRAIN_ALL: Final = "all"
ALL_GPUS: Final = "all"
VALIDATION_LOSS: Final = "valid-loss"
_DEVICE: Final = re.compile(r"auto|cpu|mps|all|cuda(:\d+)?")
_SMALLEST_SIZE: Final = 8
_LARGEST_SIZE: Final = 2048
_SIZE_STEP: Final = 16


class Resize(Enum):
    """How an image of any shape becomes a square."""

    CROP = "crop"
    PAD = "pad"
    SQUISH = "squish"


class Precision(Enum):
    """The number format of the forward and backward pass; weights are always float32."""

    AUTO = "auto"
    FLOAT32 = "float32"
    BFLOAT16 = "bfloat16"
    FLOAT16 = "float16"


class BatchNorm(Enum):
    """What BatchNorm layers of frozen groups do.

    FROZEN: evaluation mode, nothing changes. ADAPT: running statistics follow the data, weights
    stay. TRAIN: both change, as in fastai's default (`train_bn=True`).
    """

    FROZEN = "frozen"
    ADAPT = "adapt"
    TRAIN = "train"


class ClassWeights(Enum):
    """How much the pictures of each class count in the training loss.

    BALANCED: n / (classes * n_class), so that every class counts the same however rare it is; the
    loss is the mean over the pictures of their weighted losses.
    """

    NONE = "none"
    BALANCED = "balanced"


class Keep(Enum):
    """Which weights a stage ends with: those of its last epoch, or of the run's best so far."""

    LAST = "last"
    BEST = "best"


@dataclass(frozen=True, kw_only=True)
class StartChoice:
    """What a run goes on from.

    Attributes:
        checkpoint: "RUN:NAME" of the same project, where NAME is last, best, a name such as stage-1
            or a step such as step-1200; empty for the weights of the model choice.
        stage: the first stage to run, counted from 0; those before it are left out.
    """

    checkpoint: str = ""
    stage: int = 0


@dataclass(frozen=True, kw_only=True)
class ModelChoice:
    """`weights` is a name that the architecture knows, "none", or a path of a local file."""

    architecture: str = "resnet34"
    weights: str = IMAGENET_WEIGHTS
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class InputChoice:
    """The square that the network sees, in pixels, and how images are made to fit it.

    Several sizes share the epochs of each stage in order ("progressive size"): early epochs see
    smaller pictures and cost less. Validation and the finished model use the last size.
    """

    size: tuple[int, ...] = (224,)
    resize: Resize = Resize.CROP

    @property
    def final_size(self) -> int:
        """The size that the finished model expects."""
        return self.size[-1]

    def size_in_epoch(self, epoch: int, epochs: int) -> int:
        """Return the size for an epoch, counted from 0, of a stage with `epochs` of them.

        The last epoch always has the final size, also where there are fewer epochs than sizes.
        """
        left = epochs - 1 - epoch
        return self.size[len(self.size) - 1 - left * len(self.size) // epochs]


def growing_sizes(final: int) -> tuple[int, ...]:
    """Return sizes for progressive training, about 4/7, 5/7 and all of the final one."""
    smaller = (round(final * share / _SIZE_STEP) * _SIZE_STEP for share in (4 / 7, 5 / 7))
    return (*sorted({size for size in smaller if _SMALLEST_SIZE <= size < final}), final)


@dataclass(frozen=True, kw_only=True)
class TrainingChoice:
    """What holds for all stages.

    Attributes:
        device: auto, cpu, mps, cuda, cuda:N or all (every GPU).
        weight_decay: decoupled; of weights alone, norm layers and biases are spared.
        accumulate: in how many pieces each batch is computed, one after the other; their gradients
            add up to those of the whole, and only BatchNorm sees the pieces.
        monitor: what the best epoch is best in: valid-loss, or the key of a metric.
    """

    batch_size: int = 64
    precision: Precision = Precision.AUTO
    device: str = "auto"
    weight_decay: float = 0.01
    accumulate: int = 1
    class_weights: ClassWeights = ClassWeights.NONE
    monitor: str = VALIDATION_LOSS


@dataclass(frozen=True, kw_only=True)
class AugmentationChoice:
    """An augmentation's key and its options."""

    key: str
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Stage:
    """One training phase.

    `trainable` is "head", "all" or the name of the first layer group that trains. `rate` holds one
    rate for every group, or two: from the first group to the last, by equal factors; or more: one
    for each group, and then there must be as many as the model has.

    `views` holds while only the head trains on a frozen body: 0 changes each picture anew in every
    epoch; k makes k changed views of each picture, whose features are computed once and used in
    turn, so that later epochs cost almost nothing.

    Attributes:
        weight_decay: None takes the one of all stages.
        label_smoothing: share of the target that is spread over all classes, 0 to 1.
        mixup: parameter of the beta distribution that pairs of pictures are mixed by; 0 mixes none.
        clip_gradient: largest norm of all gradients together; 0 leaves them as they are.
        keep: which weights the stage ends with, and the next one goes on from.
        patience: epochs without a better one after which the stage ends; 0 goes on to its end.
    """

    name: str
    epochs: int
    trainable: str = TRAIN_HEAD
    rate: tuple[float, ...] = (3e-3,)
    scheduler: str = "one-cycle"
    batchnorm: BatchNorm = BatchNorm.FROZEN
    views: int = 0
    weight_decay: float | None = None
    label_smoothing: float = 0.0
    mixup: float = 0.0
    clip_gradient: float = 0.0
    keep: Keep = Keep.LAST
    patience: int = 0
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """Everything needed to repeat a run on the same data."""

    schema_version: int = SCHEMA_VERSION
    seed: int = 42
    start: StartChoice = StartChoice()
    model: ModelChoice = ModelChoice()
    input: InputChoice = InputChoice()
    training: TrainingChoice = TrainingChoice()
    augmentations: tuple[AugmentationChoice, ...] = ()
    stages: tuple[Stage, ...] = ()


def recipe_from_mapping(values: Mapping[str, Any]) -> Recipe:
    """Build and check a recipe.

    Raises:
        OptionError: an unknown key, a wrong type or a value out of range, by its dotted name.
        IntegrityError: the recipe was written by a newer version.
    """
    version = values.get("schema_version", SCHEMA_VERSION)
    if isinstance(version, int) and version > SCHEMA_VERSION:
        raise IntegrityError(
            tr(
                "The recipe has schema version {version}; this program knows {schema_version}.",
                version=version,
                schema_version=SCHEMA_VERSION,
            ),
            cure=tr("Update PetStudio."),
        )
    recipe = from_mapping(Recipe, _flat_to_nested(values))
    _check(recipe)
    return recipe


def recipe_to_mapping(recipe: Recipe) -> dict[str, Any]:
    """Return the recipe as it stands in a file: one rate as a number, options beside their key."""
    values: dict[str, Any] = to_mapping(recipe)
    values["input"]["size"] = _one_or_all(values["input"]["size"])
    for stage in values["stages"]:
        stage["rate"] = _one_or_all(stage["rate"])
        if stage["weight_decay"] is None:
            del stage["weight_decay"]
        if not stage["options"]:
            del stage["options"]
    if not values["model"]["options"]:
        del values["model"]["options"]
    values["augmentations"] = [
        {"key": item["key"], **item["options"]} for item in values["augmentations"]
    ]
    return values


def _flat_to_nested(values: Mapping[str, Any]) -> dict[str, Any]:
    nested = dict(values)
    if "input" in values:
        nested["input"] = _as_list(values["input"], "size")
    augmentations = values.get("augmentations", [])
    if isinstance(augmentations, list):
        nested["augmentations"] = [_nest_options(item) for item in augmentations]
    stages = values.get("stages", [])
    if isinstance(stages, list):
        nested["stages"] = [_as_list(stage, "rate") for stage in stages]
    return nested


def _nest_options(item: Any) -> Any:
    if not isinstance(item, Mapping) or "key" not in item:
        return item
    return {"key": item["key"], "options": {k: v for k, v in item.items() if k != "key"}}


def _as_list(place: Any, key: str) -> Any:
    """Return the table with a single value under `key` made a list of one."""
    if not isinstance(place, Mapping) or isinstance(place.get(key, []), list | tuple):
        return place
    return {**place, key: [place[key]]}


def _one_or_all(values: list[Any]) -> Any:
    return values[0] if len(values) == 1 else values


def _check(recipe: Recipe) -> None:
    _check_sizes(recipe.input.size)
    batch = recipe.training.batch_size
    _require(1 <= batch <= 65536, "training.batch_size", tr("it must be 1 to 65536."))
    decay = recipe.training.weight_decay
    _require(0 <= decay <= 1, "training.weight_decay", tr("it must be 0 to 1."))
    pieces = recipe.training.accumulate
    _require(1 <= pieces <= batch, "training.accumulate", tr("it must be 1 to the batch size."))
    device = recipe.training.device
    _require(
        bool(_DEVICE.fullmatch(device)),
        "training.device",
        tr("“{device}” is not one of: auto, cpu, mps, cuda, cuda:N, all.", device=device),
    )
    _require(0 <= recipe.seed < 2**63, "seed", tr("it must be 0 to 2^63 - 1."))
    _require(
        0 <= recipe.start.stage < max(1, len(recipe.stages)),
        "start.stage",
        tr("there is no such stage."),
    )
    for index, stage in enumerate(recipe.stages):
        _check_stage(stage, f"stages.{index}")


def _check_sizes(sizes: tuple[int, ...]) -> None:
    _require(bool(sizes), "input.size", tr("it must be one size or a list of them."))
    in_range = all(_SMALLEST_SIZE <= size <= _LARGEST_SIZE for size in sizes)
    _require(
        in_range,
        "input.size",
        tr(
            "it must be {smallest_size} to {largest_size} pixels.",
            smallest_size=_SMALLEST_SIZE,
            largest_size=_LARGEST_SIZE,
        ),
    )
    _require(list(sizes) == sorted(sizes), "input.size", tr("sizes must grow from first to last."))


def _check_stage(stage: Stage, name: str) -> None:
    _require(1 <= stage.epochs <= 100_000, f"{name}.epochs", tr("it must be 1 to 100000."))
    _require(0 <= stage.views <= 1000, f"{name}.views", tr("it must be 0 to 1000."))
    _require(
        bool(stage.rate),
        f"{name}.rate",
        tr("it must be one rate, [low, high] or one for each group."),
    )
    _require(all(0 < rate <= 100 for rate in stage.rate), f"{name}.rate", tr("rates are 0 to 100."))
    decay = stage.weight_decay or 0.0
    _require(0 <= decay <= 1, f"{name}.weight_decay", tr("it must be 0 to 1."))
    _require(
        0 <= stage.label_smoothing < 1, f"{name}.label_smoothing", tr("it must be 0 to below 1.")
    )
    _require(0 <= stage.mixup <= 100, f"{name}.mixup", tr("it must be 0 to 100."))
    _require(
        0 <= stage.clip_gradient < math.inf, f"{name}.clip_gradient", tr("it must be 0 or more.")
    )
    _require(0 <= stage.patience <= 100_000, f"{name}.patience", tr("it must be 0 to 100000."))


def _require(holds: bool, option: str, what: str) -> None:
    if not holds:
        raise OptionError(option, what)
