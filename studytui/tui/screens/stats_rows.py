"""What the statistics show, as rows and lines, each number with the acts it is made of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from studytui.i18n import _, language, ngettext
from studytui.joins.diary import kind_name
from studytui.tui.widgets.line_list import Row

if TYPE_CHECKING:
    from studytui.learning.acts import Act, Tally
    from studytui.learning.goals import Streak
    from studytui.learning.windows import Yield
    from studytui.study import Study

HEAT = "·░▒▓█"
BAR = 20
WEEKS, YEAR = 12, 53
_DAYS = "一二三四五六日"


@dataclass(frozen=True)
class Statistics:
    """Everything that the page shows; ``acts`` is what all numbers are made of."""

    now: datetime
    acts: Sequence[Act]
    streak: Streak
    longest: int
    days: Mapping[date, Tally]
    weeks: Sequence[tuple[date, Tally]]
    windows: Sequence[Yield]
    kinds: Mapping[str, Tally]
    heat: Sequence[Sequence[Tally | None]]
    goal: int


def gather(study: Study) -> Statistics:
    """Read the whole journal's acts and add them up."""
    from studytui.learning.goals import (
        active_days,
        by_day,
        by_kind,
        heatmap,
        longest_streak,
        streak,
        week_bars,
    )
    from studytui.learning.windows import yields

    now, acts, settings = study.clock.now(), study.learning.diary.acts(), study.settings
    today = now.date()
    past = [act for act in acts if act.day <= today]
    active = active_days(past)
    return Statistics(
        now,
        past,
        streak(active, today),
        longest_streak(active, today),
        by_day(past),
        week_bars(past, today, WEEKS),
        yields(past, settings.windows),
        by_kind(past),
        heatmap(past, today, YEAR),
        settings.week_goal,
    )


def head_lines(found: Statistics) -> str:
    """Return the streak and what the windows teach, in two lines."""
    from studytui.learning.windows import best_window

    run = found.streak
    said = ngettext("Streak {n} day", "Streak {n} days", run.days).format(n=run.days)
    said += "  ·  " + ngettext("longest {n} day", "longest {n} days", found.longest).format(n=found.longest)
    said += "  ·  " + ngettext(
        "{n} day off left this month", "{n} days off left this month", run.grace_left
    ).format(n=run.grace_left)
    best = best_window(found.windows)
    if best is None or best.window is None:
        return said + "\n" + _("After ten acts in your time windows you will see which one really yields.")
    return said + "\n" + _("Most gets done from {window}.").format(window=best.window.label)


def heat_lines(found: Statistics) -> str:
    """Return the year: seven lines of weeks, Monday first, the months above."""
    from studytui.learning.goals import heat_level

    lines = [_months(found.now.date())]
    for weekday, row in enumerate(found.heat):
        lines.append(
            _label(weekday_name(weekday))
            + "".join(" " if day is None else HEAT[heat_level(day)] for day in row)
        )
    return "\n".join(lines)


def _label(name: str) -> str:
    from studytui.text import cell_width

    return name + " " * (5 - cell_width(name))


def _months(today: date) -> str:
    """Return the line of months, each above the first week that begins in it."""
    monday = today - timedelta(days=today.weekday()) - timedelta(weeks=YEAR - 1)
    line = " " * 5
    for week in range(YEAR):
        start = monday + timedelta(weeks=week)
        if start.day <= 7 and len(line) <= week + 5:
            line = line.ljust(week + 5) + str(start.month)
    return line


def weekday_name(weekday: int) -> str:
    """Return the short name of a weekday, 0 for Monday."""
    if language() == "zh":
        return f"周{_DAYS[weekday]}"
    return (_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun"))[weekday]


def stat_rows(found: Statistics) -> tuple[list[Row], dict[str, tuple[str, Tally]]]:
    """Return the rows below the year, and by row key the heading and the number that opens its evidence."""
    rows: list[Row] = []
    numbers: dict[str, tuple[str, Tally]] = {}

    def section(title: str, items: Iterable[tuple[str, str, Tally]]) -> None:
        listed = list(items)
        rows.append(Row("", ("", "", "", title), "heading"))
        top = max([1, *(total.acts for _key, _name, total in listed)])
        for key, name, total in listed:
            numbers[key] = (name, total)
            rows.append(_number_row(key, name, total, top))

    section(_("This week"), _this_week(found))
    weeks = [(f"week:{day}", week_name(day), total) for day, total in found.weeks[::-1]]
    section(_("Weeks, goal {n}").format(n=found.goal), weeks)
    windows = [(f"window:{at}", window_name(item), item.total) for at, item in enumerate(found.windows)]
    section(_("Time windows"), windows)
    kinds = [(f"kind:{kind}", kind_name(kind), total) for kind, total in found.kinds.items()]
    if kinds:
        section(_("By kind"), kinds)
        section(_("In all"), _in_all(found))
    return rows, numbers


def _in_all(found: Statistics) -> Iterable[tuple[str, str, Tally]]:
    """Yield the streak and the year, so that the numbers above the list open their evidence too."""
    from studytui.learning.acts import tally

    if found.streak.since is not None:
        since = found.streak.since
        yield "streak", _("this streak"), tally(act for act in found.acts if act.day >= since)
    first = found.now.date() - timedelta(days=found.now.weekday(), weeks=YEAR - 1)
    yield "year", _("the year above"), tally(act for act in found.acts if act.day >= first)


def _this_week(found: Statistics) -> Iterable[tuple[str, str, Tally]]:
    from studytui.learning.acts import Tally
    from studytui.learning.goals import monday

    today = found.now.date()
    start = monday(today)
    for ahead in range(today.weekday(), -1, -1):
        day = start + timedelta(days=ahead)
        yield f"day:{day}", f"{weekday_name(ahead)} {day:%m-%d}", found.days.get(day, Tally())


def _number_row(key: str, name: str, total: Tally, top: int) -> Row:
    bar = "━" * max(bool(total.acts), round(total.acts * BAR / top))
    minutes = _("{n} min").format(n=round(total.minutes))
    return Row(key, (name, str(total.acts), minutes, bar), "" if total.acts else "muted")


def week_name(monday: date) -> str:
    """Return a week by its Monday and its ISO number."""
    return _("W{number} from {day}").format(number=f"{monday.isocalendar().week:02}", day=f"{monday:%m-%d}")


def window_name(item: Yield) -> str:
    """Return a time window as text."""
    return item.window.label if item.window is not None else _("other hours")


def act_rows(acts: Sequence[Act], names: Sequence[str]) -> list[Row]:
    """Return the evidence behind a number: when, how long, what; the newest first."""
    rows = []
    for at, (act, name) in enumerate(zip(acts, names, strict=True)):
        minutes = _("{n} min").format(n=round(act.minutes)) if act.minutes >= 1 else ""
        look = "" if act.finished else "muted"
        rows.append(Row(f"act:{at}", (act.moment.strftime("%Y-%m-%d %H:%M"), minutes, name), look))
    return rows[::-1]
