"""Damaged checkpoints, of a real network: none is ever used as if it were whole.

PETSTUDIO_MUTATIONS says how many damaged ones are tried, 620 without it. 2320 gives 2,000 flipped
bits, 300 truncations and 20 special cases; a fourth of the first two is done to the ledger. With
`pytest -s` the figures are printed.
"""

from __future__ import annotations

import json
import os
import random
import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest
import torch

from petstudio.api.errors import PetStudioError
from petstudio.api.events import CheckpointKind
from petstudio.engine.checkpoint_file import read_checkpoint, write_checkpoint
from petstudio.project.checkpoints import (
    CheckpointFolder,
    CheckpointRecord,
    NewCheckpoint,
)

_MUTATIONS = int(os.environ.get("PETSTUDIO_MUTATIONS", "620"))
_SPECIAL = 20
_LEDGER = "checkpoints.json"
_KINDS = (CheckpointKind.STAGE, CheckpointKind.BEST, *[CheckpointKind.EPOCH] * 3)


class Damage:
    """Real checkpoints of a small network, one damaged after the other and made whole again."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.folder = CheckpointFolder(path, budget=1 << 30)
        torch.manual_seed(1)
        for step, kind in enumerate(_KINDS):
            name = "stage-1" if kind is CheckpointKind.STAGE else ""
            given = NewCheckpoint(
                kind=kind, step=step, stage=0, epoch=step, name=name, metrics={"loss": 0.5 + step}
            )
            self.folder.add(given, lambda stream: write_checkpoint(stream, _state()))
        self.records = self.folder.records()
        self.names = {entry.name: entry.read_bytes() for entry in path.iterdir()}
        self.saved = {
            record.number: read_checkpoint(self.names[record.file], record.file)
            for record in self.records
        }
        self.last = self.records[-1]

    def restore(self) -> None:
        for entry in self.path.iterdir():
            shutil.rmtree(entry) if entry.is_dir() and not entry.is_symlink() else entry.unlink()
        for name, content in self.names.items():
            (self.path / name).write_bytes(content)

    def outcome(self) -> str:
        """Go on from the last checkpoint, as a run would, and say how it went."""
        try:
            records = self.folder.records()
            found = self.folder.find("last")
            loaded = read_checkpoint(self.folder.read(found), found.file)
        except PetStudioError as error:
            return f"refused: {type(error).__name__}"
        is_known = all(self._is_known(record) for record in records)
        if not is_known or not _same(loaded, self.saved[found.number]):
            return "silently wrong"
        return "the last one" if found.number == self.last.number else "an older one"

    def _is_known(self, record: CheckpointRecord) -> bool:
        """True if it says what was saved, or says nothing about it."""
        [saved] = [known for known in self.records if known.number == record.number]
        is_silent = record.name == "" and record.metrics == {}
        return record == saved or (is_silent and record.sha256 == saved.sha256)


def _state() -> dict[str, object]:
    network = torch.nn.Sequential(torch.nn.Conv2d(3, 8, 3), torch.nn.BatchNorm2d(8))
    optimiser = torch.optim.AdamW(network.parameters())
    network(torch.randn(2, 3, 8, 8)).square().mean().backward()
    optimiser.step()
    return {
        "weights": network.state_dict(),
        "optimiser": optimiser.state_dict(),
        "random": torch.get_rng_state(),
        "classes": ["cat", "dog"],
    }


def _same(one: object, other: object) -> bool:
    if isinstance(one, torch.Tensor) and isinstance(other, torch.Tensor):
        return one.dtype == other.dtype and torch.equal(one, other)
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_same, one, other))
    return type(one) is type(other) and one == other


@pytest.fixture(scope="module")
def damage(tmp_path_factory: pytest.TempPathFactory) -> Damage:
    path = tmp_path_factory.mktemp("damage") / "checkpoints"
    path.mkdir()
    return Damage(path)


def mutations(damage: Damage, count: int) -> Iterator[tuple[str, Callable[[], object]]]:
    """Yield kinds of damage, each with what does it; every fourth is done to the ledger."""
    chance = random.Random(6)
    cuts = count * 3 // 23
    for number in range(count):
        name = _LEDGER if number % 4 == 0 else damage.last.file
        content = bytearray(damage.names[name])
        target = "ledger" if name == _LEDGER else "checkpoint"
        if number < cuts:
            del content[chance.randrange(len(content)) :]
        else:
            content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
        kind = "cut" if number < cuts else "bit"
        file = damage.path / name
        yield f"{kind} {target}", lambda file=file, content=content: file.write_bytes(content)


def special_mutations(damage: Damage) -> dict[str, Callable[[], object]]:
    last, ledger = damage.path / damage.last.file, damage.path / _LEDGER
    content, listed = damage.names[last.name], damage.names[_LEDGER]
    older, best = (damage.names[damage.records[at].file] for at in (-2, 1))
    half = len(content) // 2
    foreign = damage.path.parent / "foreign"
    foreign.write_bytes(content)
    foreign_list = listed.replace(b'"number": 5', b'"number": 6')
    assert foreign_list != listed

    def instead(make: Callable[[], object], file: Path = last) -> None:
        file.unlink()
        make()

    return {
        "empty": lambda: last.write_bytes(b""),
        "all zeros": lambda: last.write_bytes(bytes(len(content))),
        "zeros first": lambda: last.write_bytes(bytes(512) + content[512:]),
        "zeros inside": lambda: last.write_bytes(
            content[:half] + bytes(512) + content[half + 512 :]
        ),
        "zeros last": lambda: last.write_bytes(content[:-512] + bytes(512)),
        "the older one's content": lambda: last.write_bytes(older),
        "the best one's content": lambda: last.write_bytes(best),
        "twice": lambda: last.write_bytes(content * 2),
        "one byte more": lambda: last.write_bytes(content + b"\0"),
        "bytes swapped": lambda: last.write_bytes(content[half:] + content[:half]),
        "gone": last.unlink,
        "a folder": lambda: instead(last.mkdir),
        "a link": lambda: instead(lambda: last.symlink_to(foreign)),
        "a link to itself": lambda: instead(lambda: last.symlink_to(last.name)),
        "empty ledger": lambda: ledger.write_bytes(b""),
        "ledger of zeros": lambda: ledger.write_bytes(bytes(len(listed))),
        "ledger gone": ledger.unlink,
        "ledger with another number": lambda: ledger.write_bytes(foreign_list),
        "ledger is a checkpoint": lambda: ledger.write_bytes(content),
        "ledger is a folder": lambda: instead(ledger.mkdir, ledger),
    }


def outcomes(damage: Damage, tries: Iterable[tuple[str, Callable[[], object]]]) -> Counter[str]:
    counted: Counter[str] = Counter()
    for kind, spoil in tries:
        damage.restore()
        spoil()
        counted[f"{kind}: {damage.outcome()}"] += 1
    damage.restore()
    return counted


def test_that_no_damaged_checkpoint_is_silently_wrong(damage: Damage) -> None:
    counted = outcomes(damage, mutations(damage, _MUTATIONS - _SPECIAL))
    print(json.dumps(counted, indent=1))  # noqa: T201  the figures, with pytest -s
    # A flipped bit of the ledger may fall on a blank; then nothing is lost, not even a name.
    assert set(counted) == {
        *("bit checkpoint: an older one", "cut checkpoint: an older one"),
        *("bit ledger: the last one", "cut ledger: the last one"),
    }


def test_that_special_damage_leads_to_the_older_one_or_the_same(damage: Damage) -> None:
    special = special_mutations(damage)
    assert len(special) == _SPECIAL
    counted = outcomes(damage, special.items())
    found = dict(key.split(": ", 1) for key in counted)
    assert found == {
        kind: "the last one" if "ledger" in kind else "an older one" for kind in special
    }


def test_that_the_judge_of_damage_sees_a_wrong_number(damage: Damage, monkeypatch) -> None:
    """Without the SHA-256, the flipped bits go through: what this file tests can be seen."""
    monkeypatch.setattr(
        CheckpointFolder, "read", lambda self, record: (self._folder / record.file).read_bytes()
    )
    counted = outcomes(damage, mutations(damage, 60))
    assert counted["bit checkpoint: silently wrong"] > 0
