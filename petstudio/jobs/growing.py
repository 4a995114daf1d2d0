"""Pictures come into a project that is there: new ones of its folders, or all of another folder."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from petstudio.api.contributions import ImageLabel
from petstudio.api.control import RunControl
from petstudio.api.errors import InputError
from petstudio.api.events import Emit, NoticeGiven, NoticeLevel, ProgressMade
from petstudio.api.language import counted, tr
from petstudio.images.listing import list_images
from petstudio.images.roots import MountedRoot, Root, folders_of, mounted_path
from petstudio.images.unknown_files import folders_in_use, unknown_files
from petstudio.jobs.job import Job
from petstudio.jobs.kept_facts import facts_file, load_facts, save_facts
from petstudio.jobs.patience import open_patiently
from petstudio.jobs.proving import GROUP_PATTERN, DataSource, grouped_by_folder, read_source
from petstudio.jobs.scanning import PictureScan, scan_pictures
from petstudio.jobs.wording import side_words
from petstudio.plugin_host.child import LabelReader
from petstudio.plugin_host.host import PluginHost
from petstudio.project.placing import split_choice_of
from petstudio.project.project import Project
from petstudio.project.records import Access, AddedFolder, ImageRecord, NewImage, Source

_TASK: Final = tr("Checking new pictures")


@dataclass(frozen=True, kw_only=True)
class _Growth:
    """Where to look for what is not known, and how labels are found there.

    Attributes:
        sources: by the name of the folder.
        known: the paths of the project's pictures.
        by_folder: pictures of a folder stay together.
        added: the folder that comes into the project with them; None for its own.
    """

    root: Root
    sources: Mapping[str, DataSource]
    known: frozenset[str]
    by_folder: bool
    added: AddedFolder | None = None


def new_pictures(root: Root, records: Iterable[ImageRecord]) -> tuple[str, ...]:
    """Return the pictures in a project's folders that are not among these."""
    known = {record.path for record in records}
    found = unknown_files(root, known, folders_in_use(root, known))
    return tuple(mounted_path(name, file) for name, files in found.items() for file in files)


def add_new_pictures(host: PluginHost, path: Path) -> Job:
    """Return the job that labels, checks and adds what is new in a project's folders.

    Nobody who is there changes sides. All of it is one step of the history.
    """

    def job(emit: Emit, control: RunControl) -> None:
        with Project.open(path, Access.READ) as project:
            growth = _of_own_folders(project)
        if not _grow(host, path, growth, emit, control):
            emit(_info(tr("There are no new pictures in the folder.")))

    return job


def add_folder(host: PluginHost, path: Path, source: DataSource) -> Job:
    """Return the job that adds the pictures of another folder, with labels of its own source.

    Nobody who is there changes sides or labels, and a file that is there is not added once more.
    All of it is one step of the history.
    """

    def job(emit: Emit, control: RunControl) -> None:
        count = len(list_images(source.root).files)
        with Project.open(path, Access.READ) as project:
            growth = _of_another(project, source)
        if not _grow(host, path, growth, emit, control):
            words = counted(
                count,
                "The picture of this folder is in the project already.",
                "All {count:,} pictures of this folder are in the project already.",
            )
            raise InputError(words, cure=tr("Choose another folder."))

    return job


def _of_own_folders(project: Project) -> _Growth:
    root, choice = project.data_root, split_choice_of(project.split_choice)
    known = frozenset(image.path for image in project.images())
    folders, group = folders_of(root), str(project.split_choice.get(GROUP_PATTERN, ""))
    first = AddedFolder(name="", source=project.source, group=group)
    described = {"": first, **project.folders.added}
    return _Growth(
        root=root,
        sources={
            name: _source(described[name], folders[name]) for name in folders_in_use(root, known)
        },
        known=known,
        by_folder=choice.by_folder,
    )


def _of_another(project: Project, source: DataSource) -> _Growth:
    own = _of_own_folders(project)
    folders = dict(folders_of(own.root))
    first = folders.pop("")
    every = (image.path for image in project.images())
    name = project.folders.name_for(source.root, every)
    added = AddedFolder(
        name=name,
        source=Source(loader=source.loader, options=source.options),
        group=source.group,
    )
    root = MountedRoot(folder=first, mounted={**folders, name: source.root.absolute()})
    return replace(own, root=root, sources={name: source}, added=added)


def _source(folder: AddedFolder, root: Path) -> DataSource:
    source = folder.source
    return DataSource(
        root=root, loader=source.loader, options=dict(source.options), group=folder.group
    )


def _grow(host: PluginHost, path: Path, growth: _Growth, emit: Emit, control: RunControl) -> bool:
    """Add what is not known, and say in a sentence where it went; False if there is nothing."""
    found = unknown_files(growth.root, growth.known, growth.sources)
    labels = _labels(host, growth, found, control)
    if not labels:
        return False
    if growth.added is not None:
        _require_label(labels)
    known = load_facts(facts_file(path))  # the Data page may have looked at them already

    def tell(done: int) -> None:
        emit(ProgressMade(task=_TASK, done=done, total=len(labels)))

    files = [image.path for image in labels]
    scan = scan_pictures(growth.root, files, control, tell, known=known)
    with open_patiently(path) as project:
        emit(_info(_add(project, growth, [_new_image(image, scan) for image in labels])))
    save_facts(facts_file(path), known)
    return True


def _labels(
    host: PluginHost, growth: _Growth, found: Mapping[str, tuple[str, ...]], control: RunControl
) -> tuple[ImageLabel, ...]:
    """Return what the sources say of these files, under the names that the project has for them."""
    labels: list[ImageLabel] = []
    with LabelReader() as reader:
        for name, files in found.items():
            if files:
                told = read_source(host, reader, growth.sources[name], files, control)
                wanted = frozenset(files)  # a table names others, too
                labels += (
                    replace(image, path=mounted_path(name, image.path))
                    for image in told
                    if image.path in wanted
                )
    return grouped_by_folder(labels) if growth.by_folder else tuple(labels)


def _require_label(labels: Sequence[ImageLabel]) -> None:
    if all(image.label is None for image in labels):
        first = labels[0].path.partition("/")[2]
        raise InputError(
            tr("No new file got a label. First file: {first}.", first=first),
            cure=tr("Change how labels are found."),
        )


def _add(project: Project, growth: _Growth, images: Sequence[NewImage]) -> str:
    """Add them and say in a sentence where they went; some may have been added meanwhile."""
    known = {record.path for record in project.images()}
    name = ""
    if growth.added is not None:
        name = growth.added.name
        project.folders.add(growth.added, folders_of(growth.root)[name])
    left = [image for image in images if image.path not in known]
    added = project.bring_in(left, name) if left else ()
    where = side_words(Counter(image.split for image in added if image.split))
    return counted(
        len(added),
        "{count:,} picture added: {where}.",
        "{count:,} pictures added: {where}.",
        where=where or tr("none with a label"),
    )


def _new_image(found: ImageLabel, scan: PictureScan) -> NewImage:
    seen, fault = scan.seen.get(found.path), scan.unreadable.get(found.path)
    return NewImage(
        path=found.path,
        label=None if fault else found.label,
        split=None if fault or found.label is None else found.split,
        group=found.group,
        unreadable=fault.reason.value if fault else None,
        size=seen.size if seen else 0,
        mtime_ns=seen.mtime_ns if seen else 0,
    )


def _info(message: str) -> NoticeGiven:
    return NoticeGiven(level=NoticeLevel.INFO, message=message)
