"""Asking for a folder, a file or a place; the answer comes later, nothing waits for it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtWidgets import QFileDialog, QWidget

Answer = Callable[[Path], None]


def ask_folder(parent: QWidget, title: str, start: str, answer: Answer) -> None:
    """Let the user choose a folder."""
    dialog = _dialog(parent, title, start)
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    dialog.setOption(QFileDialog.Option.ShowDirsOnly)
    _open(dialog, answer)


def ask_file(parent: QWidget, title: str, start: str, answer: Answer) -> None:
    """Let the user choose a file that is there."""
    dialog = _dialog(parent, title, start)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    _open(dialog, answer)


def ask_files(
    parent: QWidget, title: str, start: str, answer: Callable[[tuple[Path, ...]], None]
) -> None:
    """Let the user choose any number of files that are there."""
    dialog = _dialog(parent, title, start)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
    teller = _Teller(dialog, answer)
    dialog.filesSelected.connect(teller.tell_all)
    dialog.open()


def ask_text_file(parent: QWidget, title: str, start: str, kind: str, answer: Answer) -> None:
    """Let the user choose a file of a kind such as "Recipes (*.toml)"."""
    dialog = _dialog(parent, title, start)
    dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    dialog.setNameFilter(kind)
    _open(dialog, answer)


def ask_new_file(parent: QWidget, title: str, start: str, kind: str, answer: Answer) -> None:
    """Let the user choose a name for a file; the dialog asks before it takes one that is there."""
    dialog = _dialog(parent, title, start)
    dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
    dialog.setFileMode(QFileDialog.FileMode.AnyFile)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setNameFilter(kind)
    dialog.setDefaultSuffix(Path(start).suffix)
    _open(dialog, answer)


def ask_new_place(parent: QWidget, title: str, start: str, answer: Answer) -> None:
    """Let the user choose a name that need not be there yet."""
    dialog = _dialog(parent, title, start)
    dialog.setFileMode(QFileDialog.FileMode.AnyFile)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setOption(QFileDialog.Option.DontConfirmOverwrite)
    _open(dialog, answer)


def _dialog(parent: QWidget, title: str, start: str) -> QFileDialog:
    dialog = QFileDialog(parent, title)
    dialog.setObjectName("question.path")
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    path = Path(start).expanduser() if start else Path.home()
    dialog.setDirectory(str(path if path.is_dir() else path.parent))
    if start and not path.is_dir():
        dialog.selectFile(path.name)
    return dialog


def _open(dialog: QFileDialog, answer: Answer) -> None:
    # The dialog owns the object that holds the answer, so both live until it is closed.
    teller = _Teller(dialog, lambda paths: answer(paths[0]))
    dialog.fileSelected.connect(teller.tell)
    dialog.open()


class _Teller(QObject):
    def __init__(self, parent: QObject, answer: Callable[[tuple[Path, ...]], None]) -> None:
        super().__init__(parent)
        self._answer = answer

    @Slot(str)
    def tell(self, path: str) -> None:
        self._answer((Path(path),))

    @Slot("QStringList")
    def tell_all(self, paths: list[str]) -> None:
        self._answer(tuple(Path(path) for path in paths))
