"""What is known of pictures from an earlier scan; a file that may be deleted at any time."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from petstudio.api.errors import MachineError
from petstudio.config.atomic import write_bytes
from petstudio.images.picture_facts import PictureFacts
from petstudio.project.layout import CACHE

_NAME: Final = "facts.json"
_FORMAT: Final = 1

logger = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class SeenPicture:
    """A picture as it was; with another size or time it has to be looked at again."""

    size: int
    mtime_ns: int
    facts: PictureFacts


def facts_file(project: Path) -> Path:
    """Return where a project keeps what was found out about its pictures."""
    return project / CACHE / _NAME


def load_facts(file: Path) -> dict[str, SeenPicture]:
    """Return what was kept, by path; nothing if the file is missing, old or damaged."""
    try:
        content = json.loads(file.read_bytes())
        if content["format"] != _FORMAT:
            return {}
        return {path: _seen(*values) for path, *values in content["pictures"]}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, TypeError, KeyError) as error:
        logger.info("%s is not used: %s", file, error)
        return {}


def save_facts(file: Path, seen: Mapping[str, SeenPicture]) -> None:
    """Keep this instead; a failure is only logged, since all of it can be found out again."""
    rows = [
        (path, one.size, one.mtime_ns, one.facts.width, one.facts.height, one.facts.mode,
         one.facts.fingerprint.hex())
        for path, one in seen.items()
    ]  # fmt: skip
    content = json.dumps({"format": _FORMAT, "pictures": rows}, separators=(",", ":"))
    try:
        write_bytes(file, content.encode("ascii"))
    except MachineError as error:
        logger.info("What was found out about the pictures is not kept: %s", error)


def _seen(
    size: int, mtime_ns: int, width: int, height: int, mode: str, fingerprint: str
) -> SeenPicture:
    return SeenPicture(
        size=int(size),
        mtime_ns=int(mtime_ns),
        facts=PictureFacts(
            width=int(width),
            height=int(height),
            mode=str(mode),
            fingerprint=bytes.fromhex(fingerprint),
        ),
    )
