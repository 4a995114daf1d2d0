"""Pictures that look the same although their files differ, found without comparing all with all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from petstudio.images.picture_facts import FINGERPRINT_BITS

Pairs: TypeAlias = tuple[tuple[int, int], ...]

MOST_DIFFERENT: Final = 16
"""Bits. Of 185 pet photos, copies of half the size, of low quality or 15 % brighter differ from
their originals in 10 at most, and no two photos in fewer than 40."""

_BAND_BITS: Final = 16
_BANDS: Final = FINGERPRINT_BITS // _BAND_BITS
_NEIGHBOURS: Final = 32


def near_pairs(
    fingerprints: Sequence[bytes], on_band: Callable[[], object] = lambda: None
) -> Pairs:
    """Return positions of fingerprints that are nearly equal, lower ones first, sorted.

    Two that differ in few bits agree in one of 8 bands at least (surely up to 7 bits, mostly up to
    16). Sorted by that band first, they stand near each other, and each is compared with the next
    32 that share it: the work grows with n log n even where thousands share a band.
    """
    places = np.array([at for at, one in enumerate(fingerprints) if one], dtype=np.int64)
    if len(places) < 2:
        return ()
    content = b"".join(fingerprints[at] for at in places)
    words = np.frombuffer(content, dtype=np.uint16).reshape(len(places), _BANDS)
    found: set[tuple[int, int]] = set()
    for band in range(_BANDS):
        on_band()
        near = places[_near_in_band(words, band)]
        found.update((min(pair), max(pair)) for pair in near.tolist())
    return tuple(sorted(found))


def _near_in_band(words: NDArray[np.uint16], band: int) -> NDArray[np.int64]:
    """Return rows (m, 2) that share the band and differ in few bits."""
    order = np.lexsort(np.roll(words, -band, axis=1).T[::-1])
    ordered = words[order]
    found = [np.empty((0, 2), dtype=np.int64)]
    for step in range(1, min(_NEIGHBOURS, len(order) - 1) + 1):
        first = np.flatnonzero(ordered[:-step, band] == ordered[step:, band])
        if not len(first):
            break
        bits = np.bitwise_count(ordered[first] ^ ordered[first + step]).sum(axis=1)
        near = first[bits <= MOST_DIFFERENT]
        found.append(np.stack([order[near], order[near + step]], axis=1))
    return np.concatenate(found)
