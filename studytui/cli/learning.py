"""Shell commands for learning: courses and lessons, and what is not yet sorted out.

Cards and explaining are in `studytui.cli.remember`, what was done when in `studytui.cli.diary`.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from studytui.cli import diary, remember
from studytui.cli.base import DONE, Desk, StudyCommand, StudyGroup, pass_desk
from studytui.cli.output import print_json, print_line, print_table
from studytui.errors import StudyError
from studytui.i18n import N_, _

if TYPE_CHECKING:
    from studytui.joins.courses import Enrolment
    from studytui.joins.unsorted import Waiting
    from studytui.learning.reconcile import Question

_JSON = click.option("--json", "as_json", is_flag=True, help=N_("Print JSON for programs."))
STATES = ("todo", "doing", "done", "skipped", "again")
MARKS = {"todo": " ", "doing": "/", "done": "x", "skipped": "-", "again": ">"}


@click.command(cls=StudyCommand)
@click.argument("course", required=False)
@_JSON
@pass_desk
def courses(desk: Desk, course: str | None, as_json: bool) -> int:
    """List the courses with their progress, or the lessons of one.

    JSON: path, title, done, total, percent; of a lesson: number, module, title, state, due, minutes.
    """
    if course is not None:
        return _lessons(desk.study.learning.courses.find(course), as_json)
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
            _("No courses yet. Make one from a list of lessons: studytui course new TITLE"),
        )
    return DONE


def _lessons(found: Enrolment, as_json: bool) -> int:
    from studytui.learning.durations import minutes

    lessons = list(enumerate(found.lessons, 1))
    if as_json:
        print_json(
            [
                {
                    "number": number,
                    "module": lesson.module,
                    "title": lesson.title,
                    "state": found.state(lesson),
                    "due": lesson.due.isoformat() if lesson.due else None,
                    "minutes": round(minutes(lesson.duration), 1) or None,
                }
                for number, lesson in lessons
            ]
        )
        return DONE
    print_table(
        (
            (str(n), f"[{MARKS[found.state(one)]}]", one.due.isoformat() if one.due else "", one.title)
            for n, one in lessons
        ),
        _("No lessons yet."),
    )
    if found.questions:
        print_line(_("Lessons were changed outside. Say what became of them: studytui course settle COURSE"))
    return DONE


@click.command(
    cls=StudyCommand,
    help=N_("Change the state of a lesson, named by its title or number, or write a note about it."),
)
@click.argument("course")
@click.argument("lesson")
@click.option("--state", type=click.Choice(STATES), help=N_("The lesson's new state."))
@click.option("--point", default="", help=N_("Your note, first line: the point."))
@click.option("--words", default="", help=N_("Your note, second line: in my own words."))
@click.option("--use", default="", help=N_("Your note, third line: how I will use it."))
@pass_desk
def lesson(desk: Desk, course: str, lesson: str, state: str | None, point: str, words: str, use: str) -> int:
    """Change the state of a lesson, named by its title or number, or write a note about it."""
    if state is None and not (point or words or use):
        raise click.UsageError(
            _("Give a state with --state, or lines for a note with --point, --words, --use.")
        )
    found = desk.study.learning.courses
    opened = found.find(course)
    named = opened.course.lesson(lesson)
    if state is not None:
        found.set_state(opened, named, state)  # type: ignore[arg-type]
    if point or words or use:
        fresh = found.find(opened.path)
        note, made = found.note_about(
            fresh, fresh.course.lesson(named.title), point=point, words=words, use=use
        )
        if not made:
            raise StudyError(
                _("“{title}” has a note already; nothing was written.").format(title=named.title),
                _("Open it: studytui note edit {path}").format(path=note.path),
            )
        click.echo(desk.study.workspace.notes / note.path)
    done = found.find(opened.path).progress
    print_line(f"{opened.title}: {done.done}/{done.total} ({done.percent} %)")
    return DONE


@click.group("course", cls=StudyGroup, help=N_("Make courses and look after their lessons."))
def course_group() -> None:
    """Hold the commands about one course."""


_PRICE = click.option("--price", default="", help=N_("The price with its currency: “199 CNY”."))


@course_group.command("new")
@click.argument("title")
@click.option(
    "--from",
    "file",
    type=click.Path(path_type=Path, allow_dash=True),
    default="-",
    help=N_("A file with the lessons, one a line; without it they are read from standard input."),
)
@_PRICE
@click.option("--hours", type=click.FloatRange(0), help=N_("How many hours you plan for it."))
@click.option("--provider", default="", help=N_("Who offers it."))
@click.option("--url", default="", help=N_("Its address."))
@pass_desk
def course_new(
    desk: Desk, title: str, file: Path, price: str, hours: float | None, provider: str, url: str
) -> int:
    """Make a course from a list of lessons and print the path of its note."""
    if str(file) == "-":
        if sys.stdin.isatty():
            click.echo(_("Paste the lessons, one a line; Ctrl+D ends the list."), err=True)
        text = sys.stdin.buffer.read().decode("utf-8", "replace")
    else:
        text = _text_of(file)
    note = desk.study.learning.courses.create(
        text, title=title, price=price, hours=hours, provider=provider, url=url
    )
    click.echo(desk.study.workspace.notes / note.path)
    return DONE


@course_group.command("import", help=N_("Make a course from a CSV, Markdown or text file."))
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--title", default="", help=N_("The title; without it, the one in the file or its name."))
@_PRICE
@pass_desk
def course_import(desk: Desk, file: Path, title: str, price: str) -> int:
    """Make a course from a file and print the path of its note."""
    note = desk.study.learning.courses.import_file(file, title, price)
    click.echo(desk.study.workspace.notes / note.path)
    return DONE


@course_group.command("due")
@click.argument("course")
@click.argument("lesson")
@click.argument("day")
@pass_desk
def course_due(desk: Desk, course: str, lesson: str, day: str) -> int:
    """Set the day by which a lesson should be done: 2026-12-01, 12-01, +7, or - for none."""
    from studytui.joins.courses import parse_due

    found = desk.study.learning.courses
    opened = found.find(course)
    named = opened.course.lesson(lesson)
    due = parse_due(day, desk.study.clock.now().date())
    found.set_due(opened, named, due)
    print_line(f"{named.title}: {due.isoformat() if due else '-'}")
    return DONE


@course_group.command("ask")
@click.argument("course")
@click.argument("lesson")
@click.argument("question")
@pass_desk
def course_ask(desk: Desk, course: str, lesson: str, question: str) -> int:
    """Write a question of yours under a lesson."""
    found = desk.study.learning.courses
    opened = found.find(course)
    named = opened.course.lesson(lesson)
    found.ask(opened, named, question)
    print_line(_("Kept under “{lesson}”.").format(lesson=named.title))
    return DONE


@course_group.command("settle")
@click.argument("course")
@click.argument("lesson", required=False)
@click.option(
    "--keep/--anew", "keep", default=None, help=N_("Keep the progress of this lesson, or begin it anew.")
)
@_JSON
@pass_desk
def course_settle(desk: Desk, course: str, lesson: str | None, keep: bool | None, as_json: bool) -> int:
    """List the lessons that were changed outside, or say what became of one.

    JSON: lesson, question ("unticked": its box was emptied; "renamed": it may be the one called before), before,
    state.
    """
    found = desk.study.learning.courses
    opened = found.find(course)
    if lesson is None:
        return _list_questions(opened, as_json)
    if keep is None:
        raise click.UsageError(_("Say --keep or --anew."))
    named = opened.course.lesson(lesson)
    question = next((one for one in opened.questions if one.lesson.key == named.key), None)
    if question is None:
        raise StudyError(
            _("Nothing has to be settled about “{lesson}”.").format(lesson=named.title),
            _("The questions are listed by: studytui course settle COURSE"),
        )
    found.answer(opened, question, keep)
    print_line(f"{named.title}: {found.find(opened.path).state(named)}")
    return DONE


def _list_questions(opened: Enrolment, as_json: bool) -> int:
    if as_json:
        print_json([_question_row(question) for question in opened.questions])
        return DONE
    print_table(
        ((one.lesson.title, one.recorded.title, one.recorded.state) for one in opened.questions),
        _("Nothing has to be settled here."),
    )
    return DONE


def _question_row(question: Question) -> dict[str, Any]:
    return {
        "lesson": question.lesson.title,
        "question": question.kind,
        "before": question.recorded.title,
        "state": question.recorded.state,
    }


@click.command(cls=StudyCommand, help=N_("List what was read or finished without a note about it."))
@click.option("--settle", metavar="ID", help=N_("Take one out of the list: there is nothing to keep of it."))
@_JSON
@pass_desk
def unsorted(desk: Desk, settle: str | None, as_json: bool) -> int:
    """List what is not yet in the learner's own words.

    JSON: kind (article, lesson), id (of a lesson its course's path and its title, a newline between), title,
    since, from.
    """
    pile = desk.study.learning.unsorted
    waiting = pile.all()
    if settle is not None:
        item = _named(waiting, settle)
        pile.settle(item.subject)
        print_line(_("Nothing to keep of “{title}”. Undo it with: studytui undo").format(title=item.title))
        return DONE
    if as_json:
        print_json([_waiting_row(item) for item in waiting])
        return DONE
    print_table(
        (
            (str(n), item.since.strftime("%Y-%m-%d"), _kind(item), item.title)
            for n, item in enumerate(waiting, 1)
        ),
        _("Everything you read or finished is in your own words, or needs none."),
    )
    return DONE


def _kind(item: Waiting) -> str:
    return {"article": _("article"), "lesson": _("lesson")}[item.kind]


def _named(waiting: list[Waiting], name: str) -> Waiting:
    """Return what ``name`` means: its number in the list, an article's id, or a title."""
    if name.isdecimal() and 1 <= int(name) <= len(waiting):
        return waiting[int(name) - 1]
    for item in waiting:
        if name in (item.subject, item.title):
            return item
    raise StudyError(
        _("“{name}” is not waiting to be sorted out.").format(name=name),
        _("What waits is listed by: studytui unsorted"),
    )


def _waiting_row(item: Waiting) -> dict[str, Any]:
    return {
        "kind": item.kind,
        "id": item.subject,
        "title": item.title,
        "since": item.since.isoformat(timespec="seconds"),
        "from": item.detail,
    }


def _text_of(file: Path) -> str:
    try:
        return file.read_text("utf-8-sig", "replace")
    except OSError as error:
        raise StudyError(
            _("Could not read {path}: {reason}.").format(path=file, reason=error.strerror),
            _("Check the name of the file."),
        ) from error


COMMANDS = (courses, lesson, course_group, unsorted, *remember.COMMANDS, *diary.COMMANDS)
