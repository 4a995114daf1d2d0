"""Where the words and flags of a sweep stand, so that none covers another."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, QSizeF

from petstudio.ui.widgets.finder_plot_items import FinderPlotItems

_GAP: Final = 8.0


def place_flags(box: pg.ViewBox, items: FinderPlotItems, places: tuple[float, ...]) -> None:
    """Put the flags at the top outside the region, or inside where the plot ends."""
    (left, right), (bottom, top) = box.viewRange()
    width, height = box.viewPixelSize()
    low, high = items.flags
    if not places or not width:
        return
    has_room_left = (places[0] - left) / width >= low.boundingRect().width()
    has_room_right = (right - places[-1]) / width >= high.boundingRect().width()
    low.setAnchor((1 if has_room_left else 0, 0))
    high.setAnchor((0 if has_room_right else 1, 0))
    is_narrow = (places[-1] - places[0]) / width < (
        low.boundingRect().width() + high.boundingRect().width()
    )
    # Both inside a narrow region would cover each other.
    drop = high.boundingRect().height() * height
    low.setPos(places[0], top)
    high.setPos(places[-1], top - drop if is_narrow and not has_room_right else top)
    if not has_room_left and is_narrow:
        low.setPos(places[0], top - drop)
    items.decades.setPos((places[0] + places[-1]) / 2, bottom)


def place_words(box: pg.ViewBox, items: FinderPlotItems, edges: tuple[float, ...]) -> None:
    """Put each word beside its mark, where it covers no mark, no other word and at best no edge."""
    room = QRectF(QPointF(0, items.flags[1].boundingRect().height()), box.rect().bottomRight())
    marks = {rule: items.place_of(rule) for rule in items.marks}
    shown = {rule: box.mapFromView(QPointF(*at)) for rule, at in marks.items() if at is not None}
    taken = [QRectF(at.x() - _GAP, at.y() - _GAP, 2 * _GAP, 2 * _GAP) for at in shown.values()]
    lines = [QRectF(_pixel(box, edge) - 1, 0, 2, box.height()) for edge in edges]
    # From the right to the left, as words stand at the right of their marks.
    for rule, at in sorted(shown.items(), key=lambda item: -item[1].x()):
        words = items.words[rule]
        size = words.boundingRect().size()
        fitting = [
            rect for rect in _candidates(at, size) if room.contains(rect) and _is_free(rect, taken)
        ]
        clear = (rect for rect in fitting if _is_free(rect, lines))
        rect = next(clear, fitting[0] if fitting else QRectF(at, size))
        taken.append(rect)
        words.setAnchor((0, 0))
        words.setPos(box.mapToView(rect.topLeft()))


def _pixel(box: pg.ViewBox, place: float) -> float:
    return float(box.mapFromView(QPointF(place, 0.0)).x())


def _candidates(at: QPointF, size: QSizeF) -> Iterator[QRectF]:
    """Beside a falling curve there is room at the right above it and at the left below it."""
    right, left = at.x() + _GAP, at.x() - _GAP - size.width()
    rises = [step * size.height() / 2 for step in range(8)]
    for rise in rises:
        yield QRectF(QPointF(right, at.y() - rise - size.height()), size)
    for rise in rises:
        yield QRectF(QPointF(left, at.y() + rise), size)
    for rise in rises:
        yield QRectF(QPointF(left, at.y() - rise - size.height()), size)


def _is_free(rect: QRectF, taken: list[QRectF]) -> bool:
    return not any(rect.intersects(other) for other in taken)
