"""Which model the Predict page uses: one of the project's runs, or a file."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from petstudio.api.errors import PetStudioError
from petstudio.api.language import tr
from petstudio.bridge.task import BackgroundCall
from petstudio.jobs.model_files import ModelFile, model_at, models_of
from petstudio.project.names import shown_text
from petstudio.ui.pages import predict_words as words
from petstudio.ui.widgets.choice_box import ChoiceBox
from petstudio.ui.widgets.letters_wide import LettersWide
from petstudio.ui.widgets.path_question import ask_text_file

_FILE: Final = "file"
_NONE: Final = "none"
_KIND: Final = tr("Models (*.safetensors)")
_LONGEST: Final = 40
_LETTERS: Final = (10, 34)  # at least, at most
_ARROW_ROOM: Final = 48

logger = logging.getLogger(__name__)


class ModelsPart(QObject):
    """Reads the models in the background; the newest run is chosen until the user says else."""

    changed = Signal()
    """`model` is another one, or was read again."""
    failed = Signal(object)
    """The PetStudioError because of which a file is no model."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._page = parent
        self._models: tuple[ModelFile, ...] = ()
        self._extra: ModelFile | None = None
        self._wanted: Path | None = None
        self.box = ChoiceBox()
        self.box.setObjectName("predict.model")
        self.box.setAccessibleName(words.MODEL)
        least, most = _LETTERS
        LettersWide(self.box, least, room=_ARROW_ROOM, most=most)
        self._list = BackgroundCall(self)
        self._file = BackgroundCall(self)
        self._list.done.connect(self._take_list)
        self._list.failed.connect(self._take_no_list)
        self._file.done.connect(self._take_file)
        self._file.failed.connect(self.failed)
        self.box.picked.connect(self._pick)
        self._show()

    @property
    def model(self) -> ModelFile | None:
        """The chosen one."""
        known = self._known()
        return next((model for model in known if model.file == self._wanted), None) or (
            known[0] if known else None
        )

    @property
    def is_looking(self) -> bool:
        """Whether it is not known yet which models there are."""
        return self._list.is_busy and not self._models

    def look(self, project: Path | None) -> None:
        """Offer the models of this project from now on, or look at them again."""
        if project is None:
            self._list.cancel()
            self._take_list(())
        else:
            self._list.start(lambda _control: models_of(project))

    def shutdown(self) -> None:
        self._list.shutdown()
        self._file.shutdown()

    def keep(self) -> None:
        """Keep the chosen model chosen, also when a newer run comes."""
        self._wanted = self.model.file if self.model is not None else None

    def choose_file(self, file: Path) -> None:
        """Use the model in a file."""
        self._file.start(lambda _control: model_at(file))

    def _known(self) -> tuple[ModelFile, ...]:
        return self._models if self._extra is None else (*self._models, self._extra)

    @Slot(str)
    def _pick(self, key: str) -> None:
        if key in (_FILE, _NONE):
            self._show()  # the old choice holds until there is another
            ask_text_file(self._page, words.CHOOSE_MODEL_TITLE, "", _KIND, self.choose_file)
            return
        self._wanted = Path(key)
        self.changed.emit()

    @Slot(object)
    def _take_list(self, models: tuple[ModelFile, ...]) -> None:
        self._models = models
        self._show()
        self.changed.emit()

    @Slot(object)
    def _take_no_list(self, error: PetStudioError) -> None:
        logger.info("The models cannot be listed: %s", error)
        self._take_list(())

    @Slot(object)
    def _take_file(self, model: ModelFile) -> None:
        self._extra, self._wanted = model, model.file
        self._show()
        self.changed.emit()

    def _show(self) -> None:
        models = [(str(model.file), _short(model)) for model in self._known()]
        none = [] if models else [(_NONE, words.CHOOSE_MODEL)]
        file = [(_FILE, tr("another file…"))] if models else []
        self.box.show_choices((*models, *none, *file))
        if self.model is not None:
            self.box.show_key(str(self.model.file))


def _short(model: ModelFile) -> str:
    name = shown_text(model.name)
    return name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1]}…"
