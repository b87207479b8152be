"""What to review now: the due queue with its daily cap, siblings, leeches and the forecast.

Order: cards being learned whose minute has come, then learned cards by retrievability, the most at risk first,
then new ones.  So after a break the cap goes to what is nearest to being forgotten.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

from studytui.learning.cards import Card
from studytui.learning.schedule import (
    CardState,
    Schedules,
    retrievability,
    state_of,
)

BREAK_DAYS = 7
LEARN_AHEAD = timedelta(minutes=20)
NEW, LEARNING, LEARNED, SUSPENDED, AHEAD = range(5)
_DAY = timedelta(days=1)
_KINDS = {"new": NEW, "learning": LEARNING, "relearning": LEARNING, "review": LEARNED}


@dataclass(frozen=True)
class Limits:
    """How much a day: ``cap`` different cards in all, ``new`` new ones; siblings wait for another day."""

    cap: int = 60
    new: int = 10
    bury_siblings: bool = True


@dataclass(frozen=True)
class Placed:
    """A card that stands in a note at present: its id, its place and its state.

    ``ahead`` says that only lessons still to come lead to its note; then it does not come up as a new card.
    """

    id: str
    note: str
    line: int
    state: CardState
    ahead: bool = False

    @property
    def waits(self) -> bool:
        """Whether it is held back until its lesson."""
        return self.ahead and self.state.phase == "new" and not self.state.suspended


class Row(NamedTuple):
    """What counting needs of a card: five numbers, so that a cache of thousands is read in milliseconds.

    ``ready`` is the instant (seconds since 1970) from which it is due or, when new, may be begun; ``kind`` is
    NEW, LEARNING, LEARNED, SUSPENDED or AHEAD (new, its lesson still to come); cards of one ``family`` are
    siblings; ``reviewed`` and ``first`` are the instants of the last and the first review, 0 for none.
    """

    ready: float
    kind: int
    family: int
    reviewed: float
    first: float


@dataclass(frozen=True)
class Counts:
    """The numbers of a day's review.

    ``due`` and ``new`` count all cards that are due or new, neither suspended nor buried; ``proposed`` is what
    today's limits leave of them; ``later`` falls due later today; ``done`` are the different cards reviewed
    today.  ``cap`` is today's cap; ``away`` is how many days there was no review when it was a break (7 or
    more), else 0.  ``ahead`` are the new cards that wait for their lesson; ``new`` leaves them out.
    """

    due: int
    new: int
    proposed: int
    later: int
    done: int
    cap: int
    away: int
    ahead: int = 0


@dataclass(frozen=True)
class Queue:
    """What to review now: ``ids`` in order, and ``ahead`` the cards being learned that come within 20 minutes."""

    ids: tuple[str, ...]
    ahead: tuple[str, ...]
    counts: Counts


def place(cards: Sequence[Card], ids: Sequence[str], schedules: Schedules) -> list[Placed]:
    """Return the cards with their states; ``ids`` are theirs by `card_identity.match_cards`."""
    return [
        Placed(card_id, card.note, card.line, state_of(card, card_id, schedules))
        for card, card_id in zip(cards, ids, strict=True)
    ]


def rows(placed: Iterable[Placed], now: datetime) -> list[Row]:
    """Return the cards as rows for `count`; they hold as long as the learner's zone is that of ``now``."""
    families: dict[tuple[str, int], int] = {}
    found = []
    for item in placed:
        state = item.state
        family = families.setdefault((item.note, item.line), len(families))
        kind = SUSPENDED if state.suspended else AHEAD if item.waits else _KINDS[state.phase]
        reviewed = state.reviewed.timestamp() if state.reviews and state.reviewed else 0.0
        first = state.first.timestamp() if state.first else 0.0
        found.append(Row(ready_at(state, now).timestamp(), kind, family, reviewed, first))
    return found


def ready_at(state: CardState, now: datetime) -> datetime:
    """Return the instant from which a card is due, or may be begun when it is new; local days are those of ``now``.

    While it is being learned the minute counts.  Later it is the whole local day, but never less than 24 hours
    after the last review, because FSRS takes anything sooner for a second look on the same day.
    """
    ready = datetime.fromtimestamp(0, UTC)
    if state.due is not None and state.phase != "new":
        ready = state.due
        if state.phase == "review":
            ready = _midnight(due_day(state, now), now)
            ready = ready if state.reviewed is None else max(ready, state.reviewed + _DAY)
    return ready if state.buried_until is None else max(ready, _midnight(state.buried_until, now))


def due_day(state: CardState, now: datetime) -> date:
    """Return the local day on which a card falls due; the day of a note's comment is taken as written."""
    if state.due is None:
        return now.date()
    return state.due.astimezone(now.tzinfo).date() if state.reviews else state.due.date()


def is_due(state: CardState, now: datetime) -> bool:
    """Say whether a card that was learned before is due at ``now`` (aware, in the learner's zone)."""
    return not state.suspended and state.phase != "new" and ready_at(state, now) <= now


def count(found: Sequence[Row], now: datetime, limits: Limits | None = None) -> Counts:
    """Return the numbers of the day at ``now`` (aware, in the learner's zone).

    On the first day after a break of 7 days or more with a backlog the cap is halved, so that coming back
    starts small.
    """
    plan = _plan(found, now, limits or Limits())
    return plan.counts(_pick(plan, plan.rest))


def queue(placed: Iterable[Placed], now: datetime, limits: Limits | None = None) -> Queue:
    """Return what to review at ``now`` (aware, in the learner's zone): as many cards as `count` proposes."""
    items = list(placed)
    found = rows(items, now)
    plan = _plan(found, now, limits or Limits())
    repeated = sorted(plan.repeated, key=lambda at: (found[at].ready, items[at].id))
    picked = _pick(plan, sorted(plan.rest, key=lambda at: _urgency(items[at], now)))
    soon = now.timestamp() + LEARN_AHEAD.total_seconds()
    ahead = (
        at for at, row in enumerate(found) if row.kind == LEARNING and now.timestamp() < row.ready <= soon
    )
    return Queue(
        tuple(items[at].id for at in [*repeated, *picked]),
        tuple(items[at].id for at in ahead),
        plan.counts(picked),
    )


def forecast(placed: Iterable[Placed], now: datetime, days: int = 30) -> list[int]:
    """Return how many cards fall due on each of the next ``days`` local days; the first holds the overdue too.

    New and suspended cards are left out; a buried card counts on the day it comes back.
    """
    counts = [0] * days
    for item in placed:
        state = item.state
        if state.suspended or state.phase == "new" or state.due is None:
            continue
        falls = max(due_day(state, now), state.buried_until or now.date(), now.date())
        if (ahead := (falls - now.date()).days) < days:
            counts[ahead] += 1
    return counts


def leeches(placed: Iterable[Placed]) -> list[Placed]:
    """Return the cards forgotten too often, worst first, those already suspended left out."""
    found = [item for item in placed if item.state.leech and not item.state.suspended]
    return sorted(found, key=lambda item: -item.state.lapses)


@dataclass(frozen=True)
class _Plan:
    """A day's cards by index into ``found``: due again today, due, new; and the room that is left for them."""

    found: Sequence[Row]
    repeated: list[int]
    rest: list[int]
    new: list[int]
    met: set[int] | None
    room: int
    new_room: int
    later: int
    done: int
    cap: int
    away: int

    def counts(self, picked: Sequence[int]) -> Counts:
        """Return the numbers when ``picked`` are proposed."""
        return Counts(
            due=len(self.repeated) + len(self.rest),
            new=len(self.new),
            proposed=len(self.repeated) + len(picked),
            later=self.later,
            done=self.done,
            cap=self.cap,
            away=self.away,
            ahead=sum(row.kind == AHEAD for row in self.found),
        )


def _plan(found: Sequence[Row], now: datetime, limits: Limits) -> _Plan:
    moment, midnight = now.timestamp(), _midnight(now.date(), now).timestamp()
    tomorrow = _midnight(now.date() + _DAY, now).timestamp()
    ready = [at for at, row in enumerate(found) if row.kind < SUSPENDED and row.ready <= moment]
    due = [at for at in ready if found[at].kind != NEW]
    # What a clock that ran ahead dated on a later day is not today's work.
    done = [row for row in found if midnight <= row.reviewed < tomorrow]
    away = _days_away(found, now, midnight)
    cap = -(-limits.cap // 2) if away and len(due) > limits.cap else limits.cap
    return _Plan(
        found=found,
        repeated=[at for at in due if found[at].reviewed >= midnight],
        rest=[at for at in due if found[at].reviewed < midnight],
        new=[at for at in ready if found[at].kind == NEW],
        met={row.family for row in done} if limits.bury_siblings else None,
        room=max(0, cap - len(done)),
        new_room=max(0, limits.new - sum(row.first >= midnight for row in done)),
        later=sum(row.kind in (LEARNING, LEARNED) and moment < row.ready < tomorrow for row in found),
        done=len(done),
        cap=cap,
        away=away,
    )


def _pick(plan: _Plan, rest: Sequence[int]) -> list[int]:
    """Return the first of ``rest`` and then of the new cards that fit, one of each family when siblings wait."""
    picked: list[int] = []
    met, new_room = set(plan.met or ()), plan.new_room
    for at in [*rest, *plan.new]:
        row = plan.found[at]
        if len(picked) >= plan.room:
            break
        if (row.kind == NEW and not new_room) or (plan.met is not None and row.family in met):
            continue
        new_room -= row.kind == NEW
        met.add(row.family)
        picked.append(at)
    return picked


def _urgency(item: Placed, now: datetime) -> tuple[bool, float, float, str]:
    state = item.state
    due = state.due.timestamp() if state.due else 0.0
    learning = state.phase != "review"
    return (not learning, 0.0 if learning else retrievability(state, now), due, item.id)


def _days_away(found: Sequence[Row], now: datetime, midnight: float) -> int:
    """Return how many days lie between today and the last day before it with a review, 0 below a break."""
    last = max((row.reviewed for row in found if row.reviewed < midnight), default=0.0)
    if not last:
        return 0
    away = (now.date() - datetime.fromtimestamp(last, now.tzinfo).date()).days
    return away if away >= BREAK_DAYS else 0


def _midnight(day: date, now: datetime) -> datetime:
    return datetime.combine(day, time(), now.tzinfo)
