"""When a card is due: FSRS by the ``fsrs`` library, replayed from the journal and kept as a cache.

The journal's ``card.*`` events are the truth.  A `Schedules` value can be thrown away at any time; it makes
opening cheap, because only cards whose events changed are replayed.  Fuzzing is off, so that the same events
give the same dates on every device and in every order of merging.
"""

from __future__ import annotations

import math
import zlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, Final, Literal

from studytui.journal import Event
from studytui.learning.card_identity import KINDS, Known, identity_fields, known_cards
from studytui.learning.cards import Card, Schedule
from studytui.learning.front import day

if TYPE_CHECKING:
    import fsrs

Phase = Literal["new", "learning", "review", "relearning"]
RETENTION: Final = 0.9
RETENTION_BOUNDS: Final = (0.7, 0.97)
LEECH_LAPSES: Final = 8
# Weights 8, 9, 10 and 20 of the library's default parameters, here so that counting needs no import of it.
W8, W9, W10, W20 = 1.8722, 0.1666, 0.796, 0.1542
PHASES: Final[dict[Phase, int]] = {"new": 0, "learning": 1, "review": 2, "relearning": 3}
_PHASE_OF: Final = {number: phase for phase, number in PHASES.items()}


@dataclass(frozen=True)
class CardState:
    """What is known of one card's learning.

    ``due``, ``first`` (first review) and ``reviewed`` (last one) are instants in UTC, ``stability`` is in days,
    ``difficulty`` 1..10.  ``lapses`` counts answers "again" to a card that had been learned.  ``signature``
    stands for the set of events the state comes from.
    """

    phase: Phase = "new"
    due: datetime | None = None
    stability: float | None = None
    difficulty: float | None = None
    step: int | None = None
    first: datetime | None = None
    reviewed: datetime | None = None
    reviews: int = 0
    lapses: int = 0
    suspended: bool = False
    buried_until: date | None = None
    signature: str = ""

    @property
    def leech(self) -> bool:
        """Forgotten too often (8 times, as in Anki): better written anew than repeated."""
        return self.lapses >= LEECH_LAPSES


@dataclass(frozen=True)
class Schedules:
    """The states of all cards that the journal mentions, by card id, for one desired retention."""

    states: Mapping[str, CardState] = field(default_factory=dict)
    known: Mapping[str, Known] = field(default_factory=dict)
    retention: float = RETENTION


def scheduler(retention: float = RETENTION) -> fsrs.Scheduler:
    """Return the library's scheduler with its own weights and steps; ``retention`` is kept within 0.7..0.97."""
    import fsrs

    low, high = RETENTION_BOUNDS
    return fsrs.Scheduler(desired_retention=min(high, max(low, retention)), enable_fuzzing=False)


def review_fields(card: Card, card_id: str, rating: int, seconds: float, state: CardState) -> dict[str, Any]:
    """Return what a ``card.reviewed`` event holds; ``rating`` is 1 again, 2 hard, 3 good, 4 easy.

    The first review of a card with an ``<!--SR:-->`` schedule records it, so that the journal alone suffices
    when the comment is gone.
    """
    fields = identity_fields(card, card_id) | {"rating": rating, "seconds": round(seconds, 1)}
    if card.schedule is not None and not state.reviews:
        fields["sr"] = [card.schedule.due.isoformat(), card.schedule.interval, card.schedule.ease]
    return fields


def replay(events: Iterable[Event], retention: float = RETENTION) -> CardState:
    """Return the state of one card after its ``card.*`` events, given in any order."""
    return _replay(list(events), scheduler(retention))


def refresh(schedules: Schedules, events: Iterable[Event], retention: float = RETENTION) -> Schedules:
    """Return the schedules by all ``card.*`` events that count, replaying only cards whose events changed.

    Changed are cards with new events, with events that came late from another device, and with undone ones.
    """
    by_card: dict[str, list[Event]] = defaultdict(list)
    for event in events:
        if event.kind in KINDS:
            by_card[event.subject].append(event)
    states: dict[str, CardState] = {}
    known: dict[str, Known] = {}
    engine: fsrs.Scheduler | None = None
    for card_id, own in by_card.items():
        old = schedules.states.get(card_id) if schedules.retention == retention else None
        if old is not None and card_id in schedules.known and old.signature == _signature(own):
            states[card_id], known[card_id] = old, schedules.known[card_id]
            continue
        engine = engine or scheduler(retention)
        states[card_id] = _replay(own, engine)
        known |= known_cards(sorted(own, key=lambda event: event.order))
    return Schedules(states, known, retention)


def update(schedules: Schedules, card_id: str, events: Iterable[Event]) -> Schedules:
    """Return the schedules with one card replayed from all its events: after a review, and after an undo."""
    own = [event for event in events if event.kind in KINDS]
    states = {key: state for key, state in schedules.states.items() if key != card_id}
    known = {key: item for key, item in schedules.known.items() if key != card_id}
    if own:
        states[card_id] = _replay(own, scheduler(schedules.retention))
        known |= known_cards(sorted(own, key=lambda event: event.order))
    return Schedules(states, known, schedules.retention)


def state_of(card: Card, card_id: str, schedules: Schedules) -> CardState:
    """Return the state of ``card``; one that was never reviewed here starts from its ``<!--SR:-->`` schedule."""
    state = schedules.states.get(card_id, CardState())
    if card.schedule is None or state.reviews:
        return state
    return _imported(state, card.schedule)


def preview(state: CardState, now: datetime, retention: float = RETENTION) -> dict[int, timedelta]:
    """Return how long each rating (1..4) would put the card off, for showing beside the answers."""
    engine = scheduler(retention)
    card = _library_card(state)
    moment = now.astimezone(UTC)
    return {rating: _review(engine, card, rating, moment).due - moment for rating in (1, 2, 3, 4)}


def retrievability(state: CardState, now: datetime) -> float:
    """Return the probability (0..1) that the card is remembered at ``now``; 0 for a card never learned.

    FSRS-6: R = (1 + F t/S)^-w20 with F = 0.9^(-1/w20) - 1, t in whole days as the library counts them.
    """
    if state.reviewed is None or state.stability is None:
        return 0.0
    elapsed = max(0, (now - state.reviewed).days)
    return float((1 + (0.9 ** (-1 / W20) - 1) * elapsed / state.stability) ** -W20)


def to_plain(schedules: Schedules) -> dict[str, Any]:
    """Return the schedules as JSON values, for a cache."""
    return {
        "retention": schedules.retention,
        "states": {card_id: _state_to_plain(state) for card_id, state in schedules.states.items()},
        "known": {
            card_id: [item.face, item.front, item.answer, item.note]
            for card_id, item in schedules.known.items()
        },
    }


def from_plain(plain: Mapping[str, Any]) -> Schedules:
    """Return the schedules that `to_plain` wrote; empty ones when the cache is of another make or damaged."""
    try:
        return Schedules(
            {card_id: _state_from_plain(values) for card_id, values in plain["states"].items()},
            {card_id: Known(card_id, *values) for card_id, values in plain["known"].items()},
            float(plain["retention"]),
        )
    except (KeyError, TypeError, ValueError, AttributeError):
        return Schedules()


def _state_to_plain(state: CardState) -> list[Any]:
    """Return one state as a JSON array."""
    instants = [moment.isoformat() if moment else None for moment in (state.due, state.first, state.reviewed)]
    buried = state.buried_until.isoformat() if state.buried_until else None
    numbers = [
        PHASES[state.phase],
        state.stability,
        state.difficulty,
        state.step,
        state.reviews,
        state.lapses,
    ]
    return [*instants, *numbers, state.suspended, buried, state.signature]


def _state_from_plain(values: Sequence[Any]) -> CardState:
    """Return the state that `_state_to_plain` wrote.  Raises ValueError or TypeError when it is damaged."""
    due, first, reviewed, phase, stability, difficulty, step, reviews, lapses, suspended, buried, mark = (
        values
    )
    return CardState(
        phase=_PHASE_OF[phase],
        due=datetime.fromisoformat(due) if due else None,
        stability=stability,
        difficulty=difficulty,
        step=step,
        first=datetime.fromisoformat(first) if first else None,
        reviewed=datetime.fromisoformat(reviewed) if reviewed else None,
        reviews=reviews,
        lapses=lapses,
        suspended=suspended,
        buried_until=date.fromisoformat(buried) if buried else None,
        signature=mark,
    )


def _replay(events: Sequence[Event], engine: fsrs.Scheduler) -> CardState:
    state = CardState(signature=_signature(events))
    for event in sorted(events, key=lambda event: event.order):
        if event.kind == "card.reviewed":
            state = _reviewed(state, event, engine)
        elif event.kind == "card.suspended":
            state = replace(state, suspended=bool(event.data.get("value", True)))
        elif event.kind == "card.buried":
            state = replace(state, buried_until=day(event.data.get("until")))
    return state


def _reviewed(state: CardState, event: Event, engine: fsrs.Scheduler) -> CardState:
    rating, moment = event.data.get("rating"), event.moment.astimezone(UTC)
    if rating not in (1, 2, 3, 4):
        return state
    if not state.reviews:
        state = _imported(state, _recorded(event.data.get("sr")))
    try:
        card = _review(engine, _library_card(state), rating, moment)
    except OverflowError:  # a clock near the year 9999 must not take the other reviews away
        return state
    return replace(
        state,
        phase=_PHASE_OF[int(card.state)],
        due=card.due,
        stability=card.stability,
        difficulty=card.difficulty,
        step=card.step,
        first=state.first or moment,
        reviewed=moment,
        reviews=state.reviews + 1,
        lapses=state.lapses + (rating == 1 and state.phase == "review"),
    )


def _review(engine: fsrs.Scheduler, card: fsrs.Card, rating: int, moment: datetime) -> fsrs.Card:
    import fsrs

    return engine.review_card(card, fsrs.Rating(rating), moment)[0]


def _library_card(state: CardState) -> fsrs.Card:
    import fsrs

    phase = fsrs.State(PHASES[state.phase] or PHASES["learning"])
    due = state.due or datetime.fromtimestamp(0, UTC)
    return fsrs.Card(0, phase, state.step, state.stability, state.difficulty, due, state.reviewed)


def _recorded(values: Any) -> Schedule | None:
    """Return the plugin's schedule that a first review recorded, None when it has none."""
    try:
        return Schedule.believed(str(values[0]), values[1], values[2])
    except (TypeError, IndexError, KeyError):
        return None


def _imported(state: CardState, schedule: Schedule | None) -> CardState:
    """Return the state that continues a schedule of the Obsidian plugin, which is SM-2's.

    Stability is the interval, difficulty follows from the ease: fsrs-rs, ``memory_state_from_sm2``, for a
    retention of 0.9.
    """
    if schedule is None:
        return state
    due = datetime.combine(schedule.due, time(), UTC)
    stability = max(schedule.interval, 0.1)
    gain = math.exp(W8) * stability**-W9 * math.expm1(0.1 * W10)
    return replace(
        state,
        phase="review",
        due=due,
        stability=stability,
        difficulty=min(10.0, max(1.0, 11 - (schedule.ease / 100 - 1) / gain)),
        reviewed=due - timedelta(days=schedule.interval),
    )


def _signature(events: Sequence[Event]) -> str:
    """Return a mark of a set of events, whatever their order."""
    mixed = 0
    for event in events:
        mixed ^= zlib.crc32(event.id.encode())
    return f"{len(events)}:{mixed:x}"
