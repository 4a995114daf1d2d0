"""The tray of pending fixes on disk, and applying it as one step."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from petstudio.api.errors import InputError, IntegrityError
from petstudio.project.layout import PENDING_FIXES
from petstudio.project.pending_fixes import (
    Fix,
    FixKind,
    Tray,
    load_tray,
    save_tray,
    sorted_out,
)
from petstudio.project.project import Project
from petstudio.project.records import LabelOrigin

RELABEL = Fix(image=1, path="a/1.jpg", label="Birman", kind=FixKind.RELABEL, to="Beagle")
EXCLUDE = Fix(image=3, path="a/3.jpg", label="Beagle", kind=FixKind.EXCLUDE)
RIGHT = Fix(image=4, path="a/4.jpg", label="Beagle", kind=FixKind.LABEL_IS_RIGHT)
TRAY = Tray(fixes=(RELABEL, EXCLUDE, RIGHT))


def records_of(project: Project):
    return {record.id: record for record in project.images()}


def test_that_a_project_begins_with_an_empty_tray(closed_project: Path) -> None:
    assert load_tray(closed_project) == Tray()


def test_that_a_tray_comes_back_as_it_was_kept(closed_project: Path) -> None:
    odd = Fix(image=2, path="a/\udcff.jpg", label="Кот", kind=FixKind.EXCLUDE)
    tray = Tray(fixes=(RELABEL, odd), checked=(RIGHT,))
    save_tray(closed_project, tray)
    assert load_tray(closed_project) == tray


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[]",
        '{"fixes": [{"image": 1}]}',
        '{"fixes": 3}',
        json.dumps({"fixes": [{"image": 1, "path": "../x", "label": "a", "kind": "exclude"}]}),
        json.dumps({"fixes": [{"image": 1, "path": "x", "label": "a", "kind": "relabel"}]}),
        json.dumps({"fixes": [{"image": 1, "path": "x", "label": "a", "kind": "burn"}]}),
    ],
)
def test_that_a_damaged_tray_is_put_aside(closed_project: Path, text: str) -> None:
    (closed_project / PENDING_FIXES).write_text(text)
    with pytest.raises(IntegrityError, match="cannot be read"):
        load_tray(closed_project)
    assert (closed_project / f"{PENDING_FIXES}.damaged").read_text() == text
    assert load_tray(closed_project) == Tray()


def test_that_a_tray_that_leads_elsewhere_is_not_followed(closed_project: Path, tmp_path: Path):
    (tmp_path / "other.json").write_text("{}")
    (closed_project / PENDING_FIXES).symlink_to(tmp_path / "other.json")
    with pytest.raises(IntegrityError):
        load_tray(closed_project)


def test_that_fixes_that_fit_the_data_stay(project: Project) -> None:
    found = sorted_out(TRAY, records_of(project))
    assert (found.tray, found.stale) == (TRAY, 0)


def test_that_fixes_of_pictures_changed_meanwhile_are_dropped(project: Project) -> None:
    project.set_labels({1: "Pug", 4: "Pug"}, LabelOrigin.PERSON)
    found = sorted_out(TRAY, records_of(project))
    assert (found.tray.fixes, found.stale) == ((EXCLUDE,), 2)


def test_that_fixes_follow_pictures_that_were_moved(project: Project) -> None:
    project.relocate({1: "Birman/1.jpg", 4: "Beagle/4.jpg"})
    found = sorted_out(TRAY, records_of(project))
    paths = [fix.path for fix in found.tray.fixes]
    assert (paths, found.stale) == (["Birman/1.jpg", "a/3.jpg", "Beagle/4.jpg"], 0)


def test_that_fixes_follow_pictures_whose_name_got_a_number(project: Project) -> None:
    project.relocate({1: "Birman/1-2.jpg", 3: "a/3-x.jpg", 4: "Beagle/14.jpg"})
    found = sorted_out(TRAY, records_of(project))
    assert ([fix.path for fix in found.tray.fixes], found.stale) == (["Birman/1-2.jpg"], 2)
    project.relocate({1: "a/1.jpg"})
    assert sorted_out(found.tray, records_of(project)).tray.fixes == (RELABEL,)


def test_that_fixes_that_are_done_leave_without_a_word(project: Project) -> None:
    project.apply_fixes({1: "Beagle"}, [3])
    found = sorted_out(TRAY, records_of(project))
    assert (found.tray.fixes, found.stale) == ((RIGHT,), 0)


def test_that_a_label_found_right_holds_as_long_as_the_label(project: Project) -> None:
    tray = Tray(checked=(RIGHT,))
    assert sorted_out(tray, records_of(project)).tray == tray
    project.set_labels({4: "Pug"}, LabelOrigin.PERSON)
    assert sorted_out(tray, records_of(project)).tray == Tray()


def test_that_fixes_are_one_step_of_the_history(project: Project) -> None:
    before = project.images()
    edit = project.apply_fixes({1: "Beagle"}, [3])
    assert edit.what == "Fix 2 images"
    after = records_of(project)
    assert (after[1].label, after[1].origin) == ("Beagle", LabelOrigin.PERSON)
    assert (after[3].label, after[3].excluded) == ("Beagle", True)
    project.undo()
    assert project.images() == before


def test_that_applied_fixes_are_there_after_reopening(project: Project) -> None:
    project.apply_fixes({1: "Beagle"}, [3])
    after = project.images()
    project.close()
    with Project.open(project.path) as again:
        assert again.images() == after
        assert again.undo() is not None
        assert again.images()[2].excluded is False


def test_that_no_fix_at_all_is_refused(project: Project) -> None:
    with pytest.raises(InputError, match="No image"):
        project.apply_fixes({}, [])
