"""The live proof: labels and sides for what is chosen now, in the background."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from petstudio.api.control import RunControl
from petstudio.api.errors import InputError, PetStudioError
from petstudio.bridge.collector import set_data_aside
from petstudio.bridge.task import BackgroundCall
from petstudio.images.listing import list_images
from petstudio.images.splitting import SplitChoice
from petstudio.jobs.proving import DataSource, LabelProof, prove
from petstudio.jobs.scanning import Families
from petstudio.plugin_host.child import LabelReader
from petstudio.plugin_host.host import PluginHost

DELAY_MS: Final = 150


@dataclass(frozen=True, kw_only=True)
class Fault:
    """Why there is no proof; the folder itself may be the reason, or how its labels are found."""

    error: PetStudioError
    is_folder: bool = False


class Prover(QObject):
    """Waits a moment after each change, so that typing is not interrupted by half a pattern."""

    proved = Signal(object)
    """The LabelProof of the newest question."""
    failed = Signal(object)
    """The Fault of the newest question."""

    def __init__(
        self, host: PluginHost, reader: LabelReader, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._host = host
        self._reader = reader
        self._question: tuple[DataSource, SplitChoice, Families] | None = None
        self._call = BackgroundCall(self)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(DELAY_MS)
        self._timer.timeout.connect(self._start)
        self._call.done.connect(self._answer)
        self._call.failed.connect(self._fail)

    def ask(self, source: DataSource, split: SplitChoice, families: Families = ()) -> None:
        """Prove this soon, instead of what was asked before; `families` are not to be divided."""
        self._question = (source, split, families)
        self._call.cancel()
        self._timer.start()

    def drop(self) -> None:
        """Answer nothing more until the next question."""
        self._timer.stop()
        self._call.cancel()

    def shutdown(self) -> None:
        self._timer.stop()
        self._call.shutdown()

    @Slot()
    def _start(self) -> None:
        if self._question is None:
            return
        host, reader = self._host, self._reader
        source, split, families = self._question
        self._call.start(lambda control: _prove(host, reader, source, split, families, control))

    @Slot(object)
    def _answer(self, answer: LabelProof | Fault) -> None:
        if isinstance(answer, Fault):
            self.failed.emit(answer)
        else:
            self.proved.emit(answer)

    @Slot(object)
    def _fail(self, error: PetStudioError) -> None:
        self.failed.emit(Fault(error=error))


def _prove(
    host: PluginHost,
    reader: LabelReader,
    source: DataSource,
    split: SplitChoice,
    families: Families,
    control: RunControl,
) -> LabelProof | Fault:
    try:
        proof = prove(host, reader, source, split, control, families)
    except InputError as error:
        return Fault(error=error, is_folder=not _can_be_listed(source))
    set_data_aside()
    return proof.counted()


def _can_be_listed(source: DataSource) -> bool:
    try:
        list_images(source.root)
    except InputError:
        return False
    return True
