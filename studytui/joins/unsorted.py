"""What was read or finished but is not in the learner's own words yet (article 1: do not learn and forget)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from studytui.errors import StudyError
from studytui.i18n import _
from studytui.joins.following import FEW, Content, Stale, follow
from studytui.journal import Event
from studytui.text import clean_line

if TYPE_CHECKING:
    from studytui.joins.courses import Enrolment
    from studytui.learning.courses import Lesson
    from studytui.notes.note import Note
    from studytui.study import Study

READING = ("article.read", "article.sorted", "article.noted")
SORTED = "lesson.sorted"
_NOT_OWN_WORDS = ("topic", "map", "course")


@dataclass(frozen=True)
class Waiting:
    """One thing to sort out: an article's id, or a lesson as ``"<course path>\\n<lesson>"``; since when it waits."""

    kind: Literal["article", "lesson"]
    subject: str
    title: str
    since: datetime
    detail: str


class Unsorted:
    """The pile of what was gone through without a note about it."""

    def __init__(self, study: Study) -> None:
        self._study = study

    def all(self, courses: Sequence[Enrolment] | None = None) -> list[Waiting]:
        """Return what waits, newest first: articles opened without a note, finished lessons without one."""
        found = self.articles() + self.lessons(
            self._study.learning.courses.all() if courses is None else courses
        )
        return sorted(found, key=lambda item: (-item.since.timestamp(), item.subject))

    def articles(self) -> list[Waiting]:
        """Return the articles that were opened and have no note."""
        study = self._study
        waiting = follow(study.workspace, study.journal, "unsorted", _moments, self._all_articles, self._take)
        summaries = study.library.summaries(list(waiting))
        return [
            Waiting("article", found.id, found.heading, waiting[found.id], found.feed) for found in summaries
        ]

    def _all_articles(self) -> Content:
        return {"articles": _opened(self._study.library.events(*READING))}

    def _take(self, content: Content, events: Sequence[Event]) -> Content:
        touched = {event.subject for event in events if event.kind in READING}
        if len(touched) > FEW:
            raise Stale
        waiting = {one: at for one, at in content["articles"].items() if one not in touched}
        for one in touched:
            waiting |= _opened(self._study.library.events(*READING, subject=one))
        return {"articles": waiting}

    def lessons(self, courses: Iterable[Enrolment]) -> list[Waiting]:
        """Return the finished lessons that have no note of the learner's own."""
        notes = OwnNotes(self._study.notes())
        settled = {
            event.subject for event in self._study.library.events(SORTED) if event.data.get("value", True)
        }
        zone = self._study.clock.now().tzinfo
        return [
            Waiting(
                "lesson",
                enrolment.subject(lesson),
                lesson.title,
                datetime.combine(lesson.finished, time(), zone)
                if lesson.finished
                else _when(enrolment, lesson),
                enrolment.title,
            )
            for enrolment in courses
            for lesson in enrolment.lessons
            if enrolment.state(lesson) == "done"
            and enrolment.subject(lesson) not in settled
            and notes.about(enrolment, lesson) is None
        ]

    def settle(self, subject: str) -> Event:
        """Record that there is nothing to keep of an article or a lesson; raises StudyError when it does not wait."""
        waiting = {item.subject: item for item in self.all()}
        if subject not in waiting:
            raise StudyError(
                _("“{name}” is not waiting to be sorted out.").format(name=clean_line(subject, 80)),
                _("What waits is listed by: studytui unsorted"),
            )
        item = waiting[subject]
        kind = SORTED if item.kind == "lesson" else "article.sorted"
        return self._study.journal.append(kind, subject=subject, title=item.title)


class OwnNotes:
    """The learner's own notes, to be found by the lesson they are about."""

    def __init__(self, notes: Iterable[Note]) -> None:
        self._notes = [
            note
            for note in notes
            if note.problem is None and not note.lang and note.kind not in _NOT_OWN_WORDS
        ]

    def about(self, enrolment: Enrolment, lesson: Lesson) -> Note | None:
        """Return the note about a lesson: one that names it in its front matter, or one that the lesson links to.

        A link to a topic of the map is reading matter, not the learner's own words.
        """
        for course in (enrolment.title, enrolment.path):
            if found := self._by_lesson.get((_key(course), _key(lesson.title))):
                return found
        links = (
            self._by_name.get(_key(link.rpartition("/")[2].removesuffix(".md"))) for link in lesson.links
        )
        return next(filter(None, links), None)

    @cached_property
    def _by_lesson(self) -> dict[tuple[str, str], Note]:
        from studytui.learning.explain import unlinked

        return {
            (_key(unlinked(str(note.front.get("course") or ""))), _key(str(note.front["lesson"]))): note
            for note in self._notes
            if '"lesson"' in note.front_json and note.front.get("lesson")
        }

    @cached_property
    def _by_name(self) -> dict[str, Note]:
        return {_key(name): note for note in self._notes for name in (*note.aliases, note.stem, note.title)}


def _key(name: str) -> str:
    return name.casefold().strip()


def _moments(content: Content) -> dict[str, datetime]:
    return {one: datetime.fromisoformat(at) for one, at in content["articles"].items()}


def _opened(events: Iterable[Event]) -> dict[str, str]:
    """Return the articles that were opened last and neither sorted nor noted, with when that was."""
    opened: dict[str, str] = {}
    noted: dict[str, object] = {}
    for event in events:
        if event.kind == "article.noted":
            noted[event.subject] = event.data.get("note")
        elif (
            event.kind == "article.read"
            and event.data.get("value", True)
            and event.data.get("by") == "reading"
        ):
            opened[event.subject] = event.at
        else:
            opened.pop(event.subject, None)
    return {one: at for one, at in opened.items() if not noted.get(one)}


def _when(enrolment: Enrolment, lesson: Lesson) -> datetime:
    recorded = enrolment.known.recorded.get(lesson.key)
    return datetime.fromisoformat(recorded.at) if recorded else datetime.fromtimestamp(0).astimezone()
