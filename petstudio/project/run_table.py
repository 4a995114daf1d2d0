"""The runs of a project: a row and a folder for each."""

from __future__ import annotations

import json
import math
import re
import shutil
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from operator import index
from pathlib import Path
from typing import Final

from petstudio.api.errors import ConflictError, InputError, PetStudioError
from petstudio.config.atomic import sync_folder, write_fault
from petstudio.config.recipe import Recipe
from petstudio.config.recipe_file import save_recipe
from petstudio.project.database import Database, Row
from petstudio.project.layout import RUNS, check_run
from petstudio.project.names import is_slug, shown_text, slug
from petstudio.project.records import RunFolder, RunRecord, RunState
from petstudio.project.table_rows import decoding, fetch, json_table, note_count, put

_LONGEST_NAME: Final = 200
_NUMBERED: Final = re.compile(r"(\d{1,9})-.*", re.DOTALL)


class RunTable:
    """Numbers count up and are never used again."""

    def __init__(self, database: Database, project: Path) -> None:
        self._database = database
        self._folder = project / RUNS

    def runs(self) -> tuple[RunRecord, ...]:
        """Return all runs, oldest first."""
        rows = fetch(self._database, "runs", "ORDER BY number")
        with decoding(self._database, "runs"):
            return tuple(self._record(row) for row in rows)

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
                raise InputError("No training run has been completed yet.", cure="Train first.")
            return completed[-1]
        for run in runs:
            if run.number == number:
                return run
        known = ", ".join(str(run.number) for run in runs) or "none"
        raise InputError(f"There is no run {number}.", cure=f"Known: {known}.")

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
                    "There is no run that was broken off.", cure="Start a new one, or name a run."
                )
            number = open_ended[-1].number
        run = self.run(number)
        if run.folder.is_held:
            raise ConflictError(
                f"Run {number} is going on.", cure="Wait until it has ended, or stop it there."
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

    def _write(self, record: RunRecord) -> None:
        with self._database.transaction():
            put(self._database, "runs", [_row(record)])
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
        return max([*on_disk, *(run.number for run in self.runs())], default=0) + 1

    def _record(self, row: Row) -> RunRecord:
        number, safe_name, name, state, started, fingerprint, metrics = row
        if not is_slug(safe_name):
            raise ValueError(safe_name)  # it could lead out of the folder
        path = self._folder / f"{index(number)}-{safe_name}"
        return RunRecord(
            number=number,
            name=str(name),
            state=RunState(state),
            started=datetime.fromisoformat(started),
            split_fingerprint=str(fingerprint),
            metrics={
                key: math.nan if value is None else float(value)
                for key, value in json_table(metrics).items()
            },
            folder=RunFolder(number=number, name=str(name), path=path),
        )


def _row(record: RunRecord) -> Row:
    metrics = {
        key: value if math.isfinite(value) else None for key, value in record.metrics.items()
    }
    return (
        record.number,
        record.folder.path.name.partition("-")[2],
        record.name,
        record.state.value,
        record.started.isoformat(),
        record.split_fingerprint,
        json.dumps(metrics),
    )
