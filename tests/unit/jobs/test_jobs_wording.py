"""Parts of sentences."""

from __future__ import annotations

from petstudio.api import language
from petstudio.api.contributions import Split
from petstudio.jobs.wording import side_words


def test_that_numbers_on_a_side_have_the_separators_of_the_language(monkeypatch):
    counts = {Split.TRAIN: 1280, Split.VALID: 320}
    assert side_words(counts) == "1,280 training, 320 validation"
    monkeypatch.setattr(language, "_catalogue", language._load("de"))
    assert side_words(counts).startswith("1.280 ")
