"""Evaluation views: what a run got right and wrong, looked at in one more way, as data.

A view returns numbers and names, and the program draws them; numpy appears in annotations only.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Generic

from petstudio.api.options import O

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, kw_only=True)
class EvaluatedImages:
    """What a run made of n images, judged by the labels of today.

    Attributes:
        classes: their names, in the order of the network's outputs.
        keys: int64 (n,); names each image, see `ViewRow.keys`.
        targets: int64 (n,); the true class of each, as a place in `classes`.
        probabilities: float32 (n, classes); after the model's temperature.
        losses: float32 (n,); cross entropy.
        train_counts: int64 (classes,); how many training images each class has.
    """

    classes: tuple[str, ...]
    keys: NDArray[np.int64]
    targets: NDArray[np.int64]
    probabilities: NDArray[np.float32]
    losses: NDArray[np.float32]
    train_counts: NDArray[np.int64]


class ViewForm(Enum):
    """How a view is drawn. BARS: a stack for each row, with a piece for each column."""

    TABLE = "table"
    BARS = "bars"


@dataclass(frozen=True, kw_only=True)
class ViewColumn:
    """What the numbers of one column are; those in per cent are shares, from 0 to 1."""

    label: str
    as_percent: bool = False


@dataclass(frozen=True, kw_only=True)
class ViewRow:
    """A line of the table, or one stack of bars.

    Attributes:
        label: what it is about.
        values: one for each column, finite; None where there is none. Bars are never below 0.
        keys: of the images that are shown when the row is chosen, from `EvaluatedImages.keys`.
    """

    label: str
    values: tuple[float | None, ...]
    keys: tuple[int, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ViewData:
    """What a view shows.

    Attributes:
        heading: what the rows are, for example "Class" or "Probability".
        note: a sentence below that says how to read it, if it needs one.
    """

    heading: str
    columns: tuple[ViewColumn, ...]
    rows: tuple[ViewRow, ...]
    form: ViewForm = ViewForm.TABLE
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class EvaluationView(Generic[O]):
    """One more way to look at an evaluation; `look` gets n at least 1."""

    key: str
    label: str
    summary: str
    options: type[O]
    look: Callable[[O, EvaluatedImages], ViewData]
