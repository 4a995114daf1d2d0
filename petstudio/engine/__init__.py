"""The engine: torch lives here only. It says what happens through `emit` and asks nothing."""

import os

# Must stand before torch is loaded: its threads then sleep while they wait instead of spinning.
# Spinning threads of several programs keep each other from working (benchmarks/README.md).
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
