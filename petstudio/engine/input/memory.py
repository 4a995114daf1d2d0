"""How much memory the pictures may take without pushing other programs out."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import Final

_MEMINFO: Final = Path("/proc/meminfo")
_GROUP: Final = Path("/sys/fs/cgroup")
_UNKNOWN: Final = 4 << 30  # bytes; where the system does not say, a small computer is assumed
_SHARE: Final = 4  # training keeps two sets of pictures, so that both together take half at most


def memory_share() -> int:
    """Return the bytes that one set of pictures may take: a quarter of what is free now."""
    return free_memory() // _SHARE


def free_memory() -> int:
    """Return the bytes that can be had now, as far as the system or the container says."""
    return min(_free_of_machine(), _free_of_group())


def _free_of_machine() -> int:
    with contextlib.suppress(OSError, ValueError, IndexError):
        for line in _MEMINFO.read_text(encoding="ascii").splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) * 1024
    with contextlib.suppress(OSError, ValueError, AttributeError):
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 2
    return _UNKNOWN


def _free_of_group() -> int:
    """Return what the container's limit leaves; page cache counts as used there, so it is low."""
    with contextlib.suppress(OSError, ValueError):  # no control groups, or the limit is "max"
        limit = int((_GROUP / "memory.max").read_text(encoding="ascii"))
        used = int((_GROUP / "memory.current").read_text(encoding="ascii"))
        return max(0, limit - used)
    return 1 << 62
