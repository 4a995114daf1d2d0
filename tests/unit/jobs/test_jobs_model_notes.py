"""Temperature and reject threshold, stored in a finished model."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import numpy as np
import pytest
import safetensors.numpy
from kept_runs import CLASSES, finished_run, keep, new_project, predictions_of

from petstudio.api.errors import ConflictError, InputError, MachineError
from petstudio.engine.model_info import read_info
from petstudio.jobs.model_notes import note_in_model
from petstudio.jobs.results import read_result
from petstudio.project.records import RunFolder


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return new_project(tmp_path)


@pytest.fixture
def run(project: Path) -> RunFolder:
    return finished_run(project)


def weights_hash(file: Path) -> str:
    """Return the SHA-256 of everything behind the header."""
    content = file.read_bytes()
    length = int.from_bytes(content[:8], "little")
    return hashlib.sha256(content[8 + length :]).hexdigest()


def test_that_a_temperature_is_stored_and_the_weights_keep_every_byte(
    project: Path, run: RunFolder
) -> None:
    before, tensors = weights_hash(run.model_path), safetensors.numpy.load_file(run.model_path)
    note_in_model(project, run.number, temperature=1.5)
    assert read_info(run.model_path).temperature == 1.5
    assert weights_hash(run.model_path) == before
    after = safetensors.numpy.load_file(run.model_path)
    assert np.array_equal(after["weight"], tensors["weight"])


def test_that_one_note_leaves_the_other_as_it_is(project: Path, run: RunFolder) -> None:
    note_in_model(project, run.number, temperature=1.5)
    noted = note_in_model(project, run.number, reject_below=0.25)
    assert (noted.temperature, noted.reject_below) == (1.5, 0.25)
    assert read_info(run.model_path) == noted
    assert noted.classes == CLASSES


def test_that_results_tell_what_is_noted(project: Path, run: RunFolder) -> None:
    keep(run, predictions_of([(1, 0, (0.7, 0.2, 0.1))]))
    note_in_model(project, None, temperature=2.0, reject_below=0.5)
    found = read_result(project, None)
    assert (found.temperature, found.reject_below) == (2.0, 0.5)
    assert found.predictions.probabilities[0, 0] == np.float32(0.7)


@pytest.mark.parametrize("temperature", [0.0, -1.0, float("nan"), float("inf")])
def test_that_an_impossible_temperature_changes_nothing(
    project: Path, run: RunFolder, temperature: float
) -> None:
    before = run.model_path.read_bytes()
    with pytest.raises(InputError):
        note_in_model(project, run.number, temperature=temperature)
    assert run.model_path.read_bytes() == before


def test_that_the_model_of_a_run_that_goes_on_is_left_alone(project: Path, run: RunFolder) -> None:
    with run.hold(), pytest.raises(ConflictError):
        note_in_model(project, run.number, temperature=2.0)


def test_that_a_failed_write_keeps_the_model(
    project: Path, run: RunFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    before = run.model_path.read_bytes()
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(MachineError, match="The disk is full"):
        note_in_model(project, run.number, temperature=2.0)
    assert run.model_path.read_bytes() == before
