"""Projects for the tests of the Label page."""

from __future__ import annotations

from petstudio.api.contributions import Split
from petstudio.project.project import Project
from petstudio.project.records import NewImage, Source
from petstudio.project.suggestions import save_suggestions, suggestions_of

CLASSES = ("beagle", "maine_coon", "pug")
RUN = 14


def make_project(folder, root, *, unlabelled=(), seed=42):
    """Make a project of the pictures in `root`; those at these places have no label."""
    files = sorted(path.name for path in root.iterdir())
    images = [
        NewImage(
            path=name,
            label=None if number in unlabelled else name.rpartition("_")[0],
            split=None if number in unlabelled else Split.TRAIN,
            size=(root / name).stat().st_size,
        )
        for number, name in enumerate(files)
    ]
    choice = {"valid_share": 0.2, "test_share": 0.0, "seed": seed, "stratify": True}
    path = folder / "pets.petstudio"
    Project.create(
        path, source=Source(loader="regex"), root=root, images=images, split=choice
    ).close()
    return path


def suggest(path, answers):
    """Store suggestions: the class and its probability by image id."""
    found = []
    for key, (name, share) in answers.items():
        others = [(other, (1 - share) / 2) for other in CLASSES if other != name]
        found.append((key, sorted([(name, share), *others], key=lambda item: -item[1])))
    save_suggestions(path, suggestions_of(RUN, CLASSES, found))


def labels(path):
    """Return the labels that are on the disk, by image id."""
    with Project.open(path) as opened:
        return {image.id: image.label for image in opened.images()}


def history(path):
    """Return the sentences of the edits that hold."""
    with Project.open(path) as opened:
        return [edit.what for edit in opened.history() if not edit.undone]
