"""Predictions as they arrive, kept in columns: 50,000 of them cost a few megabytes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from petstudio.api.events import Event, ImagePredicted, ImageSkipped, TopClass
from petstudio.jobs.predicted import Predicted

TOP: Final = 5
"""So many classes are kept of each picture."""
_FIRST_CAPACITY: Final = 256
_NO_CLASS: Final = -1


class PredictionList:
    """Pictures by key, which counts from 0 in the order of arrival; classes by their place.

    A picture that is predicted again keeps its key.
    """

    def __init__(self, classes: Sequence[str] = ()) -> None:
        self.classes = tuple(classes)
        self._places = {name: place for place, name in enumerate(classes)}
        self._paths: list[str] = []
        self._keys: dict[str, int] = {}
        self._reasons: dict[int, str] = {}
        self._picks = np.empty((_FIRST_CAPACITY, TOP), dtype=np.int32)
        self._shares = np.empty((_FIRST_CAPACITY, TOP), dtype=np.float32)

    def __len__(self) -> int:
        return len(self._paths)

    def __getitem__(self, key: int) -> Predicted:
        path = Path(self._paths[key])
        if key in self._reasons:
            return Predicted(path=path, reason=self._reasons[key])
        pairs = zip(self._picks[key].tolist(), self._shares[key].tolist(), strict=True)
        top = tuple(
            TopClass(label=self.classes[pick], probability=share)
            for pick, share in pairs
            if pick != _NO_CLASS
        )
        return Predicted(path=path, top=top)

    def some(self, keys: Iterable[int]) -> Iterator[Predicted]:
        """Yield pictures by key; may go on in another thread while more results come."""
        return (self[key] for key in keys)

    @property
    def paths(self) -> Sequence[str]:
        return self._paths

    @property
    def picks(self) -> NDArray[np.int32]:
        """The most probable class of each picture; -1 for one that cannot be read."""
        return self._picks[: len(self), 0]

    @property
    def confidences(self) -> NDArray[np.float32]:
        """The probability of that class; 0 for a picture that cannot be read."""
        return self._shares[: len(self), 0]

    @property
    def margins(self) -> NDArray[np.float32]:
        """By how much the first class is before the second."""
        return self._shares[: len(self), 0] - self._shares[: len(self), 1]

    @property
    def unreadable(self) -> int:
        return len(self._reasons)

    def unsure(self, sure_from: float) -> int:
        """Return how many pictures have a class, but none that is probable enough."""
        return int(((self.picks != _NO_CLASS) & (self.confidences < sure_from)).sum())

    def add(self, events: Iterable[Event]) -> int:
        """Take the results among the events; returns how many those were."""
        count = 0
        for event in events:
            match event:
                case ImagePredicted(path=path, top=top):
                    self._put(path, top)
                case ImageSkipped(path=path, reason=reason):
                    self._reasons[self._put(path, ())] = reason
                case _:
                    continue
            count += 1
        return count

    def _put(self, path: str, top: Sequence[TopClass]) -> int:
        key = self._keys.setdefault(path, len(self._paths))
        if key == len(self._paths):
            self._paths.append(path)
            self._make_room()
        self._reasons.pop(key, None)
        self._picks[key], self._shares[key] = _NO_CLASS, 0.0
        for rank, found in enumerate(top[:TOP]):
            self._picks[key, rank] = self._places[found.label]
            self._shares[key, rank] = found.probability
        return key

    def _make_room(self) -> None:
        if len(self._paths) > len(self._picks):
            self._picks = np.concatenate([self._picks, np.empty_like(self._picks)])
            self._shares = np.concatenate([self._shares, np.empty_like(self._shares)])
