"""Counting device operations: each is at least one kernel launch on a GPU, exact on any machine."""

from __future__ import annotations

from collections import Counter
from typing import Any

from torch.utils._python_dispatch import TorchDispatchMode

# Operations that only look at memory in another way, or ask about it, and launch nothing.
_FREE = (
    "_record_function",
    "_unsafe_view",
    "alias",
    "as_strided",
    "chunk",
    "detach",
    "empty",
    "expand",
    "is_",
    "lift_fresh",
    "permute",
    "reshape",
    "select",
    "size",
    "slice",
    "split",
    "squeeze",
    "stride",
    "t.default",
    "transpose",
    "unbind",
    "unfold",
    "unsqueeze",
    "view",
)


class Count(TorchDispatchMode):
    """Counts what the thread that entered it dispatches, below autograd."""

    def __init__(self) -> None:
        super().__init__()
        self.operations: Counter[str] = Counter()

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        name = func.__name__
        if not name.startswith(_FREE):
            self.operations[name] += 1
        return func(*args, **(kwargs or {}))
