"""Labels out of the program and into it: class folders, and tables for a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QMenu, QWidget

from petstudio.api.errors import InputError, PetStudioError
from petstudio.bridge.labelling import Labelling
from petstudio.bridge.runner import JobRunner
from petstudio.bridge.session import Session
from petstudio.bridge.task import BackgroundCall
from petstudio.jobs.copy_plan import CopyWay
from petstudio.jobs.copy_records import Home
from petstudio.jobs.label_tables import Imported, read_labels, write_labels
from petstudio.project.names import shown_text
from petstudio.project.records import ImageRecord
from petstudio.ui.pages import label_words as words
from petstudio.ui.pages.copying_part import CopyingPart
from petstudio.ui.theme import Theme
from petstudio.ui.widgets.button import Button
from petstudio.ui.widgets.path_question import ask_new_file, ask_text_file

if TYPE_CHECKING:
    from petstudio.project.project import Project

_TABLE: Final = "labels.csv"


class FilesPart(QObject):
    """Two buttons with menus; `board` of the labelling says what there is to give."""

    said = Signal(str)
    """What came of it."""
    failed = Signal(object)
    """The PetStudioError because of which nothing came of it."""

    def __init__(
        self,
        theme: Theme,
        runner: JobRunner,
        session: Session,
        labelling: Labelling,
        page: QWidget,
    ) -> None:
        super().__init__(page)
        self._page = page
        self._session = session
        self._labelling = labelling
        self._file = Path()
        self._imported: list[Imported] = []
        self._copying = CopyingPart(theme, runner, page, left_out=words.left_out)
        self._writing = BackgroundCall(self)
        self.sort = Button(theme, words.SORT, icon="folder-open", name="label.sort")
        self.tables = Button(theme, words.TABLE, kind="ghost", name="label.tables")
        self.selected: tuple[int, ...] = ()
        """Where it is more than one, only these pictures are sorted."""
        self._build()
        self._connect()

    def shutdown(self) -> None:
        self._copying.shutdown()
        self._writing.shutdown()

    def show_project(self, *, is_open: bool) -> None:
        """Follow the session."""
        for button in (self.sort, self.tables):
            button.set_ready(is_open, words.NO_PROJECT)
        self._copying.look(self._home())

    def export(self, file: Path) -> None:
        """Write all labels."""
        board = self._labelling.board
        if board is not None:
            self._file = file
            records, tags = tuple(board.all_records().values()), board.tags
            self._writing.start(lambda _control: write_labels(file, records, tags))

    def take(self, file: Path) -> None:
        """Label pictures as a table says, in one step."""

        def read(project: Project) -> None:
            self._imported.append(read_labels(project, file))

        self._session.apply(read)

    def copies(self) -> tuple[tuple[Path, str], ...]:
        """Return the pictures that are sorted, with their classes."""
        board = self._labelling.board
        if board is None or board.view.root is None:
            return ()
        root = board.view.root
        return tuple(
            (root / record.path, record.label)
            for record in self._chosen()
            if record.label is not None and not record.excluded and record.unreadable is None
        )

    def _chosen(self) -> Iterable[ImageRecord]:
        board = self._labelling.board
        assert board is not None
        some = len(self.selected) > 1
        return (board.records(self.selected) if some else board.all_records()).values()

    def _build(self) -> None:
        sort = QMenu(self.sort)
        for text, way in (
            (words.COPY, CopyWay.COPY), (words.LINK, CopyWay.LINK), (words.MOVE, CopyWay.MOVE)
        ):  # fmt: skip
            sort.addAction(text).triggered.connect(partial(self._sort, way=way))
        sort.addSeparator()
        self._undo = sort.addAction(words.TAKE_BACK)
        self._undo.triggered.connect(self._take_back)
        tables = QMenu(self.tables)
        tables.addAction(words.IMPORT).triggered.connect(self._ask_to_import)
        tables.addAction(words.EXPORT).triggered.connect(self._ask_to_export)
        for button, menu in ((self.sort, sort), (self.tables, tables)):
            button.setMenu(menu)
            button.setProperty("menu", True)
        self.tables.setAccessibleName(words.TABLES)
        self.tables.setToolTip(words.TABLES)
        self._show_undo()

    def _connect(self) -> None:
        self._copying.said.connect(self._on_copied)
        self._copying.failed.connect(self.failed)
        self._copying.ledger_changed.connect(self._show_undo)
        self._copying.moved.connect(self._session.look_again)
        self._writing.done.connect(self._on_written)
        self._writing.failed.connect(self.failed)
        self._session.changed.connect(self._tell_import)

    def _sort(self, _checked: bool = False, *, way: CopyWay) -> None:
        chosen = self.copies()
        count = sum(1 for _ in self._chosen()) if chosen else 0
        home = self._home()
        if way is not CopyWay.MOVE:
            self._copying.ask(lambda: chosen, count, way=way)
        elif home is not None:
            self._copying.ask_to_move(lambda: chosen, count, home)
        else:
            self.failed.emit(InputError(words.OUT_OF_REACH, cure=words.LOCATE))

    def _home(self) -> Home | None:
        view = self._session.view
        if view is None or view.labels is None or view.labels.root is None:
            return None
        return Home(project=view.path, id=view.id, root=view.labels.root)

    @Slot()
    def _take_back(self) -> None:
        self._copying.undo()

    @Slot()
    def _show_undo(self) -> None:
        self._undo.setEnabled(self._copying.can_undo)
        self._undo.setText(words.MOVE_BACK if self._copying.is_move else words.TAKE_BACK)

    @Slot(str, bool)
    def _on_copied(self, text: str, is_bad: bool) -> None:
        if is_bad:
            self.failed.emit(PetStudioError(text))
        else:
            self.said.emit(text)

    @Slot()
    def _ask_to_import(self) -> None:
        ask_text_file(self._page, words.IMPORT_TITLE, "", words.TABLE_KIND, self.take)

    @Slot()
    def _ask_to_export(self) -> None:
        start = str(Path.home() / _TABLE)
        ask_new_file(self._page, words.EXPORT_TITLE, start, words.TABLE_KIND, self.export)

    @Slot(object)
    def _on_written(self, rows: int) -> None:
        self.said.emit(words.exported(rows, shown_text(self._file.name)))

    @Slot()
    def _tell_import(self) -> None:
        while self._imported:
            self.said.emit(words.imported(self._imported.pop(0)))
