"""Pictures that have come into a project's folder come into the project."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from petstudio.api.contributions import ImageLabel
from petstudio.api.control import RunControl
from petstudio.api.errors import InputError
from petstudio.api.events import Emit, NoticeGiven, NoticeLevel, ProgressMade
from petstudio.images.listing import list_images
from petstudio.jobs.job import Job
from petstudio.jobs.kept_facts import facts_file, load_facts, save_facts
from petstudio.jobs.patience import open_patiently
from petstudio.jobs.proving import GROUP_PATTERN, DataSource, grouped_by_folder, read_source
from petstudio.jobs.scanning import PictureScan, scan_pictures
from petstudio.jobs.wording import SPLIT_WORDS, counted
from petstudio.plugin_host.child import LabelReader
from petstudio.plugin_host.host import PluginHost
from petstudio.project.placing import split_choice_of
from petstudio.project.project import Project
from petstudio.project.records import Access, ImageRecord, LabelOrigin, NewImage

_TASK: Final = "Checking new pictures"


def new_pictures(root: Path, records: Iterable[ImageRecord]) -> tuple[str, ...]:
    """Return the pictures below a folder that are not among these; none if it is gone."""
    try:
        files = list_images(root).files
    except InputError:
        return ()
    known = {record.path for record in records}
    return tuple(file for file in files if file not in known)


def add_new_pictures(host: PluginHost, path: Path) -> Job:
    """Return the job that labels, checks and adds what is new in a project's folder.

    Nobody who is there changes sides. Labels, and the sides that come with them, are one step of
    the history; when it is taken back, the pictures stay, without a label.
    """

    def job(emit: Emit, control: RunControl) -> None:
        with Project.open(path, Access.READ) as project:
            source, by_folder = _source_of(project)
            files = new_pictures(source.root, project.images())
        if not files:
            emit(_info("There are no new pictures in the folder."))
            return
        with LabelReader() as reader:
            found = read_source(host, reader, source, files, control)
        labels = grouped_by_folder(found) if by_folder else found

        def tell(done: int) -> None:
            emit(ProgressMade(task=_TASK, done=done, total=len(files)))

        known = load_facts(facts_file(path))  # the Data page may have looked at them already
        scan = scan_pictures(source.root, files, control, tell, known=known)
        by_path = {image.path: image for image in labels}
        with open_patiently(path) as project:
            emit(_info(_add(project, files, by_path, scan)))
        save_facts(facts_file(path), known)

    return job


def _source_of(project: Project) -> tuple[DataSource, bool]:
    source = DataSource(
        root=project.data_root,
        loader=project.source.loader,
        options=dict(project.source.options),
        group=str(project.split_choice.get(GROUP_PATTERN, "")),
    )
    return source, split_choice_of(project.split_choice).by_folder


def _add(
    project: Project, files: tuple[str, ...], found: Mapping[str, ImageLabel], scan: PictureScan
) -> str:
    """Add them and say in a sentence where they went; some may have been added meanwhile."""
    known = {record.path for record in project.images()}
    left = [file for file in files if file not in known]
    added = project.add_images([_new_image(file, found[file], scan) for file in left])
    labels = {
        record.id: label
        for record in added
        if record.unreadable is None and (label := found[record.path].label) is not None
    }
    if labels:
        project.set_labels(labels, LabelOrigin.LOADER)
    new = {record.id for record in added}
    sides = Counter(image.split for image in project.images() if image.id in new and image.split)
    where = ", ".join(f"{count:,} {SPLIT_WORDS[side]}" for side, count in sides.items())
    return f"{counted(len(added), 'picture')} added: {where or 'none with a label'}."


def _new_image(file: str, found: ImageLabel, scan: PictureScan) -> NewImage:
    seen, fault = scan.seen.get(file), scan.unreadable.get(file)
    return NewImage(
        path=file,
        label=None,
        group=found.group,
        unreadable=fault.reason.value if fault else None,
        size=seen.size if seen else 0,
        mtime_ns=seen.mtime_ns if seen else 0,
    )


def _info(message: str) -> NoticeGiven:
    return NoticeGiven(level=NoticeLevel.INFO, message=message)
