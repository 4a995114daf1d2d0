"""Fetching a file: resumed after a cut, never longer than allowed, in place only when it is right.

While it is on its way the file is called `NAME.part`; `NAME.part.json` beside it says where it
comes from, so that a later try goes on only if the server still has the very same file.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import shutil
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias

from petstudio.api.control import RunControl
from petstudio.api.errors import InputError, MachineError, TrustError
from petstudio.api.language import tr
from petstudio.config.atomic import sync_folder, write_fault
from petstudio.jobs.file_requests import (
    Answer,
    LostConnectionError,
    RangeRefusedError,
    ServerRefusedError,
    ask_for,
    check_address,
)
from petstudio.jobs.part_files import Origin, PartFile

OnBytes: TypeAlias = Callable[[int, int], None]
"""Told how many bytes there are and how many there will be, 0 while that is unknown."""

RETRY_WAITS_S: Final = (0.5, 1.0, 2.0, 4.0)
_CHUNK: Final = 2**18
_SHA256: Final = re.compile(r"[0-9a-fA-F]{8,64}")
_KEPT_FREE: Final = 256 * 2**20


@dataclass(frozen=True, kw_only=True)
class Download:
    """A file to fetch.

    Attributes:
        url: https, or http on this machine itself.
        sha256: hexadecimal digest of the file, or its first 8 digits or more.
        size: of the file in bytes as far as known, 0 if not; for progress and free space.
        max_bytes: a longer file is refused, whatever the server says of its size.
    """

    url: str
    sha256: str
    size: int
    max_bytes: int

    def __post_init__(self) -> None:
        if not _SHA256.fullmatch(self.sha256):
            raise InputError(
                tr("“{sha256}” is not a SHA-256.", sha256=self.sha256),
                cure=tr("Give 8 to 64 hex digits."),
            )


def download(
    source: Download,
    target: Path,
    control: RunControl,
    on_progress: OnBytes,
    *,
    waits: Sequence[float] = RETRY_WAITS_S,
) -> None:
    """Fetch a file to `target`; a cancelled or failed fetch is resumed by the next one.

    `waits` are the pauses in seconds before each further try after a lost connection.

    Raises:
        RunCancelledError: the user cancelled; what is there is kept for later.
        MachineError: offline, refused by the server, or no space.
        TrustError: not the file it should be, or sent from somewhere we do not go.
    """
    check_address(source.url)
    part = PartFile(target)
    for wait in (*waits, None):
        try:
            _fetch(source, part, control, on_progress)
            break
        except LostConnectionError as error:
            if wait is None:
                raise _unreachable(source, target, error) from error
            _pause(wait, control)
        except ServerRefusedError as error:
            raise _unreachable(source, target, error) from error
    _finish(source, part, target, control)


def file_has_hash(path: Path, sha256: str, control: RunControl) -> bool:
    """Read the whole file and compare; `sha256` may be the first digits only."""
    return _digest(path, control).startswith(sha256.lower())


def by_hand(target: Path) -> str:
    """Return the cure for a file that cannot be fetched."""
    return tr(
        "Put the file {target} into {parent} by hand, or choose a local file.",
        target=target.name,
        parent=target.parent,
    )


def _fetch(source: Download, part: PartFile, control: RunControl, on_progress: OnBytes) -> None:
    control.checkpoint()
    origin, have = part.origin(), part.size()
    if origin is None or origin.url != source.url or not origin.validator:
        have = 0
    if have and origin and have == origin.length:
        return
    validator = origin.validator if origin else ""
    try:
        with ask_for(source.url, start=have, validator=validator) as answer:
            _place(source, part, answer, have, origin)
            _receive(source, part, answer, control, on_progress)
    except RangeRefusedError as refused:
        if refused.length != have:
            part.discard()
            raise LostConnectionError(refused.what) from None


def _place(
    source: Download, part: PartFile, answer: Answer, have: int, origin: Origin | None
) -> None:
    """Decide whether the answer goes on where we are or begins anew, and whether it fits."""
    if answer.length > source.max_bytes:
        raise _too_long(source)
    if answer.start == 0:
        part.begin(Origin(url=source.url, validator=answer.validator, length=answer.length))
    elif origin is None or not _goes_on(answer, have, origin):
        part.discard()
        raise LostConnectionError(tr("The server sent another part of the file than asked for."))
    needed = (answer.length or source.size) - answer.start
    free = shutil.disk_usage(part.path.parent).free
    if needed > free - _KEPT_FREE:
        raise MachineError(
            tr(
                "{path} needs {needed:.0f} MB, {free:.0f} MB are free.",
                path=part.path,
                needed=needed / 1000000.0,
                free=free / 1000000.0,
            ),
            cure=tr("Free some space and try again."),
        )


def _goes_on(answer: Answer, have: int, origin: Origin) -> bool:
    # An answer to If-Range may leave out what it was asked with (RFC 9110, 15.3.7).
    same_file = answer.validator in ("", origin.validator)
    return same_file and answer.start == have and answer.length in (0, origin.length)


def _receive(
    source: Download, part: PartFile, answer: Answer, control: RunControl, on_progress: OnBytes
) -> None:
    done, total, beyond = answer.start, answer.length or source.size, source.max_bytes + 1
    on_progress(done, total)
    with part.open_to_append() as stream:
        while done < beyond and (chunk := answer.read(min(_CHUNK, beyond - done))):
            part.append(stream, chunk)
            done += len(chunk)
            on_progress(done, total)
            control.checkpoint()
    if done == beyond:
        part.discard()
        raise _too_long(source)
    if done < answer.length:
        raise LostConnectionError(tr("The connection was cut."))


def _finish(source: Download, part: PartFile, target: Path, control: RunControl) -> None:
    found = _digest(part.path, control)
    if not found.startswith(source.sha256.lower()):
        part.discard()
        raise TrustError(
            tr(
                "{target} is not the file it should be: its SHA-256 begins with {found}, "
                "expected was {sha256}. It was removed.",
                target=target.name,
                found=found[:8],
                sha256=source.sha256[:8].lower(),
            ),
            cure=tr("Try again later. {by_hand}", by_hand=by_hand(target)),
        )
    try:
        with part.path.open("rb+") as stream:
            os.fsync(stream.fileno())
        part.path.replace(target)
        sync_folder(target.parent)
    except OSError as error:
        with contextlib.suppress(OSError):
            part.discard()  # after a failed flush nobody knows what is on the disk
        raise write_fault(target, error) from error
    part.discard()


def _digest(path: Path, control: RunControl) -> str:
    digest = hashlib.sha256()
    try:
        with path.open("rb") as stream:
            while chunk := stream.read(2**20):
                digest.update(chunk)
                control.checkpoint()
    except OSError as error:
        raise MachineError(
            tr(
                "{path} cannot be read: {reason}.",
                path=path,
                reason=(error.strerror or type(error).__name__).lower(),
            ),
            cure=tr("Check the rights of the file and its drive."),
        ) from error
    return digest.hexdigest()


def _pause(seconds: float, control: RunControl) -> None:
    until = time.monotonic() + seconds
    while (rest := until - time.monotonic()) > 0:
        control.checkpoint()
        time.sleep(min(rest, 0.1))


def _unreachable(source: Download, target: Path, error: MachineError) -> MachineError:
    return MachineError(
        tr(
            "{target} could not be fetched from {url}: {lower_first}",
            target=target.name,
            url=source.url,
            lower_first=_lower_first(error.what),
        ),
        cure=by_hand(target),
    )


def _lower_first(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]


def _too_long(source: Download) -> TrustError:
    return TrustError(
        tr(
            "{url} sends more than the {max_bytes:.0f} MB that are allowed.",
            url=source.url,
            max_bytes=source.max_bytes / 1000000.0,
        ),
        cure=tr("Nothing was kept; check the address."),
    )
