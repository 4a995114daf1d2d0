"""Gather the texts of the program for translators and compile what they wrote; `make messages`.

Each language has a gettext catalogue here, which any editor for `.po` files opens. What the program
reads is compiled from it into `resources/languages`.
"""

from __future__ import annotations

import ast
import io
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from petstudio.api.errors import ImageReason
from petstudio.config.recipe_file import bundled_recipes, recipe_title
from petstudio.engine.layer_groups import HEAD
from petstudio.jobs.report import page_texts
from petstudio.plugin_host.host import PluginHost
from petstudio.plugin_host.kinds import KINDS

HERE: Final = Path(__file__).parent
PROJECT: Final = HERE.parent
COMPILED: Final = PROJECT / "resources" / "languages"
_FOLDERS: Final = ("petstudio", "plugins")


def messages() -> Catalog:
    """Return all texts without a translation."""
    catalog = Catalog(project="PetStudio", fuzzy=False)
    for file, text, what in _written():
        catalog.add(text, locations=[(file, 1)], context=what)
    for text in _kept_in_english():
        catalog.add(text)
    return catalog


def translated(language: str) -> Catalog:
    """Return the catalogue of a language with the texts as they are now."""
    with (HERE / f"{language}.po").open("rb") as stream:
        catalog = read_po(stream, locale=language)
    catalog.update(messages(), no_fuzzy_matching=True, update_creation_date=False)
    catalog.obsolete.clear()
    return catalog


def missing(catalog: Catalog) -> list[str]:
    """Return the texts that have no translation, or not in all forms."""
    return [str(text.id) for text in catalog if text.id and not all(forms(text.string))]


def texts_in(path: Path) -> Iterator[tuple[str | tuple[str, ...], str | None]]:
    """Return the texts of a file, each with the sense that `tr_as` gives it.

    Babel's own search leaves out what stands within an f-string.
    """
    nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    calls = (node for node in nodes if isinstance(node, ast.Call))
    for call in sorted(calls, key=lambda call: call.lineno):
        name = call.func.id if isinstance(call.func, ast.Name) else ""
        values = (given.value for given in call.args if isinstance(given, ast.Constant))
        match name, [value for value in values if isinstance(value, str)]:
            case "tr", [text]:
                yield text, None
            case "tr_as", [what, text]:
                yield text, what
            case "counted", [one, many]:
                yield (one, many), None
            case _:
                pass


def compiled(catalog: Catalog) -> bytes:
    """Return what the program reads."""
    stream = io.BytesIO()
    write_mo(stream, catalog)
    return stream.getvalue()


def forms(string: object) -> tuple[str, ...]:
    """Return the one form of a text, or the singular and the plurals."""
    return tuple(string) if isinstance(string, list | tuple) else (str(string or ""),)


def _written() -> Iterator[tuple[str, str | tuple[str, ...], str | None]]:
    for folder in _FOLDERS:
        for path in sorted((PROJECT / folder).rglob("*.py")):
            for text, what in texts_in(path):
                yield path.relative_to(PROJECT).as_posix(), text, what


def _kept_in_english() -> Iterator[str]:
    """Texts that files hold in English and that are translated only when they are shown."""
    yield from (reason.value for reason in ImageReason)
    yield from (kind.word for kind in KINDS)
    yield from page_texts()
    yield from map(recipe_title, bundled_recipes())
    host = PluginHost.load(safe_mode=True)
    for record in host.records:
        yield from (record.summary, record.title)
    yield HEAD
    yield from (group.name for network in host.architectures.values() for group in network.groups)


def main() -> int:
    """Bring every catalogue up to date and compile it."""
    for path in sorted(HERE.glob("*.po")):
        catalog = translated(path.stem)
        with path.open("wb") as stream:
            write_po(stream, catalog, width=100, include_lineno=False)
        (COMPILED / f"{path.stem}.mo").write_bytes(compiled(catalog))
        sys.stdout.write(f"{path.name}: {len(missing(catalog))} of {len(catalog)} missing\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
