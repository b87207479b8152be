"""Keeping at it (article 1): minutes, a weekly goal, a streak with grace, and statistics with their evidence.

Days are the learner's own: the local date that each event carries.  So a journey, a change to summer time or
a second device never moves yesterday's work to another day.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from studytui.learning.acts import Act, Tally, tally

GRACE_DAYS = 2  # days a month that may stay empty without ending a streak
IDLE = timedelta(minutes=2)
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Attention:
    """Time spent on something while the learner was there: grows by `touched`, at each sign of life.

    A gap longer than ``idle`` counts as nothing, and so does a clock that was set back.
    """

    last: datetime
    spent: timedelta = timedelta(0)

    def touched(self, moment: datetime, idle: timedelta = IDLE) -> Attention:
        """Return the attention after a sign of life (a key, a page turned) at ``moment``."""
        gap = moment.astimezone(UTC) - self.last.astimezone(UTC)
        counts = timedelta(0) <= gap <= idle
        return Attention(moment, self.spent + (gap if counts else timedelta(0)))

    @property
    def minutes(self) -> float:
        """The time spent, in minutes."""
        return self.spent.total_seconds() / 60


@dataclass(frozen=True)
class Streak:
    """``days`` with a finished act in a row, since ``since``; ``excused`` empty days in between were grace days.

    ``grace_left`` says how many more days of this month may stay empty.
    """

    days: int
    since: date | None
    excused: tuple[date, ...]
    grace_left: int


@dataclass(frozen=True)
class WeekGoal:
    """This week (from Monday) against the goal of finished acts."""

    monday: date
    total: Tally
    goal: int

    @property
    def reached(self) -> bool:
        """Whether the goal is met."""
        return self.total.acts >= self.goal


def streak(days: Iterable[date], today: date) -> Streak:
    """Return the streak that reaches ``today``; today itself may still be empty, since it is not over.

    Up to two empty days in a calendar month are excused.  Days after today (a clock that was set back) wait.
    """
    active = {day for day in days if day <= today}
    used: Counter[tuple[int, int]] = Counter()
    excused: list[date] = []
    pending: list[date] = []
    length, since = 0, None
    first = min(active, default=today)
    cursor = today if today in active else today - _DAY
    while cursor >= first:
        if cursor in active:
            length, since = length + 1, cursor
            excused += pending
            pending = []
        else:
            used[cursor.year, cursor.month] += 1
            if used[cursor.year, cursor.month] > GRACE_DAYS:
                break
            pending.append(cursor)
        cursor -= _DAY
    spent = sum((day.year, day.month) == (today.year, today.month) for day in excused) if length else 0
    return Streak(length, since, tuple(sorted(excused)), GRACE_DAYS - spent)


def active_days(acts: Iterable[Act]) -> set[date]:
    """Return the days on which something was finished."""
    return {act.day for act in acts if act.finished}


def longest_streak(days: Iterable[date], today: date) -> int:
    """Return the most days that any streak up to ``today`` had, by the same rule as `streak`."""
    active = sorted({day for day in days if day <= today})
    return max((streak(active, end).days for end in active), default=0)


def by_day(acts: Iterable[Act]) -> dict[date, Tally]:
    """Return what was done on each day that has anything, in order of days."""
    found: dict[date, list[Act]] = defaultdict(list)
    for act in acts:
        found[act.day].append(act)
    return {day: tally(found[day]) for day in sorted(found)}


def diary(acts: Iterable[Act]) -> dict[str, tuple[int, float]]:
    """Return (finished acts, minutes) by ISO date, small enough to cache as JSON.

    What a day holds depends on the events of that day alone, so a cached diary is kept up to date by replacing
    the days that changed.
    """
    return {day.isoformat(): (total.acts, total.minutes) for day, total in by_day(acts).items()}


def by_kind(acts: Iterable[Act]) -> dict[str, Tally]:
    """Return what was done by kind of act, the most frequent first."""
    found: dict[str, list[Act]] = defaultdict(list)
    for act in acts:
        found[act.kind].append(act)
    totals = {kind: tally(own) for kind, own in found.items()}
    return dict(sorted(totals.items(), key=lambda item: (-item[1].acts, item[0])))


def monday(day: date) -> date:
    """Return the Monday of the week of ``day`` (ISO 8601)."""
    return day - timedelta(days=day.weekday())


def week_goal(acts: Iterable[Act], today: date, goal: int) -> WeekGoal:
    """Return what was done since Monday against ``goal`` finished acts."""
    start = monday(today)
    return WeekGoal(start, tally(act for act in acts if start <= act.day <= today), goal)


def week_bars(acts: Iterable[Act], today: date, weeks: int = 12) -> list[tuple[date, Tally]]:
    """Return (Monday, what was done) of the last ``weeks`` weeks, this week last; empty weeks included."""
    found: dict[date, list[Act]] = defaultdict(list)
    for act in acts:
        if act.day <= today:
            found[monday(act.day)].append(act)
    starts = (monday(today) - timedelta(weeks=back) for back in range(weeks - 1, -1, -1))
    return [(start, tally(found[start])) for start in starts]


def heatmap(acts: Iterable[Act], today: date, weeks: int = 53) -> list[list[Tally | None]]:
    """Return seven rows (Monday first) of ``weeks`` columns, this week last; None for days after today."""
    days = by_day(acts)
    start = monday(today) - timedelta(weeks=weeks - 1)
    grid: list[list[Tally | None]] = []
    for weekday in range(7):
        row = (start + timedelta(weeks=week, days=weekday) for week in range(weeks))
        grid.append([days.get(day, Tally()) if day <= today else None for day in row])
    return grid


def heat_level(total: Tally) -> int:
    """Return how dark a day is drawn, 0 (nothing) to 4 (seven acts or more)."""
    return sum(total.acts >= bound for bound in (1, 2, 4, 7))
