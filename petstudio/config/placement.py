"""Which of several processes this one is, as torchrun tells each of them in its environment."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass

from petstudio.api.errors import InputError
from petstudio.api.language import tr


@dataclass(frozen=True, kw_only=True)
class Placement:
    """One process among `count`, of which `local_count` are on this machine; ranks from 0."""

    rank: int = 0
    count: int = 1
    local_rank: int = 0
    local_count: int = 1

    @property
    def is_first(self) -> bool:
        """True for the one process that opens projects, writes files and reports."""
        return self.rank == 0

    @property
    def is_alone(self) -> bool:
        """True where there are no other processes."""
        return self.count == 1

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> Placement:
        """Read torchrun's variables; without them the process is alone.

        Raises:
            InputError: they do not fit together.
        """
        if "RANK" not in environment or "WORLD_SIZE" not in environment:
            return cls()
        try:
            placement = cls(
                rank=int(environment["RANK"]),
                count=int(environment["WORLD_SIZE"]),
                local_rank=int(environment.get("LOCAL_RANK", environment["RANK"])),
                local_count=int(environment.get("LOCAL_WORLD_SIZE", environment["WORLD_SIZE"])),
            )
        except ValueError as error:
            raise _unusable(environment) from error
        if not 0 <= placement.rank < placement.count:
            raise _unusable(environment)
        return placement


def _unusable(environment: Mapping[str, str]) -> InputError:
    return InputError(
        tr(
            "RANK={rank} and WORLD_SIZE={world_size} do not name one process of several.",
            rank=environment["RANK"],
            world_size=environment["WORLD_SIZE"],
        ),
        cure=tr("Start with torchrun, or unset these variables."),
    )


def leave(status: int) -> int:
    """Return the status of a process that is alone; end one of several at once, with that status.

    WORKAROUND: torch 2.15. Threads of gloo may outlive the group; one that asks for the interpreter
    while that is ending makes C++ abort the process, although all is done by then (seen once in
    some forty runs, "terminate called without an active exception").
    """
    try:
        if Placement.of(os.environ).is_alone:
            return status
    except InputError:  # told by the command already
        return status
    sys.stdout.flush()
    sys.stderr.flush()
    logging.shutdown()
    os._exit(status)
