"""Downloads against a real server on this machine that can misbehave in every known way."""

from __future__ import annotations

import errno
import hashlib
import os
import random
import re
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from petstudio.api.control import RunControl
from petstudio.api.errors import InputError, MachineError, RunCancelledError, TrustError
from petstudio.jobs.downloads import Download, download, file_has_hash

BODY = random.Random(5).randbytes(3 * 2**18 + 17)
OTHER = random.Random(6).randbytes(len(BODY))
NO_WAITS = (0.0, 0.0, 0.0)


class Handler(BaseHTTPRequestHandler):
    """Gives each request to the next of the server's answers; the last one stays."""

    def do_GET(self) -> None:
        self.server.asked.append(dict(self.headers))
        answers = self.server.answers
        (answers.pop(0) if len(answers) > 1 else answers[0])(self)

    def log_message(self, *args: object) -> None:
        """Keep the test's output clean."""


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked: list[dict[str, str]] = []
        self.answers: list[Callable[[Handler], None]] = []

    def handle_error(self, *args: object) -> None:
        """Stay silent: a client that hangs up is what these tests are about."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/weights.bin"


Answer = Callable[[Handler], None]


def head(handler: Handler, code: int, length: int | None, **headers: str) -> None:
    handler.send_response(code)
    if length is not None:
        handler.send_header("Content-Length", str(length))
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.end_headers()


def whole(body: bytes = BODY, etag: str = '"one"', *, cut: int | None = None) -> Answer:
    """Send all of it with status 200, or only the first `cut` bytes of what was promised."""

    def answer(handler: Handler) -> None:
        head(handler, 200, len(body), ETag=etag)
        handler.wfile.write(body[:cut])
        handler.close_connection = True

    return answer


def by_range(body: bytes = BODY, etag: str = '"one"', *, shift: int = 0) -> Answer:
    """Send the range that was asked for if the file is still the same, as the standard says."""

    def answer(handler: Handler) -> None:
        asked = re.fullmatch(r"bytes=(\d+)-", handler.headers.get("Range", ""))
        if asked is None or handler.headers.get("If-Range") != etag:
            whole(body, etag)(handler)
            return
        start = int(asked[1]) + shift
        part = f"bytes {start}-{len(body) - 1}/{len(body)}"
        head(handler, 206, len(body) - start, ETag=etag, Content_Range=part)
        handler.wfile.write(body[start:])

    return answer


def status(code: int, **headers: str) -> Answer:
    return lambda handler: head(handler, code, 0, **headers)


def endless(handler: Handler) -> None:
    head(handler, 200, None)
    try:
        while True:
            handler.wfile.write(bytes(2**16))
    except OSError:
        handler.close_connection = True


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setenv("no_proxy", "*")
    with Server() as running:
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield running
        running.shutdown()
        thread.join()


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "weights" / "weights.bin"


def source(url: str, body: bytes = BODY, *, digits: int = 64, max_bytes: int = 2**20) -> Download:
    digest = hashlib.sha256(body).hexdigest()[:digits]
    return Download(url=url, sha256=digest, size=len(body), max_bytes=max_bytes)


def fetch(
    wanted: Download,
    target: Path,
    *,
    waits: Sequence[float] = NO_WAITS,
    control: RunControl | None = None,
    on_progress: Callable[[int, int], None] = lambda done, total: None,
) -> None:
    download(wanted, target, control or RunControl(), on_progress, waits=waits)


def leave_part(server: Server, target: Path, *, etag: str = '"one"', cut: int = 300_000) -> None:
    """Let a first try be cut, so that a second one has something to go on from."""
    server.answers = [whole(etag=etag, cut=cut)]
    with pytest.raises(MachineError):
        fetch(source(server.url), target, waits=())
    assert part_of(target).stat().st_size > 0
    server.asked.clear()


def names_beside(target: Path) -> list[str]:
    return sorted(entry.name for entry in target.parent.iterdir())


def part_of(target: Path) -> Path:
    return target.with_name("weights.bin.part")


def test_that_a_file_arrives_whole_and_alone(server: Server, target: Path) -> None:
    server.answers = [whole()]
    fetch(source(server.url), target)
    assert target.read_bytes() == BODY
    assert names_beside(target) == ["weights.bin"]


def test_that_packing_is_declined(server: Server, target: Path) -> None:
    server.answers = [whole()]
    fetch(source(server.url), target)
    assert server.asked[0]["Accept-Encoding"] == "identity"


def test_that_the_first_digits_of_the_hash_are_enough(server: Server, target: Path) -> None:
    server.answers = [whole()]
    fetch(source(server.url, digits=8), target)
    assert target.exists()


def test_that_progress_ends_at_the_size_of_the_file(server: Server, target: Path) -> None:
    seen: list[tuple[int, int]] = []
    server.answers = [whole()]
    fetch(source(server.url), target, on_progress=lambda *numbers: seen.append(numbers))
    assert seen[0] == (0, len(BODY))
    assert seen[-1] == (len(BODY), len(BODY))


def test_that_a_cut_download_goes_on_where_it_was(server: Server, target: Path) -> None:
    server.answers = [whole(cut=300_000), by_range()]
    fetch(source(server.url), target)
    assert target.read_bytes() == BODY
    assert server.asked[1]["If-Range"] == '"one"'
    assert int(server.asked[1]["Range"].strip("bytes=-")) > 0


def test_that_a_later_call_resumes_what_an_earlier_one_left(server: Server, target: Path) -> None:
    leave_part(server, target)
    server.answers = [by_range()]
    fetch(source(server.url), target)
    assert target.read_bytes() == BODY
    assert "Range" in server.asked[0]


def test_that_a_server_without_ranges_makes_it_start_anew(server: Server, target: Path) -> None:
    leave_part(server, target)
    server.answers = [whole()]
    fetch(source(server.url), target)
    assert target.read_bytes() == BODY


def test_that_a_changed_file_is_fetched_from_its_beginning(server: Server, target: Path) -> None:
    leave_part(server, target)
    server.answers = [by_range(OTHER, etag='"two"')]
    fetch(source(server.url, OTHER), target)
    assert target.read_bytes() == OTHER


def test_that_a_weak_etag_is_not_relied_on(server: Server, target: Path) -> None:
    leave_part(server, target, etag='W/"one"')
    server.answers = [whole()]
    fetch(source(server.url), target)
    assert "Range" not in server.asked[0]


def test_that_the_part_of_another_address_is_not_used(server: Server, target: Path) -> None:
    leave_part(server, target)
    server.answers = [by_range()]
    fetch(source(f"{server.url}?v=2"), target)
    assert "Range" not in server.asked[0]


def test_that_a_damaged_note_makes_it_start_anew(server: Server, target: Path) -> None:
    leave_part(server, target)
    target.with_name("weights.bin.part.json").write_text('{"url": 3}')
    server.answers = [by_range()]
    fetch(source(server.url), target)
    assert "Range" not in server.asked[0]


def test_that_a_part_that_starts_elsewhere_is_thrown_away(server: Server, target: Path) -> None:
    leave_part(server, target)
    server.answers = [by_range(shift=-5), by_range()]
    fetch(source(server.url), target)
    assert target.read_bytes() == BODY
    assert "Range" not in server.asked[1]


def test_that_a_complete_part_is_checked_and_not_asked_for(server: Server, target: Path) -> None:
    leave_part(server, target)
    part_of(target).write_bytes(BODY)
    fetch(source(server.url), target)
    assert target.read_bytes() == BODY
    assert server.asked == []


def test_that_a_refused_range_of_a_complete_file_is_enough(server: Server, target: Path) -> None:
    leave_part(server, target)
    part_of(target).write_bytes(BODY)
    note = target.with_name("weights.bin.part.json")
    note.write_text(note.read_text().replace(str(len(BODY)), "0"))
    server.answers = [status(416, Content_Range=f"bytes */{len(BODY)}")]
    fetch(source(server.url), target)
    assert target.read_bytes() == BODY


def test_that_a_refused_range_makes_it_start_anew(server: Server, target: Path) -> None:
    leave_part(server, target)
    server.answers = [status(416, Content_Range="bytes */5"), by_range()]
    fetch(source(server.url), target)
    assert target.read_bytes() == BODY
    assert "Range" not in server.asked[1]


def test_that_a_wrong_file_is_removed_and_named(server: Server, target: Path) -> None:
    server.answers = [whole(OTHER)]
    with pytest.raises(TrustError, match=r"weights\.bin is not the file it should be") as caught:
        fetch(source(server.url), target)
    assert caught.value.cure
    assert names_beside(target) == []


def test_that_an_endless_body_ends_at_the_limit(server: Server, target: Path) -> None:
    server.answers = [endless]
    with pytest.raises(TrustError, match="more than the 1 MB"):
        fetch(source(server.url), target)
    assert names_beside(target) == []


def test_that_an_announced_giant_is_refused_unread(server: Server, target: Path) -> None:
    server.answers = [whole()]
    with pytest.raises(TrustError, match="more than"):
        fetch(source(server.url, max_bytes=1000), target)
    assert not target.parent.exists()


@pytest.mark.parametrize("place", ["file:///etc/hostname", "ftp://127.0.0.1/x", "http://example/x"])
def test_that_a_redirect_away_from_https_is_refused(
    server: Server, target: Path, place: str
) -> None:
    server.answers = [status(302, Location=place)]
    with pytest.raises(TrustError, match="not https"):
        fetch(source(server.url), target)
    assert len(server.asked) == 1


def test_that_a_redirect_on_this_machine_is_followed(server: Server, target: Path) -> None:
    server.answers = [status(302, Location=f"{server.url}?moved"), whole()]
    fetch(source(server.url), target)
    assert target.read_bytes() == BODY


def test_that_redirects_in_circles_end(server: Server, target: Path) -> None:
    server.answers = [
        *(status(302, Location=f"{server.url}?{number}") for number in range(6)),
        whole(),
    ]
    with pytest.raises(TrustError, match="round in circles"):
        fetch(source(server.url), target)


@pytest.mark.parametrize(
    "url", ["http://example.org/x", "file:///etc/hostname", "weights.bin", "https:///x"]
)
def test_that_only_https_addresses_are_taken(target: Path, url: str) -> None:
    with pytest.raises(InputError, match="not an https address"):
        fetch(source(url), target)


def test_that_an_address_with_a_password_is_refused_without_showing_it(target: Path) -> None:
    with pytest.raises(InputError) as caught:
        fetch(source("https://me:secret@example.org/x"), target)
    assert "secret" not in str(caught.value)


def test_that_a_server_in_trouble_is_asked_again(server: Server, target: Path) -> None:
    server.answers = [status(503), status(500), whole()]
    fetch(source(server.url), target)
    assert target.read_bytes() == BODY


def test_that_tries_come_to_an_end(server: Server, target: Path) -> None:
    server.answers = [status(503)]
    with pytest.raises(MachineError, match="503"):
        fetch(source(server.url), target)
    assert len(server.asked) == 1 + len(NO_WAITS)


def test_that_a_missing_file_is_not_asked_for_again(server: Server, target: Path) -> None:
    server.answers = [status(404)]
    with pytest.raises(MachineError, match="404"):
        fetch(source(server.url), target)
    assert len(server.asked) == 1


def test_that_offline_the_message_says_which_file_to_put_where(
    target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("no_proxy", "*")
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{closed.getsockname()[1]}/weights.bin"
    with pytest.raises(MachineError, match=re.escape(url)) as caught:
        fetch(source(url), target)
    assert caught.value.cure == (
        f"Put the file weights.bin into {target.parent} by hand, or choose a local file."
    )


def test_that_a_cancelled_download_keeps_its_part_for_the_next_one(
    server: Server, target: Path
) -> None:
    control = RunControl()
    server.answers = [by_range()]
    with pytest.raises(RunCancelledError):
        fetch(
            source(server.url),
            target,
            control=control,
            on_progress=lambda done, total: control.cancel() if done else None,
        )
    kept = part_of(target).stat().st_size
    assert 0 < kept < len(BODY)
    fetch(source(server.url), target)
    assert server.asked[1]["Range"] == f"bytes={kept}-"
    assert target.read_bytes() == BODY


def test_that_a_full_disk_is_said_and_leaves_no_file(
    server: Server, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    leave_part(server, target)
    server.answers = [by_range()]
    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(MachineError, match="disk is full"):
        fetch(source(server.url), target)
    assert names_beside(target) == []


def test_that_a_file_larger_than_the_disk_is_not_begun(server: Server, target: Path) -> None:
    server.answers = [lambda handler: head(handler, 200, 2**60)]
    with pytest.raises(MachineError, match="Free some space"):
        fetch(source(server.url, max_bytes=2**61), target, waits=())


@pytest.mark.parametrize("seed", range(8))
def test_that_cuts_at_random_places_never_spoil_a_file(
    server: Server, target: Path, seed: int
) -> None:
    draw = random.Random(seed)
    mishaps: list[Answer] = [
        whole(cut=draw.randrange(len(BODY))),
        status(503),
        by_range(shift=-1),
        whole(OTHER, etag='"two"', cut=draw.randrange(len(BODY))),
        by_range(etag='"three"'),
    ]
    draw.shuffle(mishaps)
    server.answers = [*mishaps, by_range()]
    fetch(source(server.url), target, waits=(0.0,) * 10)
    assert target.read_bytes() == BODY


@pytest.mark.parametrize("digest", ["", "abc", "g" * 64, "a" * 65])
def test_that_a_download_needs_a_real_hash(digest: str) -> None:
    with pytest.raises(InputError, match="not a SHA-256"):
        Download(url="https://example.org/x", sha256=digest, size=0, max_bytes=1)


def test_that_a_hash_is_compared_whatever_its_case(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"abc")
    assert file_has_hash(tmp_path / "x", "BA7816BF", RunControl())
    assert not file_has_hash(tmp_path / "x", "BA7816BE", RunControl())
