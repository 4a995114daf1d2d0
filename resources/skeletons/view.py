"""How many pictures the model took for each class, beside how many there are."""

from dataclasses import dataclass

from petstudio.api import (
    EvaluatedImages,
    EvaluationView,
    ViewColumn,
    ViewData,
    ViewForm,
    ViewRow,
    hookimpl,
    number,
)

PETSTUDIO_API = (1, 1)
__version__ = "0.1"


@dataclass(frozen=True, kw_only=True)
class Options:
    """What can be chosen in the view, with the values that it begins with."""

    sure: float = number(0.0, minimum=0.0, maximum=1.0, label="Sure from", help="A probability.")


def look(options: Options, images: EvaluatedImages) -> ViewData:
    """Return numbers; PetStudio draws them. `keys` are the pictures behind a row."""
    predicted = images.probabilities.argmax(axis=1)
    is_sure = images.probabilities.max(axis=1) >= options.sure
    rows = []
    for place, name in enumerate(images.classes):
        taken = is_sure & (predicted == place)
        there = is_sure & (images.targets == place)
        values = (int(taken.sum()), int(there.sum()))
        rows.append(ViewRow(label=name, values=values, keys=tuple(images.keys[taken].tolist())))
    return ViewData(
        heading="Class",
        columns=(ViewColumn(label="Taken for it"), ViewColumn(label="There are")),
        rows=tuple(rows),
        form=ViewForm.TABLE,  # or ViewForm.BARS
        note="A class that many more are taken for is one that the model prefers.",
    )


@hookimpl
def petstudio_evaluation_views() -> list[EvaluationView[Options]]:
    return [
        EvaluationView(
            key="sample-key",  # never change it
            label="Sample label",
            summary="How many pictures were taken for each class.",
            options=Options,
            look=look,
        )
    ]
