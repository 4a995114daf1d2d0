"""The tray of fixes in the window, and what the keys do to it."""

from __future__ import annotations

import pytest

from petstudio.api.contributions import Split
from petstudio.api.errors import IntegrityError
from petstudio.bridge.fix_tray import FixTray
from petstudio.bridge.fixing import Fixing
from petstudio.project.layout import PENDING_FIXES
from petstudio.project.pending_fixes import Fix, FixKind, Tray, load_tray, save_tray
from petstudio.project.records import ImageRecord, LabelOrigin

CLASSES = ("Beagle", "Birman", "Boxer")
EXCLUDE = Fix(image=1, path="1.jpg", label="Beagle", kind=FixKind.EXCLUDE)
RIGHT = Fix(image=2, path="2.jpg", label="Beagle", kind=FixKind.LABEL_IS_RIGHT)


def record(number: int, **changes) -> ImageRecord:
    values = {
        "id": number, "path": f"{number}.jpg", "label": "Beagle", "origin": LabelOrigin.LOADER,
        "split": Split.VALID, "group": None, "excluded": False, "unreadable": None,
        "size": 1, "mtime_ns": 1, **changes,
    }  # fmt: skip
    return ImageRecord(**values)


RECORDS = {number: record(number) for number in range(1, 6)}


@pytest.fixture
def project(tmp_path):
    folder = tmp_path / "p.petstudio"
    folder.mkdir()
    return folder


@pytest.fixture
def tray(qapp):
    made = FixTray()
    yield made
    made.shutdown()


@pytest.fixture
def fixing(tray):
    made = Fixing(tray)
    made.show(RECORDS, CLASSES)
    return made


def open_tray(qtbot, tray, project):
    tray.look(project)
    qtbot.waitUntil(lambda: not tray.is_reading)


def test_that_a_fix_is_soon_on_the_disk(qtbot, tray, project):
    open_tray(qtbot, tray, project)
    tray.put([EXCLUDE])
    qtbot.waitUntil((project / PENDING_FIXES).exists)
    assert load_tray(project) == Tray(fixes=(EXCLUDE,))


def test_that_many_quick_fixes_are_all_kept(qtbot, tray, project):
    open_tray(qtbot, tray, project)
    for number in range(1, 6):
        tray.put([Fix(image=number, path=f"{number}.jpg", label="a", kind=FixKind.EXCLUDE)])
    tray.shutdown()
    assert [fix.image for fix in load_tray(project).fixes] == [1, 2, 3, 4, 5]


def test_that_a_fix_before_the_file_is_read_comes_behind_those_in_it(qtbot, tray, project):
    save_tray(project, Tray(fixes=(RIGHT,)))
    tray.look(project)
    tray.put([EXCLUDE])
    qtbot.waitUntil(lambda: len(tray.fixes) == 2)
    assert tray.fixes == (RIGHT, EXCLUDE)
    tray.shutdown()
    assert load_tray(project).fixes == (RIGHT, EXCLUDE)


def test_that_a_fix_before_the_file_is_read_takes_no_other_with_it_at_the_end(tray, project):
    save_tray(project, Tray(fixes=(RIGHT,)))
    tray.look(project)
    tray.put([EXCLUDE])
    tray.shutdown()
    assert RIGHT in load_tray(project).fixes


def test_that_another_project_has_a_tray_of_its_own(qtbot, tray, project, tmp_path):
    open_tray(qtbot, tray, project)
    tray.put([EXCLUDE])
    other = tmp_path / "q.petstudio"
    other.mkdir()
    open_tray(qtbot, tray, other)
    assert not tray.fixes
    assert load_tray(project).fixes == (EXCLUDE,)


def test_that_a_damaged_tray_is_a_sentence_and_an_empty_tray(qtbot, tray, project):
    (project / PENDING_FIXES).write_text("{")
    with qtbot.waitSignal(tray.failed) as failed:
        tray.look(project)
    assert isinstance(failed.args[0], IntegrityError)
    assert not tray.fixes


def test_that_a_fix_before_a_damaged_file_is_read_is_soon_on_the_disk(qtbot, tray, project):
    (project / PENDING_FIXES).write_text("{")
    with qtbot.waitSignal(tray.failed):
        tray.look(project)
        tray.put([EXCLUDE])
    qtbot.waitUntil((project / PENDING_FIXES).exists)
    assert load_tray(project).fixes == (EXCLUDE,)


def test_that_fixes_that_are_done_go_without_a_word(tray):
    tray.put([EXCLUDE])
    told = []
    tray.dropped.connect(told.append)
    tray.compare({1: record(1, excluded=True)})
    assert (tray.fixes, told) == ((), [])


def test_that_stale_fixes_go_with_a_word(qtbot, tray):
    tray.put([EXCLUDE])
    with qtbot.waitSignal(tray.dropped) as dropped:
        tray.compare({1: record(1, label="Boxer")})
    assert (tray.fixes, dropped.args) == ((), [1])


def test_that_settling_keeps_what_was_found_right(tray):
    tray.put([EXCLUDE, RIGHT])
    tray.settle()
    assert (tray.fixes, tray.checked) == ((EXCLUDE,), {2})


def test_that_a_picture_has_one_fix(tray, fixing):
    fixing.exclude([1])
    fixing.relabel([1], "Boxer")
    assert [(fix.kind, fix.to) for fix in tray.fixes] == [(FixKind.RELABEL, "Boxer")]


def test_that_its_own_label_takes_a_fix_back(tray, fixing):
    fixing.relabel([1, 2], "Boxer")
    fixing.relabel([1], "Beagle")
    assert [fix.image for fix in tray.fixes] == [2]


def test_that_excluding_twice_takes_it_back_only_if_all_were_excluded(tray, fixing):
    fixing.exclude([1])
    fixing.exclude([1, 2])
    assert tray.excluded == (1, 2)
    fixing.exclude([1, 2])
    assert tray.excluded == ()


def test_that_a_label_found_right_before_can_be_doubted_again(tray, fixing):
    fixing.confirm([3])
    tray.settle()
    fixing.confirm([3])
    assert tray.checked == frozenset()


def test_that_repeating_does_the_last_thing_to_others(tray, fixing):
    fixing.relabel_by_key([1], "2")
    fixing.repeat([4, 5])
    assert tray.labels == {1: "Birman", 4: "Birman", 5: "Birman"}


def test_that_keys_without_a_class_and_unknown_pictures_do_nothing(tray, fixing):
    fixing.relabel_by_key([1], "9")
    fixing.exclude([99])
    assert not tray.fixes
