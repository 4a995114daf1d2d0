"""Models over what the jobs say."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from petstudio.api.contributions import ImageLabel, Split
from petstudio.bridge.label_board import LabelBoard
from petstudio.bridge.label_view import LabelView, Tally
from petstudio.bridge.models import (
    ClassModel,
    ClassOrder,
    ProofColumn,
    ProofModel,
    label_span,
    spoken_label,
)
from petstudio.images.listing import Listing
from petstudio.jobs.proving import LabelProof


def proof(*labels):
    files = tuple(f"{label or 'IMG'}_{number}.jpg" for number, label in enumerate(labels))
    return LabelProof(
        listing=Listing(root=Path("pets"), files=files, left_out=()),
        labels=tuple(
            ImageLabel(path=path, label=label) for path, label in zip(files, labels, strict=True)
        ),
        missing=(),
        splits=tuple(Split.TRAIN if label else None for label in labels),
    )


def shown(model, column):
    return [model.index(row, column).data() for row in range(model.rowCount())]


def test_that_unmatched_files_come_first_and_the_rest_keeps_its_order(qapp):
    model = ProofModel()
    model.show_proof(proof("cat", None, "dog", None))
    assert shown(model, ProofColumn.FILE) == ["IMG_1.jpg", "IMG_3.jpg", "cat_0.jpg", "dog_2.jpg"]


def test_that_a_row_names_label_and_side(qapp):
    model = ProofModel()
    model.show_proof(proof("maine_coon"))
    assert shown(model, ProofColumn.LABEL) == ["maine coon"]
    assert shown(model, ProofColumn.SIDE) == ["Train"]


def test_that_an_unmatched_row_says_so_and_has_no_side(qapp):
    model = ProofModel()
    model.show_proof(proof(None))
    assert shown(model, ProofColumn.LABEL) == ["no label"]
    assert shown(model, ProofColumn.SIDE) == [""]


def test_that_every_cell_leads_to_the_file(qapp):
    model = ProofModel()
    model.show_proof(proof("cat"))
    assert model.index(0, 2).data(ProofModel.ROW).file == Path("pets/cat_0.jpg")


def test_that_no_proof_empties_the_table(qapp):
    model = ProofModel()
    model.show_proof(proof("cat"))
    model.show_proof(None)
    assert model.rowCount() == 0


def test_that_the_columns_have_headers(qapp):
    model = ProofModel()
    header = model.headerData(ProofColumn.FILE, Qt.Orientation.Horizontal)
    assert header == "File name"


@pytest.mark.parametrize(
    ("path", "label", "part"),
    [
        ("cat_1.jpg", "cat", "cat"),
        ("cats/cat/x.jpg", "cat", "cat"),
        ("a/b.jpg", "c", ""),
        ("a.jpg", None, ""),
    ],
)
def test_that_the_tinted_part_is_the_label(path, label, part):
    start, end = label_span(path, label)
    assert path[start:end] == part


@pytest.mark.parametrize(
    ("label", "words"), [("maine_coon", "maine coon"), ("___", "___"), ("a\u202eb\n", "a\\u202eb")]
)
def test_that_a_class_is_shown_with_spaces_and_printable(label, words):
    assert spoken_label(label) == words


def test_that_classes_are_sorted_by_name_until_asked_otherwise(qapp):
    model = ClassModel()
    model.show_classes((("dog", 1), ("Cat", 3), ("ant", 2)))
    assert [row.name for row in model.rows] == ["ant", "Cat", "dog"]
    model.sort_by(ClassOrder.COUNT)
    assert [row.name for row in model.rows] == ["dog", "ant", "Cat"]


def test_that_classes_far_from_the_median_come_first_by_balance(qapp):
    model = ClassModel()
    model.show_classes((("a", 100), ("b", 10), ("c", 400), ("d", 110), ("e", 100)))
    model.sort_by(ClassOrder.BALANCE)
    assert [row.name for row in model.rows] == ["b", "c", "d", "a", "e"]


def test_that_a_class_under_the_median_is_marked_in_words_too(qapp):
    model = ClassModel()
    model.show_classes((("a", 10), ("b", 10), ("c", 9)))
    assert [row.is_small for row in model.rows] == [False, False, True]
    assert model.index(2, 0).data() == "c, 9 pictures, fewer than most"


def test_that_the_longest_bar_is_the_largest_class(qapp):
    model = ClassModel()
    model.show_classes((("a", 10), ("b", 5)))
    assert [row.share for row in model.rows] == [1.0, 0.5]


def test_that_data_and_label_list_classes_in_the_same_order(qapp):
    names = ("pug", "Sphynx", "american_bulldog", "Abyssinian", "american bulldog")
    model = ClassModel()
    model.show_classes(tuple((name, 1) for name in names))
    board = LabelBoard(LabelView(root=None, records={}, tally=Tally(classes=Counter(names))))
    on_data = [model.index(row).data(ClassModel.ROW).name for row in range(len(names))]
    assert on_data == ["Abyssinian", "american bulldog", "american_bulldog", "pug", "Sphynx"]
    assert [name for name, _ in board.classes] == on_data
