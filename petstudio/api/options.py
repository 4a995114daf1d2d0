"""Options: frozen dataclasses whose fields are declared with the helpers of this module.

The form in the window, the validation, the recipe file and the documentation all read this one
declaration::

    @dataclass(frozen=True, kw_only=True)
    class CosineOptions:
        warmup: float = number(0.05, minimum=0.0, maximum=0.5, label="Warm-up", unit="share")

A class may have a method `validate(self) -> str | None` for checks across fields.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final, TypeVar

from petstudio.api.errors import OptionError
from petstudio.api.language import tr

O = TypeVar("O")  # noqa: E741  the conventional name for an options type
_SPEC: Final = "petstudio.option"


class OptionKind(Enum):
    """The closed set of things an option can be."""

    INTEGER = "integer"
    NUMBER = "number"
    FLAG = "flag"
    CHOICE = "choice"
    TEXT = "text"
    FILE = "file"
    FOLDER = "folder"
    INTEGERS = "integers"


@dataclass(frozen=True, kw_only=True)
class OptionSpec:
    """One option as it was declared; `name` is filled in by `option_specs`."""

    kind: OptionKind
    default: Any  # the type depends on kind
    label: str = ""
    help: str = ""
    unit: str = ""
    minimum: float | None = None
    maximum: float | None = None
    choices: tuple[tuple[str, str], ...] = ()
    logarithmic: bool = False
    advanced: bool = False
    name: str = ""


@dataclass(frozen=True)
class NoOptions:
    """For contributions that have nothing to choose."""


def integer(
    default: int,
    *,
    minimum: int | None = None,
    maximum: int | None = None,
    label: str = "",
    help: str = "",
    unit: str = "",
    advanced: bool = False,
) -> int:
    """Declare a whole number; a bool is not one."""
    declared: int = _declare(
        OptionSpec(
            kind=OptionKind.INTEGER,
            default=default,
            minimum=minimum,
            maximum=maximum,
            label=label,
            help=help,
            unit=unit,
            advanced=advanced,
        )
    )
    return declared


def number(
    default: float,
    *,
    minimum: float | None = None,
    maximum: float | None = None,
    label: str = "",
    help: str = "",
    unit: str = "",
    logarithmic: bool = False,
    advanced: bool = False,
) -> float:
    """Declare a finite real number; `logarithmic` makes its steps factors instead of sums."""
    declared: float = _declare(
        OptionSpec(
            kind=OptionKind.NUMBER,
            default=default,
            minimum=minimum,
            maximum=maximum,
            label=label,
            help=help,
            unit=unit,
            logarithmic=logarithmic,
            advanced=advanced,
        )
    )
    return declared


def flag(default: bool, *, label: str = "", help: str = "", advanced: bool = False) -> bool:
    """Declare a switch."""
    declared: bool = _declare(
        OptionSpec(kind=OptionKind.FLAG, default=default, label=label, help=help, advanced=advanced)
    )
    return declared


def choice(
    default: str,
    choices: Mapping[str, str],
    *,
    label: str = "",
    help: str = "",
    advanced: bool = False,
) -> str:
    """Declare one of several; `choices` maps the stored key to the label that is shown."""
    declared: str = _declare(
        OptionSpec(
            kind=OptionKind.CHOICE,
            default=default,
            choices=tuple(choices.items()),
            label=label,
            help=help,
            advanced=advanced,
        )
    )
    return declared


def text(default: str = "", *, label: str = "", help: str = "", advanced: bool = False) -> str:
    """Declare a line of text of at most 1,000 characters."""
    declared: str = _declare(
        OptionSpec(
            kind=OptionKind.TEXT,
            default=default,
            maximum=1000,
            label=label,
            help=help,
            advanced=advanced,
        )
    )
    return declared


def file(default: str = "", *, label: str = "", help: str = "", advanced: bool = False) -> str:
    """Declare a path of a file, as text; empty means none."""
    declared: str = _declare(
        OptionSpec(kind=OptionKind.FILE, default=default, label=label, help=help, advanced=advanced)
    )
    return declared


def folder(default: str = "", *, label: str = "", help: str = "", advanced: bool = False) -> str:
    """Declare a path of a folder, as text; empty means none."""
    declared: str = _declare(
        OptionSpec(
            kind=OptionKind.FOLDER, default=default, label=label, help=help, advanced=advanced
        )
    )
    return declared


def integers(
    default: Sequence[int],
    *,
    minimum: int | None = None,
    maximum: int | None = None,
    label: str = "",
    help: str = "",
    advanced: bool = False,
) -> tuple[int, ...]:
    """Declare a list of whole numbers; minimum and maximum hold for each of them."""
    declared: tuple[int, ...] = _declare(
        OptionSpec(
            kind=OptionKind.INTEGERS,
            default=tuple(default),
            minimum=minimum,
            maximum=maximum,
            label=label,
            help=help,
            advanced=advanced,
        )
    )
    return declared


def option_specs(options: type[Any]) -> tuple[OptionSpec, ...]:
    """Return the declared options of an options class, in order.

    Raises:
        TypeError: it is not a frozen dataclass, or a field was not declared with a helper.
    """
    if not dataclasses.is_dataclass(options) or not options.__dataclass_params__.frozen:  # type: ignore[attr-defined]
        raise TypeError(f"{options.__name__} must be a frozen dataclass.")
    return tuple(_spec_of(options, field) for field in dataclasses.fields(options))


def from_mapping(options: type[O], values: Mapping[str, object], *, prefix: str = "") -> O:
    """Build an options object from plain values, as they stand in a recipe or a form.

    Raises:
        OptionError: an unknown name, a wrong type, a value out of range, or a failed `validate`.
    """
    specs = {spec.name: spec for spec in option_specs(options)}
    for name in values:
        if name not in specs:
            known = ", ".join(specs) or "none"
            raise OptionError(
                f"{prefix}{name}",
                tr("there is no such option."),
                cure=tr("Known: {known}.", known=known),
            )
    checked = {
        name: check_value(specs[name], value, prefix=prefix) for name, value in values.items()
    }
    built = options(**checked)
    validate = getattr(built, "validate", None)
    problem = validate() if validate is not None else None
    if problem:
        raise OptionError(prefix.rstrip(".") or options.__name__, problem)
    return built


def to_mapping(options: object) -> dict[str, Any]:
    """Return the plain, JSON-ready values of an options object (tuples become lists)."""
    names = [spec.name for spec in option_specs(type(options))]
    values = {name: getattr(options, name) for name in names}
    return {name: list(v) if isinstance(v, tuple) else v for name, v in values.items()}


def parse_text(spec: OptionSpec, text: str, *, prefix: str = "") -> object:
    """Turn what was typed on a command line or in a form into a value of the option's kind.

    Raises:
        OptionError: the text is not a value of that kind, or out of range.
    """
    readers: dict[OptionKind, Callable[[str], object]] = {
        OptionKind.INTEGER: int,
        OptionKind.NUMBER: float,
        OptionKind.FLAG: _read_flag,
        OptionKind.INTEGERS: lambda raw: [int(part) for part in raw.split(",") if part.strip()],
    }
    reader: Callable[[str], object] = readers.get(spec.kind, str)
    try:
        value = reader(text)
    except ValueError:
        raise OptionError(
            f"{prefix}{spec.name}",
            tr("“{text}” is not {what}.", text=text, what=_kind_words(spec.kind)),
        ) from None
    return check_value(spec, value, prefix=prefix)


def check_value(spec: OptionSpec, value: object, *, prefix: str = "") -> Any:
    """Return the value in the option's own type, or raise OptionError."""
    name = f"{prefix}{spec.name}"
    if not _has_kind(spec.kind, value):
        raise OptionError(
            name,
            tr("{value!r} is not {what}.", value=value, what=_kind_words(spec.kind)),
        )
    if spec.kind is OptionKind.CHOICE:
        keys = [key for key, _ in spec.choices]
        if value not in keys:
            raise OptionError(
                name, tr("{value!r} is not one of: {keys}.", value=value, keys=", ".join(keys))
            )
    if spec.kind is OptionKind.TEXT and len(str(value)) > (spec.maximum or math.inf):
        raise OptionError(name, tr("longer than {maximum:g} characters.", maximum=spec.maximum))
    if spec.kind is OptionKind.INTEGERS:
        for item in value:  # type: ignore[attr-defined]
            _check_range(spec, name, item)
        return tuple(value)  # type: ignore[arg-type]
    if spec.kind in (OptionKind.INTEGER, OptionKind.NUMBER):
        _check_range(spec, name, value)  # type: ignore[arg-type]
    return float(value) if spec.kind is OptionKind.NUMBER else value  # type: ignore[arg-type]


def _kind_words(kind: OptionKind) -> str:
    words = {
        OptionKind.INTEGER: tr("a whole number"),
        OptionKind.NUMBER: tr("a number"),
        OptionKind.FLAG: tr("true or false"),
        OptionKind.CHOICE: tr("one of the choices"),
        OptionKind.TEXT: tr("text"),
        OptionKind.FILE: tr("a file path"),
        OptionKind.FOLDER: tr("a folder path"),
        OptionKind.INTEGERS: tr("a list of whole numbers"),
    }
    return words[kind]


def _declare(spec: OptionSpec) -> Any:
    # The helpers promise the field's own type, so that type checkers see plain int and float.
    return dataclasses.field(default=spec.default, metadata={_SPEC: spec})


def _spec_of(options: type[Any], field: dataclasses.Field[Any]) -> OptionSpec:
    spec = field.metadata.get(_SPEC)
    if not isinstance(spec, OptionSpec):
        raise TypeError(f"{options.__name__}.{field.name} was not declared with an option helper.")
    label = spec.label or field.name.replace("_", " ").capitalize()
    return dataclasses.replace(spec, name=field.name, label=label)


def _read_flag(raw: str) -> bool:
    words = {"true": True, "yes": True, "on": True, "1": True}
    words |= {"false": False, "no": False, "off": False, "0": False}
    if raw.strip().lower() not in words:
        raise ValueError(raw)
    return words[raw.strip().lower()]


def _has_kind(kind: OptionKind, value: object) -> bool:
    if kind is OptionKind.FLAG:
        return isinstance(value, bool)
    if kind is OptionKind.INTEGER:
        return _is_whole(value)
    if kind is OptionKind.NUMBER:
        return _is_whole(value) or (isinstance(value, float) and math.isfinite(value))
    if kind is OptionKind.INTEGERS:
        return isinstance(value, list | tuple) and all(
            _has_kind(OptionKind.INTEGER, item) for item in value
        )
    return isinstance(value, str)


def _is_whole(value: object) -> bool:
    # Beyond 64 bits Python's integers cannot become floats, databases or tensors.
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**63


def _check_range(spec: OptionSpec, name: str, value: float) -> None:
    if spec.minimum is not None and value < spec.minimum:
        raise OptionError(
            name, tr("{value:g} is below {minimum:g}.", value=value, minimum=spec.minimum)
        )
    if spec.maximum is not None and value > spec.maximum:
        raise OptionError(
            name, tr("{value:g} is above {maximum:g}.", value=value, maximum=spec.maximum)
        )
