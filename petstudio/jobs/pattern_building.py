"""Patterns that nobody has to write: made of the parts of a name that were chosen."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

LABEL: Final = "label"
GROUP: Final = "group"
_PART: Final = re.compile(r"[^\W\d_]+|\d+|[\W_]")
_SUFFIX: Final = re.compile(r"\.[^./]+$")
_TOKEN: Final = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\((?:\?P<(\w+)>|\?)?|\)|.", re.DOTALL)


class PartKind(Enum):
    """What a part of a name is made of; only WORD and NUMBER can be chosen."""

    WORD = auto()
    NUMBER = auto()
    SIGN = auto()
    SLASH = auto()
    SUFFIX = auto()


@dataclass(frozen=True, kw_only=True)
class Part:
    """A piece of a path."""

    text: str
    kind: PartKind


@dataclass(frozen=True, kw_only=True)
class Span:
    """Parts from `first` to `last`, both included."""

    first: int
    last: int

    def holds(self, place: int) -> bool:
        return self.first <= place <= self.last


@dataclass(frozen=True, kw_only=True)
class Choice:
    """Which parts are the class, and which say what stays together."""

    label: Span
    group: Span | None = None


def parts_of(path: str) -> tuple[Part, ...]:
    """Cut a path into words, numbers, signs, slashes and the suffix."""
    suffix = _SUFFIX.search(path)
    stem = path[: suffix.start()] if suffix else path
    parts = [Part(text=found[0], kind=_kind(found[0])) for found in _PART.finditer(stem)]
    if suffix:
        parts.append(Part(text=suffix[0], kind=PartKind.SUFFIX))
    return tuple(parts)


def build_pattern(parts: Sequence[Part], choice: Choice) -> dict[str, str]:
    """Return options of the pattern loader with which such names give such labels.

    Only the part of the path from the first chosen folder on counts, so that deeper folders do no
    harm. What was chosen may be longer elsewhere: `Birman` says that `Maine_Coon` is a class, too.
    """
    spans = [choice.label, *([choice.group] if choice.group else [])]
    slashes = [at for at, part in enumerate(parts) if part.kind is PartKind.SLASH]
    begin = max((at + 1 for at in slashes if at < min(span.first for span in spans)), default=0)
    is_path = any(at >= begin for at in slashes)
    starts = {choice.label.first: (LABEL, choice.label)}
    if choice.group:
        starts[choice.group.first] = (GROUP, choice.group)
    pattern, place = "(?:^|/)" if is_path else "^", begin
    while place < len(parts):
        name, span = starts.get(place, ("", Span(first=place, last=place)))
        inner = _loose(parts[place : span.last + 1]) if name else _strict(parts[place])
        pattern += f"(?P<{name}>{inner})" if name else inner
        place = span.last + 1
    return {"pattern": f"{pattern}$", "match": "path" if is_path else "name"}


def span_of_group(pattern: str, name: str) -> tuple[int, int] | None:
    """Return where the brackets of a named group stand; a single nameless group is the label."""
    groups = _groups(pattern)
    if name == LABEL and len(groups) == 1 and not groups[0].name:
        return groups[0].start, groups[0].end
    return next(((group.start, group.end) for group in groups if group.name == name), None)


def _kind(text: str) -> PartKind:
    if text == "/":
        return PartKind.SLASH
    if text.isdigit():
        return PartKind.NUMBER
    return PartKind.WORD if text[0].isalpha() else PartKind.SIGN


def _strict(part: Part) -> str:
    """Return what a part that was not chosen looks like elsewhere."""
    match part.kind:
        case PartKind.WORD:
            return r"[^\W\d_]+"
        case PartKind.NUMBER:
            return r"\d+"
        case PartKind.SUFFIX:
            return r"\.[^.]+"
        case PartKind.SLASH:
            return "/"
        case PartKind.SIGN:
            return re.escape(part.text)


def _loose(parts: Sequence[Part]) -> str:
    if all(part.kind is PartKind.NUMBER for part in parts):
        return r"\d+"
    return "[^/]+"


@dataclass(frozen=True, kw_only=True)
class _Group:
    name: str
    start: int
    end: int


def _groups(pattern: str) -> list[_Group]:
    """Return the groups that keep what they match, in the order of their opening brackets."""
    opened: list[re.Match[str]] = []
    found: list[_Group] = []
    for token in _TOKEN.finditer(pattern):
        if token[0].startswith("("):
            opened.append(token)
        elif token[0] == ")" and opened:
            bracket = opened.pop()
            if bracket[0] != "(?":  # such as (?:...) and (?=...)
                found.append(_Group(name=bracket[1] or "", start=bracket.start(), end=token.end()))
    return sorted(found, key=lambda group: group.start)
