"""Where this user's projects find their images: absolute folders, keyed by the project's id.

They stand here and not in the project, so that a project from somebody else never decides which
folder of this machine is read.
"""

from __future__ import annotations

import json
import logging
import secrets
from pathlib import Path
from typing import Final

from petstudio.config.atomic import write_fault, write_text
from petstudio.config.paths import data_folder

_FILE_NAME: Final = "data_roots.json"

logger = logging.getLogger(__name__)


def data_root_of(project_id: str) -> Path | None:
    """Return the folder that was remembered for the project; it may be gone by now."""
    root = _read().get(project_id)
    return None if root is None else Path(root)


def remember_data_root(project_id: str, root: Path) -> None:
    """Remember, for this user on this machine, where the project's images are.

    Raises:
        MachineError: the settings cannot be written.
    """
    roots = {**_read(), project_id: str(root.absolute())}
    file = data_folder() / _FILE_NAME
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise write_fault(file, error) from error
    # ASCII JSON keeps folder names that are not UTF-8: their bytes travel as \udcXX.
    write_text(file, json.dumps(roots, indent=1, sort_keys=True))


def _read() -> dict[str, str]:
    file = data_folder() / _FILE_NAME
    try:
        return _parse(file.read_bytes())
    except FileNotFoundError:
        return {}
    except (ValueError, RecursionError):
        _keep_aside(file)
        return {}
    except OSError as error:
        logger.warning("The data folders of projects cannot be read: %s", error)
        return {}


def _parse(content: bytes) -> dict[str, str]:
    roots = json.loads(content)
    if not isinstance(roots, dict) or not all(isinstance(root, str) for root in roots.values()):
        raise ValueError("not a table of folders")
    return roots


def _keep_aside(file: Path) -> None:
    aside = file.with_name(f"{file.stem}.damaged-{secrets.token_hex(4)}.json")
    try:
        file.replace(aside)
    except OSError as error:
        logger.warning("The damaged file %s cannot be kept aside: %s", file, error)
        return
    logger.warning("The data folders of projects were damaged; the file is kept as %s", aside)
