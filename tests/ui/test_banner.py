"""The banner: one message at a time, several buttons, and others that wait behind."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QPushButton
from scripted_run import bury

from petstudio.ui.widgets.banner import Banner, BannerAction, BannerMessage


@pytest.fixture
def banner(theme):
    made = Banner(theme)
    yield made
    bury(made)


def message(headline, *actions, topic=""):
    return BannerMessage(kind="info", headline=headline, actions=actions, topic=topic)


def press(banner, name):
    banner.findChild(QPushButton, name).click()


def test_that_messages_wait_behind_the_one_that_is_shown(banner):
    for headline in ("first", "second", "third"):
        banner.add(message(headline))
    assert (banner.headline, banner.waiting) == ("first", 2)
    assert banner.findChild(QPushButton, "banner.more").text() == "2 more"


def test_that_closing_a_message_shows_the_next_one_and_at_last_none(banner):
    banner.add(message("first"))
    banner.add(message("second"))
    press(banner, "banner.close")
    assert banner.headline == "second"
    press(banner, "banner.close")
    assert banner.isHidden()


def test_that_more_puts_the_message_behind_the_others(banner):
    banner.add(message("first"))
    banner.add(message("second"))
    press(banner, "banner.more")
    assert (banner.headline, banner.waiting) == ("second", 1)
    press(banner, "banner.more")
    assert banner.headline == "first"


def test_that_a_newer_message_of_a_topic_takes_the_place_of_the_older(banner):
    banner.add(message("other"))
    banner.add(message("two pieces", topic="memory"))
    banner.add(message("four pieces", topic="memory"))
    assert banner.waiting == 1
    press(banner, "banner.close")
    assert banner.headline == "four pieces"


def test_that_each_button_does_what_it_says_and_takes_its_message_away(banner):
    done = []
    actions = [BannerAction(text=name, act=lambda n=name: done.append(n)) for name in "ab"]
    banner.add(message("first", *actions))
    press(banner, "banner.action.2")
    assert done == ["b"]
    assert banner.isHidden()


def test_that_a_message_stays_when_its_button_only_shows_something(banner):
    banner.add(message("first", BannerAction(text="Details", act=lambda: None, stays=True)))
    press(banner, "banner.action")
    assert banner.headline == "first"
    assert not banner.isHidden()


def test_that_what_a_button_does_may_say_something_itself(banner):
    act = BannerAction(text="Undo", act=lambda: banner.add(message("undone")))
    banner.add(message("done", act))
    press(banner, "banner.action")
    assert banner.headline == "undone"
    assert not banner.isHidden()


def test_that_a_message_shown_now_leaves_those_behind_it(banner):
    banner.add(message("first"))
    banner.add(message("second"))
    banner.show_message("err", "failed")
    assert (banner.headline, banner.waiting) == ("failed", 1)
    banner.hide()
    assert banner.isHidden()
    assert banner.waiting == 0
