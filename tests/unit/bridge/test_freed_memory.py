"""What was used for a moment is given back, whatever became of it."""

from __future__ import annotations

import ctypes
import sys
from mmap import PAGESIZE
from pathlib import Path

import pytest

from petstudio.bridge.freed_memory import giving_back_memory

PIECE = 4096
PIECES = 25_000

has_glibc = sys.platform == "linux" and hasattr(ctypes.CDLL(None), "malloc_trim")


def bytes_in_use() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * PAGESIZE


@pytest.mark.skipif(not has_glibc, reason="only glibc is asked to give memory back")
def test_that_what_was_freed_below_something_that_stays_is_given_back():
    with giving_back_memory():
        pieces = [bytearray(b"x" * PIECE) for _ in range(PIECES)]
        stays = bytearray(b"x" * PIECE)
        most = bytes_in_use()
        pieces.clear()
    assert most - bytes_in_use() > PIECES * PIECE // 2
    assert stays


def test_that_an_error_passes_through():
    with pytest.raises(ValueError, match="damaged"), giving_back_memory():
        raise ValueError("damaged")
