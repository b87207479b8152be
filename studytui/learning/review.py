"""What to review now: the due queue with its daily cap, siblings, leeches and the forecast.

Order: cards being learned whose minute has come, then learned cards by retrievability, the most at risk first,
then new ones.  So after a break the cap goes to what is nearest to being forgotten.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from studytui.learning.cards import Card
from studytui.learning.schedule import (
    CardState,
    Schedules,
    retrievability,
    state_from_plain,
    state_of,
    state_to_plain,
)

BREAK_DAYS = 7
LEARN_AHEAD = timedelta(minutes=20)
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Limits:
    """How much a day: ``cap`` different cards in all, ``new`` new ones; siblings wait for another day."""

    cap: int = 60
    new: int = 10
    bury_siblings: bool = True


@dataclass(frozen=True)
class Placed:
    """A card that stands in a note at present: its id, its place and its state."""

    id: str
    note: str
    line: int
    state: CardState

    @property
    def family(self) -> tuple[str, int]:
        """What siblings (cards of one text) have in common."""
        return (self.note, self.line)


@dataclass(frozen=True)
class Queue:
    """What to review now, and the counts behind it.

    ``ids`` is what today's limits leave of the ``due`` cards and the ``new`` ones (neither suspended nor
    buried), in order; ``ahead`` are cards being learned that come back within 20 minutes; ``later`` counts those
    that fall due later today.  ``cap`` is today's cap and ``done`` the different cards reviewed today.
    ``away`` is how many days there was no review, when it was a break (7 or more), else 0.
    """

    ids: tuple[str, ...]
    ahead: tuple[str, ...]
    due: int
    new: int
    later: int
    done: int
    cap: int
    away: int


def place(cards: Sequence[Card], ids: Sequence[str], schedules: Schedules) -> list[Placed]:
    """Return the cards with their states; ``ids`` are theirs by `card_identity.match_cards`."""
    return [
        Placed(card_id, card.note, card.line, state_of(card, card_id, schedules))
        for card, card_id in zip(cards, ids, strict=True)
    ]


def queue(placed: Iterable[Placed], now: datetime, limits: Limits | None = None) -> Queue:
    """Return what to review at ``now`` (aware, in the learner's zone).

    On the first day after a break of 7 days or more with a backlog the cap is halved, so that coming back
    starts small.
    """
    limits = limits or Limits()
    placed = list(placed)
    shown = [item for item in placed if not is_hidden(item.state, now.date())]
    done = [item for item in placed if _reviewed_on(item.state, now) == now.date()]
    due = [item for item in shown if is_due(item.state, now)]
    new = [item for item in shown if item.state.phase == "new"]
    away = _days_away(placed, now)
    cap = -(-limits.cap // 2) if away and len(due) > limits.cap else limits.cap
    seen = {item.id for item in done}
    repeated = sorted((item for item in due if item.id in seen), key=lambda item: (item.state.due, item.id))
    rest = sorted((item for item in due if item.id not in seen), key=lambda item: _urgency(item, now))
    begun = sum(
        item.state.first is not None and _local_day(item.state.first, now) == now.date() for item in done
    )
    families = {item.family for item in done} if limits.bury_siblings else None
    picked = _pick(rest + new, max(0, cap - len(done)), max(0, limits.new - begun), families)
    soon = [item for item in shown if _is_learning(item.state) and not is_due(item.state, now)]
    return Queue(
        ids=tuple(item.id for item in repeated + picked),
        ahead=tuple(item.id for item in soon if item.state.due and item.state.due <= now + LEARN_AHEAD),
        due=len(due),
        new=len(new),
        later=sum(_falls_due_later(item.state, now) for item in shown),
        done=len(done),
        cap=cap,
        away=away,
    )


def is_due(state: CardState, now: datetime) -> bool:
    """Say whether a card that was reviewed before is due at ``now`` (aware, in the learner's zone).

    While it is being learned the minute counts.  Later the local day counts, but never less than 24 hours after
    the last review, because FSRS takes anything sooner for a second look on the same day.
    """
    if state.due is None or state.phase == "new":
        return False
    if _is_learning(state):
        return state.due <= now
    rested = state.reviewed is None or now - state.reviewed >= _DAY
    return due_day(state, now) <= now.date() and rested


def due_day(state: CardState, now: datetime) -> date:
    """Return the local day on which a card falls due; the day of a note's comment is taken as written."""
    if state.due is None:
        return now.date()
    return _local_day(state.due, now) if state.reviews else state.due.date()


def is_hidden(state: CardState, today: date) -> bool:
    """Say whether a card is suspended, or buried until a later day."""
    return state.suspended or (state.buried_until is not None and today < state.buried_until)


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


def to_plain(placed: Iterable[Placed]) -> list[list[Any]]:
    """Return the cards as JSON values, for a cache that spares reading all notes at start."""
    return [[item.id, item.note, item.line, state_to_plain(item.state)] for item in placed]


def from_plain(plain: Iterable[Sequence[Any]]) -> list[Placed] | None:
    """Return the cards that `to_plain` wrote, None when the cache is damaged or of another make."""
    try:
        return [Placed(card_id, note, line, state_from_plain(state)) for card_id, note, line, state in plain]
    except (KeyError, TypeError, ValueError):
        return None


def _pick(
    items: Iterable[Placed], room: int, new_room: int, families: set[tuple[str, int]] | None
) -> list[Placed]:
    """Return the first items that fit; with ``families`` (those met today) one card of each."""
    picked: list[Placed] = []
    for item in items:
        if len(picked) >= room:
            break
        is_new = item.state.phase == "new"
        if (is_new and not new_room) or (families is not None and item.family in families):
            continue
        new_room -= is_new
        if families is not None:
            families.add(item.family)
        picked.append(item)
    return picked


def _urgency(item: Placed, now: datetime) -> tuple[bool, float, float, str]:
    state = item.state
    due = state.due.timestamp() if state.due else 0.0
    learning = _is_learning(state)
    return (not learning, 0.0 if learning else retrievability(state, now), due, item.id)


def _is_learning(state: CardState) -> bool:
    return state.phase in ("learning", "relearning")


def _falls_due_later(state: CardState, now: datetime) -> bool:
    return state.phase != "new" and due_day(state, now) <= now.date() and not is_due(state, now)


def _local_day(moment: datetime, now: datetime) -> date:
    return moment.astimezone(now.tzinfo).date()


def _reviewed_on(state: CardState, now: datetime) -> date | None:
    return _local_day(state.reviewed, now) if state.reviews and state.reviewed else None


def _days_away(placed: Iterable[Placed], now: datetime) -> int:
    """Return how many days lie between today and the last day before it with a review, 0 below a break."""
    days = (_reviewed_on(item.state, now) for item in placed)
    last = max((day for day in days if day is not None and day < now.date()), default=now.date())
    away = (now.date() - last).days
    return away if away >= BREAK_DAYS else 0
