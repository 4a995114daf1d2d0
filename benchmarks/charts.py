"""What a redraw of the live charts costs the window's thread, at 1,000 to 1,000,000 batches."""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable, Iterator

import numpy as np
from turns import print_machine

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from petstudio.api.events import (
    EpochFinished,
    Event,
    GroupPlan,
    RunStarted,
    StageStarted,
    StepFinished,
)
from petstudio.bridge.live_run import LiveRun
from petstudio.config.recipe import Recipe, Stage
from petstudio.ui.theme import Theme, ThemeMode
from petstudio.ui.widgets.loss_card import LossCard

_LENGTHS = (1_000, 100_000, 1_000_000)
_EPOCHS = 50
_REDRAWS = 40


def events_of(steps: int) -> Iterator[Event]:
    """Yield the events of a run with so many steps in 50 epochs, all but the last ten steps."""
    per_epoch = steps // _EPOCHS
    yield RunStarted(
        run=1, folder="", architecture="resnet34", classes=("a", "b"), train=64 * per_epoch,
        valid=64, batch_size=64, steps=steps, device="cpu", precision="float32", threads=2,
    )  # fmt: skip
    groups = (GroupPlan(name="all", parameters=1, trainable=1, rate=1e-3),)
    yield StageStarted(
        stage=0, name="all", epochs=_EPOCHS, steps_per_epoch=per_epoch, scheduler="constant",
        groups=groups,
    )  # fmt: skip
    noise = np.random.default_rng(0).normal(0, 0.2, steps)
    for step in range(steps - 10):
        yield step_of(step, per_epoch, float(noise[step]))
        if step % per_epoch == per_epoch - 1:
            epoch = step // per_epoch
            yield EpochFinished(
                stage=0, epoch=epoch, step=step + 1, train_loss=1.0, mean_train_loss=1.0,
                valid_loss=2.5 / (1 + epoch / 5), metrics={"accuracy": epoch / _EPOCHS}, seconds=9,
            )  # fmt: skip


def step_of(step: int, per_epoch: int, noise: float) -> StepFinished:
    """Return one step of a falling loss."""
    smoothed = 2.5 / (1 + step / per_epoch / 5)
    return StepFinished(
        stage=0, epoch=step // per_epoch, step=step, loss=smoothed + noise,
        smoothed_loss=smoothed, rate=1e-3, momentum=0.9, images_per_second=100.0,
    )  # fmt: skip


def spent(app: QApplication, act: Callable[[], object]) -> float:
    """Return the milliseconds of this thread's time that an act takes, painting included."""
    before = time.thread_time()
    act()
    app.sendPostedEvents()
    loop = QEventLoop()
    QTimer.singleShot(0, loop.quit)
    loop.exec()
    return 1000 * (time.thread_time() - before)


def measure(app: QApplication, steps: int) -> tuple[float, ...]:
    """Return median and largest cost of a redraw, and the medians of a zoom and of a step."""
    run = LiveRun(Recipe(stages=(Stage(name="all", epochs=_EPOCHS, trainable="all"),)))
    run.feed(events_of(steps))
    card = LossCard(Theme(mode=ThemeMode.LIGHT))
    card.resize(930, 440)
    card.show()
    card.show_run(run)
    spent(app, card.plot.redraw)
    per_epoch = steps // _EPOCHS
    feeding, redraws = [], []
    for step in range(steps - 10, steps - 10 + _REDRAWS):
        before = time.thread_time()
        run.feed([step_of(step, per_epoch, 0.1)])
        feeding.append(1000 * (time.thread_time() - before))
        redraws.append(spent(app, card.plot.redraw))
    zooms = [spent(app, lambda n=n: card.plot.zoom_x(n, n + 5.0)) for n in range(20)]
    bury(card)
    return (
        statistics.median(redraws), max(redraws), statistics.median(zooms),
        statistics.median(feeding),
    )  # fmt: skip


def bury(widget: QWidget) -> None:
    """Let a window go."""
    widget.close()
    widget.deleteLater()


def main() -> None:
    """Print the table."""
    app = QApplication([])
    rows = [(steps, *measure(app, steps)) for steps in _LENGTHS]
    print("\n### A redraw of the loss chart, ms of the window's thread\n")
    print_machine("930 x 440 pixels, offscreen, painting included")
    print("\n| batches | redraw, median | largest | zoom, median | taking a step |")
    print("|---|---|---|---|---|")
    for steps, *figures in rows:
        print(f"| {steps:,} | {' | '.join(f'{figure:.2f}' for figure in figures)} |")


if __name__ == "__main__":
    main()
