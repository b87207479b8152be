"""Shell commands for learning: courses and lessons."""

from __future__ import annotations

import click

from studytui.cli.base import DONE, Desk, StudyCommand, pass_desk
from studytui.cli.output import print_json, print_line, print_table
from studytui.i18n import N_, _

_JSON = click.option("--json", "as_json", is_flag=True, help=N_("Print JSON for programs."))
STATES = ("todo", "doing", "done", "skipped", "again")


@click.command(cls=StudyCommand)
@click.argument("course", required=False)
@_JSON
@pass_desk
def courses(desk: Desk, course: str | None, as_json: bool) -> int:
    """List the courses with their progress, or the lessons of one."""
    if course is not None:
        return _lessons(desk, course, as_json)
    rows = [(course, course.progress) for course in desk.study.learning.courses.all()]
    if as_json:
        print_json(
            [
                {
                    "path": course.path,
                    "title": course.title,
                    "done": done.done,
                    "total": done.total,
                    "percent": done.percent,
                }
                for course, done in rows
            ]
        )
    else:
        print_table(
            ((f"{done.percent:3d} %", f"{done.done}/{done.total}", course.title) for course, done in rows),
            _("No courses yet. A course is a note with “kind: course” and lesson lines “- [ ] …”."),
        )
    return DONE


def _lessons(desk: Desk, wanted: str, as_json: bool) -> int:
    found = desk.study.learning.courses.find(wanted)
    lessons = list(enumerate(found.lessons, 1))
    if as_json:
        print_json(
            [
                {
                    "number": number,
                    "module": lesson.module,
                    "title": lesson.title,
                    "state": found.state(lesson),
                }
                for number, lesson in lessons
            ]
        )
        return DONE
    marks = {"todo": " ", "doing": "/", "done": "x", "skipped": "-", "again": ">"}
    print_table(
        ((str(number), f"[{marks[found.state(lesson)]}]", lesson.title) for number, lesson in lessons),
        _("No lessons yet."),
    )
    return DONE


@click.command(cls=StudyCommand, help=N_("Change the state of a lesson, named by its title or number."))
@click.argument("course")
@click.argument("lesson")
@click.option("--state", type=click.Choice(STATES), required=True, help=N_("The lesson's new state."))
@pass_desk
def lesson(desk: Desk, course: str, lesson: str, state: str) -> int:
    """Change the state of a lesson, named by its title or number."""
    courses = desk.study.learning.courses
    opened = courses.find(course)
    courses.set_state(opened, opened.course.lesson(lesson), state)  # type: ignore[arg-type]
    done = courses.find(opened.path).progress
    print_line(f"{opened.title}: {done.done}/{done.total} ({done.percent} %)")
    return DONE


COMMANDS = (courses, lesson)
