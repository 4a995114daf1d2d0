"""One request for a file: https only, redirects checked, faults sorted by what can be done."""

from __future__ import annotations

import contextlib
import http.client
import re
import ssl
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Final

from petstudio.api.errors import InputError, MachineError, PetStudioError, TrustError
from petstudio.api.language import tr

# Below the ten seconds that closing the window waits for a job: a silent server cannot hold it up.
TIMEOUT_S: Final = 8.0
_MAX_REDIRECTS: Final = 5
_LOOPBACK: Final = ("127.0.0.1", "localhost", "::1")
_CONTENT_RANGE: Final = re.compile(r"bytes (\d+)-\d+/(\d+|\*)")
_UNSATISFIED_RANGE: Final = re.compile(r"bytes \*/(\d+)")


class LostConnectionError(MachineError):
    """No connection, a cut one, or a server in trouble: worth another try."""


class ServerRefusedError(MachineError):
    """The server does not give us the file; asking again would not help."""


class RangeRefusedError(MachineError):
    """The server has nothing from that byte on; `length` is what it has in all, 0 if unknown."""

    def __init__(self, length: int) -> None:
        super().__init__(tr("The server refused to go on from there."))
        self.length = length

    def __reduce__(self) -> tuple[object, ...]:
        return RangeRefusedError, (self.length,)


@dataclass(frozen=True, kw_only=True)
class Answer:
    """The body of a response and what it is a part of.

    Attributes:
        start: where in the file the body begins, in bytes.
        length: of the whole file in bytes, 0 while unknown.
        validator: for `If-Range`; empty when the server gave none to rely on.
    """

    body: http.client.HTTPResponse
    start: int
    length: int
    validator: str

    def read(self, size: int) -> bytes:
        """Return up to `size` bytes as they arrive, nothing at the end.

        Raises:
            LostConnectionError: the connection was cut or stayed silent.
        """
        with _sorted_faults():
            return self.body.read1(size)


def check_address(url: str, *, allow_loopback: bool = True) -> None:
    """Refuse every address but https; http only to this machine itself, which tests use.

    Raises:
        InputError: another scheme, no host, or a user name or password in the address.
    """
    parts = urllib.parse.urlsplit(url)
    if parts.username or parts.password:
        raise InputError(
            tr("The address contains a user name or password."), cure=tr("Leave it out.")
        )
    local = allow_loopback and parts.scheme == "http" and parts.hostname in _LOOPBACK
    if not parts.hostname or not (parts.scheme == "https" or local):
        raise InputError(
            tr("{url} is not an https address.", url=url),
            cure=tr("Use one that begins with https."),
        )


@contextlib.contextmanager
def ask_for(url: str, *, start: int = 0, validator: str = "") -> Iterator[Answer]:
    """Ask for a file, or for the rest of it from byte `start` on if it is still the same.

    Raises:
        LostConnectionError: no connection, or the server is in trouble.
        RangeRefusedError: there is no byte `start`.
        TrustError: the server cannot prove who it is, or sends us somewhere that is not https.
        ServerRefusedError: the server does not give us the file.
    """
    # What a server packs in spite of "identity" is found out by the hash of the file: archives are
    # often sent as they are and labelled "gzip".
    headers = {"Accept-Encoding": "identity", "User-Agent": "PetStudio"}
    if start:
        headers |= {"Range": f"bytes={start}-", "If-Range": validator}
    request = urllib.request.Request(url, headers=headers)
    with _sorted_faults():
        body: http.client.HTTPResponse = _opener(url).open(request, timeout=TIMEOUT_S)
    with body:
        yield _answer(body)


def _answer(body: http.client.HTTPResponse) -> Answer:
    start, length = 0, body.length or 0
    if body.status == http.HTTPStatus.PARTIAL_CONTENT:
        found = _CONTENT_RANGE.match(body.headers.get("Content-Range", ""))
        if found is None:
            raise LostConnectionError(tr("The server did not say which part of the file it sends."))
        start, length = int(found[1]), 0 if found[2] == "*" else int(found[2])
    return Answer(body=body, start=start, length=length, validator=_validator(body))


def _validator(body: http.client.HTTPResponse) -> str:
    tag: str = body.headers.get("ETag", "")
    if tag:
        return "" if tag.startswith("W/") else tag
    modified: str = body.headers.get("Last-Modified", "")
    return modified


class _CheckedRedirects(urllib.request.HTTPRedirectHandler):
    max_redirections = _MAX_REDIRECTS

    def __init__(self, first: str) -> None:
        self._from_loopback = urllib.parse.urlsplit(first).hostname in _LOOPBACK

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: http.client.HTTPMessage,
        newurl: str,
    ) -> urllib.request.Request | None:
        try:
            check_address(newurl, allow_loopback=self._from_loopback)
        except InputError:
            fp.close()
            raise _wrong_redirect() from None
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _opener(url: str) -> urllib.request.OpenerDirector:
    # Not build_opener(): that one also opens file:, ftp: and data: addresses.
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler(),
        urllib.request.HTTPHandler(),
        urllib.request.HTTPSHandler(context=ssl.create_default_context()),
        urllib.request.HTTPDefaultErrorHandler(),
        urllib.request.HTTPErrorProcessor(),
        _CheckedRedirects(url),
    ):
        opener.add_handler(handler)
    return opener


@contextlib.contextmanager
def _sorted_faults() -> Iterator[None]:
    try:
        yield
    except urllib.error.HTTPError as error:
        with error:
            raise _refusal(error) from None
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise _fault(error) from error


def _refusal(error: urllib.error.HTTPError) -> PetStudioError:
    if error.code == http.HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
        found = _UNSATISFIED_RANGE.match(error.headers.get("Content-Range", ""))
        return RangeRefusedError(int(found[1]) if found else 0)
    if 300 <= error.code < 400:
        return _wrong_redirect()
    kind = LostConnectionError if error.code >= 500 else ServerRefusedError
    return kind(tr("The server answered “{code} {reason}”.", code=error.code, reason=error.reason))


def _fault(error: Exception) -> PetStudioError:
    reason = error.reason if isinstance(error, urllib.error.URLError) else error
    if isinstance(reason, ssl.SSLCertVerificationError):
        return TrustError(
            tr(
                "The server could not prove who it is: {verify_message}.",
                verify_message=reason.verify_message,
            ),
            cure=tr("Check the clock of this machine and who answers for this network."),
        )
    if isinstance(reason, TimeoutError):
        return LostConnectionError(tr("The server stayed silent for too long."))
    words = getattr(reason, "strerror", None) or str(reason) or type(reason).__name__
    return LostConnectionError(tr("There is no connection ({words}).", words=words))


def _wrong_redirect() -> TrustError:
    return TrustError(
        tr("The server sends us on to an address that is not https, or round in circles."),
        cure=tr("Nothing was fetched; tell whoever gave you the address."),
    )
