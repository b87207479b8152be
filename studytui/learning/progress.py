"""How far a course is, what is next, what a lesson cost, and what the year may cost."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from studytui.learning.courses import Course, Lesson
from studytui.learning.durations import minutes
from studytui.learning.taskline import State

Measure = Literal["count", "time"]


@dataclass(frozen=True)
class Progress:
    """Lessons by state.

    ``total`` leaves skipped lessons out; ``percent`` is a whole number, 100 only when nothing is left.
    """

    todo: int
    doing: int
    again: int
    done: int
    skipped: int
    total: int
    percent: int
    minutes_done: float
    minutes_total: float


def progress(
    course: Course, states: Mapping[str, State] | None = None, measure: Measure = "count"
) -> Progress:
    """Return the progress of ``course``; ``states`` (lesson key to state) overrides what the note says.

    By time, a lesson without a duration weighs nothing, and a lesson whose sub-lessons have durations weighs
    what they weigh; a course without any duration is measured by count.
    """
    lessons = [(lesson, state_of(lesson, states)) for lesson in course.lessons]
    tally = {state: sum(found == state for _, found in lessons) for state in _ORDER}
    weights = weigh(course)
    counted = [(weights[lesson.line], state) for lesson, state in lessons if state != "skipped"]
    time_total = sum(weight for weight, _ in counted)
    time_done = sum(weight for weight, state in counted if state == "done")
    part, whole = (tally["done"], len(counted))
    percent = _percent(time_done, time_total) if measure == "time" and time_total else _percent(part, whole)
    return Progress(
        tally["todo"],
        tally["doing"],
        tally["again"],
        tally["done"],
        tally["skipped"],
        whole,
        percent,
        time_done,
        time_total,
    )


def state_of(lesson: Lesson, states: Mapping[str, State] | None) -> State:
    """Return the state of ``lesson`` in ``states``, else the one its mark shows."""
    return lesson.state if states is None else states.get(lesson.key, lesson.state)


def weigh(course: Course) -> dict[int, float]:
    """Return minutes by lesson line; a parent's own time counts only when none of its sub-lessons has any."""
    own = {lesson.line: minutes(lesson.duration) for lesson in course.lessons}
    timed = {line for line, weight in own.items() if weight}
    for lesson in reversed(course.lessons):  # sub-lessons stand below their parent, so they come first
        if lesson.parent is not None and lesson.line in timed:
            own[lesson.parent] = 0.0
            timed.add(lesson.parent)
    return own


def next_lesson(
    course: Course, today: date, states: Mapping[str, State] | None = None
) -> tuple[Lesson, str] | None:
    """Return the lesson to take up and why: "doing", "due", "again" or "todo"; None when all is finished.

    What is under way comes before what is due by ``today``, that before the first open lesson in order.  A
    lesson with open sub-lessons waits for them.
    """
    open_lessons = [
        lesson for lesson in course.lessons if state_of(lesson, states) not in ("done", "skipped")
    ]
    parents = {lesson.parent for lesson in open_lessons}
    ready = [lesson for lesson in open_lessons if lesson.line not in parents]
    doing = [lesson for lesson in ready if state_of(lesson, states) == "doing"]
    if doing:
        return doing[0], "doing"
    due = [lesson for lesson in ready if lesson.due is not None and lesson.due <= today]
    if due:
        return min(due, key=lambda lesson: (lesson.due or today, lesson.line)), "due"
    return (ready[0], state_of(ready[0], states)) if ready else None


def cost_per_lesson(course: Course, states: Mapping[str, State] | None = None) -> float | None:
    """Return price / finished lessons in the course's currency; None without a price or a finished lesson."""
    done = sum(state_of(lesson, states) == "done" for lesson in course.lessons)
    return None if course.price is None or not done else course.price / done


@dataclass(frozen=True)
class YearBudget:
    """What the courses of one year cost: money by currency, planned hours, and what remains of the limits."""

    year: int
    spent: Mapping[str, float]
    hours_planned: float
    money_left: Mapping[str, float]
    hours_left: float | None


def year_budget(
    courses: Iterable[Course],
    year: int,
    money: Mapping[str, float] | None = None,
    hours: float | None = None,
) -> YearBudget:
    """Return the budget of ``year``; a course counts in the year of its ``bought`` or ``date`` front matter.

    ``money`` gives the limit by currency, ``hours`` the limit of planned study hours; what is left may be
    negative.  Currencies are never converted.
    """
    spent: dict[str, float] = {}
    planned = 0.0
    for course in courses:
        if course.bought is None or course.bought.year != year:
            continue
        planned += course.hours or 0.0
        if course.price:
            spent[course.currency] = spent.get(course.currency, 0.0) + course.price
    left = {currency: limit - spent.get(currency, 0.0) for currency, limit in (money or {}).items()}
    return YearBudget(year, spent, planned, left, None if hours is None else hours - planned)


_ORDER: tuple[State, ...] = ("todo", "doing", "again", "done", "skipped")


def _percent(part: float, whole: float) -> int:
    if not whole:
        return 0
    return 100 if part >= whole else min(99, int(100 * part / whole + 0.5))
