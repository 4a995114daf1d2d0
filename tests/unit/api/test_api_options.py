"""Options: one declaration from which checks, forms and files are made."""

from __future__ import annotations

import contextlib
import math
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as some

from petstudio.api.errors import OptionError
from petstudio.api.options import (
    NoOptions,
    OptionKind,
    OptionSpec,
    check_value,
    choice,
    file,
    flag,
    folder,
    from_mapping,
    integer,
    integers,
    number,
    option_specs,
    parse_text,
    text,
    to_mapping,
)


@dataclass(frozen=True, kw_only=True)
class Options:
    epochs: int = integer(4, minimum=1, maximum=100, unit="epochs")
    rate: float = number(1e-3, minimum=0.0, maximum=1.0, logarithmic=True)
    shuffle: bool = flag(True)
    mode: str = choice("min", {"min": "Lowest", "max": "Highest"}, label="Watch")
    pattern: str = text("", help="A pattern.", advanced=True)
    table: str = file()
    place: str = folder()
    sizes: tuple[int, ...] = integers((128, 224), minimum=8, maximum=2048)


@dataclass(frozen=True, kw_only=True)
class Range:
    low: int = integer(1)
    high: int = integer(2)

    def validate(self) -> str | None:
        return None if self.low < self.high else "low must be below high."


SPECS = {spec.name: spec for spec in option_specs(Options)}


def test_that_specs_come_in_the_order_of_declaration() -> None:
    assert list(SPECS) == [
        *("epochs", "rate", "shuffle", "mode", "pattern", "table", "place", "sizes"),
    ]


def test_that_a_label_is_made_from_the_name_where_none_is_given() -> None:
    assert SPECS["epochs"].label == "Epochs"
    assert SPECS["mode"].label == "Watch"


def test_that_defaults_are_plain_values_of_their_type() -> None:
    options = Options()
    assert (options.epochs, options.rate, options.sizes) == (4, 1e-3, (128, 224))


def test_that_options_without_a_helper_are_refused() -> None:
    @dataclass(frozen=True)
    class Bare:
        epochs: int = field(default=4)

    with pytest.raises(TypeError, match=r"Bare\.epochs"):
        option_specs(Bare)


def test_that_options_that_can_change_are_refused() -> None:
    @dataclass
    class Loose:
        epochs: int = integer(4)

    with pytest.raises(TypeError, match="frozen"):
        option_specs(Loose)


def test_that_no_options_have_none() -> None:
    assert option_specs(NoOptions) == ()
    assert from_mapping(NoOptions, {}) == NoOptions()


def test_that_values_left_out_are_the_defaults() -> None:
    assert from_mapping(Options, {"epochs": 7}) == Options(epochs=7)


def test_that_options_come_back_from_their_plain_values() -> None:
    options = Options(epochs=9, rate=0.5, shuffle=False, mode="max", sizes=(8, 16))
    assert from_mapping(Options, to_mapping(options)) == options


def test_that_a_whole_number_is_taken_where_a_number_is_wanted() -> None:
    rate = from_mapping(Options, {"rate": 1}).rate
    assert rate == 1.0
    assert isinstance(rate, float)


def test_that_an_unknown_option_is_named_together_with_the_known_ones() -> None:
    with pytest.raises(OptionError, match="Known: low, high") as caught:
        from_mapping(Range, {"lwo": 1}, prefix="stages.0.options.")
    assert caught.value.option == "stages.0.options.lwo"


def test_that_a_check_across_options_is_made() -> None:
    with pytest.raises(OptionError, match="low must be below high") as caught:
        from_mapping(Range, {"low": 5}, prefix="augmentations.0.")
    assert caught.value.option == "augmentations.0"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("epochs", True),
        ("epochs", 4.0),
        ("epochs", "4"),
        ("epochs", None),
        ("epochs", 0),
        ("epochs", 101),
        ("epochs", 10**400),
        ("rate", True),
        ("rate", "0.1"),
        ("rate", math.nan),
        ("rate", math.inf),
        ("rate", -0.1),
        ("rate", 1.1),
        ("rate", 10**400),
        ("shuffle", 1),
        ("shuffle", "true"),
        ("mode", "median"),
        ("mode", 3),
        ("pattern", "x" * 1001),
        ("pattern", 3),
        ("table", 3),
        ("place", None),
        ("sizes", 224),
        ("sizes", [224, 4]),
        ("sizes", [224, 10**400]),
        ("sizes", [224, True]),
        ("sizes", [224.0]),
        ("sizes", "128,224"),
    ],
    ids=lambda value: str(value)[:20],
)
def test_that_a_value_it_cannot_have_is_refused_by_name(name: str, value: object) -> None:
    with pytest.raises(OptionError) as caught:
        from_mapping(Options, {name: value}, prefix="options.")
    assert caught.value.option == f"options.{name}"


@pytest.mark.parametrize(
    ("name", "typed", "value"),
    [
        ("epochs", "7", 7),
        ("epochs", " 7 ", 7),
        ("rate", "1e-4", 1e-4),
        ("rate", "1", 1.0),
        ("shuffle", "no", False),
        ("shuffle", "On", True),
        ("mode", "max", "max"),
        ("pattern", "([a-z]+)", "([a-z]+)"),
        ("table", "a.csv", "a.csv"),
        ("sizes", "8, 16", (8, 16)),
        ("sizes", "8,", (8,)),
        ("sizes", "", ()),
    ],
)
def test_that_what_is_typed_becomes_a_value(name: str, typed: str, value: object) -> None:
    assert parse_text(SPECS[name], typed) == value


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("epochs", "many"),
        ("epochs", "4.5"),
        ("epochs", ""),
        ("epochs", "9" * 10_000),
        ("epochs", "9" * 400),
        ("rate", "nan"),
        ("rate", "1e999"),
        ("rate", "2"),
        ("shuffle", "perhaps"),
        ("mode", "median"),
        ("sizes", "8;16"),
        ("sizes", "4"),
    ],
    ids=lambda value: value[:20],
)
def test_that_what_cannot_be_meant_is_refused_by_name(name: str, typed: str) -> None:
    with pytest.raises(OptionError) as caught:
        parse_text(SPECS[name], typed, prefix="options.")
    assert caught.value.option == f"options.{name}"


@given(
    some.sampled_from(list(SPECS.values())),
    some.none()
    | some.booleans()
    | some.integers()
    | some.floats()
    | some.text()
    | some.lists(some.integers() | some.floats())
    | some.dictionaries(some.text(), some.integers()),
)
def test_that_any_value_is_refused_or_taken_for_good(spec: OptionSpec, value: object) -> None:
    with contextlib.suppress(OptionError):
        taken = check_value(spec, value)
        assert check_value(spec, taken) == taken


def test_that_every_kind_of_option_is_tried_here() -> None:
    assert {spec.kind for spec in SPECS.values()} == set(OptionKind)
