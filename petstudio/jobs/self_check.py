"""Whether this machine has what a first run needs; light, and without torch."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from typing import Final

from petstudio.api.language import counted, tr
from petstudio.config.paths import data_folder, weights_folder
from petstudio.plugin_host.host import PluginHost
from petstudio.plugin_host.records import PluginState

_LITTLE_BYTES: Final = 5 * 10**9


@dataclass(frozen=True, kw_only=True)
class SelfCheck:
    """One thing that was looked at: its name, how it is, and what helps where it is not good."""

    name: str
    words: str
    is_good: bool
    cure: str = ""


def self_checks(host: PluginHost) -> tuple[SelfCheck, ...]:
    """Look at the disk, the pretrained weights and the plugins."""
    return (_disk(), _weights(host), _plugins(host))


def _disk() -> SelfCheck:
    folder = data_folder()
    there = next(place for place in (folder, *folder.parents) if place.exists())
    free = shutil.disk_usage(there).free
    is_good = free >= _LITTLE_BYTES
    cure = "" if is_good else tr("Training keeps pictures and checkpoints; make some room first.")
    return SelfCheck(
        name="Disk",
        words=tr("{free:,.0f} GB free", free=free / 1000000000.0),
        is_good=is_good,
        cure=cure,
    )


def _weights(host: PluginHost) -> SelfCheck:
    offered = [weights for one in host.architectures.values() for _, weights in one.weights]
    there = sum((weights_folder() / weights.file_name).is_file() for weights in offered)
    words = (
        counted(there, "{count:,} network", "{count:,} networks")
        if there
        else tr("not on this machine")
    )
    cure = "" if there else tr("The Train page offers to fetch them, or to take a local file.")
    return SelfCheck(name="Pretrained weights", words=words, is_good=bool(there), cure=cure)


def _plugins(host: PluginHost) -> SelfCheck:
    states = [record.state for record in host.records]
    active, failed = (states.count(state) for state in (PluginState.ACTIVE, PluginState.FAILED))
    words = (
        tr("{active} found, {failed} failed", active=active, failed=failed)
        if failed
        else f"{active} found"
    )
    cure = tr("The Plugins page says why.") if failed else ""
    return SelfCheck(name="Plugins", words=words, is_good=not failed, cure=cure)
