"""The runs of a project: a row and a folder for each."""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from petstudio.api.errors import ConflictError, InputError, PetStudioError
from petstudio.api.language import tr
from petstudio.config.atomic import sync_folder, write_fault
from petstudio.config.recipe import Recipe
from petstudio.config.recipe_file import save_recipe
from petstudio.project.database import Database
from petstudio.project.layout import RUNS, check_run
from petstudio.project.names import shown_text, slug
from petstudio.project.records import RunFolder, RunRecord, RunState, TrashedRun
from petstudio.project.run_rows import record_of, row_of
from petstudio.project.table_rows import (
    decoding,
    fetch,
    note_count,
    put,
    put_meta,
    read_meta,
)
from petstudio.project.trash import RunTrash, TrashEntry

_LONGEST_NAME: Final = 200
_NUMBERED: Final = re.compile(r"(\d{1,9})-.*", re.DOTALL)
_LAST_NUMBER: Final = "runs.last"
NOTES_KEY: Final = "runs.notes."  # and the number behind it


class RunTable:
    """Numbers count up and are never used again."""

    def __init__(self, database: Database, project: Path) -> None:
        self._database = database
        self._folder = project / RUNS
        self._trash = RunTrash(project)

    def runs(self) -> tuple[RunRecord, ...]:
        """Return all runs but those in the trash, oldest first."""
        away = {entry.home for entry in self._trash.entries()}
        return tuple(run for run in self._all() if run.folder.path.name not in away)

    def trashed(self) -> tuple[TrashedRun, ...]:
        """Return the runs in the trash, oldest first."""
        return tuple(
            TrashedRun(number=run.number, name=run.name, when=entry.when, bytes=entry.bytes)
            for run, entry in self._away()
        )

    def run(self, number: int | None) -> RunRecord:
        """Return one run; None means the latest that was completed.

        Raises:
            InputError: there is no such run.
            IntegrityError: a part of it is a link to another place.
        """
        found = self._found(number)
        check_run(found.folder)
        return found

    def _found(self, number: int | None) -> RunRecord:
        runs = self.runs()
        if number is None:
            completed = [run for run in runs if run.state is RunState.COMPLETED]
            if not completed:
                raise InputError(
                    tr("No training run has been completed yet."), cure=tr("Train first.")
                )
            return completed[-1]
        for run in runs:
            if run.number == number:
                return run
        if any(run.number == number for run, _ in self._away()):
            raise InputError(
                tr("Run {number} is in the trash.", number=number), cure=tr("Put it back first.")
            )
        known = ", ".join(str(run.number) for run in runs) or "none"
        raise InputError(
            tr("There is no run {number}.", number=number), cure=tr("Known: {known}.", known=known)
        )

    def add(self, recipe: Recipe, name: str, split_fingerprint: str) -> RunFolder:
        """Make the folder of a new run, then its row; what has no row is no run."""
        self._database.require_writable()
        given = name.strip() or recipe.model.architecture
        shown = shown_text(given)[:_LONGEST_NAME]
        folder = self._make_folder(slug(given), shown)
        record = RunRecord(
            number=folder.number,
            name=shown,
            state=RunState.RUNNING,
            started=datetime.now(UTC),
            split_fingerprint=split_fingerprint,
            metrics={},
            folder=folder,
        )
        try:
            save_recipe(folder.recipe_path, recipe)
            self._write(record)
        except PetStudioError:
            shutil.rmtree(folder.path, ignore_errors=True)
            raise
        return folder

    def finish(self, number: int, state: RunState, metrics: Mapping[str, float]) -> None:
        """Note how a run ended."""
        self._write(replace(self.run(number), state=state, metrics=dict(metrics)))

    def rename(self, number: int, name: str) -> None:
        """Call a run otherwise; its folder keeps its name.

        Raises:
            InputError: there is no such run, or this cannot be its name.
        """
        shown = shown_text(name.strip())
        if not 0 < len(shown) <= _LONGEST_NAME:
            raise InputError(
                tr("A run's name has 1 to {longest_name} characters.", longest_name=_LONGEST_NAME),
                cure=tr("Choose another one."),
            )
        run = self.run(number)
        self._write(replace(run, name=shown, folder=replace(run.folder, name=shown)))

    def resumable(self, number: int | None) -> RunRecord:
        """Return a run that did not come to its end, or any by its number; None means the latest.

        Raises:
            InputError: there is none.
            ConflictError: it is going on.
        """
        if number is None:
            open_ended = [run for run in self.runs() if run.state is not RunState.COMPLETED]
            if not open_ended:
                raise InputError(
                    tr("There is no run that was broken off."),
                    cure=tr("Start a new one, or name a run."),
                )
            number = open_ended[-1].number
        return self._idle(number)

    def _idle(self, number: int) -> RunRecord:
        run = self.run(number)
        if run.folder.is_held:
            raise ConflictError(
                tr("Run {number} is going on.", number=number),
                cure=tr("Wait until it has ended, or stop it there."),
            )
        return run

    def reopen(self, number: int) -> None:
        """Note that a run is going on again."""
        self._write(replace(self.run(number), state=RunState.RUNNING))

    def mark_interrupted(self) -> None:
        """Note which runs are going on no more, since the process that ran them is gone."""
        for run in self.runs():
            if run.state is RunState.RUNNING and not run.folder.is_held:
                self._write(replace(run, state=RunState.INTERRUPTED))

    def throw_away(self, number: int) -> TrashedRun:
        """Put a run into the trash; runs that started from it keep all that is theirs.

        Raises:
            InputError: there is no such run.
            ConflictError: it is going on.
        """
        self._database.require_writable()
        self._trash.throw(self._idle(number).folder)
        return next(run for run in self.trashed() if run.number == number)

    def bring_back(self, number: int) -> RunRecord:
        """Take a run out of the trash; InputError if it is not there."""
        self._database.require_writable()
        for run, entry in self._away():
            if run.number == number:
                self._trash.bring_back(entry)
                return self.run(number)
        raise InputError(
            tr("Run {number} is not in the trash.", number=number),
            cure=tr("Look whether it was emptied."),
        )

    def empty_trash(self, *, only_due: bool = False) -> int:
        """Delete for good what lies in the trash, or what has been there for 30 days.

        Returns the bytes that are free now. What a kill interrupts is done by the next call: a
        folder whose row is gone already lies in the trash as any other does.
        """
        going = [entry for entry in self._trash.entries() if entry.is_due or not only_due]
        if going:
            self._forget(going)
        freed = 0
        for entry in going:
            size = entry.bytes
            self._trash.remove(entry)
            freed += size
        return freed

    def _forget(self, entries: Sequence[TrashEntry]) -> None:
        last = self._next_number() - 1
        names = [(entry.number, entry.home.partition("-")[2]) for entry in entries]
        notes = [(f"{NOTES_KEY}{number}",) for number, _ in names]
        with self._database.transaction():
            put_meta(self._database, {_LAST_NUMBER: str(last)})
            self._database.run_many("DELETE FROM runs WHERE number = ? AND slug = ?", names)
            self._database.run_many("DELETE FROM meta WHERE key = ?", notes)
            note_count(self._database, "runs")

    def _all(self) -> tuple[RunRecord, ...]:
        rows = fetch(self._database, "runs", "ORDER BY number")
        with decoding(self._database, "runs"):
            return tuple(record_of(row, self._folder) for row in rows)

    def _away(self) -> list[tuple[RunRecord, TrashEntry]]:
        entries = {entry.home: entry for entry in self._trash.entries()}
        runs = self._all()
        names = [run.folder.path.name for run in runs]
        return [
            (run, entries[name]) for run, name in zip(runs, names, strict=True) if name in entries
        ]

    def write_fingerprint(self, before: str, after: str) -> None:
        """Let runs match data that has a new fingerprint; call it inside a transaction."""
        alike = [run for run in self._all() if run.split_fingerprint == before]
        rows = [row_of(replace(run, split_fingerprint=after)) for run in alike]
        put(self._database, "runs", rows)

    def _write(self, record: RunRecord) -> None:
        with self._database.transaction():
            put(self._database, "runs", [row_of(record)])
            note_count(self._database, "runs")

    def _make_folder(self, safe_name: str, name: str) -> RunFolder:
        try:
            number = self._next_number()
            folder = RunFolder(
                number=number, name=name, path=self._folder / f"{number}-{safe_name}"
            )
            folder.path.mkdir()
            folder.checkpoints_path.mkdir()
            sync_folder(self._folder)
        except OSError as error:
            raise write_fault(self._folder, error) from error
        return folder

    def _next_number(self) -> int:
        # A folder without a row is what a kill between the two left; its number is not reused.
        matches = [_NUMBERED.fullmatch(entry.name) for entry in self._folder.iterdir()]
        on_disk = [int(match[1]) for match in matches if match]
        forgotten = int(read_meta(self._database).get(_LAST_NUMBER, "0"))
        return max([*on_disk, *(run.number for run in self._all()), forgotten]) + 1
