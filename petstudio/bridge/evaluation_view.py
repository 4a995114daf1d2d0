"""What the Evaluate page shows, as it was when it was looked at; plain data and numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from petstudio.api.contributions import Split
from petstudio.api.events import ConfusedPair
from petstudio.bridge.run_comparison import ComparedPart
from petstudio.engine.analysis.accuracy import Accuracy
from petstudio.engine.analysis.calibration import Reliability
from petstudio.engine.analysis.comparison import Comparison
from petstudio.engine.analysis.label_errors import LabelError
from petstudio.engine.analysis.per_class import ClassScore
from petstudio.engine.analysis.thresholds import CoverageCurve
from petstudio.engine.predictions import Predictions
from petstudio.images.roots import Root
from petstudio.jobs.results import RunResult
from petstudio.project.records import ImageRecord, RunFolder

Rows = NDArray[np.int64]
"""Places in the predictions."""


@dataclass(frozen=True, kw_only=True)
class EvaluationChoice:
    """What to look at; run None is the latest that can be evaluated.

    Attributes:
        views: of each picture, as in `RunResult`.
        other: the run to compare with.
        part: only the pictures that became this from the other run to this one.
    """

    run: int | None = None
    split: Split = Split.VALID
    views: int = 0
    other: int | None = None
    part: ComparedPart | None = None


@dataclass(frozen=True, kw_only=True, eq=False)
class Judged:
    """A result with what follows from it; `predictions` are those after the temperature.

    Attributes:
        clustered: the classes, similar ones together.
        fitted: the temperature that would be best.
        reliability, plain_error, fitted_error: of the predictions, and the expected calibration
            error without a temperature and with the best one.
    """

    result: RunResult
    predictions: Predictions
    counts: NDArray[np.int64]
    confused: tuple[ConfusedPair, ...]
    clustered: NDArray[np.int64]
    scores: tuple[ClassScore, ...]
    curve: CoverageCurve
    fitted: float
    reliability: Reliability
    plain_error: float
    fitted_error: float
    label_errors: tuple[LabelError, ...]

    @property
    def classes(self) -> tuple[str, ...]:
        return self.result.classes

    @cached_property
    def predicted(self) -> NDArray[np.int64]:
        return self.predictions.predicted

    @cached_property
    def confidence(self) -> NDArray[np.float32]:
        """The highest probability of each picture."""
        return np.asarray(self.predictions.probabilities.max(axis=1, initial=0.0))

    @cached_property
    def wrong(self) -> NDArray[np.bool_]:
        return np.asarray(self.predicted != self.predictions.targets)

    @cached_property
    def place_of(self) -> Mapping[int, int]:
        """Where a picture stands in the predictions, by its id."""
        return {key: row for row, key in enumerate(self.predictions.keys.tolist())}

    def prepare(self) -> None:
        """Work out now what a page would wait for otherwise."""
        _ = (self.predicted, self.confidence, self.wrong, self.place_of)

    def worst_first(self, chosen: NDArray[np.bool_]) -> Rows:
        """Return the chosen pictures, the one with the highest loss first."""
        rows = np.flatnonzero(chosen)
        order = np.argsort(-self.predictions.losses[rows], kind="stable")
        return np.asarray(rows[order], dtype=np.int64)

    def keys_at(self, rows: Rows) -> tuple[int, ...]:
        """Return the ids of the pictures at these places."""
        return tuple(self.predictions.keys[rows].tolist())

    def rows_of(self, keys: Sequence[int]) -> Rows:
        """Return the places of pictures, those that are there, in their order."""
        found = [self.place_of[key] for key in keys if key in self.place_of]
        return np.array(found, dtype=np.int64)


@dataclass(frozen=True, kw_only=True, eq=False)
class Picked:
    """Pictures that were picked on the page, to be seen beside it.

    `images` are ids; those that were not evaluated are shown as they are. `current` is the one to
    begin with; `is_wrong` says that all of them are mistakes.
    """

    title: str
    images: tuple[int, ...] = ()
    current: int | None = None
    is_wrong: bool = False


@dataclass(frozen=True, kw_only=True)
class RunOption:
    """A run that has a model."""

    number: int
    name: str
    folder: RunFolder


@dataclass(frozen=True, kw_only=True, eq=False)
class Evaluation:
    """Everything for the page.

    Attributes:
        choice: with the number of the run filled in.
        runs: that have a model, the newest first.
        records: all pictures of the project by id.
        classes: of the data today.
        root: the folder of the pictures; None where it cannot be reached.
        result: of all pictures, whatever part is chosen; None while the run was not evaluated so.
        judged: what follows from it, or from the chosen part.
        problem: why there is nothing to show.
        comparison: with the other run; `comparison_problem` says why there is none.
    """

    choice: EvaluationChoice
    runs: tuple[RunOption, ...] = ()
    records: Mapping[int, ImageRecord] = field(default_factory=dict)
    classes: tuple[str, ...] = ()
    root: Root | None = None
    result: RunResult | None = None
    judged: Judged | None = None
    problem: str = ""
    comparison: Comparison | None = None
    comparison_problem: str = ""

    @cached_property
    def accuracy(self) -> Accuracy:
        """Over all pictures."""
        if self.result is None:
            return Accuracy(correct=0, images=0)
        found = self.result.predictions
        return Accuracy(correct=found.correct, images=len(found))

    @property
    def run(self) -> RunOption | None:
        return next((run for run in self.runs if run.number == self.choice.run), None)

    def picture(self, image: int) -> Path:
        """Return the file of any picture of the project."""
        return (self.root or Path()) / self.records[image].path
