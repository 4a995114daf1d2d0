"""Writing a small plugin that works, for its author to change."""

from __future__ import annotations

import keyword
import re
from importlib import resources
from pathlib import Path
from typing import Final

from petstudio.api.errors import InputError, MachineError
from petstudio.api.language import tr
from petstudio.plugin_host.host import PluginHost
from petstudio.plugin_host.kinds import KINDS, Kind
from petstudio.plugin_host.records import title_of

# What stands in the files of resources/skeletons wherever the name of a plugin belongs.
_KEY: Final = "sample-key"
_LABEL: Final = tr("Sample label")
_SUFFIX: Final = ".samplesuffix"
_NAME: Final = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
_LONGEST: Final = 40


def kind_called(word: str) -> Kind:
    """Return the kind of contribution of that word; InputError names the known ones."""
    for kind in KINDS:
        if kind.word == word:
            return kind
    known = ", ".join(kind.word for kind in KINDS)
    raise InputError(
        tr("There is no kind of plugin “{word}”.", word=word),
        cure=tr("Known: {known}.", known=known),
    )


def problem_of(host: PluginHost, kind: Kind, name: str) -> str:
    """Return why a new plugin cannot have this name; empty if it can."""
    if not _NAME.fullmatch(name) or keyword.iskeyword(name) or len(name) > _LONGEST:
        return tr(
            "Write a name of lower-case letters, digits and single underscores, such as "
            "my_{word}; at most {longest}.",
            word=kind.word,
            longest=_LONGEST,
        )
    if any(record.name == name for record in host.records):
        return tr("There is a plugin “{name}” already. Choose another name.", name=name)
    folder = host.user_folder
    if any(path.exists() for path in (_file(folder, name), folder / name)):
        return tr("{folder} is there already. Choose another name.", folder=folder / name)
    if any(item.key == _key(name) for item in host.all_of(kind.type)):
        return tr(
            "There is a {word} “{key}” already. Choose another name.",
            word=tr(kind.word),
            key=_key(name),
        )
    return ""


def write_skeleton(host: PluginHost, kind: Kind, name: str) -> Path:
    """Write a plugin with one contribution into the user's folder; nothing is ever overwritten.

    Raises:
        InputError: the name cannot be used.
        MachineError: the folder cannot be written.
    """
    problem = problem_of(host, kind, name)
    if problem:
        raise InputError(problem)
    file = _file(host.user_folder, name)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("x", encoding="utf-8", newline="\n") as stream:
            stream.write(skeleton_text(kind, name))
    except OSError as error:
        raise MachineError(
            tr("{file} could not be written: {strerror}.", file=file, strerror=error.strerror),
            cure=tr("Check the permissions of the folder and the room on the disk."),
        ) from error
    return file


def skeleton_text(kind: Kind, name: str) -> str:
    """Return the source of a plugin called `name`."""
    source = resources.files("petstudio.resources") / "skeletons" / f"{kind.word}.py"
    text = source.read_text(encoding="utf-8")
    for sample, own in (
        (_KEY, _key(name)),
        (_LABEL, title_of(name)),
        (_SUFFIX, f".{name.replace('_', '')}"),
    ):
        text = text.replace(sample, own)
    return text


def _key(name: str) -> str:
    return name.replace("_", "-")


def _file(folder: Path, name: str) -> Path:
    return folder / f"{name}.py"
