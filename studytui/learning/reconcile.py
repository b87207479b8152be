"""Progress that outlives edits in other editors: the journal's lessons matched to the note's.

A mark in the note counts, unless it is the empty one.  Where the journal knows more than an empty mark (a
lesson deleted and typed in again, an outline pasted anew), the journal's state is kept and the learner is
asked; where it is not even sure which lesson it was, nothing is credited and the learner is asked.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from studytui.journal import Event
from studytui.learning.courses import Course, Lesson, event_fields
from studytui.learning.similarity import numbers, plain, ratio
from studytui.learning.taskline import STATES, State

SURE, PLAUSIBLE, MARGIN = 0.8, 0.5, 0.1
_ORDINAL = re.compile(
    r"^\s*(?:(?:lesson|lecture|chapter|unit|week|day|part|section|module)\s*)?[#(（]?\d+(?:\.\d+)*[.)）:：、\s-]+"
    r"|^\s*第\s*[0-9一二三四五六七八九十百]+\s*[课节讲章集篇单元周]+[.:：、\s-]*",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Recorded:
    """What the journal last said of one lesson, under the names it had then."""

    title: str
    module: str
    number: int
    line: int
    state: State
    at: str

    @property
    def identity(self) -> tuple[str, str, int]:
        """Module, title and number: how events name a lesson."""
        return (self.module, self.title, self.number)


@dataclass(frozen=True)
class Question:
    """Something only the learner knows.

    "unticked": the lesson is surely ``recorded``, which was further on; did you take it back?  Until answered
    the recorded state counts.  "renamed": the lesson may be what was called ``recorded``; until answered it
    counts as what the note shows.
    """

    kind: Literal["unticked", "renamed"]
    lesson: Lesson
    recorded: Recorded


@dataclass(frozen=True)
class Reconciled:
    """A course seen through the journal; ``states`` and ``recorded`` are by lesson key.

    ``missing`` are lessons with progress that are in the note no more: kept, in case they come back.
    """

    states: Mapping[str, State]
    recorded: Mapping[str, Recorded]
    questions: tuple[Question, ...]
    missing: tuple[Recorded, ...]


def reconcile(course: Course, events: Iterable[Event]) -> Reconciled:
    """Return the states of a course's lessons by its marks and its ``lesson.state`` events, oldest first."""
    sure, unsure, left = _match(_replay(events), list(course.lessons))
    states = {lesson.key: lesson.state for lesson in course.lessons}
    questions = [Question("unticked", lesson, record) for lesson, record in sure if _ahead(record, lesson)]
    questions += [Question("renamed", lesson, record) for lesson, record in unsure if _ahead(record, lesson)]
    states |= {asked.lesson.key: asked.recorded.state for asked in questions if asked.kind == "unticked"}
    return Reconciled(
        states=states,
        recorded={lesson.key: record for lesson, record in sure},
        questions=tuple(sorted(questions, key=lambda question: question.lesson.line)),
        missing=tuple(record for record in left if record.state != "todo"),
    )


def answer_fields(course: Course, question: Question, keep: bool) -> tuple[State, dict[str, Any]]:
    """Return (state to write into the note, fields of the ``lesson.state`` event) for an answered question.

    ``keep`` means "yes, that progress belongs to this lesson".  The event remembers the answer, so that the
    question is not asked again.
    """
    lesson, recorded = question.lesson, question.recorded
    state = recorded.state if keep else lesson.state
    fields = event_fields(course, lesson, lesson.state, state)
    return state, _renamed(fields, recorded) if keep else fields


def with_former_name(fields: dict[str, Any], reconciled: Reconciled, lesson: Lesson) -> dict[str, Any]:
    """Return event ``fields`` that also say what ``lesson`` was called when the journal last saw it."""
    recorded = reconciled.recorded.get(lesson.key)
    return fields if recorded is None else _renamed(fields, recorded)


def claim_events(courses: Sequence[Course], events: Iterable[Event]) -> dict[str, list[Event]]:
    """Return the ``lesson.state`` events of each course by its path, oldest first.

    Events of a note that is gone (renamed outside) go to the course without events of its own that has most
    of the recorded lessons, at least half of them.
    """
    by_subject: dict[str, list[Event]] = defaultdict(list)
    for event in events:
        if event.kind == "lesson.state":
            by_subject[event.subject].append(event)
    claimed = {course.path: by_subject.pop(course.path, []) for course in courses}
    for orphans in by_subject.values():
        titles = {plain(str(event.data.get("lesson", ""))) for event in orphans}
        free = [course for course in courses if not claimed[course.path]]
        shares = {
            course.path: len(titles & {plain(lesson.title) for lesson in course.lessons}) for course in free
        }
        best = max(shares, key=lambda path: shares[path], default=None)
        if best is not None and shares[best] * 2 >= len(titles):
            claimed[best] = orphans
    return claimed


def _ahead(record: Recorded, lesson: Lesson) -> bool:
    """Say whether the journal knows of progress where the note shows an empty mark."""
    return lesson.state == "todo" and record.state != "todo"


def _renamed(fields: dict[str, Any], recorded: Recorded) -> dict[str, Any]:
    if recorded.identity == _identity(fields):
        return fields
    was = {"module": recorded.module, "lesson": recorded.title, "number": recorded.number}
    return {**fields, "was": was}


def _replay(events: Iterable[Event]) -> list[Recorded]:
    """Return the last word on each lesson; an event with ``was`` takes over the lesson of that name."""
    records: dict[tuple[str, str, int], Recorded] = {}
    for event in events:
        state = event.data.get("to")
        if event.kind != "lesson.state" or state not in STATES:
            continue
        if isinstance(was := event.data.get("was"), Mapping):
            records.pop(_identity(was), None)
        module, title, number = identity = _identity(event.data)
        line = event.data.get("line")
        records[identity] = Recorded(
            title, module, number, line if isinstance(line, int) else 0, state, event.at
        )
    return list(records.values())


def _identity(data: Mapping[str, Any]) -> tuple[str, str, int]:
    number = data.get("number")
    return (
        str(data.get("module", "")),
        str(data.get("lesson", "")),
        number if isinstance(number, int) else 1,
    )


Pairs = list[tuple[Lesson, Recorded]]


def _match(records: list[Recorded], lessons: list[Lesson]) -> tuple[Pairs, Pairs, list[Recorded]]:
    """Pair records and lessons one to one: (sure pairs, plausible pairs, records left over)."""
    sure: Pairs = []
    for same in (_same_name, _same_title):
        sure += (pairs := same(records, lessons))
        lessons = [lesson for lesson in lessons if all(lesson is not taken for taken, _ in pairs)]
        records = [record for record in records if all(record is not taken for _, taken in pairs)]
    unsure: Pairs = []
    scores = [(_score(record, lesson), lesson, record) for record in records for lesson in lessons]
    scores = [item for item in scores if item[0] >= PLAUSIBLE]
    while scores:
        score, lesson, record = max(scores, key=_preference)
        rivals = [rival for rival, other, rest in scores if (other is lesson) != (rest is record)]
        clear = score - max(rivals, default=0.0) >= MARGIN
        (sure if score >= SURE and clear else unsure).append((lesson, record))
        scores = [item for item in scores if item[1] is not lesson and item[2] is not record]
        records = [other for other in records if other is not record]
    return sure, unsure, records


def _preference(item: tuple[float, Lesson, Recorded]) -> tuple[float, bool, int]:
    """Order pairs by likeness; among equals prefer the one that agrees on the state, then the nearest."""
    score, lesson, record = item
    return (score, lesson.state == record.state, -abs(lesson.line - record.line))


def _same_name(records: list[Recorded], lessons: list[Lesson]) -> Pairs:
    """Return the pairs whose module, title and number are the same to the letter."""
    named = {(lesson.module, lesson.title, lesson.number): lesson for lesson in lessons}
    return [(named[record.identity], record) for record in records if record.identity in named]


def _same_title(records: list[Recorded], lessons: list[Lesson]) -> Pairs:
    """Return the pairs that alone bear a title, in whatever module and under whatever ordinal."""
    by_title: dict[str, tuple[list[Lesson], list[Recorded]]] = defaultdict(lambda: ([], []))
    for lesson in lessons:
        by_title[_bare(lesson.title)][0].append(lesson)
    for record in records:
        by_title[_bare(record.title)][1].append(record)
    return [(theirs[0], ours[0]) for theirs, ours in by_title.values() if len(theirs) == 1 and len(ours) == 1]


def _bare(title: str) -> str:
    """Return a title without its ordinal, so that a lesson renumbered by an insertion keeps its name."""
    return plain(_ORDINAL.sub("", title, count=1)) or plain(title)


def _score(record: Recorded, lesson: Lesson) -> float:
    """Return the likeness of two titles; a shared module helps a little, other numbers make it doubtful."""
    ours, theirs = _ORDINAL.sub("", record.title), _ORDINAL.sub("", lesson.title)
    score = ratio(_bare(record.title), _bare(lesson.title), PLAUSIBLE)
    if plain(record.module) != plain(lesson.module):
        score -= 0.05
    return min(score, SURE - 0.01) if numbers(ours) != numbers(theirs) else score
