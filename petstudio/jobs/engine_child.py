"""The engine process: `python -P -m petstudio.jobs.engine_child`. Loads torch, then runs jobs.

It is a child of the window and talks with it through its standard input and output. When these end
the window is gone: the running job is cancelled, which keeps what it has, and the process ends.
"""

from __future__ import annotations

import argparse
import faulthandler
import gc
import importlib
import logging
import os
import signal
import sys
from collections.abc import Callable
from functools import partial
from io import FileIO
from typing import Final, TypeAlias

from petstudio.api.control import RunControl
from petstudio.api.events import Emit
from petstudio.jobs.engine_desk import Inbox, Outbox
from petstudio.jobs.engine_job import JobCall
from petstudio.jobs.engine_wire import NotStarted, Pulse, Wire, unpack
from petstudio.jobs.job import run_job
from petstudio.plugin_host.host import PluginHost

Perform: TypeAlias = Callable[[JobCall, PluginHost, Emit, RunControl], None]
"""How a job is carried out: in this process, or one day by processes that this one launches."""

NICENESS: Final = 10
_CANNOT_START: Final = 1
# Modules of jobs that import the engine.
_HEAVY: Final = ("running", "evaluating", "predicting", "heat_maps")

logger = logging.getLogger(__name__)


def main() -> int:
    """Serve until the window is gone."""
    parser = argparse.ArgumentParser(prog="petstudio engine process")
    parser.add_argument("--safe-mode", action="store_true")
    given = parser.parse_args()
    wire = _take_pipes()
    _settle()
    outbox = Outbox(wire)
    inbox = Inbox(wire)
    try:
        host = _warm_up(safe_mode=given.safe_mode)
    except Exception as error:  # the process boundary: the window says why there is no engine
        logger.exception("The engine cannot start")
        wire.send(NotStarted(reason=f"{type(error).__name__}: {error}"))
        return _CANNOT_START
    wire.send(Pulse.READY)
    serve(inbox, outbox, host)
    return 0


def serve(inbox: Inbox, outbox: Outbox, host: PluginHost, perform: Perform | None = None) -> None:
    """Run one job after the other until the other side has gone."""
    while (task := inbox.next()) is not None:
        packed, control = task
        run_job(partial(_unpack, packed, host, perform or perform_here), outbox.post, control)
        # What a job leaves in cycles is memory of the device that the next one needs.
        gc.collect()


def perform_here(call: JobCall, host: PluginHost, emit: Emit, control: RunControl) -> None:
    """Run the job in this process."""
    call.job(host)(emit, control)


def _unpack(
    packed: bytes, host: PluginHost, perform: Perform, emit: Emit, control: RunControl
) -> None:
    call = unpack(packed)
    assert isinstance(call, JobCall)
    perform(call, host, emit, control)


def _take_pipes() -> Wire:
    """Keep the pipes to ourselves: prints of others go to the log, and no child inherits them."""
    source, sink = os.dup(0), os.dup(1)
    nowhere = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nowhere, 0)
    os.close(nowhere)
    os.dup2(2, 1)
    return Wire(FileIO(source, "r"), FileIO(sink, "w"))


def _settle() -> None:
    faulthandler.enable()
    # Ctrl+C reaches every process of a terminal; only the window decides what it means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(os, "nice"):  # on Windows the parent asks for it
        os.nice(NICENESS)
    logging.basicConfig(
        level=logging.INFO,
        stream=sys.stderr,
        format="%(asctime)s %(levelname)s %(name)s: %(message)s",
    )
    logger.info("Engine process %d starts", os.getpid())


def _warm_up(*, safe_mode: bool) -> PluginHost:
    for name in _HEAVY:
        importlib.import_module(f"petstudio.jobs.{name}")
    return PluginHost.load(safe_mode=safe_mode)


if __name__ == "__main__":
    raise SystemExit(main())
