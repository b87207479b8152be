"""Courses as the notes and the journal together know them, and everything that is done with their lessons."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING, Literal

from studytui.errors import StudyError
from studytui.i18n import _
from studytui.text import clean_line

if TYPE_CHECKING:
    from studytui.journal import Event
    from studytui.learning.courses import Course, Lesson
    from studytui.learning.outline import Outline
    from studytui.learning.progress import Progress, YearBudget
    from studytui.learning.reconcile import Question, Reconciled, Recorded
    from studytui.learning.taskline import State
    from studytui.notes.note import Note
    from studytui.study import Study

FOLDER = "courses"
_SPAN = re.compile(r"\+?\s*(\d{1,3})\s*(d|w|天|日|周)?", re.IGNORECASE)
_MONTH_DAY = re.compile(r"(\d{1,2})[-/.月](\d{1,2})日?")
_BREAKS_LINKS = re.compile(r"[\[\]|#^]")


@dataclass(frozen=True)
class Enrolment:
    """A course with what the journal knows of its lessons."""

    course: Course
    known: Reconciled

    @property
    def path(self) -> str:
        """The path of the course's note."""
        return self.course.path

    @property
    def title(self) -> str:
        """The title of the course."""
        return self.course.title

    @property
    def lessons(self) -> tuple[Lesson, ...]:
        """Its lessons in the order of the note."""
        return self.course.lessons

    @property
    def questions(self) -> tuple[Question, ...]:
        """What only the learner knows, because the note was changed outside."""
        return self.known.questions

    @property
    def missing(self) -> tuple[Recorded, ...]:
        """Lessons with progress that the note does not hold any more."""
        return self.known.missing

    def state(self, lesson: Lesson) -> State:
        """Return the state of ``lesson`` by note and journal."""
        return self.known.states.get(lesson.key, lesson.state)

    @cached_property
    def progress(self) -> Progress:
        """Lessons by state, per cent by count, and the minutes they take."""
        from studytui.learning.progress import progress

        return progress(self.course, self.known.states)

    @property
    def percent_by_time(self) -> int | None:
        """Per cent of the minutes; None when no lesson has a duration."""
        from studytui.learning.progress import progress

        timed = self.progress.minutes_total > 0
        return progress(self.course, self.known.states, "time").percent if timed else None

    @property
    def cost_per_lesson(self) -> float | None:
        """The price divided by the finished lessons; None without either."""
        from studytui.learning.progress import cost_per_lesson

        return cost_per_lesson(self.course, self.known.states)

    def next(self, today: date) -> tuple[Lesson, str] | None:
        """Return the lesson to take up and why: "doing", "due", "again" or "todo"."""
        from studytui.learning.progress import next_lesson

        return next_lesson(self.course, today, self.known.states)

    @property
    def open_lessons(self) -> list[Lesson]:
        """The lessons that are neither done nor skipped; one with open sub-lessons waits for them."""
        found = [lesson for lesson in self.lessons if self.state(lesson) not in ("done", "skipped")]
        parents = {lesson.parent for lesson in found}
        return [lesson for lesson in found if lesson.line not in parents]

    def subject(self, lesson: Lesson) -> str:
        """Return what names the lesson in the journal and on Today: the course's path and the lesson's title."""
        return f"{self.path}\n{lesson.title}"


class Courses:
    """All courses of the workspace; may be called from any thread."""

    def __init__(self, study: Study) -> None:
        self._study = study
        self._lock = RLock()
        self._parsed: dict[str, tuple[str, Course]] = {}
        self._enrolled: dict[str, tuple[list[str], Enrolment]] = {}

    # --- what there is ------------------------------------------------------------------------------------

    def all(self) -> list[Enrolment]:
        """Return the courses in the screen language, by title."""
        from studytui.learning.reconcile import claim_events

        # A renamed note keeps its progress only when all courses are asked who it may have been.
        notes = [note for note in self._study.vault.notes() if note.kind == "course" and not note.problem]
        every = [course for note in notes if (course := self._parse(note)) is not None]
        shown = {note.path for note in self._study.notes()}
        claimed = claim_events(every, self._study.library.events("lesson.state"))
        enrolments = (self._enrol(course, claimed[course.path]) for course in every if course.path in shown)
        return sorted(enrolments, key=lambda found: found.title)

    def _enrol(self, course: Course, events: Sequence[Event]) -> Enrolment:
        """Match the course with its events, unless neither changed since the last time."""
        from studytui.learning.reconcile import reconcile

        ids = [event.id for event in events]
        with self._lock:
            known = self._enrolled.get(course.path)
            if known is None or known[0] != ids or known[1].course is not course:
                known = self._enrolled[course.path] = (ids, Enrolment(course, reconcile(course, events)))
            return known[1]

    def _parse(self, note: Note) -> Course | None:
        from studytui.learning.courses import parse_course

        with self._lock:
            known = self._parsed.get(note.path)
            if known is None or known[0] != note.digest:
                try:
                    opened = self._study.vault.read(note.path)
                except StudyError:  # it went between the look at the folder and now
                    return None
                course = parse_course(note.path, opened.note.title, opened.note.front, opened.source)
                known = self._parsed[note.path] = (opened.digest, course)
            return known[1]

    def find(self, wanted: str) -> Enrolment:
        """Return the course with this path, title or beginning of a title; raises StudyError."""
        courses = self.all()
        key = wanted.casefold().strip()
        exact = [one for one in courses if key in (one.path.casefold(), one.title.casefold())]
        found = exact or [one for one in courses if one.title.casefold().startswith(key)]
        if len(found) != 1:
            sentence = (
                _("More than one course begins with “{name}”.")
                if found
                else _("There is no course “{name}”.")
            )
            raise StudyError(
                sentence.format(name=clean_line(wanted, 80)),
                _("The courses are listed by: studytui courses"),
            )
        return found[0]

    def budget(self, courses: Sequence[Enrolment] | None = None) -> YearBudget:
        """Return what the courses of this year cost and what the limits leave."""
        from studytui.learning.front import money
        from studytui.learning.progress import year_budget

        settings = self._study.settings
        limits = {
            currency: amount
            for amount, currency in (money(text, None) for text in settings.budget)
            if amount is not None
        }
        found = self.all() if courses is None else courses
        return year_budget(
            (one.course for one in found),
            self._study.clock.now().year,
            limits,
            settings.budget_hours or None,
        )

    # --- what is done -------------------------------------------------------------------------------------

    def set_state(self, enrolment: Enrolment, lesson: Lesson, state: State) -> None:
        """Write the lesson's state into the course's note and the journal, as one undoable act."""
        from studytui.learning.courses import event_fields
        from studytui.learning.reconcile import with_former_name

        fields = event_fields(enrolment.course, lesson, enrolment.state(lesson), state)
        self._write(enrolment, lesson, state, with_former_name(fields, enrolment.known, lesson))

    def answer(self, enrolment: Enrolment, question: Question, keep: bool) -> None:
        """Settle a question: ``keep`` says that the recorded progress belongs to this lesson."""
        from studytui.learning.reconcile import answer_fields

        state, fields = answer_fields(enrolment.course, question, keep)
        self._write(enrolment, question.lesson, state, fields)

    def _write(
        self, enrolment: Enrolment, lesson: Lesson, state: State, fields: Mapping[str, object]
    ) -> None:
        from studytui.learning.courses import set_state

        today = self._study.clock.now().date()
        acts = [("lesson.state", fields)]
        if lesson.state == state:  # the note says so already; only the journal has to hear it
            self._study.journal.append_all(acts)
            return
        self._study.vault.edit(
            enrolment.path,
            lambda source: set_state(source.encode(), lesson, state, today).decode(),
            kind="note.lesson",
            facts={"lesson": lesson.title, "state": state},
            also=acts,
        )

    def set_due(self, enrolment: Enrolment, lesson: Lesson, due: date | None) -> None:
        """Write the day by which the lesson should be done into the course's note; None takes it away."""
        from studytui.learning.courses import set_due

        self._study.vault.edit(
            enrolment.path,
            lambda source: set_due(source.encode(), lesson, due).decode(),
            kind="note.lesson",
            facts={"lesson": lesson.title, "due": due.isoformat() if due else ""},
        )

    def ask(self, enrolment: Enrolment, lesson: Lesson, question: str) -> None:
        """Write a question of the learner's under the lesson."""
        from studytui.learning.courses import add_text

        asked = clean_line(question)
        if not asked.endswith(("?", "？")):
            asked += "?" if asked[-1:].isascii() else "？"
        self._study.vault.edit(
            enrolment.path,
            lambda source: add_text(source.encode(), lesson, asked).decode(),
            kind="note.lesson",
            facts={"lesson": lesson.title, "question": asked},
        )

    def note_about(
        self, enrolment: Enrolment, lesson: Lesson, *, point: str = "", words: str = "", use: str = ""
    ) -> tuple[Note, bool]:
        """Return the learner's note about a lesson and whether it was made just now, linked both ways.

        The three lines (the point, in my own words, how I will use it) go into a new note only.
        """
        from studytui.joins.unsorted import OwnNotes
        from studytui.learning.courses import link_note
        from studytui.notes.templates import create_from

        study = self._study
        known = OwnNotes(study.notes()).about(enrolment, lesson)
        if known is not None:
            return known, False
        values = {
            "course": enrolment.title if _BREAKS_LINKS.search(enrolment.title) else f"[[{enrolment.title}]]",
            "lesson": lesson.title,
            "point": point,
            "words": words,
            "use": use,
        }
        front = {name: values[name] for name in ("course", "lesson")}
        note = create_from(study.vault, "lesson", lesson.title, values, front=front)
        found = study.vault.get(note.stem)
        target = note.stem if found is not None and found.path == note.path else note.path.removesuffix(".md")
        study.vault.edit(
            enrolment.path,
            lambda source: link_note(source.encode(), lesson, target).decode(),
            kind="note.lesson",
            facts={"lesson": lesson.title, "note": note.path},
        )
        return note, True

    def create(
        self,
        outline: str,
        *,
        title: str = "",
        form: Literal["auto", "text", "csv"] = "auto",
        price: str = "",
        hours: float | None = None,
        provider: str = "",
        url: str = "",
    ) -> Note:
        """Write a course note from a pasted list of lessons and return it.  Raises StudyError.

        ``price`` is as people write it: "199", "¥199", "19.99 USD".
        """
        from studytui.learning.front import money
        from studytui.learning.outline import course_note, parse_outline

        parsed = parse_outline(outline, form)
        amount, currency = money(price.strip() or None, None)
        if price.strip() and amount is None:
            raise StudyError(
                _("“{text}” is not a price.").format(text=clean_line(price, 40)),
                _("Write it like this: 199 CNY"),
            )
        called = clean_line(title or parsed.title or _("New course"))
        text = course_note(
            parsed,
            title=called,
            today=self._study.clock.now().date(),
            price=amount,
            currency=currency,
            hours=hours,
            provider=provider,
            url=url,
        )
        return self._study.vault.create(called, text=text, into=FOLDER)

    def outline(self, text: str) -> Outline:
        """Return what a pasted list would become.  Raises StudyError when it holds no lesson."""
        from studytui.learning.outline import parse_outline

        return parse_outline(text)

    def import_file(self, file: Path, title: str = "", price: str = "") -> Note:
        """Write a course note from a file: CSV, Markdown, or a plain list.  Raises StudyError."""
        try:
            text = file.read_text("utf-8-sig", "replace")
        except OSError as error:
            raise StudyError(
                _("Could not read {path}: {reason}.").format(path=file, reason=error.strerror),
                _("Check the name of the file."),
            ) from error
        form: Literal["auto", "csv"] = "csv" if file.suffix.casefold() == ".csv" else "auto"
        named = title or (file.stem if form == "csv" or not self.outline(text).title else "")
        return self.create(text, title=named, form=form, price=price)


def parse_due(text: str, today: date) -> date | None:
    """Return the day that ``text`` means: 2026-12-01, 12-01 (the next one), +7, 2w, tomorrow; None for "" or "-".

    Raises StudyError for anything else.
    """
    wanted = text.strip().casefold()
    if wanted in ("", "-", "–"):
        return None
    if wanted in ("today", "tomorrow", "今天", "明天"):
        return today + timedelta(days=wanted in ("tomorrow", "明天"))
    if span := _SPAN.fullmatch(wanted):
        return today + timedelta(days=int(span[1]) * (7 if span[2] in ("w", "周") else 1))
    try:
        if near := _MONTH_DAY.fullmatch(wanted):
            day = today.replace(month=int(near[1]), day=int(near[2]))
            return day if day >= today else day.replace(year=today.year + 1)
        return date.fromisoformat(wanted)
    except ValueError:
        raise StudyError(
            _("“{text}” is not a day.").format(text=clean_line(text, 40)),
            _("Write 2026-12-01, 12-01, +7 for a week from now, or - for none."),
        ) from None
