"""What a plugin contributes: frozen descriptions, each with a factory that does the work.

`key` is stored in projects and recipes and never translated; `label` and `summary` are shown.
Nothing heavy is imported here: numpy and torch appear in annotations only.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypeAlias

from petstudio.api.options import O
from petstudio.api.views import EvaluationView

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from torch import nn

    Classify: TypeAlias = Callable[[NDArray[np.float32]], NDArray[np.float32]]


class Split(Enum):
    """Which part of the data an image is in."""

    TRAIN = "train"
    VALID = "valid"
    TEST = "test"


@dataclass(frozen=True, kw_only=True)
class Place:
    """A folder of images, already listed by the program.

    Attributes:
        root: the folder.
        files: paths of the images below it, relative, with `/` on every system, sorted.
    """

    root: Path
    files: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class ImageLabel:
    """What a loader found out about one image.

    Attributes:
        path: one of `Place.files`; any other path is reported to the user as missing.
        label: the class name; None where the loader found none ("unmatched").
        split: the part that the source itself prescribes, if it does.
        group: images of one group stay on one side of the split (same animal, same scene).
        span: where in `path` the label stands, as start and end, if it does.
        is_ambiguous: by the same rule the label could have been another one.
    """

    path: str
    label: str | None
    split: Split | None = None
    group: str | None = None
    span: tuple[int, int] | None = None
    is_ambiguous: bool = False


@dataclass(frozen=True, kw_only=True)
class DatasetLoader(Generic[O]):
    """Turns a place into images with labels.

    `read` yields one ImageLabel for each file of the place, in the order of `Place.files`, and may
    add further ones for files that its source names but that are not there. It runs in a child
    process, which is ended when one file takes longer than two seconds. It raises InputError for
    options or a source that cannot be used.
    """

    key: str
    label: str
    summary: str
    options: type[O]
    read: Callable[[O, Place], Iterable[ImageLabel]]


@dataclass(frozen=True, kw_only=True)
class LayerGroup:
    """A run of layers that shares a learning rate.

    Attributes:
        name: shown in the window, for example "stem to layer2".
        modules: names of direct children of the body, in forward order.
    """

    name: str
    modules: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Body:
    """A network without pooling and classifier, with random weights.

    Attributes:
        module: maps float images (N, 3, H, W) to feature maps (N, features, h, w).
        groups: every child of `module` with parameters is in exactly one group, input side first.
        features: channels of the feature maps.
    """

    module: nn.Module
    groups: tuple[LayerGroup, ...]
    features: int


@dataclass(frozen=True, kw_only=True)
class GroupSize:
    """How large a layer group is, as data.

    Attributes:
        name: that of its LayerGroup.
        parameters: all of them.
        norm_parameters: those of BatchNorm and other norm layers among them, which a stage can
            train while the rest of the group is frozen.
    """

    name: str
    parameters: int
    norm_parameters: int = 0


@dataclass(frozen=True, kw_only=True)
class PretrainedWeights:
    """Weights that can be fetched when the user agrees.

    Attributes:
        file_name: the name under which the file is kept and may be put by hand.
        url: https address of a file holding a state dict with the body's parameter names.
        sha256: hexadecimal digest of the file, or its first 8 digits or more.
        size: of the file, in bytes, as shown before the download.
        licence: one line, shown before the download.
        mean, std: per channel, of RGB in 0..1, that the weights were trained with.
    """

    file_name: str
    url: str
    sha256: str
    size: int
    licence: str
    mean: tuple[float, float, float]
    std: tuple[float, float, float]


@dataclass(frozen=True, kw_only=True)
class Architecture(Generic[O]):
    """A network body; `build` imports torch and returns it with random weights.

    Attributes:
        parameters: the body's count, shown before torch is loaded.
        weights: maps the name that a recipe uses ("imagenet") to where they are.
        groups: the layer groups as `build` will make them, input side first, so that the window can
            show them before torch is loaded; it has to know `features` too. Empty where options
            change them: the window then shows them once a run has begun.
        features: channels of the body's feature maps, as in its Body.

    Raises:
        ValueError: groups without features, or with other parameters in sum than `parameters`.
    """

    key: str
    label: str
    summary: str
    options: type[O]
    build: Callable[[O], Body]
    parameters: int
    weights: tuple[tuple[str, PretrainedWeights], ...] = ()
    groups: tuple[GroupSize, ...] = ()
    features: int = 0

    def __post_init__(self) -> None:
        if not self.groups:
            return
        if self.features < 1:
            raise ValueError(f"“{self.key}” declares groups, but not how many features it has.")
        total = sum(group.parameters for group in self.groups)
        if total != self.parameters:
            raise ValueError(
                f"The groups of “{self.key}” have {total:,} parameters, but it declares "
                f"{self.parameters:,}."
            )


@dataclass(frozen=True, kw_only=True)
class SchedulePlan:
    """The length of one stage: `steps` optimiser steps in all, `steps_per_epoch` in each epoch."""

    steps: int
    steps_per_epoch: int


@dataclass(frozen=True, slots=True)
class SchedulePoint:
    """What holds for one step: every group's rate is its own maximum times `scale`."""

    scale: float
    momentum: float


@dataclass(frozen=True, kw_only=True)
class Scheduler(Generic[O]):
    """Learning rate and momentum as a pure function of the step.

    `build` returns a function from the step (0 for the first) to its SchedulePoint; without state,
    so that it can be drawn before the start and resumed anywhere.
    """

    key: str
    label: str
    summary: str
    options: type[O]
    build: Callable[[O, SchedulePlan], Callable[[int], SchedulePoint]]


@dataclass(frozen=True, kw_only=True)
class ImageTransforms:
    """Random changes of n images, as numbers.

    Attributes:
        homography: float64 (n, 3, 3); maps output to input coordinates, both in -1..1 over the
            network's square, x to the right and y down.
        brightness: float64 (n,); added to the logit of the pixel value.
        contrast: float64 (n,); multiplies the logit of the pixel value.
        erased: float64 (n, k, 4); k boxes of each, as left, top, right and bottom in -1..1 over the
            network's square, that get the mean colour in the end. One without an area erases
            nothing; None is no boxes at all.
    """

    homography: NDArray[np.float64]
    brightness: NDArray[np.float64]
    contrast: NDArray[np.float64]
    erased: NDArray[np.float64] | None = None


@dataclass(frozen=True, kw_only=True)
class Augmentation(Generic[O]):
    """Random changes of geometry and light, applied to training images only.

    `draw` maps (options, uniforms) to transforms; `uniforms` is float64 (n, draws) in [0, 1),
    a function of (seed, epoch, image). A pure function: all randomness comes from its argument.
    """

    key: str
    label: str
    summary: str
    options: type[O]
    draws: int
    draw: Callable[[O, NDArray[np.float64]], ImageTransforms]


@dataclass(frozen=True, kw_only=True)
class Metric(Generic[O]):
    """One number about predictions.

    `compute` gets the options, probabilities float32 (n, classes) and the true class indices
    int64 (n,), n at least 1.
    """

    key: str
    label: str
    summary: str
    options: type[O]
    compute: Callable[[O, NDArray[np.float32], NDArray[np.int64]], float]
    higher_is_better: bool = True
    as_percent: bool = True


@dataclass(frozen=True, kw_only=True)
class FinishedModel:
    """A trained network with its preprocessing, as an exporter gets it.

    Attributes:
        module: maps pictures float32 (N, size, size, 3), RGB from 0 to 255, to probabilities
            float32 (N, classes); on the CPU, in evaluation mode, without gradients.
        size: side of the pictures, in pixels.
        about: JSON text that belongs into the file under the name "petstudio": the classes in
            order, how a picture file becomes the input, temperature, versions.
    """

    module: nn.Module
    size: int
    about: str


@dataclass(frozen=True, kw_only=True)
class Exporter(Generic[O]):
    """A file format for finished models.

    `write` returns the content of the file. `read` loads such a file again with what its users will
    have, and returns its `about` and a function from pictures to probabilities, both as NumPy
    arrays: after each export the program compares them with its own.

    Attributes:
        suffix: of the file's name, such as ".onnx"; it chooses the format.
        script: a Python file of the plugin that defines `load(path)`, which does what `read` does
            and imports NumPy and `packages` only. It becomes part of a script that is left beside
            the export. None leaves none.
        packages: what that script needs besides NumPy and Pillow, by the names that pip knows.

    Raises:
        ValueError: the suffix is not a dot with lower-case letters or digits behind it.
    """

    key: str
    label: str
    summary: str
    options: type[O]
    suffix: str
    write: Callable[[O, FinishedModel], bytes]
    read: Callable[[Path], tuple[str, Classify]]
    script: Path | None = None
    packages: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not re.fullmatch(r"\.[a-z0-9]+", self.suffix):
            raise ValueError(
                f"“{self.key}” has the suffix {self.suffix!r}; write one like '.onnx'."
            )


Contribution = (
    DatasetLoader[Any]
    | Architecture[Any]
    | Scheduler[Any]
    | Augmentation[Any]
    | Metric[Any]
    | Exporter[Any]
    | EvaluationView[Any]
)
