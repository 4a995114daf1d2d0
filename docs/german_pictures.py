"""Makes a picture of each page in German; `python german_pictures.py PROJECT`.

It is a program of its own, as a program speaks one language. The project has a finished run.
"""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtWidgets import QApplication
from taking import settle, take, wait

from petstudio.api.language import Language, speak

speak(Language.GERMAN)  # before what has texts is loaded

from petstudio.bridge.engine_link import EngineLink  # noqa: E402
from petstudio.config.settings import SettingsFile  # noqa: E402
from petstudio.plugin_host.host import PluginHost  # noqa: E402
from petstudio.ui.desk import Desk  # noqa: E402
from petstudio.ui.page import PageKey  # noqa: E402


def main() -> None:
    """Open the project and go through all pages."""
    app = QApplication([])
    desk = Desk(app, PluginHost.load(), SettingsFile(), engine=EngineLink())
    desk.show(Path(sys.argv[1]))
    desk.window.resize(1440, 900)
    wait(lambda: desk.session.view is not None and len(desk.window.pages) > 1)
    for key in PageKey:
        desk.window.show_page(key)
        settle()
        take(desk.window, desk.theme, f"german-{key.value}")
    desk.window.leave()
    wait(lambda: not desk.window.isVisible())
    desk.shutdown()


if __name__ == "__main__":
    main()
