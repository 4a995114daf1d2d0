"""Reading a file of a project that may come from somebody else."""

from __future__ import annotations

from pathlib import Path

from petstudio.api.errors import IntegrityError
from petstudio.api.language import tr
from petstudio.project.names import shown_text


def read_own_file(path: Path, *, most_bytes: int) -> bytes | None:
    """Return what is in a file of the project; None where there is none.

    Raises:
        IntegrityError: it leads elsewhere, is no file, is too large, or cannot be read.
    """
    try:
        if path.is_symlink() or (path.exists() and not path.is_file()):
            raise damaged_file(
                path, tr("it leads elsewhere, or is no file")
            )  # and could be waited for
        with path.open("rb") as stream:
            content = stream.read(most_bytes + 1)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise damaged_file(path, str(error.strerror)) from error
    if len(content) > most_bytes:
        raise damaged_file(path, tr("it is larger than any that PetStudio writes"))
    return content


def damaged_file(path: Path, why: str) -> IntegrityError:
    """Return the error for a file that cannot be used; the project goes on without it."""
    return IntegrityError(
        tr(
            "{shown_text} of the project cannot be read: {why}.",
            shown_text=shown_text(path.name),
            why=why,
        ),
        cure=tr("Remove it if it is of no use any more; pictures and labels are not in it."),
    )
