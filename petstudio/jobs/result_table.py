"""Predictions as a table for a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from petstudio.config.atomic import replacing
from petstudio.jobs.model_files import ModelFile
from petstudio.jobs.predicted import Predicted
from petstudio.jobs.spreadsheet import plain_cell
from petstudio.project.names import shown_text

_NOT_SURE: Final = "not sure"


def write_results(
    file: Path, results: Iterable[Predicted], model: ModelFile, *, top: int, sure_from: float
) -> int:
    """Write a row for each picture and return how many there are.

    A picture whose best class is less probable than `sure_from` has "not sure" in its row.

    Raises:
        MachineError: the disk is full, or the folder cannot be written.
    """
    identity = (plain_cell(model.name), model.fingerprint)
    count = 0
    with replacing(file) as stream:
        stream.write(_line(_head(top)))
        for result in results:
            stream.write(_line([*_cells(result, top, sure_from), *identity]))
            count += 1
    return count


def _head(top: int) -> list[str]:
    classes = [f"{word}_{rank}" for rank in range(1, top + 1) for word in ("class", "probability")]
    return ["path", *classes, "sure", "error", "model", "data_fingerprint"]


def _cells(result: Predicted, top: int, sure_from: float) -> list[str]:
    cells = [plain_cell(shown_text(str(result.path)))]
    for found in result.top[:top]:
        cells += [plain_cell(shown_text(found.label)), f"{found.probability:.6f}"]
    cells += [""] * (1 + 2 * top - len(cells))
    is_unsure = bool(result.top) and not result.is_sure(sure_from)
    return [*cells, _NOT_SURE if is_unsure else "", plain_cell(result.reason)]


def _line(cells: list[str]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerow(cells)
    return text.getvalue().encode("utf-8", "backslashreplace")
