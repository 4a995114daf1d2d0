"""Small pictures that are kept while they are in use, within a budget."""

import pytest
from PIL import Image

from petstudio.ui.widgets import thumbnail_cache
from petstudio.ui.widgets.thumbnail_cache import ThumbnailCache


@pytest.fixture
def files(tmp_path):
    made = [tmp_path / f"{number}.png" for number in range(6)]
    for path in made:
        Image.new("RGB", (64, 64)).save(path)
    return made


def fill(qtbot, cache, files):
    for path in files:
        qtbot.waitUntil(lambda path=path: cache.pixmap(path, 64) is not None, timeout=10_000)


def test_that_the_oldest_pictures_give_way_beyond_the_budget(qtbot, files, monkeypatch):
    monkeypatch.setattr(thumbnail_cache, "MOST_BYTES", 3 * 64 * 64 * 4)
    cache = ThumbnailCache(least_kept=1)
    fill(qtbot, cache, files)
    assert [path.name for path, _ in cache._kept] == ["3.png", "4.png", "5.png"]
    cache.shutdown()


def test_that_what_a_window_shows_is_kept_whatever_it_takes(qtbot, files, monkeypatch):
    monkeypatch.setattr(thumbnail_cache, "MOST_BYTES", 1)
    cache = ThumbnailCache(least_kept=4)
    fill(qtbot, cache, files)
    assert len(cache._kept) == 4
    cache.shutdown()


def test_that_a_picture_that_is_back_is_seen_again(qtbot, files, monkeypatch):
    monkeypatch.setattr(thumbnail_cache, "AGAIN_S", 0)
    cache, path = ThumbnailCache(), files[0]
    away = path.rename(path.with_name("away.png"))
    qtbot.waitUntil(lambda: cache.pixmap(path, 64) is not None, timeout=10_000)
    assert cache.pixmap(path, 64).isNull()
    away.rename(path)
    qtbot.waitUntil(lambda: not cache.pixmap(path, 64).isNull(), timeout=10_000)
    cache.shutdown()
