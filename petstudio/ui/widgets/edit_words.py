"""What the history of edits says, in the language of the window.

A project keeps the sentence of each edit in English, whoever opens it; see `project/changes.py`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from petstudio.api.contributions import Split
from petstudio.api.language import counted, tr

_IMAGES: Final = re.compile(r"(?P<verb>.+?) (?P<count>[\d,]+) images?(?: (?P<rest>.+))?")
_CLASS: Final = re.compile(r"(?P<verb>Rename|Merge) class (?P<old>.+) (?:to|into) (?P<new>.+)")
_ICONS: Final = {
    "Exclude": "prohibit",
    "Include": "check-circle",
    "Move": "arrows-left-right",
    "Change": "arrows-left-right",
}
_SPLITS: Final = {
    Split.TRAIN.value: tr("train"),
    Split.VALID.value: tr("valid"),
    Split.TEST.value: tr("test"),
}


def edit_words(what: str) -> str:
    """Return the sentence of an edit as it is shown."""
    if found := _CLASS.fullmatch(what):
        old, new = found["old"], found["new"]
        if found["verb"] == "Rename":
            return tr("Rename class {old} to {new}", old=old, new=new)
        return tr("Merge class {old} into {new}", old=old, new=new)
    found = _IMAGES.fullmatch(what)
    say = _SENTENCES.get(found["verb"]) if found else None
    if found is None or say is None:
        return what
    return say(int(found["count"].replace(",", "")), (found["rest"] or "").partition(" ")[2])


def edit_icon(what: str) -> str:
    """Return the icon for an edit, by the first word of its sentence in the project."""
    return _ICONS.get(what.partition(" ")[0], "tag")


def _label(count: int, name: str) -> str:
    if not name:
        return counted(count, "Label {count:,} picture", "Label {count:,} pictures")
    return counted(
        count, "Label {count:,} picture as {name}", "Label {count:,} pictures as {name}", name=name
    )


def _mark(count: int, _rest: str) -> str:
    return counted(
        count,
        "Mark {count:,} picture as none of the classes",
        "Mark {count:,} pictures as none of the classes",
    )


def _remove(count: int, _rest: str) -> str:
    return counted(
        count, "Remove the label of {count:,} picture", "Remove the label of {count:,} pictures"
    )


def _add(count: int, folder: str) -> str:
    if not folder:
        return counted(count, "Add {count:,} picture", "Add {count:,} pictures")
    return counted(
        count,
        "Add {count:,} picture of {folder}",
        "Add {count:,} pictures of {folder}",
        folder=folder,
    )


def _move(count: int, split: str) -> str:
    return counted(
        count,
        "Move {count:,} picture to {split}",
        "Move {count:,} pictures to {split}",
        split=_SPLITS.get(split, split),
    )


def _change(count: int, _rest: str) -> str:
    return counted(
        count, "Change splits of {count:,} picture", "Change splits of {count:,} pictures"
    )


def _exclude(count: int, _rest: str) -> str:
    return counted(count, "Exclude {count:,} picture", "Exclude {count:,} pictures")


def _include(count: int, _rest: str) -> str:
    return counted(count, "Include {count:,} picture", "Include {count:,} pictures")


def _fix(count: int, _rest: str) -> str:
    return counted(count, "Fix {count:,} picture", "Fix {count:,} pictures")


_SENTENCES: Final[Mapping[str, Callable[[int, str], str]]] = MappingProxyType(
    {
        "Label": _label,
        "Mark": _mark,
        "Remove the label of": _remove,
        "Add": _add,
        "Move": _move,
        "Change splits of": _change,
        "Exclude": _exclude,
        "Include": _include,
        "Fix": _fix,
    }
)
