"""Today in words and in JSON."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from studytui.agenda import Due, Today, Week, act, kind_name, week_words, why
from studytui.i18n import _


def today_row(today: Today) -> dict[str, Any]:
    """Return the documented JSON of Today."""
    return {
        "date": today.now.date().isoformat(),
        "window": today.window or None,
        "minutes_left": None if today.minutes_left is None else round(today.minutes_left),
        "week": {
            "acts": today.week.acts,
            "goal": today.week.goal,
            "minutes": round(today.week.minutes, 1),
            "minutes_goal": today.week.minutes_goal,
        },
        "streak": today.streak,
        "grace_left": today.grace,
        "next": _due_row(today.next) if today.next else None,
        "counts": dict(today.counts),
        "queue": [_due_row(due) for due in today.queue],
    }


def _due_row(due: Due) -> dict[str, Any]:
    return {
        "kind": due.kind,
        "subject": due.subject,
        "title": due.title,
        "act": act(due),
        "why": why(due),
        "minutes": round(due.minutes, 1),
        "count": due.count,
    }


def today_lines(today: Today) -> Iterator[str]:
    """Yield what Today says, a line each: the day, the next act and why, then what waits."""
    window = ""
    if today.minutes_left is not None:
        window = " · " + _("time window {window}, {n} minutes left").format(
            window=today.window, n=round(today.minutes_left)
        )
    yield today.now.strftime("%Y-%m-%d %H:%M") + window
    yield week_line(today.week, today.streak, today.grace)
    if today.next is None:
        yield _("Nothing is waiting. Add a source, a course or a note.")
        return
    yield _("Now: {act}").format(act=act(today.next))
    yield "     " + why(today.next)
    for due in today.queue[1:6]:
        yield _("Then: {act}").format(act=act(due))
    waiting = _(", ").join(f"{kind_name(kind)} {n}" for kind, n in today.counts.items() if n)
    yield _("Waiting: {what}").format(what=waiting)


def week_line(week: Week, streak: int, grace: int) -> str:
    """Return this week against its goal, and the streak, in one line."""
    return _("{label}: {text}").format(label=_("This week"), text=" · ".join(week_words(week, streak, grace)))
