"""Reading what the window shows of a project."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from petstudio.api.contributions import ImageLabel
from petstudio.api.errors import InputError
from petstudio.bridge.label_look import labels_of
from petstudio.bridge.project_view import AddedView, ProjectView
from petstudio.images.listing import LeftOut, Listing
from petstudio.images.roots import Root, absent_folders, folders_of
from petstudio.jobs.copy_lists import moves_of
from petstudio.jobs.following_moves import follow_moves, is_behind_moves
from petstudio.jobs.move_homes import home_of
from petstudio.jobs.patience import open_patiently
from petstudio.jobs.proving import GROUP_PATTERN, DataSource, LabelProof
from petstudio.project.placing import split_choice_of
from petstudio.project.project import Project
from petstudio.project.records import Access, Edit, ImageRecord, KnownImages


def look_at(path: Path, before: ProjectView | None = None) -> ProjectView:
    """Read a project and let it go again; what is as it was `before` is taken from there.

    Raises:
        InputError: there is no project here.
        ConflictError: another process is using it.
        IntegrityError: it is damaged, foreign or newer.
        MachineError: the disk or the folder's rights.
    """
    known = before.known if before is not None else None
    with Project.open(path, Access.READ, known) as project:
        if not is_behind_moves(project):
            return view_of(project, before)
    with open_patiently(path, known) as project:
        follow_moves(project, moves_of(home_of(project)))
        return view_of(project, before)


def view_of(project: Project, before: ProjectView | None = None) -> ProjectView:
    """Return what there is to know about an opened project."""
    root, root_problem = _root_of(project)
    images, known = project.images(), project.known_images
    history = project.history()
    done, undone = _split_history(history)
    return ProjectView(
        path=project.path,
        id=project.id,
        source=DataSource(
            root=folders_of(root)[""],
            loader=project.source.loader,
            options=dict(project.source.options),
            group=str(project.split_choice.get(GROUP_PATTERN, "")),
        ),
        split=split_choice_of(project.split_choice),
        proof=_proof_of(root, images, before),
        unreadable=tuple(
            LeftOut(path=image.path, why=image.unreadable) for image in images if image.unreadable
        ),
        root_problem=root_problem,
        undo=done[-1].what if done else "",
        redo=undone[0].what if undone else "",
        added=_added_to(root, images),
        labels=labels_of(project, None if root_problem else root, _by_id(images, known), history),
        known=known,
    )


def _by_id(images: tuple[ImageRecord, ...], known: KnownImages | None) -> Mapping[int, ImageRecord]:
    """Return the images by their ids; there may be a million, so without a second table of them."""
    if known is not None and len(known.records) == len(images):
        return known.records
    return {image.id: image for image in images}


def _root_of(project: Project) -> tuple[Root, str]:
    try:
        return project.data_root, ""
    except InputError as error:
        return Path(), str(error)


def _added_to(root: Root, images: tuple[ImageRecord, ...]) -> tuple[AddedView, ...]:
    folders, absent = folders_of(root), absent_folders(root)
    if len(folders) == 1:
        return ()
    counts = Counter(image.path.partition("/")[0] for image in images if not image.excluded)
    return tuple(
        AddedView(name=name, path=path, pictures=counts[name], is_there=name not in absent)
        for name, path in folders.items()
        if name and counts[name]
    )


def _split_history(edits: tuple[Edit, ...]) -> tuple[list[Edit], list[Edit]]:
    done = [edit for edit in edits if not edit.undone]
    undone = [edit for edit in edits if edit.undone]
    return done, undone


def _proof_of(
    root: Root, images: tuple[ImageRecord, ...], before: ProjectView | None
) -> LabelProof:
    made = {label.path: label for label in before.proof.labels} if before is not None else {}
    readable = [image for image in images if image.unreadable is None and not image.excluded]
    return LabelProof(
        listing=Listing(root=root, files=tuple(image.path for image in readable), left_out=()),
        labels=tuple(_label_of(image, made.get(image.path)) for image in readable),
        missing=(),
        splits=tuple(image.split if image.label is not None else None for image in readable),
    ).counted()


def _label_of(image: ImageRecord, made: ImageLabel | None) -> ImageLabel:
    """Return the one that was made before if it says the same; making one takes far longer."""
    if made is not None and (made.label, made.group) == (image.label, image.group):
        return made
    return ImageLabel(path=image.path, label=image.label, group=image.group)
