"""The due-queue: the documented rule as a table, and what was put off stays away for its time only."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studytui.agenda import KINDS, Due, Today, act, counts, kind_name, order, put_off, why
from tests.conftest import FixedClock

CARDS = Due("cards", "cards", "20 cards", minutes=10, count=20)
BEGUN = Due("lesson under way", "l1", "Ties", minutes=8)
LESSON = Due("lesson", "l2", "Funnel", minutes=8)
FADING = Due("person", "p1", "Zhang", minutes=5, lateness=2.0)
LATE = Due("person", "p2", "Li", minutes=5, lateness=0.2)
UNSORTED = Due("unsorted", "a1", "An article", minutes=5)
SITE = Due("site", "s1", "A site", minutes=10, lateness=3.0)
NEW = Due("new cards", "n1", "", minutes=3, count=10)
ARTICLE = Due("article", "a2", "News", minutes=5)
LONG = Due("lesson under way", "l3", "A long lesson", minutes=45)


@pytest.mark.parametrize(
    ("given_", "minutes_left", "waiting", "expected"),
    [
        ([ARTICLE, SITE, NEW, LESSON, UNSORTED, LATE, BEGUN, CARDS], None, (), "cards l1 p2 a1 l2 n1 s1 a2"),
        ([LATE, FADING], None, (), "p1 p2"),
        ([LONG, LESSON], None, (), "l3 l2"),
        ([LONG, LESSON], 20, (), "l2 l3"),
        ([CARDS, BEGUN, ARTICLE], 6, (), "a2 cards l1"),
        ([CARDS, BEGUN, ARTICLE], None, ("cards",), "l1 a2"),
        ([], 30, (), ""),
    ],
)
def test_the_rule(
    given_: list[Due], minutes_left: float | None, waiting: tuple[str, ...], expected: str
) -> None:
    assert " ".join(due.subject for due in order(given_, minutes_left, waiting)) == expected


dues = st.lists(
    st.builds(
        Due,
        st.sampled_from(KINDS),
        st.text("ab", max_size=3),
        st.text("xy", max_size=2),
        st.floats(0, 60),
        st.floats(0, 5),
    ),
    max_size=8,
)


@given(dues, st.none() | st.floats(0, 60), st.randoms())
def test_the_order_does_not_depend_on_where_things_came_from(
    found: list[Due], left: float | None, random: object
) -> None:
    shuffled = list(found)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert [(d.kind, d.subject) for d in order(found, left)] == [
        (d.kind, d.subject) for d in order(shuffled, left)
    ]


def test_counts_name_every_kind() -> None:
    found = counts([CARDS, FADING, LATE])
    assert found["cards"] == 20 and found["person"] == 2 and found["article"] == 0
    assert tuple(found) == KINDS


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_its_words(kind: str) -> None:
    due = Due(kind, "s", "T", count=3)
    assert act(due) and why(due) and kind_name(kind)
    assert why(Due(kind, "s", "T", because="For once.")) == "For once."


def test_what_was_put_off_comes_back(clock: FixedClock) -> None:
    now = clock.now()
    events = [("agenda.later", "a", now), ("agenda.skipped", "b", now)]
    assert put_off(events, now + timedelta(minutes=59)) == {"a", "b"}
    assert put_off(events, now + timedelta(minutes=61)) == {"b"}
    assert put_off(events, now + timedelta(hours=3)) == set()


def test_a_clock_set_back_does_not_hide_things_for_ever(clock: FixedClock) -> None:
    now = clock.now()
    assert put_off([("agenda.later", "a", now + timedelta(days=30))], now) == set()


def test_today_proposes_the_first_of_the_queue(clock: FixedClock) -> None:
    assert Today(clock.now(), "", None).next is None
    today = Today(clock.now(), "21:00-23:00", 113, queue=(CARDS, LATE, FADING))
    assert today.next == CARDS and today.of("person") == (LATE, FADING)
