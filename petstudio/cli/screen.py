"""Whether a window can be shown at all, and whether anybody would see it."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from typing import Final

NO_SCREEN: Final = (
    "There is no screen here to show a window on. Without one, use the commands: "
    "“petstudio demo --headless” makes a start, “petstudio --help” lists them."
)
_PLATFORM: Final = "QT_QPA_PLATFORM"
_UNSEEN: Final = ("offscreen", "minimal")


def has_screen(environment: Mapping[str, str] = os.environ) -> bool:
    """Return whether a person would see a window."""
    chosen = environment.get(_PLATFORM, "").partition(":")[0]
    if chosen:
        return chosen not in _UNSEEN
    if sys.platform in ("win32", "darwin"):
        return True
    return any(environment.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))


def can_open_window(environment: Mapping[str, str] = os.environ) -> bool:
    """Return whether Qt finds something to draw on, be it unseen."""
    return has_screen(environment) or bool(environment.get(_PLATFORM))
