"""Today: the day, the one next act and why, and what else is waiting; never taller than 80x24."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual.widget import Widget

from studytui.agenda import Due, Today
from studytui.i18n import _, ngettext
from studytui.settings import change_setting
from studytui.tui.screens.base import StudyScreen
from studytui.tui.screens.today_rows import day_line, key_of, reason, today_rows, week_line
from studytui.tui.widgets.line_list import Column, LineList
from studytui.tui.widgets.plain import Plain
from studytui.tui.widgets.prompt import AskLine

# Where an act is done: kind of what is due -> area.
ROOMS = {
    "cards": "review",
    "new cards": "review",
    "lesson under way": "courses",
    "lesson": "courses",
    "person": "people",
    "event": "people",
    "practice": "practice",
    "site": "read",
    "article": "read",
}
# The lines of the screen that are not the list: two bars, the day, the week with a blank line, the reason.
CHROME = 8
STATS = "studytui.tui.screens.stats:StatsScreen"


class TodayScreen(StudyScreen):
    """The first screen: what to do now."""

    SCOPE = "today"
    AREA = "today"
    DEFAULT_CSS: ClassVar[str] = """
    TodayScreen {
        #day { height: 1; padding: 0 1; }
        #week { height: 1; padding: 0 1; margin-bottom: 1; color: $muted; }
        #why { height: 3; padding: 1 1 0 1; color: $muted; }
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self.today: Today | None = None
        self.queue = LineList(
            [Column(18, shown_from=60), Column(5, right=True, shown_from=40), Column(0)],
            empty=self._nothing,
            id="queue",
        )

    def body(self) -> Iterable[Widget]:
        yield Plain("", id="day")
        yield Plain("", id="week")
        yield self.queue
        yield Plain("", id="why")

    def _nothing(self) -> str:
        """What an empty list says, once it is known to be empty."""
        if self.today is None:
            return ""
        return _("Nothing is waiting.\nPress 2 to read, or 3 to take a lesson.\n2 · Read")

    def on_mount(self) -> None:
        self.set_interval(60, self._minute)

    def reload(self) -> None:
        """Gather anew what is waiting, and mark the next act."""
        self.in_thread(self.study.today, self._show, group="today")

    def _minute(self) -> None:
        """Let the clock on the screen go on; the marked line stays where the learner put it."""
        if self.app.screen is self:
            self.in_thread(self.study.today, lambda today: self._show(today, follow=False), group="today")

    def _show(self, today: Today, follow: bool = True) -> None:
        fresh = follow and (self.today is None or self.today.next != today.next)
        self.today = today
        self.query_one("#day", Plain).say(day_line(today.now, today.window, today.minutes_left))
        self.query_one("#week", Plain).say(week_line(today.week, today.streak, today.grace))
        first = key_of(today.next) if today.next and fresh else None
        self.queue.show_rows(today_rows(today), select=first)
        self._fit()
        self._explain(self.queue.key)

    def on_resize(self) -> None:
        self._fit()

    def _fit(self) -> None:
        """Let the reason follow the list closely, and keep it in sight on a small screen."""
        room = max(3, self.size.height - CHROME)
        self.queue.styles.height = min(self.queue.count, room) if self.queue.count else room

    def _due(self, key: str) -> Due | None:
        found = (due for due in (self.today.queue if self.today else ()) if key_of(due) == key)
        return next(found, None)

    def _explain(self, key: str) -> None:
        due = self._due(key)
        self.query_one("#why", Plain).say(reason(due) if due else "")

    def on_line_list_highlighted(self, event: LineList.Highlighted) -> None:
        self._explain(event.key)

    async def on_line_list_opened(self, event: LineList.Opened) -> None:
        due = self._due(event.key)
        if due is not None:
            await self.desk.open_subject(room(due), due.subject)

    # --- commands -----------------------------------------------------------------------------------------

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

    def action_write_note(self) -> None:
        """Write a note about the marked article or lesson, or open the one it has."""
        due = self._due(self.queue.key)
        if due is None or due.kind not in ("unsorted", "article", "lesson", "lesson under way"):
            self.notify(_("A note can be about an article or a lesson."))
            return
        self.in_thread(
            lambda: self.study.learning.note_about(due.subject),
            lambda answer: self.desk.edit_note(answer[0].path),
            group="note",
        )

    def action_settle(self) -> None:
        """Take this out of what is not sorted out yet: there is nothing to keep."""
        due = self._due(self.queue.key)
        if due is None or due.kind != "unsorted":
            self.notify(_("This is for what is not yet sorted out."))
            return

        def settled(_event: object) -> None:
            self.notify(_("Nothing to keep of “{title}”. u undoes it.").format(title=due.title))
            self.reload()

        self.in_thread(lambda: self.study.learning.unsorted.settle(due.subject), settled, group="settle")

    def action_edit(self) -> None:
        """Set the weekly goal."""
        week = self.today.week if self.today else None

        def save(text: str) -> None:
            change_setting(self.study.workspace.settings, "week_goal", int(text))
            self.notify(ngettext("{n} act a week.", "{n} acts a week.", int(text)).format(n=text))
            self.reload()

        self.ask(
            AskLine(
                _("How many acts do you want to finish a week?"),
                str(week.goal) if week and week.goal else "",
                hint=_("An act is a lesson, a note, a round of cards … Choose what a busy week allows."),
                check=lambda text: "" if text.isdecimal() and 1 <= int(text) <= 500 else _("1 to 500"),
            ),
            save,
        )

    def action_stats(self) -> None:
        """Show what was done when."""
        from studytui.tui.app import load_screen

        self.desk.push_screen(load_screen(STATS))

    def action_week(self) -> None:
        """Write the week's review, or open it; last week's change is asked about first."""
        weekly = self.study.learning.weekly

        def begin(found: tuple[bool, str]) -> None:
            written, wanted = found
            if written or not wanted:
                self._write_week("")
            else:
                self.ask(
                    AskLine(
                        _("Last week you wanted: {change}").format(change=wanted),
                        placeholder=_("What became of it?"),
                        check=lambda _text: "",
                    ),
                    self._write_week,
                )

        self.in_thread(lambda: (weekly.note() is not None, weekly.wanted_change()), begin, group="week")

    def _write_week(self, kept: str) -> None:
        def write() -> tuple[str, int]:
            """Write the note and find its last line: the change for next week goes there."""
            note, _made = self.study.learning.weekly.write(kept=kept)
            return note.path, self.study.vault.read(note.path).text.count("\n") + 1

        self.in_thread(write, lambda place: self.desk.edit_note(*place), group="week")


def room(due: Due) -> str:
    """Return the area where an act is done; what is not sorted out is an article or a lesson."""
    if due.kind == "unsorted":
        return "courses" if "\n" in due.subject else "read"
    return ROOMS[due.kind]
