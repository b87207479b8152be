"""Keeping at it: minutes, acts, streaks and windows by the learner's own days, whatever the clocks do."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studytui.errors import StudyError
from studytui.journal import Event
from studytui.learning.acts import Tally, finished_acts, tally
from studytui.learning.goals import (
    GRACE_DAYS,
    Attention,
    active_days,
    by_day,
    by_kind,
    diary,
    heat_level,
    heatmap,
    longest_streak,
    monday,
    streak,
    week_bars,
    week_goal,
)
from studytui.learning.windows import DEFAULT_WINDOWS, Window, best_window, parse_window, window_at, yields
from tests.conftest import CHINA

NOW = datetime(2026, 11, 22, 21, 7, 3, tzinfo=CHINA)
TODAY = NOW.date()
NEW_YORK, LONDON = ZoneInfo("America/New_York"), ZoneInfo("Europe/London")
ZONES = [UTC, CHINA, NEW_YORK, LONDON, ZoneInfo("Pacific/Kiritimati"), ZoneInfo("Pacific/Pago_Pago")]


def event(n: int, kind: str, moment: datetime, **data: Any) -> Event:
    return Event(f"{n:08x}", moment.isoformat(), kind, data)


def act(n: int, moment: datetime, kind: str = "practice", **data: Any) -> Event:
    return event(n, "act.finished", moment, subject=data.pop("subject", f"s{n}"), act=kind, **data)


def acts_on(*days: date) -> list[Event]:
    return [
        act(n, datetime(day.year, day.month, day.day, 12, tzinfo=CHINA), minutes=5)
        for n, day in enumerate(days)
    ]


# --- acts --------------------------------------------------------------------------------------------------


def test_what_the_journal_records_anyway_is_an_act() -> None:
    events = [
        event(1, "lesson.state", NOW, subject="courses/a.md", lesson="Funnels", to="done"),
        event(2, "lesson.state", NOW, subject="courses/a.md", lesson="Ties", to="doing"),
        event(3, "explained", NOW, subject="Funnel", score=3, seconds=60),
        event(4, "article.noted", NOW, subject="a1", note="n.md"),
        event(9, "note.created", NOW, subject="n.md", title="N"),
        event(5, "contact.logged", NOW, subject="p.md"),
        event(6, "site.visited", NOW, subject="知乎"),
        event(7, "article.read", NOW, subject="a1", value=True),
        act(8, NOW, "practice", minutes=12),
    ]
    found = finished_acts(events)
    assert len(found) == 6
    assert {(item.kind, item.minutes) for item in found} == {
        ("lesson", 0.0),
        ("explain", 1.0),
        ("note", 0.0),
        ("person", 0.0),
        ("site", 0.0),
        ("practice", 12.0),
    }
    assert sorted(tally(found).events) == sorted(events[n].id for n in (0, 2, 3, 4, 5, 6, 8))


def test_measured_time_joins_the_act_it_belongs_to() -> None:
    done = event(1, "lesson.state", NOW, subject="c.md", lesson="A", to="done")
    timed = act(2, NOW + timedelta(seconds=1), "lesson", subject="c.md\nA", minutes=25)
    before = event(3, "time.spent", NOW - timedelta(hours=1), subject="c.md\nA", act="lesson", minutes=10)
    (found,) = finished_acts([done, timed, before])
    assert (found.minutes, found.finished, len(found.events)) == (35.0, True, 3)
    (only_time,) = finished_acts([before])
    assert tally([only_time]) == Tally(0, 10.0, (before.id,))
    assert active_days([only_time]) == set()


def test_ticking_a_lesson_twice_a_day_counts_once_and_again_tomorrow() -> None:
    events = [
        event(n, "lesson.state", NOW + timedelta(minutes=n), subject="c.md", lesson="A", to=to)
        for n, to in enumerate(["done", "todo", "done"])
    ]
    assert len(finished_acts(events)) == 1
    tomorrow = event(9, "lesson.state", NOW + timedelta(days=1), subject="c.md", lesson="A", to="done")
    assert len(finished_acts([*events, tomorrow])) == 2


def test_reviews_form_sittings_and_an_open_card_is_not_work() -> None:
    gaps = [0, 1, 2, 3, 45, 46, 47]
    events = [
        event(n, "card.reviewed", NOW + timedelta(minutes=gap), subject=f"c{n}", rating=3, seconds=30)
        for n, gap in enumerate(gaps)
    ]
    found = finished_acts(events)
    assert [(item.kind, len(item.events), item.minutes) for item in found] == [
        ("cards", 4, 2.0),
        ("cards", 3, 1.5),
    ]
    left_open = event(99, "card.reviewed", NOW, subject="c", rating=3, seconds=4000)
    assert finished_acts([left_open])[0].minutes == 2.0


def test_values_that_cannot_be_minutes_count_as_none() -> None:
    values: list[Any] = ["ten", -5, None, True, 1e99, float("nan")]
    found = finished_acts([act(n, NOW, minutes=value) for n, value in enumerate(values)])
    assert tally(found) == Tally(6, 0.0, tuple(f"{n:08x}" for n in range(6)))


MOMENTS = st.builds(
    lambda seconds, zone: (datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)).astimezone(zone),
    st.integers(0, 3 * 365 * 86_400),
    st.sampled_from(ZONES),
)
RAW = st.tuples(
    MOMENTS,
    st.sampled_from(["act.finished", "card.reviewed", "explained", "lesson.state", "time.spent"]),
    st.integers(0, 3),
    st.floats(0, 50),
)


def journal(raw: list[tuple[datetime, str, int, float]]) -> list[Event]:
    return [
        event(
            n,
            kind,
            moment,
            subject=f"s{subject}",
            act="practice",
            lesson="L",
            to="done",
            minutes=x,
            seconds=x,
        )
        for n, (moment, kind, subject, x) in enumerate(raw)
    ]


@given(st.lists(RAW, max_size=30), st.randoms(use_true_random=False))
def test_two_devices_give_the_same_acts_in_any_order(
    raw: list[tuple[datetime, str, int, float]], rng: random.Random
) -> None:
    events = journal(raw)
    shuffled = events[:]
    rng.shuffle(shuffled)
    assert finished_acts(shuffled) == finished_acts(events)


@given(st.lists(RAW, max_size=30))
def test_every_number_is_the_sum_of_its_evidence(raw: list[tuple[datetime, str, int, float]]) -> None:
    events = journal(raw)
    found = finished_acts(events)
    total = tally(found)
    assert sorted(total.events) == sorted(item.id for item in events)
    known = {item.id: item for item in events}
    for parts in (
        by_day(found).values(),
        by_kind(found).values(),
        [y.total for y in yields(found, DEFAULT_WINDOWS)],
    ):
        pieces = list(parts)
        assert sum(piece.acts for piece in pieces) == total.acts
        assert sum(piece.minutes for piece in pieces) == pytest.approx(total.minutes)
        assert sorted(item for piece in pieces for item in piece.events) == sorted(total.events)
    for day, piece in by_day(found).items():
        assert {known[item].moment.date() for item in piece.events} == {day}


@given(st.lists(RAW, max_size=30))
def test_a_day_depends_on_its_own_events_alone(raw: list[tuple[datetime, str, int, float]]) -> None:
    events = journal(raw)
    whole = diary(finished_acts(events))
    days = {item.moment.date() for item in events}
    assert whole.keys() == {day.isoformat() for day in days}
    for day in days:
        own = diary(finished_acts(item for item in events if item.moment.date() == day))
        assert own == {day.isoformat(): whole[day.isoformat()]}


# --- days, zones, summer time ------------------------------------------------------------------------------


@given(MOMENTS)
def test_a_day_is_the_date_on_the_learners_own_wall(moment: datetime) -> None:
    (found,) = finished_acts([act(1, moment)])
    assert found.day == moment.date()


@pytest.mark.parametrize("zone", [NEW_YORK, LONDON])
@pytest.mark.parametrize("start", [date(2026, 3, 1), date(2026, 10, 20)])
def test_the_changes_of_summer_time_neither_lose_nor_double_a_day(zone: ZoneInfo, start: date) -> None:
    days = [start + timedelta(days=n) for n in range(40)]
    for hour, minute in ((0, 0), (1, 30), (2, 30), (23, 59)):
        events = [
            act(n, datetime(day.year, day.month, day.day, hour, minute, tzinfo=zone))
            for n, day in enumerate(days)
        ]
        found = finished_acts(events)
        assert active_days(found) == set(days)
        assert streak(active_days(found), days[-1]).days == 40


def test_the_hour_that_comes_twice_belongs_to_one_day() -> None:
    first = datetime(2026, 11, 1, 5, 30, tzinfo=UTC).astimezone(NEW_YORK)
    second = datetime(2026, 11, 1, 6, 30, tzinfo=UTC).astimezone(NEW_YORK)
    assert (first.hour, second.hour) == (1, 1)
    found = finished_acts([act(1, first), act(2, second)])
    assert {item.day for item in found} == {date(2026, 11, 1)}
    assert yields(found, ["01:00-02:00"])[0].total.acts == 2


def test_midnight_belongs_to_the_new_day() -> None:
    late = datetime(2026, 11, 21, 23, 59, 59, tzinfo=CHINA)
    assert active_days(finished_acts([act(1, late)])) == {date(2026, 11, 21)}
    assert active_days(finished_acts([act(1, late + timedelta(seconds=1))])) == {date(2026, 11, 22)}
    reviews = [
        event(n, "card.reviewed", late + timedelta(minutes=n), subject="c", rating=3, seconds=5)
        for n in range(3)
    ]
    assert [item.day for item in finished_acts(reviews)] == [date(2026, 11, 21), date(2026, 11, 22)]


def test_a_clock_that_ran_ahead_gives_no_streak_in_advance() -> None:
    days = {TODAY + timedelta(days=n) for n in range(-2, 6)}
    assert streak(days, TODAY).days == 3
    assert streak({TODAY + timedelta(days=400)}, TODAY).days == 0
    assert week_goal(finished_acts(acts_on(TODAY + timedelta(days=1))), TODAY, 1).total.acts == 0


# --- the streak --------------------------------------------------------------------------------------------


def days_before(*back: int) -> set[date]:
    return {TODAY - timedelta(days=n) for n in back}


def test_today_may_still_be_empty() -> None:
    assert streak(days_before(1, 2, 3), TODAY).days == 3
    assert streak(days_before(0, 1, 2, 3), TODAY).days == 4
    assert streak(set(), TODAY) == streak(days_before(-1), TODAY)
    assert streak(set(), TODAY).grace_left == GRACE_DAYS


def test_two_empty_days_a_month_are_excused_and_the_third_is_not() -> None:
    two = streak(days_before(0, 1, 3, 4, 6, 7), TODAY)
    assert (two.days, two.since, two.grace_left) == (6, TODAY - timedelta(days=7), 0)
    assert two.excused == (TODAY - timedelta(days=5), TODAY - timedelta(days=2))
    three = streak(days_before(0, 1, 3, 4, 6, 8), TODAY)
    assert (three.days, three.since) == (5, TODAY - timedelta(days=6))


def test_every_month_has_its_own_two_days() -> None:
    first = date(2026, 12, 1)
    empty = {date(2026, 11, 29), date(2026, 11, 30), date(2026, 12, 1), date(2026, 12, 2)}
    days = {first + timedelta(days=n) for n in range(-10, 10)} - empty
    found = streak(days, date(2026, 12, 10))
    assert (found.days, set(found.excused), found.grace_left) == (16, empty, 0)


def slow_streak(days: set[date], today: date) -> int:
    """The rule once more, from the other end: the farthest start with at most two empty days in each month."""
    best = 0
    for start in (day for day in days if day <= today):
        span = [start + timedelta(days=n) for n in range((today - start).days + 1)]
        empty = [day for day in span if day not in days and day != today]
        months = [(day.year, day.month) for day in empty]
        if all(months.count(month) <= GRACE_DAYS for month in months):
            best = max(best, sum(day in days for day in span))
    return best


DAYS = st.sets(st.integers(-5, 70), max_size=70).map(lambda back: {TODAY - timedelta(days=n) for n in back})


@given(DAYS)
def test_the_streak_is_the_rule(days: set[date]) -> None:
    found = streak(days, TODAY)
    assert found.days == slow_streak(days, TODAY)
    assert 0 <= found.grace_left <= GRACE_DAYS
    assert not set(found.excused) & days
    assert longest_streak(days, TODAY) >= found.days


@given(DAYS, st.integers(0, 70))
def test_another_active_day_never_shortens_a_streak(days: set[date], back: int) -> None:
    assert streak(days | {TODAY - timedelta(days=back)}, TODAY).days >= streak(days, TODAY).days


@given(DAYS)
def test_the_streak_of_yesterday_is_not_lost_by_midnight_alone(days: set[date]) -> None:
    if TODAY - timedelta(days=1) in days:
        assert streak(days, TODAY).days >= streak(days, TODAY - timedelta(days=1)).days


# --- minutes -----------------------------------------------------------------------------------------------


def test_attention_counts_while_somebody_is_there() -> None:
    attention = Attention(NOW)
    for seconds in (30, 90, 150, 1000, 1060):
        attention = attention.touched(NOW + timedelta(seconds=seconds))
    assert attention.minutes == (30 + 60 + 60 + 60) / 60


@given(st.lists(st.integers(-(10**5), 10**5), max_size=50), st.integers(1, 600))
def test_attention_never_exceeds_what_passed_nor_runs_backwards(steps: list[int], idle: int) -> None:
    attention = Attention(NOW)
    passed = 0
    for step in steps:
        before = attention.spent
        attention = attention.touched(attention.last + timedelta(seconds=step), timedelta(seconds=idle))
        passed += max(0, step)
        assert attention.spent >= before
    assert attention.spent <= timedelta(seconds=min(passed, idle * len(steps)))


def test_attention_counts_real_time_over_the_change_of_summer_time() -> None:
    before = datetime(2026, 11, 1, 5, 59, tzinfo=UTC).astimezone(NEW_YORK)
    after = datetime(2026, 11, 1, 6, 0, tzinfo=UTC).astimezone(NEW_YORK)
    assert after.hour == before.hour
    assert Attention(before).touched(after).minutes == 1.0


# --- weeks and the year ------------------------------------------------------------------------------------


def test_the_week_begins_on_monday() -> None:
    assert TODAY.weekday() == 6
    events = acts_on(*(TODAY - timedelta(days=n) for n in range(9)))
    goal = week_goal(finished_acts(events), TODAY, 7)
    assert (goal.monday, goal.total.acts, goal.total.minutes, goal.reached) == (
        date(2026, 11, 16),
        7,
        35.0,
        True,
    )
    assert not week_goal(finished_acts(events[:6]), TODAY, 7).reached
    bars = week_bars(finished_acts(events), TODAY, 3)
    assert [(start, total.acts) for start, total in bars] == [
        (date(2026, 11, 2), 0),
        (date(2026, 11, 9), 2),
        (date(2026, 11, 16), 7),
    ]


@given(DAYS, st.dates(date(2026, 1, 1), date(2027, 12, 31)))
def test_the_heatmap_shows_every_day_in_its_place(days: set[date], today: date) -> None:
    found = finished_acts(acts_on(*days))
    grid = heatmap(found, today)
    assert [len(row) for row in grid] == [53] * 7
    start = monday(today) - timedelta(weeks=52)
    for weekday, row in enumerate(grid):
        for week, cell in enumerate(row):
            day = start + timedelta(weeks=week, days=weekday)
            assert (cell is None) == (day > today)
            if cell is not None:
                assert cell.acts == (day in days)
    assert sum(cell.acts for row in grid for cell in row if cell) == len(
        {day for day in days if start <= day <= today}
    )


def test_heat_has_five_levels() -> None:
    assert [heat_level(Tally(acts)) for acts in (0, 1, 2, 3, 4, 6, 7, 100)] == [0, 1, 2, 2, 3, 3, 4, 4]


# --- windows -----------------------------------------------------------------------------------------------


def at(hour: int, minute: int = 0, second: int = 0) -> datetime:
    return datetime(2026, 11, 22, hour, minute, second, tzinfo=CHINA)


def test_the_four_windows_of_the_second_article() -> None:
    labels = {
        hour: (found.label if (found := window_at(DEFAULT_WINDOWS, at(hour))) else "") for hour in range(24)
    }
    assert {hour for hour, label in labels.items() if label} == {7, 8, 11, 12, 17, 18, 21, 22}
    window = window_at(DEFAULT_WINDOWS, NOW)
    assert window is not None
    assert window.minutes_left(NOW) == 112.95
    assert window.minutes_left(at(20)) == 0.0
    assert window_at(DEFAULT_WINDOWS, at(9)) is None
    assert window_at([], NOW) is None


def test_a_window_may_run_past_midnight() -> None:
    late = parse_window("22:30 – 1:00")
    assert (late.label, late.length) == ("22:30-01:00", 150)
    assert [late.contains(at(hour)) for hour in (22, 23, 0, 1)] == [False, True, True, False]
    assert late.minutes_left(at(0, 30, 30)) == 29.5
    assert parse_window("21:00-24:00").minutes_left(at(23, 59)) == 1
    assert parse_window("0:00-24:00").length == 24 * 60


@given(st.integers(0, 1439), st.integers(0, 1439), st.integers(0, 1439))
def test_a_window_and_its_complement_split_the_day(start: int, end: int, minute: int) -> None:
    if start == end:
        return
    moment = at(minute // 60, minute % 60)
    inside, outside = Window(start, end), Window(end, start)
    assert inside.contains(moment) != outside.contains(moment)
    assert inside.length + outside.length == 1440
    assert parse_window(inside.label) == inside


@pytest.mark.parametrize("text", ["", "7-9", "25:00-26:00", "07:00-07:00", "07:61-08:00", "morning", "07:00"])
def test_a_window_that_cannot_be_is_an_error(text: str) -> None:
    with pytest.raises(StudyError, match="not a time window"):
        parse_window(text)


def test_the_window_that_really_yields() -> None:
    events = [act(n, at(7, n), minutes=1) for n in range(6)] + [
        act(50 + n, at(21, n), minutes=9) for n in range(6)
    ]
    events += [act(90 + n, at(15, n), minutes=9) for n in range(30)]
    found = yields(finished_acts(events), DEFAULT_WINDOWS)
    assert [item.total.acts for item in found] == [6, 0, 0, 6, 30]
    assert found[-1].window is None
    best = best_window(found)
    assert best is not None
    assert best.window is not None
    assert best.window.label == "21:00-23:00"
    assert best_window(yields(finished_acts(events[:8]), DEFAULT_WINDOWS)) is None
    assert best_window([]) is None
