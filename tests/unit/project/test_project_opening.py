"""Who may open a project, and which ones are refused."""

from __future__ import annotations

import errno
import os
import pickle
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from petstudio.api.errors import ConflictError, InputError, IntegrityError, MachineError
from petstudio.project.lock import FolderLockedError, Holder
from petstudio.project.project import Project
from petstudio.project.records import Access, LabelOrigin

_HOLD = """
import sys
from pathlib import Path
from petstudio.project.project import Project
project = Project.open(Path(sys.argv[1]))
print("open", flush=True)
sys.stdin.read()
"""


def _start_holder(project: Path) -> subprocess.Popen[bytes]:
    holder = subprocess.Popen(
        [sys.executable, "-c", _HOLD, str(project)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == b"open\n"
    return holder


def test_that_a_second_process_is_kept_out_until_the_first_is_killed(closed_project) -> None:
    with _start_holder(closed_project) as holder:
        with pytest.raises(ConflictError, match=rf"process {holder.pid}, since 20"):
            Project.open(closed_project)
        holder.kill()

    with Project.open(closed_project) as project:
        project.set_labels({1: "Pug"}, LabelOrigin.PERSON)


def test_that_a_second_writer_in_the_same_process_is_refused(project) -> None:
    with pytest.raises(FolderLockedError, match="read-only") as caught:
        Project.open(project.path)

    assert caught.value.holder is not None
    assert caught.value.holder.pid == os.getpid()


def test_that_the_error_of_a_locked_folder_travels_between_processes() -> None:
    holder = Holder(host="here", pid=7, since="today")
    error = FolderLockedError(Path("p.petstudio"), holder, cure="Wait.")

    again = pickle.loads(pickle.dumps(error))

    assert (str(again), again.holder) == (str(error), holder)


def test_that_a_closed_project_names_nobody(closed_project) -> None:
    assert (closed_project / "lock").read_bytes() == b""


def test_that_a_reader_sees_the_newest_snapshot_while_somebody_writes(project) -> None:
    project.set_labels({1: "Pug"}, LabelOrigin.PERSON)
    taken = project.take_snapshot()
    project.set_labels({1: "Boxer"}, LabelOrigin.PERSON)

    with Project.open(project.path, Access.READ) as reader:
        assert reader.images()[0].label == "Pug"
        assert reader.shown_snapshot == taken


def test_that_a_reader_without_a_snapshot_is_told_who_writes(project) -> None:
    with pytest.raises(ConflictError, match="no snapshot to look at yet"):
        Project.open(project.path, Access.READ)


def test_that_readers_do_not_disturb_a_writer_or_each_other(closed_project) -> None:
    with (
        Project.open(closed_project, Access.READ) as first,
        Project.open(closed_project, Access.READ) as second,
        Project.open(closed_project) as writer,
    ):
        writer.set_labels({1: "Pug"}, LabelOrigin.PERSON)
        assert first.images() == second.images() != writer.images()


def test_that_a_reader_sees_what_a_killed_writer_saved(closed_project) -> None:
    with _start_holder(closed_project) as holder:
        holder.kill()
    assert (closed_project / "project.db-wal").exists()

    with Project.open(closed_project, Access.READ) as reader:
        assert len(reader.images()) == 6


def test_that_a_writer_after_a_reader_of_a_killed_project_loses_nothing(
    closed_project, tmp_path
) -> None:
    script = _HOLD.replace(
        'print("open"',
        "from petstudio.project.records import LabelOrigin as L\n"
        'project.set_labels({1: "Pug"}, L.PERSON)\nprint("open"',
    )
    child = subprocess.Popen(
        [sys.executable, "-c", script, str(closed_project)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    with child:
        assert child.stdout is not None
        child.stdout.readline()
        child.kill()

    with (
        Project.open(closed_project, Access.READ) as reader,
        Project.open(closed_project) as writer,
    ):
        assert reader.images() == writer.images()
        assert writer.images()[0].label == "Pug"
    text = (closed_project / "labels.csv").read_text(encoding="utf-8")
    assert "a/1.jpg,Pug,person" in text


def test_that_a_project_that_cannot_be_written_can_be_read(
    closed_project, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> int:
        raise OSError(errno.EROFS, "Read-only file system")

    with monkeypatch.context() as patch:
        patch.setattr(os, "open", refuse)
        project = Project.open(closed_project, Access.READ)
        with pytest.raises(MachineError, match="read-only file system"):
            Project.open(closed_project)

    with project:
        assert len(project.images()) == 6


def test_that_a_reader_writes_nothing(project) -> None:
    project.set_labels({1: "Pug"}, LabelOrigin.PERSON)
    project.close()
    before = {path: path.stat().st_mtime_ns for path in project.path.rglob("*") if path.is_file()}

    with Project.open(project.path, Access.READ) as reader, pytest.raises(ConflictError):
        reader.undo()

    del before[project.path / "lock"]
    assert before == {path: path.stat().st_mtime_ns for path in before}


@pytest.mark.parametrize("access", Access)
def test_that_a_folder_without_a_project_is_refused(tmp_path, access: Access) -> None:
    with pytest.raises(InputError, match="There is no project"):
        Project.open(tmp_path, access)


def test_that_a_name_too_long_is_refused(tmp_path) -> None:
    with pytest.raises(InputError, match="cannot be opened"):
        Project.open(tmp_path / ("x" * 300))


@pytest.mark.parametrize("access", Access)
def test_that_a_newer_project_is_refused(closed_project, change_database, access: Access) -> None:
    change_database(closed_project, "PRAGMA user_version=2")

    with pytest.raises(IntegrityError, match=r"made by a newer PetStudio.*Update PetStudio"):
        Project.open(closed_project, access)


@pytest.mark.parametrize("access", Access)
@pytest.mark.parametrize("content", [b"", b"garbage" * 999, b"SQLite format 3\0" + b"\xff" * 9999])
def test_that_a_database_of_garbage_is_refused_and_not_changed(
    closed_project, content: bytes, access: Access
) -> None:
    database = closed_project / "project.db"
    database.write_bytes(content)

    with pytest.raises(IntegrityError):
        Project.open(closed_project, access)

    assert database.read_bytes() == content


def test_that_a_truncated_database_is_refused(closed_project) -> None:
    database = closed_project / "project.db"
    os.truncate(database, database.stat().st_size // 2)

    with pytest.raises(IntegrityError, match=r"labels.csv beside it holds the labels"):
        Project.open(closed_project)


def test_that_a_database_of_another_program_is_refused(closed_project) -> None:
    (closed_project / "project.db").unlink()
    with closing(sqlite3.connect(closed_project / "project.db")) as other:
        other.execute("CREATE TABLE music (title TEXT)")

    with pytest.raises(IntegrityError, match="not the database of a project"):
        Project.open(closed_project)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE images SET label = CAST('Pug' AS BLOB) WHERE id = 1",
        "UPDATE images SET label = CAST(label AS TEXT) WHERE id = 1",
        "UPDATE images SET split = 'test' WHERE id = 2",
        "UPDATE images SET crc = crc + 1 WHERE id = 3",
        "DELETE FROM images WHERE id = 6",
        "UPDATE meta SET value = 'x' WHERE key = 'loader'",
        "DELETE FROM meta WHERE key = 'loader'",
        "UPDATE edits SET what = 'Label nothing'",
        "DELETE FROM edits",
    ],
)
def test_that_a_changed_row_is_noticed(project, change_database, statement: str) -> None:
    project.set_labels({1: "Boxer"}, LabelOrigin.PERSON)
    project.close()
    change_database(project.path, statement)

    with pytest.raises(IntegrityError, match="damaged"):
        Project.open(project.path)


@pytest.mark.parametrize(
    "statement",
    ["UPDATE changes SET label = CAST('Pug' AS BLOB)", "DELETE FROM changes"],
)
def test_that_a_damaged_inverse_is_not_applied(project, change_database, statement: str) -> None:
    project.set_labels({1: "Boxer"}, LabelOrigin.PERSON)
    project.close()
    change_database(project.path, statement)

    with Project.open(project.path) as again:
        with pytest.raises(IntegrityError, match="damaged"):
            again.undo()
        assert again.images()[0].label == "Boxer"


def test_that_opening_empties_the_folder_for_temporary_files(closed_project) -> None:
    (closed_project / "tmp" / "left.part").write_text("x")
    (closed_project / "tmp" / "folder").mkdir()
    (closed_project / "tmp" / "folder" / "left").write_text("x")

    Project.open(closed_project).close()

    assert list((closed_project / "tmp").iterdir()) == []


def test_that_the_cache_may_be_deleted(closed_project) -> None:
    (closed_project / "cache").rmdir()

    with Project.open(closed_project) as project:
        assert (project.path / "cache").is_dir()
