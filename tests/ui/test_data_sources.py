"""Other ways to pictures: archives that are unpacked, and photos that are fetched."""

from __future__ import annotations

import hashlib
import io
import tarfile
import threading
import zipfile
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from data_steps import LONG, button, drop, find, wait_for_proof
from PySide6.QtWidgets import QFileDialog, QLabel

from petstudio.config.paths import data_folder
from petstudio.jobs.catalog import pets_pictures
from petstudio.jobs.downloads import Download
from petstudio.ui.widgets.choice_card import ChoiceCard
from petstudio.ui.widgets.drop_well import DropWell
from petstudio.ui.widgets.pets_question import PetsQuestion


@pytest.fixture
def page(data_page):
    return data_page


@pytest.fixture
def archive(pictures, tmp_path):
    made = tmp_path / "archive" / "pets.zip"
    made.parent.mkdir()
    with zipfile.ZipFile(made, "w") as stream:
        for picture in pictures.iterdir():
            stream.write(picture, f"pets/{picture.name}")
    return made


@pytest.fixture
def server(pictures):
    """Serve an archive like the one of the pets photos; give its Download."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as stream:
        for picture in pictures.iterdir():
            stream.add(picture, f"images/{picture.name}")
    content = packed.getvalue()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *args):
            pass

    made = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=made.serve_forever)
    thread.start()
    yield Download(
        url=f"http://127.0.0.1:{made.server_port}/images.tar.gz",
        sha256=hashlib.sha256(content).hexdigest(),
        size=len(content),
        max_bytes=len(content),
    )
    made.shutdown()
    thread.join()
    made.server_close()


def test_that_a_dropped_archive_is_unpacked_where_the_user_says(qtbot, page, archive, tmp_path):
    drop(find(page, DropWell, "first_run.well"), archive)
    question = find(page, QFileDialog, "question.path")
    assert question.selectedFiles() == [str(archive.with_name("pets"))]
    question.fileSelected.emit(str(tmp_path / "unpacked"))
    question.reject()
    wait_for_proof(qtbot, page)
    assert page.sentence == "24 pictures, 3 classes, 0 unmatched"
    assert len(list((tmp_path / "unpacked" / "pets").iterdir())) == 24


def test_that_a_damaged_archive_is_explained_and_nothing_is_left(qtbot, page, archive, tmp_path):
    archive.write_bytes(archive.read_bytes()[:500])
    page._sources.unpack(archive, tmp_path / "unpacked")
    qtbot.waitUntil(page.banner.isVisible, timeout=LONG)
    assert "damaged or cut off" in page.banner.headline
    assert not (tmp_path / "unpacked").exists()


def test_that_fetching_asks_first_with_size_source_and_licence(page):
    find(page, ChoiceCard, "first_run.pets").click()
    question = find(page, PetsQuestion, "pets.question")
    shown = " ".join(label.text() for label in question.findChildren(QLabel))
    assert "792 MB" in shown
    assert "robots.ox.ac.uk" in shown
    assert "CC BY-SA 4.0" in shown
    question.reject()


def test_that_the_pets_photos_are_fetched_when_the_user_agrees(qtbot, page, server, tmp_path):
    page._sources.pets_archive = server
    page._sources.ask_for_pets()
    question = find(page, PetsQuestion, "pets.question")
    question._take_place(tmp_path)
    button(question, "pets.fetch").click()
    wait_for_proof(qtbot, page)
    assert page.sentence == "24 pictures, 3 classes, 0 unmatched"
    assert (tmp_path / "oxford-iiit-pet" / "images").is_dir()


def test_that_photos_that_are_there_are_not_fetched_again(qtbot, page, pictures):
    there = pets_pictures(data_folder())
    there.parent.mkdir(parents=True)
    pictures.rename(there)
    page._sources.ask_for_pets()
    wait_for_proof(qtbot, page)
    assert page.findChild(PetsQuestion) is None
