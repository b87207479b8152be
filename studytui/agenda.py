"""One due-queue over all areas, the rule that orders it, and what Today shows.

The rule, in this order:

1. What was put off ("not now", "skip today") waits its time.
2. What fits into the minutes left in the time window comes before what does not; outside a window all fits.
3. Then by kind, as in `KINDS`: what fades soonest comes first.
4. Within a kind by how late it is, counted in its own pace: two days late on a three-day interval is later than
   five days late on a month.
5. Then by title, so that the order never depends on chance.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from studytui.i18n import _, ngettext

# What fades soonest comes first: memory by the day, then what was begun, then people, then what was read.  Cards
# never seen before fade not at all, so they come after the lesson that explains them.
KINDS = (
    "cards",
    "lesson under way",
    "person",
    "event",
    "unsorted",
    "practice",
    "lesson",
    "new cards",
    "site",
    "article",
)


@dataclass(frozen=True)
class Due:
    """One thing that could be done now.

    ``subject`` names it in the journal, ``minutes`` is the length one sitting takes, ``lateness`` how late it is in
    its own intervals (0.0 due just now, 1.0 a whole interval late), ``count`` how many single things it stands
    for (a stack of cards is one act), ``detail`` a second line such as a person's last question, ``because`` the
    reason in a sentence where there is a better one than its kind's.
    """

    kind: str
    subject: str
    title: str
    minutes: float = 5.0
    lateness: float = 0.0
    count: int = 1
    detail: str = ""
    because: str = ""


@dataclass(frozen=True)
class Week:
    """This week from Monday: finished acts and minutes, and how many of each were wanted (0: no such goal)."""

    acts: int = 0
    goal: int = 0
    minutes: float = 0.0
    minutes_goal: int = 0

    @property
    def reached(self) -> bool:
        """Whether every goal there is is met."""
        return self.acts >= self.goal and self.minutes >= self.minutes_goal


@dataclass(frozen=True)
class Today:
    """What the Today screen and ``studytui today`` show.

    ``window`` is the time window as "HH:MM-HH:MM" ("" outside all), ``minutes_left`` how long it still lasts (None
    outside).  ``queue`` is the ordered due-queue, ``counts`` the number of single things by kind, put off or not.
    ``week`` is this week against its goal, ``streak`` days in a row, ``grace`` how many more days of this month
    may stay empty.
    """

    now: datetime
    window: str
    minutes_left: float | None
    queue: tuple[Due, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    week: Week = Week()
    streak: int = 0
    grace: int = 0

    @property
    def next(self) -> Due | None:
        """The one act that Today proposes."""
        return self.queue[0] if self.queue else None

    def of(self, kind: str) -> tuple[Due, ...]:
        """Return the queue's entries of ``kind``, in order."""
        return tuple(due for due in self.queue if due.kind == kind)


def order(candidates: Iterable[Due], minutes_left: float | None, put_off: Iterable[str] = ()) -> list[Due]:
    """Return the due-queue: ``candidates`` by the rule above, without the subjects that were ``put_off``."""
    waiting = frozenset(put_off)
    return sorted(
        (due for due in candidates if due.subject not in waiting),
        key=lambda due: (
            minutes_left is not None and due.minutes > minutes_left,
            KINDS.index(due.kind),
            -due.lateness,
            due.title,
            due.subject,
        ),
    )


def counts(candidates: Iterable[Due]) -> dict[str, int]:
    """Return how many single things of each kind wait; every kind is present."""
    found: Counter[str] = Counter()
    for due in candidates:
        found[due.kind] += due.count
    return {kind: found[kind] for kind in KINDS}


def put_off(events: Iterable[tuple[str, str, datetime]], now: datetime) -> set[str]:
    """Return the subjects that wait, from (verb, subject, moment) of the journal.

    "later" waits an hour, "skipped" waits until the local day ends.
    """
    waiting: set[str] = set()
    today: date = now.date()
    for verb, subject, moment in events:
        local = moment.astimezone(now.tzinfo)
        age = (now - local).total_seconds()
        if verb == "agenda.later" and 0 <= age < 3600:
            waiting.add(subject)
        if verb == "agenda.skipped" and local.date() == today:
            waiting.add(subject)
    return waiting


def kind_name(kind: str) -> str:
    """Return what things of a kind are called where they are counted."""
    return {
        "cards": _("cards due"),
        "new cards": _("new cards"),
        "lesson under way": _("lessons under way"),
        "person": _("people"),
        "event": _("events"),
        "unsorted": _("not yet sorted out"),
        "practice": _("practice"),
        "lesson": _("next lessons"),
        "site": _("sites to visit"),
        "article": _("new articles"),
    }[kind]


def act(due: Due) -> str:
    """Return the act in words: "Review 12 cards"."""
    if due.kind == "cards":
        return ngettext("Review {n} card", "Review {n} cards", due.count).format(n=due.count)
    if due.kind == "new cards":
        return ngettext("Learn {n} new card", "Learn {n} new cards", due.count).format(n=due.count)
    return {
        "lesson under way": _("Finish the lesson “{title}”"),
        "person": _("Get in touch with {title}"),
        "unsorted": _("Write three lines about “{title}”"),
        "event": "{title}",
        "practice": _("Practice: {title}"),
        "lesson": _("Take the lesson “{title}”"),
        "site": _("Visit {title}"),
        "article": _("Read “{title}”"),
    }[due.kind].format(title=due.title)


def why(due: Due) -> str:
    """Return the reason why it is proposed, in a sentence."""
    return (
        due.because
        or {
            "cards": _("Memory fades by the day, so what is due comes first."),
            "lesson under way": _("You have begun it; finishing is easier than beginning again."),
            "person": _("It is time to be in touch again."),
            "unsorted": _("You have been through it, but no note says it in your own words yet."),
            "event": _("An event gives most to those who bring questions and note whom they met."),
            "practice": _("Its day in your practice records has come."),
            "lesson": _("It is the next one in its course."),
            "new cards": _("Nothing learned is fading today, so there is room for something new."),
            "site": _("It has no feed, so you look in from time to time."),
            "article": _("It is the newest thing you have not read."),
        }[due.kind]
    )


def week_words(week: Week, streak: int, grace: int) -> list[str]:
    """Return this week against its goal, and the streak, each in words."""
    done = round(week.minutes)
    words = [_("{n} of {goal} acts").format(n=week.acts, goal=week.goal)]
    if week.minutes_goal:
        words.append(_("{n} of {goal} minutes").format(n=done, goal=week.minutes_goal))
    else:
        words.append(ngettext("{n} minute", "{n} minutes", done).format(n=done))
    if streak:
        days = ngettext("streak {n} day", "streak {n} days", streak).format(n=streak)
        off = ngettext("{n} day off left", "{n} days off left", grace).format(n=grace)
        words.append(_(", ").join((days, off)))
    return words
