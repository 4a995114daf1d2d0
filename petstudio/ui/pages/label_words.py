"""Every sentence that the Label page can say about itself."""

from __future__ import annotations

from typing import Final

from petstudio.bridge.label_board import LabelBoard
from petstudio.jobs.label_tables import Imported
from petstudio.jobs.wording import counted

NO_PROJECT: Final = "Choose pictures on the Data page first; then they can be labelled."
PICTURES: Final = "Pictures to label"
GET: Final = "Get suggestions"
NO_RUN: Final = "Suggestions come from a finished run. Train one first."
SUGGESTING: Final = "Suggesting labels"
NOTHING_SHOWN: Final = "No picture is like that"
NOTHING_SHOWN_WHY: Final = "Another choice of class, split, tag or state may show some."
SHOW_ALL: Final = "Show all pictures"
ALL_LABELLED: Final = "Everything has a label. Look at the 50 least sure?"
LOOK: Final = "Look at them"
GO_TO_DATA: Final = "Go to Data"
TAG_TEXT: Final = "A word by which these pictures are found again. The same word takes it away."
NEW_NAME_TAKEN: Final = "There is a class of this name; “Merge…” joins the two."
NO_NAME: Final = "Give it a name."
LONG_TAG: Final = "A tag has at most 40 characters."
SORT: Final = "Sort into folders…"
COPY: Final = "Copy into class folders…"
LINK: Final = "Link into class folders…"
TAKE_BACK: Final = "Take the latest copies back"
TABLE: Final = "Table"
TABLES: Final = "Labels as a table"
IMPORT: Final = "Import labels…"
EXPORT: Final = "Export labels…"
IMPORT_TITLE: Final = "Table with the columns path and label"
EXPORT_TITLE: Final = "Write labels as a table"
TABLE_KIND: Final = "Tables (*.csv)"
STOPPED: Final = "No suggestions were stored."


def sentence(board: LabelBoard, suggestions_in_sight: int) -> str:
    """Say how much is left to do."""
    left = f"{board.left:,} without a label" if board.left else "Everything has a label"
    if board.suggestions is None or not suggestions_in_sight:
        return left
    return f"{left}, {counted(suggestions_in_sight, 'suggestion')} on this page"


def tag_title(count: int) -> str:
    return f"Tag {counted(count, 'picture')}"


def accept(count: int) -> str:
    return f"Accept page, {count:,}"


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
    verb = "is" if count == 1 else "are"
    return f"{counted(count, 'picture')} {verb} without a label, excluded or unreadable: left out."


def exported(rows: int, file: str) -> str:
    return f"{counted(rows, 'picture')} written to {file}."


def imported(found: Imported) -> str:
    """Say what came of a table."""
    parts = [f"{counted(found.changed, 'picture')} labelled"]
    if found.same:
        parts.append(f"{found.same:,} as before")
    if found.unknown:
        parts.append(f"{counted(found.unknown, 'file')} not in the project")
    return f"{', '.join(parts)}."
