"""`python -m petstudio` and the `petstudio` command."""

from __future__ import annotations

import sys
from pathlib import Path

from petstudio.api.errors import InputError
from petstudio.cli.arguments import COMMANDS, window_parser
from petstudio.cli.screen import NO_SCREEN, can_open_window
from petstudio.config.placement import leave


def main() -> int:
    """Run the program and return its exit status."""
    arguments = sys.argv[1:]
    if arguments and arguments[0] in COMMANDS:
        from petstudio.cli.main import run

        return leave(run(arguments, _open_window))
    given = window_parser().parse_args(arguments)
    return _open_window(given.project, safe_mode=given.safe_mode)


def _open_window(project: Path | None, *, safe_mode: bool = False) -> int:
    if not can_open_window():
        sys.stderr.write(f"{NO_SCREEN}\n")
        return 1
    from petstudio.app import run_window

    try:
        return run_window(project, safe_mode=safe_mode)
    except InputError as error:
        sys.stderr.write(f"{error}\n")
        return 2


if __name__ == "__main__":
    raise SystemExit(main())
