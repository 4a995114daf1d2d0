"""Every sentence that the Runs page can say about itself."""

from __future__ import annotations

from typing import Final

from petstudio.bridge.figures import size_text
from petstudio.bridge.run_row import RunRow, ShelfSeen
from petstudio.bridge.run_view import RunEnd
from petstudio.jobs.wording import counted

NO_PROJECT: Final = "Choose pictures on the Data page first; then runs appear here."
COMPARE: Final = "Compare 2"
TICK_TWO: Final = "Tick two runs"
SET_BASELINE: Final = "Set baseline"
NO_BASELINE: Final = "No baseline"
BASELINE_TIP: Final = "Measure the other runs against the chosen one (B)"
NO_BASELINE_TIP: Final = "Measure the runs against none (B)"
CHOOSE_ONE: Final = "Choose a run in the table"
COMMAND_COPIED: Final = "The command is on the clipboard."
SCRIPT_COPIED: Final = "The script is on the clipboard. Save it as a file that ends in .py."
KEEP: Final = "Keep"
PUT_IN_TRASH: Final = "Put into the trash"
STILL_GOING: Final = "It is going on. Stop it first."
DELETE: Final = "Delete for good"
TICKS_TAKEN: Final = "Six runs can be ticked at a time; take a tick away first."
_TRASH: Final = (
    "{space} go into the trash, and are free after 30 days or when you empty it. Until then the "
    "run can be put back."
)


def state_sentence(seen: ShelfSeen, ticked: int) -> str:
    """Say how many runs there are, what they are measured against, and what a comparison needs."""
    if seen.project is None:
        return NO_PROJECT
    if not seen.rows:
        return "Nothing is sent anywhere"
    base = f"baseline is run {seen.baseline}" if seen.baseline else "no baseline chosen"
    runs = f"{counted(len(seen.rows), 'run')}, {base}"
    if ticked == 2:
        return f"{runs}, nothing is sent anywhere"
    more = "tick two to compare them" if ticked < 2 else "tick only two to compare them"
    return f"{runs}; {more}"


def space_sentence(seen: ShelfSeen) -> str:
    """Say what room the runs take."""
    if not seen.rows:
        return ""
    return f"{size_text(seen.size)} in {counted(len(seen.rows), 'run')}"


def trash_words(seen: ShelfSeen) -> str:
    """Return what stands on the button that opens the trash."""
    return f"Trash, {size_text(seen.trash_size)}" if seen.trashed else "Trash"


def trash_title(row: RunRow) -> str:
    return f"Put run {row.number} into the trash?"


def trash_question(row: RunRow, seen: ShelfSeen) -> str:
    """Say what a run in the trash takes, how long it stays, and who misses it."""
    space = size_text(row.figures.size)
    parts = [_TRASH.format(space=space)]
    children = seen.children(row.number)
    if children:
        runs = "Run " if len(children) == 1 else "Runs "
        numbers = ", ".join(str(number) for number in children)
        parts.append(
            f"{runs}{numbers} started from it: all of theirs stays, but they cannot be done again "
            "without it."
        )
    if row.number == seen.baseline:
        parts.append("It is the baseline.")
    return " ".join(parts)


def delete_title(seen: ShelfSeen) -> str:
    return f"Delete {counted(len(seen.trashed), 'run')} for good?"


def delete_question(seen: ShelfSeen) -> str:
    return f"That frees {size_text(seen.trash_size)} and cannot be undone."


def why_not_trashed(row: RunRow) -> str:
    """Return why a run cannot go into the trash; empty if it can."""
    return STILL_GOING if row.view.end is RunEnd.GOING else ""
