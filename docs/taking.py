"""Waiting for a window, and saving what it shows as a small picture."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import astuple
from pathlib import Path
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from PIL import Image
from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QWidget

from petstudio.ui.theme import Theme
from petstudio.ui.tokens import Tokens

IMAGES = Path(__file__).parent / "images"
IntArray: TypeAlias = npt.NDArray[np.int32]
_COLOURS = 256
_EXACT = 128  # of them: those of the theme, then those that most pixels have
_SETTLED_MS = 1500


def take(window: QWidget, theme: Theme, name: str, folder: Path = IMAGES) -> None:
    """Save the window as it is now."""
    folder.mkdir(exist_ok=True)
    path = folder / f"{name}.png"
    window.grab().toImage().save(str(path))
    with Image.open(path) as picture:
        own = own_colours(theme.tokens)
        with_few_colours(picture.convert("RGB"), own).save(path, optimize=True)


def wait(until: Callable[[], bool], *, settle_ms: int = _SETTLED_MS) -> None:
    """Let the window live until something is so, and a moment longer for what is still drawn."""
    loop = QEventLoop()
    poll = QTimer()
    poll.timeout.connect(lambda: loop.quit() if until() else None)
    poll.start(50)
    loop.exec()
    poll.stop()
    QTimer.singleShot(settle_ms, loop.quit)
    loop.exec()


def settle() -> None:
    """Let the window draw what has changed."""
    wait(lambda: True)


def own_colours(tokens: Tokens) -> IntArray:
    """Return the colours of a theme, int (n, 3)."""
    values = [part for value in astuple(tokens) for part in np.atleast_1d(value)]
    codes = [value[1:] for value in values if str(value).startswith("#")]
    return np.array([list(bytes.fromhex(code)) for code in codes], dtype=np.int32)


def with_few_colours(picture: Image.Image, own: IntArray) -> Image.Image:
    """Return the picture with a palette in which surfaces and small marks keep their `own` colours.

    Chosen by plain frequency it would go to the shades of photographs and letters alone.
    """
    pixels = np.asarray(picture, dtype=np.int32).reshape(-1, 3)
    colours, places, counts = np.unique(pixels, axis=0, return_inverse=True, return_counts=True)
    is_own = (colours[:, None] == own).all(axis=2).any(axis=1)
    ranked = np.lexsort((-counts, ~is_own))
    rest = ranked[_EXACT:]
    shades = np.repeat(colours[rest], np.sqrt(counts[rest]).astype(int), axis=0)
    row = Image.fromarray(shades[None].astype(np.uint8)).quantize(_COLOURS - _EXACT)
    others = np.reshape(row.getpalette() or [], (-1, 3))
    palette = np.concatenate([colours[ranked[:_EXACT]], others])
    # Pillow's own search for the nearest entry is not exact.
    apart = [((colours - entry) ** 2).sum(axis=1) for entry in palette]
    nearest = np.argmin(apart, axis=0).astype(np.uint8)
    small = Image.fromarray(nearest[places.ravel()].reshape(picture.height, picture.width))
    small.putpalette(palette.astype(np.uint8).tobytes())
    return small
