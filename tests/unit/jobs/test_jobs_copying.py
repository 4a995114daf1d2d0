"""Copying into class folders: the plan, the copies, and taking them back."""

import os
from pathlib import Path

import pytest

from petstudio.api.control import RunControl
from petstudio.api.errors import InputError, MachineError, RunCancelledError
from petstudio.api.events import ImageSkipped, NoticeGiven, ProgressMade
from petstudio.jobs.copy_ledger import ledger_folder, read_ledger
from petstudio.jobs.copy_lists import latest
from petstudio.jobs.copy_plan import CopyWay, folder_name, plan_copies
from petstudio.jobs.copying import copy_into_classes, undo_copies


@pytest.fixture
def source(tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    return folder


@pytest.fixture
def target(tmp_path):
    folder = tmp_path / "out"
    folder.mkdir()
    return folder


@pytest.fixture
def elsewhere(tmp_path):
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    return folder


def picture(folder, name, content=b"a picture"):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def run(job, control=None):
    events = []
    job(events.append, control or RunControl())
    return events


def copied(source, target, *pairs):
    """Copy pictures given by name and class; return the plan."""
    plan = plan_copies(target, [(picture(source, name), label) for name, label in pairs])
    run(copy_into_classes(plan))
    return plan


def latest_ledger():
    return max(ledger_folder().glob("*.jsonl"), default=None)


def names_below(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def last_words(events):
    return next(event.message for event in reversed(events) if isinstance(event, NoticeGiven))


def test_that_a_plan_counts_each_class_and_changes_nothing(source, target):
    pairs = [("a.jpg", "pug"), ("b.jpg", "pug"), ("c.jpg", "boxer")]
    plan = plan_copies(target, [(picture(source, name), label) for name, label in pairs])
    assert plan.counts == {"pug": 2, "boxer": 1}
    assert not names_below(target)


def test_that_copies_lie_in_the_folders_of_their_classes_and_the_originals_stay(source, target):
    copied(source, target, ("a.jpg", "pug"), ("b.jpg", "boxer"))
    assert names_below(target) == ["boxer/b.jpg", "pug/a.jpg"]
    assert names_below(source) == ["a.jpg", "b.jpg"]


def test_that_equal_names_get_numbers(source, target):
    copied(source, target, ("1/a.jpg", "pug"), ("2/a.jpg", "pug"), ("3/A.JPG", "pug"))
    assert names_below(target) == ["pug/A-3.JPG", "pug/a-2.jpg", "pug/a.jpg"]


def test_that_a_file_that_is_there_is_never_overwritten(source, target):
    picture(target, "pug/a.jpg", b"mine")
    copied(source, target, ("a.jpg", "pug"))
    assert (target / "pug/a.jpg").read_bytes() == b"mine"
    assert (target / "pug/a-2.jpg").read_bytes() == b"a picture"


def test_that_a_name_taken_since_the_plan_gets_a_number(source, target):
    plan = plan_copies(target, [(picture(source, "a.jpg"), "pug")])
    picture(target, "pug/a.jpg", b"mine")
    run(copy_into_classes(plan))
    assert (target / "pug/a.jpg").read_bytes() == b"mine"
    assert (target / "pug/a-2.jpg").read_bytes() == b"a picture"


def test_that_a_picture_where_it_belongs_is_not_copied(target):
    there = picture(target, "pug/a.jpg")
    plan = plan_copies(target, [(there, "pug")])
    assert (plan.copies, plan.there) == ((), 1)


def test_that_pictures_without_a_class_are_no_plan(target):
    with pytest.raises(InputError):
        plan_copies(target, [])


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("Maine Coon", "Maine Coon"),
        ("../../etc", "_.._etc"),
        ("..", "_"),
        ("a/b", "a_b"),
        ("con", "_con"),
        ("line\nbreak", "line_break"),
        ("ends.", "ends"),
        ("ü" * 200, "ü" * 100),
    ],
)
def test_that_a_class_becomes_a_name_that_every_system_takes(label, name):
    assert folder_name(label) == name


def test_that_a_class_does_not_take_the_name_of_a_file(source, target):
    picture(target, "pug")
    copied(source, target, ("1.jpg", "pug"))
    assert names_below(target) == ["pug", "pug-2/1.jpg"]


def test_that_nothing_is_written_through_a_link_in_the_place_of_a_class(source, target, elsewhere):
    (target / "pug").symlink_to(elsewhere)
    (target / "boxer").symlink_to("pug-2")
    copied(source, target, ("a.jpg", "pug"), ("b.jpg", "boxer"))
    assert sorted(path.name for path in target.iterdir()) == ["boxer", "boxer-2", "pug", "pug-2"]
    assert names_below(target) == ["boxer-2/b.jpg", "pug-2/a.jpg"]
    assert not names_below(elsewhere)


def test_that_a_link_that_came_since_the_plan_ends_it(source, target, elsewhere):
    plan = plan_copies(target, [(picture(source, "a.jpg"), "pug")])
    (target / "pug").symlink_to(elsewhere)
    with pytest.raises(MachineError):
        run(copy_into_classes(plan))
    assert not names_below(elsewhere)


def test_that_a_target_behind_a_link_keeps_its_folders(source, target, elsewhere):
    link = target / "link"
    link.symlink_to(elsewhere)
    (elsewhere / "pug").mkdir()
    copied(source, link, ("a.jpg", "pug"))
    assert names_below(elsewhere) == ["pug/a.jpg"]


@pytest.mark.parametrize("letter", ["a", "ü"])
def test_that_a_long_name_has_room_for_a_number(source, target, letter):
    name = letter * (251 // len(os.fsencode(letter))) + ".jpg"
    picture(target, f"pug/{name}")
    copied(source, target, (name, "pug"))
    [new] = (file for file in names_below(target) if file != f"pug/{name}")
    assert new.endswith(f"{letter}-2.jpg")


def test_that_two_classes_never_share_a_folder(source, target):
    plan = plan_copies(
        target, [(picture(source, f"{n}.jpg"), label) for n, label in enumerate(["a/b", "A_B"])]
    )
    assert set(plan.counts) == {"a_b", "A_B-2"}


@pytest.mark.parametrize("name", ["<b>x.jpg", "=1+1.jpg", "\u202egpj.x.jpg", "a\nb.jpg"])
def test_that_odd_names_are_copied_and_taken_back(source, target, name):
    copied(source, target, (name, "pug"))
    assert names_below(target) == [f"pug/{name}"]
    run(undo_copies(latest_ledger()))
    assert not names_below(target)


def test_that_a_name_that_is_not_utf8_is_copied_and_taken_back(source, target):
    name = os.fsdecode(b"caf\xe9.jpg")
    copied(source, target, (name, "pug"))
    assert names_below(target) == [f"pug/{name}"]
    run(undo_copies(latest_ledger()))
    assert not names_below(target)


def test_that_what_cannot_be_read_is_told_and_the_rest_goes_on(source, target):
    gone, good = source / "gone.jpg", picture(source, "good.jpg")
    events = run(copy_into_classes(plan_copies(target, [(gone, "pug"), (good, "pug")])))
    assert [event.path for event in events if isinstance(event, ImageSkipped)] == [str(gone)]
    assert names_below(target) == ["pug/good.jpg"]
    assert last_words(events) == "1 picture copied into out. 1 could not be read."


def test_that_undoing_takes_the_copies_and_their_folders_away(source, target):
    copied(source, target, ("a.jpg", "pug"), ("b.jpg", "boxer"))
    events = run(undo_copies(latest_ledger()))
    assert not list(target.iterdir())
    assert last_words(events) == "2 copies taken back."
    assert latest_ledger() is None


def test_that_undoing_keeps_what_was_changed_since(source, target):
    copied(source, target, ("a.jpg", "pug"), ("b.jpg", "pug"))
    (target / "pug/a.jpg").write_bytes(b"A picture")
    events = run(undo_copies(latest_ledger()))
    assert names_below(target) == ["pug/a.jpg"]
    assert last_words(events) == "1 copy taken back. 1 was changed since, so it stays."


def test_that_undoing_keeps_what_was_there_before(source, target):
    picture(target, "pug/mine.jpg", b"a picture")
    copied(source, target, ("a.jpg", "pug"))
    run(undo_copies(latest_ledger()))
    assert names_below(target) == ["pug/mine.jpg"]


def test_that_undoing_does_not_follow_a_link_put_in_place_of_a_copy(source, target):
    copied(source, target, ("a.jpg", "pug"))
    copy = target / "pug/a.jpg"
    copy.unlink()
    copy.symlink_to(source / "a.jpg")
    run(undo_copies(latest_ledger()))
    assert copy.is_symlink()
    assert (source / "a.jpg").exists()


def test_that_a_stopped_copying_can_be_taken_back(source, target):
    control = RunControl()

    def stop_at_second(event):
        if isinstance(event, ProgressMade) and event.done == 1:
            control.cancel()

    files = [(picture(source, f"{n}.jpg"), "pug") for n in range(5)]
    with pytest.raises(RunCancelledError) as caught:
        copy_into_classes(plan_copies(target, files))(stop_at_second, control)
    assert caught.value.kept == "2 pictures copied so far; they can be taken back."
    assert names_below(target) == ["pug/0.jpg", "pug/1.jpg"]
    run(undo_copies(latest_ledger()))
    assert not names_below(target)


def test_that_a_copying_that_copied_nothing_does_not_hide_the_one_before(source, target):
    copied(source, target, ("a.jpg", "pug"))
    plan = plan_copies(target, [(source / "gone.jpg", "pug")])
    run(copy_into_classes(plan))
    assert [copy.path.name for copy in latest().record.copies] == ["a.jpg"]


def test_that_a_cut_off_last_line_of_the_list_is_left_out(source, target):
    copied(source, target, ("a.jpg", "pug"), ("b.jpg", "pug"))
    ledger = latest_ledger()
    ledger.write_bytes(ledger.read_bytes()[:-20])
    assert [copy.path.name for copy in read_ledger(ledger).copies] == ["a.jpg"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_that_a_target_that_cannot_be_written_ends_it(source, target):
    plan = plan_copies(target, [(picture(source, "a.jpg"), "pug")])
    target.chmod(0o500)
    with pytest.raises(MachineError):
        run(copy_into_classes(plan))
    target.chmod(0o700)


def test_that_no_half_file_is_left_after_a_failure(source, target, monkeypatch):
    def refuse(*_):
        raise MachineError("The disk is full.")

    monkeypatch.setattr("petstudio.jobs.file_copies.write_all", refuse)
    plan = plan_copies(target, [(picture(source, "a.jpg"), "pug")])
    with pytest.raises(MachineError):
        run(copy_into_classes(plan))
    assert not names_below(target)


def test_that_links_take_no_room_and_are_taken_back_alone(source, target):
    original = picture(source, "a.jpg")
    plan = plan_copies(target, [(original, "pug")], way=CopyWay.LINK)
    assert last_words(run(copy_into_classes(plan))) == "1 picture linked into out."
    link = target / "pug" / "a.jpg"
    assert link.samefile(original)
    run(undo_copies(latest_ledger()))
    assert not names_below(target)
    assert original.read_bytes() == b"a picture"


def test_that_a_picture_that_is_a_symbolic_link_is_linked_as_the_file_it_leads_to(source, target):
    original = picture(source, "a.jpg")
    shortcut = source / "shortcut.jpg"
    shortcut.symlink_to(original.name)
    run(copy_into_classes(plan_copies(target, [(shortcut, "pug")], way=CopyWay.LINK)))
    link = target / "pug" / "shortcut.jpg"
    assert not link.is_symlink()
    assert link.samefile(original)
    run(undo_copies(latest_ledger()))
    assert not link.exists()
    assert shortcut.exists()


def test_that_where_links_cannot_be_made_nothing_is_left(source, target, monkeypatch):
    def refuse(*_):
        raise OSError(18, "Invalid cross-device link")

    monkeypatch.setattr(os, "link", refuse)
    plan = plan_copies(target, [(picture(source, "a.jpg"), "pug")], way=CopyWay.LINK)
    with pytest.raises(MachineError, match="Make copies instead"):
        run(copy_into_classes(plan))
    assert not names_below(target)


def test_that_a_copy_that_cannot_be_removed_stays_in_the_list_and_the_others_go(
    source, target, monkeypatch
):
    copied(source, target, ("a.jpg", "pug"), ("b.jpg", "pug"), ("c.jpg", "boxer"))
    unlink = Path.unlink

    def refuse(path, missing_ok=False):
        if path.name == "b.jpg":
            raise PermissionError(13, "Permission denied")
        unlink(path, missing_ok=missing_ok)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "unlink", refuse)
        events = run(undo_copies(latest_ledger()))
    assert names_below(target) == ["pug/b.jpg"]
    assert last_words(events) == (
        "2 copies taken back. 1 was refused (permission denied); it can be tried again."
    )
    assert [copy.path.name for copy in latest().record.copies] == ["b.jpg"]
    run(undo_copies(latest_ledger()))
    assert not list(target.iterdir())
    assert latest_ledger() is None


@pytest.mark.parametrize("content", [b"\xff\xfe", b"[]", b'{"target": 1}', b"{"])
def test_that_a_damaged_newest_list_hides_none_before_it(source, target, content):
    copied(source, target, ("a.jpg", "pug"))
    (ledger_folder() / "99990101-000000-000000.jsonl").write_bytes(content)
    found = latest()
    assert [copy.path.name for copy in found.record.copies] == ["a.jpg"]
    assert found.problem == (
        "The list of copies 99990101-000000-000000.jsonl cannot be read. "
        "The copies stay as they are."
    )


def test_that_a_list_in_which_nothing_stands_is_not_called_damaged(source, target):
    copied(source, target, ("a.jpg", "pug"))
    (ledger_folder() / "99990101-000000-000000.jsonl").write_bytes(b"")
    found = latest()
    assert (len(found.record.copies), found.problem) == (1, "")


def test_that_several_damaged_lists_are_told_in_one_sentence(source, target):
    copied(source, target, ("a.jpg", "pug"))
    for name in ("99990101", "99990102"):
        (ledger_folder() / f"{name}.jsonl").write_bytes(b"{")
    assert latest().problem.startswith("2 lists of copies cannot be read.")


def test_that_what_a_kill_left_unfinished_goes_with_the_copies(source, target):
    copied(source, target, ("a.jpg", "pug"), ("b.jpg", "pug"))
    ledger = latest_ledger()
    (target / "pug/b.jpg").write_bytes(b"")
    (target / f"pug/.{ledger.stem}.part").write_bytes(b"a pic")
    run(undo_copies(ledger))
    assert not list(target.iterdir())
