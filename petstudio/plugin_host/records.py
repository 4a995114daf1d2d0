"""What the Plugins page and `petstudio plugins` show about each plugin that was found."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Origin(Enum):
    """Where a plugin was found."""

    BUNDLED = "bundled"
    INSTALLED = "installed"
    USER = "user folder"


class PluginState(Enum):
    """What became of a plugin. HIDDEN: an earlier one has the same name."""

    ACTIVE = "active"
    DISABLED = "disabled"
    FAILED = "failed"
    HIDDEN = "hidden"


@dataclass(frozen=True, kw_only=True)
class PluginRecord:
    """One plugin.

    Attributes:
        contributions: what it added, as "kind key".
        reason: one sentence; why it is not active, or how an active one failed when it was used.
        traceback: of the failure, for the author; shown only on demand.
        summary: the first line of its docstring; empty when it was not imported.
    """

    name: str
    version: str
    origin: Origin
    state: PluginState
    contributions: tuple[str, ...] = ()
    reason: str = ""
    traceback: str = ""
    summary: str = ""
