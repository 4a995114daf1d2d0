"""What a job is, and the one boundary at which whatever goes wrong becomes an event."""

from __future__ import annotations

import logging
import time
import traceback
from collections.abc import Callable
from typing import TypeAlias

from petstudio.api.control import RunControl
from petstudio.api.errors import ImageError, PetStudioError, PluginError, RunCancelledError
from petstudio.api.events import Emit, ImageSkipped, Outcome, RunFinished
from petstudio.api.language import tr

Job: TypeAlias = Callable[[Emit, RunControl], None]

logger = logging.getLogger(__name__)


def run_job(job: Job, emit: Emit, control: RunControl) -> RunFinished:
    """Run a job to its end and emit its last event, which is returned as well."""
    started = time.monotonic()
    finished = _finish(job, emit, control, started)
    emit(finished)
    return finished


def _finish(job: Job, emit: Emit, control: RunControl, started: float) -> RunFinished:
    try:
        job(emit, control)
    except RunCancelledError as error:
        return RunFinished(
            outcome=Outcome.CANCELLED, seconds=time.monotonic() - started, kept=error.kept
        )
    except PetStudioError as error:
        return RunFinished(
            outcome=Outcome.FAILED,
            seconds=time.monotonic() - started,
            message=str(error),
            bad_input=error.is_bad_input,
            plugin=error.plugin if isinstance(error, PluginError) else "",
            details=traceback.format_exc() if isinstance(error, PluginError) else "",
        )
    except Exception as error:  # the job boundary: an unexpected failure becomes an event
        logger.exception("A job failed unexpectedly")
        return RunFinished(
            outcome=Outcome.FAILED,
            seconds=time.monotonic() - started,
            message=tr(
                "Something went wrong inside PetStudio: {name}: {error}",
                name=type(error).__name__,
                error=error,
            ),
            details=traceback.format_exc(),
        )
    return RunFinished(outcome=Outcome.COMPLETED, seconds=time.monotonic() - started)


def skip_teller(emit: Emit) -> Callable[[ImageError], None]:
    """Return what tells of a picture without which the job goes on."""
    return lambda error: emit(ImageSkipped(path=error.path, reason=error.reason.value))
