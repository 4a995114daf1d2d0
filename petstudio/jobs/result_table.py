"""Predictions as a table for a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import IO, Final

from petstudio.config.atomic import replacing
from petstudio.jobs.model_files import ModelFile
from petstudio.jobs.predicted import Predicted
from petstudio.jobs.spreadsheet import plain_cell
from petstudio.project.names import shown_text

_NOTHING: Final[Mapping[str, str]] = MappingProxyType({})


class ResultTable:
    """A row for each picture; cells that a spreadsheet would run as formulas are quoted.

    A picture is sure whose best class is at least as probable as `sure_from`. `more` are columns
    that say the same in every row.
    """

    def __init__(
        self, stream: IO[bytes], *, top: int, sure_from: float, more: Mapping[str, str] = _NOTHING
    ) -> None:
        self._stream = stream
        self._top = top
        self._sure_from = sure_from
        self._more = tuple(map(plain_cell, more.values()))
        ranks = range(1, top + 1)
        classes = [f"{word}_{rank}" for rank in ranks for word in ("class", "probability")]
        self._write(["path", *classes, "error", "sure", *more])

    def add(self, result: Predicted) -> None:
        cells = [plain_cell(shown_text(str(result.path)))]
        for found in result.top[: self._top]:
            cells += [plain_cell(shown_text(found.label)), f"{found.probability:.6f}"]
        cells += [""] * (1 + 2 * self._top - len(cells))
        self._write([*cells, plain_cell(result.reason), self._sure(result), *self._more])

    def _sure(self, result: Predicted) -> str:
        if not result.top:
            return ""
        return "yes" if result.is_sure(self._sure_from) else "no"

    def _write(self, row: Sequence[str]) -> None:
        text = io.StringIO(newline="")
        csv.writer(text).writerow(row)
        self._stream.write(text.getvalue().encode("utf-8", "backslashreplace"))


def write_results(
    file: Path, results: Iterable[Predicted], model: ModelFile, *, top: int, sure_from: float
) -> int:
    """Write a table that names the model and return how many pictures are in it.

    Raises:
        MachineError: the disk is full, or the folder cannot be written.
    """
    identity = {"model": model.name, "data_fingerprint": model.fingerprint}
    count = 0
    with replacing(file) as stream:
        table = ResultTable(stream, top=top, sure_from=sure_from, more=identity)
        for count, result in enumerate(results, start=1):  # noqa: B007  the last one is returned
            table.add(result)
    return count
