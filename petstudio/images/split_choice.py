"""How the images are divided, as plain values; without numpy, since every edit may ask."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from typing import Final

from petstudio.api.contributions import Split

_DRAW_BYTES: Final = 8


@dataclass(frozen=True, kw_only=True)
class SplitChoice:
    """How to split what the source leaves open; the shares are 0 to 1, together below 1.

    `by_folder` keeps the pictures of each folder on one side, `alike` those that look the same.
    Pictures with the same bytes are never divided.
    """

    valid_share: float = 0.2
    test_share: float = 0.0
    seed: int = 42
    stratify: bool = True
    by_folder: bool = False
    alike: bool = False

    def side_of(self, family: str) -> Split:
        """Return the side of one image, or of a group, that comes after the others were split.

        The same name always gets the same answer, whatever came before it.
        """
        digest = hashlib.sha256(b"%d\0%b" % (self.seed, os.fsencode(family))).digest()
        draw = int.from_bytes(digest[:_DRAW_BYTES], "big") / 256**_DRAW_BYTES
        if draw < self.valid_share:
            return Split.VALID
        return Split.TEST if draw < self.valid_share + self.test_share else Split.TRAIN
