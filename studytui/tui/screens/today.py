"""Today: the day, the one next act and why, and what else is waiting; never taller than 80x24."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from textual.widget import Widget

from studytui.agenda import KINDS, Due, Today, act, why
from studytui.i18n import _, language, ngettext
from studytui.tui.screens.base import StudyScreen
from studytui.tui.widgets.line_list import Column, LineList, Row
from studytui.tui.widgets.plain import Plain

if TYPE_CHECKING:
    from datetime import datetime

# Where an act is done: kind of what is due -> area.
ROOMS = {
    "cards": "review",
    "lesson under way": "courses",
    "lesson": "courses",
    "person": "people",
    "unsorted": "read",
    "practice": "practice",
    "site": "read",
    "article": "read",
}
WEEKDAYS = "一二三四五六日"


class TodayScreen(StudyScreen):
    """The first screen: what to do now."""

    SCOPE = "today"
    AREA = "today"
    DEFAULT_CSS: ClassVar[str] = """
    TodayScreen {
        #day { height: 1; padding: 0 1; color: $muted; }
        #counts { height: auto; max-height: 3; padding: 0 1; margin-bottom: 1; }
        #why { height: auto; max-height: 3; padding: 0 1; margin-top: 1; color: $muted; }
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self.today: Today | None = None
        self.queue = LineList(
            [Column(0)],
            empty=lambda: _("Nothing is waiting.\nPress 2 to read, or 3 to take a lesson.\n2 · Read"),
            id="queue",
        )

    def body(self) -> Iterable[Widget]:
        yield Plain("", id="day")
        yield Plain("", id="counts")
        yield self.queue
        yield Plain("", id="why")

    def reload(self) -> None:
        """Gather anew what is waiting."""
        self.in_thread(self.study.today, self._show, group="today")

    def _show(self, today: Today) -> None:
        self.today = today
        self.query_one("#day", Plain).say(day_line(today.now, today.window, today.minutes_left))
        self.query_one("#counts", Plain).say(counts_line(today))
        rows = []
        if today.queue:
            rows.append(Row("", (_("Now"),), "heading"))
            rows.append(Row(_key(today.queue[0]), (act(today.queue[0]),), "strong"))
        if today.queue[1:]:
            rows.append(Row("", (_("After that"),), "heading"))
            rows.extend(Row(_key(due), (act(due),)) for due in today.queue[1:12])
        self.queue.show_rows(rows)
        self._explain(self.queue.key)

    def _due(self, key: str) -> Due | None:
        found = (due for due in (self.today.queue if self.today else ()) if _key(due) == key)
        return next(found, None)

    def _explain(self, key: str) -> None:
        due = self._due(key)
        text = "" if due is None else " ".join(filter(None, (why(due), due.detail)))
        self.query_one("#why", Plain).say(text)

    def on_line_list_highlighted(self, event: LineList.Highlighted) -> None:
        self._explain(event.key)

    async def on_line_list_opened(self, event: LineList.Opened) -> None:
        due = self._due(event.key)
        if due is not None:
            await self.desk.open_subject(ROOMS[due.kind], due.subject)

    def action_not_now(self) -> None:
        """Propose something else for an hour."""
        self._put_off(until_tomorrow=False)

    def action_skip_today(self) -> None:
        """Do not propose this again today."""
        self._put_off(until_tomorrow=True)

    def _put_off(self, *, until_tomorrow: bool) -> None:
        due = self._due(self.queue.key)
        if due is not None:
            self.in_thread(
                lambda: self.study.put_off(due, until_tomorrow=until_tomorrow),
                lambda _event: self.reload(),
                group="put off",
            )


def _key(due: Due) -> str:
    return f"{due.kind}\n{due.subject}"


def day_line(now: datetime, window: str, minutes_left: float | None) -> str:
    """Return the date in words and the time window with what is left of it."""
    if language() == "zh":
        day = f"{now.year}年{now.month}月{now.day}日 周{WEEKDAYS[now.weekday()]} {now:%H:%M}"
    else:
        day = f"{now:%A, %-d %B %Y, %H:%M}"
    if minutes_left is None:
        return day
    left = ngettext("{n} minute left", "{n} minutes left", round(minutes_left)).format(n=round(minutes_left))
    return f"{day}  ·  {window}  {left}"


def counts_line(today: Today) -> str:
    """Return what waits, in numbers; what is zero is left out."""
    words = {
        "cards": _("cards due {n}"),
        "lesson under way": _("lessons under way {n}"),
        "person": _("people to contact {n}"),
        "unsorted": _("not yet sorted out {n}"),
        "practice": _("checks due {n}"),
        "site": _("sites to visit {n}"),
        "article": _("new articles {n}"),
    }
    shown = [
        words[kind].format(n=today.counts[kind]) for kind in KINDS if kind in words and today.counts.get(kind)
    ]
    return "  ·  ".join(shown)
