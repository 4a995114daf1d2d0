"""Tags of pictures: words by which they are found again, in a file beside the database.

They say nothing about classes, so they are no part of the edit history: the key that sets a tag
takes it away again.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final, TypeAlias

from petstudio.api.errors import InputError
from petstudio.api.language import tr
from petstudio.config.atomic import write_text
from petstudio.project.layout import TAGS
from petstudio.project.names import shown_text
from petstudio.project.own_files import damaged_file, read_own_file

Tags: TypeAlias = Mapping[str, frozenset[int]]
"""Ids of pictures by tag, sorted by tag; every tag has at least one picture."""

LONGEST_TAG: Final = 40
NO_TAGS: Final[Tags] = MappingProxyType({})
_SCHEMA: Final = 1
_MOST_BYTES: Final = 64 << 20


def load_tags(project: Path) -> Tags:
    """Return the tags of a project.

    Raises:
        IntegrityError: the file is damaged, newer, or not what PetStudio writes.
    """
    path = project / TAGS
    content = read_own_file(path, most_bytes=_MOST_BYTES)
    if content is None:
        return NO_TAGS
    try:
        return _decoded(json.loads(content))
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise damaged_file(path, tr("it is not what PetStudio writes")) from error


def set_tag(project: Path, tag: str, ids: Iterable[int], *, is_on: bool) -> None:
    """Give pictures a tag, or take it away; call it while the project is open for writing.

    Raises:
        InputError: this cannot be a tag.
        IntegrityError: the file is damaged.
        MachineError: it cannot be written.
    """
    name = shown_text(tag.strip())
    if not name or len(name) > LONGEST_TAG:
        raise InputError(
            tr("A tag has 1 to {longest_tag} characters.", longest_tag=LONGEST_TAG),
            cure=tr("Choose another one."),
        )
    tags = dict(load_tags(project))
    chosen = frozenset(ids)
    old = tags.get(name, frozenset())
    tags[name] = old | chosen if is_on else old - chosen
    _store(project, tags)


def keep_tags_of(project: Path, ids: Iterable[int]) -> None:
    """Take the tags from all other pictures; raises as `set_tag` does."""
    tags = load_tags(project)
    _store(project, {word: tagged.intersection(ids) for word, tagged in tags.items()})


def _store(project: Path, tags: Tags) -> None:
    kept = {word: sorted(tags[word]) for word in sorted(tags) if tags[word]}
    write_text(project / TAGS, json.dumps({"schema_version": _SCHEMA, "tags": kept}))


def toggle_tag(project: Path, tag: str, ids: Iterable[int]) -> None:
    """Set a tag, or take it away where all of these pictures have it; errors as `set_tag`."""
    chosen = frozenset(ids)
    tagged = load_tags(project).get(shown_text(tag.strip()), frozenset())
    set_tag(project, tag, chosen, is_on=not tagged.issuperset(chosen))


def _decoded(table: object) -> Tags:
    if not isinstance(table, dict) or table["schema_version"] != _SCHEMA:
        raise ValueError("another schema")
    tags = {word: frozenset(ids) for word, ids in sorted(table["tags"].items())}
    for word, ids in tags.items():
        is_clean = 0 < len(word) <= LONGEST_TAG and shown_text(word) == word
        if not is_clean or not ids or not all(type(number) is int for number in ids):
            raise ValueError(word)
    return MappingProxyType(tags)
