"""Plain values become dataclasses, strictly."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

import pytest

from petstudio.api.errors import OptionError
from petstudio.config.mapping import from_mapping, to_mapping


class Colour(Enum):
    RED = "red"
    BLUE = "blue"


@dataclass(frozen=True, kw_only=True)
class Wheel:
    size: float
    spokes: int = 12


@dataclass(frozen=True, kw_only=True)
class Cart:
    name: str
    colour: Colour = Colour.RED
    wheels: tuple[Wheel, ...] = ()
    spare: Wheel = Wheel(size=1.0)
    is_new: bool = True
    owner: str | None = None
    notes: Mapping[str, Any] = field(default_factory=dict)


FULL = Cart(
    name="a",
    colour=Colour.BLUE,
    wheels=(Wheel(size=2.0), Wheel(size=3.5, spokes=8)),
    is_new=False,
    owner="me",
    notes={"x": [1, 2]},
)


@pytest.mark.parametrize("cart", [Cart(name="a"), FULL], ids=["defaults", "full"])
def test_that_a_dataclass_comes_back_from_its_mapping(cart: Cart) -> None:
    assert from_mapping(Cart, to_mapping(cart)) == cart


def test_that_a_mapping_holds_plain_values_only() -> None:
    assert to_mapping(FULL) == {
        "name": "a",
        "colour": "blue",
        "wheels": [{"size": 2.0, "spokes": 12}, {"size": 3.5, "spokes": 8}],
        "spare": {"size": 1.0, "spokes": 12},
        "is_new": False,
        "owner": "me",
        "notes": {"x": [1, 2]},
    }


def test_that_a_whole_number_becomes_a_float() -> None:
    size = from_mapping(Wheel, {"size": 2}).size
    assert isinstance(size, float)


@pytest.mark.parametrize(
    ("change", "option"),
    [
        ({"nmae": "b"}, "nmae"),
        ({"name": 3}, "name"),
        ({"name": None}, "name"),
        ({"colour": "green"}, "colour"),
        ({"colour": 1}, "colour"),
        ({"is_new": 1}, "is_new"),
        ({"is_new": "yes"}, "is_new"),
        ({"owner": 3}, "owner"),
        ({"notes": []}, "notes"),
        ({"notes": "x"}, "notes"),
        ({"wheels": {"size": 1}}, "wheels"),
        ({"wheels": "ab"}, "wheels"),
        ({"wheels": [3]}, "wheels.0"),
        ({"wheels": [{"size": 1}, {}]}, "wheels.1.size"),
        ({"wheels": [{"size": 1, "width": 2}]}, "wheels.0.width"),
        ({"wheels": [{"size": "big"}]}, "wheels.0.size"),
        ({"wheels": [{"size": True}]}, "wheels.0.size"),
        ({"wheels": [{"size": math.nan}]}, "wheels.0.size"),
        ({"wheels": [{"size": math.inf}]}, "wheels.0.size"),
        ({"wheels": [{"size": 10**400}]}, "wheels.0.size"),
        ({"wheels": [{"size": 1, "spokes": 1.0}]}, "wheels.0.spokes"),
        ({"wheels": [{"size": 1, "spokes": True}]}, "wheels.0.spokes"),
        ({"spare": None}, "spare"),
        ({"spare": []}, "spare"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_that_a_wrong_value_is_refused_by_its_dotted_name(
    change: dict[str, object], option: str
) -> None:
    with pytest.raises(OptionError) as caught:
        from_mapping(Cart, {"name": "a", **change})
    assert caught.value.option == option


def test_that_a_missing_value_is_named() -> None:
    with pytest.raises(OptionError, match=r"cart\.name: it is missing"):
        from_mapping(Cart, {}, prefix="cart.")


def test_that_an_unknown_key_comes_with_the_known_ones() -> None:
    with pytest.raises(OptionError, match="Known: size, spokes"):
        from_mapping(Wheel, {"size": 1, "spoke": 2})
