"""Another folder for the project that is open: where its labels come from, with the proof."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from petstudio.api.language import counted, tr
from petstudio.bridge.models import ProofColumn
from petstudio.bridge.project_view import ProjectView
from petstudio.bridge.prover import Fault, Prover
from petstudio.jobs.proving import DataSource, LabelProof
from petstudio.plugin_host.child import LabelReader
from petstudio.plugin_host.host import PluginHost
from petstudio.project.names import shown_text
from petstudio.ui.theme import Theme
from petstudio.ui.widgets.button import Button
from petstudio.ui.widgets.path_question import ask_folder
from petstudio.ui.widgets.proof_card import ProofCard
from petstudio.ui.widgets.source_card import SourceCard
from petstudio.ui.widgets.text import ElidedText, Text
from petstudio.ui.widgets.thumbnail_cache import ThumbnailCache

_TITLE: Final = tr("Add a folder to {project}")
_TEXT: Final = tr(
    "Its pictures join the project. Labels and sides that are there stay as they are, and a file "
    "that is there already is not added once more. Undo takes it back in one step."
)
_READING: Final = tr("Reading labels…")
_FAULTY: Final = tr("This cannot be added yet, see the marked field")
_NO_LABEL: Final = tr("No file gets a label; change how labels are found")
_WHICH: Final = tr("Choose a folder of pictures to add")
_ADD: Final = tr("Add the folder")
_INSTEAD: Final = tr("Make a new project of it")
_CANCEL: Final = tr("Cancel")
_NAMED: Final = 3
_SIZE: Final = QSize(980, 720)
_EDGE: Final = 64


class AddFolderDialog(QDialog):
    """Begins with the way in which the project found its own labels."""

    add_wanted = Signal(object)
    """The DataSource."""
    new_project_wanted = Signal(object)
    """The Path of the folder, which is not to be added."""

    def __init__(
        self,
        theme: Theme,
        host: PluginHost,
        reader: LabelReader,
        view: ProjectView,
        folder: Path,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._view = view
        self._folder = folder
        self._pictures = ThumbnailCache(self)
        self._prover = Prover(host, reader, self)
        self._source = SourceCard(theme, host.loaders, self._pictures)
        self._proof = ProofCard(theme, self._pictures)
        self._sentence = ElidedText(kind="sentence")
        self._add = Button(theme, _ADD, kind="primary", icon="folder-plus", name="add_folder.add")
        self._instead = Button(theme, _INSTEAD, kind="link", name="add_folder.instead")
        self._cancel = Button(theme, _CANCEL, name="add_folder.cancel")
        self._build()
        self.resize(_SIZE.boundedTo(parent.window().size() - QSize(_EDGE, _EDGE)))
        self._connect()
        self._source.show_choice(view.source.loader, view.source.options)
        self._show_folder(folder)

    @property
    def sentence(self) -> str:
        return self._sentence.full_text

    def _build(self) -> None:
        title = _TITLE.format(project=shown_text(self._view.name))
        self.setObjectName("add_folder")
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._sentence.setObjectName("add_folder.sentence")
        self._proof.table.hideColumn(ProofColumn.SIDE)  # sides are given when they are added
        self._add.setDefault(True)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self._instead)
        buttons.addStretch(1)
        buttons.addWidget(self._cancel)
        buttons.addWidget(self._add)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 16)
        column.setSpacing(12)
        column.addWidget(Text(title, kind="dialog"))
        column.addWidget(Text(_TEXT, tone="text2", wraps=True))
        column.addWidget(self._source)
        column.addWidget(self._proof, 1)
        column.addWidget(self._sentence)
        column.addLayout(buttons)

    def _connect(self) -> None:
        self._source.edited.connect(self._ask)
        self._source.folder_dropped.connect(self._show_folder)
        self._source.choose_requested.connect(self._choose)
        self._proof.row_chosen.connect(self._source.show_example)
        self._prover.proved.connect(self._show_proof)
        self._prover.failed.connect(self._show_fault)
        self._add.clicked.connect(self._tell)
        self._instead.clicked.connect(self._decline)
        self._cancel.clicked.connect(self.reject)
        self.finished.connect(self._shut_down)

    @Slot(object)
    def _show_folder(self, folder: Path) -> None:
        self._folder = folder
        self._source.well.show_folder(folder)
        self._ask()

    @Slot()
    def _choose(self) -> None:
        ask_folder(self, _WHICH, str(self._folder), self._show_folder)

    @property
    def _choice(self) -> DataSource | None:
        options = self._source.values()
        if options is None:
            return None
        return DataSource(
            root=self._folder,
            loader=self._source.loader,
            options=options,
            group=self._view.source.group,
        )

    @Slot()
    def _ask(self) -> None:
        choice = self._choice
        if choice is None:
            self._prover.drop()
            self._say(_FAULTY, is_ready=False)
        else:
            self._say(_READING, is_ready=False)
            self._prover.ask(choice, self._view.split)

    @Slot(object)
    def _show_proof(self, proof: LabelProof) -> None:
        self._source.clear_problems()
        self._source.show_mark(bool(proof.classes))
        self._source.well.show_pictures(proof.listing)
        self._proof.show_proof(proof)
        if proof.classes:
            self._say(_words(proof, self._view.proof), is_ready=True)
        else:
            self._say(_NO_LABEL, is_ready=False)

    @Slot(object)
    def _show_fault(self, fault: Fault) -> None:
        self._source.show_mark(False)
        self._source.show_fault(fault)
        self._say(_FAULTY, is_ready=False)

    def _say(self, sentence: str, *, is_ready: bool) -> None:
        self._sentence.set_full_text(sentence)
        self._add.set_ready(is_ready, "" if is_ready else sentence)

    @Slot()
    def _tell(self) -> None:
        choice = self._choice
        if choice is not None:
            self.accept()
            self.add_wanted.emit(choice)

    @Slot()
    def _decline(self) -> None:
        self.reject()
        self.new_project_wanted.emit(self._folder)

    @Slot()
    def _shut_down(self) -> None:
        self._prover.shutdown()
        self._pictures.shutdown()


def _words(proof: LabelProof, stored: LabelProof) -> str:
    """Say what would come in, and which classes are new."""
    known = dict(stored.classes)
    new = [shown_text(name) for name, _ in proof.classes if name not in known]
    parts = [
        counted(len(proof.labels), "{count:,} picture", "{count:,} pictures"),
        tr("{count:,} unmatched", count=proof.unmatched),
    ]
    if new:
        names = ", ".join(new[:_NAMED]) + (", …" if len(new) > _NAMED else "")
        parts.append(
            counted(
                len(new),
                "{count:,} new class: {names}",
                "{count:,} new classes: {names}",
                names=names,
            )
        )
    else:
        parts.append(tr("no new class"))
    return ", ".join(parts)
