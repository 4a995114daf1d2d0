"""What a person says of runs: another name, tags, a note, a pin, and which one is the baseline.

It stands in the table of single values, one for each run, so that it is written all or not at all
and checked like everything else in the database.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from petstudio.api.errors import InputError
from petstudio.api.language import tr
from petstudio.config.mapping import from_mapping, to_mapping
from petstudio.project.database import Database
from petstudio.project.names import shown_text
from petstudio.project.run_table import NOTES_KEY, RunTable
from petstudio.project.table_rows import decoding, json_table, put_meta, read_meta

LONGEST_TAG: Final = 40
MOST_TAGS: Final = 20
LONGEST_NOTE: Final = 4000
_BASELINE: Final = "runs.baseline"


@dataclass(frozen=True, kw_only=True)
class RunNotes:
    """What is noted of one run; a note may have several lines."""

    tags: tuple[str, ...] = ()
    note: str = ""
    is_pinned: bool = False


class RunNotesTable:
    """The notes of all runs; those of runs in the trash stay for the day they come back."""

    def __init__(self, database: Database, runs: RunTable) -> None:
        self._database = database
        self._runs = runs

    def all(self) -> Mapping[int, RunNotes]:
        """Return what is noted, by number of the run.

        Raises:
            IntegrityError: it is damaged.
        """
        with decoding(self._database, "meta"):
            return {
                int(key.removeprefix(NOTES_KEY)): _decoded(text)
                for key, text in read_meta(self._database).items()
                if key.startswith(NOTES_KEY)
            }

    @property
    def baseline(self) -> int | None:
        """The run that the others are measured against; None where none was chosen, or it is gone.

        Raises:
            IntegrityError: it is damaged.
        """
        with decoding(self._database, "meta"):
            number = int(read_meta(self._database).get(_BASELINE, "0"))
        return number if any(run.number == number for run in self._runs.runs()) else None

    def write(self, number: int, notes: RunNotes) -> None:
        """Note something of a run in place of what was noted before.

        Raises:
            InputError: there is no such run, or something is too long.
        """
        self._runs.run(number)
        cleaned = RunNotes(
            tags=tuple(dict.fromkeys(shown_text(tag.strip()) for tag in notes.tags if tag.strip())),
            note="\n".join(shown_text(line) for line in notes.note.strip().splitlines()),
            is_pinned=notes.is_pinned,
        )
        text = json.dumps(to_mapping(_checked(cleaned)))
        with self._database.transaction():
            put_meta(self._database, {f"{NOTES_KEY}{number}": text})

    def choose_baseline(self, number: int | None) -> None:
        """Measure the others against this run; None against none. InputError if it is not there."""
        if number is not None:
            self._runs.run(number)
        with self._database.transaction():
            put_meta(self._database, {_BASELINE: str(number or 0)})


def tags_in(text: str) -> tuple[str, ...]:
    """Return the tags in a line in which commas part them."""
    return tuple(tag for part in text.split(",") if (tag := part.strip()))


def tags_line(tags: Iterable[str]) -> str:
    return ", ".join(tags)


def _decoded(text: str) -> RunNotes:
    try:
        return _checked(from_mapping(RunNotes, json_table(text)))
    except InputError as error:  # not the user's input: somebody else wrote it
        raise ValueError(str(error)) from error


def _checked(notes: RunNotes) -> RunNotes:
    if len(notes.tags) > MOST_TAGS:
        raise InputError(
            tr("A run can have {most_tags} tags.", most_tags=MOST_TAGS), cure=tr("Take some away.")
        )
    if any(len(tag) > LONGEST_TAG for tag in notes.tags):
        raise InputError(
            tr("A tag can have {longest_tag} characters.", longest_tag=LONGEST_TAG),
            cure=tr("Shorten it."),
        )
    if len(notes.note) > LONGEST_NOTE:
        raise InputError(
            tr("A note can have {longest_note:,} characters.", longest_note=LONGEST_NOTE),
            cure=tr("Shorten it."),
        )
    return notes
