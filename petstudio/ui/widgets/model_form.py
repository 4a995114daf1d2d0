"""The fields for what holds for all stages: model, pictures, batches, augmentation."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from petstudio.api.language import tr
from petstudio.bridge.recipe_draft import RecipeDraft
from petstudio.config.recipe import (
    ALL_GPUS,
    IMAGENET_WEIGHTS,
    NO_WEIGHTS,
    Precision,
    Resize,
    growing_sizes,
)
from petstudio.plugin_host.host import PluginHost
from petstudio.ui.theme import Theme
from petstudio.ui.widgets.augmentation_panel import AugmentationPanel
from petstudio.ui.widgets.button import Button
from petstudio.ui.widgets.choice_box import ChoiceBox
from petstudio.ui.widgets.flow_layout import FlowLayout
from petstudio.ui.widgets.labelled_field import LabelledField
from petstudio.ui.widgets.number_box import NumberBox
from petstudio.ui.widgets.path_question import ask_file
from petstudio.ui.widgets.plugin_options import PluginOptions
from petstudio.ui.widgets.problem_line import ProblemLine
from petstudio.ui.widgets.text import Text, plain_tip

_ARROW_ROOM: Final = 48  # arrow and padding of a combo box
_FILE: Final = "choose a file"
_WEIGHT_LABELS: Final = {IMAGENET_WEIGHTS: "ImageNet"}
_LAST_WEIGHTS: Final = ((NO_WEIGHTS, tr("None (random)")), (_FILE, tr("Local file…")))
_RESIZE: Final = (
    (Resize.CROP.value, tr("Crop")),
    (Resize.PAD.value, tr("Pad")),
    (Resize.SQUISH.value, tr("Squish")),
)
_PRECISION: Final = (
    (Precision.AUTO.value, tr("Automatic")),
    (Precision.FLOAT32.value, tr("float32 (exact)")),
    (Precision.BFLOAT16.value, "bfloat16"),
    (Precision.FLOAT16.value, "float16"),
)
_DEVICES: Final = (
    ("auto", tr("Automatic")),
    ("cpu", "CPU"),
    ("cuda", "GPU"),
    (ALL_GPUS, tr("All GPUs")),
    ("mps", tr("Apple GPU")),
)
_ONE_SIZE: Final = "one size"
_GROWING: Final = "growing"
_GROWTH: Final = ((_ONE_SIZE, tr("Same size")), (_GROWING, tr("Small first")))
_GROWTH_TIP: Final = tr(
    "Small first: the early epochs of each stage see smaller pictures and take less time; the "
    "last ones, and the finished model, see the full size."
)
_PRECISION_TIP: Final = tr(
    "Automatic takes a short number format where a measurement shows that this machine gains by it."
)
_DEVICE_TIP: Final = tr("All GPUs: one process for each graphics card of this machine.")
_SAFE_TIP: Final = tr("So many pictures fit into the memory at once, as the latest run measured.")
SHORT_OF_MEMORY: Final = tr("Batches are computed in pieces when memory is short.")
_MORE: Final = tr("More settings")
_LESS: Final = tr("Fewer settings")
_OPTIONS: Final = "model.options"
_BAD_OPTION: Final = tr("One of the network's options cannot be used.")
_AUGMENTATIONS: Final = "augmentations"


class ModelForm(QWidget):
    """Every change goes to the draft at once, which says what it cannot use."""

    def __init__(
        self,
        theme: Theme,
        host: PluginHost,
        draft: RecipeDraft,
        augmentations: AugmentationPanel,
    ) -> None:
        super().__init__()
        self._host = host
        self._draft = draft
        models = [(item.key, item.label) for item in host.architectures.values()]
        self._architecture = ChoiceBox(models)
        self._options = PluginOptions(theme, host.architectures, name="training.model.options")
        self._weights = ChoiceBox()
        self._size = NumberBox(8, 2048, step=32, unit="px")
        self._batch = NumberBox(1, 65536, step=8)
        self._safe = Text(kind="small", tone="text3")
        self._seed = QLineEdit()
        self._growth = ChoiceBox(_GROWTH)
        self._resize = ChoiceBox(_RESIZE)
        self._precision = ChoiceBox(_PRECISION)
        self._device = ChoiceBox(_DEVICES)
        self._decay = QLineEdit()
        self._augmentations = augmentations
        self._fold = Button(theme, _MORE, kind="link", small=True, name="training.more")
        self._problem = ProblemLine(theme, name="training.model.problem")
        self._more = QWidget()
        self._fields = self._make_fields()
        self._build()
        self._connect()
        self._fill()

    def show_problems(self) -> None:
        """Mark the fields whose text the draft cannot use."""
        found = self._draft.problems
        for key, field in self._fields.items():
            field.show_problem(found.get(key, ""))
        lines = [f"{f.label}: {found[key]}" for key, f in self._fields.items() if key in found]
        self._problem.show_problem(" ".join(lines))

    def lock(self, why_not: str) -> None:
        """Take no changes, for this reason if it is not empty; all of it can still be seen."""
        for field in self._fields.values():
            field.lock(why_not)
        for panel in (self._options, self._augmentations):
            panel.setEnabled(not why_not)
            panel.setToolTip(plain_tip(why_not))

    def show_safe_batch(self, safe: int | None, *, is_short: bool) -> None:
        """Say beside the batch how many pictures fit into the memory; None where nobody knows."""
        self._safe.setVisible(safe is not None)
        self._safe.setText("" if safe is None else tr("of {safe:,} safe", safe=safe))
        self._safe.set_tone("warn" if is_short else "text3")
        self._safe.setToolTip(SHORT_OF_MEMORY if is_short else _SAFE_TIP)

    def _make_fields(self) -> dict[str, LabelledField]:
        def field(
            label: str, editor: QWidget, name: str, letters: int, tip: str = ""
        ) -> LabelledField:
            return LabelledField(label, editor, name=f"training.{name}", letters=letters, tip=tip)

        return {
            "model.architecture": field(tr("Model"), self._architecture, "architecture", 11),
            "model.weights": field(tr("Weights"), self._weights, "weights", 14),
            "input.size": field(tr("Image size"), self._size, "size", 7),
            "training.batch_size": field(tr("Batch"), self._batch, "batch_size", 5),
            "seed": field(tr("Seed"), self._seed, "seed", 8),
            "input.growth": field(tr("Early epochs"), self._growth, "growth", 12, _GROWTH_TIP),
            "input.resize": field(tr("Fit to square"), self._resize, "resize", 10),
            "training.precision": field(
                tr("Precision"), self._precision, "precision", 12, _PRECISION_TIP
            ),
            "training.device": field(tr("Device"), self._device, "device", 11, _DEVICE_TIP),
            "training.weight_decay": field(tr("Weight decay"), self._decay, "weight_decay", 8),
        }

    def _build(self) -> None:
        fields = list(self._fields.values())
        self._safe.setObjectName("training.safe_batch")
        self._safe.setFixedHeight(self._batch.sizeHint().height())
        self._safe.hide()
        first = _row([*fields[:4], self._safe, fields[4]])
        first.addWidget(self._fold)
        second = _row(fields[5:])
        more = QVBoxLayout(self._more)
        more.setContentsMargins(0, 0, 0, 0)
        more.setSpacing(12)
        more.addLayout(second)
        more.addWidget(self._augmentations)
        self._more.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addLayout(first)
        layout.addWidget(self._options)
        layout.addWidget(self._more)
        layout.addWidget(self._problem)

    def _connect(self) -> None:
        self._draft.loaded.connect(self._fill)
        self._draft.augmented.connect(self._show_augmentations)
        self._draft.changed.connect(self.show_problems)
        self._architecture.picked.connect(self._choose_architecture)
        self._options.edited.connect(self._edit_options)
        self._weights.picked.connect(self._choose_weights)
        self._size.valueChanged.connect(self._edit_size)
        self._growth.picked.connect(self._edit_size)
        self._batch.valueChanged.connect(self._editor_of("training.batch_size"))
        self._resize.picked.connect(self._editor_of("input.resize"))
        self._precision.picked.connect(self._editor_of("training.precision"))
        self._device.picked.connect(self._editor_of("training.device"))
        self._seed.textEdited.connect(self._edit_seed)
        self._decay.textEdited.connect(self._edit_decay)
        self._augmentations.edited.connect(self._edit_augmentations)
        self._fold.clicked.connect(self._toggle_more)

    def _editor_of(self, key: str) -> Callable[[object], None]:
        return lambda value: self._draft.edit(key, value)

    @Slot()
    def _fill(self) -> None:
        recipe = self._draft.recipe
        self._architecture.show_key(recipe.model.architecture)
        self._show_options()
        self._show_weights()
        self._size.show_value(recipe.input.final_size)
        self._show_growth(recipe.input.size)
        self._batch.show_value(recipe.training.batch_size)
        self._seed.setText(str(recipe.seed))
        self._resize.show_key(recipe.input.resize.value)
        self._precision.show_key(recipe.training.precision.value)
        self._device.show_key(recipe.training.device)
        self._decay.setText(f"{recipe.training.weight_decay:g}")
        self._show_augmentations()

    @Slot()
    def _show_augmentations(self) -> None:
        self._augmentations.show_choices(self._draft.recipe.augmentations)

    def _show_growth(self, sizes: tuple[int, ...]) -> None:
        known = {(sizes[-1],): _ONE_SIZE, growing_sizes(sizes[-1]): _GROWING}
        words = ", ".join(str(size) for size in sizes)
        self._growth.show_key(known.get(sizes, words))

    @Slot()
    def _edit_size(self) -> None:
        size = self._size.value()
        is_growing = self._growth.key == _GROWING
        self._draft.edit("input.size", list(growing_sizes(size)) if is_growing else size)

    def _show_weights(self) -> None:
        """Offer the weights of the chosen architecture, none, and a file."""
        model = self._draft.recipe.model
        known = self._host.architectures.get(model.architecture)
        names = [name for name, _ in known.weights] if known is not None else []
        self._weights.show_choices(
            [*((name, _WEIGHT_LABELS.get(name, name)) for name in names), *_LAST_WEIGHTS]
        )
        room = self._weights.minimumWidth() - _ARROW_ROOM
        middle, name = Qt.TextElideMode.ElideMiddle, Path(model.weights).name
        short = self._weights.fontMetrics().elidedText(name, middle, room)
        self._weights.show_key(model.weights, short)
        self._weights.setToolTip(plain_tip(model.weights if name != model.weights else ""))

    @Slot(str)
    def _choose_architecture(self, key: str) -> None:
        self._draft.choose_plugin("model.architecture", key)
        self._show_options()
        self._show_weights()

    @Slot()
    def _edit_options(self) -> None:
        values = self._options.values()
        if values is None:
            self._draft.report(_OPTIONS, _BAD_OPTION)
        else:
            self._draft.edit(_OPTIONS, values)

    def _show_options(self) -> None:
        model = self._draft.recipe.model
        self._options.show_choice(model.architecture, model.options)
        self._options.setVisible(not self._options.is_empty)

    @Slot(str)
    def _choose_weights(self, key: str) -> None:
        if key != _FILE:
            self._draft.edit("model.weights", key)
            return
        self._show_weights()
        ask_file(self, tr("Choose a file with weights"), "", self._take_weights_file)

    def _take_weights_file(self, path: Path) -> None:
        self._draft.edit("model.weights", str(path))
        self._show_weights()

    @Slot(str)
    def _edit_seed(self, text: str) -> None:
        self._draft.edit("seed", int(text) if text.strip().isdecimal() else text)

    @Slot(str)
    def _edit_decay(self, text: str) -> None:
        try:
            self._draft.edit("training.weight_decay", float(text))
        except ValueError:
            self._draft.edit("training.weight_decay", text)

    @Slot()
    def _edit_augmentations(self) -> None:
        values = self._augmentations.values()
        if values is None:
            self._draft.report(_AUGMENTATIONS, tr("An option of the augmentation cannot be used."))
        else:
            self._draft.edit(_AUGMENTATIONS, values)

    @Slot()
    def _toggle_more(self) -> None:
        is_folded = self._more.isHidden()
        self._more.setVisible(is_folded)
        self._fold.setText(_LESS if is_folded else _MORE)


def _row(fields: Iterable[QWidget]) -> FlowLayout:
    row = FlowLayout(to_bottom=True)
    for field in fields:
        row.addWidget(field)
    return row
