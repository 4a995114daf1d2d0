"""What was on both sides of the split when a run began; kept in the run's folder."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Final

from petstudio.api.contributions import Split
from petstudio.api.errors import IntegrityError, OptionError
from petstudio.api.language import counted, tr
from petstudio.config.atomic import write_text
from petstudio.config.mapping import from_mapping
from petstudio.images.near_duplicates import near_pairs
from petstudio.jobs.kept_facts import SeenPicture, facts_file, load_facts
from petstudio.jobs.wording import named
from petstudio.project.project import Project
from petstudio.project.records import ImageRecord, RunFolder

_FILE: Final = "split.json"


@dataclass(frozen=True, kw_only=True)
class SplitBadge:
    """The shield of the Data page, as it was.

    Attributes:
        groups: how many groups cross the split.
        pairs: how many pairs of equal or similar pictures do.
        unchecked: pictures of which it was not known what they look like.
        examples: the first pairs, in words.
    """

    groups: int
    pairs: int
    unchecked: int
    examples: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """What was on both sides, for the report."""
        alike = counted(
            self.pairs,
            "{count:,} pair of equal or similar pictures",
            "{count:,} pairs of equal or similar pictures",
        )
        parts = [counted(self.groups, "{count:,} group", "{count:,} groups")] if self.groups else []
        parts += [alike] if self.pairs else []
        parts = parts or [tr("nothing was found")]
        parts += (
            [
                counted(
                    self.unchecked,
                    "{count:,} picture not looked at",
                    "{count:,} pictures not looked at",
                )
            ]
            if self.unchecked
            else []
        )
        return ", ".join(parts)

    @property
    def notices(self) -> tuple[str, ...]:
        """What should be known before the figures of the run are believed."""
        if not self.pairs:
            return ()
        notice = counted(
            self.pairs,
            "{count:,} pair of equal or similar pictures on both sides of the "
            "split, so that the figures look better than they are: {named}.",
            "{count:,} pairs of equal or similar pictures on both sides of the "
            "split, so that the figures look better than they are: {named}.",
            named=named(self.examples),
        )
        return (notice,)


def badge_of(project: Project) -> SplitBadge:
    """Look at a project's split, as far as its pictures have been checked; reads none of them."""
    usable = project.usable()
    known = load_facts(facts_file(project.path))
    seen = {image.path: known[image.path] for image in usable if _is_known(image, known)}
    crossing = _crossing(usable, seen)
    return SplitBadge(
        groups=_crossing_groups(usable),
        pairs=len(crossing),
        unchecked=len(usable) - len(seen),
        examples=tuple(f"{one.shown} = {other.shown}" for one, other in crossing[:4]),
    )


def save_badge(run: RunFolder, badge: SplitBadge) -> None:
    """Keep it with a run; MachineError if it cannot be written."""
    write_text(run.path / _FILE, json.dumps(asdict(badge)))


def load_badge(run: RunFolder) -> SplitBadge | None:
    """Return what was kept with a run; None for a run of an older program.

    Raises:
        IntegrityError: the file is damaged.
    """
    try:
        values = json.loads((run.path / _FILE).read_bytes())
        return from_mapping(SplitBadge, values)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError, OptionError) as error:
        raise IntegrityError(
            tr("The split badge of run {number} is damaged.", number=run.number)
        ) from error


def _is_known(image: ImageRecord, known: Mapping[str, SeenPicture]) -> bool:
    one = known.get(image.path)
    return one is not None and (one.size, one.mtime_ns) == (image.size, image.mtime_ns)


def _crossing(
    usable: Sequence[ImageRecord], seen: Mapping[str, SeenPicture]
) -> list[tuple[ImageRecord, ImageRecord]]:
    images = [image for image in usable if image.path in seen]
    pairs = near_pairs([seen[image.path].facts.fingerprint for image in images])
    found = ((images[first], images[second]) for first, second in pairs)
    return [(one, other) for one, other in found if one.split is not other.split]


def _crossing_groups(usable: Sequence[ImageRecord]) -> int:
    sides: defaultdict[str, set[Split | None]] = defaultdict(set)
    for image in usable:
        if image.group is not None:
            sides[image.group].add(image.split)
    return sum(len(of_one) > 1 for of_one in sides.values())
