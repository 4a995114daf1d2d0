"""Background calls: the newest one wins, errors arrive as PetStudio's own."""

from __future__ import annotations

import logging
import threading

import pytest

from petstudio.api.errors import InputError, PetStudioError
from petstudio.bridge.task import BackgroundCall


@pytest.fixture
def call(qapp):
    made = BackgroundCall()
    yield made
    assert made.shutdown()


def test_that_the_result_arrives(qtbot, call):
    with qtbot.waitSignal(call.done, timeout=10_000) as signal:
        call.start(lambda control: 42)
    assert signal.args == [42]


def test_that_the_newest_call_replaces_the_older_ones(qtbot, call):
    results = []
    call.done.connect(results.append)
    entered = threading.Event()

    def slow(control):
        entered.set()
        while True:
            control.checkpoint()

    call.start(slow)
    assert entered.wait(10)
    call.start(lambda control: "second")
    call.start(lambda control: "third")
    qtbot.waitUntil(lambda: bool(results), timeout=10_000)
    qtbot.waitUntil(lambda: not call.is_busy, timeout=10_000)
    assert results == ["third"]


def test_that_a_result_that_comes_after_a_newer_call_is_dropped(qtbot, call):
    results = []
    call.done.connect(results.append)
    entered, release = threading.Event(), threading.Event()

    def deaf(control):
        entered.set()
        release.wait(10)
        return "old"

    call.start(deaf)
    assert entered.wait(10)
    call.start(lambda control: "new")
    release.set()
    qtbot.waitUntil(lambda: bool(results), timeout=10_000)
    assert results == ["new"]


def test_that_an_error_of_ours_arrives_as_it_is(qtbot, call):
    error = InputError("The pattern is empty.")

    def fail(control):
        raise error

    with qtbot.waitSignal(call.failed, timeout=10_000) as signal:
        call.start(fail)
    assert signal.args == [error]


def test_that_an_unexpected_error_arrives_as_a_sentence(qtbot, call, caplog):
    with (
        caplog.at_level(logging.CRITICAL, logger="petstudio.bridge.task"),
        qtbot.waitSignal(call.failed, timeout=10_000) as signal,
    ):
        call.start(lambda control: 1 / 0)
    assert isinstance(signal.args[0], PetStudioError)
    assert "ZeroDivisionError" in str(signal.args[0])


def test_that_a_cancelled_call_says_nothing(qtbot, call):
    results = []
    call.done.connect(results.append)
    call.failed.connect(results.append)
    entered = threading.Event()

    def slow(control):
        entered.set()
        while True:
            control.checkpoint()

    call.start(slow)
    assert entered.wait(10)
    call.cancel()
    qtbot.waitUntil(lambda: not call.is_busy, timeout=10_000)
    assert results == []
