"""What a run takes pictures for, kept with the project until somebody decides. Needs numpy."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Final

import numpy as np
import safetensors
import safetensors.numpy
from numpy.typing import NDArray

from petstudio.api.language import tr
from petstudio.config.atomic import write_bytes
from petstudio.project.layout import SUGGESTIONS
from petstudio.project.names import label_problem
from petstudio.project.own_files import damaged_file, read_own_file

TOP: Final = 5
"""So many classes are kept of each picture, where there are that many."""
_SCHEMA: Final = "1"
_MOST_BYTES: Final = 1 << 30
_ROOM: Final = 1e-3  # by which rounding may lift the sum of shares above 1


@dataclass(frozen=True, kw_only=True)
class Suggestions:
    """The most probable classes of n pictures, from one run.

    Attributes:
        run: its number.
        classes: names, in the order of the network's outputs.
        keys: int64 (n,), image ids, each once.
        picks: int32 (n, k), places in `classes`, the most probable first.
        shares: float32 (n, k), their probabilities, falling.
    """

    run: int
    classes: tuple[str, ...]
    keys: NDArray[np.int64]
    picks: NDArray[np.int32]
    shares: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.keys)

    @cached_property
    def rows(self) -> Mapping[int, int]:
        """The row of each picture, by its id."""
        return {key: row for row, key in enumerate(self.keys.tolist())}

    @cached_property
    def _has_merged(self) -> bool:
        return len(set(self.classes)) < len(self.classes)

    def renamed(self, names: Mapping[str, str]) -> Suggestions:
        """Return the same with other names for classes; two may become one."""
        return replace(self, classes=tuple(names.get(name, name) for name in self.classes))

    def top(self, key: int) -> tuple[str, float] | None:
        """Return the most probable class of a picture with its probability, if there is one."""
        row = self.rows.get(key)
        if row is None:
            return None
        if self._has_merged:
            return self.all_of(key)[0]
        return self.classes[int(self.picks[row, 0])], float(self.shares[row, 0])

    def top_place(self, key: int) -> int | None:
        """Return the place in `classes` of what the network took a picture for."""
        row = self.rows.get(key)
        return None if row is None else int(self.picks[row, 0])

    def equals(self, other: Suggestions) -> bool:
        """True if the other ones say the same."""
        return (self.run, self.classes) == (other.run, other.classes) and all(
            np.array_equal(mine, theirs)
            for mine, theirs in (
                (self.keys, other.keys),
                (self.picks, other.picks),
                (self.shares, other.shares),
            )
        )

    def all_of(self, key: int) -> tuple[tuple[str, float], ...]:
        """Return all that is kept of a picture, the most probable class first."""
        row = self.rows.get(key)
        if row is None:
            return ()
        found: dict[str, float] = {}
        for pick, share in zip(self.picks[row].tolist(), self.shares[row].tolist(), strict=True):
            name = self.classes[pick]
            found[name] = min(1.0, found.get(name, 0.0) + share)
        return tuple(sorted(found.items(), key=lambda item: -item[1]))


def suggestions_of(
    run: int,
    classes: Sequence[str],
    found: Iterable[tuple[int, Sequence[tuple[str, float]]]],
) -> Suggestions:
    """Return suggestions made of (image id, classes with probabilities, highest first).

    Each has `TOP` classes, or all where there are fewer.
    """
    places = {name: place for place, name in enumerate(classes)}
    width = min(TOP, len(classes))
    rows = [(key, top[:width]) for key, top in found]
    return Suggestions(
        run=run,
        classes=tuple(classes),
        keys=np.array([key for key, _ in rows], dtype=np.int64),
        picks=np.array([[places[n] for n, _ in top] for _, top in rows], dtype=np.int32).reshape(
            len(rows), width
        ),
        shares=np.array([[s for _, s in top] for _, top in rows], dtype=np.float32).reshape(
            len(rows), width
        ),
    )


def save_suggestions(project: Path, suggestions: Suggestions) -> None:
    """Keep these in place of those before; MachineError if they cannot be written."""
    content = safetensors.numpy.save(
        {"keys": suggestions.keys, "picks": suggestions.picks, "shares": suggestions.shares},
        metadata={
            "schema_version": _SCHEMA,
            "run": str(suggestions.run),
            "classes": json.dumps(suggestions.classes),
        },
    )
    write_bytes(project / SUGGESTIONS, content)


def load_suggestions(project: Path) -> Suggestions | None:
    """Return what was suggested last; None where nothing was.

    Raises:
        IntegrityError: the file is damaged, newer, or not what PetStudio writes.
    """
    path = project / SUGGESTIONS
    content = read_own_file(path, most_bytes=_MOST_BYTES)
    if content is None:
        return None
    try:
        return _decoded(content)
    except (
        safetensors.SafetensorError, ValueError, KeyError, TypeError, IndexError, RecursionError
    ) as error:  # fmt: skip
        raise damaged_file(path, tr("it is not what PetStudio writes")) from error


def _decoded(content: bytes) -> Suggestions:
    facts = _metadata(content)
    tensors = safetensors.numpy.load(content)
    if facts["schema_version"] != _SCHEMA or set(tensors) != {"keys", "picks", "shares"}:
        raise ValueError("another schema")
    found = Suggestions(
        run=int(facts["run"]),
        classes=tuple(json.loads(facts["classes"])),
        keys=tensors["keys"],
        picks=tensors["picks"],
        shares=tensors["shares"],
    )
    _check(found)
    return found


def _metadata(content: bytes) -> dict[str, str]:
    length = int.from_bytes(content[:8], "little")
    header = json.loads(content[8 : 8 + length])
    return dict(header["__metadata__"])


def _check(found: Suggestions) -> None:
    """Raise ValueError unless everything is in its range; then no later use can fail."""
    keys, picks, shares = found.keys, found.picks, found.shares
    is_shaped = (
        [tensor.dtype.name for tensor in (keys, picks, shares)] == ["int64", "int32", "float32"]
        and keys.ndim == 1
        and picks.shape == shares.shape == (len(keys), min(TOP, len(found.classes)))
    )
    if not is_shaped or not found.classes or len(np.unique(keys)) != len(keys):
        raise ValueError("wrong shapes")
    if any(not isinstance(name, str) or label_problem(name) for name in found.classes):
        raise ValueError("a class without a name")
    if len(keys) and not (picks.min() >= 0 and picks.max() < len(found.classes)):
        raise ValueError("no such class")
    is_share = bool((shares >= 0).all() and (shares.sum(axis=1) <= 1 + _ROOM).all())
    if not is_share or bool((np.diff(shares, axis=1) > 0).any()):
        raise ValueError("no probabilities")
