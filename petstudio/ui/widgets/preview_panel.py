"""The picture that is looked at, and what a network would get of it."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QCheckBox, QFrame, QScrollArea, QVBoxLayout, QWidget

from petstudio.api.language import tr, within
from petstudio.bridge.models import ProofRow, spoken_label
from petstudio.bridge.preview_feed import PreviewFeed
from petstudio.jobs.previewing import PreviewWish, Square
from petstudio.plugin_host.host import PluginHost
from petstudio.ui.theme import Theme
from petstudio.ui.widgets.augmentation_sliders import AugmentationSliders
from petstudio.ui.widgets.button import Button
from petstudio.ui.widgets.choice_box import ChoiceBox
from petstudio.ui.widgets.number_box import NumberBox
from petstudio.ui.widgets.picture_view import PictureView
from petstudio.ui.widgets.problem_line import ProblemLine
from petstudio.ui.widgets.row import row_of
from petstudio.ui.widgets.squares_view import SquaresView
from petstudio.ui.widgets.text import ElidedText, Text, plain_tip
from petstudio.ui.widgets.thumbnail_cache import ThumbnailCache

_PICTURE_HEIGHT: Final = 200
_NOTHING: Final = tr("Choose a picture in the table to look at it.")
_SEEN: Final = tr("As the network sees it")
_NORMALISED: Final = tr("Normalised")
_NORMALISED_TIP: Final = tr("With the mean of ImageNet taken away and the spread evened out")
_NEW: Final = tr("New variants")
_BATCH: Final = tr("A whole batch…")
_SPOKEN: Final = tr("Eight variants of the picture")
_USE: Final = tr("Use in the recipe")
_USE_TIP: Final = tr("The recipe on the Train page changes pictures like this from now on")
_TO_TRY: Final = tr("To try out. What training does stands in the recipe on the Train page.")
_CHANGES: Final = tr("How pictures are changed at random")
_USUAL: Final = "tutorial"
_VARIANTS: Final = 8
_SIZES: Final = (32, 512)
_USUAL_SIZE: Final = 224


class PreviewPanel(QWidget):
    """Follows the row that is chosen in the table; variants follow the sliders."""

    use_wanted = Signal(object)
    """The AugmentationChoice that stands here shall be that of the recipe."""
    batch_wanted = Signal(object)
    """A PreviewWish without pictures: the options that stand here."""

    def __init__(self, theme: Theme, host: PluginHost, pictures: ThumbnailCache) -> None:
        super().__init__()
        self._row: ProofRow | None = None
        self._draw = 0
        self._feed = PreviewFeed(host, self)
        self._picture = PictureView(theme, pictures, height=_PICTURE_HEIGHT, nothing=_NOTHING)
        self._name = ElidedText(kind="strong", in_the_middle=True)
        self._folder = ElidedText(kind="small", tone="text3", in_the_middle=True)
        self._facts = Text(kind="small", tone="text2", wraps=True)
        self.squares = SquaresView(
            theme, columns=4, rows=2, name="data.preview.squares", spoken=_SPOKEN
        )
        self._normalised = QCheckBox(_NORMALISED)
        self._size = NumberBox(*_SIZES, step=32, unit="px")
        self._new = Button(theme, _NEW, kind="link", small=True, icon="shuffle")
        self._batch = Button(theme, _BATCH, kind="link", small=True)
        self._use = Button(theme, _USE, small=True, name="data.preview.use")
        self._problem = ProblemLine(theme, name="data.preview.problem")
        self._sliders = {key: AugmentationSliders(one) for key, one in host.augmentations.items()}
        self._which = ChoiceBox((key, one.label) for key, one in host.augmentations.items())
        self._build()
        self._connect()
        self.show_row(None)

    @property
    def wish(self) -> PreviewWish:
        """What the controls say, for the picture that is looked at."""
        return PreviewWish(
            pictures=(self._row.file,) if self._row else (),
            augmentations=(self._sliders[self._which.key].choice,) if self._sliders else (),
            size=self._size.value(),
            variants=_VARIANTS,
            draw=self._draw,
            normalised=self._normalised.isChecked(),
        )

    def shutdown(self) -> None:
        self._feed.shutdown()

    @Slot(object)
    def show_row(self, row: ProofRow | None) -> None:
        self._row = row
        if row is None:
            self._picture.show_file(None)
            self._feed.forget()
            self._show_squares(())
        else:
            label = spoken_label(row.label) if row.label else ""
            self._picture.show_file(row.file, label, spoken=row.path)
            self._redraw()
        folder, _, name = row.path.rpartition("/") if row else ("", "", "")
        self._name.set_full_text(name)
        self._folder.set_full_text(folder)
        self._folder.setVisible(bool(folder))
        self._facts.setText(_facts(row))

    def _build(self) -> None:
        for widget, name, spoken in (
            (self._facts, "data.preview.facts", ""),
            (self._normalised, "data.preview.normalised", _NORMALISED),
            (self._size, "data.preview.size", tr("Side of the network's square")),
            (self._which, "data.preview.augmentation", _CHANGES),
            (self._new, "data.preview.new", _NEW),
            (self._batch, "data.preview.batch", _BATCH),
        ):
            widget.setObjectName(name)
            if spoken:
                widget.setAccessibleName(spoken)
        self._normalised.setToolTip(_NORMALISED_TIP)
        self._size.setValue(_USUAL_SIZE)
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 4, 0)
        column.setSpacing(6)
        for part in (self._picture, self._name, self._folder, self._facts):
            column.addWidget(part)
        column.addSpacing(4)
        column.addLayout(row_of(Text(_SEEN, kind="strong"), None, self._normalised))
        column.addWidget(self.squares)
        column.addWidget(self._problem)
        column.addLayout(row_of(Text(tr("Size"), kind="label"), self._size, None, self._new))
        column.addWidget(self._which)
        self._which.setVisible(len(self._sliders) > 1)
        self._use.setToolTip(plain_tip(_USE_TIP))
        if _USUAL in self._sliders:
            self._which.show_key(_USUAL)
        for sliders in self._sliders.values():
            column.addWidget(sliders)
        self._show_sliders()
        column.addLayout(row_of(self._batch, None, self._use))
        self._use.setVisible(bool(self._sliders))  # in its place: else it is a window for a moment
        column.addWidget(Text(_TO_TRY, kind="small", tone="text3", wraps=True))
        column.addStretch(1)
        self._place(inner)

    def _place(self, inner: QWidget) -> None:
        scroll = QScrollArea()
        scroll.setObjectName("data.preview.scroll")
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidgetResizable(True)
        scroll.setWidget(inner)
        scroll.viewport().setAutoFillBackground(False)
        inner.setAutoFillBackground(False)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(10)
        outer.addWidget(Text(tr("Preview"), kind="section"))
        outer.addWidget(scroll, 1)

    def _connect(self) -> None:
        self._feed.drawn.connect(self._show_squares)
        self._feed.failed.connect(self._show_problem)
        self._normalised.toggled.connect(self._redraw)
        self._size.valueChanged.connect(self._redraw)
        self._new.clicked.connect(self._draw_others)
        self._batch.clicked.connect(self._ask_for_batch)
        self._use.clicked.connect(self._tell_choice)
        self._which.picked.connect(self._show_sliders)
        self._which.picked.connect(self._redraw)
        for sliders in self._sliders.values():
            sliders.edited.connect(self._redraw)

    @Slot()
    def _show_sliders(self) -> None:
        for key, sliders in self._sliders.items():
            sliders.setVisible(key == self._which.key)

    @Slot()
    def _redraw(self) -> None:
        if self._row is not None:
            self._feed.want(self.wish)

    @Slot()
    def _draw_others(self) -> None:
        self._draw += 1
        self._redraw()

    @Slot()
    def _tell_choice(self) -> None:
        self.use_wanted.emit(self._sliders[self._which.key].choice)

    @Slot()
    def _ask_for_batch(self) -> None:
        self.batch_wanted.emit(self.wish)

    @Slot(object)
    def _show_squares(self, squares: tuple[Square, ...]) -> None:
        self._problem.show_problem("")
        self.squares.show_squares(squares)

    @Slot(str)
    def _show_problem(self, problem: str) -> None:
        self._problem.show_problem(problem)
        self.squares.show_squares(())


def _facts(row: ProofRow | None) -> str:
    if row is None:
        return ""
    label = spoken_label(row.label) if row.label else tr("no label")
    return f"{label}, {within(row.side)}" if row.side else label
