"""What the confusion grid costs the window's thread: drawn, hovered and moved, at four sizes."""

from __future__ import annotations

import statistics
from dataclasses import dataclass

import numpy as np
from charts import bury, spent
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from turns import print_machine

from petstudio.ui.theme import Theme, ThemeMode
from petstudio.ui.widgets.confusion_grid import ConfusionGrid
from petstudio.ui.widgets.confusion_pad import CellPad

_CLASSES = (2, 37, 120, 1000)
_WIDTH, _HEIGHT = 866, 620
_PICTURES = 50  # of each class
_ERRORS = 6  # of them
_PAINTS = 60
_STEPS = 120
_ZOOMS = 3  # from the whole map


@dataclass(frozen=True, kw_only=True)
class Times:
    """Milliseconds of each painting, of each kind."""

    shown: list[float]
    painted: list[float]
    hovered: list[float]
    moved: list[float]


def drawn_counts(classes: int) -> NDArray[np.int64]:
    """Return counts in which most errors stay within groups of 18 classes."""
    noise = np.random.default_rng(0)
    actual = np.repeat(np.arange(classes), _ERRORS)
    near = actual // 18 * 18 + noise.integers(18, size=len(actual))
    far = noise.integers(classes, size=len(actual))
    predicted = np.minimum(np.where(noise.random(len(actual)) < 0.8, near, far), classes - 1)
    counts = np.diag(np.full(classes, _PICTURES - _ERRORS))
    np.add.at(counts, (actual, predicted), 1)
    return counts


def measure(app: QApplication, classes: int) -> Times:
    """Return what each painting of a grid took."""
    counts = drawn_counts(classes)
    names = [f"class number {number}" for number in range(classes)]
    grid = ConfusionGrid(Theme(mode=ThemeMode.LIGHT))
    grid.resize(_WIDTH, _HEIGHT)
    grid.show()
    spent(app, lambda: grid.show_counts(counts, names))  # fonts and imports are not measured
    shown = [spent(app, lambda: grid.show_counts(counts, names)) for _ in range(_PAINTS // 4)]
    pad = grid.map if grid.map.isVisible() else grid.board
    times = Times(
        shown=shown,
        painted=[spent(app, pad.viewport().update) for _ in range(_PAINTS)],
        hovered=[spent(app, lambda n=n: hover(pad, n)) for n in range(_PAINTS)],
        moved=moves(app, grid) if pad is grid.map else [],
    )
    bury(grid)
    return times


def hover(pad: CellPad, number: int) -> None:
    """Put the mouse onto the next cell of a diagonal."""
    corner = pad.viewport().rect().center() / 2
    QTest.mouseMove(pad.viewport(), corner + QPoint(3 * number, 3 * number))


def moves(app: QApplication, grid: ConfusionGrid) -> list[float]:
    """Drag a zoomed map with the middle button, a few pixels a frame."""
    grid.map.zoom(_ZOOMS)
    pad, middle = grid.map.viewport(), Qt.MouseButton.MiddleButton
    start = pad.rect().center()
    QTest.mousePress(pad, middle, Qt.KeyboardModifier.NoModifier, start)
    way = [QPoint(round(150 * np.sin(n / 20)), n) for n in range(_STEPS)]
    taken = [spent(app, lambda to=to: QTest.mouseMove(pad, start - to)) for to in way]
    QTest.mouseRelease(pad, middle, Qt.KeyboardModifier.NoModifier, start)
    return taken


def figures(times: list[float]) -> str:
    """Return the median and the largest."""
    return f"{statistics.median(times):.2f} | {max(times):.2f}" if times else "- | -"


def main() -> None:
    """Print the table."""
    app = QApplication([])
    Theme(mode=ThemeMode.LIGHT).apply(app)
    rows = [(classes, measure(app, classes)) for classes in _CLASSES]
    print("\n### The confusion grid, ms of the window's thread\n")
    print_machine(f"{_WIDTH} x {_HEIGHT} pixels, offscreen, painting included")
    print(
        "\n| classes | other counts, median | largest | a painting, median | largest"
        " | hover, median | largest | a step of panning, median | largest | frames/s |"
    )
    print("|---" * 10 + "|")
    for classes, times in rows:
        columns = " | ".join(
            figures(kind) for kind in (times.shown, times.painted, times.hovered, times.moved)
        )
        rate = f"{1000 / statistics.median(times.moved):,.0f}" if times.moved else "-"
        print(f"| {classes:,} | {columns} | {rate} |")


if __name__ == "__main__":
    main()
