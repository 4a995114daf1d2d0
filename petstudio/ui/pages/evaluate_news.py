"""What the Evaluate page says at its top, each thing once."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from petstudio.api.errors import PetStudioError
from petstudio.bridge.evaluation_view import Evaluation
from petstudio.bridge.session import Session
from petstudio.ui.pages import evaluate_words as words
from petstudio.ui.widgets.banner import Banner


class NewsPart(QObject):
    """Puts messages on the banner; what a person answers comes back as a signal."""

    retrain_wanted = Signal()
    evaluate_wanted = Signal()

    def __init__(self, banner: Banner, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._banner = banner
        self._told: set[str] = set()

    def forget(self) -> None:
        """Begin anew with another project."""
        self._told.clear()
        self._banner.hide()

    def tell(self, seen: Evaluation) -> None:
        """Say what a person should know about this result, unless it was said before."""
        if seen.judged is None:
            return
        mismatch, missing = words.mismatch(seen), seen.judged.result.missing
        late = words.missing_sentence(missing, seen.choice.split) if missing else ""
        if mismatch and self._is_news(seen, mismatch):
            self._banner.show_message(
                "warn",
                mismatch,
                words.MISMATCH_DETAIL,
                action=words.RETRAIN_HEAD,
                act=self.retrain_wanted.emit,
            )
        elif late and seen.choice.part is None and self._is_news(seen, late):
            self._banner.show_message(
                "info", late, action=words.EVALUATE_AGAIN, act=self.evaluate_wanted.emit
            )

    @Slot(object)
    def tell_error(self, error: PetStudioError) -> None:
        self._banner.show_message("err", error.what, error.cure)

    @Slot(object)
    def tell_applied(self, count: int) -> None:
        self._banner.show_message(
            "info", words.applied_sentence(count), action=words.UNDO, act=self._session.undo
        )

    @Slot(object)
    def tell_dropped(self, count: int) -> None:
        self._banner.show_message("info", words.dropped_sentence(count))

    @Slot(object)
    def tell_report(self, file: Path) -> None:
        self._banner.show_message("info", words.report_sentence(file))

    @Slot()
    def tell_noted(self) -> None:
        self._banner.show_message("info", words.STORED)

    def _is_news(self, seen: Evaluation, text: str) -> bool:
        key = f"{seen.choice.run} {text}"
        is_new = key not in self._told
        self._told.add(key)
        return is_new
