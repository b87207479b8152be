"""What the Courses screen shows, as rows and as pages: no widgets, no commands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING

from studytui.i18n import _, ngettext
from studytui.text import clean_line
from studytui.tui.widgets.line_list import Row

if TYPE_CHECKING:
    from studytui.joins.courses import Enrolment
    from studytui.joins.unsorted import OwnNotes
    from studytui.learning.courses import Lesson
    from studytui.learning.progress import YearBudget
    from studytui.learning.reconcile import Question
    from studytui.learning.taskline import State
    from studytui.study import Study

# The mark of a lesson in the list is the one its note has.
MARKS: Mapping[State, str] = {"todo": "[ ]", "doing": "[/]", "done": "[x]", "skipped": "[-]", "again": "[>]"}
LOOKS: Mapping[State, str] = {"done": "muted", "skipped": "muted", "doing": "strong", "again": "warning"}
BAR = 8


@dataclass(frozen=True)
class Shelf:
    """All courses by path, what the year's courses cost, the learner's own notes, and what day it is."""

    courses: Mapping[str, Enrolment] = field(default_factory=dict)
    budget: YearBudget | None = None
    notes: OwnNotes | None = None
    today: date = date.min


def gather(study: Study) -> Shelf:
    """Return the courses as they are now."""
    from studytui.joins.unsorted import OwnNotes

    courses = study.learning.courses
    found = courses.all()
    return Shelf(
        {enrolment.path: enrolment for enrolment in found},
        courses.budget(found),
        OwnNotes(study.notes()),
        study.clock.now().date(),
    )


def course_rows(shelf: Shelf) -> list[Row]:
    """Return one line a course: per cent, a bar, a question mark when something has to be settled, the title."""
    rows = []
    for enrolment in shelf.courses.values():
        percent = enrolment.progress.percent
        filled = round(percent * BAR / 100)
        title = ("? " if enrolment.questions else "") + enrolment.title
        rows.append(
            Row(
                enrolment.path,
                (f"{percent}%", "━" * filled + "─" * (BAR - filled), title),
                "warning" if enrolment.questions else "",
            )
        )
    return rows


def lesson_rows(enrolment: Enrolment, today: date) -> list[Row]:
    """Return the modules and their lessons: the mark, the day it is due, the title."""
    asked = {question.lesson.key for question in enrolment.questions}
    rows: list[Row] = []
    for module in enrolment.course.modules:
        if module.title:
            rows.append(Row("", ("", "", module.title), "heading"))
        rows += [_lesson_row(enrolment, lesson, today, lesson.key in asked) for lesson in module.lessons]
    return rows


def _lesson_row(enrolment: Enrolment, lesson: Lesson, today: date, asked: bool) -> Row:
    state = enrolment.state(lesson)
    is_open = state not in ("done", "skipped")
    due = f"{lesson.due:%m-%d}" if lesson.due and is_open else ""
    late = is_open and lesson.due is not None and lesson.due <= today
    title = "  " * lesson.depth + ("? " if asked else "") + lesson.title
    return Row(lesson.key, (MARKS[state], due, title), "warning" if late or asked else LOOKS.get(state, ""))


# --- pages --------------------------------------------------------------------------------------------------


def course_page(enrolment: Enrolment, shelf: Shelf) -> str:
    """Return what is known of a course: progress, money and time, what is next, questions."""
    course = enrolment.course
    lines = [f"# {plain(course.title)}", "", _progress(enrolment), ""]
    about = [course.provider and plain(course.provider), course.url and f"<{course.url}>"]
    lines += [" · ".join(filter(None, about)), ""] if any(about) else []
    lines += [*_money(enrolment, shelf), *_next(enrolment, shelf.today), *_unsettled(enrolment)]
    lines += _questions(enrolment)
    return "\n".join(lines)


def _progress(enrolment: Enrolment) -> str:
    found = enrolment.progress
    said = _("{done} of {total} lessons, {percent} %").format(
        done=found.done, total=found.total, percent=found.percent
    )
    if enrolment.percent_by_time is not None:
        said += "  ·  " + _("by time {percent} % ({done} of {total})").format(
            percent=enrolment.percent_by_time,
            done=_hours(found.minutes_done),
            total=_hours(found.minutes_total),
        )
    return said


def _hours(minutes: float) -> str:
    if minutes < 90:
        return _("{n} min").format(n=round(minutes))
    return _("{n} h").format(n=f"{minutes / 60:.1f}".removesuffix(".0"))


def _money(enrolment: Enrolment, shelf: Shelf) -> list[str]:
    course, parts = enrolment.course, []
    if course.price is not None:
        parts.append(_("Price {sum}").format(sum=amount(course.price, course.currency)))
        cost = enrolment.cost_per_lesson
        if cost:
            parts.append(_("{sum} per finished lesson").format(sum=amount(cost, course.currency)))
    if course.hours is not None:
        parts.append(_("{n} hours planned").format(n=f"{course.hours:g}"))
    lines = ["  ·  ".join(parts), ""] if parts else []
    year = _year(shelf.budget)
    return [*lines, year, ""] if year else lines


def _year(budget: YearBudget | None) -> str:
    """Return what this year's courses cost, and what the limits leave."""
    if budget is None:
        return ""
    parts = []
    for currency in dict.fromkeys([*budget.spent, *budget.money_left]):
        spent, left = budget.spent.get(currency, 0.0), budget.money_left.get(currency)
        if left is not None:
            limit = amount(spent + left, currency)
            parts.append(_("{spent} of {limit}").format(spent=amount(spent, currency), limit=limit))
        elif spent:
            parts.append(amount(spent, currency))
    if budget.hours_planned or budget.hours_left is not None:
        planned = f"{budget.hours_planned:g}"
        if budget.hours_left is not None:
            parts.append(
                _("{n} of {limit} hours").format(
                    n=planned, limit=f"{budget.hours_planned + budget.hours_left:g}"
                )
            )
        else:
            parts.append(_("{n} hours").format(n=planned))
    return (
        _("All courses of {year}: {parts}").format(year=budget.year, parts=_(", ").join(parts))
        if parts
        else ""
    )


def amount(money: float, currency: str) -> str:
    """Return a sum of money as people write it."""
    return f"{money:,.2f}".removesuffix(".00") + (f" {currency}" if currency else "")


def _next(enrolment: Enrolment, today: date) -> list[str]:
    found = enrolment.next(today)
    if found is None:
        return [_("Everything is done."), ""] if enrolment.lessons else []
    lesson, why = found
    reasons = {
        "doing": _("under way"),
        "due": _("due {day}").format(day=lesson.due),
        "again": _("to be taken again"),
        "todo": _("next in order"),
    }
    return [_("Next: **{title}** ({why})").format(title=plain(lesson.title), why=reasons[why]), ""]


def _unsettled(enrolment: Enrolment) -> list[str]:
    lines = []
    if enrolment.questions:
        n = len(enrolment.questions)
        said = ngettext(
            "{n} lesson was changed outside; c asks about it.",
            "{n} lessons were changed outside; c asks about them.",
            n,
        ).format(n=n)
        lines += [f"**{said}**", ""]
    if enrolment.missing:
        lines += [_("Done before, and not in the note any more (kept, in case they come back):"), ""]
        lines += [f"- {plain(record.title)}" for record in enrolment.missing] + [""]
    return lines


def _questions(enrolment: Enrolment) -> list[str]:
    asked = [(lesson, question) for lesson in enrolment.lessons for question in lesson.questions]
    if not asked:
        return []
    lines = [f"## {_('Your questions')}", ""]
    return lines + [f"- {plain(question)} *({plain(lesson.title)})*" for lesson, question in asked]


def lesson_page(enrolment: Enrolment, lesson: Lesson, shelf: Shelf) -> str:
    """Return a lesson: its days, its own text, its link, and the learner's note about it."""
    lines = [f"# {plain(lesson.title)}", ""]
    days = "  ·  ".join(_days(enrolment, lesson))
    lines += [f"*{days}*", ""] if days else []
    # Two blanks at a line's end keep the lesson's own lines apart.
    lines += [lesson.text.replace("\n", "  \n"), ""]
    if lesson.url:
        lines += [f"<{lesson.url}>", ""]
    note = shelf.notes.about(enrolment, lesson) if shelf.notes else None
    if note is not None:
        lines += [_("Your note: {link}").format(link=f"[[{note.stem}]]")]
    elif enrolment.state(lesson) == "done":
        lines += ["---", "", _("Not yet in your own words; w writes a note.")]
    return "\n".join(lines)


def _days(enrolment: Enrolment, lesson: Lesson) -> list[str]:
    parts = []
    if lesson.duration:
        parts.append(_duration(lesson.duration))
    words = (
        (lesson.started, _("begun {day}")),
        (lesson.finished, _("done {day}")),
        (lesson.skipped, _("skipped {day}")),
        (lesson.due, _("due {day}")),
    )
    return parts + [word.format(day=day.isoformat()) for day, word in words if day is not None]


def _duration(duration: timedelta) -> str:
    return _("{n} min").format(n=f"{duration.total_seconds() / 60:.0f}")


def question_text(question: Question) -> str:
    """Return what is asked about a lesson that was changed outside."""
    words = {
        "doing": _("under way"),
        "done": _("done"),
        "skipped": _("skipped"),
        "again": _("to be taken again"),
    }
    known = words.get(question.recorded.state, question.recorded.state)
    if question.kind == "unticked":
        return _("“{lesson}” was {state}, but its note shows an empty box.").format(
            lesson=clean_line(question.lesson.title, 80), state=known
        )
    return _("Is “{lesson}” the lesson that was called “{before}” ({state})?").format(
        lesson=clean_line(question.lesson.title, 60),
        before=clean_line(question.recorded.title, 60),
        state=known,
    )


def answers_to(question: Question) -> tuple[str, str]:
    """Return the two answers to a question: keep the progress, and do not."""
    if question.kind == "unticked":
        return _("Keep the progress"), _("Begin it anew: the empty box is right")
    return _("Yes, it is the same lesson"), _("No, it is another one")


def plain(text: str) -> str:
    """Escape what Markdown would take for formatting, on one line."""
    return "".join("\\" + c if c in r"\`*_{}[]()#+-.!<>|~=" else c for c in clean_line(text, 300))


def no_courses() -> str:
    return _(
        "A course is a list of lessons that you tick off.\na makes one from a list that you paste.\n"
        "For example the contents of a course page, one lesson a line."
    )


def no_lessons() -> str:
    return _("This course has no lessons yet.\ne edits its note.\n- [ ] First lesson (10min)")
