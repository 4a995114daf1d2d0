"""Every sentence that the Label page can say about itself."""

from __future__ import annotations

from typing import Final

from petstudio.api.language import counted, tr
from petstudio.bridge.label_board import LabelBoard
from petstudio.jobs.label_tables import Imported

NO_PROJECT: Final = tr("Choose pictures on the Data page first; then they can be labelled.")
PICTURES: Final = tr("Pictures to label")
GET: Final = tr("Get suggestions")
NO_RUN: Final = tr("Suggestions come from a finished run. Train one first.")
SUGGESTING: Final = tr("Suggesting labels")
NOTHING_SHOWN: Final = tr("No picture is like that")
NOTHING_SHOWN_WHY: Final = tr("Another choice of class, split, tag or state may show some.")
SHOW_ALL: Final = tr("Show all pictures")
ALL_LABELLED: Final = tr("Everything has a label. Look at the 50 least sure?")
LOOK: Final = tr("Look at them")
GO_TO_DATA: Final = tr("Go to Data")
TAG_TEXT: Final = tr("A word by which these pictures are found again. The same word takes it away.")
NEW_NAME_TAKEN: Final = tr("There is a class of this name; “Merge…” joins the two.")
NO_NAME: Final = tr("Give it a name.")
LONG_TAG: Final = tr("A tag has at most 40 characters.")
SORT: Final = tr("Sort into folders…")
COPY: Final = tr("Copy into class folders…")
LINK: Final = tr("Link into class folders…")
MOVE: Final = tr("Move into class folders…")
TAKE_BACK: Final = tr("Take the latest copies back…")
MOVE_BACK: Final = tr("Move the latest pictures back…")
TABLE: Final = tr("Table")
TABLES: Final = tr("Labels as a table")
IMPORT: Final = tr("Import labels…")
EXPORT: Final = tr("Export labels…")
IMPORT_TITLE: Final = tr("Table with the columns path and label")
EXPORT_TITLE: Final = tr("Write labels as a table")
TABLE_KIND: Final = tr("Tables (*.csv)")
OUT_OF_REACH: Final = tr("The folder of the pictures is not there, so none can be moved.")
LOCATE: Final = tr("Say on the Data page where it is.")
NO_HEAT: Final = tr(
    "A heat map shows where the model looked; none of these pictures was suggested for by a run."
)
NO_MODEL: Final = tr(
    "The run that suggested labels has no model any more, so there is no heat map."
)
STOPPED: Final = tr("No suggestions were stored.")


def sentence(board: LabelBoard, suggestions_in_sight: int) -> str:
    """Say how much is left to do."""
    left = (
        tr("{left:,} without a label", left=board.left)
        if board.left
        else tr("Everything has a label")
    )
    if board.suggestions is None or not suggestions_in_sight:
        return left
    offered = counted(
        suggestions_in_sight,
        "{count:,} suggestion on this page",
        "{count:,} suggestions on this page",
    )
    return f"{left}, {offered}"


def suggesting(done: int, total: int) -> str:
    return tr("Suggesting labels, {done:,} of {total:,}", done=done, total=total)


def tag_title(count: int) -> str:
    return counted(count, "Tag {count:,} picture", "Tag {count:,} pictures")


def accept(count: int) -> str:
    return tr("Accept page, {count:,}", count=count)


def emptiness(board: LabelBoard, shown: int) -> tuple[str, str, str]:
    """Return headline, sentence and button of what stands where no picture is; empty if one is."""
    if shown:
        return "", "", ""
    if board.left:
        return NOTHING_SHOWN, NOTHING_SHOWN_WHY, SHOW_ALL
    return ALL_LABELLED, "", LOOK


def left_out(count: int) -> str:
    """Say which pictures are not sorted; empty if all are."""
    if not count:
        return ""
    return counted(
        count,
        "{count:,} picture is without a label, excluded or unreadable: left out.",
        "{count:,} pictures are without a label, excluded or unreadable: left out.",
    )


def exported(rows: int, file: str) -> str:
    return counted(
        rows,
        "{count:,} picture written to {file}.",
        "{count:,} pictures written to {file}.",
        file=file,
    )


def imported(found: Imported) -> str:
    """Say what came of a table."""
    parts = [counted(found.changed, "{count:,} picture labelled", "{count:,} pictures labelled")]
    if found.same:
        parts.append(tr("{same:,} as before", same=found.same))
    if found.unknown:
        parts.append(
            counted(
                found.unknown,
                "{count:,} file not in the project",
                "{count:,} files not in the project",
            )
        )
    return f"{', '.join(parts)}."
