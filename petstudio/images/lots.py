"""Drawing whole groups of images out of the training part until a count is met."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Lot:
    """Images that are drawn together.

    Attributes:
        members: their indices.
        labels: how many of them have each label.
        stratum: the commonest label, the first of several; its quota pays for the lot.
    """

    members: tuple[int, ...]
    labels: Mapping[str, int]
    stratum: str

    @property
    def size(self) -> int:
        return len(self.members)


def make_lot(
    members: Sequence[int], labels: Sequence[str], alone: Mapping[str, Mapping[str, int]]
) -> Lot:
    """Return a lot; `labels` are those of its members, in the same order.

    `alone` has the counts of a lot of one, by its label.
    """
    counts = Counter(labels) if len(labels) > 1 else alone[labels[0]]
    return Lot(members=tuple(members), labels=counts, stratum=max(counts, key=counts.__getitem__))


class Urn:
    """Lots in random order; `spare` says how many images of each label may be drawn in all."""

    def __init__(self, lots: Iterable[Lot], spare: Mapping[str, int]) -> None:
        self._lots = list(lots)
        self._spare = dict(spare)

    def draw(self, count: int) -> list[int]:
        """Take out lots of about `count` images, in proportion to their labels; give the indices.

        First each label's quota is filled, then what is missing with any lots that fit, then with
        one that is too large, if that comes closer to the count.
        """
        taken = self._fill(self._quotas(count), lambda lot: lot.stratum)
        missing = count - _size(taken)
        if missing:
            taken += self._fill({"": missing}, lambda _: "")
            taken += self._closest(count - _size(taken))
        return [index for lot in taken for index in lot.members]

    def _fill(self, rooms: dict[str, int], room_of: Callable[[Lot], str]) -> list[Lot]:
        taken, kept = [], []
        for lot in self._lots:
            room = room_of(lot)
            if lot.size <= rooms[room] and self._can_spare(lot):
                rooms[room] -= lot.size
                self._spend(lot)
                taken.append(lot)
            else:
                kept.append(lot)
        self._lots = kept
        return taken

    def _closest(self, missing: int) -> list[Lot]:
        nearer = [lot for lot in self._lots if lot.size < 2 * missing and self._can_spare(lot)]
        if not nearer:
            return []
        closest = min(nearer, key=lambda lot: lot.size)
        self._spend(closest)
        self._lots.remove(closest)
        return [closest]

    def _can_spare(self, lot: Lot) -> bool:
        return all(self._spare[label] >= count for label, count in lot.labels.items())

    def _spend(self, lot: Lot) -> None:
        for label, count in lot.labels.items():
            self._spare[label] -= count

    def _quotas(self, count: int) -> dict[str, int]:
        """Share a count among the strata in proportion to their sizes, by largest remainder."""
        sizes: Counter[str] = Counter()
        for lot in self._lots:
            sizes[lot.stratum] += lot.size
        whole = sizes.total()
        limits = {name: min(size, self._spare[name]) for name, size in sizes.items()}
        quotas = {name: min(count * size // whole, limits[name]) for name, size in sizes.items()}
        # The sort keeps the random order of equal remainders.
        by_remainder = sorted(sizes, key=lambda name: count * sizes[name] % whole, reverse=True)
        missing = min(count, sum(limits.values())) - sum(quotas.values())
        while missing:
            for name in by_remainder:
                if missing and quotas[name] < limits[name]:
                    quotas[name] += 1
                    missing -= 1
        return quotas


def _size(lots: Iterable[Lot]) -> int:
    return sum(lot.size for lot in lots)
