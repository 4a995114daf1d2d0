"""Orders on standard input."""

from __future__ import annotations

import os

from petstudio.api.control import RunControl
from petstudio.cli import steering


class NotedControl(RunControl):
    """Keeps what was asked of it."""

    def __init__(self):
        super().__init__()
        self.asked = []

    def pause(self):
        self.asked.append("pause")
        super().pause()

    def resume(self):
        self.asked.append("resume")
        super().resume()


def obeyed(monkeypatch, *chunks):
    """Return a control after such bytes have come and the input has ended."""
    source, sink = os.pipe()
    for chunk in chunks:
        os.write(sink, chunk)
    os.close(sink)
    monkeypatch.setattr(steering, "_STANDARD_INPUT", source)
    control = NotedControl()
    steering._obey(control)
    os.close(source)
    return control


def test_that_orders_are_obeyed_in_turn(monkeypatch):
    assert obeyed(monkeypatch, b"pause\nres", b"ume\npause\n").asked == ["pause", "resume", "pause"]


def test_that_the_end_of_the_input_cancels_a_paused_run(monkeypatch):
    control = obeyed(monkeypatch, b"pause\n")
    assert control.is_cancelled
    assert not control.is_paused


def test_that_what_is_no_order_is_passed_over(monkeypatch):
    assert obeyed(monkeypatch, b"stop\r\nPAUSE\n\xff\n").asked == []
