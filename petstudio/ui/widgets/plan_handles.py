"""The dots of the rate plan that move what is still to come."""

from __future__ import annotations

import math
from typing import Final

import pyqtgraph as pg
from PySide6.QtCore import QObject, QPointF, Signal, Slot

from petstudio.api.language import tr
from petstudio.bridge.figures import rate_text
from petstudio.bridge.rate_editor import RateEditor
from petstudio.ui.theme import Theme
from petstudio.ui.widgets.plan_curves import Editors
from petstudio.ui.widgets.plan_plot_items import PlanViewBox

_DOT_SIZE: Final = 9
_RING_SIZE: Final = 17
_FLAG_SIZE: Final = 9
_FLAG_HEIGHT: Final = 0.92  # of what is in sight
_REACH: Final = 12.0  # pixels around a dot that take hold of it
_LEAST_LEVER: Final = 24.0  # pixels that move a rate by the factor e at the least


class PlanHandles(QObject):
    """Knows the editor of the running stage; the plot brings it the mouse and the keys."""

    edited = Signal(object)
    """The RateEdit that the user made."""
    moved = Signal()
    """The rates to come are other ones, also while a dot is still held."""
    chosen_changed = Signal()
    """Another dot has the keys, or the one that has them stands elsewhere."""

    def __init__(self, box: PlanViewBox, parent: QObject) -> None:
        super().__init__(parent)
        self._box = box
        self._editor: RateEditor | None = None
        self._grip = (0.0, 0.0, 1.0)  # where a drag began: y in the scene, rate, lever
        self.chosen: int | None = None
        self.is_held = False
        self.dots = pg.ScatterPlotItem(symbol="o", size=_DOT_SIZE, antialias=True)
        self.ring = pg.ScatterPlotItem(symbol="o", size=_RING_SIZE, antialias=True)
        self.flags = pg.ScatterPlotItem(symbol="t", size=_FLAG_SIZE, antialias=True)
        self._filled = self._hollow = pg.mkBrush(None)

    @property
    def shown(self) -> list[int]:
        """The handles that have room: far out, not every epoch has one."""
        if self._editor is None:
            return []
        left, right = self._box.viewRange()[0]
        pixels = self._box.width() / max(right - left, 1e-9)
        stride = max(1, math.ceil(2 * _REACH / max(pixels, 1e-9)))
        return [handle for handle in self._editor.handles if handle % stride == 0]

    @property
    def spoken(self) -> str:
        """The chosen dot in words; empty if none is."""
        editor, handle = self._editor, self.chosen
        if editor is None or handle is None:
            return ""
        rate = rate_text(editor.rate(handle))
        return tr(
            "Rate after epoch {epoch} of {stage}: {rate}",
            epoch=handle,
            stage=editor.stage.name,
            rate=rate,
        )

    def activate(self, editor: RateEditor | None, epoch: int) -> bool:
        """Take the editor of the running stage, whose epoch this is; False if nothing changed."""
        if editor is self._editor and (editor is None or editor.epoch == epoch):
            return False
        self.let_go()
        if editor is not self._editor:
            self._editor, self.chosen = editor, None
        if editor is not None:
            editor.go_to(epoch)
        return True

    def place_of(self, handle: int) -> QPointF:
        """Return where a dot stands in the scene."""
        place: QPointF = self._box.mapViewToScene(self._point(handle))
        return place

    def handle_at(self, scene: QPointF) -> int | None:
        near = []
        for handle in self.shown:
            way = self.place_of(handle) - scene
            near.append((math.hypot(way.x(), way.y()), handle))
        distance, handle = min(near, default=(math.inf, 0))
        return handle if distance <= _REACH else None

    def choose(self, handle: int | None) -> None:
        if handle != self.chosen:
            self.commit()
        self.chosen = handle
        self.chosen_changed.emit()

    def take_hold(self, scene: QPointF) -> bool:
        """Choose the dot at that place for a drag; False if there is none."""
        handle = self.handle_at(scene)
        if handle is None or self._editor is None:
            return False
        self.choose(handle)
        # Up and down move the logarithm, and at the beginning the dot stays under the pointer.
        height = self._box.mapViewToScene(QPointF(0, 0)).y() - scene.y()
        self._grip = (scene.y(), self._editor.rate(handle), max(height, _LEAST_LEVER))
        self.is_held = True
        return True

    @Slot(object)
    def drag_to(self, scene: QPointF) -> None:
        if self.is_held and self._editor is not None and self.chosen is not None:
            start, rate, lever = self._grip
            self._editor.move(self.chosen, rate * math.exp((start - scene.y()) / lever))
            self.moved.emit()

    @Slot()
    def drop(self) -> None:
        if self.is_held:
            self.is_held = False
            self.commit()
            self.moved.emit()

    def shift(self, decades: float) -> bool:
        """Move the chosen dot; False if none is."""
        if self._editor is None or self.chosen is None:
            return False
        self._editor.move(self.chosen, self._editor.rate(self.chosen) * 10.0**decades)
        self.moved.emit()
        return True

    def take_away(self) -> bool:
        """Take the move of the chosen dot away; False if none is."""
        if self._editor is None or self.chosen is None:
            return False
        self._editor.take_away(self.chosen)
        self.moved.emit()
        return True

    def let_go(self) -> bool:
        """Give up a change that is being made; False if there is none."""
        self.is_held = False
        if self._editor is None or not self._editor.is_pending:
            return False
        self._editor.revert()
        self.moved.emit()
        return True

    def commit(self) -> None:
        """Tell of the change that was made, if one was."""
        edit = self._editor.commit() if self._editor is not None and not self.is_held else None
        if edit is not None:
            self.edited.emit(edit)

    def draw(self, editors: Editors) -> None:
        """Draw the dots of the running stage, and a flag where an edit took or takes effect."""
        shown = self.shown
        if self.chosen is not None and self.chosen not in shown:
            self.chosen = next((h for h in shown if h > self.chosen), None)
        moved = self._editor.moved if self._editor is not None else ()
        self.dots.setData(
            pos=[self._point(handle).toTuple() for handle in shown],
            brush=[self._filled if handle in moved else self._hollow for handle in shown],
        )
        height = self._box.viewRange()[1][1] * _FLAG_HEIGHT
        starts = [e.stage.start + epoch for e in editors.values() for epoch in e.edits]
        self.flags.setData(pos=[(start, height) for start in starts])

    def draw_ring(self, *, has_focus: bool) -> None:
        is_drawn = has_focus and self.chosen is not None and self._editor is not None
        points = [self._point(self.chosen)] if is_drawn and self.chosen is not None else []
        self.ring.setData(pos=[point.toTuple() for point in points])

    def dress(self, theme: Theme) -> None:
        tokens = theme.tokens
        self._filled = pg.mkBrush(tokens.series[0])
        self._hollow = pg.mkBrush(tokens.surface)
        self.dots.setPen(pg.mkPen(tokens.series[0], width=2))
        self.ring.setBrush(pg.mkBrush(tokens.surface))
        self.ring.setPen(pg.mkPen(tokens.focus, width=2))
        self.flags.setBrush(pg.mkBrush(tokens.accent))
        self.flags.setPen(pg.mkPen(None))

    def _point(self, handle: int) -> QPointF:
        assert self._editor is not None
        return QPointF(self._editor.stage.start + handle, self._editor.rate(handle))
