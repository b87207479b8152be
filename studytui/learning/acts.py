"""Finished acts and the minutes they took, read out of the journal.

An act is what the journal records for its own sake (a lesson done, a topic explained, a sitting of cards, a note
about an article, a contact, a site visited), or an ``act.finished`` event.  ``act.finished`` about something
that is recorded anyway adds its measured minutes to that act instead of counting twice, and ``time.spent`` adds
minutes without finishing anything.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from studytui.journal import Event

KINDS = (
    "act.finished",
    "time.spent",
    "lesson.state",
    "explained",
    "card.reviewed",
    "article.noted",
    "note.created",
    "contact.logged",
    "site.visited",
)
SITTING_GAP = timedelta(minutes=30)
LONGEST_ANSWER = 120.0  # seconds; a card that stayed open longer was left alone
_PLAIN = {"explained": "explain", "note.created": "note", "contact.logged": "person", "site.visited": "site"}


@dataclass(frozen=True)
class Act:
    """One act of one day: when (in the zone it happened in), what, how many minutes, by which journal events.

    ``finished`` is False when there is only time spent on it.
    """

    moment: datetime
    kind: str
    subject: str
    minutes: float
    events: tuple[str, ...]
    finished: bool = True

    @property
    def day(self) -> date:
        """The date on the learner's own calendar at that moment."""
        return self.moment.date()


@dataclass(frozen=True)
class Tally:
    """A number that opens its evidence: finished acts, minutes, and the ids of the journal events behind them."""

    acts: int = 0
    minutes: float = 0.0
    events: tuple[str, ...] = ()


def tally(acts: Iterable[Act]) -> Tally:
    """Return the sum of ``acts``."""
    found = list(acts)
    return Tally(
        sum(act.finished for act in found),
        sum(act.minutes for act in found),
        tuple(event for act in found for event in act.events),
    )


def finished_acts(events: Iterable[Event]) -> list[Act]:
    """Return the acts in ``events``, oldest first; the order in which the events come makes no difference.

    The same thing counts once a day, however often it was ticked; reviews less than half an hour apart are one
    sitting.
    """
    acts: dict[tuple[str, str, date], _Growing] = {}
    sittings: Counter[date] = Counter()
    last_review: dict[date, datetime] = {}
    for event in sorted(events, key=lambda event: event.order):
        found = _read(event)
        if found is None:
            continue
        kind, subject = found
        moment = event.moment
        day = moment.date()
        if event.kind == "card.reviewed":
            # Counted within the day, so that what a day holds depends on its own events alone.
            sittings[day] += moment - last_review.get(day, moment) > SITTING_GAP
            last_review[day] = moment
        key = (kind, str(sittings[day]) if kind == "cards" else subject, day)
        acts.setdefault(key, _Growing(kind, subject, moment)).add(event)
    return sorted((act.act() for act in acts.values()), key=lambda act: (act.moment.timestamp(), act.events))


class _Growing:
    """An act while its events are gathered: minutes measured on the way, and minutes a timer reported."""

    def __init__(self, kind: str, subject: str, moment: datetime) -> None:
        self.kind, self.subject, self.moment = kind, subject, moment
        self.measured = self.timed = 0.0
        self.finished = False
        self.events: list[str] = []

    def add(self, event: Event) -> None:
        if event.kind in ("act.finished", "time.spent"):
            self.timed += number(event.data.get("minutes"))
        else:
            seconds = number(event.data.get("seconds"))
            self.measured += (min(seconds, LONGEST_ANSWER) if event.kind == "card.reviewed" else seconds) / 60
        if not self.finished and event.kind != "time.spent":
            self.finished, self.moment = True, event.moment
        self.events.append(event.id)

    def act(self) -> Act:
        minutes = max(self.measured, self.timed)
        return Act(self.moment, self.kind, self.subject, minutes, tuple(self.events), self.finished)


def _read(event: Event) -> tuple[str, str] | None:
    """Return (kind of act, subject) of an event, None when nothing was done by it."""
    data = event.data
    if event.kind in ("act.finished", "time.spent"):
        kind = str(data.get("act", ""))
        return kind, "" if kind == "cards" else event.subject
    if event.kind == "lesson.state":
        done = data.get("to") == "done"
        return ("lesson", f"{event.subject}\n{data.get('lesson', '')}") if done else None
    if event.kind == "card.reviewed":
        return "cards", ""
    if event.kind == "article.noted":
        return "note", str(data.get("note") or event.subject)
    kind = _PLAIN.get(event.kind, "")
    return (kind, event.subject) if kind else None


def number(value: Any) -> float:
    """Return a JSON value as a number of minutes or seconds, 0 when it cannot be one."""
    usable = isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < 1e6
    return float(value) if usable else 0.0
