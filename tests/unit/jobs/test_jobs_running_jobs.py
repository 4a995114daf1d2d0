"""The boundary of a job, label proofs, the report and the prediction table."""

from __future__ import annotations

import logging
from html.parser import HTMLParser

import pytest
from PIL import Image

from petstudio.api import (
    ImageLabel,
    InputError,
    MachineError,
    RunCancelledError,
    RunControl,
    Split,
)
from petstudio.api.events import ConfusedPair, EpochFinished, Outcome, StepFinished
from petstudio.images.listing import Listing
from petstudio.jobs.curves import loss_curve
from petstudio.jobs.importing import LabelProof
from petstudio.jobs.job import run_job
from petstudio.jobs.report import Mistake, ReportContent, write_report
from petstudio.jobs.spreadsheet import plain_cell
from petstudio.project.records import RunFolder


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


class _Names(HTMLParser):
    """Collects every element and attribute."""

    def __init__(self):
        super().__init__()
        self.seen = set()

    def handle_starttag(self, tag, attrs):
        self.seen |= {tag, *(name for name, _ in attrs)}


def test_that_names_never_become_markup_in_the_report(tmp_path):
    evil = "<img src=x onerror=alert(1)><script>$title{}%s</script>"
    picture = tmp_path / "p.png"
    Image.new("RGB", (20, 20)).save(picture)
    run = RunFolder(number=1, name=evil, path=tmp_path)
    content = ReportContent(
        run=run,
        split=Split.VALID,
        classes=(evil, "dog"),
        counts=((1, 1), (0, 0)),
        loss=0.5,
        metrics={"accuracy": 0.5},
        most_confused=(ConfusedPair(actual=evil, predicted="dog", count=1),),
        mistakes=tuple(
            Mistake(
                file=file,
                name=evil,
                actual=evil,
                predicted="dog",
                loss=1.0,
                actual_probability=0.1,
                predicted_probability=0.9,
            )
            for file in (picture, tmp_path / "gone.png")
        ),
        events=(),
    )
    write_report(tmp_path / "report.html", content)
    text = (tmp_path / "report.html").read_text(encoding="utf-8")
    parser = _Names()
    parser.feed(text)
    assert not parser.seen & {"script", "onerror"}
    assert "1 of 2 validation pictures right" in text
    assert "cannot read" in text


def test_that_the_curve_has_a_dot_for_each_epoch():
    steps = [
        StepFinished(
            stage=0,
            epoch=0,
            step=step,
            loss=1.0,
            smoothed_loss=1.0 / (step + 1),
            rate=1e-3,
            momentum=0.9,
            images_per_second=1.0,
        )
        for step in range(4)
    ]
    epochs = [
        EpochFinished(
            stage=0,
            epoch=0,
            step=4,
            train_loss=0.3,
            mean_train_loss=0.5,
            valid_loss=0.4,
            metrics={},
            seconds=1.0,
        )
    ]
    assert loss_curve(steps, epochs).count("<circle") == 1
    assert "No steps" in loss_curve([], [])
