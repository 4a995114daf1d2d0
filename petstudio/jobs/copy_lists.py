"""The lists of what was copied and moved: the newest, and those of one project."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from petstudio.api.errors import IntegrityError
from petstudio.api.language import counted
from petstudio.jobs.copy_ledger import ledger_folder, project_of, read_ledger
from petstudio.jobs.copy_records import CopyRecord, Moved


@dataclass(frozen=True, kw_only=True)
class Latest:
    """The newest list with something to take back; `problem` tells of those that are damaged."""

    record: CopyRecord | None
    problem: str = ""


def latest(*, with_moves: bool) -> Latest:
    """Look for the newest list that was not undone; one that is damaged hides none."""
    problems: list[str] = []
    newest_first = _readable(sorted(ledger_folder().glob("*.jsonl"), reverse=True), problems)
    found = (each for each in newest_first if each.copies or (with_moves and each.moves))
    return Latest(record=next(found, None), problem=_in_one_sentence(problems))


def moves_of(project: Path) -> tuple[Moved, ...]:
    """Return what was moved of a project's pictures and not moved back, the oldest first."""
    files = sorted(ledger_folder().glob("*.jsonl"))
    mine = (file for file in files if project_of(file) == project.resolve())
    return tuple(moved for each in _readable(mine, []) for moved in each.moves)


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
