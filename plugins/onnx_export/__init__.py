"""ONNX files, which run without PyTorch: in ONNX Runtime, browsers, phones and servers."""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Final

from petstudio.api import Exporter, FinishedModel, InputError, NoOptions, hookimpl
from petstudio.api.language import tr

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Classify = Callable[[NDArray[np.float32]], NDArray[np.float32]]

PETSTUDIO_API = (1, 0)

_NEEDED: Final = ("onnx", "onnxscript", "onnxruntime")


@hookimpl
def petstudio_exporters() -> list[Exporter[NoOptions]]:
    return [
        Exporter(
            key="onnx",
            label="ONNX",
            summary=tr("Runs without PyTorch: in ONNX Runtime, browsers, phones and servers."),
            options=NoOptions,
            suffix=".onnx",
            write=_write,
            read=_read,
            script=Path(__file__).with_name("loading.py"),
            packages=("onnxruntime",),
        )
    ]


def _write(_options: NoOptions, model: FinishedModel) -> bytes:
    missing = [name for name in _NEEDED if find_spec(name) is None]
    if missing:
        raise InputError(
            tr("Writing ONNX files needs {missing}.", missing=", ".join(missing)),
            cure=tr("Install with pip install 'petstudio[onnx]'."),
        )
    from .writing import write

    return write(model)


def _read(path: Path) -> tuple[str, Classify]:
    from .loading import load

    return load(path)
