"""Phosphor icons by name, in a colour of the theme."""

from __future__ import annotations

import logging
import os
from functools import cache
from typing import Any

from PySide6.QtGui import QIcon

_PREFIX = "ph."

logger = logging.getLogger(__name__)


def draw_icon(name: str, color: str, disabled: str) -> QIcon:
    """Return the icon; an unknown name gives an empty one and a line in the log."""
    try:
        icon: QIcon = _library().icon(_PREFIX + name, color=color, color_disabled=disabled)
    except Exception:  # noqa: BLE001  qtawesome raises bare Exception for a name it does not know
        logger.warning("There is no icon named %s", name)
        return QIcon()
    return icon


@cache
def _library() -> Any:  # qtawesome has no types
    # It reads the variable while it is imported; 0.2 s that a program without a window never pays.
    os.environ.setdefault("QT_API", "pyside6")
    import qtawesome

    return qtawesome
