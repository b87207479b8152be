"""What is waiting in each area, gathered for the agenda.

An area joins in by one function that yields what is due, and its name in `DAILY` when that hangs on the notes,
the journal and the day alone, else in `GATHERERS`.  The latter are asked whenever Today is shown, so they must cost
no more than what changed since the last time (see `studytui.joins.following`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from studytui.agenda import Due, Today, Week, counts, order, put_off
from studytui.errors import StudyError
from studytui.i18n import _
from studytui.joins.cards import SECONDS_A_CARD
from studytui.joins.remembered import remembered

if TYPE_CHECKING:
    from studytui.joins.courses import Enrolment
    from studytui.joins.unsorted import Waiting
    from studytui.learning.courses import Lesson
    from studytui.learning.windows import Window
    from studytui.study import Study

LESSON_MINUTES = 10.0  # for a lesson that does not say how long it takes
EVENT_DAYS = 3  # before an event its questions come due
_DAY, _WEEK = timedelta(days=1), 7


@dataclass(frozen=True)
class Asked:
    """What every gatherer is given: the workspace, the moment, and what several of them need."""

    study: Study
    now: datetime

    @cached_property
    def courses(self) -> list[Enrolment]:
        """The courses, read once."""
        return self.study.learning.courses.all()


Gather = Callable[[Asked], Iterator[Due]]


def look(study: Study) -> Today:
    """Gather what waits in every area and order it; an area that cannot be read is left out, not fatal."""
    now = study.clock.now()
    asked = Asked(study, now)
    candidates = [*_daily(asked), *(due for gather in GATHERERS for due in _safely(gather, asked))]
    events = study.library.events("agenda.later", "agenda.skipped", since=now - _DAY)
    waiting = put_off(((event.kind, event.subject, event.moment) for event in events), now)
    window = _window(study, now)
    left = window.minutes_left(now) if window else None
    week, streak, grace = _kept_up(study)
    return Today(
        now,
        window.label if window else "",
        left,
        tuple(order(candidates, left, waiting)),
        counts(candidates),
        week,
        streak,
        grace,
    )


def _daily(asked: Asked) -> list[Due]:
    """Return what the daily gatherers yield, remembered when all of them could be asked."""
    try:
        return remembered(asked.study, asked.now, lambda: [due for gather in DAILY for due in gather(asked)])
    except StudyError:
        return [due for gather in DAILY for due in _safely(gather, asked)]


def _safely(gather: Gather, asked: Asked) -> list[Due]:
    try:
        return list(gather(asked))
    except StudyError:
        return []


def _window(study: Study, now: datetime) -> Window | None:
    """Return the time window; broken settings are reported where they are changed, Today goes on without."""
    from studytui.learning.windows import window_at

    try:
        return window_at(study.settings.windows, now)
    except StudyError:
        return None


def _kept_up(study: Study) -> tuple[Week, int, int]:
    """Return this week, the streak in days, and the grace days left."""
    diary = study.learning.diary
    try:
        streak = diary.streak()
        return diary.week(), streak.days, streak.grace_left
    except StudyError:
        return Week(), 0, 0


def _cards(asked: Asked) -> Iterator[Due]:
    """The stack of cards that today's limits leave."""
    found = asked.study.learning.cards.counts()
    if found.proposed:
        minutes = found.proposed * SECONDS_A_CARD / 60
        because = ""
        if found.away:
            because = _("Welcome back. A small stack to begin with, what is most at risk first.")
        kind = "cards" if found.due else "new cards"
        yield Due(kind, "cards", "", minutes=minutes, count=found.proposed, because=because)


def _lessons(asked: Asked) -> Iterator[Due]:
    """Every lesson under way or due, and the next lesson of each course that was begun (of one, when none was)."""
    fresh: list[Due] = []
    begun = False
    today = asked.now.date()
    for enrolment in asked.courses:
        due_now = [lesson for lesson in enrolment.open_lessons if lesson.due and lesson.due <= today]
        for lesson in enrolment.open_lessons:
            if enrolment.state(lesson) == "doing":
                yield _lesson("lesson under way", enrolment, lesson)
            elif lesson in due_now:
                yield _next_lesson(enrolment, lesson, "due", asked.now)
        found = enrolment.next(today)
        if found is None or found[1] in ("doing", "due"):
            continue
        upcoming = _next_lesson(enrolment, *found, asked.now)
        if enrolment.progress.done:
            begun = True
            yield upcoming
        else:
            fresh.append(upcoming)
    if not begun:
        yield from fresh[:1]


def _next_lesson(enrolment: Enrolment, lesson: Lesson, reason: str, now: datetime) -> Due:
    if reason == "due" and lesson.due is not None:
        late = (now.date() - lesson.due).days
        because = _("You wanted it done by {day}.").format(day=lesson.due.isoformat())
        return _lesson("lesson", enrolment, lesson, 1 + late / _WEEK, because)
    because = _("You marked it to be taken again.") if reason == "again" else ""
    return _lesson("lesson", enrolment, lesson, because=because)


def _lesson(kind: str, enrolment: Enrolment, lesson: Lesson, lateness: float = 0.0, because: str = "") -> Due:
    from studytui.learning.durations import minutes

    return Due(
        kind,
        enrolment.subject(lesson),
        lesson.title,
        minutes(lesson.duration) or LESSON_MINUTES,
        lateness,
        detail=enrolment.title,
        because=because,
    )


def _unsorted_lessons(asked: Asked) -> Iterator[Due]:
    """What was finished but no note says in the learner's own words."""
    return _unsorted(asked, asked.study.learning.unsorted.lessons(asked.courses))


def _unsorted_articles(asked: Asked) -> Iterator[Due]:
    """What was read but no note says in the learner's own words."""
    return _unsorted(asked, asked.study.learning.unsorted.articles())


def _unsorted(asked: Asked, waiting: Iterable[Waiting]) -> Iterator[Due]:
    for item in waiting:
        late = max(0.0, (asked.now - item.since) / _DAY)
        yield Due("unsorted", item.subject, item.title, minutes=5, lateness=late, detail=item.detail)


def _sites(asked: Asked) -> Iterator[Due]:
    """The sites without a feed whose visit is due."""
    for site, visited in asked.study.sites():
        lateness = 0.0 if visited is None else (asked.now - visited - site.interval) / site.interval
        if lateness >= 0:
            yield Due("site", site.name, site.name, minutes=10, lateness=lateness, detail=site.address)


def _people(asked: Asked) -> Iterator[Due]:
    """The people it is time to be in touch with, each with what to open with."""
    for person, standing in asked.study.people.due():
        question = person.last_question
        opening = question.text if question else person.next_step
        yield Due("person", person.path, person.name, minutes=10, lateness=standing.lateness, detail=opening)


def _events(asked: Asked) -> Iterator[Due]:
    """The events of the next days that lack questions, and those that nobody met is noted for."""
    today = asked.now.date()
    for event in asked.study.people.events():
        away = (event.day - today).days if event.day else EVENT_DAYS + 1
        phase = event.phase(today)
        if phase == "prepare" and away <= EVENT_DAYS:
            act = _("Write three questions for “{title}”").format(title=event.title)
            yield Due("event", event.path, act, 10, EVENT_DAYS - away, detail=event.place)
        elif phase == "ask":
            act = _("Note whom you met at “{title}”").format(title=event.title)
            yield Due("event", event.path, act, 10, EVENT_DAYS - away, detail=event.place)


def _practice(asked: Asked) -> Iterator[Due]:
    """The self-checks of the month, the trials to close and the next steps of the practice records."""
    for waiting in asked.study.practice.waiting():
        late = (asked.now.date() - waiting.day).days / _WEEK
        subject = f"{waiting.tool}\n{waiting.text}"
        yield Due("practice", subject, waiting.text, 10, late, detail=waiting.name)


def _articles(asked: Asked) -> Iterator[Due]:
    """The newest unread article, standing for all of them."""
    newest = asked.study.library.articles(unread=True, limit=1)
    if newest:
        count = asked.study.library.count(unread=True)
        yield Due("article", newest[0].id, newest[0].heading, minutes=5, count=count, detail=newest[0].feed)


# The areas that are asked; the order makes no difference, the agenda's rule orders what they yield.
DAILY: tuple[Gather, ...] = (_lessons, _people, _events, _unsorted_lessons, _practice)
GATHERERS: tuple[Gather, ...] = (_cards, _unsorted_articles, _sites, _articles)
