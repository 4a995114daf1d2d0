"""Probabilities of a whole set, kept once; every table about errors is counted from them.

Without torch: the window reads them in its own process.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import safetensors
import safetensors.numpy
from numpy.typing import NDArray

from petstudio.api.errors import IntegrityError
from petstudio.api.events import ConfusedPair
from petstudio.api.language import tr
from petstudio.config.atomic import write_bytes

SMALLEST_PROBABILITY: Final = float(np.finfo(np.float32).tiny)  # so that no loss is infinite
_PLAIN_SHARE: Final = 0.25  # fastai 2 calls it beta


@dataclass(frozen=True, kw_only=True)
class Predictions:
    """What a network thinks of n labelled pictures.

    Attributes:
        keys: int64 (n,), which pictures.
        targets: int64 (n,), true class indices.
        probabilities: float32 (n, classes).
        losses: float32 (n,), cross entropy of each picture.
    """

    keys: NDArray[np.int64]
    targets: NDArray[np.int64]
    probabilities: NDArray[np.float32]
    losses: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.targets)

    @property
    def predicted(self) -> NDArray[np.int64]:
        """The most probable class of each picture, int64 (n,)."""
        return np.asarray(self.probabilities.argmax(axis=1), dtype=np.int64)

    @property
    def correct(self) -> int:
        """How many pictures are right."""
        return int((self.predicted == self.targets).sum())

    @property
    def loss(self) -> float:
        """The mean loss; NaN without pictures."""
        return float(self.losses.mean(dtype=np.float64)) if len(self) else float("nan")


@dataclass(frozen=True, kw_only=True)
class TopLoss:
    """One picture with a high loss; both probabilities, as they are often mixed up."""

    key: int
    actual: int
    predicted: int
    loss: float
    actual_probability: float
    predicted_probability: float


def joined_in_order(parts: Sequence[Predictions], keys: NDArray[np.int64]) -> Predictions:
    """Return all parts as one, in the order of `keys`, in which every picture occurs once."""
    seen = np.concatenate([part.keys for part in parts])
    by_key = np.argsort(keys)
    order = np.argsort(by_key[np.searchsorted(keys, seen, sorter=by_key)])
    return Predictions(
        keys=seen[order],
        targets=np.concatenate([part.targets for part in parts])[order],
        probabilities=np.concatenate([part.probabilities for part in parts])[order],
        losses=np.concatenate([part.losses for part in parts])[order],
    )


def averaged(plain: Predictions, views: Iterable[Predictions]) -> Predictions:
    """Return a quarter of `plain` and three quarters of the mean view, as fastai's `tta` does.

    All are in the same order; pictures that are not in each of them are left out.
    """
    keys, total, count = plain.keys, np.zeros_like(plain.probabilities), 0
    for view in views:
        common = np.isin(keys, view.keys)
        total = total[common] + view.probabilities[np.isin(view.keys, keys)]
        keys, count = keys[common], count + 1
    rows = np.isin(plain.keys, keys)
    mean, targets = total / count, plain.targets[rows]
    mixed = mean + _PLAIN_SHARE * (plain.probabilities[rows] - mean)
    probabilities = np.asarray(mixed, dtype=np.float32)
    own = probabilities[np.arange(len(keys)), targets]
    losses = -np.log(np.maximum(own, SMALLEST_PROBABILITY))
    return Predictions(keys=keys, targets=targets, probabilities=probabilities, losses=losses)


def retargeted(predictions: Predictions, targets: Mapping[int, int]) -> Predictions:
    """Return the predictions of the pictures in `targets` only, judged by these classes.

    Where the class is another one than before, the loss follows from its probability.
    """
    kept = np.array([key in targets for key in predictions.keys.tolist()], dtype=bool)
    keys, probabilities = predictions.keys[kept], predictions.probabilities[kept]
    wanted = np.array([targets[key] for key in keys.tolist()], dtype=np.int64)
    own = probabilities[np.arange(len(keys)), wanted]
    derived = -np.log(np.maximum(own, SMALLEST_PROBABILITY))
    is_same = wanted == predictions.targets[kept]
    return Predictions(
        keys=keys,
        targets=wanted,
        probabilities=probabilities,
        losses=np.where(is_same, predictions.losses[kept], derived),
    )


def confusion(predictions: Predictions) -> NDArray[np.int64]:
    """Return counts int64 (classes, classes): rows are actual, columns predicted."""
    classes = predictions.probabilities.shape[1]
    cells = predictions.targets * classes + predictions.predicted
    return np.bincount(cells, minlength=classes * classes).reshape(classes, classes)


def most_confused(
    counts: NDArray[np.int64], classes: Sequence[str], at_least: int = 1
) -> tuple[ConfusedPair, ...]:
    """Return the wrong cells by count, highest first; ties by actual, then predicted class."""
    wrong = counts.copy()
    np.fill_diagonal(wrong, 0)
    rows, columns = np.nonzero(wrong >= max(1, at_least))
    order = np.argsort(-wrong[rows, columns], kind="stable")
    return tuple(
        ConfusedPair(
            actual=classes[rows[i]],
            predicted=classes[columns[i]],
            count=int(wrong[rows[i], columns[i]]),
        )
        for i in order
    )


def top_losses(predictions: Predictions, count: int) -> tuple[TopLoss, ...]:
    """Return the pictures with the highest losses, worst first."""
    worst = np.argsort(-predictions.losses, kind="stable")[:count]
    predicted = predictions.predicted
    return tuple(
        TopLoss(
            key=int(predictions.keys[i]),
            actual=int(predictions.targets[i]),
            predicted=int(predicted[i]),
            loss=float(predictions.losses[i]),
            actual_probability=float(predictions.probabilities[i, predictions.targets[i]]),
            predicted_probability=float(predictions.probabilities[i, predicted[i]]),
        )
        for i in worst
    )


def save_predictions(path: Path, predictions: Predictions) -> None:
    """Keep predictions beside a run, atomically."""
    arrays: dict[str, NDArray[Any]] = {
        "keys": predictions.keys,
        "targets": predictions.targets,
        "probabilities": predictions.probabilities,
        "losses": predictions.losses,
    }
    write_bytes(path, safetensors.numpy.save(arrays))


def load_predictions(path: Path) -> Predictions:
    """Read what `save_predictions` wrote.

    Raises:
        IntegrityError: the file is missing or damaged.
    """
    try:
        if not path.is_file():  # a pipe would be waited for
            raise FileNotFoundError(path)
        found = Predictions(**safetensors.numpy.load_file(path))
        _check_shapes(found)
    except (safetensors.SafetensorError, OSError, TypeError, ValueError) as error:
        what = tr("{path} is missing or damaged.", path=path.name)
        raise IntegrityError(what, cure=tr("Evaluate the run again.")) from error
    return found


def _check_shapes(found: Predictions) -> None:
    """Raise ValueError for arrays that do not belong together."""
    count, classes = found.probabilities.shape
    columns = (found.keys, found.targets, found.losses)
    is_one_table = all(column.shape == (count,) for column in columns)
    is_named = all(column.dtype == np.int64 for column in (found.keys, found.targets))
    if not is_one_table or not is_named:
        raise ValueError("the shapes do not fit")
    if count and not (found.targets.min() >= 0 and found.targets.max() < classes):
        raise ValueError("there is no such class")
    if not np.isfinite(found.probabilities).all() or not np.isfinite(found.losses).all():
        raise ValueError("there are values that are no numbers")


def no_predictions(classes: int) -> Predictions:
    return Predictions(
        keys=np.zeros(0, dtype=np.int64),
        targets=np.zeros(0, dtype=np.int64),
        probabilities=np.zeros((0, classes), dtype=np.float32),
        losses=np.zeros(0, dtype=np.float32),
    )
