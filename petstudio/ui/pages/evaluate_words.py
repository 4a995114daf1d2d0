"""Every sentence that the Evaluate page can say about itself."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from petstudio.api.contributions import Split
from petstudio.bridge.evaluation_view import Evaluation
from petstudio.bridge.figures import accuracy_text
from petstudio.bridge.models import spoken_label
from petstudio.bridge.run_comparison import ComparedPart
from petstudio.jobs.wording import SPLIT_WORDS, counted, named
from petstudio.project.names import shown_text

TITLE: Final = "Evaluate"
NO_PROJECT: Final = "Choose pictures on the Data page first."
NO_PROJECT_PROMISE: Final = "What a trained model gets wrong is shown here, to be put right."
NO_RUN: Final = "No run has a finished model yet."
NO_RUN_PROMISE: Final = (
    "Once a run has ended, this page shows what it takes for what, its worst mistakes, and labels "
    "that are likely wrong."
)
GO_TO_DATA: Final = "Go to Data"
GO_TO_TRAIN: Final = "Go to Train"
READING: Final = "Reading the results"
EVALUATE: Final = "Evaluate"
EVALUATE_AGAIN: Final = "Evaluate again"
EXPORT_REPORT: Final = "Export report"
REPORT_KIND: Final = "Web page (*.html)"
NO_PICTURES: Final = "None of the evaluated pictures counts today"
NOTHING_YET: Final = "Evaluate the run to see what it gets wrong."
READ_ONLY: Final = "It is not known where the pictures are. Say it on the Data page."
EVALUATING: Final = "Evaluating"
UNDO: Final = "Undo"
APPLYING: Final = "The fixes are being applied."
RETRAIN_HEAD: Final = "Retrain the head"
MISMATCH_DETAIL: Final = (
    "The figures are those of the pictures of classes that the model knows. A head for all classes "
    "is trained on the Train page."
)
STORED: Final = "Stored in the model; predictions use it from now on."
ALL_MISTAKES: Final = "All mistakes"
PENDING_FIXES: Final = "Pending fixes"
NOTHING_PICKED: Final = "Choose a cell, a row or a picture; its pictures appear here."

PART_WORDS: Final = {
    ComparedPart.FIXED: "fixed",
    ComparedPart.BROKEN: "broken",
    ComparedPart.BOTH_WRONG: "both wrong",
    ComparedPart.BOTH_RIGHT: "both right",
}


def apply_text(count: int) -> str:
    """Return what the button says that applies so many fixes."""
    return f"Apply {counted(count, 'fix') if count == 1 else f'{count:,} fixes'}"


def busy_sentence(title: str) -> str:
    """Say that another job has to end first."""
    return f"“{title}” is still running. Wait for its end." if title else "Another job runs."


def result_sentence(seen: Evaluation) -> str:
    """Say how good the run is, or why that is not known."""
    if seen.problem or seen.judged is None:
        return seen.problem or NOTHING_YET
    found = seen.accuracy
    if not found.images:
        return NO_PICTURES
    text = accuracy_text(found.correct, found.images)
    return f"{text}, of pictures it learned from" if seen.choice.split is Split.TRAIN else text


def mismatch(seen: Evaluation) -> str:
    """Say that model and data have other classes; empty if they have the same."""
    known = seen.judged.classes if seen.judged is not None else seen.classes
    if set(known) == set(seen.classes):
        return ""
    if len(known) != len(seen.classes):
        return f"The model knows {len(known):,} classes, the data has {len(seen.classes):,}."
    unknown = [spoken_label(name) for name in sorted(set(seen.classes) - set(known))]
    return f"The model does not know {named(unknown)}."


def missing_sentence(count: int, split: Split) -> str:
    """Say that pictures came after the evaluation."""
    pictures = counted(count, f"{SPLIT_WORDS[split]} picture")
    return f"{pictures} {'was' if count == 1 else 'were'} not evaluated yet."


def applied_sentence(count: int) -> str:
    """Say that fixes are in the data."""
    return f"{'1 fix is' if count == 1 else f'{count:,} fixes are'} applied; the figures follow."


def dropped_sentence(count: int) -> str:
    """Say that fixes were taken out of the tray."""
    fixes = "1 pending fix was" if count == 1 else f"{count:,} pending fixes were"
    return f"{fixes} dropped, as the pictures have other labels by now."


def report_sentence(file: Path) -> str:
    """Say where the report is."""
    return f"The report is {shown_text(str(file))}."
