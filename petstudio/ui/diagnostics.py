"""What helps to find a fault, without anything that is private."""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from PySide6.QtCore import QSysInfo, qVersion
from PySide6.QtGui import QGuiApplication

import petstudio
from petstudio.api.language import tr
from petstudio.config.paths import (
    data_folder,
    log_folder,
    settings_folder,
    user_plugin_folder,
    weights_folder,
)
from petstudio.plugin_host.host import PluginHost
from petstudio.project.names import shown_text

_HOME: Final = "~"
_NVIDIA: Final = Path("/proc/driver/nvidia/gpus")
_NO_GPU: Final = tr("none that a driver tells of; each run says on what it computes")


def facts() -> Mapping[str, str]:
    """Return what the program runs on, by name."""
    return {
        "PetStudio": petstudio.__version__,
        "Python": platform.python_version(),
        "Qt": qVersion(),
        tr("System"): f"{QSysInfo.prettyProductName()}, {QSysInfo.currentCpuArchitecture()}",
        tr("Processor"): tr("{count} threads", count=os.cpu_count()),
        "GPU": ", ".join(gpus()) or _NO_GPU,
        tr("Screen"): _screen(),
    }


def places(project: Path | None) -> Mapping[str, Path]:
    """Return where the program keeps its files, by name."""
    found = {
        tr("Settings"): settings_folder(),
        tr("Data"): data_folder(),
        tr("Weights"): weights_folder(),
        tr("Log"): log_folder(),
        tr("Own plugins"): user_plugin_folder(),
    }
    return found if project is None else {**found, tr("Project"): project}


def without_home(path: Path) -> str:
    """Return a path as it may be shown to others, who need not know whose home it is in."""
    home = Path.home()
    return str(Path(_HOME) / path.relative_to(home)) if path.is_relative_to(home) else str(path)


def report(host: PluginHost) -> str:
    """Return the text of the diagnostics: no paths of projects, no names of pictures or classes.

    Places outside the home folder are left out, as their names may say something of their owner.
    """
    home = Path.home()
    own = {name: path for name, path in places(None).items() if path.is_relative_to(home)}
    lines = [f"{name}: {value}" for name, value in facts().items()]
    lines += [f"{name}: {without_home(path)}" for name, path in own.items()]
    lines += [tr("Plugins:")]
    lines += [
        f"  {shown_text(record.name)} {shown_text(record.version)}, "
        f"{record.origin.value}, {record.state.value}"
        for record in host.records
    ]
    return "\n".join(lines)


def gpus(folder: Path = _NVIDIA) -> tuple[str, ...]:
    """Return the models of the GPUs that NVIDIA's driver tells of, which it does on Linux."""
    found = []
    for file in sorted(folder.glob("*/information")):
        lines = file.read_text(encoding="utf-8", errors="replace").splitlines()
        found += [line.partition(":")[2].strip() for line in lines if line.startswith("Model:")]
    return tuple(found)


def _screen() -> str:
    screen = QGuiApplication.primaryScreen()
    size = screen.size()
    return tr(
        "{width} × {height}, scale {scale:g}, {platform}",
        width=size.width(),
        height=size.height(),
        scale=screen.devicePixelRatio(),
        platform=QGuiApplication.platformName(),
    )
