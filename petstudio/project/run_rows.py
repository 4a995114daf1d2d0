"""A run as a row of the project's database, and back."""

from __future__ import annotations

import json
import math
from datetime import datetime
from operator import index
from pathlib import Path

from petstudio.project.database import Row
from petstudio.project.names import is_slug
from petstudio.project.records import RunFolder, RunRecord, RunState
from petstudio.project.table_rows import json_table


def record_of(row: Row, runs: Path) -> RunRecord:
    """Return the run in a row, with its place below `runs`.

    Raises:
        ValueError, TypeError: this is not what `row_of` returns.
    """
    number, safe_name, name, state, started, fingerprint, metrics = row
    if not is_slug(safe_name):
        raise ValueError(safe_name)  # it could lead out of the folder
    path = runs / f"{index(number)}-{safe_name}"
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


def row_of(record: RunRecord) -> Row:
    """Return the run as the columns of its row; NaN is stored as null."""
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
