"""Steps that wait until the window has nothing to do."""

from __future__ import annotations

from PySide6.QtCore import QTimer

from petstudio.bridge.idle_steps import IdleSteps


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


def test_that_nothing_is_done_after_the_shutdown(qtbot):
    done, steps, later = [], IdleSteps(), IdleSteps()
    steps.add(lambda: done.append("dropped"))
    steps.shutdown()
    later.add(lambda: None, lambda: done.append("later"))
    qtbot.waitUntil(lambda: "later" in done, timeout=5000)
    assert done == ["later"]
