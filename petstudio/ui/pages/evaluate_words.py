"""Every sentence that the Evaluate page can say about itself."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from petstudio.api.contributions import Split
from petstudio.api.language import counted, tr
from petstudio.bridge.evaluation_view import Evaluation, Judged
from petstudio.bridge.figures import accuracy_text
from petstudio.bridge.models import spoken_label
from petstudio.bridge.run_comparison import ComparedPart
from petstudio.jobs.wording import named
from petstudio.project.names import shown_text

TITLE: Final = tr("Evaluate")
NO_PROJECT: Final = tr("Choose pictures on the Data page first.")
NO_PROJECT_PROMISE: Final = tr("What a trained model gets wrong is shown here, to be put right.")
NO_RUN: Final = tr("No run has a finished model yet.")
NO_RUN_PROMISE: Final = tr(
    "Once a run has ended, this page shows what it takes for what, its worst mistakes, and labels "
    "that are likely wrong."
)
GO_TO_DATA: Final = tr("Go to Data")
GO_TO_TRAIN: Final = tr("Go to Train")
READING: Final = tr("Reading the results")
EVALUATE: Final = tr("Evaluate")
EVALUATE_AGAIN: Final = tr("Evaluate again")
EXPORT_REPORT: Final = tr("Export report")
REPORT_KIND: Final = tr("Web page (*.html)")
NO_PICTURES: Final = tr("None of the evaluated pictures counts today")
NOTHING_YET: Final = tr("Evaluate the run to see what it gets wrong.")
READ_ONLY: Final = tr("It is not known where the pictures are. Say it on the Data page.")
EVALUATING: Final = tr("Evaluating")
UNDO: Final = tr("Undo")
APPLYING: Final = tr("The fixes are being applied.")
RETRAIN_HEAD: Final = tr("Retrain the head")
MISMATCH_DETAIL: Final = tr(
    "The figures are those of the pictures of classes that the model knows. A head for all classes "
    "is trained on the Train page."
)
STORED: Final = tr("Stored in the model; predictions use it from now on.")
ALL_MISTAKES: Final = tr("All mistakes")
PENDING_FIXES: Final = tr("Pending fixes")
NOTHING_PICKED: Final = tr("Choose a cell, a row or a picture; its pictures appear here.")

PART_TITLES: Final = {
    ComparedPart.FIXED: tr("Fixed"),
    ComparedPart.BROKEN: tr("Broken"),
    ComparedPart.BOTH_WRONG: tr("Both wrong"),
    ComparedPart.BOTH_RIGHT: tr("Both right"),
}


def part_text(part: ComparedPart, count: int) -> str:
    """Say what became of so many pictures from the one run to the other."""
    match part:
        case ComparedPart.FIXED:
            return tr("{count:,} fixed", count=count)
        case ComparedPart.BROKEN:
            return tr("{count:,} broken", count=count)
        case ComparedPart.BOTH_WRONG:
            return tr("{count:,} both wrong", count=count)
        case ComparedPart.BOTH_RIGHT:
            return tr("{count:,} both right", count=count)


def cell_title(judged: Judged, actual: int, predicted: int) -> str:
    """Name the pictures of a class that are taken for another, or are right; both are places."""
    name = spoken_label(judged.classes[actual])
    if actual == predicted:
        return tr("{name} right", name=name)
    guess = spoken_label(judged.classes[predicted])
    return tr("{name} taken for {guess}", name=name, guess=guess)


def evaluating(done: int, total: int) -> str:
    """Say how far an evaluation is."""
    return tr("Evaluating, {done:,} of {total:,}", done=done, total=total)


def apply_text(count: int) -> str:
    """Return what the button says that applies so many fixes."""
    return counted(count, "Apply {count:,} fix", "Apply {count:,} fixes")


def busy_sentence(title: str) -> str:
    """Say that another job has to end first."""
    return (
        tr("“{title}” is still running. Wait for its end.", title=title)
        if title
        else tr("Another job runs.")
    )


def result_sentence(seen: Evaluation) -> str:
    """Say how good the run is, or why that is not known."""
    if seen.problem or seen.judged is None:
        return seen.problem or NOTHING_YET
    found = seen.accuracy
    if not found.images:
        return NO_PICTURES
    text = accuracy_text(found.correct, found.images)
    return (
        tr("{accuracy}, of pictures it learned from", accuracy=text)
        if seen.choice.split is Split.TRAIN
        else text
    )


def mismatch(seen: Evaluation) -> str:
    """Say that model and data have other classes; empty if they have the same."""
    known = seen.judged.classes if seen.judged is not None else seen.classes
    if set(known) == set(seen.classes):
        return ""
    if len(known) != len(seen.classes):
        return tr(
            "The model knows {known:,} classes, the data has {present:,}.",
            known=len(known),
            present=len(seen.classes),
        )
    unknown = [spoken_label(name) for name in sorted(set(seen.classes) - set(known))]
    return tr("The model does not know {classes}.", classes=named(unknown))


def missing_sentence(count: int, split: Split) -> str:
    """Say that pictures came after the evaluation."""
    match split:
        case Split.TRAIN:
            return counted(
                count,
                "{count:,} training picture was not evaluated yet.",
                "{count:,} training pictures were not evaluated yet.",
            )
        case Split.VALID:
            return counted(
                count,
                "{count:,} validation picture was not evaluated yet.",
                "{count:,} validation pictures were not evaluated yet.",
            )
        case Split.TEST:
            return counted(
                count,
                "{count:,} test picture was not evaluated yet.",
                "{count:,} test pictures were not evaluated yet.",
            )


def applied_sentence(count: int) -> str:
    """Say that fixes are in the data."""
    return counted(
        count,
        "{count:,} fix is applied; the figures follow.",
        "{count:,} fixes are applied; the figures follow.",
    )


def dropped_sentence(count: int) -> str:
    """Say that fixes were taken out of the tray."""
    return counted(
        count,
        "{count:,} pending fix was dropped, as the pictures have other labels by now.",
        "{count:,} pending fixes were dropped, as the pictures have other labels by now.",
    )


def report_sentence(file: Path) -> str:
    """Say where the report is."""
    return tr("The report is {file}.", file=shown_text(str(file)))
