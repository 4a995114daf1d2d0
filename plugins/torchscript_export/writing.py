"""From a module of PyTorch to the content of a TorchScript file; imports torch."""

from __future__ import annotations

import io
import warnings

import torch

from petstudio.api import FinishedModel


def write(model: FinishedModel) -> bytes:
    example = torch.zeros(2, model.size, model.size, 3)
    content = io.BytesIO()
    with warnings.catch_warnings():
        # WORKAROUND torch 2.15: all of torch.jit warns that torch.export is its successor, whose
        # files only PyTorch of nearly the same version reads.
        warnings.simplefilter("ignore", FutureWarning)
        traced = torch.jit.trace(model.module, example, check_trace=False)
        torch.jit.save(traced, content, _extra_files={"petstudio": model.about})
    return content.getvalue()
