"""Moving pictures into class folders: nothing is lost or overwritten, and all of it goes back."""

import errno
import json
import os
import shutil
from pathlib import Path

import pytest

from petstudio.api.control import RunControl
from petstudio.api.errors import InputError, MachineError, RunCancelledError
from petstudio.api.events import ImageSkipped, NoticeGiven, ProgressMade
from petstudio.config.recipe import Recipe
from petstudio.jobs import file_moves
from petstudio.jobs.copy_ledger import CopyLedger, ledger_folder
from petstudio.jobs.copy_lists import latest, moves_of
from petstudio.jobs.copy_records import Home
from petstudio.jobs.following_moves import follow_moves
from petstudio.jobs.move_homes import home_of
from petstudio.jobs.moving import move_into_classes, plan_moves
from petstudio.jobs.moving_back import undo_moves
from petstudio.project.project import Project
from petstudio.project.records import AddedFolder, LabelOrigin, NewImage, Source

NAMES = ("a.jpg", "b.jpg", "c.jpg")
LABELS = {"a.jpg": "pug", "b.jpg": "pug", "c.jpg": "boxer"}


@pytest.fixture
def root(tmp_path):
    folder = tmp_path / "pictures"
    folder.mkdir()
    for name in NAMES:
        (folder / name).write_bytes(f"the picture {name}".encode())
    return folder


@pytest.fixture
def project(tmp_path, root):
    images = [NewImage(path=name, label=LABELS[name]) for name in NAMES]
    source = Source(loader="regex")
    with Project.create(tmp_path / "p.petstudio", source=source, root=root, images=images) as made:
        return made.path


@pytest.fixture(params=["same file system", "another file system"])
def file_system(request, monkeypatch):
    """Let moves be done in both ways."""
    if request.param == "another file system":
        monkeypatch.setattr(os, "link", refuse_link)


def refuse_link(*_):
    raise OSError(errno.EXDEV, os.strerror(errno.EXDEV))


def run(job, control=None):
    events = []
    job(events.append, control or RunControl())
    return events


def plan_for(root, target=None):
    return plan_moves(root, target or root, [(root / name, LABELS[name]) for name in NAMES])


def moved(root, project):
    return run(move_into_classes(plan_for(root), project))


def newest():
    return max(ledger_folder().glob("*.jsonl"), default=None)


def files_below(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def sorted_files():
    return {f"{LABELS[name]}/{name}": f"the picture {name}".encode() for name in NAMES}


def records(project):
    with Project.open(project) as opened:
        return {image.path: image.label for image in opened.images()}


def last_words(events):
    return next(event.message for event in reversed(events) if isinstance(event, NoticeGiven))


def test_that_a_plan_moves_nothing(root):
    before = files_below(root)
    assert plan_for(root).counts == {"pug": 2, "boxer": 1}
    assert files_below(root) == before


@pytest.mark.usefixtures("file_system")
def test_that_pictures_lie_in_the_folders_of_their_classes_and_nowhere_else(root, project):
    events = moved(root, project)
    assert files_below(root) == sorted_files()
    assert last_words(events) == "3 pictures moved into pictures."


@pytest.mark.usefixtures("file_system")
def test_that_labels_follow_the_pictures(root, project):
    moved(root, project)
    assert records(project) == {"pug/a.jpg": "pug", "pug/b.jpg": "pug", "boxer/c.jpg": "boxer"}


@pytest.mark.usefixtures("file_system")
def test_that_pictures_and_labels_go_back(root, project):
    before = files_below(root)
    moved(root, project)
    events = run(undo_moves(newest(), project))
    assert files_below(root) == before
    assert not [path for path in root.iterdir() if path.is_dir()]
    assert records(project) == LABELS
    assert last_words(events) == "3 pictures moved back."
    assert newest() is None


@pytest.mark.usefixtures("file_system")
def test_that_times_and_rights_of_a_picture_stay(root, project):
    os.utime(root / "a.jpg", ns=(10**18, 10**18))
    (root / "a.jpg").chmod(0o640)
    moved(root, project)
    stat = (root / "pug/a.jpg").stat()
    assert (stat.st_mtime_ns, stat.st_mode & 0o777) == (10**18, 0o640)


def test_that_a_move_is_no_step_of_the_history_and_undo_of_a_label_stays_one(root, project):
    with Project.open(project) as opened:
        opened.set_labels({1: "boxer"}, LabelOrigin.PERSON)
    moved(root, project)
    with Project.open(project) as opened:
        opened.undo()
        assert opened.images()[0].label == "pug"
        assert opened.images()[0].path == "pug/a.jpg"


def test_that_a_run_that_was_broken_off_still_matches_its_data(root, project):
    with Project.open(project) as opened:
        opened.new_run(Recipe(), "half")
    moved(root, project)
    with Project.open(project) as opened:
        assert opened.runs()[0].split_fingerprint == opened.split_fingerprint()


@pytest.mark.usefixtures("file_system")
def test_that_a_name_taken_since_the_plan_gets_a_number(root, project):
    plan = plan_for(root)
    (root / "pug").mkdir()
    (root / "pug/a.jpg").write_bytes(b"mine")
    run(move_into_classes(plan, project))
    assert files_below(root) == {
        "pug/a.jpg": b"mine",
        "pug/a-2.jpg": b"the picture a.jpg",
        "pug/b.jpg": b"the picture b.jpg",
        "boxer/c.jpg": b"the picture c.jpg",
    }
    assert records(project)["pug/a-2.jpg"] == "pug"


def test_that_the_name_of_a_picture_that_is_gone_is_not_taken(root, tmp_path):
    images = [NewImage(path=path, label="pug") for path in ("a.jpg", "pug/a.jpg")]
    source = Source(loader="regex")
    with Project.create(tmp_path / "q.petstudio", source=source, root=root, images=images) as made:
        project = made.path
    run(move_into_classes(plan_moves(root, root, [(root / "a.jpg", "pug")]), project))
    assert set(records(project)) == {"pug/a-2.jpg", "pug/a.jpg"}


def test_that_pictures_do_not_leave_the_folder_of_the_project(root, tmp_path):
    with pytest.raises(InputError, match="not inside the folder of the pictures"):
        plan_for(root, tmp_path)


def test_that_a_link_that_leads_out_of_the_folder_is_no_target(root, tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    (root / "sorted").symlink_to(outside)
    with pytest.raises(InputError, match="not inside the folder of the pictures"):
        plan_for(root, root / "sorted")


def test_that_a_link_to_a_picture_stays(root, project):
    (root / "a.jpg").rename(root / "real.jpg")
    (root / "a.jpg").symlink_to("real.jpg")
    events = moved(root, project)
    assert [event.path for event in events if isinstance(event, ImageSkipped)] == [
        str(root / "a.jpg")
    ]
    assert (root / "a.jpg").is_symlink()
    assert last_words(events) == "2 pictures moved into pictures. 1 stays where it was."


def test_that_a_list_is_on_the_disk_before_a_picture_moves(root, project, monkeypatch):
    order = []
    note, remove = CopyLedger.note_move, file_moves._remove
    monkeypatch.setattr(
        CopyLedger, "flush", lambda self: order.append("flushed") or os.fsync(self._stream.fileno())
    )
    monkeypatch.setattr(
        CopyLedger,
        "note_move",
        lambda self, *args: (note(self, *args), order.append("noted")),
    )
    monkeypatch.setattr(file_moves, "_remove", lambda *args: (remove(*args), order.append("moved")))
    moved(root, project)
    assert order == ["flushed", *("flushed", "noted", "moved") * 3]


def test_that_a_picture_whose_removal_is_refused_stays_alone(root, project, monkeypatch):
    unlink = Path.unlink

    def refuse(path, missing_ok=False):
        if path == root / "b.jpg":
            raise PermissionError(errno.EACCES, "Permission denied")
        unlink(path, missing_ok=missing_ok)

    monkeypatch.setattr(Path, "unlink", refuse)
    events = moved(root, project)
    assert set(files_below(root)) == {"pug/a.jpg", "b.jpg", "boxer/c.jpg"}
    assert records(project) == {"pug/a.jpg": "pug", "b.jpg": "pug", "boxer/c.jpg": "boxer"}
    assert last_words(events) == "2 pictures moved into pictures. 1 stays where it was."


def test_that_a_picture_that_changes_while_it_moves_stays(root, project, monkeypatch):
    copy = file_moves.verified_copy

    def change(source, part):
        content = copy(source, part)
        if source.name == str(root / "a.jpg"):
            (root / "a.jpg").write_bytes(b"edited meanwhile")
        return content

    monkeypatch.setattr(os, "link", refuse_link)
    monkeypatch.setattr(file_moves, "verified_copy", change)
    moved(root, project)
    assert files_below(root)["a.jpg"] == b"edited meanwhile"
    assert "pug/a.jpg" not in files_below(root)


def test_that_a_copy_that_reads_otherwise_moves_nothing(root, project, monkeypatch):
    before = files_below(root)
    monkeypatch.setattr(os, "link", refuse_link)
    monkeypatch.setattr("petstudio.jobs.file_copies.sha256_of", lambda _path: "another")
    with pytest.raises(MachineError, match="is not what was written"):
        moved(root, project)
    assert files_below(root) == before
    assert records(project) == LABELS


def test_that_records_of_a_folder_within_the_first_one_follow_there_and_back(root, project):
    (root / "new").mkdir()
    (root / "new/d.jpg").write_bytes(b"the picture d.jpg")
    with Project.open(project) as opened:
        opened.folders.add(AddedFolder(name="hung", source=Source(loader="folder")), root / "new")
        opened.bring_in([NewImage(path="hung/d.jpg", label="pug")], "hung")
        at = opened.data_root
    run(move_into_classes(plan_moves(at, root, [(root / "new/d.jpg", "pug")]), project))
    assert "pug/d.jpg" in records(project)
    run(undo_moves(newest(), project))
    assert "hung/d.jpg" in records(project)


def test_that_pictures_of_the_first_folder_stay_its_own_within_a_larger_one(root, project):
    with Project.open(project) as opened:
        opened.folders.add(AddedFolder(name="all", source=Source(loader="folder")), root.parent)
        at = opened.data_root
    run(move_into_classes(plan_moves(at, root, [(root / "a.jpg", "pug")]), project))
    assert set(records(project)) == {"pug/a.jpg", "b.jpg", "c.jpg"}


def test_that_a_stopped_move_keeps_labels_with_the_pictures_and_goes_back(root, project):
    before, control = files_below(root), RunControl()

    def stop_at_second(event):
        if isinstance(event, ProgressMade) and event.done == 1:
            control.cancel()

    with pytest.raises(RunCancelledError) as caught:
        move_into_classes(plan_for(root), project)(stop_at_second, control)
    assert caught.value.kept == "2 pictures moved so far; they can be moved back."
    assert records(project) == {"pug/a.jpg": "pug", "pug/b.jpg": "pug", "c.jpg": "boxer"}
    run(undo_moves(newest(), project))
    assert files_below(root) == before


def test_that_a_picture_changed_since_stays_with_its_label(root, project):
    moved(root, project)
    (root / "pug/a.jpg").write_bytes(b"edited")
    events = run(undo_moves(newest(), project))
    assert set(files_below(root)) == {"pug/a.jpg", "b.jpg", "c.jpg"}
    assert records(project)["pug/a.jpg"] == "pug"
    assert last_words(events) == "2 pictures moved back. 1 was changed since, so it stays."


def test_that_a_picture_whose_old_name_is_taken_stays_in_the_list(root, project):
    moved(root, project)
    (root / "a.jpg").write_bytes(b"another")
    events = run(undo_moves(newest(), project))
    assert files_below(root)["a.jpg"] == b"another"
    assert files_below(root)["pug/a.jpg"] == b"the picture a.jpg"
    assert "1 stays, since another file has its old name" in last_words(events)
    (root / "a.jpg").unlink()
    run(undo_moves(newest(), project))
    assert files_below(root)["a.jpg"] == b"the picture a.jpg"
    assert records(project) == LABELS


def test_that_a_folder_that_is_gone_is_made_again(root, tmp_path):
    (root / "in").mkdir()
    (root / "a.jpg").rename(root / "in/a.jpg")
    source = Source(loader="regex")
    images = [NewImage(path="in/a.jpg", label="pug")]
    with Project.create(tmp_path / "q.petstudio", source=source, root=root, images=images) as made:
        project = made.path
    run(move_into_classes(plan_moves(root, root, [(root / "in/a.jpg", "pug")]), project))
    (root / "in").rmdir()
    run(undo_moves(newest(), project))
    assert (root / "in/a.jpg").read_bytes() == b"the picture a.jpg"


def test_that_a_project_that_is_gone_moves_nothing_back(root, project, tmp_path):
    moved(root, project)
    project.rename(tmp_path / "elsewhere.petstudio")
    with pytest.raises(InputError, match="no project"):
        run(undo_moves(newest(), project))
    assert files_below(root) == sorted_files()


@pytest.mark.parametrize("target", ["pictures", "disk"])
def test_that_nothing_goes_back_while_a_drive_is_unplugged(root, project, tmp_path, target):
    disk = tmp_path / "disk"
    disk.mkdir()
    (disk / "d.jpg").write_bytes(b"the picture d.jpg")
    with Project.open(project) as opened:
        opened.folders.add(AddedFolder(name="hung", source=Source(loader="folder")), disk)
        opened.bring_in([NewImage(path="hung/d.jpg", label="pug")], "hung")
        at = opened.data_root
    run(move_into_classes(plan_moves(at, tmp_path / target, [(disk / "d.jpg", "pug")]), project))
    disk.rename(tmp_path / "unplugged")
    with pytest.raises(InputError, match="disk is not there"):
        run(undo_moves(newest(), project))
    assert not disk.exists()
    (tmp_path / "unplugged").rename(disk)
    run(undo_moves(newest(), project))
    assert (disk / "d.jpg").read_bytes() == b"the picture d.jpg"


def test_that_records_that_a_kill_left_behind_follow(root, project):
    moved(root, project)
    with Project.open(project) as opened:
        opened.relocate(dict(zip((1, 2, 3), NAMES, strict=True)))
        assert follow_moves(opened, moves_of(home_of(opened))) == 3
    assert set(records(project)) == set(sorted_files())


def test_that_records_of_files_that_are_where_they_should_be_do_not_move(root, project):
    moved(root, project)
    with Project.open(project) as opened:
        assert follow_moves(opened, moves_of(home_of(opened))) == 0


def test_that_moves_can_be_left_out_when_looking_for_the_latest_list(root, project):
    moved(root, project)
    assert latest().record is None
    assert latest(Home(project=project)).record.home.project == project


def home(project):
    with Project.open(project) as opened:
        return home_of(opened)


def test_that_a_project_under_a_new_name_moves_its_pictures_back(root, project, tmp_path):
    moved(root, project)
    renamed = project.rename(tmp_path / "renamed.petstudio")
    record = latest(home(renamed)).record
    run(undo_moves(record.file, record.home.project))
    assert records(renamed) == LABELS


def test_that_moves_of_another_project_do_not_hide_older_ones(root, project, tmp_path):
    moved(root, project)
    mine = newest()
    source, images = Source(loader="regex"), [NewImage(path="pug/a.jpg", label="dog")]
    with Project.create(tmp_path / "q.petstudio", source=source, root=root, images=images) as made:
        other = made.path
    run(move_into_classes(plan_moves(root, root, [(root / "pug/a.jpg", "dog")]), other))
    shutil.rmtree(other)
    assert latest(home(project)).record.file == mine


def test_that_a_copy_of_a_project_is_not_offered_what_the_original_moved(root, project, tmp_path):
    moved(root, project)
    copy = shutil.copytree(project, tmp_path / "copy.petstudio")
    assert latest(home(copy)).record is None


def test_that_a_new_project_in_the_place_of_an_old_one_is_another(root, project):
    moved(root, project)
    shutil.rmtree(project)
    source, images = Source(loader="regex"), [NewImage(path="pug/a.jpg", label="pug")]
    with Project.create(project, source=source, root=root, images=images):
        pass
    assert latest(home(project)).record is None


def test_that_pictures_go_back_where_their_folder_lies_now(root, project, tmp_path):
    moved(root, project)
    elsewhere = root.rename(tmp_path / "elsewhere")
    with Project.open(project) as opened:
        opened.folders.locate(elsewhere)
    run(undo_moves(latest(home(project)).record.file, project))
    assert {path.name for path in elsewhere.iterdir()} == set(NAMES)
    assert records(project) == LABELS
    assert newest() is None


def test_that_a_list_whose_target_is_not_there_waits(root, project):
    moved(root, project)
    older = newest()
    (root / "sorted").mkdir()
    run(move_into_classes(plan_moves(root, root / "sorted", [(root / "pug/a.jpg", "a")]), project))
    assert latest(home(project)).record.file == newest() != older
    (root / "sorted").rename(root / "away")
    assert latest(home(project)).record.file == older


def test_that_a_list_that_knows_only_the_folder_of_its_project_is_undone(root, project):
    moved(root, project)
    head, *rest = newest().read_text().splitlines()
    old_head = {key: json.loads(head)[key] for key in ("target", "project")}
    newest().write_text("\n".join([json.dumps(old_head), *rest]))
    run(undo_moves(latest(home(project)).record.file, project))
    assert records(project) == LABELS
