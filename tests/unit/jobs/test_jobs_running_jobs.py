"""The boundary of a job, label proofs, the report and the prediction table."""

from __future__ import annotations

import logging

import pytest

from petstudio.api import (
    ImageLabel,
    InputError,
    MachineError,
    RunCancelledError,
    RunControl,
)
from petstudio.api.events import Outcome
from petstudio.images.listing import Listing
from petstudio.jobs.job import run_job
from petstudio.jobs.proving import LabelProof
from petstudio.jobs.spreadsheet import plain_cell


def ended(error):
    def job(emit, control):
        raise error

    events = []
    finished = run_job(job, events.append, RunControl())
    assert events == [finished]
    return finished


def test_that_a_job_that_returns_is_completed():
    assert run_job(lambda emit, control: None, lambda e: None, RunControl()).outcome is (
        Outcome.COMPLETED
    )


def test_that_a_cancelled_job_says_what_is_kept():
    finished = ended(RunCancelledError("The model is kept."))
    assert finished.outcome is Outcome.CANCELLED
    assert finished.kept == "The model is kept."


@pytest.mark.parametrize(
    ("error", "bad_input"), [(InputError("No.", cure="Do."), True), (MachineError("Full."), False)]
)
def test_that_a_failed_job_gives_its_sentence(error, bad_input):
    finished = ended(error)
    assert finished.outcome is Outcome.FAILED
    assert finished.message == str(error)
    assert finished.bad_input is bad_input
    assert finished.details == ""


def test_that_an_unexpected_failure_keeps_its_traceback_aside(caplog):
    with caplog.at_level(logging.CRITICAL):
        finished = ended(ZeroDivisionError("by zero"))
    assert "by zero" in finished.message
    assert "Traceback" in finished.details
    assert "Traceback" not in finished.message


def proof(*labels, tmp_path):
    files = tuple(f"{number}.png" for number in range(len(labels)))
    return LabelProof(
        listing=Listing(root=tmp_path, files=files, left_out=()),
        labels=tuple(
            ImageLabel(path=path, label=label) for path, label in zip(files, labels, strict=True)
        ),
        missing=(),
        splits=tuple(None for _ in labels),
    )


@pytest.mark.parametrize(
    ("labels", "words"),
    [
        ((None, None), "No file got a label. First file: 0.png"),
        (("cat", "cat"), "1 class (cat)"),
        (("cat", "cat", "dog"), "dog has 1 picture"),
        (("cat", "cat", "dog", "dog"), ""),
        (("cat", "cat", "dog", "dog", "owl", None), ""),
    ],
)
def test_that_a_proof_says_why_it_cannot_be_trained_on(labels, words, tmp_path):
    problem = proof(*labels, tmp_path=tmp_path).problem
    assert words in problem
    assert bool(words) == bool(problem)


def test_that_a_proof_counts_classes_and_unmatched(tmp_path):
    found = proof("b", "a", "b", None, tmp_path=tmp_path)
    assert found.classes == (("a", 1), ("b", 2))
    assert found.unmatched == 1


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", " =x", "\t=x", "＝x", "'=x"])
def test_that_no_cell_is_a_formula(text):
    assert plain_cell(text).startswith("'")


def test_that_plain_names_stay_as_they_are():
    assert plain_cell("tabby cat-1.jpg") == "tabby cat-1.jpg"
