"""Shows all pages in German, with a project where one is named; tells what is cut or English.

`python german_window.py [PROJECT]` prints, for each page, the texts that have less room than they
need and those that are English although the catalogue knows better.
"""

from __future__ import annotations

import gettext
import json
import sys
from pathlib import Path

from cut_texts import cut_texts
from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLabel, QLineEdit

from petstudio.api.language import Language, speak

speak(Language.GERMAN)  # before what has texts is loaded

from petstudio.config.settings import SettingsFile  # noqa: E402
from petstudio.plugin_host.host import PluginHost  # noqa: E402
from petstudio.ui.desk import Desk  # noqa: E402
from petstudio.ui.page import PageKey  # noqa: E402
from petstudio.ui.widgets.page_header import PageHeader  # noqa: E402

COMPILED = Path(__file__).parents[2] / "resources" / "languages" / "de.mo"


def english_texts(page):
    """Yield them if they have three words or more, as shorter ones may be names."""
    with COMPILED.open("rb") as stream:
        catalogue = gettext.GNUTranslations(stream)
    for text in texts_of(page):
        if len(text.split()) > 2 and catalogue.gettext(text) != text:
            yield text


def texts_of(page):
    for widget in page.findChildren(QLabel) + page.findChildren(QAbstractButton):
        yield widget.text()
    for box in page.findChildren(QComboBox):
        yield from (box.itemText(index) for index in range(box.count()))
    for field in page.findChildren(QLineEdit):
        yield field.placeholderText()


def wait(milliseconds):
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def found_on(desk, key):
    desk.window.show_page(key)
    wait(100)  # layouts settle in the event loop
    page = desk.window.current
    return [sorted(set(cut_texts(page))), sorted(set(english_texts(page)))]


def cut_in_header(desk, key):
    desk.window.show_page(key)
    wait(100)
    return sorted(set(cut_texts(desk.window.current.findChild(PageHeader))))


def main():
    app = QApplication([])
    desk = Desk(app, PluginHost.load(), SettingsFile())
    desk.window.resize(1440, 900)
    desk.show(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
    if len(sys.argv) > 1:
        while desk.session.view is None:
            wait(50)
    found = {key.value: found_on(desk, key) for key in PageKey}
    desk.window.resize(desk.window.minimumSize())
    desk.window.toggle_activity()
    found |= {f"{key.value}, small": [cut_in_header(desk, key)] for key in PageKey}
    assert desk.shutdown()
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main()
