"""What is worth a look: in the files, in the labels, and across the split."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from petstudio.api.contributions import ImageLabel, Split
from petstudio.api.control import RunControl
from petstudio.api.errors import RunCancelledError
from petstudio.images.listing import list_images
from petstudio.jobs.health import FindingKind, judge
from petstudio.jobs.kept_facts import load_facts, save_facts
from petstudio.jobs.proving import LabelProof
from petstudio.jobs.scanning import scan_pictures

TRAIN, VALID = Split.TRAIN, Split.VALID


def draw(folder, name, seed, size=(240, 180), quality=95):
    rough = np.random.default_rng(seed).integers(0, 256, (9, 12, 3), dtype=np.uint8)
    picture = Image.fromarray(rough).resize(size, Image.Resampling.BICUBIC)
    folder.mkdir(exist_ok=True)
    picture.save(folder / name, quality=quality)


def scan(folder, files=None, **named):
    files = files or list_images(folder).files
    return scan_pictures(folder, files, RunControl(), lambda done: None, **named)


def proof_of(folder, *images):
    """Return a proof of (path, label, side, group) rows."""
    return LabelProof(
        listing=list_images(folder),
        labels=tuple(ImageLabel(path=row[0], label=row[1], group=row[3]) for row in images),
        missing=(),
        splits=tuple(row[2] for row in images),
    )


@pytest.fixture
def folder(tmp_path):
    """Return four pictures: `b` is `a` once more, `c` is `a` encoded again, `d` is another."""
    made = tmp_path / "pictures"
    for name, seed, quality in (("a.jpg", 1, 95), ("c.jpg", 1, 40), ("d.jpg", 2, 95)):
        draw(made, name, seed, quality=quality)
    (made / "b.jpg").write_bytes((made / "a.jpg").read_bytes())
    return made


def found(health, kind):
    return next(finding for finding in health.findings if finding.kind is kind)


def judged(folder, sides, labels="xxxx", groups=(None,) * 4):
    rows = [
        (f"{name}.jpg", label, side, group)
        for name, label, side, group in zip("abcd", labels, sides, groups, strict=True)
    ]
    return judge(proof_of(folder, *rows), scan(folder))


def test_that_equal_and_similar_pictures_are_told_apart(folder):
    health = judged(folder, (TRAIN,) * 4)
    assert found(health, FindingKind.EQUAL).names == ("a.jpg", "b.jpg")
    assert found(health, FindingKind.ALIKE).names == ("a.jpg", "c.jpg")


def test_that_a_copy_across_the_split_breaks_the_shield_and_is_named(folder):
    shield = judged(folder, (VALID, TRAIN, VALID, TRAIN)).shield
    assert not shield.is_whole
    assert shield.pairs == (("a.jpg", "b.jpg"),)


def test_that_a_copy_encoded_again_breaks_the_shield_and_is_named(folder):
    shield = judged(folder, (VALID, VALID, TRAIN, TRAIN)).shield
    assert shield.pairs == (("a.jpg", "c.jpg"),)


def test_that_the_moves_make_the_shield_whole(folder):
    sides = dict(zip("abcd", (VALID, VALID, TRAIN, TRAIN), strict=True))
    moves = judged(folder, sides.values()).shield.moves
    assert moves == {"c.jpg": VALID}
    sides["c"] = VALID
    assert judged(folder, sides.values()).shield.is_whole


def test_that_a_group_across_the_split_is_named_and_moved_as_a_whole(folder):
    shield = judged(folder, (TRAIN, TRAIN, TRAIN, VALID), groups=("rex", None, None, "rex")).shield
    assert shield.groups == ("rex",)
    assert shield.moves == {"d.jpg": TRAIN}


def test_that_one_picture_under_two_labels_is_found(folder):
    health = judged(folder, (TRAIN,) * 4, labels="xyxx")
    assert found(health, FindingKind.TWO_LABELS).names == ("a.jpg", "b.jpg")


def test_that_class_names_that_differ_in_case_and_spaces_only_are_found(folder):
    health = judged(folder, (TRAIN,) * 4, labels=("Maine Coon", "maine_coon", "pug", "pug"))
    assert found(health, FindingKind.LIKE_NAMES).names == ("Maine Coon", "maine_coon")


def test_that_a_class_with_less_than_half_of_what_is_usual_is_found(folder):
    for number in range(6):
        draw(folder, f"e{number}.jpg", 10 + number)
    files = list_images(folder).files
    rows = [(file, "few" if file == "a.jpg" else "many"[: 3 + n % 2], TRAIN, None)
            for n, file in enumerate(files)]  # fmt: skip
    health = judge(proof_of(folder, *rows), scan(folder))
    assert found(health, FindingKind.SMALL_CLASS).names == ("few",)


def test_that_broken_tiny_and_oddly_coloured_pictures_are_found(folder):
    (folder / "broken.jpg").write_bytes(b"\xff\xd8\xff\xe0 broken")
    draw(folder, "tiny.png", 5, size=(50, 40))
    Image.new("CMYK", (90, 90)).save(folder / "print.jpg")
    files = list_images(folder).files
    health = judge(proof_of(folder, *((file, "x", TRAIN, None) for file in files)), scan(folder))
    assert found(health, FindingKind.UNREADABLE).names == ("broken.jpg",)
    assert found(health, FindingKind.TINY).groups[0][0].why == "50 × 40"
    assert found(health, FindingKind.ODD_MODE).groups[0][0].why == "CMYK"


def test_that_a_cancelled_scan_goes_on_where_it_was(folder):
    files = list_images(folder).files
    known, control = {}, RunControl()

    def tell(done):
        if done:
            control.cancel()

    with pytest.raises(RunCancelledError):
        scan_pictures(folder, files, control, tell, known=known)
    assert known
    assert len(scan(folder, known=known).seen) == 4


def test_that_a_second_scan_looks_only_at_what_has_changed(folder):
    known = {}
    first = scan(folder, known=known)
    draw(folder, "d.jpg", 7, size=(300, 200))
    told = []
    files = list_images(folder).files
    second = scan_pictures(folder, files, RunControl(), told.append, known=known)
    assert told[0] == 3
    assert second.seen["a.jpg"] == first.seen["a.jpg"]
    assert second.seen["d.jpg"].facts.width == 300


def test_that_what_was_seen_is_kept_in_a_file(folder, tmp_path):
    seen = scan(folder).seen
    save_facts(tmp_path / "facts.json", seen)
    assert load_facts(tmp_path / "facts.json") == seen


@pytest.mark.parametrize("content", ["{", "[]", '{"format": 1, "pictures": [["a.jpg", 1]]}'])
def test_that_a_damaged_file_of_facts_tells_nothing(tmp_path, content):
    (tmp_path / "facts.json").write_text(content)
    assert load_facts(tmp_path / "facts.json") == {}
