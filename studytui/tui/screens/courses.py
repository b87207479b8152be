"""Courses: the courses with their progress, the lessons of one, and what a course or a lesson says."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from textual import on
from textual.widget import Widget

from studytui.errors import StudyError
from studytui.i18n import _
from studytui.joins.courses import parse_due
from studytui.tui.screens.base import StudyScreen
from studytui.tui.screens.courses_rows import (
    Shelf,
    answers_to,
    course_page,
    course_rows,
    gather,
    lesson_page,
    lesson_rows,
    no_courses,
    no_lessons,
    question_text,
)
from studytui.tui.screens.three_lines import Lines, ThreeLines
from studytui.tui.widgets.line_list import Column, LineList
from studytui.tui.widgets.panes import Pane, Panes
from studytui.tui.widgets.prompt import AskLine, Choice, Pick, Picked
from studytui.tui.widgets.reader import Reader

if TYPE_CHECKING:
    from studytui.joins.courses import Enrolment
    from studytui.learning.courses import Lesson
    from studytui.learning.reconcile import Question
    from studytui.learning.taskline import State
    from studytui.notes.note import Note


class CoursesScreen(StudyScreen):
    """Three panes: courses, lessons, and a page about the course or the lesson."""

    SCOPE = "courses"
    AREA = "courses"

    def __init__(self) -> None:
        super().__init__()
        self.courses = LineList(
            [Column(5, right=True), Column(10, shown_from=36), Column(0)], empty=no_courses, id="courses"
        )
        self.lessons = LineList(
            _lesson_columns(()), empty=lambda: no_lessons() if self.course else "", id="lessons"
        )
        self.reader = Reader(id="lesson")
        self.shelf = Shelf()
        self._wanted: tuple[str, str] | None = None
        self._asked: set[tuple[str, str]] = set()
        self._settling = False

    def body(self) -> Iterable[Widget]:
        yield Panes(
            Pane(self.courses, lambda: _("Courses"), weight=3),
            Pane(self.lessons, lambda: _("Lessons"), weight=4),
            Pane(self.reader, self._page_title, weight=4),
        )

    @property
    def panes(self) -> Panes:
        """The three panes."""
        return self.query_one(Panes)

    def _page_title(self) -> str:
        return _("Course") if self._about_course else _("Lesson")

    @property
    def _about_course(self) -> bool:
        """Whether the page tells of the course, because the courses have the focus."""
        return self.panes.active == 0

    @property
    def course(self) -> Enrolment | None:
        """The marked course."""
        return self.shelf.courses.get(self.courses.key)

    @property
    def lesson(self) -> Lesson | None:
        """The marked lesson."""
        course, key = self.course, self.lessons.key
        return next((lesson for lesson in course.lessons if lesson.key == key), None) if course else None

    def under_way(self) -> tuple[str, str] | None:
        """Reading a lesson is time spent on it."""
        course, lesson = self.course, self.lesson
        if course is None or lesson is None or self.panes.active != 2:
            return None
        return "lesson", course.subject(lesson)

    def reload(self) -> None:
        """Read the courses anew; the marks stay where they are."""
        self.in_thread(lambda: gather(self.study), self._show, group="courses")

    def open_subject(self, subject: str) -> None:
        """Show the lesson that Today proposed: its course's path and its title on two lines."""
        path, _newline, title = subject.partition("\n")
        self._wanted = (path, title)
        self.reload()

    def _show(self, shelf: Shelf) -> None:
        self.shelf = shelf
        wanted, self._wanted = self._wanted, None
        path, title = wanted or ("", "")
        self.courses.show_rows(course_rows(shelf), select=path if path in shelf.courses else None)
        self._show_lessons(title)
        if self._settling:
            self._settling = False
            self._ask_unasked()

    @on(LineList.Highlighted, "#courses")
    def _course_marked(self) -> None:
        self._show_lessons()

    def _show_lessons(self, wanted: str = "") -> None:
        course = self.course
        rows = lesson_rows(course, self.shelf.today) if course else []
        lessons = course.lessons if course else ()
        select = next((one.key for one in lessons if wanted and one.title == wanted), None)
        self.lessons.columns = _lesson_columns(lessons)
        self.lessons.show_rows(rows, select=select)
        if select:
            self.panes.enter(1)
        done = course.progress if course else None
        self.panes.panes[1].heading.say(f"{done.done}/{done.total}" if done else "")
        self._show_page()

    @on(LineList.Highlighted, "#lessons")
    def _show_page(self) -> None:
        course, lesson = self.course, self.lesson
        text = ""
        if course is not None and (self._about_course or lesson is None):
            text = course_page(course, self.shelf)
        elif course is not None and lesson is not None:
            text = lesson_page(course, lesson, self.shelf)
        self.panes.panes[2].heading.refresh()
        self.reader.show(text, keep_place=text == self.reader.markdown)

    def on_descendant_focus(self) -> None:
        """The page follows the pane that has the focus."""
        self._show_page()

    @on(LineList.Opened, "#courses")
    def _course_opened(self) -> None:
        self.panes.enter(1)
        self._ask_unasked()

    @on(LineList.Opened, "#lessons")
    def _lesson_opened(self) -> None:
        self.panes.enter(2)

    # --- states -------------------------------------------------------------------------------------------

    def _marked(self) -> tuple[Enrolment, Lesson] | None:
        """Return the marked lesson with its course; say so when none is."""
        course, lesson = self.course, self.lesson
        if course is None or lesson is None:
            self.notify(_("Mark a lesson first."))
            return None
        return course, lesson

    def _set(self, choose: Callable[[State], State]) -> None:
        marked = self._marked()
        if marked is None:
            return
        course, lesson = marked
        before, state = course.state(lesson), choose(course.state(lesson))

        def written(_done: object) -> None:
            self.reload()
            own = self.shelf.notes.about(course, lesson) if self.shelf.notes else None
            if state == "done" and before != "done" and own is None:
                self.ask(ThreeLines(lesson.title), lambda lines: self._keep(course, lesson, lines))

        self.in_thread(
            lambda: self.study.learning.courses.set_state(course, lesson, state), written, group="lesson"
        )

    def _keep(self, course: Enrolment, lesson: Lesson, lines: Lines) -> None:
        """Keep the three lines as a note about the lesson."""
        courses = self.study.learning.courses

        def work() -> tuple[Note, bool]:
            fresh = courses.find(course.path)
            return courses.note_about(fresh, fresh.course.lesson(lesson.title), **lines._asdict())

        def kept(answer: tuple[Note, bool]) -> None:
            self.notify(_("Kept in the note “{title}”.").format(title=answer[0].title))
            self.reload()

        self.in_thread(work, kept, group="note")

    def action_cycle_state(self) -> None:
        """To do, under way, done, and round again."""
        from studytui.learning.taskline import next_state

        self._set(next_state)

    @on(Reader.EndReached)
    def _text_read(self) -> None:
        """Tick a lesson whose text is read to its end; one that is done is never taken back so."""
        marked = self._marked()
        if marked is not None and marked[0].state(marked[1]) not in ("done", "skipped"):
            self.action_cycle_state()

    def action_skip(self) -> None:
        """Skip the lesson, or take it up again."""
        self._set(lambda state: "todo" if state == "skipped" else "skipped")

    def action_take_again(self) -> None:
        """Mark the lesson to be taken once more, or not."""
        self._set(lambda state: "done" if state == "again" else "again")

    # --- other commands -----------------------------------------------------------------------------------

    def action_add(self) -> None:
        """Make a course from a pasted list of lessons."""
        from studytui.tui.screens.course_new import CourseNewScreen

        self.desk.push_screen(CourseNewScreen())

    def action_due(self) -> None:
        """Set the day by which the lesson should be done."""
        marked = self._marked()
        if marked is None:
            return
        course, lesson = marked
        prompt = AskLine(
            _("By which day should “{lesson}” be done?").format(lesson=lesson.title),
            lesson.due.isoformat() if lesson.due else "",
            hint=_("2026-12-01, 12-01, +7 for a week from now; empty for no day."),
            check=self._wrong_day,
        )
        self.ask(
            prompt,
            lambda text: self.in_thread(
                lambda: self.study.learning.courses.set_due(
                    course, lesson, parse_due(text, self.shelf.today)
                ),
                lambda _done: self.reload(),
                group="lesson",
            ),
        )

    def _wrong_day(self, text: str) -> str:
        try:
            parse_due(text, self.shelf.today)
        except StudyError as error:
            return str(error)
        return ""

    def action_ask(self) -> None:
        """Write a question under the lesson."""
        marked = self._marked()
        if marked is None:
            return
        course, lesson = marked
        self.ask(
            AskLine(_("What do you still want to know?"), placeholder=_("Why does it halve each day?")),
            lambda text: self.in_thread(
                lambda: self.study.learning.courses.ask(course, lesson, text),
                lambda _done: self.reload(),
                group="lesson",
            ),
        )

    def _ask_unasked(self) -> None:
        """Ask about the marked course what was not asked yet since the start."""
        course = self.course
        if course is not None and any(
            (course.path, one.lesson.key) not in self._asked for one in course.questions
        ):
            self.action_settle()

    def action_settle(self) -> None:
        """Ask what became of lessons that were changed outside."""
        course = self.course
        if course is None or not course.questions:
            self.notify(_("Nothing has to be settled here."))
            return
        question = next(
            (one for one in course.questions if (course.path, one.lesson.key) not in self._asked),
            course.questions[0],
        )
        self._asked.add((course.path, question.lesson.key))
        keep, drop = answers_to(question)
        prompt = Pick(
            question_text(question),
            [Choice("keep", keep), Choice("drop", drop)],
            hint=_("Esc: ask me later; until then nothing is changed."),
        )
        self.ask(prompt, lambda picked: self._answer(course, question, picked))

    def _answer(self, course: Enrolment, question: Question, picked: Picked) -> None:
        def answered(_done: object) -> None:
            self._settling = True
            self.reload()

        self.in_thread(
            lambda: self.study.learning.courses.answer(course, question, picked.key == "keep"),
            answered,
            group="lesson",
        )

    def action_next_lesson(self) -> None:
        """Go to the next lesson that is not done."""
        self._go(1)

    def action_previous_lesson(self) -> None:
        """Go to the open lesson before."""
        self._go(-1)

    def _go(self, step: int) -> None:
        course = self.course
        if course is None:
            return
        is_open = {one.key for one in course.lessons if course.state(one) not in ("done", "skipped")}
        keys = list(self.lessons.keys_shown)
        at = self.lessons.cursor
        ahead = keys[at + 1 :] if step > 0 else keys[:at][::-1]
        for key in ahead:
            if key in is_open:
                self.panes.enter(max(1, self.panes.active))
                self.lessons.mark(key)
                return
        self.notify(_("No open lesson that way."))

    def action_write_note(self) -> None:
        """Write a note about the lesson, or open the one it has."""
        if (marked := self._marked()) is not None:
            self.in_thread(
                lambda: self.study.learning.courses.note_about(*marked),
                lambda answer: self.desk.edit_note(answer[0].path),
                group="note",
            )

    def action_edit(self) -> None:
        """Edit the course's note, at the marked lesson."""
        if self.course is not None:
            line = self.lesson.line if self.lesson is not None and not self._about_course else 0
            self.desk.edit_note(self.course.path, line)

    def action_edit_external(self) -> None:
        """Open the course's note in $EDITOR."""
        if self.course is not None:
            self.desk.edit_externally(self.course.path)


def _lesson_columns(lessons: Sequence[Lesson]) -> tuple[Column, ...]:
    """Return the columns of the lessons; days have one only when some lesson has a day."""
    days = Column(5, shown_from=30 if any(lesson.due for lesson in lessons) else 1000)
    return (Column(3), days, Column(0))
