"""Loads an exported file. It becomes a part of the script beside the file, so it stands alone."""

import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch


def load(path: Path) -> tuple[str, Callable[[np.ndarray], np.ndarray]]:
    """Return what the file says about itself, and its function from pictures to probabilities."""
    about = {"petstudio": b""}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)  # PyTorch has newer formats as well
        module = torch.jit.load(path, map_location="cpu", _extra_files=about)

    def classify(pictures: np.ndarray) -> np.ndarray:
        with torch.inference_mode():
            probabilities: torch.Tensor = module(torch.from_numpy(pictures))
        return probabilities.numpy()

    return about["petstudio"].decode(), classify
