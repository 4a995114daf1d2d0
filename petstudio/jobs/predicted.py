"""One picture with what a model takes it for; light, as the window keeps many of them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from petstudio.api.events import TopClass


@dataclass(frozen=True, kw_only=True)
class Predicted:
    """The most probable classes, best first; a file that cannot be read has a reason instead."""

    path: Path
    top: tuple[TopClass, ...] = ()
    reason: str = ""

    @property
    def label(self) -> str:
        """The most probable class; empty without one."""
        return self.top[0].label if self.top else ""

    @property
    def confidence(self) -> float:
        return self.top[0].probability if self.top else 0.0

    @property
    def margin(self) -> float:
        """By how much the first class is before the second."""
        second = self.top[1].probability if len(self.top) > 1 else 0.0
        return self.confidence - second

    def is_sure(self, threshold: float) -> bool:
        """True for a picture that has a class at all, and one that reaches the threshold."""
        return bool(self.top) and self.confidence >= threshold
