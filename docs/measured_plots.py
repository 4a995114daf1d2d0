"""Draws the plots of the documents that show real runs: the finder, and what is learned before.

Usage: python docs/measured_plots.py; draws the sample set, trains on it for some minutes, and
writes docs/images/concept-finder.png and concept-transfer.png.

A network learns five of the sample set's ten kinds of pet. The finder sweeps it before and after.
Then it learns the other five from 8 pictures of each, beside one that begins from random weights.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from statistics import mean
from typing import TypeVar

from petstudio.api.control import RunControl
from petstudio.api.events import EpochFinished, Event, Outcome, SweepStepFinished
from petstudio.config.recipe import NO_WEIGHTS, TRAIN_HEAD, Recipe, StartChoice
from petstudio.config.recipe_file import bundled_recipe, with_settings
from petstudio.config.sweep import SweepChoice
from petstudio.images.line_plot import Axis, LinePlot, Series, Stroke, save_plot
from petstudio.images.sample_set import draw_sample_set
from petstudio.images.splitting import SplitChoice
from petstudio.jobs.demo import SAMPLE_RECIPE
from petstudio.jobs.importing import create_project
from petstudio.jobs.job import Job, run_job
from petstudio.jobs.proving import DataSource
from petstudio.jobs.sweeping import find_rate
from petstudio.jobs.training import train
from petstudio.plugin_host.host import PluginHost

E = TypeVar("E", bound=Event)
_IMAGES = Path(__file__).parent / "images"
_SIZE = (720, 360)
_FIRST = ("beagle", "budgie", "dalmatian", "goldfish", "guinea_pig")
_OTHERS = ("hamster", "rabbit", "siamese_cat", "tabby_cat", "turtle")
_EPOCHS, _SEEDS = 12, (1, 2, 3)


def main() -> None:
    """Train, sweep, train again, and draw."""
    host = PluginHost.load(safe_mode=True)
    recipe = with_settings(bundled_recipe(SAMPLE_RECIPE), [f"stages.0.epochs={_EPOCHS}"])
    with tempfile.TemporaryDirectory(prefix="petstudio-") as place:
        pictures = Path(place) / "pictures"
        draw_sample_set(pictures)
        first = project_of(host, pictures, _FIRST, valid=0.2)
        others = project_of(host, pictures, _OTHERS, valid=0.9)
        told_by(train(host, first, recipe), EpochFinished)
        [learned] = first.glob("runs/*/model.safetensors")
        draw("finder", finder_plot(host, first, recipe))
        draw("transfer", transfer_plot(host, others, recipe, learned))


def finder_plot(host: PluginHost, project: Path, recipe: Recipe) -> LinePlot:
    """Return two sweeps of all layers: from random weights, and from the end of run 1."""
    # Another seed draws other changes of the pictures than those that it has learned from.
    later = replace(recipe, seed=recipe.seed + 1, start=StartChoice(checkpoint="1:last"))
    swept = {
        "untrained": sweep(host, project, recipe),
        f"after {_EPOCHS} epochs": sweep(host, project, later),
    }
    return LinePlot(
        title="The finder on the same network, before and after it was trained",
        x_axis=Axis(label="learning rate", logarithmic=True),
        y_axis=Axis(label="smoothed training loss", limits=(0.05, 10), logarithmic=True),
        series=tuple(
            Series(
                x=[step.rate for step in steps],
                y=[step.smoothed_loss for step in steps],
                name=name,
                stroke=stroke,
            )
            for (name, steps), stroke in zip(
                swept.items(), (Stroke.SOLID, Stroke.DASHED), strict=True
            )
        ),
    )


def transfer_plot(host: PluginHost, project: Path, recipe: Recipe, learned: Path) -> LinePlot:
    """Return the accuracy by epoch from learned and from random weights, mean and each seed."""
    stage = recipe.stages[0]
    head = replace(recipe, stages=(replace(stage, trainable=TRAIN_HEAD),))
    curves = {
        "head on the learned body": accuracies(host, project, head, str(learned)),
        "all layers from random weights": accuracies(host, project, recipe, NO_WEIGHTS),
    }
    return LinePlot(
        title="Five other kinds of pet from 8 pictures of each",
        x_axis=Axis(label="epoch", limits=(1, _EPOCHS)),
        y_axis=Axis(label="accuracy on 360 other pictures", limits=(0, 0.6)),
        series=tuple(series for name, runs in curves.items() for series in shown(name, runs)),
    )


def shown(name: str, runs: Sequence[Sequence[float]]) -> list[Series]:
    """Return a faint curve for each run, and their mean."""
    epochs = range(1, _EPOCHS + 1)
    faint = [Series(x=epochs, y=run, stroke=Stroke.FAINT) for run in runs]
    average = [mean(values) for values in zip(*runs, strict=True)]
    return [*faint, Series(x=epochs, y=average, name=name)]


def accuracies(host: PluginHost, project: Path, recipe: Recipe, weights: str) -> list[list[float]]:
    """Return the accuracy after each epoch, for each seed."""
    found = []
    for seed in _SEEDS:
        model = replace(recipe.model, weights=weights)
        training = replace(recipe.training, batch_size=16)
        chosen = replace(recipe, seed=seed, model=model, training=training)
        epochs = told_by(train(host, project, chosen), EpochFinished)
        found.append([epoch.metrics["accuracy"] for epoch in epochs])
    return found


def sweep(host: PluginHost, project: Path, recipe: Recipe) -> list[SweepStepFinished]:
    """Return the steps of a sweep of the recipe's stage, to its highest rate."""
    choice = SweepChoice(stops_early=False)
    return told_by(find_rate(host, project, recipe, 0, choice), SweepStepFinished)


def project_of(host: PluginHost, pictures: Path, kinds: Sequence[str], *, valid: float) -> Path:
    """Make a project of some of the kinds, beside the pictures."""
    path = pictures.with_name(f"{kinds[0]}.petstudio")
    options = {"pattern": rf"^(?P<label>{'|'.join(kinds)})_\d+\.jpg$"}
    source = DataSource(root=pictures, loader="regex", options=options)
    told_by(create_project(host, path, source, SplitChoice(valid_share=valid)), EpochFinished)
    return path


def told_by(job: Job, kind: type[E]) -> list[E]:
    """Run a job to its end and return its events of a kind."""
    told: list[E] = []
    finished = run_job(
        job, lambda event: told.append(event) if isinstance(event, kind) else None, RunControl()
    )
    assert finished.outcome is Outcome.COMPLETED, finished.message
    return told


def draw(name: str, plot: LinePlot) -> None:
    """Save a plot beside the others."""
    save_plot(_IMAGES / f"concept-{name}.png", plot, _SIZE)


if __name__ == "__main__":
    main()
