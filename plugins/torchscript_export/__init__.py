"""TorchScript files, which PyTorch runs in Python and C++ without the code of the network."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from petstudio.api import Exporter, FinishedModel, NoOptions, hookimpl
from petstudio.api.language import tr

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Classify = Callable[[NDArray[np.float32]], NDArray[np.float32]]

PETSTUDIO_API = (1, 0)


@hookimpl
def petstudio_exporters() -> list[Exporter[NoOptions]]:
    return [
        Exporter(
            key="torchscript",
            label="TorchScript",
            summary=tr("Runs with PyTorch alone, in Python or C++, without the network's code."),
            options=NoOptions,
            suffix=".pt",
            write=_write,
            read=_read,
            script=Path(__file__).with_name("loading.py"),
            packages=("torch",),
        )
    ]


def _write(_options: NoOptions, model: FinishedModel) -> bytes:
    from .writing import write

    return write(model)


def _read(path: Path) -> tuple[str, Classify]:
    from .loading import load

    return load(path)
