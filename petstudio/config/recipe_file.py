"""Recipes as files, as they come with the program, and as settings change them."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Mapping
from importlib import resources
from pathlib import Path
from typing import Any, Final, TypeVar

import tomli_w

from petstudio.api.errors import InputError, OptionError
from petstudio.api.language import tr
from petstudio.config.atomic import write_text
from petstudio.config.paths import recipes_folder
from petstudio.config.recipe import Recipe, recipe_from_mapping, recipe_to_mapping

T = TypeVar("T")
SUFFIX: Final = ".toml"
_LARGEST: Final = 1 << 20  # bytes
_SEVERAL: Final = "recipes"
# tomllib's own error is a ValueError; numbers too long and brackets too deep raise these.
_NOT_TOML: Final = (ValueError, RecursionError)


def load_recipe(path: Path) -> Recipe:
    """Read a recipe file.

    Raises:
        InputError: the file is missing, not TOML, or an OptionError of `recipe_from_mapping`.
        IntegrityError: it was written by a newer version.
    """
    return _read(path, recipe_from_mapping)


def load_recipes(path: Path) -> tuple[Recipe, ...]:
    """Read a file of several recipes, each under `[[recipes]]`; raises as `load_recipe` does."""
    return _read(path, _several_from_mapping)


def save_recipe(path: Path, recipe: Recipe) -> None:
    """Write a recipe file atomically."""
    write_text(path, tomli_w.dumps(recipe_to_mapping(recipe)))


def save_recipes(path: Path, recipes: Iterable[Recipe]) -> None:
    """Write a file of several recipes atomically."""
    write_text(path, tomli_w.dumps({_SEVERAL: [recipe_to_mapping(one) for one in recipes]}))


def bundled_recipe(name: str) -> Recipe:
    """Return a recipe that comes with the program.

    Raises:
        InputError: there is none of that name.
    """
    source = resources.files("petstudio.resources") / "recipes" / f"{name}.toml"
    if name not in bundled_recipes():
        raise InputError(
            tr("There is no recipe “{name}”.", name=name),
            cure=tr("Known: {bundled_recipes}.", bundled_recipes=", ".join(bundled_recipes())),
        )
    return _parse(source.read_text(encoding="utf-8"))


def bundled_recipes() -> tuple[str, ...]:
    """Return the names of the recipes that come with the program, sorted."""
    folder = resources.files("petstudio.resources") / "recipes"
    names = [entry.name for entry in folder.iterdir()]
    return tuple(sorted(name.removesuffix(".toml") for name in names if name.endswith(".toml")))


def recipe_title(name: str) -> str:
    """Return the name of a bundled recipe as people write it: `from-scratch` is “From scratch”."""
    return name.replace("-", " ").capitalize()


def saved_recipes() -> tuple[Path, ...]:
    """Return the recipe files in the user's folder, sorted by name; none if it cannot be read."""
    try:
        files = [entry for entry in recipes_folder().iterdir() if entry.suffix == SUFFIX]
    except OSError:
        return ()
    return tuple(sorted(file for file in files if not file.name.startswith(".")))


def with_settings(recipe: Recipe, settings: Iterable[str]) -> Recipe:
    """Return the recipe with `KEY=VALUE` settings applied, keys dotted as in the file.

    A value is read as TOML where it can be (`3e-3`, `[1e-6, 1e-4]`, `true`), else as text.

    Raises:
        OptionError: an unknown key, a wrong type, or no `=`.
    """
    values = recipe_to_mapping(recipe)
    for setting in settings:
        key, equals, text = setting.partition("=")
        if not equals:
            raise OptionError(setting, tr("this is not KEY=VALUE."))
        _set(values, key.strip(), _read_value(text.strip()))
    return recipe_from_mapping(values)


def _read(path: Path, build: Callable[[dict[str, Any]], T]) -> T:
    try:
        with path.open("rb") as stream:
            data = stream.read(_LARGEST + 1)
        if len(data) > _LARGEST:
            raise InputError(
                tr("{path} is too long for a recipe.", path=path),
                cure=tr("Choose a TOML recipe file."),
            )
        return build(tomllib.loads(data.decode()))
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            tr("The recipe {path} cannot be read.", path=path),
            cure=tr("Choose a TOML recipe file."),
        ) from error
    except _NOT_TOML as error:
        raise InputError(
            tr("The recipe {path} is not valid TOML: {error}.", path=path, error=error),
            cure=tr("Correct that line."),
        ) from None


def _several_from_mapping(values: Mapping[str, Any]) -> tuple[Recipe, ...]:
    tables = values.get(_SEVERAL, [])
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise OptionError(_SEVERAL, tr("this is no list of recipes."))
    return tuple(recipe_from_mapping(table) for table in tables)


def _parse(text: str) -> Recipe:
    return recipe_from_mapping(tomllib.loads(text))


def _read_value(text: str) -> Any:
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except _NOT_TOML:
        return text


def _set(values: dict[str, Any], key: str, value: Any) -> None:
    *parents, last = key.split(".")
    place: Any = values
    for depth, part in enumerate(parents):
        place = _step(place, part, ".".join(parents[: depth + 1]))
    if isinstance(place, list):
        _step(place, last, key)
        place[int(last)] = value
    elif isinstance(place, dict):
        place[last] = value
    else:
        raise OptionError(key, tr("there is no such key."))


def _step(place: Any, part: str, name: str) -> Any:
    if isinstance(place, dict):
        return place.setdefault(part, {}) if part == "options" else _lookup(place, part, name)
    if isinstance(place, list) and part.isdecimal() and int(part) < len(place):
        return place[int(part)]
    raise OptionError(name, tr("there is no such key."))


def _lookup(place: dict[str, Any], part: str, name: str) -> Any:
    if part not in place:
        raise OptionError(
            name, tr("there is no such key."), cure=tr("Known: {known}.", known=", ".join(place))
        )
    return place[part]
