"""The built-in sample set: pets drawn by the program itself, the same for the same seed."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Final

from petstudio.config.atomic import write_fault
from petstudio.images.drawing.kinds import Kind, sample_kinds
from petstudio.images.drawing.picture import draw_picture

SAMPLE_CLASSES: Final = (
    "beagle",
    "budgie",
    "dalmatian",
    "goldfish",
    "guinea_pig",
    "hamster",
    "rabbit",
    "siamese_cat",
    "tabby_cat",
    "turtle",
)
SAMPLE_PATTERN: Final = r"(?P<label>[a-z_]+)_\d+\.jpg$"
SAMPLES_PER_CLASS: Final = 80


def draw_sample_set(
    folder: Path,
    *,
    seed: int = 7,
    per_class: int = SAMPLES_PER_CLASS,
    on_progress: Callable[[int, int], None] | None = None,
) -> None:
    """Draw the pictures that the folder does not hold yet, as `tabby_cat_17.jpg` and so on.

    `on_progress(done, total)` may raise to stop; what is drawn by then stays, and the next call
    goes on from there.

    Raises:
        MachineError: the disk is full, or the folder cannot be written.
    """
    missing = _missing(folder, per_class)
    total = per_class * len(SAMPLE_CLASSES)
    for done, (kind, number) in enumerate(missing, start=total - len(missing) + 1):
        _write(folder / _name(kind, number), sample_picture(kind, number, seed=seed))
        if on_progress is not None:
            on_progress(done, total)


def sample_picture(kind: Kind, number: int, *, seed: int) -> bytes:
    """Return one picture as a JPEG file; it depends on nothing but the arguments."""
    drawing = draw_picture(kind, Random(f"{seed}/{kind.name}/{number}"))
    stream = io.BytesIO()
    drawing.image.save(stream, "JPEG", quality=drawing.quality)
    return stream.getvalue()


def _missing(folder: Path, per_class: int) -> list[tuple[Kind, int]]:
    # An empty file is what a power cut may leave of a picture.
    there = {path.name for path in folder.glob("*.jpg") if path.stat().st_size}
    kinds = sample_kinds()
    return [
        (kind, number)
        for number in range(1, per_class + 1)
        for kind in kinds
        if _name(kind, number) not in there
    ]


def _name(kind: Kind, number: int) -> str:
    return f"{kind.name}_{number}.jpg"


def _write(path: Path, content: bytes) -> None:
    # Not flushed to disk one by one: a picture that is lost can be drawn again, and hundreds of
    # flushes take longer than the drawing.
    temporary = path.with_suffix(".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_bytes(content)
        temporary.replace(path)
    except OSError as error:
        raise write_fault(path, error) from error
