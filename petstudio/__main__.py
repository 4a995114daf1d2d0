"""`python -m petstudio` and the `petstudio` command."""

from __future__ import annotations

import gc
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from petstudio.api.errors import InputError
from petstudio.api.language import speak
from petstudio.cli.arguments import COMMANDS, window_parser
from petstudio.cli.screen import NO_SCREEN, can_open_window, has_screen
from petstudio.config.placement import leave
from petstudio.config.settings import SettingsFile


def main() -> int:
    """Run the program and return its exit status."""
    arguments = sys.argv[1:]
    command = arguments[0] if arguments and arguments[0] in COMMANDS else ""
    settings = SettingsFile() if _has_window(command, arguments) else None
    if settings:
        speak(settings.values.language)  # before what has texts is loaded
    if command:
        from petstudio.cli.main import run

        return leave(run(arguments, partial(_open_window, settings)))
    given = window_parser().parse_args(arguments)
    return _open_window(settings, given.project, safe_mode=given.safe_mode)


def _has_window(command: str, arguments: Sequence[str]) -> bool:
    return not command or (command == "demo" and "--headless" not in arguments and has_screen())


def _open_window(
    settings: SettingsFile | None, project: Path | None, *, safe_mode: bool = False
) -> int:
    if not can_open_window():
        sys.stderr.write(f"{NO_SCREEN}\n")
        return 1
    gc.disable()  # loading makes no garbage, and the window has a collector of its own
    try:
        from petstudio.app import run_window

        return run_window(project, settings=settings, safe_mode=safe_mode)
    except InputError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    finally:
        gc.enable()


if __name__ == "__main__":
    raise SystemExit(main())
