"""Steps that wait until the window has nothing to do."""

from __future__ import annotations

import sys
from threading import Event
from threading import enumerate as enumerate_threads
from types import ModuleType

import pytest
from PySide6.QtCore import QTimer

from petstudio.bridge import idle_steps
from petstudio.bridge.idle_steps import IdleSteps, Loading, Pieces, Turn


def test_that_steps_are_taken_in_order_and_events_come_between(qtbot):
    done, steps = [], IdleSteps()
    steps.add(lambda: QTimer.singleShot(0, lambda: done.append("event")), lambda: done.append(1))
    steps.add(lambda: done.append(2))
    assert done == []
    qtbot.waitUntil(lambda: 2 in done, timeout=5000)
    assert done in (["event", 1, 2], [1, "event", 2])


def test_that_a_step_may_add_another(qtbot):
    done, steps = [], IdleSteps()
    steps.add(lambda: steps.add(lambda: done.append("second")))
    qtbot.waitUntil(lambda: done == ["second"], timeout=5000)


def test_that_events_come_between_the_pieces_of_a_step(qtbot, monkeypatch):
    monkeypatch.setattr(idle_steps, "_TURN_S", -1.0)  # every piece takes longer
    done, steps = [], IdleSteps()

    def two_pieces():
        QTimer.singleShot(0, lambda: done.append("event"))
        done.append(1)
        yield
        done.append(2)

    steps.add(Pieces(two_pieces()), lambda: done.append("next step"))
    qtbot.waitUntil(lambda: "next step" in done, timeout=5000)
    assert done == [1, "event", 2, "next step"]


def test_that_what_is_left_of_a_step_is_done_at_once_for_who_needs_it(qtbot, monkeypatch):
    monkeypatch.setattr(idle_steps, "_TURN_S", -1.0)
    done, steps = [], IdleSteps()
    pieces = Pieces(done.append(number) for number in range(3))
    steps.add(pieces, lambda: done.append("next step"))
    assert pieces() is Turn.NEXT
    pieces.finish()
    assert done == [0, 1, 2]
    qtbot.waitUntil(lambda: "next step" in done, timeout=5000)
    assert done == [0, 1, 2, "next step"]


def test_that_a_piece_that_fails_ends_its_step(qtbot):
    done, steps = [], IdleSteps()

    def failing():
        yield
        raise OSError("the disk is gone")

    pieces = Pieces(failing())
    with pytest.raises(OSError, match="gone"):
        pieces.finish()
    steps.add(pieces, lambda: done.append("next step"))
    qtbot.waitUntil(lambda: bool(done), timeout=5000)


def test_that_nothing_is_done_after_the_shutdown(qtbot):
    done, steps, later = [], IdleSteps(), IdleSteps()
    steps.add(lambda: done.append("dropped"))
    steps.shutdown()
    later.add(lambda: None, lambda: done.append("later"))
    qtbot.waitUntil(lambda: "later" in done, timeout=5000)
    assert done == ["later"]


def test_that_a_module_is_loaded_in_a_thread_while_the_window_goes_on(qtbot, tmp_path, monkeypatch):
    (tmp_path / "slow_to_load.py").write_text("import window_answers\nwindow_answers.seen.wait(60)")
    answers = ModuleType("window_answers")
    answers.seen = Event()
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setitem(sys.modules, "window_answers", answers)
    steps, done = IdleSteps(), []
    steps.add(Loading("slow_to_load"), lambda: done.append("the next step"))
    # The module is not loaded before the window has done something.
    QTimer.singleShot(0, answers.seen.set)
    qtbot.waitUntil(lambda: bool(done))
    assert "slow_to_load" in sys.modules
    del sys.modules["slow_to_load"]


def test_that_a_module_that_is_being_loaded_is_waited_for_at_the_end(qtbot, tmp_path, monkeypatch):
    (tmp_path / "loads_now.py").write_text("")
    monkeypatch.syspath_prepend(tmp_path)
    steps = IdleSteps()
    loading = Loading("loads_now")
    steps.add(loading)
    assert loading() in (Turn.AGAIN, None)
    steps.shutdown()
    assert "loads_now" in sys.modules
    assert not any(thread.name == "loading loads_now" for thread in enumerate_threads())
    del sys.modules["loads_now"]
