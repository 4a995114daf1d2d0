"""Everything that a job can say: frozen dataclasses of plain values, one closed union.

An event survives the trip through JSON (`to_json`, `from_json`); each run keeps its own in
`events.jsonl`, and the command line prints the same lines with `--json`.
"""

from __future__ import annotations

import dataclasses
import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, TypeAlias, get_args

from petstudio.api.errors import IntegrityError
from petstudio.api.language import tr
from petstudio.api.views import ViewColumn, ViewForm, ViewRow


class Outcome(Enum):
    """How a job ended."""

    COMPLETED = "completed"
    CANCELLED = "cancelled"
    FAILED = "failed"


class RateRule(Enum):
    """How a learning rate is read off the curve of a sweep."""

    VALLEY = "valley"
    SLIDE = "slide"
    MINIMUM = "minimum"
    STEEPEST = "steepest"


class SweepEnd(Enum):
    """Why a learning-rate sweep ended."""

    COMPLETED = "completed"
    DIVERGED = "diverged"
    NOT_A_NUMBER = "not a number"


class CheckpointKind(Enum):
    """When a checkpoint was made; BEST holds the weights alone, the others all that goes on."""

    STEP = "step"
    EPOCH = "epoch"
    STAGE = "stage"
    BEST = "best"


class NoticeLevel(Enum):
    """How much a notice matters."""

    INFO = "info"
    WARNING = "warning"


@dataclass(frozen=True, kw_only=True)
class ProgressMade:
    """A step of work without numbers of its own; `total` is 0 while it is unknown."""

    task: str
    done: int
    total: int = 0


@dataclass(frozen=True, kw_only=True)
class NoticeGiven:
    """Something the user should know, as one sentence; the job goes on.

    `plugin` names the plugin that was left out of the job because it failed, as `details` say.
    """

    level: NoticeLevel
    message: str
    plugin: str = ""
    details: str = field(default="", repr=False)


@dataclass(frozen=True, kw_only=True)
class ImageSkipped:
    """An image that could not be used; the job goes on without it."""

    path: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class ProjectCreated:
    """A project is on disk. Counts are images; `left_out` are files that are no images."""

    path: str
    images: int
    classes: int
    train: int
    valid: int
    test: int
    unmatched: int
    unreadable: int
    left_out: int


@dataclass(frozen=True, kw_only=True)
class GroupPlan:
    """A layer group at the start of a stage; rate is the highest one, 0 while it is frozen."""

    name: str
    parameters: int
    trainable: int
    rate: float


@dataclass(frozen=True, kw_only=True)
class RunStarted:
    """Training begins. `steps` is the number of optimiser steps over all stages."""

    run: int
    folder: str
    architecture: str
    classes: tuple[str, ...]
    train: int
    valid: int
    batch_size: int
    steps: int
    device: str
    precision: str
    threads: int


@dataclass(frozen=True, kw_only=True)
class StageStarted:
    """A stage begins; numbers count from 0."""

    stage: int
    name: str
    epochs: int
    steps_per_epoch: int
    scheduler: str
    groups: tuple[GroupPlan, ...]


@dataclass(frozen=True, kw_only=True)
class StepFinished:
    """One optimiser step. `step` counts from 0 over the whole run, `rate` is the last group's.

    `images_per_second` is this step's own, input included, pauses left out; `waiting` is the share
    of its time, 0 to 1, in which it waited for pictures.
    """

    stage: int
    epoch: int
    step: int
    loss: float
    smoothed_loss: float
    rate: float
    momentum: float
    images_per_second: float
    waiting: float = 0.0


@dataclass(frozen=True, kw_only=True)
class EpochFinished:
    """One epoch and its validation; `epoch` counts from 0 within the stage.

    `train_loss` is the smoothed loss at the end of the epoch, as fastai prints it;
    `mean_train_loss` the mean over the epoch. Without validation images `valid_loss` is NaN.
    """

    stage: int
    epoch: int
    step: int
    train_loss: float
    mean_train_loss: float
    valid_loss: float
    metrics: Mapping[str, float]
    seconds: float


@dataclass(frozen=True, kw_only=True)
class StageFinished:
    """A stage is over after `epochs` epochs.

    `is_early` says that it ended before its time, as nothing improved any more; `restored` is the
    epoch whose weights were taken back as the best so far, counted from 0 over the run, or -1.
    """

    stage: int
    epochs: int
    is_early: bool = False
    restored: int = -1


@dataclass(frozen=True, kw_only=True)
class RatesEdited:
    """From `step` on a stage's rates are what its schedule says times a factor.

    The factor is that of `factors` at the start of each epoch of `epochs`, counted from 0 within
    the stage; between two of them it changes by equal factors, and behind the last one it stays.
    """

    stage: int
    step: int
    epochs: tuple[int, ...]
    factors: tuple[float, ...]


@dataclass(frozen=True, kw_only=True)
class RunResumed:
    """A run goes on after `step` steps, from a checkpoint; what it had done beyond is done again.

    `is_exact` says that it will end with the very weights of an unbroken run.
    """

    run: int
    step: int
    checkpoint: str
    is_exact: bool


@dataclass(frozen=True, kw_only=True)
class CheckpointSaved:
    """A checkpoint is on disk after `step` steps; most have no name."""

    file: str
    kind: CheckpointKind
    name: str
    step: int


@dataclass(frozen=True, kw_only=True)
class MemoryEstimated:
    """What training takes, measured with two small batches; all in bytes but the last.

    `safe_batch_size` is the largest batch that fits into nine tenths of what is free.
    """

    fixed: int
    per_picture: int
    free: int
    safe_batch_size: int


@dataclass(frozen=True, kw_only=True)
class BatchDivided:
    """The memory is too small for a batch of `images`, so it is computed in `pieces`.

    Their gradients add up to those of the whole; `step` is the first one that is computed so.
    `is_undone` says that the user had the recipe's own `pieces` tried again.
    """

    step: int
    images: int
    pieces: int
    is_undone: bool = False


@dataclass(frozen=True, kw_only=True)
class TrainingDiverged:
    """Training stopped since the loss or a weight is no finite number.

    `paths` are the pictures of the batch in which it showed, `kept` says what is left.
    """

    step: int
    rate: float
    loss: float
    paths: tuple[str, ...]
    kept: str = ""


@dataclass(frozen=True, kw_only=True)
class SweepStarted:
    """A learning-rate sweep begins; rates grow by equal factors over `steps` batches.

    `weights` says in words what it starts from; a group that does not train has rate 0, the others
    `end_rate`.
    """

    stage: int
    name: str
    weights: str
    start_rate: float
    end_rate: float
    steps: int
    batch_size: int
    groups: tuple[GroupPlan, ...]


@dataclass(frozen=True, kw_only=True)
class SweepStepFinished:
    """One batch of a sweep; the smoothed loss is an exponential mean without start-up bias."""

    step: int
    rate: float
    loss: float
    smoothed_loss: float


@dataclass(frozen=True, kw_only=True)
class RateSuggestion:
    """What one rule makes of a sweep; `rate` is NaN where it finds none, `reason` says why."""

    rule: RateRule
    rate: float
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class SweepFinished:
    """A sweep is over; the network is as it was before."""

    end: SweepEnd
    steps: int
    suggestions: tuple[RateSuggestion, ...]
    plot: str = ""


@dataclass(frozen=True, kw_only=True)
class ModelSaved:
    """A finished model file."""

    path: str


@dataclass(frozen=True, kw_only=True)
class ExportFinished:
    """A model was exported, loaded again and compared with the program's own answers.

    `agreeing` of `pictures` have the same most probable class; `matches` says that no probability
    differs by more than `tolerance`. The file is kept either way. `check` is the file with this
    result, `script` one that predicts without PetStudio, if the format has one.
    """

    run: int
    path: str
    format: str
    pictures: int
    agreeing: int
    largest_difference: float
    tolerance: float
    matches: bool
    check: str
    script: str = ""


@dataclass(frozen=True, kw_only=True)
class ConfusedPair:
    """`count` images of class `actual` were taken for `predicted`."""

    actual: str
    predicted: str
    count: int


@dataclass(frozen=True, kw_only=True)
class EvaluationFinished:
    """The result of an evaluation; `correct` of `images` were right.

    `views` tells how many changed views of each picture were averaged with the plain one.
    """

    run: int
    split: str
    images: int
    correct: int
    loss: float
    metrics: Mapping[str, float]
    most_confused: tuple[ConfusedPair, ...]
    report: str = ""
    views: int = 0


@dataclass(frozen=True, kw_only=True)
class ViewMade:
    """What the evaluation view `key` of a plugin shows of a run; the rest as in its ViewData."""

    run: int
    split: str
    key: str
    label: str
    heading: str
    columns: tuple[ViewColumn, ...]
    rows: tuple[ViewRow, ...]
    form: ViewForm = ViewForm.TABLE
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class TopClass:
    """One candidate of a prediction; probability in 0..1."""

    label: str
    probability: float


@dataclass(frozen=True, kw_only=True)
class ImagePredicted:
    """The prediction for one image, most probable class first.

    `is_sure` is false where the first probability is below the threshold for "not sure".
    """

    path: str
    top: tuple[TopClass, ...]
    is_sure: bool = True


@dataclass(frozen=True, kw_only=True)
class RunFinished:
    """The last event of every job.

    `kept` says what is on disk now, for a job that did not complete; `bad_input` tells a failure
    that lies in what was given; `plugin` names the plugin whose failure it was; `details` is the
    traceback of an unexpected failure or a plugin's, shown on demand.
    """

    outcome: Outcome
    seconds: float = 0.0
    message: str = ""
    kept: str = ""
    bad_input: bool = False
    plugin: str = ""
    details: str = field(default="", repr=False)


Event: TypeAlias = (
    ProgressMade
    | NoticeGiven
    | ImageSkipped
    | ProjectCreated
    | RunStarted
    | StageStarted
    | StepFinished
    | EpochFinished
    | StageFinished
    | RatesEdited
    | RunResumed
    | CheckpointSaved
    | MemoryEstimated
    | BatchDivided
    | TrainingDiverged
    | SweepStarted
    | SweepStepFinished
    | SweepFinished
    | ModelSaved
    | ExportFinished
    | EvaluationFinished
    | ViewMade
    | ImagePredicted
    | RunFinished
)
Emit: TypeAlias = Callable[[Event], None]

_EVENTS: Mapping[str, type[Any]] = {kind.__name__: kind for kind in get_args(Event)}
_NESTED: Mapping[tuple[str, str], type[Any]] = {
    ("StageStarted", "groups"): GroupPlan,
    ("SweepStarted", "groups"): GroupPlan,
    ("SweepFinished", "suggestions"): RateSuggestion,
    ("EvaluationFinished", "most_confused"): ConfusedPair,
    ("ViewMade", "columns"): ViewColumn,
    ("ViewMade", "rows"): ViewRow,
    ("ImagePredicted", "top"): TopClass,
}
_ENUMS: Mapping[tuple[str, str], type[Enum]] = {
    ("NoticeGiven", "level"): NoticeLevel,
    ("CheckpointSaved", "kind"): CheckpointKind,
    ("SweepFinished", "end"): SweepEnd,
    ("RateSuggestion", "rule"): RateRule,
    ("RunFinished", "outcome"): Outcome,
    ("ViewMade", "form"): ViewForm,
}


def to_json(event: Event) -> str:
    """Return the event as one line of strict JSON; numbers that are not finite become null."""
    name = type(event).__name__
    return json.dumps({"event": name, **_plain(dataclasses.asdict(event))}, ensure_ascii=True)


def from_json(line: str) -> Event:
    """Return the event that a line of `events.jsonl` holds.

    Raises:
        IntegrityError: the line is not an event of this version.
    """
    try:
        values = json.loads(line)
        name = values.pop("event")
        kind = _EVENTS[name]
        event: Event = _rebuild(kind, values)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise IntegrityError(tr("A line of the event file cannot be read.")) from error
    return event


def _rebuild(kind: type[Any], values: Mapping[str, Any]) -> Any:
    name = kind.__name__
    return kind(**{key: _restore(name, key, value) for key, value in values.items()})


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value.value if isinstance(value, Enum) else value


def _restore(event: str, key: str, value: Any) -> Any:
    if (event, key) in _ENUMS:
        return _ENUMS[event, key](value)
    if (event, key) in _NESTED:
        return tuple(_rebuild(_NESTED[event, key], item) for item in value)
    if isinstance(value, list):
        return tuple(value)
    if isinstance(value, dict):
        return {name: math.nan if item is None else item for name, item in value.items()}
    return math.nan if value is None else value
