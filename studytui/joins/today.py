"""What is waiting in each area, gathered for the agenda."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from studytui.agenda import Due, Today, counts, order, put_off
from studytui.errors import StudyError

if TYPE_CHECKING:
    from studytui.study import Study

Gather = Callable[["Study", datetime], Iterator[Due]]
SITE_INTERVAL = timedelta(days=7)


def look(study: Study) -> Today:
    """Gather what waits in every area and order it; an area that cannot be read is left out, not fatal."""
    from studytui.learning.windows import window_at

    now = study.clock.now()
    candidates = [
        due for gather in (_lessons, _unsorted, _sites, _articles) for due in _safely(gather, study, now)
    ]
    events = study.library.events("agenda.later", "agenda.skipped", since=now - timedelta(days=1))
    waiting = put_off(((event.kind, event.subject, event.moment) for event in events), now)
    window = window_at(study.settings.windows, now)
    left = window.minutes_left(now) if window else None
    return Today(
        now,
        window.label if window else "",
        left,
        tuple(order(candidates, left, waiting)),
        counts(candidates),
    )


def _safely(gather: Gather, study: Study, now: datetime) -> list[Due]:
    try:
        return list(gather(study, now))
    except StudyError:
        return []


def _lessons(study: Study, now: datetime) -> Iterator[Due]:
    """Every lesson under way, and the next lesson of each course that was begun (of one, when none was)."""
    from studytui.learning.durations import minutes
    from studytui.learning.progress import next_lesson, progress

    fresh: list[Due] = []
    begun = False
    for course in study.courses():
        for lesson in course.lessons:
            if lesson.state == "doing":
                yield _lesson(
                    "lesson under way", course.path, course.title, lesson.title, minutes(lesson.duration)
                )
        found = next_lesson(course, now.date())
        if found is None or found[1] == "doing":
            continue
        upcoming = found[0]
        due = _lesson("lesson", course.path, course.title, upcoming.title, minutes(upcoming.duration))
        if progress(course).done:
            begun = True
            yield due
        else:
            fresh.append(due)
    if not begun:
        yield from fresh[:1]


def _lesson(kind: str, path: str, course: str, title: str, length: float) -> Due:
    return Due(kind, f"{path}\n{title}", title, minutes=length or 10.0, detail=course)


def _unsorted(study: Study, now: datetime) -> Iterator[Due]:
    """What was read but no note says in the learner's own words."""
    for subject, title, since in study.unsorted():
        yield Due("unsorted", subject, title, minutes=5, lateness=(now - since) / timedelta(days=1))


def _sites(study: Study, now: datetime) -> Iterator[Due]:
    """The sites without a feed whose visit is due."""
    for site, visited in study.sites():
        every = site.every or SITE_INTERVAL
        lateness = 0.0 if visited is None else (now - visited - every) / every
        if lateness >= 0:
            yield Due("site", site.name, site.name, minutes=10, lateness=lateness, detail=site.address)


def _articles(study: Study, now: datetime) -> Iterator[Due]:
    """The newest unread article, standing for all of them."""
    newest = study.library.articles(unread=True, limit=1)
    if newest:
        count = study.library.count(unread=True)
        yield Due("article", newest[0].id, newest[0].heading, minutes=5, count=count, detail=newest[0].feed)
