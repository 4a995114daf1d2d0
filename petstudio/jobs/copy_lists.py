"""The lists of what was copied and moved: the newest, and those of one project."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from petstudio.api.errors import IntegrityError
from petstudio.api.language import counted
from petstudio.jobs.copy_ledger import home_in, ledger_folder, read_ledger
from petstudio.jobs.copy_records import CopyRecord, Home, Moved
from petstudio.jobs.move_homes import brought_to, is_same


@dataclass(frozen=True, kw_only=True)
class Latest:
    """The newest list with something to take back; `problem` tells of those that are damaged."""

    record: CopyRecord | None
    problem: str = ""


def latest(home: Home | None = None) -> Latest:
    """Look for the newest list that can be undone; one that is damaged or elsewhere hides none.

    Moves are among them where they are of this home.
    """
    problems: list[str] = []
    newest_first = _readable(sorted(ledger_folder().glob("*.jsonl"), reverse=True), problems)
    found = (record for each in newest_first if (record := _undoable(each, home)) is not None)
    return Latest(record=next(found, None), problem=_in_one_sentence(problems))


def moves_of(home: Home) -> tuple[Moved, ...]:
    """Return what was moved of a project's pictures and not moved back, the oldest first."""
    files = sorted(ledger_folder().glob("*.jsonl"))
    mine = (file for file in files if (then := home_in(file)) is not None and is_same(then, home))
    return tuple(moved for each in _readable(mine, []) for moved in brought_to(each, home).moves)


def _undoable(record: CopyRecord, home: Home | None) -> CopyRecord | None:
    """Return a list as it is now; None if its files are out of reach, or another project's."""
    if record.home is not None and (home is None or not is_same(record.home, home)):
        return None
    here = record if home is None else brought_to(record, home)
    return here if (here.copies or here.moves) and here.target.is_dir() else None


def _readable(files: Iterable[Path], problems: list[str]) -> Iterator[CopyRecord]:
    for file in files:
        try:
            if file.stat().st_size:  # else the program ended before it wrote anything
                yield read_ledger(file)
        except FileNotFoundError:  # undone meanwhile
            continue
        except IntegrityError as error:
            problems.append(str(error))


def _in_one_sentence(problems: list[str]) -> str:
    if len(problems) < 2:
        return "".join(problems)
    return counted(
        len(problems),
        "{count:,} list of copies cannot be read. The copies stay as they are.",
        "{count:,} lists of copies cannot be read. The copies stay as they are.",
    )
