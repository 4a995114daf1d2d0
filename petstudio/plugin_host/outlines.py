"""What the source of a plugin says about it, for one that is switched off or cannot be imported."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from pathlib import Path

from petstudio.api.language import tr
from petstudio.plugin_host.kinds import KINDS


@dataclass(frozen=True, kw_only=True)
class Outline:
    """The first line of its docstring, and its kinds of contribution in words."""

    summary: str = ""
    kinds: tuple[str, ...] = ()


def read_outline(source: Path | None) -> Outline:
    """Return what can be told without running anything; nothing of a file that cannot be read."""
    try:
        tree = ast.parse(source.read_bytes()) if source is not None else ast.Module([], [])
    except (OSError, SyntaxError, ValueError):
        return Outline()
    hooks = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    lines = (ast.get_docstring(tree) or "").splitlines()
    return Outline(
        summary=tr(lines[0]) if lines else "",
        kinds=tuple(kind.word for kind in KINDS if kind.hook in hooks),
    )
