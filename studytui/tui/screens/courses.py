"""Courses: the courses with their progress, the lessons of one, and what a lesson says."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from textual import on
from textual.widget import Widget

from studytui.i18n import _
from studytui.tui.screens.base import StudyScreen
from studytui.tui.widgets.line_list import Column, LineList, Row
from studytui.tui.widgets.panes import Pane, Panes
from studytui.tui.widgets.reader import Reader

if TYPE_CHECKING:
    from studytui.joins.courses import Enrolment
    from studytui.learning.courses import Lesson
    from studytui.learning.taskline import State

# The mark of a lesson in the list is the one its note has.
MARKS = {"todo": "[ ]", "doing": "[/]", "done": "[x]", "skipped": "[-]", "again": "[>]"}
LOOKS = {"done": "muted", "skipped": "muted", "doing": "strong", "again": "warning"}
BAR = 8


class CoursesScreen(StudyScreen):
    """Three panes: courses, lessons, the lesson's own text."""

    SCOPE = "courses"
    AREA = "courses"

    def __init__(self) -> None:
        super().__init__()
        self.courses = LineList(
            [Column(5, right=True), Column(BAR + 2, shown_from=36), Column(0)],
            empty=_no_courses,
            id="courses",
        )
        self.lessons = LineList([Column(4), Column(0)], empty=_no_lessons, id="lessons")
        self.reader = Reader(id="lesson")
        self.found: dict[str, Enrolment] = {}
        self._wanted: str | None = None

    def body(self) -> Iterable[Widget]:
        yield Panes(
            Pane(self.courses, lambda: _("Courses"), weight=3),
            Pane(self.lessons, lambda: _("Lessons"), weight=4),
            Pane(self.reader, lambda: _("Lesson"), weight=4),
        )

    @property
    def panes(self) -> Panes:
        """The three panes."""
        return self.query_one(Panes)

    @property
    def course(self) -> Enrolment | None:
        """The marked course."""
        return self.found.get(self.courses.key)

    @property
    def lesson(self) -> Lesson | None:
        """The marked lesson."""
        course, key = self.course, self.lessons.key
        return next((lesson for lesson in course.lessons if lesson.key == key), None) if course else None

    def reload(self) -> None:
        """Read the courses anew; the marks stay where they are."""
        self.in_thread(self.study.learning.courses.all, self._show, group="courses")

    def open_subject(self, subject: str) -> None:
        """Show the lesson that Today proposed: its course's path and its title on two lines."""
        path, _newline, title = subject.partition("\n")
        self._wanted = title
        self.courses.mark(path)
        self._show_lessons()

    def _show(self, courses: list[Enrolment]) -> None:
        self.found = {course.path: course for course in courses}
        rows = []
        for course in courses:
            done = course.progress
            filled = round(done.percent * BAR / 100)
            rows.append(
                Row(course.path, (f"{done.percent}%", "━" * filled + "─" * (BAR - filled), course.title))
            )
        self.courses.show_rows(rows)
        self._show_lessons()

    @on(LineList.Highlighted, "#courses")
    def _show_lessons(self) -> None:
        course = self.course
        rows: list[Row] = []
        if course is not None:
            for module in course.course.modules:
                if module.title:
                    rows.append(Row("", ("", module.title), "heading"))
                rows += [_lesson_row(one, course.state(one)) for one in module.lessons]
        wanted, self._wanted = self._wanted, None
        select = next((row.key for row in rows if row.key and wanted and wanted in row.cells[1]), None)
        self.lessons.show_rows(rows, select=select)
        if select:
            self.panes.enter(1)
        done = sum(course.state(one) == "done" for one in course.lessons) if course else 0
        self.panes.panes[1].heading.say(f"{done}/{len(course.lessons)}" if course else "")
        self._show_lesson()

    @on(LineList.Highlighted, "#lessons")
    def _show_lesson(self) -> None:
        lesson = self.lesson
        text = ""
        if lesson is not None:
            link = f"\n\n<{lesson.url}>" if lesson.url else ""
            # Two blanks at a line's end keep the lesson's own lines apart.
            text = f"# {lesson.title}\n\n" + lesson.text.replace("\n", "  \n") + link
        self.reader.show(text, keep_place=True)

    @on(LineList.Opened, "#courses")
    def _course_opened(self) -> None:
        self.panes.enter(1)

    @on(LineList.Opened, "#lessons")
    def _lesson_opened(self) -> None:
        self.panes.enter(2)

    @on(Reader.LinkOpened)
    def _link_opened(self, event: Reader.LinkOpened) -> None:
        if event.link.kind == "note":
            self.desk.open_note(event.link.target)
        else:
            self.app.open_url(event.link.target)

    # --- commands -----------------------------------------------------------------------------------------

    def _set(self, state: State) -> None:
        course, lesson = self.course, self.lesson
        if course is not None and lesson is not None:
            self.in_thread(
                lambda: self.study.learning.courses.set_state(course, lesson, state),
                lambda _done: self.reload(),
                group="lesson",
            )

    def action_cycle_state(self) -> None:
        """To do, under way, done, and round again."""
        from studytui.learning.taskline import next_state

        if self.course is not None and self.lesson is not None:
            self._set(next_state(self.course.state(self.lesson)))

    def action_skip(self) -> None:
        """Skip the lesson, or take it up again."""
        if self.course is not None and self.lesson is not None:
            self._set("todo" if self.course.state(self.lesson) == "skipped" else "skipped")

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
        course, lesson = self.course, self.lesson
        if course is not None and lesson is not None:
            self.in_thread(
                lambda: self.study.learning.courses.note_about(course, lesson),
                lambda made: self.desk.edit_note(made[0].path),
                group="note",
            )

    def action_edit(self) -> None:
        """Edit the course's note."""
        if self.course is not None:
            self.desk.edit_note(self.course.path)

    def action_edit_external(self) -> None:
        """Open the course's note in $EDITOR."""
        if self.course is not None:
            self.desk.edit_externally(self.course.path)


def _lesson_row(lesson: Lesson, state: State) -> Row:
    return Row(lesson.key, (MARKS[state], "  " * lesson.depth + lesson.title), LOOKS.get(state, ""))


def _no_courses() -> str:
    return _(
        "A course is a note with “kind: course” and lesson lines “- [ ] …”.\n"
        "Press 4, then a, to write one.\nThe starter has one: studytui init"
    )


def _no_lessons() -> str:
    return _("This course has no lessons yet.\ne edits its note.\n- [ ] First lesson (10min)")
