"""Random edits of a project, the same ones each time; run as a program, it makes them until killed.

    python random_edits.py PROJECT edit|undo|redo COUNT

prints a line after each that is on the disk.
"""

from __future__ import annotations

import random
import sys
from pathlib import Path

from petstudio.api.contributions import Split
from petstudio.project.project import Project
from petstudio.project.records import LabelOrigin, NewImage

CLASSES = ("beagle", "birman", "boxer", "pug", "ragdoll")
_PERSONAL = (LabelOrigin.PERSON, LabelOrigin.SUGGESTION)
_ORIGINS = (LabelOrigin.LOADER, *_PERSONAL)


def state(project: Project) -> tuple[object, ...]:
    """Return all that an edit can change."""
    return tuple((r.label, r.origin, r.split, r.excluded) for r in project.images())


def edit(project: Project, number: int) -> None:
    """Make edit `number`, which depends on nothing but that number and the labels before it."""
    chance = random.Random(number)
    ids = [image.id for image in project.images()]
    some = chance.sample(ids, chance.choice((1, 1, 2, 7, len(ids))))
    match chance.randrange(9):
        case 0 | 1 | 2:
            project.set_labels(dict.fromkeys(some, chance.choice(CLASSES)), _origin(chance))
        case 3:
            project.set_labels({key: chance.choice(CLASSES) for key in some}, _origin(chance))
        case 4:
            project.set_labels(dict.fromkeys(some), chance.choice(_ORIGINS))
        case 5:
            project.set_excluded(some, chance.random() < 0.5)
        case 6:
            project.set_splits({key: chance.choice(list(Split)) for key in some})
        case 7:
            label = chance.choice((*CLASSES, None))
            project.bring_in([NewImage(path=f"new/{number}.jpg", label=label)])
        case _:
            _rename(project, chance, number)


def _origin(chance: random.Random) -> LabelOrigin:
    return chance.choice(_PERSONAL)


def _rename(project: Project, chance: random.Random, number: int) -> None:
    there = sorted({image.label for image in project.images() if image.label is not None})
    if len(there) < 2:
        project.set_labels({1: "beagle", 2: "pug"}, LabelOrigin.PERSON)
        return
    old, other = chance.sample(there, 2)
    project.rename_class(old, other if chance.random() < 0.5 else f"class {number}")


def _main(path: Path, what: str, count: int) -> None:
    project = Project.open(path)
    for _ in range(count):
        if what == "edit":
            edit(project, len(project.history()))
        elif (project.undo if what == "undo" else project.redo)() is None:
            break
        sys.stdout.write("done\n")
        sys.stdout.flush()
    # Killed or not, it ends without closing, as a kill would end it.


if __name__ == "__main__":
    _main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
