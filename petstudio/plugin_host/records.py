"""What the Plugins page and `petstudio plugins` show about each plugin that was found."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType
from typing import Final

_SPELLED: Final = MappingProxyType(
    {"onnx": "ONNX", "resnets": "ResNets", "timm": "timm", "torchscript": "TorchScript"}
)


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
        kinds: what it adds, in words; of one that was not loaded as far as its source tells.
        reason: one sentence; why it is not active, or how an active one failed when it was used.
        traceback: of the failure, for the author; shown only on demand.
        failures: how often it failed when it was used, since the start.
        summary: the first line of its docstring; empty where nobody can tell.
    """

    name: str
    version: str
    origin: Origin
    state: PluginState
    contributions: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    reason: str = ""
    traceback: str = ""
    failures: int = 0
    summary: str = ""

    @property
    def title(self) -> str:
        """The name as people write it."""
        return title_of(self.name)


def title_of(name: str) -> str:
    """Return the name of a plugin as people write it: `warm_restarts` is “Warm restarts”."""
    first, *others = (_SPELLED.get(word, word) for word in name.split("_"))
    is_spelled = first in _SPELLED.values()
    return " ".join((first if is_spelled else first[:1].upper() + first[1:], *others))
