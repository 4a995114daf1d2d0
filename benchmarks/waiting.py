"""Training beside busy programs: threads that sleep while they wait against threads that spin."""

from __future__ import annotations

import os
import subprocess
import sys

_STEPS = """
import sys, time, torch
from torchvision.models import resnet18
net = resnet18(num_classes=10).to(memory_format=torch.channels_last)
batch = torch.randn(32, 3, 64, 64).to(memory_format=torch.channels_last)
def step():
    net(batch).sum().backward()
step()
started = time.perf_counter()
for _ in range(12):
    step()
print(12 * 32 / (time.perf_counter() - started))
"""
_ROUNDS = 2


def images_per_second(policy: str) -> float:
    """Train in a fresh process with this OMP_WAIT_POLICY."""
    environment = {**os.environ, "OMP_WAIT_POLICY": policy}
    done = subprocess.run(
        [sys.executable, "-c", _STEPS], env=environment, capture_output=True, text=True, check=True
    )
    return float(done.stdout)


def main() -> None:
    """Print the table."""
    print("\n### Training ResNet18 at 64 px, pictures a second\n")
    print("| beside | spinning (default) | sleeping (ours) | ratio |\n|---|---|---|---|")
    for busy in (0, os.cpu_count() or 1):
        others = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(busy)]
        try:
            pairs = [
                (images_per_second("ACTIVE"), images_per_second("PASSIVE")) for _ in range(_ROUNDS)
            ]
        finally:
            for other in others:
                other.kill()
                other.wait()
        spin, sleep = (sum(values) / len(pairs) for values in zip(*pairs, strict=True))
        print(f"| {busy} busy programs | {spin:.0f} | {sleep:.0f} | {sleep / spin:.2f} |")


if __name__ == "__main__":
    main()
