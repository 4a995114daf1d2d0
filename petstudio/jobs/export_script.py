"""The script that is left beside an export: it predicts without PetStudio."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from importlib import resources
from pathlib import Path
from typing import Final

# What stands in the program's half of the script for what is put in.
_IMPORTS: Final = "# The loader's imports.\n"
_LOADER: Final = "# The loader.\n"
_PACKAGES: Final = "numpy pillow"
_NAME: Final = '"NAME"'


def script_text(loader: Path, packages: Sequence[str], name: str) -> str:
    """Return the program's script with an exporter's loader in it.

    Args:
        loader: a Python file that defines `load(path)`: imports first, then the rest.
        packages: what it imports, as pip knows it.
        name: of the export, beside which the script lies.
    """
    file = resources.files("petstudio.resources") / "scripts" / "predict.py"
    script = file.read_text(encoding="utf-8")
    imports, code = _parts(loader.read_text(encoding="utf-8"))
    new = "".join(f"{line}\n" for line in imports if f"{line}\n" not in script)
    script = script.replace(_IMPORTS, new).replace(_LOADER, code)
    script = script.replace(_PACKAGES, " ".join((_PACKAGES, *packages)))
    return script.replace(_NAME, ascii(name))


def _parts(source: str) -> tuple[list[str], str]:
    """Return the imports of a module, and what stands behind them."""
    imports = [n for n in ast.parse(source).body if isinstance(n, ast.Import | ast.ImportFrom)]
    behind = imports[-1].end_lineno if imports else 0
    code = "".join(source.splitlines(keepends=True)[behind:]).strip("\n")
    return [ast.unparse(node) for node in imports], f"{code}\n\n\n"
