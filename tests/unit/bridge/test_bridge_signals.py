"""The trap of PySide6 6.12.0 on Python 3.11: every emission lost one reference to True."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal


class Source(QObject):
    told = Signal(object)


def test_that_twenty_thousand_emissions_leave_the_interpreter_alive(qapp):
    source = Source()
    count = []
    source.told.connect(count.append)
    for _ in range(20_000):
        source.told.emit(True)
    assert len(count) == 20_000
