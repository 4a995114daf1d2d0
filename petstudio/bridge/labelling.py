"""What a person says about pictures: shown at once, stored in the background, in order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from petstudio.api.errors import InputError, PetStudioError
from petstudio.bridge.label_board import LabelBoard
from petstudio.bridge.session import Change, Session
from petstudio.project import changes
from petstudio.project.image_tags import toggle_tag
from petstudio.project.records import ImageRecord, LabelOrigin


class Labelling(QObject):
    """Every method but `go_to` is one step of the history; those without a picture do nothing."""

    renewed = Signal()
    """Another project, other pictures or other suggestions: what is shown is to be chosen anew."""
    changed = Signal()
    """The same pictures, but they look different."""
    failed = Signal(object)
    """The PetStudioError because of which an edit was not made."""

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._path: Path | None = None
        self._board: LabelBoard | None = None
        self.last_label = ""
        """What `repeat` gives."""
        session.changed.connect(self.take_view)
        session.failed.connect(self._on_failed)

    @property
    def board(self) -> LabelBoard | None:
        return self._board

    def label(self, keys: Iterable[int], label: str) -> None:
        """Say what pictures show; a class that there is not yet begins with this."""
        if self._relabel(dict.fromkeys(keys, label), LabelOrigin.PERSON):
            self.last_label = label

    def repeat(self, keys: Iterable[int]) -> None:
        """Give the label that was given last."""
        if self.last_label:
            self.label(keys, self.last_label)

    def accept(self, keys: Iterable[int], at_least: float = 0.0) -> int:
        """Take over what is suggested for undecided pictures; returns for how many."""
        labels: dict[int, str | None] = {}
        for key in keys if self._board is not None else ():
            top = self._board.open_suggestion(key) if self._board is not None else None
            if top is not None and top[1] >= at_least:
                labels[key] = top[0]
        self._relabel(labels, LabelOrigin.SUGGESTION)
        return len(labels)

    def confirm(self, keys: Iterable[int]) -> None:
        """Say that the labels are right, wherever they came from."""
        records = self._records(keys)
        self._relabel(
            {
                key: record.label
                for key, record in records.items()
                if record.label is not None and record.origin is not LabelOrigin.PERSON
            },
            LabelOrigin.PERSON,
        )

    def say_none(self, keys: Iterable[int]) -> None:
        """Say that pictures show none of the classes."""
        self._relabel(dict.fromkeys(keys), LabelOrigin.PERSON)

    def clear(self, keys: Iterable[int]) -> None:
        """Take labels away; the pictures are undecided again."""
        self._relabel(dict.fromkeys(keys), LabelOrigin.LOADER)

    def exclude(self, keys: Iterable[int]) -> None:
        """Leave pictures out, or take them in again where all of them are left out."""
        records = self._records(keys)
        if not records:
            return
        chosen = tuple(records)
        excluded = not all(record.excluded for record in records.values())
        change = changes.exclude(records, chosen, excluded)
        self._ask(change.records, lambda project: project.set_excluded(chosen, excluded))

    def tag(self, keys: Iterable[int], tag: str) -> None:
        """Set a tag, or take it away where all of these pictures have it by then."""
        chosen = tuple(keys)
        if self._board is not None and chosen:
            self._ask((), lambda project: toggle_tag(project.path, tag, chosen))

    def rename(self, old: str, new: str) -> None:
        """Give a class another name; merges the two where `new` is a class."""
        if self._board is not None:
            self._ask((), lambda project: project.rename_class(old, new))

    def go_to(self, edit: int) -> None:
        """Undo or redo up to the moment after this edit; 0 is before the first one."""
        if self._board is not None:
            self._ask((), lambda project: project.go_to_edit(edit))

    def _records(self, keys: Iterable[int]) -> dict[int, ImageRecord]:
        if self._board is None:
            return {}
        records = self._board.records(keys)
        return {key: record for key, record in records.items() if record.unreadable is None}

    def _relabel(self, labels: Mapping[int, str | None], origin: LabelOrigin) -> bool:
        records = self._records(labels)
        chosen = {key: labels[key] for key in records}
        if not chosen:
            return False
        try:
            change = changes.relabel(records, chosen, origin)
        except InputError as error:
            self.failed.emit(error)
            return False
        self._ask(change.records, lambda project: project.set_labels(chosen, origin))
        return True

    def _ask(self, changed: tuple[ImageRecord, ...], edit: Change) -> None:
        assert self._board is not None
        self._session.apply(edit)
        self._board.ask(self._session.edits_asked, changed)
        self.changed.emit()

    @Slot()
    def take_view(self) -> None:
        """Follow the session; to be called once by whoever came later than the project."""
        view = self._session.view
        labels = view.labels if view is not None else None
        if view is None or labels is None:
            self._board, self._path = None, None
            self.renewed.emit()
            return
        if self._board is None or view.path != self._path:
            self._board, self._path, self.last_label = LabelBoard(labels), view.path, ""
            self.renewed.emit()
            return
        is_same = self._board.has_same_pictures(labels)
        self._board.renew(labels, self._session.edits_done)
        (self.changed if is_same else self.renewed).emit()

    @Slot(object)
    def _on_failed(self, error: PetStudioError) -> None:
        if self._board is not None:
            self._board.forget(self._session.edits_done)
            self.changed.emit()
        self.failed.emit(error)
