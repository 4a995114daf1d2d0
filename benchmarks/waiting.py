"""Training beside busy programs: torch's own threads against ours, which make room and sleep."""

from __future__ import annotations

import os
import subprocess
import sys

_OURS = """
import petstudio.engine, torch
from petstudio.engine.devices import prepare
prepare(torch.device("cpu"))
"""
_STEPS = """
import time, torch
from torchvision.models import resnet18
net = resnet18(num_classes=10).to(memory_format=torch.channels_last)
batch = torch.randn(32, 3, 64, 64).to(memory_format=torch.channels_last)
def step():
    with torch.autocast("cpu", dtype=torch.bfloat16):
        loss = net(batch).sum()
    loss.backward()
step()
started = time.perf_counter()
for _ in range(12):
    step()
print(12 * 32 / (time.perf_counter() - started))
"""
_ROUNDS = 2


def images_per_second(script: str) -> float:
    """Train in a fresh process, which chooses its threads itself."""
    environment = {name: v for name, v in os.environ.items() if not name.startswith("OMP_")}
    done = subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True
    )
    return float(done.stdout)


def main() -> None:
    """Print the table."""
    print("\n### Training ResNet18 at 64 px, pictures a second\n")
    print("| beside | torch's default | ours | ratio |\n|---|---|---|---|")
    cores = os.cpu_count() or 1
    for busy in (0, 1, cores):
        others = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(busy)]
        try:
            pairs = [
                (images_per_second(_STEPS), images_per_second(_OURS + _STEPS))
                for _ in range(_ROUNDS)
            ]
        finally:
            for other in others:
                other.kill()
                other.wait()
        default, own = (sum(values) / len(pairs) for values in zip(*pairs, strict=True))
        print(f"| {busy} busy programs | {default:.0f} | {own:.0f} | {own / default:.2f} |")


if __name__ == "__main__":
    main()
