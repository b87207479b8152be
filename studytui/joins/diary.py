"""Keeping at it: what was done on which day, this week against its goal, the streak, and every number's evidence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from studytui.agenda import Week
from studytui.i18n import _, ngettext
from studytui.joins.following import Content, follow
from studytui.journal import Event
from studytui.text import clean_line

if TYPE_CHECKING:
    from studytui.learning.acts import Act, Tally
    from studytui.learning.goals import Streak
    from studytui.study import Study

_FARTHEST_EAST = timedelta(hours=14)
SHORTEST = 0.5  # minutes; less attention than this is not worth a line


class Diary:
    """The days of the learner, worked out from the journal."""

    def __init__(self, study: Study) -> None:
        self._study = study

    def days(self) -> dict[date, tuple[int, float]]:
        """Return (finished acts, minutes) of every day with anything, at the price of the days that changed."""
        study = self._study
        return follow(study.workspace, study.journal, "diary", _days, self._all_days, self._take)

    def _all_days(self) -> Content:
        from studytui.learning.goals import diary

        return {"days": diary(self.acts())}

    def _take(self, content: Content, events: Sequence[Event]) -> Content:
        from studytui.learning.acts import KINDS
        from studytui.learning.goals import diary

        changed = {event.moment.date() for event in events if event.kind in KINDS}
        if changed:
            acts = self.acts(since=min(changed))
            fresh = diary(act for act in acts if act.day in changed)
            kept = {
                day: sums for day, sums in content["days"].items() if date.fromisoformat(day) not in changed
            }
            content = {"days": dict(sorted((kept | fresh).items()))}
        return content

    def acts(self, since: date | None = None) -> list[Act]:
        """Return what was done, oldest first; ``since`` leaves out the days before."""
        from studytui.learning.acts import KINDS, finished_acts

        if since is None:
            return finished_acts(self._study.library.events(*KINDS))
        begin = datetime.combine(since, time(), UTC) - _FARTHEST_EAST
        events = self._study.library.events(*KINDS, since=begin)
        return finished_acts(event for event in events if event.moment.date() >= since)

    def week(self) -> Week:
        """Return this week against its goal."""
        from studytui.learning.goals import monday

        today, settings = self._study.clock.now().date(), self._study.settings
        start = monday(today)
        found = [sums for day, sums in self.days().items() if start <= day <= today]
        return Week(
            sum(acts for acts, _minutes in found),
            settings.week_goal,
            sum(minutes for _acts, minutes in found),
            settings.week_minutes,
        )

    def streak(self) -> Streak:
        """Return the streak that reaches today."""
        from studytui.learning.goals import streak

        active = (day for day, (acts, _minutes) in self.days().items() if acts)
        return streak(active, self._study.clock.now().date())

    def spend(self, act: str, subject: str, minutes: float) -> None:
        """Record time spent on something under way; less than half a minute is not worth a line."""
        if minutes >= SHORTEST:
            self._study.journal.append("time.spent", subject=subject, act=act, minutes=round(minutes, 1))

    def behind(self, total: Tally, acts: Iterable[Act]) -> list[Act]:
        """Return those of ``acts`` that a number is made of, oldest first."""
        events = set(total.events)
        return [act for act in acts if not events.isdisjoint(act.events)]

    def titles(self) -> dict[str, str]:
        """Return the title of every note by its path, for naming acts."""
        return {note.path: note.title for note in self._study.vault.notes()}

    def name(self, act: Act, titles: dict[str, str]) -> str:
        """Return an act in words: what was done, and about what."""
        subject, _newline, lesson = act.subject.partition("\n")
        what = clean_line(lesson or titles.get(subject, "") or self._article(act) or subject, 120)
        if act.kind == "cards":
            count = len(act.events)
            return ngettext("{n} answer to cards", "{n} answers to cards", count).format(n=count)
        if not act.finished and act.kind == "lesson":
            return _("Worked on the lesson “{title}”").format(title=what)
        return {
            "lesson": _("Finished the lesson “{title}”"),
            "explain": _("Explained “{title}”"),
            "note": _("Wrote the note “{title}”"),
            "person": _("Was in touch with {title}"),
            "site": _("Visited {title}"),
            "article": _("Read “{title}”"),
        }.get(act.kind, _("Worked on “{title}”")).format(title=what or _(act.kind))

    def _article(self, act: Act) -> str:
        if act.kind != "article":
            return ""
        found = self._study.library.summaries([act.subject])
        return found[0].heading if found else ""


def _days(content: Content) -> dict[date, tuple[int, float]]:
    return {
        date.fromisoformat(day): (int(acts), float(spent)) for day, (acts, spent) in content["days"].items()
    }


def kind_name(kind: str) -> str:
    """Return what acts of a kind are called together."""
    return {
        "lesson": _("Lessons"),
        "explain": _("Explaining"),
        "cards": _("Cards"),
        "note": _("Notes"),
        "person": _("People"),
        "site": _("Sites"),
        "article": _("Reading"),
    }.get(kind, _("Practice") if kind.startswith("practice") else kind)
