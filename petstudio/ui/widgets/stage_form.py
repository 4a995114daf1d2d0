"""The fields of one stage of the recipe."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from petstudio.api.language import tr
from petstudio.bridge.figures import exact_rate_text
from petstudio.bridge.recipe_draft import RecipeDraft
from petstudio.config.recipe import TRAIN_ALL, TRAIN_HEAD, BatchNorm, Stage
from petstudio.plugin_host.host import PluginHost
from petstudio.ui.theme import Theme
from petstudio.ui.widgets.button import Button
from petstudio.ui.widgets.choice_box import ChoiceBox
from petstudio.ui.widgets.flow_layout import FlowLayout
from petstudio.ui.widgets.labelled_field import LabelledField
from petstudio.ui.widgets.number_box import NumberBox
from petstudio.ui.widgets.plugin_options import PluginOptions
from petstudio.ui.widgets.problem_line import ProblemLine

_TRAINABLE: Final = ((TRAIN_HEAD, tr("Head only")), (TRAIN_ALL, tr("All layers")))
_BATCHNORM: Final = (
    (BatchNorm.FROZEN.value, tr("Frozen")),
    (BatchNorm.ADAPT.value, tr("Adapt")),
    (BatchNorm.TRAIN.value, tr("Train")),
)
_SCHEDULE: Final = tr("Schedule")
_MORE: Final = tr("Schedule options")
_LESS: Final = tr("Hide options")
_BAD_OPTION: Final = tr("One of its options cannot be used.")
_RATE_TIP: Final = tr("The highest learning rate of the first layers that train.")
_TOP_RATE_TIP: Final = tr(
    "The highest learning rate of the head; the groups between are spaced by equal factors. "
    "Empty: one rate for all layers."
)
_BATCHNORM_TIP: Final = tr(
    "What BatchNorm layers do in frozen layers: stay as they are, follow the statistics of the "
    "pictures, or train as well."
)

_VIEWS_TIP: Final = tr(
    "While only the head trains on frozen layers: 0 changes every picture anew in each epoch. With "
    "1 or 2, that many changed views are computed once, and later epochs take almost no time."
)
_FRESH: Final = tr("New")


class StageForm(QWidget):
    """Every keystroke goes to the draft, which says what it cannot use."""

    def __init__(self, theme: Theme, host: PluginHost, draft: RecipeDraft) -> None:
        super().__init__()
        self._draft = draft
        self._index = 0
        self._name = QLineEdit()
        self._epochs = NumberBox(1, 100_000)
        self._trainable = ChoiceBox(_TRAINABLE)
        self._low = QLineEdit()
        self._high = QLineEdit()
        self._high.setPlaceholderText(tr("same"))
        self._scheduler = ChoiceBox((item.key, item.label) for item in host.schedulers.values())
        self._batchnorm = ChoiceBox(_BATCHNORM)
        self._views = NumberBox(0, 1000)
        self._views.setSpecialValueText(_FRESH)
        self._options = PluginOptions(theme, host.schedulers, name="training.stage.options")
        self._options.hide()
        self._fold = Button(theme, _MORE, kind="link", small=True, name="training.stage.more")
        self._problem = ProblemLine(theme, name="training.stage.problem")
        self._fields = self._build_fields()
        self._build()
        self._connect()

    def show_stage(self, index: int, groups: Iterable[str] = ()) -> None:
        """Fill in a stage of the draft; `groups` are the layer groups that are known by name."""
        self._draft.drop_problems(f"stages.{self._index}.")
        self._index = index
        stage = self._draft.recipe.stages[index]
        others = (name for name in groups if name not in dict(_TRAINABLE))
        named = [(name, tr("From {name}", name=tr(name))) for name in others]
        self._trainable.show_choices((*_TRAINABLE, *named))
        self._fill(stage)
        self.show_problems()

    def show_problems(self) -> None:
        """Mark the fields whose text the draft cannot use."""
        prefix = f"stages.{self._index}."
        found = {
            key.removeprefix(prefix): text
            for key, text in self._draft.problems.items()
            if key.startswith(prefix)
        }
        for name, fields in self._fields.items():
            for field in fields:
                field.show_problem(found.get(name, ""))
        if (
            "rate" in found
            and isinstance(_read_number(self._low.text()), float)
            and self._high.text()
        ):
            self._fields["rate"][0].show_problem("")
        labels = {name: fields[0].label for name, fields in self._fields.items()}
        lines = [f"{labels.get(name, _SCHEDULE)}: {text}" for name, text in found.items()]
        self._problem.show_problem(" ".join(lines))

    def _fill(self, stage: Stage) -> None:
        self._name.setText(stage.name)
        self._epochs.show_value(stage.epochs)
        self._trainable.show_key(stage.trainable)
        self._low.setText(exact_rate_text(stage.rate[0]))
        self._high.setText(exact_rate_text(stage.rate[1]) if len(stage.rate) > 1 else "")
        self._scheduler.show_key(stage.scheduler)
        self._batchnorm.show_key(stage.batchnorm.value)
        self._views.show_value(stage.views)
        self._show_options(stage)

    def _show_options(self, stage: Stage) -> None:
        self._options.show_choice(stage.scheduler, stage.options)
        self._fold.setVisible(not self._options.is_empty)

    def _build_fields(self) -> dict[str, tuple[LabelledField, ...]]:
        def field(
            label: str, editor: QWidget, key: str, letters: int, tip: str = ""
        ) -> LabelledField:
            return LabelledField(
                label, editor, name=f"training.stage.{key}", letters=letters, tip=tip
            )

        return {
            "name": (field(tr("Name"), self._name, "name", 13),),
            "epochs": (field(tr("Epochs"), self._epochs, "epochs", 5),),
            "trainable": (field(tr("Trains"), self._trainable, "trainable", 9),),
            "rate": (
                field(tr("Learning rate"), self._low, "rate", 8, _RATE_TIP),
                field(tr("to"), self._high, "top_rate", 8, _TOP_RATE_TIP),
            ),
            "scheduler": (field(_SCHEDULE, self._scheduler, "scheduler", 13),),
            "batchnorm": (field("BatchNorm", self._batchnorm, "batchnorm", 10, _BATCHNORM_TIP),),
            "views": (field(tr("Views"), self._views, "views", 4, _VIEWS_TIP),),
        }

    def _build(self) -> None:
        row = QWidget()
        flow = FlowLayout(row, to_bottom=True)
        for fields in self._fields.values():
            for field in fields:
                flow.addWidget(field)
        flow.addWidget(self._fold)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 4, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(row)
        layout.addWidget(self._options)
        layout.addWidget(self._problem)

    def _connect(self) -> None:
        self._draft.changed.connect(self._show_trainable)
        self._name.textEdited.connect(self._editor_of("name"))
        self._epochs.valueChanged.connect(self._editor_of("epochs"))
        self._trainable.picked.connect(self._editor_of("trainable"))
        self._batchnorm.picked.connect(self._editor_of("batchnorm"))
        self._views.valueChanged.connect(self._editor_of("views"))
        self._low.textEdited.connect(self._edit_rate)
        self._high.textEdited.connect(self._edit_rate)
        self._scheduler.picked.connect(self._choose_scheduler)
        self._options.edited.connect(self._edit_options)
        self._fold.clicked.connect(self._toggle_options)

    def _editor_of(self, name: str) -> Callable[[object], None]:
        return lambda value: self._draft.edit(f"stages.{self._index}.{name}", value)

    @Slot()
    def _show_trainable(self) -> None:
        """Follow the divider of the layer strip, which edits the same value."""
        stages = self._draft.recipe.stages
        if self._index < len(stages):
            key = stages[self._index].trainable
            self._trainable.show_key(key, tr("From {name}", name=key))

    @Slot()
    def _edit_rate(self) -> None:
        texts = [self._low.text().strip(), self._high.text().strip()]
        rates = [_read_number(text) for text in texts if text] or [""]
        value = rates if len(rates) > 1 else rates[0]
        self._draft.edit(f"stages.{self._index}.rate", value)

    @Slot(str)
    def _choose_scheduler(self, key: str) -> None:
        self._draft.choose_plugin(f"stages.{self._index}.scheduler", key)
        self._show_options(self._draft.recipe.stages[self._index])

    @Slot()
    def _edit_options(self) -> None:
        key, values = f"stages.{self._index}.options", self._options.values()
        if values is None:
            self._draft.report(key, _BAD_OPTION)
        else:
            self._draft.edit(key, values)

    @Slot()
    def _toggle_options(self) -> None:
        is_folded = self._options.isHidden()
        self._options.setVisible(is_folded)
        self._fold.setText(_LESS if is_folded else _MORE)


def _read_number(text: str) -> float | str:
    """Return the number, or the text itself, which the recipe will then refuse by name."""
    try:
        return float(text)
    except ValueError:
        return text
