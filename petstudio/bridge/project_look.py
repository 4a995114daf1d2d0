"""Reading what the window shows of a project."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from petstudio.api.errors import InputError
from petstudio.bridge.label_look import labels_of
from petstudio.bridge.project_view import AddedView, ProjectView
from petstudio.bridge.stored_proof import proof_of
from petstudio.images.listing import LeftOut
from petstudio.images.roots import Root, absent_folders, folders_of
from petstudio.jobs.copy_lists import moves_of
from petstudio.jobs.following_moves import follow_moves, is_behind_moves
from petstudio.jobs.move_homes import home_of
from petstudio.jobs.patience import open_patiently
from petstudio.jobs.proving import GROUP_PATTERN, DataSource
from petstudio.project.image_columns import ImageColumns
from petstudio.project.placing import split_choice_of
from petstudio.project.project import Project
from petstudio.project.records import Access, Edit


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
            return view_of(project)
    with open_patiently(path, known) as project:
        follow_moves(project, moves_of(home_of(project)))
        return view_of(project)


def view_of(project: Project) -> ProjectView:
    """Return what there is to know about an opened project."""
    root, root_problem = _root_of(project)
    known = project.known_images
    images = known.records.present
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
        proof=proof_of(root, images),
        unreadable=tuple(
            LeftOut(path=image.path, why=image.unreadable or "")
            for image in images.only(~images.are_readable).values()
        ),
        root_problem=root_problem,
        undo=done[-1].what if done else "",
        redo=undone[0].what if undone else "",
        added=_added_to(root, images),
        labels=labels_of(project, None if root_problem else root, images, history),
        known=known,
    )


def _root_of(project: Project) -> tuple[Root, str]:
    try:
        return project.data_root, ""
    except InputError as error:
        # Never the current folder, whose name and pictures would be taken for the project's.
        return project.folders.known or project.path.with_suffix(""), str(error)


def _added_to(root: Root, images: ImageColumns) -> tuple[AddedView, ...]:
    folders, absent = folders_of(root), absent_folders(root)
    if len(folders) == 1:
        return ()
    shown = images.only(~images.excluded)
    counts = Counter(path.partition("/")[0] for path in shown.paths)
    return tuple(
        AddedView(name=name, path=path, pictures=counts[name], is_there=name not in absent)
        for name, path in folders.items()
        if name and counts[name]
    )


def _split_history(edits: tuple[Edit, ...]) -> tuple[list[Edit], list[Edit]]:
    done = [edit for edit in edits if not edit.undone]
    undone = [edit for edit in edits if edit.undone]
    return done, undone
