"""Models as programs of torch.export."""

from pathlib import Path
from typing import Any

from petstudio.api import Exporter, FinishedModel, NoOptions, hookimpl

PETSTUDIO_API = (1, 0)
__version__ = "0.1"


def write(_options: NoOptions, model: FinishedModel) -> bytes:
    """Return the content of the file; `model.about` belongs into it."""
    import io

    import torch

    example = torch.zeros(2, model.size, model.size, 3)
    any_number = {0: torch.export.Dim("pictures")}
    program = torch.export.export(model.module, (example,), dynamic_shapes=(any_number,))
    content = io.BytesIO()
    torch.export.save(program, content, extra_files={"petstudio": model.about})
    return content.getvalue()


def read(path: Path) -> tuple[str, Any]:
    """Load such a file again; PetStudio compares its answers with the model's own."""
    import io

    import torch

    about = {"petstudio": ""}
    module = torch.export.load(io.BytesIO(path.read_bytes()), extra_files=about).module()
    return about["petstudio"], lambda pictures: module(torch.from_numpy(pictures)).numpy()


@hookimpl
def petstudio_exporters() -> list[Exporter[NoOptions]]:
    return [
        Exporter(
            key="sample-key",
            label="Sample label",
            summary="A graph for the newest versions of PyTorch.",
            options=NoOptions,
            suffix=".samplesuffix",  # the ending of the file's name chooses the format
            write=write,
            read=read,
        )
    ]
