"""Looking at what the health check found, and doing something about it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from petstudio.api.contributions import Split
from petstudio.api.language import shown_number, tr
from petstudio.bridge.health_check import HealthCheck
from petstudio.bridge.models import SPLIT_WORDS
from petstudio.bridge.picture_list import Picture, PictureTuple
from petstudio.bridge.session import Session
from petstudio.images.listing import LeftOut
from petstudio.images.roots import Root
from petstudio.jobs.health import Finding, FindingKind, Found, Shield
from petstudio.jobs.health_fixes import exclude_pictures, move_pictures
from petstudio.jobs.proving import LabelProof
from petstudio.project.names import shown_text
from petstudio.ui.theme import Theme
from petstudio.ui.widgets import health_words as words
from petstudio.ui.widgets.button import Button
from petstudio.ui.widgets.file_list import FileList
from petstudio.ui.widgets.pictures_dialog import PicturesDialog

_EXCLUDE: Final = tr("Exclude selected")
_KEEP_FIRST: Final = tr("Exclude all but the first of each")
_ONE_SIDE: Final = tr("Move to the same side")
_CLASSES: Final = (FindingKind.SMALL_CLASS, FindingKind.LIKE_NAMES)


class DataFindings(QObject):
    """Opens pictures over `parent`; what is done is one edit of the project."""

    merge_wanted = Signal(str, str)
    """A class, and the one it shall become part of."""

    def __init__(self, theme: Theme, session: Session, check: HealthCheck, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._session = session
        self._check = check
        self._parent = parent
        self._proof: LabelProof | None = None
        self._can_edit = False
        self._dialog: PicturesDialog | None = None
        self._shown: tuple[str, ...] = ()

    def show_proof(self, proof: LabelProof | None, *, is_stored: bool) -> None:
        """Look at pictures of this proof; only those of a project can be edited."""
        self._proof, self._can_edit = proof, is_stored

    @Slot(object)
    def see(self, finding: Finding) -> None:
        """Show the pictures of a finding, with what can be done about them."""
        title = words.FINDINGS[finding.kind]
        if finding.kind is FindingKind.LIKE_NAMES and self._can_edit:
            self._ask_to_merge(finding)
            return
        if finding.kind in _CLASSES:
            FileList(self._theme, title, _class_lines(finding), self._parent.window()).open()
            return
        dialog = self._open(title, words.EXPLAINED[finding.kind], finding.groups)
        if finding.kind is FindingKind.EQUAL:
            self._offer(dialog, _KEEP_FIRST, "keep_first", partial(self._keep_first, finding))
        if finding.kind is FindingKind.ALIKE and self._moves:
            self._offer(dialog, _ONE_SIDE, "one_side", self.fix)
        self._offer(dialog, _EXCLUDE, "exclude", self._exclude_selected)

    @Slot()
    def see_crossing(self) -> None:
        """Show side by side what is on both sides of the split."""
        shield = self._shield
        if shield is None or self._proof is None:
            return
        members: dict[str | None, list[str]] = {name: [] for name in shield.groups}
        for image in self._proof.labels:
            if image.group in members:
                members[image.group].append(image.path)
        groups = [
            tuple(Found(name=path, why="") for path in paths)
            for paths in (*members.values(), *shield.pairs)
        ]
        dialog = self._open(words.CROSSING_TITLE, words.CROSSING_TEXT, groups)
        self._offer(dialog, _ONE_SIDE, "one_side", self.fix)
        self._offer(dialog, _EXCLUDE, "exclude", self._exclude_selected)

    @Slot()
    def fix(self) -> None:
        """Move what crosses the split to one side, in the project."""
        moves = dict(self._moves)
        if moves and self._can_edit:
            self._session.apply(lambda project: move_pictures(project, moves))

    @property
    def _shield(self) -> Shield | None:
        return self._check.health.shield if self._check.health else None

    @property
    def _moves(self) -> dict[str, Split]:
        return dict(self._shield.moves) if self._shield else {}

    def _open(self, title: str, text: str, groups: Sequence[Sequence[Found]]) -> PicturesDialog:
        dialog = PicturesDialog(self._theme, title, text, self._parent.window())
        self._shown = tuple(found.name for group in groups for found in group)
        dialog.show_pictures(PictureTuple(tuple(self._pictures(groups))), self._session.path)
        dialog.open()
        self._dialog = dialog
        return dialog

    def _offer(self, dialog: PicturesDialog, text: str, name: str, act: Callable[[], None]) -> None:
        button = Button(self._theme, text, name=f"pictures.{name}")
        button.set_ready(self._can_edit, words.AFTER_USE)
        button.clicked.connect(act)
        button.clicked.connect(dialog.accept)
        dialog.add_action(button)

    def _ask_to_merge(self, finding: Finding) -> None:
        """Ask about the first group; the others come when it is one class."""
        counts = dict(self._proof.classes) if self._proof else {}
        names = sorted(finding.groups[0], key=lambda found: counts.get(found.name, 0))
        self.merge_wanted.emit(names[0].name, names[-1].name)

    def _exclude_selected(self) -> None:
        if self._dialog is not None:
            self._exclude([self._shown[key] for key in self._dialog.grid.selected_keys])

    def _keep_first(self, finding: Finding) -> None:
        self._exclude([found.name for group in finding.groups for found in group[1:]])

    def _exclude(self, paths: Sequence[str]) -> None:
        if paths:
            self._session.apply(lambda project: exclude_pictures(project, paths))

    def _pictures(self, groups: Sequence[Sequence[Found]]) -> Iterator[Picture]:
        assert self._proof is not None
        root, sides = self._proof.listing.root, _sides(self._proof)
        key = 0
        for number, group in enumerate(groups, start=1):
            note = shown_number(number) if len(group) > 1 else ""
            for found in group:
                yield _picture(key, root, found, note, sides.get(found.name, ""))
                key += 1


def _sides(proof: LabelProof) -> dict[str, str]:
    return {
        image.path: SPLIT_WORDS[side]
        for image, side in zip(proof.labels, proof.splits, strict=True)
        if side is not None
    }


def _picture(key: int, root: Root, found: Found, note: str, side: str) -> Picture:
    return Picture(
        key=key,
        path=root / found.name,
        title=shown_text(found.name.rpartition("/")[2]),
        note=note,
        subtitle=found.why,
        subnote=side,
        tip=shown_text(found.name),
    )


def _class_lines(finding: Finding) -> list[LeftOut]:
    return [
        LeftOut(path=shown_text(found.name), why=found.why)
        for group in finding.groups
        for found in group
    ]
