"""From a module of PyTorch to the content of an ONNX file; imports torch."""

from __future__ import annotations

import torch

from petstudio.api import FinishedModel

_EXAMPLE_PICTURES = 2  # with one, the exporter would take the number for a constant


def write(model: FinishedModel) -> bytes:
    example = torch.zeros(_EXAMPLE_PICTURES, model.size, model.size, 3)
    program = torch.onnx.export(
        model.module,
        (example,),
        input_names=["pictures"],
        output_names=["probabilities"],
        dynamic_shapes=({0: "pictures"},),
        dynamo=True,
        verbose=False,
    )
    assert program is not None  # it is for files only that there is nothing to return
    program.model.metadata_props["petstudio"] = model.about
    content: bytes = program.model_proto.SerializeToString()
    return content
