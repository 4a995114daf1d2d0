"""Loads an exported file. It becomes a part of the script beside the file, so it stands alone."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnxruntime


def load(path: Path) -> tuple[str, Callable[[np.ndarray], np.ndarray]]:
    """Return what the file says about itself, and its function from pictures to probabilities."""
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    about = session.get_modelmeta().custom_metadata_map["petstudio"]
    return about, lambda pictures: session.run(None, {"pictures": pictures})[0]
