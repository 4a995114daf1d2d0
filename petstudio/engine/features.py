"""What a frozen body makes of pictures, kept: in memory while it is used, on disk for later runs.

The file of a view holds safetensors, written whole or not at all; it may be deleted at any time.
"""

from __future__ import annotations

import hashlib
import logging
import os
import shutil
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import safetensors
import safetensors.torch
import torch
from numpy.typing import NDArray
from torch import nn

from petstudio.api.errors import MachineError
from petstudio.config.atomic import write_bytes

VALIDATION: Final = "valid"
_LARGEST_FILE: Final = 256 << 20
_BUDGET: Final = 2 << 30
_FLOAT_BYTES: Final = 4
_CHECKSUM: Final = "crc32"

logger = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class PictureVersions:
    """Which state of which pictures features belong to: int64 (n,) each."""

    keys: NDArray[np.int64]
    contents: NDArray[np.int64]


class View:
    """Features of one view of n pictures, float32 (n, f) on the device, filled bit by bit.

    Attributes:
        fresh: bool (n,), rows that other processes may lack.
    """

    def __init__(self, count: int, width: int, device: torch.device, *, keep: bool = True) -> None:
        """Take memory for n pictures; with `keep` False nothing that is written stays."""
        self.features = torch.empty((count if keep else 0, width), device=device)
        self._known = np.zeros(count, dtype=np.bool_)
        self.fresh = np.zeros(count, dtype=np.bool_)
        self.keeps = keep
        self.changed = False

    @property
    def known(self) -> NDArray[np.bool_]:
        """Which rows are filled, bool (n,)."""
        return self._known

    def lacking(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return those of the rows that are not filled."""
        return rows[~self._known[rows]]

    def read(self, rows: NDArray[np.int64]) -> torch.Tensor:
        """Return features (len(rows), f)."""
        return self.features[torch.from_numpy(rows).to(self.features.device)]

    def write(self, rows: NDArray[np.int64], features: torch.Tensor) -> None:
        """Fill rows."""
        if not self.keeps:
            return
        self.features[torch.from_numpy(rows).to(self.features.device)] = features
        self._known[rows] = True
        self.fresh[rows] = True
        self.changed = True


class FeatureFiles:
    """Views of one frozen body on disk; without a folder nothing is kept."""

    def __init__(
        self, folder: Path | None, versions: PictureVersions, *, may_write: bool = True
    ) -> None:
        """Use `folder`, which belongs to this body and this way of changing pictures alone."""
        self._folder = folder
        self._versions = versions
        self._may_write = may_write

    def would_keep(self, count: int, width: int) -> bool:
        """Say whether a view of this size finds room on disk."""
        return self._folder is not None and count * width * _FLOAT_BYTES <= _LARGEST_FILE

    def load(self, name: str, view: View) -> None:
        """Fill the rows of a view that an earlier run has left, as far as their pictures stayed."""
        if self._folder is None or not self._path(name).is_file():
            return
        try:
            found = _read(self._path(name), view.features.shape[1])
        except (safetensors.SafetensorError, OSError, ValueError, KeyError) as error:
            logger.info("Kept features are made anew: %s", error)
            return
        known = {
            (int(key), int(content)): row
            for row, (key, content) in enumerate(zip(found.keys, found.contents, strict=True))
        }
        wanted = zip(self._versions.keys, self._versions.contents, strict=True)
        pairs = [(row, known.get((int(key), int(c)))) for row, (key, c) in enumerate(wanted)]
        rows = np.array(
            [(row, source) for row, source in pairs if source is not None], dtype=np.int64
        ).reshape(-1, 2)
        features = found.features[torch.from_numpy(rows[:, 1])]
        view.write(rows[:, 0], features.to(view.features.device))
        view.changed = False
        view.fresh[:] = False

    def save(self, name: str, view: View) -> None:
        """Keep the filled rows of a view, if they are new and not too many."""
        if not self._may_write or not view.changed or not self.would_keep(*view.features.shape):
            return
        rows = np.flatnonzero(view.known)
        features = view.read(rows).cpu().contiguous()
        tensors = {
            "keys": torch.from_numpy(self._versions.keys[rows]),
            "contents": torch.from_numpy(self._versions.contents[rows]),
            "features": features,
        }
        checksum = {_CHECKSUM: str(zlib.crc32(features.numpy().data))}
        try:
            self._path(name).parent.mkdir(parents=True, exist_ok=True)
            write_bytes(self._path(name), safetensors.torch.save(tensors, metadata=checksum))
        except (MachineError, OSError) as error:
            logger.warning("Features were not kept for later runs: %s", error)
            return
        view.changed = False
        _keep_within_budget(self._path(name).parent)

    def _path(self, name: str) -> Path:
        assert self._folder is not None
        return self._folder / f"{name}.safetensors"


@dataclass(frozen=True, kw_only=True)
class _Found:
    keys: NDArray[np.int64]
    contents: NDArray[np.int64]
    features: torch.Tensor


def _read(path: Path, width: int) -> _Found:
    with safetensors.safe_open(path, framework="pt") as opened:
        checksum = (opened.metadata() or {})[_CHECKSUM]
        keys, contents, features = (
            opened.get_tensor(name) for name in ("keys", "contents", "features")
        )
    if features.shape != (len(keys), width) or len(keys) != len(contents):
        raise ValueError("the shapes do not fit")
    if str(zlib.crc32(features.numpy().data)) != checksum:
        raise ValueError("the checksum does not fit")
    return _Found(keys=keys.numpy(), contents=contents.numpy(), features=features)


def content_versions(paths: Sequence[Path]) -> NDArray[np.int64]:
    """Return a number for each file, which is another one for another path, size or time.

    The keys alone would not do: in a project that was made anew they are those of other pictures,
    which an archive may have given the same size and time.
    """
    versions = np.zeros(len(paths), dtype=np.int64)
    for row, path in enumerate(paths):
        try:
            found = path.stat()
        except OSError:
            continue
        stamp = b"%d %d " % (found.st_size, found.st_mtime_ns) + os.fsencode(path)
        digest = hashlib.blake2b(stamp, digest_size=versions.itemsize).digest()
        versions[row] = int.from_bytes(digest, "little", signed=True)
    return versions


def body_digest(body: nn.Module, *settings: object) -> str:
    """Return a name for what this body makes of pictures under these settings."""
    digest = hashlib.sha256(repr(settings).encode())
    for name, tensor in body.state_dict().items():
        digest.update(name.encode())
        # As bytes, since numpy has no bfloat16.
        flat = tensor.detach().cpu().contiguous().reshape(-1)
        digest.update(flat.view(torch.uint8).numpy().data)
    return digest.hexdigest()[:16]


def _keep_within_budget(folder: Path) -> None:
    """Remove the folders of other bodies, longest unused first, until all of them fit."""
    sizes: list[tuple[float, int, Path]] = []
    for other in folder.parent.iterdir():
        files = [file.stat() for file in other.glob("*.safetensors")]
        newest = max((file.st_mtime for file in files), default=0.0)
        sizes.append((newest, sum(file.st_size for file in files), other))
    total = sum(size for _, size, _ in sizes)
    for _, size, other in sorted(sizes):
        if total <= _BUDGET or other == folder:
            break
        shutil.rmtree(other, ignore_errors=True)
        total -= size
