"""Checking many files at once, as an import does."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from pathlib import Path

from petstudio.api.control import RunControl
from petstudio.api.errors import ImageError
from petstudio.images.checking_child import CheckRules
from petstudio.images.verification import check_images


def verify_images(
    root: Path,
    files: Sequence[str],
    control: RunControl,
    on_progress: Callable[[int], None],
    *,
    rules: CheckRules | None = None,
) -> dict[str, ImageError]:
    """Return the bad ones with their reason, in the order given."""
    found: dict[str, ImageError] = {}
    done = 0
    with contextlib.closing(check_images(root, files, control, rules or CheckRules())) as checked:
        for answers in checked:
            found |= {file: error for file, error in answers if isinstance(error, ImageError)}
            done += len(answers)
            on_progress(done)
    return {file: found[file] for file in files if file in found}
