"""Names that come from outside: project folders, image paths, labels, run names."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from petstudio.api.errors import InputError
from petstudio.api.language import tr

SUFFIX: Final = ".petstudio"
LONGEST_LABEL: Final = 200
_LONGEST_SLUG: Final = 40
_NO_NAMES: Final = frozenset(("", ".", ".."))
_SLUG: Final = re.compile(r"[a-z0-9-]{1,40}")


def project_path(name: Path) -> Path:
    """Return the project's folder for what the user typed: `p` becomes `p.petstudio`.

    Raises:
        InputError: this cannot be a project's name.
    """
    if name.name in ("", "..", SUFFIX):
        raise InputError(
            tr("“{shown_text}” cannot be a project's name.", shown_text=shown_text(str(name))),
            cure=tr("Give it a name."),
        )
    return name if name.name.endswith(SUFFIX) else name.with_name(name.name + SUFFIX)


def shown_text(text: str) -> str:
    """Return the text with everything unprintable escaped; it can always be stored as UTF-8."""
    if text.isprintable():  # nearly always, and asked for every image
        return text
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)


def stays_inside(path: str) -> bool:
    """True for a relative path with `/` that cannot lead out of the folder it starts from."""
    plain = "\0" not in path and _NO_NAMES.isdisjoint(path.split("/"))
    # On other systems a backslash or a colon is an ordinary character of a file's name.
    return plain and not (os.name == "nt" and re.search(r"[\\:]", path))


def all_stay_inside(paths: Sequence[str]) -> bool:
    """True if each of these `stays_inside`; asked at once, it takes a tenth of the time."""
    if os.name == "nt" or not paths:
        return all(map(stays_inside, paths))
    joined = "/" + "/\0/".join(paths) + "/"
    has_own_parts = joined.count("\0") == len(paths) - 1
    return has_own_parts and not any(part in joined for part in ("//", "/./", "/../"))


def label_problem(label: str) -> str | None:
    """Return why this cannot be a label, as a sentence; None for a good one."""
    if not label.strip():
        return tr("A label cannot be empty.")
    if len(label) > LONGEST_LABEL:
        return tr(
            "A label can have {longest_label} characters; this one has {count}.",
            longest_label=LONGEST_LABEL,
            count=len(label),
        )
    try:
        os.fsencode(label)
    except UnicodeEncodeError:
        return tr(
            "The label “{shown_text}” has a character that cannot be stored.",
            shown_text=shown_text(label),
        )
    return None


def check_label(label: str) -> None:
    """Raise InputError if this cannot be a label."""
    problem = label_problem(label)
    if problem:
        raise InputError(problem, cure=tr("Choose another one."))


def slug(text: str) -> str:
    """Return a short ASCII form of the text that is safe in a folder's name on every system."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain)[:_LONGEST_SLUG].strip("-") or "run"


def is_slug(text: str) -> bool:
    """True for what `slug` can return."""
    return bool(_SLUG.fullmatch(text))
