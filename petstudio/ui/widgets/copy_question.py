"""What sorting into class folders would do, before it is done, and what taking it back would."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, assert_never

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QCheckBox, QPlainTextEdit, QWidget

from petstudio.api.language import counted, tr
from petstudio.bridge.models import spoken_label
from petstudio.jobs.copy_plan import CopyPlan, CopyWay
from petstudio.jobs.copy_records import CopyRecord
from petstudio.project.names import shown_text
from petstudio.ui.theme import Theme
from petstudio.ui.widgets.button import Button
from petstudio.ui.widgets.dialogs import Question

_FIRST: Final = 10
_WIDTH: Final = 560
_HEIGHT: Final = 260
_NOTHING: Final = tr("There is nothing to sort.")
_TICK_FIRST: Final = tr("Tick the sentence above first.")
_AGREED: Final = tr("Yes, move the original files out of the folders where they are now.")


class CopyQuestion(Question):
    """Accepted means: do it. Shows how many pictures each class gets, and the first ten.

    Originals move only where the sentence that says so was ticked.
    """

    def __init__(self, theme: Theme, plan: CopyPlan, left_out: str, parent: QWidget) -> None:
        """`left_out` says which pictures are not among them, and why."""
        super().__init__(theme, _title(plan), _what_is_safe(plan), parent)
        self.setObjectName("copy_question")
        self.setMinimumWidth(_WIDTH)
        self._can_go = bool(plan.copies)
        notes = " ".join(part for part in (left_out, _there(plan)) if part)
        if notes:
            self.add_paragraph(notes)
        self._add_list(plan)
        self._agreed = QCheckBox(_AGREED)
        self._agreed.setObjectName("copy_question.agreed")
        self._agreed.setVisible(plan.way is CopyWay.MOVE)
        self._agreed.setChecked(plan.way is not CopyWay.MOVE)
        self._column.addWidget(self._agreed)
        cancel = self.add_button(Button(theme, tr("Cancel"), name="copy_question.cancel"))
        self._go = self.add_button(
            Button(theme, _verb(plan.way), kind="primary", name="copy_question.copy")
        )
        self._go.setDefault(True)
        self.finish()
        self._show_ready()
        self._agreed.toggled.connect(self._show_ready)
        cancel.clicked.connect(self.reject)
        self._go.clicked.connect(self.accept)

    def _add_list(self, plan: CopyPlan) -> None:
        shown = QPlainTextEdit("\n".join(preview(plan)))
        shown.setObjectName("copy_question.list")
        shown.setAccessibleName(tr("What will be done"))
        shown.setReadOnly(True)
        shown.setMinimumHeight(_HEIGHT)
        self._column.addWidget(shown)

    @Slot()
    def _show_ready(self) -> None:
        why_not = _TICK_FIRST if self._can_go else _NOTHING
        self._go.set_ready(self._can_go and self._agreed.isChecked(), why_not)


class TakeBackQuestion(Question):
    """Accepted means: delete the copies that are as they were made."""

    def __init__(self, theme: Theme, record: CopyRecord, parent: QWidget) -> None:
        title = counted(
            len(record.copies),
            "Take {count:,} copied picture back?",
            "Take {count:,} copied pictures back?",
        )
        what = tr(
            "They were put into {folder}. The copies are deleted, except those that were changed "
            "since. The originals stay.",
            folder=shown_text(str(record.target)),
        )
        super().__init__(theme, title, what, parent)
        self.setObjectName("take_back")
        self.offer_loss(
            Button(theme, tr("Delete the copies"), kind="danger", name="take_back.delete"),
            Button(theme, tr("Keep them"), kind="primary", name="take_back.keep"),
        )


class MoveBackQuestion(Question):
    """Accepted means: put the originals back where they were."""

    def __init__(self, theme: Theme, record: CopyRecord, parent: QWidget) -> None:
        title = counted(
            len(record.moves),
            "Move {count:,} picture back?",
            "Move {count:,} pictures back?",
        )
        what = tr(
            "They were moved into {folder}. Each goes back to where it was, except those that were "
            "changed since. No file is overwritten, and labels stay.",
            folder=shown_text(str(record.target)),
        )
        super().__init__(theme, title, what, parent)
        self.setObjectName("move_back")
        leave = self.add_button(Button(theme, tr("Leave them"), name="move_back.leave"))
        move = self.add_button(
            Button(theme, tr("Move them back"), kind="primary", name="move_back.move")
        )
        move.setDefault(True)
        self.finish()
        leave.clicked.connect(self.reject)
        move.clicked.connect(self.accept)


def preview(plan: CopyPlan) -> Sequence[str]:
    """Return the first copies and the counts, line by line."""
    counts = sorted(plan.counts.items(), key=lambda item: (-item[1], item[0]))
    lines = [
        f"{spoken_label(name)}: {counted(count, '{count:,} picture', '{count:,} pictures')}"
        for name, count in counts
    ]
    firsts = [
        f"{shown_text(copy.source.name)} → "
        f"{shown_text(copy.place.parent.name)}/{shown_text(copy.place.name)}"
        for copy in plan.copies[:_FIRST]
    ]
    more = len(plan.copies) - len(firsts)
    rest = [tr("and {more:,} more", more=more)] if more else []
    return (*firsts, *rest, "", *lines)


def _title(plan: CopyPlan) -> str:
    count = len(plan.copies)
    match plan.way:
        case CopyWay.COPY:
            return counted(
                count,
                "Copy {count:,} picture into class folders?",
                "Copy {count:,} pictures into class folders?",
            )
        case CopyWay.LINK:
            return counted(
                count,
                "Link {count:,} picture into class folders?",
                "Link {count:,} pictures into class folders?",
            )
        case CopyWay.MOVE:
            return counted(
                count,
                "Move {count:,} picture into class folders?",
                "Move {count:,} pictures into class folders?",
            )
        case _:
            assert_never(plan.way)


def _what_is_safe(plan: CopyPlan) -> str:
    folder = shown_text(str(plan.target))
    if plan.way is CopyWay.MOVE:
        return tr(
            "Into {folder}. These are the originals, not copies: they will no longer be where they "
            "are now. No file is overwritten, labels stay, and all of it can be moved back.",
            folder=folder,
        )
    return tr(
        "Into {folder}. The pictures stay where they are, no file is overwritten, and the copies "
        "can be taken back.",
        folder=folder,
    )


def _verb(way: CopyWay) -> str:
    match way:
        case CopyWay.COPY:
            return tr("Copy")
        case CopyWay.LINK:
            return tr("Link")
        case CopyWay.MOVE:
            return tr("Move")
        case _:
            assert_never(way)


def _there(plan: CopyPlan) -> str:
    if not plan.there:
        return ""
    return counted(
        plan.there,
        "{count:,} picture lies there already.",
        "{count:,} pictures lie there already.",
    )
