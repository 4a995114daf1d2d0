"""How one furry pet looks out of one picture."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from petstudio.images.drawing.coats import Coat
from petstudio.images.drawing.kinds import Animal


class Mood(Enum):
    AWAKE = "awake"
    HAPPY = "happy"
    ASLEEP = "asleep"


@dataclass(frozen=True, kw_only=True)
class Face:
    """How one animal looks out of one picture; `yaw` of -1 to 1 turns the face to a side."""

    animal: Animal
    coat: Coat
    mood: Mood
    yaw: float
    ear_pose: float
    seed: int

    def x(self, x: float, depth: float = 1.0) -> float:
        """Return where a feature lies once the head is turned."""
        return x * (1 - 0.1 * abs(self.yaw)) + 0.2 * self.yaw * depth
