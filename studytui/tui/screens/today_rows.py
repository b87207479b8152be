"""What the Today screen shows, as rows and lines: no widgets, no commands."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from studytui.agenda import Due, Today, Week, act, kind_name, week_words, why
from studytui.i18n import _, language, ngettext
from studytui.tui.widgets.line_list import Row

WEEKDAYS = "一二三四五六日"
BAR = 10
# As many acts as leave room for everything else on a screen of 24 lines.
ROWS = 13
# Which kinds get a second and a third line while there is room: people with their last question come first.
_WIDENED = ("person", "site", "lesson under way", "unsorted", "practice", "lesson")
_MOST_OF_A_KIND = 3


def key_of(due: Due) -> str:
    """Return what a row about ``due`` is known by."""
    return f"{due.kind}\n{due.subject}"


def today_rows(today: Today) -> list[Row]:
    """Return the one next act, and below it what else waits: a line a kind, more of some while there is room."""
    if today.next is None:
        return []
    rest = _chosen(today.queue[1:])
    rows = [Row("", (_("Now"),), "heading"), _row(today, today.next, counted=True, look="strong")]
    if rest:
        rows.append(Row("", (_("After that"),), "heading"))
    told = {today.next.kind}
    for due in rest:
        fits = today.minutes_left is None or due.minutes <= today.minutes_left
        rows.append(_row(today, due, counted=due.kind not in told, look="" if fits else "muted"))
        told.add(due.kind)
    return rows


def _chosen(queue: Sequence[Due]) -> list[Due]:
    """Return the first of each kind in the order of the queue, and more of some kinds while there is room."""
    by_kind: dict[str, list[Due]] = {}
    for due in queue:
        by_kind.setdefault(due.kind, []).append(due)
    taken = dict.fromkeys(by_kind, 1)
    for _round in range(_MOST_OF_A_KIND - 1):
        for kind in _WIDENED:
            if sum(taken.values()) < ROWS and taken.get(kind, 0) < len(by_kind.get(kind, ())):
                taken[kind] += 1
    return [due for kind, found in by_kind.items() for due in found[: taken[kind]]]


def _row(today: Today, due: Due, *, counted: bool, look: str) -> Row:
    """Return one act behind the name of its kind and how many of that kind wait."""
    said = act(due)
    if due.kind == "person" and due.detail:
        said = f"{said}: {due.detail}"
    count = str(today.counts.get(due.kind, due.count)) if counted else ""
    return Row(key_of(due), (kind_name(due.kind) if counted else "", count, said), look)


def reason(due: Due) -> str:
    """Return why an act is proposed, what it belongs to, and how long it takes."""
    about = ngettext("About {n} minute.", "About {n} minutes.", max(1, round(due.minutes)))
    detail = due.detail if due.kind != "person" else ""
    return "  ·  ".join(filter(None, (why(due), detail, about.format(n=max(1, round(due.minutes))))))


def day_line(now: datetime, window: str, minutes_left: float | None) -> str:
    """Return the date in words and the time window with what is left of it."""
    if language() == "zh":
        day = f"{now.year}年{now.month}月{now.day}日 周{WEEKDAYS[now.weekday()]} {now:%H:%M}"
    else:
        day = f"{now:%A, %-d %B %Y, %H:%M}"
    if minutes_left is None:
        return day
    minutes = max(1, round(minutes_left))
    left = ngettext("{n} minute left", "{n} minutes left", minutes).format(n=minutes)
    return f"{day}  ·  {window}  {left}"


def week_line(week: Week, streak: int, grace: int) -> str:
    """Return this week against its goal, and the streak."""
    filled = min(BAR, week.acts * BAR // week.goal) if week.goal else 0
    bar = "━" * filled + "─" * (BAR - filled)
    return f"{_('This week')} {bar} " + "  ·  ".join(week_words(week, streak, grace))
