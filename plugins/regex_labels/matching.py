"""The pattern: what it may be, and what it finds in one name.

Runs in a child process with a deadline, since a pattern can take for ever on a harmless name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from petstudio.api import ImageLabel, InputError, Place, choice, flag, text
from petstudio.api.language import tr

LONGEST_NAME: Final = 1024
_LABEL: Final = "label"
_GROUP: Final = "group"
_CURE: Final = tr("Put the part that is the class into (?P<label>...).")


@dataclass(frozen=True, kw_only=True)
class PatternOptions:
    pattern: str = text(
        r"^(?P<label>.+)_\d+\.[^.]+$",
        label=tr("Pattern"),
        help=tr(
            "A regular expression with one group named label, such as "
            "(?P<label>.+)_\\d+, or with a single group. An optional group named "
            "group holds images together in one split."
        ),
    )
    match: str = choice(
        "name",
        {"name": tr("file name"), "path": tr("path below the folder")},
        label=tr("Look at"),
        help=tr(
            "A path has / between its folders; a pattern that begins with / sees one in front."
        ),
    )
    ignore_case: bool = flag(False, label=tr("Ignore case"), help=tr("Let a match A as well."))


def read_by_pattern(options: PatternOptions, place: Place) -> Iterator[ImageLabel]:
    """Give a label for each file; None where the pattern finds nothing or an empty text.

    Raises:
        InputError: the pattern is not valid, or does not say which group is the label.
    """
    pattern = compile_pattern(options.pattern, ignore_case=options.ignore_case)
    label_group = _label_group(pattern)
    has_group = _GROUP in pattern.groupindex
    for path in place.files:
        subject = _subject(options, path)
        found = _search(pattern, subject)
        label = _filled(found[label_group]) if found else None
        if found is None or label is None:
            yield ImageLabel(path=path, label=None)
            continue
        start = max(0, found.start(label_group) + len(path) - len(subject))
        yield ImageLabel(
            path=path,
            label=label,
            group=_filled(found[_GROUP]) if has_group else None,
            span=(start, start + len(label)),
            is_ambiguous=_has_other(pattern, subject, found, label_group),
        )


def compile_pattern(pattern: str, *, ignore_case: bool = False) -> re.Pattern[str]:
    """Compile what a person typed, or raise InputError that says where it is wrong."""
    try:
        return re.compile(pattern, re.IGNORECASE if ignore_case else 0)
    except re.error as error:
        where = "" if error.pos is None else tr(" at character {pos}", pos=error.pos + 1)
        raise InputError(
            tr(
                "The pattern is not a valid regular expression: {msg}{where}.",
                msg=error.msg,
                where=where,
            ),
            cure=tr("Correct it there; write \\ before a sign that is meant as itself."),
        ) from None
    except (OverflowError, RecursionError) as error:
        raise InputError(
            tr("The pattern is too large: {error}.", error=error),
            cure=tr("Use smaller repeats and fewer brackets."),
        ) from None


def _label_group(pattern: re.Pattern[str]) -> str | int:
    names = set(pattern.groupindex)
    unknown = sorted(names - {_LABEL, _GROUP})
    if unknown:
        raise InputError(
            tr(
                "The pattern has a group named {unknown}; only label and group have a meaning.",
                unknown=unknown[0],
            ),
            cure=tr("Rename it, or write (?:...) for a group without a name."),
        )
    if _LABEL in names:
        return _LABEL
    if not names and pattern.groups == 1:
        return 1
    raise InputError(
        tr("The pattern does not say which part of the name is the class."), cure=_CURE
    )


def _subject(options: PatternOptions, path: str) -> str:
    name = path if options.match == "path" else path.rpartition("/")[2]
    # Patterns of the fastai course begin with /, as they were tried on absolute paths.
    return f"/{name}" if options.pattern.startswith("/") else name


def _search(pattern: re.Pattern[str], subject: str) -> re.Match[str] | None:
    return pattern.search(subject) if len(subject) <= LONGEST_NAME else None


def _has_other(
    pattern: re.Pattern[str], subject: str, found: re.Match[str], label_group: str | int
) -> bool:
    """Return whether the pattern also fits further to the right, with another label."""
    other = pattern.search(subject, max(found.end(), found.start() + 1))
    return other is not None and _filled(other[label_group]) not in (None, found[label_group])


def _filled(text: str | None) -> str | None:
    return text if text and text.strip() else None
