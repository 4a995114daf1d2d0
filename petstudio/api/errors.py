"""The errors that PetStudio raises on purpose; each says what happened, why, and what to do.

PetStudioError
├── InputError          something the user gave cannot be used (a folder, a pattern, a value)
│   └── OptionError     one option of a plugin or recipe; carries the option's name
├── ImageError          one image file cannot be used; carries the path and the reason
├── MachineError        the machine says no: disk full, no permission, offline, out of memory
├── IntegrityError      a file of ours is damaged, or made by a newer PetStudio
├── ConflictError       somebody else is using it
├── TrustError          a model or archive that could do harm; it was not opened
├── PluginError         a plugin failed; carries plugin, contribution and cause
├── DivergedError       training produced a loss or weight that is not a number
└── RunCancelledError   not a failure: the user asked for it
"""

from __future__ import annotations

from enum import Enum
from typing import ClassVar

from petstudio.api.language import tr


class PetStudioError(Exception):
    """Base of all expected errors.

    `str(error)` is one sentence or two that can be shown to a person as they are: what happened,
    and, in `cure`, what to do about it. No class of this tree carries a traceback in its text.
    """

    # True where the fault lies in what was given: the command line then exits with 2, not 1.
    is_bad_input: ClassVar[bool] = False

    def __init__(self, what: str, *, cure: str = "") -> None:
        super().__init__(what, cure)
        self.what = what
        self.cure = cure

    def __str__(self) -> str:
        return f"{self.what} {self.cure}".strip()

    def __reduce__(self) -> tuple[object, ...]:
        return _rebuild, (type(self), self.what, self.cure)


def _rebuild(kind: type[PetStudioError], what: str, cure: str) -> PetStudioError:
    return kind(what, cure=cure)


class InputError(PetStudioError):
    """Something the user gave cannot be used; nothing was changed."""

    is_bad_input = True


class OptionError(InputError):
    """One option has a value it cannot have; `option` is its dotted name."""

    def __init__(self, option: str, what: str, *, cure: str = "") -> None:
        super().__init__(what, cure=cure)
        self.option = option

    def __str__(self) -> str:
        return f"{self.option}: {super().__str__()}"

    def __reduce__(self) -> tuple[object, ...]:
        return _rebuild_option_error, (self.option, self.what, self.cure)


def _rebuild_option_error(option: str, what: str, cure: str) -> OptionError:
    return OptionError(option, what, cure=cure)


class ImageReason(Enum):
    """Why an image file cannot be used. The value is the sentence part that is shown."""

    MISSING = "the file is gone"
    NO_PERMISSION = "no permission to read it"
    EMPTY = "the file is empty"
    TOO_LARGE = "too large to open safely"
    TRUNCATED = "the file is cut off"
    DAMAGED = "the picture data is damaged"
    NOT_AN_IMAGE = "not a picture"
    UNSUPPORTED = "a format that is not supported"
    BAD_DIMENSIONS = "it has no width or height"


class ImageError(PetStudioError):
    """One image cannot be read; `path` names it and `reason` says why."""

    is_bad_input = True

    def __init__(self, path: str, reason: ImageReason, detail: str = "") -> None:
        super().__init__(f"{path}: {tr(reason.value)}{f' ({detail})' if detail else ''}.")
        self.path = path
        self.reason = reason
        self.detail = detail

    def __reduce__(self) -> tuple[object, ...]:
        return ImageError, (self.path, self.reason, self.detail)


class MachineError(PetStudioError):
    """The machine refuses: disk full, no permission, offline, out of memory."""


class IntegrityError(PetStudioError):
    """A file of ours is damaged or comes from a newer version; it was left as it is."""

    is_bad_input = True


class ConflictError(PetStudioError):
    """Another process holds what is asked for."""


class TrustError(PetStudioError):
    """A file could run code or fill the machine when opened; it was refused unopened."""

    is_bad_input = True


class PluginError(PetStudioError):
    """A plugin failed; the program goes on without what it was asked for."""

    def __init__(self, plugin: str, contribution: str, cause: BaseException | str) -> None:
        reason = cause if isinstance(cause, str) else _describe(cause)
        super().__init__(
            tr(
                "The plugin {plugin} failed in {contribution}: {reason}",
                plugin=plugin,
                contribution=contribution,
                reason=reason,
            )
        )
        self.plugin = plugin
        self.contribution = contribution
        self.reason = reason

    def __reduce__(self) -> tuple[object, ...]:
        return PluginError, (self.plugin, self.contribution, self.reason)


def _describe(error: BaseException) -> str:
    text = str(error).strip()
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


class DivergedError(PetStudioError):
    """The loss or a weight became infinite or not a number; the last good state is kept."""


class RunCancelledError(PetStudioError):
    """The user cancelled the job; raised by `RunControl.checkpoint()`.

    A job that leaves something behind raises it again with `kept`, one sentence that says what.
    """

    def __init__(self, kept: str = "") -> None:
        super().__init__(tr("Cancelled."))
        self.kept = kept

    def __reduce__(self) -> tuple[object, ...]:
        return RunCancelledError, (self.kept,)
