"""Frozen dataclasses to and from plain mappings; strict, so that a typo is never a default."""

from __future__ import annotations

import dataclasses
import sys
import types
from collections.abc import Mapping
from enum import Enum
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from petstudio.api.errors import OptionError
from petstudio.api.language import tr

T = TypeVar("T")


def from_mapping(kind: type[T], values: Mapping[str, Any], *, prefix: str = "") -> T:
    """Build a dataclass from a mapping, converting nested ones, enums and tuples.

    Raises:
        OptionError: an unknown or missing key or a wrong type; `option` is the dotted name.
    """
    fields = {field.name: field for field in dataclasses.fields(kind)}  # type: ignore[arg-type]
    hints = get_type_hints(kind)
    for name in values:
        if name not in fields:
            raise OptionError(
                f"{prefix}{name}",
                tr("there is no such key."),
                cure=tr("Known: {fields}.", fields=", ".join(fields)),
            )
    for name, field in fields.items():
        if name not in values and not _has_default(field):
            raise OptionError(f"{prefix}{name}", tr("it is missing."))
    return kind(**{k: _convert(hints[k], v, f"{prefix}{k}") for k, v in values.items()})


def to_mapping(value: Any) -> Any:
    """Return plain values that TOML and JSON can hold; the inverse of `from_mapping`."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        names = [field.name for field in dataclasses.fields(value)]
        return {name: to_mapping(getattr(value, name)) for name in names}
    if isinstance(value, Mapping):
        return {key: to_mapping(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [to_mapping(item) for item in value]
    return value.value if isinstance(value, Enum) else value


def _has_default(field: dataclasses.Field[Any]) -> bool:
    missing = dataclasses.MISSING
    return field.default is not missing or field.default_factory is not missing


def _convert(hint: Any, value: Any, name: str) -> Any:
    origin = get_origin(hint)
    if origin is tuple:
        return _convert_tuple(get_args(hint)[0], value, name)
    if origin in (dict, Mapping) or hint is dict or str(origin).endswith("Mapping'>"):
        return dict(_expect(isinstance(value, Mapping), value, name, tr("a table")))
    if origin is types.UnionType:
        inner = next(arg for arg in get_args(hint) if arg is not type(None))
        return None if value is None else _convert(inner, value, name)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return _convert_enum(hint, value, name)
    if dataclasses.is_dataclass(hint):
        _expect(isinstance(value, Mapping), value, name, tr("a table"))
        return from_mapping(hint, value, prefix=f"{name}.")  # type: ignore[arg-type]
    return _convert_plain(hint, value, name)


def _convert_tuple(inner: Any, value: Any, name: str) -> tuple[Any, ...]:
    _expect(isinstance(value, list | tuple), value, name, tr("a list"))
    return tuple(_convert(inner, item, f"{name}.{index}") for index, item in enumerate(value))


def _convert_enum(kind: type[Enum], value: Any, name: str) -> Enum:
    members = {member.value: member for member in kind}
    if not isinstance(value, str) or value not in members:
        raise OptionError(
            name, tr("{value!r} is not one of: {members}.", value=value, members=", ".join(members))
        )
    return members[value]


def _convert_plain(hint: Any, value: Any, name: str) -> Any:
    is_bool = isinstance(value, bool)
    if hint is bool:
        return _expect(is_bool, value, name, tr("true or false"))
    if hint is int:
        return _expect(isinstance(value, int) and not is_bool, value, name, tr("a whole number"))
    if hint is float:
        is_number = isinstance(value, int | float) and not is_bool
        # Compared, since isfinite() cannot take the largest whole numbers.
        is_finite = is_number and abs(value) <= sys.float_info.max
        return float(_expect(is_finite, value, name, tr("a number")))
    if hint is str:
        return _expect(isinstance(value, str), value, name, "text")
    return value


def _expect(holds: bool, value: Any, name: str, what: str) -> Any:
    if not holds:
        raise OptionError(name, tr("{value!r:.80} is not {what}.", value=value, what=what))
    return value
