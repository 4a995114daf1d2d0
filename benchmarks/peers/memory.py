"""Peak memory of a process and its children; one ruler for the peers and for ours."""

from __future__ import annotations

import threading

import psutil

_EVERY_S = 0.3


class PeakMemory(threading.Thread):
    """Samples the memory of a process tree until it is stopped."""

    def __init__(self, root: psutil.Process) -> None:
        super().__init__(daemon=True)
        self._root = root
        self._done = threading.Event()
        self._peak = 0

    def run(self) -> None:
        self._sample()
        while not self._done.wait(_EVERY_S):
            self._sample()

    def stop(self) -> int:
        """Return the peak in bytes."""
        self._done.set()
        self.join()
        return self._peak

    def _sample(self) -> None:
        self._peak = max(self._peak, tree_memory(self._root))


def tree_memory(root: psutil.Process) -> int:
    """Return the bytes held now: PSS, which counts shared pages once, else RSS."""
    try:
        processes = [root, *root.children(recursive=True)]
    except psutil.Error:
        return 0
    return sum(_memory(process) for process in processes)


def _memory(process: psutil.Process) -> int:
    try:
        memory = process.memory_full_info()
    except psutil.Error:
        return 0  # a worker that has just ended
    return int(getattr(memory, "pss", memory.rss))
