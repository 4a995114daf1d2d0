"""Steps that tests of the Data page share."""

from __future__ import annotations

import numpy as np
from PIL import Image
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QPushButton

LONG = 60_000


def draw(folder, name, seed, quality=95, size=(240, 180)):
    """Write a picture with soft shapes; the same seed looks the same."""
    rough = np.random.default_rng(seed).integers(0, 256, (9, 12, 3), dtype=np.uint8)
    picture = Image.fromarray(rough).resize(size, Image.Resampling.BICUBIC)
    folder.mkdir(parents=True, exist_ok=True)
    picture.save(folder / name, quality=quality)


def find(page, kind, name):
    found = page.findChild(kind, name)
    assert found is not None, name
    return found


def button(page, name):
    return find(page, QPushButton, name)


def wait_for_proof(qtbot, page):
    qtbot.waitUntil(lambda: " unmatched" in page.sentence, timeout=LONG)


def wait_for_health(qtbot, page):
    """Wait until all pictures are checked, and divided anew if that was called for."""
    check = page._bench.check
    qtbot.waitUntil(
        lambda: check.health is not None and " unmatched" in page.sentence, timeout=LONG
    )


def drop(well, *paths):
    """Let these files and folders go over a well."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    event = QDropEvent(
        QPointF(10, 10), Qt.DropAction.CopyAction, data,
        Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier,
    )  # fmt: skip
    well.dropEvent(event)


def choose(qtbot, page, folder):
    page.choose(folder)
    wait_for_proof(qtbot, page)
    wait_for_health(qtbot, page)


def use(qtbot, page, session):
    """Make a project of what is chosen, and wait until it is checked."""
    wait_for_proof(qtbot, page)
    with qtbot.waitSignal(session.changed, timeout=LONG):
        button(page, "data.use").click()
    wait_for_health(qtbot, page)


def edited(qtbot, session, act):
    """Do something that edits the project, and wait until it is done."""
    with qtbot.waitSignal(session.changed, timeout=LONG):
        act()
