"""What copying into class folders would do, before it is done."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtWidgets import QPlainTextEdit, QWidget

from petstudio.api.language import counted, tr
from petstudio.bridge.models import spoken_label
from petstudio.jobs.copy_ledger import CopyRecord
from petstudio.jobs.copy_plan import CopyPlan
from petstudio.project.names import shown_text
from petstudio.ui.theme import Theme
from petstudio.ui.widgets.button import Button
from petstudio.ui.widgets.dialogs import Question

_FIRST: Final = 10
_WIDTH: Final = 560
_HEIGHT: Final = 260
_SAFE: Final = tr(
    "The pictures stay where they are, no file is overwritten, and the copies can be taken back."
)
_TAKE_BACK: Final = tr(
    "The copies are deleted, except those that were changed since. The originals stay."
)


class CopyQuestion(Question):
    """Accepted means: copy. Shows how many pictures each class gets, and the first ten copies."""

    def __init__(self, theme: Theme, plan: CopyPlan, left_out: str, parent: QWidget) -> None:
        """`left_out` says which pictures are not copied, and why."""
        verb = tr("Link") if plan.as_links else tr("Copy")
        title = tr(
            "{verb} {count} into class folders?",
            verb=verb,
            count=counted(len(plan.copies), "{count:,} picture", "{count:,} pictures"),
        )
        where = tr("Into {shown_text}. {safe}", shown_text=shown_text(str(plan.target)), safe=_SAFE)
        super().__init__(theme, title, where, parent)
        self.setObjectName("copy_question")
        self.setMinimumWidth(_WIDTH)
        notes = " ".join(part for part in (left_out, _there(plan)) if part)
        if notes:
            self.add_paragraph(notes)
        self._list = QPlainTextEdit("\n".join(preview(plan)))
        self._list.setObjectName("copy_question.list")
        self._list.setAccessibleName(tr("What will be copied"))
        self._list.setReadOnly(True)
        self._list.setMinimumHeight(_HEIGHT)
        self._column.addWidget(self._list)
        cancel = self.add_button(Button(theme, tr("Cancel"), name="copy_question.cancel"))
        copy = self.add_button(Button(theme, verb, kind="primary", name="copy_question.copy"))
        copy.set_ready(bool(plan.copies), tr("There is nothing to copy."))
        copy.setDefault(True)
        self.finish()
        cancel.clicked.connect(self.reject)
        copy.clicked.connect(self.accept)


class TakeBackQuestion(Question):
    """Accepted means: delete the copies that are as they were made."""

    def __init__(self, theme: Theme, record: CopyRecord, parent: QWidget) -> None:
        count = counted(len(record.copies), "{count:,} copied picture", "{count:,} copied pictures")
        title = tr("Take {count} back?", count=count)
        where = tr(
            "They were put into {shown_text}. {take_back}",
            shown_text=shown_text(str(record.target)),
            take_back=_TAKE_BACK,
        )
        super().__init__(theme, title, where, parent)
        self.setObjectName("take_back")
        self.offer_loss(
            Button(theme, tr("Delete the copies"), kind="danger", name="take_back.delete"),
            Button(theme, tr("Keep them"), kind="primary", name="take_back.keep"),
        )


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


def _there(plan: CopyPlan) -> str:
    return (
        tr(
            "{count} lie there already.",
            count=counted(plan.there, "{count:,} picture", "{count:,} pictures"),
        )
        if plan.there
        else ""
    )
