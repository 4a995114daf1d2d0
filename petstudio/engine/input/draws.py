"""Randomness as a function of (seed, epoch, picture): no state to save, no order to keep."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

# Constants of splitmix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators).
_GAMMA: Final = np.uint64(0x9E3779B97F4A7C15)
_FIRST: Final = np.uint64(0xBF58476D1CE4E5B9)
_SECOND: Final = np.uint64(0x94D049BB133111EB)
_ORDER_STREAM: Final = 0x6F72646572
_DROPOUT_STREAM: Final = 0x64726F70


def uniforms(seed: int, epoch: int, keys: NDArray[np.int64], draws: int) -> NDArray[np.float64]:
    """Return float64 (len(keys), draws) in [0, 1); a row depends on seed, epoch and its key."""
    base = _mix(np.uint64(seed), np.uint64(epoch))
    rows = _mix(base, keys.astype(np.uint64))
    bits = _mix(rows[:, None], np.arange(draws, dtype=np.uint64)[None, :])
    return (bits >> np.uint64(11)).astype(np.float64) * 2.0**-53


def epoch_order(seed: int, epoch: int, count: int) -> NDArray[np.int64]:
    """Return the order in which an epoch visits `count` pictures, int64 (count,)."""
    return np.random.default_rng((seed, epoch, _ORDER_STREAM)).permutation(count)


def step_seed(seed: int, step: int) -> int:
    """Return the seed of what the network itself draws in one step (dropout)."""
    return int(_mix(_mix(np.uint64(seed), np.uint64(_DROPOUT_STREAM)), np.uint64(step))) >> 1


def _mix(
    state: NDArray[np.uint64] | np.uint64, value: NDArray[np.uint64] | np.uint64
) -> NDArray[np.uint64]:
    with np.errstate(over="ignore"):  # wrapping around is what the generator is made of
        mixed: NDArray[np.uint64] = np.asarray(state) + (value + np.uint64(1)) * _GAMMA
        mixed = (mixed ^ (mixed >> np.uint64(30))) * _FIRST
        mixed = (mixed ^ (mixed >> np.uint64(27))) * _SECOND
        mixed ^= mixed >> np.uint64(31)
    return mixed
