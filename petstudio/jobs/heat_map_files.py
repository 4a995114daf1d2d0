"""Where heat maps are kept; light to import, as the window looks for those that are there."""

from __future__ import annotations

import contextlib
import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from petstudio.project.layout import CACHE, HEAT_MAPS
from petstudio.project.records import RunFolder


@dataclass(frozen=True, kw_only=True)
class HeatMapWish:
    """The heat of class number `target` in a picture, to be kept as a PNG in `file`."""

    picture: Path
    target: int
    file: Path


def heat_map_wish(project: Path, run: RunFolder, picture: Path, target: int) -> HeatMapWish:
    """Return the wish; another model or another picture has another file."""
    stamps = [stamp_of(run.model_path), str(picture), stamp_of(picture)]
    name = hashlib.sha256(json.dumps(stamps).encode("ascii")).hexdigest()[:24]
    folder = project / CACHE / HEAT_MAPS / str(run.number)
    return HeatMapWish(picture=picture, target=target, file=folder / f"{name}-{target}.png")


def stamp_of(path: Path) -> tuple[int, int]:
    """Return what changes with a file: its size and its time; zeros for one that is not there."""
    with contextlib.suppress(OSError):
        found = path.stat()
        return found.st_size, found.st_mtime_ns
    return 0, 0
