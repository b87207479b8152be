"""The statistics: what one round of turns says about two programs, and what many rounds say."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Ratio:
    """The ratios of all rounds: their median, the least and the most."""

    median: float
    least: float
    most: float

    def __str__(self) -> str:
        return f"{self.median:.2f} [{self.least:.2f}-{self.most:.2f}]"


def ratio(ours: Sequence[float], floor: Sequence[float]) -> Ratio:
    """Return the ratios of ``ours`` to ``floor``, taken round by round: neighbours in time share their weather.

    Raises ValueError when they have not the same number of rounds, or none.
    """
    found = [one / other for one, other in zip(ours, floor, strict=True)]
    if not found:
        raise ValueError("no rounds")
    return Ratio(statistics.median(found), min(found), max(found))


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value below which ``share`` (0-100) of the ``values`` lie, linear between neighbours."""
    ordered = sorted(values)
    place = (len(ordered) - 1) * share / 100
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)
