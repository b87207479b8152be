"""Schedules: the fsrs library's own states from the journal, in any order; the due queue of a day."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import fsrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from studytui.errors import StudyError
from studytui.journal import Event, Journal
from studytui.learning import review, schedule
from studytui.learning.card_identity import identity_fields
from studytui.learning.cards import Card, parse_cards
from studytui.learning.deck import assemble, cache_mark
from studytui.learning.review import Limits, Placed, forecast, is_due, leeches, place, queue
from studytui.learning.schedule import CardState, Schedules, preview, refresh, replay, review_fields, update
from tests.conftest import CHINA, FixedClock

NOW = datetime(2026, 11, 22, 21, 7, 3, tzinfo=CHINA)
TODAY = NOW.date()
MIDNIGHT = datetime(2026, 11, 22, tzinfo=CHINA)


def card(text: str = "q::a", note: str = "n.md") -> Card:
    return parse_cards(note, "N", {"tags": ["flashcards"]}, text)[0]


def event(n: int, kind: str, moment: datetime, **data: Any) -> Event:
    return Event(f"{n:08x}", moment.isoformat(), kind, data)


def reviewed(n: int, moment: datetime, rating: int, card_id: str = "c", **data: Any) -> Event:
    return event(
        n, "card.reviewed", moment, **identity_fields(card(), card_id), rating=rating, seconds=4.0, **data
    )


def history(rng: random.Random, first: int = 0) -> list[Event]:
    """A random history of one card as two devices in two zones wrote it."""
    moment = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=rng.randrange(10**7))
    events = []
    for n in range(rng.randrange(1, 14)):
        zone = rng.choice([CHINA, ZoneInfo("America/New_York")])
        events.append(reviewed(first + n, moment.astimezone(zone), rng.choice([1, 2, 3, 3, 3, 4])))
        moment += timedelta(seconds=rng.choice([20, 600, 86_400, 10**6, 10**7]) * rng.random())
    return events


def library(events: list[Event], retention: float = 0.9) -> fsrs.Card:
    """What the library itself says, by its own replay."""
    engine = fsrs.Scheduler(desired_retention=retention, enable_fuzzing=False)
    logs = [
        fsrs.ReviewLog(7, fsrs.Rating(item.data["rating"]), item.moment.astimezone(UTC), None)
        for item in events
    ]
    return engine.reschedule_card(fsrs.Card(7, due=datetime.fromtimestamp(0, UTC)), logs)


def test_states_equal_the_librarys_for_1000_histories_in_any_merge_order() -> None:
    rng = random.Random(20261122)
    for _ in range(1000):
        events = history(rng)
        retention = rng.choice([0.8, 0.9, 0.95])
        theirs = library(events, retention)
        shuffled = rng.sample(events, len(events))
        ours = replay(shuffled, retention)
        assert (ours.due, ours.stability, ours.difficulty, ours.step, ours.reviewed) == (
            theirs.due,
            theirs.stability,
            theirs.difficulty,
            theirs.step,
            theirs.last_review,
        )
        assert schedule.PHASES[ours.phase] == int(theirs.state)
        assert ours.reviews == len(events)


def test_retrievability_equals_the_librarys() -> None:
    rng = random.Random(5)
    engine = fsrs.Scheduler()
    assert engine.parameters[8:11] == (schedule.W8, schedule.W9, schedule.W10)
    assert engine.parameters[20] == schedule.W20
    for _ in range(200):
        events = history(rng)
        now = events[-1].moment.astimezone(UTC) + timedelta(days=rng.random() * 400)
        expected = engine.get_card_retrievability(library(events), now)
        assert schedule.retrievability(replay(events), now) == pytest.approx(expected, abs=1e-12)
    assert schedule.retrievability(CardState(), NOW) == 0.0


def test_a_cache_refreshed_bit_by_bit_equals_a_replay_from_nothing() -> None:
    rng = random.Random(3)
    events = []
    for number in range(30):
        name = {"subject": f"card {number % 9}"}
        events += [
            Event(item.id, item.at, item.kind, item.data | name) for item in history(rng, number * 100)
        ]
    late = rng.sample(events, len(events))
    cached = Schedules()
    for end in range(0, len(late) + 1, 7):
        cached = refresh(cached, late[:end])
    cached = refresh(cached, late)
    assert cached == refresh(Schedules(), events)
    without = [item for item in events if item is not events[10]]
    assert refresh(cached, without) == refresh(Schedules(), without)
    assert schedule.from_plain(json.loads(json.dumps(schedule.to_plain(cached)))) == cached


def test_only_changed_cards_are_replayed(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = random.Random(4)
    events = [
        Event(f"{number}-{item.id}", item.at, item.kind, {**item.data, "subject": f"card {number}"})
        for number in range(20)
        for item in history(rng)
    ]
    cached = refresh(Schedules(), events)
    replayed: list[int] = []
    whole = schedule._replay

    def spy(own: Any, engine: Any) -> CardState:
        replayed.append(len(own))
        return whole(own, engine)

    monkeypatch.setattr(schedule, "_replay", spy)
    assert refresh(cached, events) == cached
    assert replayed == []
    refresh(cached, [*events, reviewed(1, NOW, 3, "card 3")])
    assert len(replayed) == 1
    refresh(cached, events, retention=0.8)
    assert len(replayed) == 21


def test_another_retention_moves_the_dates_and_nothing_else() -> None:
    events = [reviewed(1, NOW, 4), reviewed(2, NOW + timedelta(days=9), 3)]
    often, seldom = replay(events, 0.95), replay(events, 0.8)
    assert often.stability == seldom.stability
    assert often.due is not None
    assert seldom.due is not None
    assert often.due < seldom.due
    assert replay(events, 5.0) == replay(events, schedule.RETENTION_BOUNDS[1])


def test_a_damaged_cache_is_an_empty_one() -> None:
    assert schedule.from_plain({}) == Schedules()
    assert schedule.from_plain({"states": {"c": [1]}, "known": {}, "retention": 0.9}) == Schedules()


def test_undo_takes_a_review_back(journal: Journal, clock: FixedClock) -> None:
    first = journal.append("card.reviewed", **review_fields(card(), "c", 3, 4.2, CardState()))
    clock.tick(days=1)
    before = refresh(Schedules(), journal.events())
    second = journal.append("card.reviewed", **review_fields(card(), "c", 1, 2.0, before.states["c"]))
    after = update(before, "c", journal.events())
    assert after.states["c"].reviews == 2
    journal.undo(second.id)
    assert update(after, "c", journal.events()) == before
    journal.undo(first.id)
    assert update(after, "c", journal.events()) == Schedules()


def test_suspending_and_burying_are_events_of_their_own() -> None:
    base = [reviewed(1, NOW, 3)]
    suspended = event(2, "card.suspended", NOW, **identity_fields(card(), "c"), value=True)
    back = event(3, "card.suspended", NOW + timedelta(hours=1), **identity_fields(card(), "c"), value=False)
    buried = event(4, "card.buried", NOW, **identity_fields(card(), "c"), until="2026-11-23")
    assert replay([*base, suspended]).suspended
    assert not replay([*base, suspended, back]).suspended
    state = replay([*base, buried])
    assert hidden(state, date(2026, 11, 22))
    assert not hidden(state, date(2026, 11, 23))
    unknown = event(5, "card.buried", NOW, **identity_fields(card(), "c"), until="some day")
    assert not hidden(replay([*base, unknown]), date(2026, 11, 22))


def test_events_with_impossible_values_are_passed_over() -> None:
    good = [reviewed(1, NOW, 3)]
    bad = [
        reviewed(2, NOW, 7),
        event(3, "card.reviewed", NOW, subject="c"),
        Event("4", "9999-12-30T00:00:00+00:00", "card.reviewed", {"subject": "c", "rating": 4}),
    ]
    state = replay([*good, *bad])
    assert (state.reviews, state.due) == (1, replay(good).due)


def test_forgetting_a_learned_card_is_a_lapse_and_many_make_a_leech() -> None:
    events = []
    moment = NOW
    for n in range(0, 32, 2):
        events += [reviewed(n, moment, 1), reviewed(n + 1, moment + timedelta(minutes=11), 4)]
        moment += timedelta(days=40)
    state = replay(events)
    assert state.lapses == 15
    assert state.leech
    placed = [Placed("a", "n", 1, state), Placed("b", "n", 2, replay(events[:6]))]
    assert [item.id for item in leeches(placed)] == ["a"]


def test_a_schedule_of_the_plugin_is_taken_over() -> None:
    imported = card("q::a <!--SR:!2026-11-20,10,250-->")
    state = schedule.state_of(imported, "c", Schedules())
    assert (state.phase, state.stability, state.reviews) == ("review", 10.0, 0)
    assert is_due(state, NOW)
    assert not is_due(state, NOW - timedelta(days=3))
    fields = review_fields(imported, "c", 3, 5, state)
    assert fields["sr"] == ["2026-11-20", 10.0, 250]
    once = replay([event(1, "card.reviewed", NOW, **fields)])
    assert once.stability is not None
    assert once.stability > 10
    engine = fsrs.Scheduler(enable_fuzzing=False)
    theirs = fsrs.Card(
        1, fsrs.State.Review, None, state.stability, state.difficulty, NOW.astimezone(UTC), state.reviewed
    )
    expected, _ = engine.review_card(theirs, fsrs.Rating.Good, NOW.astimezone(UTC))
    assert (once.stability, once.due) == (expected.stability, expected.due)
    assert "sr" not in review_fields(imported, "c", 3, 5, once)


@pytest.mark.parametrize(
    "recorded",
    [
        ["0001-01-01", 5, 250],
        ["2026-11-01", 1e300, 250],
        ["2026-11-01", float("nan"), 250],
        ["2026-11-01", [], {}],
        [7, "x", None],
        "soon",
    ],
)
def test_a_recorded_schedule_that_cannot_be_is_none(recorded: object) -> None:
    plain = replay([event(1, "card.reviewed", NOW, rating=3)])
    damaged = replay([event(1, "card.reviewed", NOW, rating=3, sr=recorded)])
    assert (damaged.due, damaged.stability) == (plain.due, plain.stability)


def test_a_note_of_the_plugin_keeps_every_byte(tmp_path: Path) -> None:
    note = tmp_path / "n.md"
    raw = b"---\r\ntags: [flashcards]\r\n---\r\nq::a <!--SR:!2026-11-20,10,250-->\r\n"
    note.write_bytes(raw)
    found = parse_cards("n.md", "N", {"tags": ["flashcards"]}, note.read_bytes().decode())
    place(found, ["c"], refresh(Schedules(), [reviewed(1, NOW, 3)]))
    assert note.read_bytes() == raw


def test_the_preview_is_what_each_answer_will_do() -> None:
    state = replay([reviewed(1, NOW, 4)])
    later = NOW + timedelta(days=9)
    seen = preview(state, later)
    assert seen[1] < seen[2] <= seen[3] <= seen[4]
    for rating, distance in seen.items():
        after = replay([reviewed(1, NOW, 4), reviewed(2, later, rating)])
        assert after.due == later.astimezone(UTC) + distance
    assert preview(CardState(), NOW)[1] == timedelta(minutes=1)


def hidden(state: CardState, day: date) -> bool:
    """Whether a card that is long due is kept out of the queue on ``day``."""
    moment = datetime(day.year, day.month, day.day, 23, tzinfo=CHINA) + timedelta(days=365)
    shifted = replace(state, buried_until=state.buried_until and state.buried_until + timedelta(days=365))
    return not queue([Placed("c", "n", 1, shifted)], moment).ids


# --- the queue of a day ------------------------------------------------------------------------------------


def learned(days_ago: float, stability: float, due_in: float, **more: Any) -> CardState:
    moment = NOW.astimezone(UTC)
    seen = moment - timedelta(days=days_ago)
    return CardState(
        phase="review",
        due=moment + timedelta(days=due_in),
        stability=stability,
        difficulty=5.0,
        first=seen,
        reviewed=seen,
        reviews=3,
        **more,
    )


def test_after_thirty_days_away_the_cap_goes_to_what_is_most_at_risk() -> None:
    rng = random.Random(1)
    placed = [
        Placed(
            f"{n:04}",
            f"note {n}",
            1,
            learned(30 + rng.random() * 5, rng.random() * 40 + 1, -rng.random() * 30),
        )
        for n in range(1000)
    ]
    found = queue(placed, NOW, Limits(cap=50))
    assert found.counts.due == 1000
    assert found.counts.away == 30
    assert len(found.ids) == found.counts.cap == 25
    engine = fsrs.Scheduler()

    def risk(item: Placed) -> float:
        state = item.state
        return engine.get_card_retrievability(
            fsrs.Card(1, fsrs.State.Review, None, state.stability, 5.0, state.due or NOW, state.reviewed),
            NOW.astimezone(UTC),
        )

    ordered = sorted(placed, key=risk)
    assert [risk(item) for item in ordered[:25]] == pytest.approx(
        [risk(next(item for item in placed if item.id == chosen)) for chosen in found.ids]
    )


def test_the_second_day_back_has_the_whole_cap_and_what_was_done_counts() -> None:
    placed = [Placed(f"{n}", f"note {n}", 1, learned(30, 5, -10)) for n in range(200)]
    placed += [Placed(f"y{n}", f"note y{n}", 1, learned(1, 5, 3)) for n in range(25)]
    found = queue(placed, NOW, Limits(cap=50))
    assert (found.counts.away, found.counts.cap, len(found.ids)) == (0, 50, 50)
    placed += [Placed(f"t{n}", f"note t{n}", 1, learned(0.1, 5, 3)) for n in range(45)]
    found = queue(placed, NOW, Limits(cap=50))
    assert (found.counts.done, len(found.ids)) == (45, 5)


def test_reviews_of_a_clock_that_ran_ahead_do_not_use_up_the_days_until_then() -> None:
    placed = [Placed(f"{n}", f"note {n}", 1, learned(2, 1, -1)) for n in range(30)]
    placed += [Placed(f"f{n}", f"note f{n}", 1, learned(-1000, 5, 1005)) for n in range(20)]
    counts = queue(placed, NOW, Limits(cap=20)).counts
    assert (counts.done, counts.proposed) == (0, 20)


def test_learning_comes_first_then_due_then_new() -> None:
    moment = NOW.astimezone(UTC)
    step = CardState("learning", moment - timedelta(minutes=1), 1.0, 5.0, 0, moment, moment, 1)
    soon = CardState("relearning", moment + timedelta(minutes=5), 1.0, 5.0, 0, moment, moment, 4)
    placed = [
        Placed("new", "a", 1, CardState()),
        Placed("due", "b", 1, learned(9, 5, -1)),
        Placed("step", "c", 1, step),
        Placed("soon", "d", 1, soon),
        Placed("tomorrow", "e", 1, learned(9, 5, 1)),
        Placed("suspended", "f", 1, learned(9, 5, -1, suspended=True)),
        Placed("buried", "g", 1, learned(9, 5, -1, buried_until=date(2026, 11, 23))),
    ]
    found = queue(placed, NOW)
    assert found.ids == ("step", "due", "new")
    assert found.ahead == ("soon",)
    counts = found.counts
    assert (counts.due, counts.new, counts.later, counts.done, counts.proposed) == (2, 1, 1, 2, 3)


def test_new_cards_have_their_own_limit_and_siblings_wait() -> None:
    placed = [Placed(f"{n}", "note", n, CardState()) for n in range(30)]
    assert len(queue(placed, NOW).ids) == 10
    moment = NOW.astimezone(UTC)
    today = [Placed(f"t{n}", "other", n, learned(0.01, 5, 3)) for n in range(4)]
    assert len(queue([*placed, *today], NOW).ids) == 6
    both = [Placed("f", "note", 1, CardState()), Placed("b", "note", 1, CardState())]
    assert queue(both, NOW).ids == ("f",)
    assert queue(both, NOW, Limits(bury_siblings=False)).ids == ("f", "b")
    done = Placed(
        "f", "note", 1, CardState("review", moment + timedelta(days=3), 3.0, 5.0, None, moment, moment, 1)
    )
    assert queue([done, both[1]], NOW).ids == ()


def test_a_card_is_due_on_its_local_day_but_never_the_same_day_again() -> None:
    morning = datetime(2026, 11, 25, 7, 0, tzinfo=CHINA)
    three_days = learned(0, 3, 3)
    assert is_due(three_days, morning)
    assert not is_due(three_days, morning - timedelta(days=1))
    one_day = learned(0, 1, 1)
    assert not is_due(one_day, datetime(2026, 11, 23, 7, 0, tzinfo=CHINA))
    assert is_due(one_day, datetime(2026, 11, 23, 21, 8, tzinfo=CHINA))
    abroad = datetime(2026, 11, 25, 6, 0, tzinfo=ZoneInfo("America/New_York"))
    assert is_due(three_days, abroad)


def test_the_forecast_counts_every_card_once() -> None:
    placed = [Placed(f"{n}", "n", n, learned(9, 5, n - 3)) for n in range(8)]
    placed += [Placed("new", "n", 99, CardState()), Placed("s", "n", 98, learned(9, 5, 0, suspended=True))]
    placed += [Placed("b", "n", 97, learned(9, 5, -4, buried_until=date(2026, 11, 24)))]
    counts = forecast(placed, NOW, 7)
    assert counts == [4, 1, 2, 1, 1, 0, 0]
    assert counts[0] == queue(placed, NOW).counts.due


@given(st.integers(0, 10**6), st.integers(0, 40), st.integers(0, 12), st.booleans())
def test_counting_rows_says_what_the_queue_proposes(seed: int, cap: int, new: int, bury: bool) -> None:
    rng = random.Random(seed)
    phases = ["new", "learning", "review", "relearning"]
    placed = []
    for n in range(rng.randrange(60)):
        days = rng.choice([0.01, 0.4, 1, 3, 9, 40])
        state = learned(days, 5, rng.choice([-30, -1, -0.01, 0.001, 0.1, 3]))
        state = replace(
            state,
            phase=rng.choice(phases),
            suspended=rng.random() < 0.1,
            buried_until=rng.choice([None, None, TODAY, TODAY + timedelta(days=1)]),
        )
        if state.phase == "new":
            state = CardState(suspended=state.suspended, buried_until=state.buried_until)
        placed.append(Placed(f"{n}", "note", rng.randrange(30), state))
    limits = Limits(cap, new, bury)
    found = queue(placed, NOW, limits)
    cached = [review.Row(*values) for values in json.loads(json.dumps(review.rows(placed, NOW)))]
    assert review.count(cached, NOW, limits) == found.counts
    assert found.counts.proposed == len(found.ids) == len(set(found.ids))
    by_id = {item.id: item for item in placed}
    due = [item for item in placed if is_due(item.state, NOW)]
    assert found.counts.due == len(due)
    assert all(is_due(by_id[one].state, NOW) or by_id[one].state.phase == "new" for one in found.ids)
    fresh = [
        one for one in found.ids if by_id[one].state.reviewed is None or by_id[one].state.reviewed < MIDNIGHT
    ]
    assert len(fresh) <= max(0, found.counts.cap - found.counts.done)
    if bury:
        assert len({by_id[one].line for one in fresh}) == len(fresh)


# --- the deck ----------------------------------------------------------------------------------------------


class Notes:
    """Notes with cards in memory; counts how often one is read."""

    def __init__(self) -> None:
        self.texts = {"a.md": "one::1\n\ntwo::2", "b.md": "three:::3"}
        self.reads = 0

    def listed(self) -> list[tuple[str, str]]:
        return [(path, str(hash(text))) for path, text in self.texts.items()]

    def read(self, path: str) -> tuple[str, dict[str, Any], str]:
        self.reads += 1
        return path, {"tags": ["flashcards"]}, self.texts[path]


def test_a_deck_reads_only_what_changed_and_keeps_schedules() -> None:
    notes = Notes()
    deck = assemble(notes.listed(), notes.read, [])
    assert [card.front for card in deck.cards] == ["one", "two", "three", "3"]
    assert (deck.queue(NOW).counts.new, deck.edits(), notes.reads) == (4, [], 2)
    first = deck.ids[0]
    fields = review_fields(deck.card(first), first, 4, 3.0, CardState())
    events = [event(1, "card.reviewed", NOW, **fields)]
    after = deck.after(first, events)
    assert after.queue(NOW).counts.done == 1
    notes.texts["a.md"] = "one?::1 and a half\n\ntwo::2"
    changed = assemble(notes.listed(), notes.read, events, after)
    assert notes.reads == 3
    assert changed.ids[0] == first
    assert changed.schedules == after.schedules
    assert [(kind, fields["subject"], fields["front"]) for kind, fields in changed.edits()] == [
        ("card.edited", first, "one?")
    ]
    told = [*events, *(event(9, kind, NOW, **fields) for kind, fields in changed.edits())]
    assert assemble(notes.listed(), notes.read, told, changed).edits() == []
    notes.texts.pop("a.md")
    gone = assemble(notes.listed(), notes.read, told, changed)
    assert [known.id for known in gone.lost] == [first]
    with pytest.raises(StudyError, match="no card"):
        gone.card(first)


def test_without_any_cache_the_deck_is_the_same() -> None:
    notes = Notes()
    deck = assemble(notes.listed(), notes.read, [])
    events = [
        event(
            n, "card.reviewed", NOW + timedelta(days=n), **review_fields(card, card_id, 3, 1.0, CardState())
        )
        for n, (card, card_id) in enumerate(zip(deck.cards, deck.ids, strict=True))
    ]
    cached = assemble(notes.listed(), notes.read, events, deck)
    fresh = assemble(notes.listed(), notes.read, reversed(events))
    assert (cached.ids, cached.placed) == (fresh.ids, fresh.placed)


def test_the_mark_of_a_cache_changes_with_what_it_depends_on() -> None:
    notes = [("a.md", "1"), ("b.md", "2")]
    abroad = NOW.astimezone(ZoneInfo("America/New_York"))
    marks = {
        cache_mark(notes, "7", 0.9, NOW),
        cache_mark(notes[:1], "7", 0.9, NOW),
        cache_mark(notes, "8", 0.9, NOW),
        cache_mark(notes, "7", 0.8, NOW),
        cache_mark(notes, "7", 0.9, abroad),
    }
    assert len(marks) == 5
    assert cache_mark(reversed(notes), "7", 0.9, NOW + timedelta(days=1)) in marks
