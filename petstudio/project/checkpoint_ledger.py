"""The list of a run's checkpoints as text, with a checksum; what is not exactly so is refused."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from petstudio.api.errors import InputError, IntegrityError
from petstudio.api.language import tr
from petstudio.config.mapping import from_mapping, to_mapping
from petstudio.project.checkpoint_records import (
    CheckpointRecord,
    check_name,
    record_of_file,
)

LONGEST: Final = 8 << 20  # bytes of a ledger
_FORMAT: Final = 1
_LARGEST_FILE: Final = 1 << 50

_DAMAGE: Final = (
    *(ValueError, TypeError, LookupError, AttributeError, OverflowError, RecursionError),
    InputError,  # an OptionError, too: of a value, or of a name
)


class DamagedLedgerError(ValueError):
    """The ledger is not what PetStudio writes."""


def encode(records: Sequence[CheckpointRecord]) -> bytes:
    """Return the ledger's content.

    Raises:
        InputError: there are too many checkpoints.
    """
    ledger = {"format": _FORMAT, "records": [_values(record) for record in records]}
    content = json.dumps({"sha256": _checksum(ledger), "ledger": ledger}, indent=1).encode("ascii")
    if len(content) > LONGEST:
        raise InputError(tr("The run keeps too many checkpoints."), cure=tr("Name fewer of them."))
    return content


def decode(content: bytes) -> tuple[CheckpointRecord, ...]:
    """Return the records, oldest first.

    Raises:
        DamagedLedgerError: it is damaged, or somebody else wrote it.
        IntegrityError: it was made by a newer PetStudio.
    """
    try:
        ledger = _checked(json.loads(content))
        records = tuple(_record(values) for values in ledger["records"])
    except _DAMAGE as error:
        raise DamagedLedgerError(str(error)[:200]) from error
    numbers = [record.number for record in records]
    names = [record.name for record in records if record.name]
    if numbers != sorted(set(numbers)) or len(names) != len(set(names)):
        raise DamagedLedgerError(tr("a number or a name stands there twice"))
    return records


def _values(record: CheckpointRecord) -> dict[str, Any]:
    metrics = {k: v if math.isfinite(v) else None for k, v in record.metrics.items()}
    return {**to_mapping(record), "metrics": metrics}


def _checked(outer: dict[str, Any]) -> dict[str, Any]:
    ledger: dict[str, Any] = outer["ledger"]
    if outer["sha256"] != _checksum(ledger):
        raise ValueError("the checksum is another one")
    if ledger["format"] > _FORMAT:
        raise IntegrityError(
            tr("The checkpoints are of a newer PetStudio."), cure=tr("Update PetStudio.")
        )
    return ledger


def _checksum(ledger: Mapping[str, Any]) -> str:
    text = json.dumps(ledger, sort_keys=True, allow_nan=False)
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def _record(values: Mapping[str, Any]) -> CheckpointRecord:
    metrics = {k: math.nan if v is None else float(v) for k, v in values["metrics"].items()}
    record = from_mapping(CheckpointRecord, {**values, "metrics": metrics})
    # What stands in a file's name is all that says which file: it cannot lead out of the folder.
    plain = replace(record, name="", metrics={})
    if plain != record_of_file(record.file, record.size, record.sha256):
        raise ValueError("not the name of this checkpoint's file")
    if not 0 <= record.size <= _LARGEST_FILE:
        raise ValueError("not the size of a file")
    if record.name:
        check_name(record.name)
    return record
