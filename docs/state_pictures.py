"""Makes a picture of every state of Data and Label; `python state_pictures.py PROJECT`.

The project is that of the sample set and has a finished run; some of its labels are taken away.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from data_states import DataState, DataStates
from label_states import LabelState, LabelStates
from PySide6.QtWidgets import QApplication
from taking import take, wait

from petstudio.bridge.engine_link import EngineLink
from petstudio.config.settings import SettingsFile, ThemeMode
from petstudio.plugin_host.host import PluginHost
from petstudio.ui.desk import Desk
from petstudio.ui.page import PageKey

_SIZE = (1440, 900)
_SETTLE_MS = 700
_BOTH = (ThemeMode.DARK, ThemeMode.LIGHT)


def main() -> None:
    """Go through all states."""
    app, host, project = QApplication([]), PluginHost.load(), Path(sys.argv[1]).absolute()
    SettingsFile().change(open_project="", tips_done=tuple(key.value for key in PageKey))
    desk = Desk(app, host, SettingsFile(), engine=EngineLink())
    desk.show(None)
    desk.window.resize(*_SIZE)
    wait(lambda: len(desk.window.pages) > 1)
    with tempfile.TemporaryDirectory(prefix="pictures-") as place:
        take_data(desk, project.parent / "pictures", Path(place))
        take_label(desk, host, project, Path(place))
        desk.session.close()
        desk.window.leave()
        wait(lambda: not desk.window.isVisible())
        desk.shutdown()


def take_data(desk: Desk, pictures: Path, place: Path) -> None:
    """Take each state of the Data page in both themes."""
    states = DataStates(desk, pictures, place, settle_ms=_SETTLE_MS)
    for state in DataState:
        for mode in _BOTH:
            desk.theme.set_mode(mode)
            take(states.show(state), desk.theme, f"data-{state.value}-{mode.value}")


def take_label(desk: Desk, host: PluginHost, project: Path, place: Path) -> None:
    """Take each state of the Label page."""
    states = LabelStates(desk, host, project, place / "label", settle_ms=_SETTLE_MS)
    for state in LabelState:
        take(states.show(state), desk.theme, f"label-{state.value}")


if __name__ == "__main__":
    main()
