"""Forms from declared options: one editor per kind, errors at the field."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QCheckBox, QComboBox, QFileDialog, QLineEdit, QPushButton

from petstudio.api.errors import OptionError
from petstudio.api.options import (
    choice,
    file,
    flag,
    folder,
    from_mapping,
    integer,
    integers,
    number,
    option_specs,
    text,
    to_mapping,
)
from petstudio.ui.widgets.option_form import OptionForm
from petstudio.ui.widgets.problem_line import ProblemLine


@dataclass(frozen=True, kw_only=True)
class EveryKind:
    pattern: str = text("a+", label="Pattern & more", help="A <b>regular</b> expression")
    epochs: int = integer(5, minimum=1, maximum=50)
    rate: float = number(3e-3, minimum=0.0, maximum=1.0, unit="per step")
    mix: bool = flag(True, label="Mix")
    order: str = choice("fast", {"fast": "Fast first", "slow": "Slow first"})
    table: str = file("")
    place: str = folder("")
    sizes: tuple[int, ...] = integers((128, 224), minimum=32)
    seed: int = integer(1, advanced=True)


@pytest.fixture
def form(qtbot, theme):
    made = OptionForm(theme, EveryKind, name="form")
    qtbot.addWidget(made)
    made.show()
    return made


def line(form, option):
    return form.findChild(QLineEdit, f"form.{option}")


def problem(form, option):
    return form.findChild(ProblemLine, f"form.{option}.problem")


class WindowWatch(QObject):
    """Remembers what was shown as a window of its own."""

    def __init__(self):
        super().__init__()
        self.seen = []

    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Show and watched.isWidgetType() and watched.isWindow():
            self.seen.append(watched.objectName())
        return False


def test_that_no_part_of_a_form_is_a_window_while_it_is_made(qapp, qtbot, theme):
    watch = WindowWatch()
    qapp.installEventFilter(watch)
    qtbot.addWidget(OptionForm(theme, EveryKind, name="form"))
    qapp.removeEventFilter(watch)
    assert watch.seen == []


def test_that_a_fresh_form_holds_the_defaults(form):
    assert from_mapping(EveryKind, form.values()) == EveryKind()


def test_that_values_go_in_and_come_out_again(form):
    values = EveryKind(
        pattern="x_(y)",
        epochs=7,
        rate=1e-5,
        mix=False,
        order="slow",
        table="labels.csv",
        sizes=(64,),
        seed=9,
    )
    form.set_values(to_mapping(values))
    assert from_mapping(EveryKind, form.values()) == values


@pytest.mark.parametrize(
    ("option", "typed", "sentence"),
    [
        ("epochs", "many", "“many” is not a whole number."),
        ("epochs", "51", "51 is above 50."),
        ("epochs", "", "“” is not a whole number."),
        ("rate", "2", "2 is above 1."),
        ("rate", "nan", "Nan is not a number."),
        ("sizes", "128, 8", "8 is below 32."),
        ("pattern", "x" * 1001, "Longer than 1000 characters."),
    ],
)
def test_that_what_is_wrong_stands_under_its_field(form, option, typed, sentence):
    line(form, option).setText(typed)
    assert form.values() is None
    assert problem(form, option).text == sentence
    assert problem(form, option).isVisible()
    assert line(form, option).property("state") == "error"


def test_that_every_wrong_field_is_marked_at_once(form):
    line(form, "epochs").setText("x")
    line(form, "rate").setText("y")
    form.values()
    assert problem(form, "epochs").isVisible()
    assert problem(form, "rate").isVisible()


def test_that_a_corrected_field_is_no_longer_marked(form):
    line(form, "epochs").setText("x")
    form.values()
    line(form, "epochs").setText("6")
    assert form.values()["epochs"] == 6
    assert not problem(form, "epochs").isVisible()
    assert line(form, "epochs").property("state") == ""


@pytest.mark.parametrize("typed", ["3e-3", "0.003", ".003"])
def test_that_a_rate_may_be_written_in_any_form(form, typed):
    line(form, "rate").setText(typed)
    assert form.values()["rate"] == 0.003


def test_that_editing_tells_and_setting_does_not(form, qtbot):
    told = []
    form.changed.connect(lambda: told.append(True))
    form.set_values({"epochs": 9, "mix": False, "order": "slow"})
    assert told == []
    form.findChild(QCheckBox, "form.mix").click()
    line(form, "epochs").setText("3")
    combo = form.findChild(QComboBox, "form.order")
    combo.setCurrentIndex(0)
    combo.activated.emit(0)
    assert len(told) == 3


def test_that_advanced_options_are_folded_away(form):
    more = form.findChild(QPushButton, "form.more")
    assert not line(form, "seed").isVisible()
    more.click()
    assert line(form, "seed").isVisible()
    assert more.text() == "Fewer options"


def test_that_an_error_in_an_advanced_option_unfolds_it(form):
    assert form.show_problem(OptionError("seed", "it is taken."))
    assert line(form, "seed").isVisible()
    assert problem(form, "seed").text == "It is taken."


def test_that_an_error_of_another_form_is_not_taken(form):
    assert not form.show_problem(OptionError("colour", "it is red."))


def test_that_a_pattern_is_written_in_letters_of_one_width(form):
    assert line(form, "pattern").property("mono")
    assert not line(form, "epochs").property("mono")


def test_that_every_field_has_an_accessible_name(form):
    names = {spec.name: spec.label for spec in option_specs(EveryKind)}
    assert line(form, "epochs").accessibleName() == names["epochs"]
    assert form.findChild(QComboBox, "form.order").accessibleName() == names["order"]


def test_that_help_is_never_read_as_markup(form):
    assert "&lt;b&gt;" in line(form, "pattern").toolTip()


def test_that_a_folder_can_be_chosen_in_a_dialog(form, tmp_path, qtbot):
    form.findChild(QPushButton, "form.place.choose").click()
    dialog = form.findChild(QFileDialog)
    dialog.fileSelected.emit(str(tmp_path))
    dialog.close()
    assert line(form, "place").text() == str(tmp_path)
