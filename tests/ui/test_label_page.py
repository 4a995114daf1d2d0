"""The Label page: keys, selections, suggestions, one by one, history; what is shown is stored."""

from __future__ import annotations

import pytest
from label_project import CLASSES, history, labels, make_project, suggest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFileDialog,
    QLabel,
    QLineEdit,
    QListWidget,
    QPushButton,
)

from petstudio.api.errors import InputError
from petstudio.bridge.label_rows import LabelChoice, LabelOrder, LabelState
from petstudio.bridge.picture_list import TileMark
from petstudio.bridge.session import Session
from petstudio.jobs.copy_ledger import ledger_folder, new_ledger
from petstudio.jobs.copy_records import Copied, Home, sha256_of
from petstudio.project.pending_fixes import Fix, FixKind, Tray, save_tray
from petstudio.project.project import Project
from petstudio.ui.page import Badge, PageKey
from petstudio.ui.pages.label_page import LabelPage
from petstudio.ui.widgets.class_key_list import ClassKeyList
from petstudio.ui.widgets.copy_question import CopyQuestion
from petstudio.ui.widgets.empty_state import EmptyState
from petstudio.ui.widgets.label_filters import LabelFilters
from petstudio.ui.widgets.merge_question import MergeQuestion
from petstudio.ui.widgets.name_question import NameQuestion
from petstudio.ui.widgets.picture_grid import PictureGrid
from petstudio.ui.widgets.quick_look import QuickLook
from petstudio.ui.widgets.single_picture import SinglePicture

# Sorted by name, the pictures are 8 beagles (ids 1 to 8), 8 Maine coons (9 to 16), 8 pugs.
OPEN = (1, 2, 3, 4, 9, 10, 11, 12, 17, 18, 19, 20)
UNLABELLED = [key - 1 for key in OPEN]
Key = Qt.Key
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def project(tmp_path, pictures):
    return make_project(tmp_path, pictures, unlabelled=UNLABELLED)


@pytest.fixture
def page(qtbot, theme, host, runner, session):
    made = LabelPage(theme, host, runner, session)
    qtbot.addWidget(made)
    made.resize(1356, 820)
    with qtbot.waitExposed(made):
        made.show()
    yield made
    assert runner.shutdown()
    made.shutdown()


@pytest.fixture
def grid(page):
    return page.findChild(PictureGrid, "label.grid")


@pytest.fixture
def opened(qtbot, page, grid, session, project):
    """The page with all pictures in sight, by name."""
    open_project(qtbot, session, project)
    qtbot.waitUntil(lambda: len(grid.pictures) == 12, timeout=10_000)
    show(qtbot, page, grid, LabelChoice(), count=24)
    grid.setFocus()
    return page


def open_project(qtbot, session, project):
    with qtbot.waitSignal(session.changed, timeout=20_000):
        session.open(project)


def show(qtbot, page, grid, choice, count):
    filters = page.findChild(LabelFilters)
    filters.choose(choice)
    filters.changed.emit()
    qtbot.waitUntil(lambda: len(grid.pictures) == count, timeout=10_000)


def settle(qtbot, session):
    qtbot.waitUntil(lambda: session.edits_done == session.edits_asked, timeout=20_000)


def press(grid, *keys):
    for key in keys:
        QTest.keyClick(grid, key)


def titles(grid, count):
    return [grid.pictures[row].title for row in range(count)]


def button(page, name):
    return page.findChild(QPushButton, name)


def test_that_without_a_project_the_page_leads_to_the_data_page(qtbot, page):
    assert page.sentence.startswith("Choose pictures")
    assert page.badge is Badge.NONE
    with qtbot.waitSignal(page.page_wanted) as wanted:
        button(page, "label.empty.go").click()
    assert wanted.args == [PageKey.DATA]


def test_that_the_page_begins_with_what_is_left(qtbot, page, grid, session, project):
    open_project(qtbot, session, project)
    qtbot.waitUntil(lambda: len(grid.pictures) == 12, timeout=10_000)
    assert page.sentence == "12 without a label"
    assert (page.badge, page.badge_count) == (Badge.OPEN, 12)
    assert all(grid.pictures[row].mark is TileMark.NO_LABEL for row in range(12))


def test_that_a_digit_labels_the_selected_pictures_at_once_and_on_disk(
    qtbot, opened, grid, session, project
):
    grid.select_keys((1, 2, 3))
    press(grid, Key.Key_3)
    assert titles(grid, 4) == ["pug", "pug", "pug", "no label"]
    assert opened.badge_count == 9
    settle(qtbot, session)
    assert titles(grid, 4) == ["pug", "pug", "pug", "no label"]
    assert [labels(project)[key] for key in (1, 2, 3, 4)] == ["pug", "pug", "pug", None]
    assert history(project) == ["Label 3 images as pug"]


def test_that_a_rubber_band_selects_what_a_key_labels(qtbot, opened, grid, session, project):
    places = [grid.visualRect(grid.model().index(row, 0)) for row in (0, 1)]
    start, end = places[0].topRight() + QPoint(6, 40), places[1].center()
    QTest.mousePress(grid.viewport(), LEFT, Qt.KeyboardModifier.NoModifier, start)
    QTest.mouseMove(grid.viewport(), start + QPoint(20, 20))
    QTest.mouseMove(grid.viewport(), end)
    QTest.mouseRelease(grid.viewport(), LEFT, Qt.KeyboardModifier.NoModifier, end)
    press(grid, Key.Key_1)
    settle(qtbot, session)
    assert labels(project)[2] == "beagle"
    assert labels(project)[1] is None


def test_that_letters_act_only_while_the_pictures_have_the_focus(opened, grid):
    field = opened.findChild(QLineEdit, "label.find")
    field.setFocus()
    QTest.keyClicks(field, "x3")
    assert field.text() == "x3"
    assert titles(grid, 1) == ["no label"]


def test_that_repeat_exclude_and_none_of_these_have_keys(qtbot, opened, grid, session, project):
    grid.go_to_row(0)
    press(grid, Key.Key_2, Key.Key_D, Key.Key_R, Key.Key_D, Key.Key_X, Key.Key_D, Key.Key_N)
    assert titles(grid, 4) == ["maine coon", "maine coon", "no label", "none of these"]
    assert grid.pictures[2].mark is TileMark.EXCLUDED
    assert opened.badge_count == 8
    settle(qtbot, session)
    assert opened.badge_count == 8
    assert history(project) == [
        "Label 1 image as maine_coon",
        "Label 1 image as maine_coon",
        "Exclude 1 image",
        "Mark 1 image as none of the classes",
    ]


def test_that_the_key_for_the_next_open_picture_passes_labelled_ones(qtbot, opened, grid):
    grid.go_to_row(20)
    press(grid, Key.Key_U)
    assert grid.current.key == 1
    press(grid, Key.Key_1, Key.Key_U)
    assert grid.current.key == 2


def test_that_a_right_label_becomes_that_of_a_person(qtbot, opened, grid, session, project):
    grid.go_to_row(20)
    press(grid, Key.Key_K)
    settle(qtbot, session)
    with Project.open(project) as stored:
        assert stored.images()[20].origin.value == "person"
        assert stored.images()[20].label == "pug"


def test_that_a_hundred_quick_labels_all_arrive_in_order(qtbot, opened, grid, session, project):
    for number in range(100):
        grid.go_to_key(OPEN[number % 12])
        press(grid, (Key.Key_1, Key.Key_2, Key.Key_3)[(number // 12 + number) % 3])
    settle(qtbot, session)
    assert len(history(project)) == 100
    shown = titles(grid, 24)
    assert shown == [label.replace("_", " ") for label in labels(project).values()]
    wanted = [CLASSES[(n // 12 + n) % 3] for n in range(88, 100)]
    assert [labels(project)[OPEN[n % 12]] for n in range(88, 100)] == wanted


def test_that_an_edit_that_fails_is_taken_back_on_the_page(qtbot, opened, grid, session):
    def refuse(_project):
        raise InputError("No.", cure="Do something else.")

    grid.go_to_row(0)
    record = opened._board.record(1)
    session.apply(refuse)
    opened._board.ask(session.edits_asked, (record,))
    with qtbot.waitSignal(session.failed, timeout=20_000):
        pass
    assert opened.banner.headline == "No."
    assert titles(grid, 1) == ["no label"]


def test_that_undo_takes_a_label_back_on_the_page(qtbot, opened, grid, session, project):
    press(grid, Key.Key_1)
    session.undo()
    settle(qtbot, session)
    assert titles(grid, 1) == ["no label"]
    assert labels(project)[1] is None


def test_that_a_first_label_brings_a_split(qtbot, opened, grid, session, project):
    grid.select_keys(OPEN)
    press(grid, Key.Key_1)
    settle(qtbot, session)
    with Project.open(project) as stored:
        assert all(image.split is not None for image in stored.images())
        stored.undo()
        assert all(stored.images()[key - 1].split is None for key in OPEN)


def test_that_a_choice_in_the_history_goes_back_and_forward(qtbot, opened, grid, session, project):
    for row in range(3):
        grid.go_to_row(row)
        press(grid, Key.Key_1)
        settle(qtbot, session)
    edits = opened.findChild(QListWidget, "label.history")
    assert edits.count() == 4
    edits.itemClicked.emit(edits.item(2))
    settle(qtbot, session)
    assert [labels(project)[key] for key in (1, 2, 3)] == ["beagle", None, None]
    edits.itemClicked.emit(edits.item(0))
    settle(qtbot, session)
    assert [labels(project)[key] for key in (1, 2, 3)] == ["beagle", "beagle", "beagle"]
    edits.itemClicked.emit(edits.item(3))
    settle(qtbot, session)
    assert [labels(project)[key] for key in (1, 2, 3)] == [None, None, None]


def test_that_a_new_session_finds_labels_and_history(qtbot, opened, grid, session, project):
    press(grid, Key.Key_1)
    settle(qtbot, session)
    again = Session()
    with qtbot.waitSignal(again.changed, timeout=20_000):
        again.open(project)
    assert again.view.labels.records[1].label == "beagle"
    assert again.view.undo == "Label 1 image as beagle"
    assert again.shutdown()


def test_that_edits_that_wait_are_made_before_the_end(qtbot, opened, grid, session, project):
    for key in (Key.Key_1, Key.Key_2, Key.Key_3):
        press(grid, key)
    assert session.shutdown()
    assert labels(project)[1] == "pug"
    assert len(history(project)) == 3


@pytest.fixture
def suggested(qtbot, page, grid, session, project):
    """The page with suggestions for the first six pictures, the doubtful ones first."""
    shares = (0.9, 0.8, 0.45, 0.7, 0.6, 0.95)
    suggest(project, {key: ("beagle", share) for key, share in zip(OPEN, shares, strict=False)})
    open_project(qtbot, session, project)
    qtbot.waitUntil(lambda: len(grid.pictures) == 12, timeout=10_000)
    grid.setFocus()
    return page


def test_that_doubtful_suggestions_come_first_with_their_confidence(suggested, grid):
    notes = [grid.pictures[row].note for row in range(7)]
    assert notes == [".45", ".60", ".70", ".80", ".90", ".95", ""]
    assert grid.pictures[0].mark is TileMark.SUGGESTED
    assert suggested.sentence == "12 without a label, 5 suggestions on this page"


def test_that_the_page_is_accepted_in_one_step_above_the_confidence(
    qtbot, suggested, grid, session, project
):
    accept = button(suggested, "label.accept")
    assert accept.text() == "Accept page, 5"
    accept.click()
    assert grid.pictures[0].mark is TileMark.SUGGESTED
    assert grid.pictures[1].mark is TileMark.CONFIRMED
    settle(qtbot, session)
    assert history(project) == ["Label 5 images as beagle"]
    with Project.open(project) as stored:
        assert stored.images()[0].origin.value == "suggestion"
        assert stored.images()[2].label is None
        stored.undo()
        assert stored.images()[0].label is None


def test_that_enter_accepts_and_a_digit_overrides(qtbot, suggested, grid, session, project):
    grid.go_to_row(0)
    press(grid, Key.Key_Return)
    grid.go_to_row(1)
    press(grid, Key.Key_3)
    settle(qtbot, session)
    assert (labels(project)[3], labels(project)[9]) == ("beagle", "pug")
    view = session.view.labels
    assert (view.hits, view.decisions) == (1, 2)


def test_that_what_is_labelled_stays_in_sight_until_another_choice(qtbot, suggested, grid, session):
    grid.go_to_row(0)
    press(grid, Key.Key_1)
    settle(qtbot, session)
    assert len(grid.pictures) == 12
    show(qtbot, suggested, grid, LabelChoice(state=LabelState.OPEN), count=11)


def test_that_filters_narrow_down_by_class_and_state(qtbot, opened, grid):
    show(qtbot, opened, grid, LabelChoice(label="pug"), count=4)
    show(qtbot, opened, grid, LabelChoice(label="pug", state=LabelState.OPEN), count=0)
    assert opened.findChild(EmptyState, "label.empty").isVisible()
    button(opened, "label.empty.go").click()
    qtbot.waitUntil(lambda: len(grid.pictures) == 24, timeout=10_000)


def test_that_one_by_one_a_label_goes_on_to_the_next_picture(qtbot, opened, grid, session, project):
    grid.go_to_row(0)
    press(grid, Key.Key_G)
    single = opened.findChild(SinglePicture)
    assert single.isVisible()
    for key in (Key.Key_1, Key.Key_3, Key.Key_X):
        QTest.keyClick(single.canvas, key)
    QTest.keyClick(single.canvas, Key.Key_Left)
    assert grid.current.key == 3
    button(single, "label.give.maine_coon").click()
    QTest.keyClick(single.canvas, Key.Key_G)
    assert grid.isVisible()
    settle(qtbot, session)
    assert [labels(project)[key] for key in (1, 2, 3)] == ["beagle", "pug", "maine_coon"]


def test_that_a_new_class_begins_with_the_pictures_that_get_it(
    qtbot, opened, grid, session, project
):
    grid.go_to_row(0)
    field = opened.findChild(QLineEdit, "label.find")
    QTest.keyClicks(field, "Birman")
    button(opened, "label.add").click()
    settle(qtbot, session)
    assert labels(project)[1] == "Birman"
    assert opened.findChild(ClassKeyList).model().rowCount() == 4


def test_that_the_field_finds_a_class_by_a_part_of_its_name(qtbot, opened, grid, session, project):
    grid.go_to_row(0)
    field = opened.findChild(QLineEdit, "label.find")
    QTest.keyClicks(field, "ne co")
    QTest.keyClick(field, Key.Key_Return)
    settle(qtbot, session)
    assert labels(project)[1] == "maine_coon"


def test_that_enter_in_the_empty_field_gives_not_even_the_only_class(
    qtbot, opened, grid, session, project
):
    for name in ("maine_coon", "pug"):
        session.apply(lambda opened, name=name: opened.rename_class(name, "beagle"))
    settle(qtbot, session)
    qtbot.waitUntil(lambda: opened.findChild(ClassKeyList).model().rowCount() == 1)
    grid.go_to_row(0)
    QTest.keyClick(opened.findChild(QLineEdit, "label.find"), Key.Key_Return)
    settle(qtbot, session)
    assert labels(project)[1] is None


def test_that_a_class_is_renamed_and_merged_with_a_preview(qtbot, opened, grid, session, project):
    grid.go_to_row(23)
    button(opened, "label.rename").click()
    question = opened.findChild(NameQuestion)
    question.findChild(QLineEdit).setText("mops")
    button(question, "question.give").click()
    settle(qtbot, session)
    assert labels(project)[24] == "mops"
    opened.findChild(ClassKeyList).choose("mops")
    button(opened, "label.merge").click()
    merge = opened.findChild(MergeQuestion)
    into = merge.findChild(QComboBox, "label.merge.into")
    into.setCurrentIndex(into.findData("maine_coon"))
    into.activated.emit(into.currentIndex())
    assert merge.findChild(QLabel, "label.merge.preview").text() == (
        "4 pictures of mops and 4 of maine coon become 8; 2 classes are left."
    )
    button(merge, "label.merge.do").click()
    settle(qtbot, session)
    assert labels(project)[24] == "maine_coon"
    assert history(project) == ["Rename class pug to mops", "Merge class mops into maine_coon"]


def test_that_a_tag_is_set_filtered_by_and_taken_away(qtbot, opened, grid, session):
    def tag(word):
        press(grid, Key.Key_T)
        question = opened.findChildren(NameQuestion)[-1]
        question.findChild(QLineEdit).setText(word)
        button(question, "question.give").click()
        settle(qtbot, session)

    grid.select_keys((2, 3))
    tag("blurry")
    assert session.view.labels.tags == {"blurry": {2, 3}}
    show(qtbot, opened, grid, LabelChoice(tag="blurry"), count=2)
    grid.setFocus()
    grid.select_keys((2, 3))
    tag("blurry")
    assert session.view.labels.tags == {}


def test_that_a_tag_given_twice_in_quick_succession_is_gone_again(qtbot, opened, grid, session):
    for _ in range(2):
        opened._labelling.tag((2, 3), "blurry")
    settle(qtbot, session)
    assert session.view.labels.tags == {}


def test_that_suggestions_need_a_finished_run(opened):
    primary = button(opened, "label.accept")
    assert not primary.isEnabled()
    assert "finished run" in primary.toolTip()


def test_that_random_order_is_the_same_each_time(qtbot, opened, grid):
    show(qtbot, opened, grid, LabelChoice(state=LabelState.LABELLED), count=12)
    show(qtbot, opened, grid, LabelChoice(order=LabelOrder.RANDOM), count=24)
    first = [grid.pictures.key_at(row) for row in range(24)]
    show(qtbot, opened, grid, LabelChoice(state=LabelState.LABELLED), count=12)
    show(qtbot, opened, grid, LabelChoice(order=LabelOrder.RANDOM), count=24)
    assert [grid.pictures.key_at(row) for row in range(24)] == first != sorted(first)


def test_that_labels_are_sorted_into_folders_and_taken_back(
    qtbot, opened, grid, runner, tmp_path, project
):
    target = tmp_path / "sorted"
    target.mkdir()
    files = opened._files
    copying = files._copying
    chosen = files.copies()
    assert len(chosen) == 12
    copying._choose, copying._count = lambda: chosen, 24
    copying.plan(target)
    qtbot.waitUntil(lambda: opened.findChild(CopyQuestion) is not None, timeout=10_000)
    assert not list(target.iterdir())
    button(opened.findChild(CopyQuestion), "copy_question.copy").click()
    qtbot.waitUntil(lambda: "12 pictures copied" in opened.banner.headline, timeout=10_000)
    assert sorted(folder.name for folder in target.iterdir()) == list(CLASSES)
    qtbot.waitUntil(files._undo.isEnabled, timeout=10_000)
    files._undo.trigger()
    button(opened, "take_back.delete").click()
    qtbot.waitUntil(lambda: "12 copies taken back" in opened.banner.headline, timeout=10_000)
    assert not list(target.iterdir())


def ask_to_move(qtbot, page, target):
    """Ask as the menu does, and answer where to."""
    files = page._files
    files._copying.ask_to_move(files.copies, 24, files._home())
    page.findChild(QFileDialog).close()
    files._copying.plan(target)
    qtbot.waitUntil(lambda: page.findChild(CopyQuestion) is not None, timeout=10_000)
    return page.findChild(CopyQuestion)


def test_that_originals_move_only_where_the_sentence_is_ticked_and_their_labels_with_them(
    qtbot, opened, grid, session, project, pictures
):
    target = pictures / "sorted"
    target.mkdir()
    before = {path.name: path for path in pictures.glob("*.png")}
    question = ask_to_move(qtbot, opened, target)
    go = button(question, "copy_question.copy")
    assert (go.text(), go.isEnabled()) == ("Move", False)
    question.findChild(QCheckBox, "copy_question.agreed").click()
    with qtbot.waitSignal(session.changed, timeout=10_000):
        go.click()
    qtbot.waitUntil(lambda: "12 pictures moved" in opened.banner.headline, timeout=10_000)
    assert sorted(folder.name for folder in target.iterdir()) == list(CLASSES)
    assert len(list(pictures.glob("*.png"))) == 12
    with Project.open(project) as stored:
        moved = [image for image in stored.images() if image.path.startswith("sorted/")]
        assert all(image.path.split("/")[1] == image.label for image in moved)
        assert len(moved) == 12
    assert all(grid.pictures[row].path.is_file() for row in range(24))

    files = opened._files
    qtbot.waitUntil(lambda: files._undo.text().startswith("Move the latest"), timeout=10_000)
    files._undo.trigger()
    button(opened, "move_back.move").click()
    qtbot.waitUntil(lambda: "12 pictures moved back" in opened.banner.headline, timeout=10_000)
    assert {path.name: path for path in pictures.glob("*.png")} == before
    assert not list(target.iterdir())


def test_that_pictures_are_not_moved_out_of_the_folders_of_the_project(qtbot, opened, tmp_path):
    files = opened._files
    files._copying.ask_to_move(files.copies, 24, files._home())
    opened.findChild(QFileDialog).close()
    files._copying.plan(tmp_path)
    qtbot.waitUntil(lambda: "is not inside the folder" in opened.banner.headline, timeout=10_000)


def test_that_pictures_out_of_reach_are_not_moved(
    qtbot, page, session, project, pictures, tmp_path
):
    pictures.rename(tmp_path / "elsewhere")
    open_project(qtbot, session, project)
    move = next(act for act in page._files.sort.menu().actions() if act.text().startswith("Move"))
    move.trigger()
    assert page.banner.headline.startswith("The folder of the pictures is not there")


def test_that_pictures_moved_by_a_program_that_was_killed_are_found_when_it_is_opened(
    qtbot, page, grid, session, project, pictures
):
    place = pictures / "pug" / "pug_0.png"
    place.parent.mkdir()
    with new_ledger(pictures, Home(project=project)) as ledger:
        source = pictures / "pug_0.png"
        copied = Copied(path=place, size=source.stat().st_size, sha256=sha256_of(source))
        ledger.note_move(source, copied)
        source.rename(place)
    open_project(qtbot, session, project)
    assert session.view.labels.records[17].path == "pug/pug_0.png"


def test_that_a_damaged_list_of_copies_is_told_once(qtbot, page, grid, session, project):
    ledger_folder().mkdir(parents=True)
    (ledger_folder() / "20260101-000000-000000.jsonl").write_bytes(b"{")
    open_project(qtbot, session, project)
    qtbot.waitUntil(lambda: "cannot be read" in page.banner.headline, timeout=10_000)
    page.banner.hide()
    with qtbot.waitSignal(page._files._copying.ledger_changed, timeout=10_000):
        page._files.show_project(is_open=True)
    assert page.banner.isHidden()


def test_that_a_table_of_labels_is_written_and_read(
    qtbot, opened, grid, session, project, tmp_path
):
    table = tmp_path / "labels.csv"
    opened._files.export(table)
    qtbot.waitUntil(lambda: "24 pictures written" in opened.banner.headline, timeout=10_000)
    lines = table.read_text().replace("beagle_0.png,,", "beagle_0.png,pug,")
    table.write_text(lines)
    opened._files.take(table)
    settle(qtbot, session)
    assert opened.banner.headline == "1 picture labelled, 23 as before."
    assert labels(project)[1] == "pug"
    assert titles(grid, 1) == ["pug"]


def test_that_fixes_that_wait_elsewhere_are_marked(qtbot, opened, grid, project):
    fix = Fix(image=24, path="pug_7.png", label="pug", kind=FixKind.RELABEL, to="maine_coon")
    save_tray(project, Tray(fixes=(fix,)))
    opened.hide()
    opened.show()
    qtbot.waitUntil(lambda: grid.pictures[23].mark is TileMark.PENDING, timeout=10_000)
    assert grid.pictures[23].mark_text == "→ maine coon"


def test_that_space_looks_at_the_picture_and_arrows_go_on(qtbot, opened, grid):
    grid.go_to_row(0)
    press(grid, Key.Key_Space)
    look = opened.findChild(QuickLook)
    QTest.keyClick(look, Key.Key_Right)
    assert grid.current.key == 2
    QTest.keyClick(look, Key.Key_Escape)


@pytest.mark.parametrize("mark", ["<b>x</b>", "&amp;"])
def test_that_names_of_classes_are_shown_as_they_are(qtbot, opened, grid, session, mark):
    grid.go_to_row(0)
    QTest.keyClicks(opened.findChild(QLineEdit, "label.find"), mark)
    button(opened, "label.add").click()
    settle(qtbot, session)
    assert titles(grid, 1) == [mark]
    edits = opened.findChild(QListWidget, "label.history")
    assert edits.item(0).text() == f"Label 1 picture as {mark}"
