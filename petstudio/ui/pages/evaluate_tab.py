"""What the tabs of the Evaluate page have in common."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from petstudio.bridge.evaluation_view import Evaluation, Picked
from petstudio.ui.pages.evaluate_keys import PictureKeys


@dataclass(frozen=True, kw_only=True)
class ModelNotes:
    """What shall be stored in the run's model; None leaves it as it is."""

    temperature: float | None = None
    reject_below: float | None = None


class EvaluateTab(QWidget):
    """Made when it is opened first, and told of the results that there are while it is seen."""

    keys: PictureKeys | None = None
    """Those of the pictures of the tab, where it has some of its own."""
    picked = Signal(object)
    """The Picked that the user chose here."""

    note_wanted = Signal(object)
    """The ModelNotes that the user wants to be stored."""

    def show_evaluation(self, seen: Evaluation) -> None:
        """Show another result; what is chosen stays so where it is still there."""
        raise NotImplementedError

    def pick(self) -> Picked | None:
        """Return what is chosen here now; None leaves the choice to the page."""
        return None

    def shutdown(self) -> None:
        """End what the tab has running in the background."""
