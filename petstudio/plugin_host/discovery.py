"""Where plugins are looked for; nothing is imported before a candidate's `load` is called."""

from __future__ import annotations

import importlib
import importlib.metadata
import pkgutil
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from petstudio import __version__
from petstudio.api.language import tr
from petstudio.plugin_host.records import Origin

BUNDLED_PACKAGE: Final = "petstudio.plugins"
ENTRY_POINT_GROUP: Final = "petstudio.plugins"


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A plugin that was found; nothing of it was imported.

    Attributes:
        module: its full name, under which it is among the imported ones.
        version: empty when only the plugin itself can tell it.
        source: the file that says what it is; None where that is not known without importing it.
    """

    name: str
    origin: Origin
    load: Callable[[], object]
    module: str
    version: str = ""
    source: Path | None = None


def discover(user_folder: Path) -> Iterator[Candidate]:
    """Give all candidates; of two with one name the first wins."""
    yield from bundled()
    yield from installed()
    yield from in_folder(user_folder)


def bundled() -> Iterator[Candidate]:
    """Give the plugins that come with PetStudio."""
    package = importlib.import_module(BUNDLED_PACKAGE)
    for name, source in _modules(package.__path__):
        module = f"{BUNDLED_PACKAGE}.{name}"
        yield Candidate(
            name=name,
            origin=Origin.BUNDLED,
            load=partial(importlib.import_module, module),
            module=module,
            version=__version__,
            source=source,
        )


def installed() -> Iterator[Candidate]:
    """Give the plugins that other installed packages announce by entry points."""
    found = importlib.metadata.entry_points(group=ENTRY_POINT_GROUP)
    for entry in sorted(found, key=lambda entry: entry.name):
        version = entry.dist.version if entry.dist is not None else ""
        yield Candidate(
            name=entry.name,
            origin=Origin.INSTALLED,
            load=entry.load,
            module=entry.module,
            version=version or "",
        )


def in_folder(folder: Path) -> Iterator[Candidate]:
    """Give the modules and packages of the user's folder; none where there is no such folder."""
    place = folder.resolve()
    for name, source in _modules([str(place)]):
        yield Candidate(
            name=name,
            origin=Origin.USER,
            load=partial(_import_from, place, name),
            module=f"{place.name}.{name}",
            source=source,
        )


def _modules(paths: Iterable[str]) -> list[tuple[str, Path]]:
    """Return names and source files, sorted."""
    found: dict[str, Path] = {}
    for finder, name, is_package in pkgutil.iter_modules(list(paths)):
        folder = Path(str(getattr(finder, "path", "")))
        file = folder / name / "__init__.py" if is_package else folder / f"{name}.py"
        found.setdefault(name, file)
    return sorted((name, file) for name, file in found.items() if not name.startswith("_"))


def _import_from(folder: Path, name: str) -> object:
    # A real package below sys.path: only so can worker processes import what the plugin defines.
    with suppress(OSError):  # a folder that cannot be written works as a namespace package
        (folder / "__init__.py").touch()
    if str(folder.parent) not in sys.path:
        sys.path.append(str(folder.parent))
    importlib.invalidate_caches()
    package = importlib.import_module(folder.name)
    if str(folder) not in [str(Path(path).resolve()) for path in package.__path__]:
        raise ImportError(
            tr(
                "another package is called {folder}: {places}",
                folder=folder.name,
                places=list(package.__path__),
            )
        )
    return importlib.import_module(f"{folder.name}.{name}")
