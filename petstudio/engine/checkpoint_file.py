"""The content of one checkpoint file: nested tensors and plain values, as torch saves them."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from typing import IO, Any, Final, cast

import torch

from petstudio.api.errors import DivergedError, InputError, IntegrityError, TrustError
from petstudio.api.language import tr
from petstudio.engine.unpickling import load_plain

_FORMAT: Final = 1
_PLAIN: Final = (bool, int, float, str, type(None))
_WEIGHTS: Final = "weights"
_LONGEST_PLACE: Final = 1_000  # of a value in the nested content, in characters
_CURE: Final = tr("Go on from an older checkpoint.")


def write_checkpoint(stream: IO[bytes], content: Mapping[str, Any]) -> None:
    """Write tensors, numbers, text, None, and lists and tables of them; a tuple becomes a list.

    Raises:
        DivergedError: a tensor under "weights" is not finite; nothing was written.
        TypeError: a value of another kind; nothing was written.
        OSError: of the stream, as it was raised there.
    """
    plain = {str(key): _plain(value, str(key)) for key, value in content.items()}
    broken = _not_finite(plain[_WEIGHTS])
    if broken is not None:
        raise DivergedError(
            tr(
                "The weights in {broken} are not numbers any more; the checkpoint was not saved.",
                broken=broken,
            ),
            cure=tr("Go on from an older checkpoint with a lower learning rate."),
        )
    # WORKAROUND torch 2.15: an OSError of the stream comes out as RuntimeError "unexpected pos".
    guarded = _RememberingStream(stream)
    try:
        torch.save({**plain, "format": _FORMAT}, cast(IO[bytes], guarded))
    except RuntimeError:
        if guarded.error is not None:
            raise guarded.error from None
        raise


def read_checkpoint(data: bytes, name: str) -> dict[str, Any]:
    """Return what was given to `write_checkpoint`; `name` is for messages.

    Raises:
        IntegrityError: damaged, spoiled, or made by a newer PetStudio.
        TrustError: it could run code, or would take more memory than its size.
    """
    try:
        content = load_plain(io.BytesIO(data), name)
    except InputError as error:
        raise IntegrityError(
            tr("The checkpoint {name} is damaged.", name=name), cure=_CURE
        ) from error
    except TrustError as error:
        raise TrustError(error.what, cure=_CURE) from error
    if not isinstance(content, dict) or _WEIGHTS not in content:
        raise IntegrityError(tr("{name} is not a checkpoint of PetStudio.", name=name), cure=_CURE)
    _check_format(content.pop("format", None), name)
    _check_values(content, len(data), name)
    broken = _not_finite(content[_WEIGHTS])
    if broken is not None:
        raise IntegrityError(
            tr(
                "The checkpoint {name} has values in {broken} that are not numbers.",
                name=name,
                broken=broken,
            ),
            cure=_CURE,
        )
    return content


class _RememberingStream:
    """Keeps the first OSError of a stream, which torch would replace by one of its own."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self.error: OSError | None = None

    def write(self, data: bytes) -> int:
        if self.error is not None:
            raise self.error
        try:
            return self._stream.write(data)
        except OSError as error:
            self.error = error
            raise

    def flush(self) -> None:
        self._stream.flush()


def _plain(value: Any, place: str) -> Any:
    """Return the value as it is saved.

    Each tensor gets a storage of its own: a view would drag along all that it is a part of.
    """
    if isinstance(value, torch.Tensor):
        return value.detach().to("cpu", copy=True, memory_format=torch.contiguous_format)
    if isinstance(value, Mapping):
        return {_key(key, place): _plain(item, f"{place}.{key}") for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item, f"{place}.{index}") for index, item in enumerate(value)]
    if type(value) in _PLAIN:
        return value
    raise TypeError(f"{place} is a {type(value).__name__}, which a checkpoint cannot hold")


def _key(key: object, place: str) -> int | str:
    if type(key) is int or type(key) is str:
        return key
    raise TypeError(f"{place} has a key that is a {type(key).__name__}")


def _walk(value: Any, place: str) -> Iterator[tuple[str, Any]]:
    """Yield every value in a nested one, with its dotted place."""
    open_levels = [iter([(place, value)])]
    while open_levels:
        for inner_place, inner in open_levels[-1]:
            yield inner_place, inner
            if isinstance(inner, dict | list):
                open_levels.append(_items(inner, inner_place))
                break
        else:
            open_levels.pop()


def _items(value: dict[Any, Any] | list[Any], place: str) -> Iterator[tuple[str, Any]]:
    pairs = value.items() if isinstance(value, dict) else enumerate(value)
    return ((f"{place}.{key}", item) for key, item in pairs)


def _not_finite(weights: Any) -> str | None:
    """Return the place of the first tensor with a value that is not a number."""
    for place, value in _walk(weights, ""):
        is_floating = isinstance(value, torch.Tensor) and value.is_floating_point()
        if is_floating and not bool(torch.isfinite(value).all()):
            return place.removeprefix(".")
    return None


def _check_format(found: object, name: str) -> None:
    if type(found) is not int or found < 1:
        raise IntegrityError(tr("{name} is not a checkpoint of PetStudio.", name=name), cure=_CURE)
    if found > _FORMAT:
        raise IntegrityError(
            tr("{name} was made by a newer PetStudio.", name=name), cure=tr("Update PetStudio.")
        )


def _check_values(content: dict[Any, Any], size: int, name: str) -> None:
    """Refuse what is not written here, and what uses a part of the file again and again.

    Each value takes at least a byte of an honest file, and a tensor as many as it has.
    """
    room = size
    for place, value in _walk(content, ""):
        is_tensor = type(value) is torch.Tensor
        if not is_tensor and type(value) not in (dict, list, *_PLAIN):
            raise IntegrityError(
                tr("{name} is not a checkpoint of PetStudio.", name=name), cure=_CURE
            )
        if is_tensor and (value.layout is not torch.strided or value.device.type != "cpu"):
            raise IntegrityError(
                tr("{name} is not a checkpoint of PetStudio.", name=name), cure=_CURE
            )
        room -= max(1, value.numel() * value.element_size()) if is_tensor else 1
        if room < 0 or len(place) > _LONGEST_PLACE:
            raise TrustError(
                tr("{name} would fill the memory; it was not used.", name=name), cure=_CURE
            )
