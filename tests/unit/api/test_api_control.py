"""Pausing, resuming and cancelling from another thread."""

from __future__ import annotations

import threading

import pytest

from petstudio.api.control import RunControl
from petstudio.api.errors import RunCancelledError


def waiting_at_checkpoint(control: RunControl, ended: list[str]) -> threading.Thread:
    def run() -> None:
        try:
            control.checkpoint()
        except RunCancelledError:
            ended.append("cancelled")
        else:
            ended.append("passed")

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def test_that_a_checkpoint_lets_a_running_job_pass() -> None:
    RunControl().checkpoint()


def test_that_a_cancelled_job_ends_at_its_checkpoint() -> None:
    control = RunControl()
    control.cancel()
    with pytest.raises(RunCancelledError):
        control.checkpoint()


def test_that_cancelling_is_for_good() -> None:
    control = RunControl()
    control.cancel()
    control.resume()
    assert control.is_cancelled


def test_that_a_paused_job_waits_until_it_is_resumed() -> None:
    control, ended = RunControl(), []
    control.pause()
    thread = waiting_at_checkpoint(control, ended)
    assert thread.is_alive()
    assert ended == []
    control.resume()
    thread.join(timeout=10)
    assert ended == ["passed"]


def test_that_cancelling_wakes_a_paused_job() -> None:
    control, ended = RunControl(), []
    control.pause()
    thread = waiting_at_checkpoint(control, ended)
    control.cancel()
    thread.join(timeout=10)
    assert ended == ["cancelled"]


def test_that_a_cancelled_job_cannot_be_paused() -> None:
    control = RunControl()
    control.cancel()
    control.pause()
    assert not control.is_paused


def test_that_pausing_shows() -> None:
    control = RunControl()
    control.pause()
    assert control.is_paused
    control.resume()
    assert not control.is_paused
