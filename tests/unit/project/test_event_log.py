"""The file of a run's events."""

from __future__ import annotations

from pathlib import Path

import pytest

from petstudio.api.errors import IntegrityError, MachineError
from petstudio.api.events import ImageSkipped, NoticeGiven, NoticeLevel, ProgressMade
from petstudio.project.event_log import EventLog, read_events

EVENTS = (
    ProgressMade(task="Reading", done=1, total=2),
    NoticeGiven(level=NoticeLevel.WARNING, message="two\nlines"),
    ImageSkipped(path="caf\udce9.jpg", reason="the file is empty"),
)


def _write(path: Path, *events) -> None:
    with EventLog(path) as log:
        for event in events:
            log.append(event)


def test_that_events_come_back_in_order(tmp_path) -> None:
    _write(tmp_path / "events.jsonl", *EVENTS)

    assert tuple(read_events(tmp_path / "events.jsonl")) == EVENTS


def test_that_an_event_can_be_read_while_the_log_is_open(tmp_path) -> None:
    with EventLog(tmp_path / "events.jsonl") as log:
        log.append(EVENTS[0])
        assert list(read_events(tmp_path / "events.jsonl")) == [EVENTS[0]]


def test_that_a_second_log_goes_on_where_the_first_ended(tmp_path) -> None:
    _write(tmp_path / "events.jsonl", EVENTS[0])
    _write(tmp_path / "events.jsonl", *EVENTS[1:])

    assert tuple(read_events(tmp_path / "events.jsonl")) == EVENTS


@pytest.mark.parametrize("kept", [1, 10, 5000])
def test_that_a_torn_last_line_is_left_out(tmp_path, kept: int) -> None:
    path = tmp_path / "events.jsonl"
    _write(path, EVENTS[0])
    with path.open("ab") as stream:
        stream.write((b'{"event": "NoticeGiven", "message": "' + b"x" * 9000)[:kept])

    assert list(read_events(path)) == [EVENTS[0]]


@pytest.mark.parametrize("length", [1, 4095, 4096, 4097, 10_000])
def test_that_a_torn_line_is_cut_off_before_the_log_goes_on(tmp_path, length: int) -> None:
    path = tmp_path / "events.jsonl"
    _write(path, EVENTS[0])
    with path.open("ab") as stream:
        stream.write(b"x" * length)

    _write(path, EVENTS[1])

    assert list(read_events(path)) == [EVENTS[0], EVENTS[1]]


def test_that_a_file_that_is_one_torn_line_becomes_empty(tmp_path) -> None:
    path = tmp_path / "events.jsonl"
    path.write_bytes(b'{"event"')

    _write(path)

    assert path.read_bytes() == b""


@pytest.mark.parametrize("line", [b"{}\n", b"caf\xe9\n", b'{"event": "Unknown"}\n'])
def test_that_a_damaged_line_is_an_error(tmp_path, line: bytes) -> None:
    path = tmp_path / "events.jsonl"
    path.write_bytes(line)

    with pytest.raises(IntegrityError):
        list(read_events(path))


def test_that_a_run_without_events_has_none(tmp_path) -> None:
    assert list(read_events(tmp_path / "events.jsonl")) == []


def test_that_a_log_that_cannot_be_written_is_an_error(tmp_path) -> None:
    with pytest.raises(MachineError, match="could not be written"):
        EventLog(tmp_path / "missing" / "events.jsonl")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")
def test_that_a_full_disk_is_told(tmp_path) -> None:
    path = tmp_path / "events.jsonl"
    path.symlink_to("/dev/full")

    with EventLog(path) as log, pytest.raises(MachineError, match="disk is full"):
        log.append(EVENTS[0])
