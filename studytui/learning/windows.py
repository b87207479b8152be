"""The day's time windows (article 2 names four: 7-9, 11-13, 17-19 and 21-23) and what each of them yields."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from studytui.errors import StudyError
from studytui.i18n import _
from studytui.learning.acts import Act, Tally, tally

DEFAULT_WINDOWS = ("07:00-09:00", "11:00-13:00", "17:00-19:00", "21:00-23:00")
ENOUGH_ACTS = 10
_SPAN = re.compile(r"\s*(\d{1,2}):(\d{2})\s*[-–—~～]\s*(\d{1,2}):(\d{2})\s*")
_DAY = 24 * 60


@dataclass(frozen=True)
class Window:
    """A span of the day in minutes since local midnight; one that ends before it starts runs past midnight."""

    start: int
    end: int

    @property
    def label(self) -> str:
        """The window as "HH:MM-HH:MM"."""
        return f"{_clock(self.start)}-{_clock(self.end)}"

    @property
    def length(self) -> int:
        """How many minutes it lasts."""
        return (self.end - self.start) % _DAY or _DAY

    def contains(self, moment: datetime) -> bool:
        """Say whether the wall clock of ``moment`` is inside; the end itself is outside."""
        return (_minute(moment) - self.start) % _DAY < self.length

    def minutes_left(self, moment: datetime) -> float:
        """Return how many minutes of the wall clock are left of it at ``moment``, 0 outside."""
        if not self.contains(moment):
            return 0.0
        return self.length - (_minute(moment) - self.start) % _DAY - moment.second / 60


@dataclass(frozen=True)
class Yield:
    """What was finished inside a window; ``window`` None stands for all other hours."""

    window: Window | None
    total: Tally


def parse_window(text: str) -> Window:
    """Return the window written as "HH:MM-HH:MM".  Raises StudyError."""
    match = _SPAN.fullmatch(text)
    if match:
        start, end = (int(match[h]) * 60 + int(match[m]) for h, m in ((1, 2), (3, 4)))
        if int(match[2]) < 60 and int(match[4]) < 60 and start < _DAY and end <= _DAY and start != end:
            return Window(start, end % _DAY)
    raise StudyError(
        _("“{text}” is not a time window.").format(text=text), _("Write it like this: 07:00-09:00")
    )


def window_at(windows: Sequence[str], moment: datetime) -> Window | None:
    """Return the first of ``windows`` that the wall clock of ``moment`` is in, None outside all."""
    return next((window for window in map(parse_window, windows) if window.contains(moment)), None)


def yields(acts: Iterable[Act], windows: Sequence[str]) -> list[Yield]:
    """Return what was finished in each window, in their order, and last what was finished outside all."""
    spans = [parse_window(text) for text in windows]
    inside: dict[Window | None, list[Act]] = {window: [] for window in [*spans, None]}
    for act in acts:
        inside[next((window for window in spans if window.contains(act.moment)), None)].append(act)
    return [Yield(window, tally(found)) for window, found in inside.items()]


def best_window(found: Sequence[Yield]) -> Yield | None:
    """Return the window that yields most acts (minutes decide a tie); None before there are ten acts in windows."""
    inside = [item for item in found if item.window is not None]
    if sum(item.total.acts for item in inside) < ENOUGH_ACTS:
        return None
    return max(inside, key=lambda item: (item.total.acts, item.total.minutes))


def _minute(moment: datetime) -> int:
    return moment.hour * 60 + moment.minute


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"
