"""The weekly review: filled in from the journal, with last week's change asked first."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from studytui import i18n
from studytui.journal import Event
from studytui.learning.acts import finished_acts
from studytui.learning.goals import by_day, week_goal
from studytui.learning.weekly import change_of, week_label, week_note, week_of
from tests.conftest import CHINA

SUNDAY = date(2026, 11, 22)
NOON = datetime(2026, 11, 18, 12, tzinfo=CHINA)


def event(n: int, kind: str, moment: datetime = NOON, **data: Any) -> Event:
    return Event(f"{n:06x}", (moment + timedelta(seconds=n)).isoformat(), kind, data)


EVENTS = [
    event(1, "article.read", subject="a1", value=True),
    event(2, "article.read", subject="a2", value=True),
    event(3, "article.read", subject="a2", value=False),
    event(4, "note.created", subject="mine/x.md", title="My funnel"),
    event(5, "article.noted", subject="a1", note="mine/x.md"),
    event(6, "lesson.state", subject="c.md", course="Course", lesson="Ties", to="done"),
    event(7, "lesson.state", subject="c.md", course="Course", lesson="Quiz", to="done"),
    event(8, "lesson.state", subject="c.md", course="Course", lesson="Quiz", to="todo"),
    event(9, "explained", subject="Funnel", score=2, seconds=60),
    event(10, "explained", subject="Funnel", score=4, seconds=60),
    event(11, "contact.logged", subject="people/Anna.md"),
    event(12, "act.finished", subject="funnel", act="practice", minutes=12),
    event(13, "card.reviewed", subject="c1", rating=3, seconds=30),
    event(14, "card.reviewed", subject="c2", rating=1, seconds=30),
    event(15, "article.read", NOON - timedelta(days=3), subject="old", value=True),
    event(16, "article.read", NOON + timedelta(days=5), subject="next", value=True),
]


def test_a_week_holds_what_stands_at_its_end() -> None:
    week = week_of(reversed(EVENTS), SUNDAY)
    assert (week.label, week.start) == ("2026-W47", date(2026, 11, 16))
    assert [entry.subject for entry in week.read] == ["a1"]
    assert [(entry.subject, entry.title) for entry in week.notes] == [("mine/x.md", "My funnel")]
    assert [(entry.title, entry.detail) for entry in week.lessons] == [("Ties", "Course")]
    assert [(entry.subject, entry.detail) for entry in week.explained] == [("Funnel", "4")]
    assert [entry.subject for entry in week.people] == ["people/Anna.md"]
    assert [entry.subject for entry in week.practice] == ["funnel"]
    assert (week.reviews, week.recalled) == (2, 1)
    ids = {item.id for item in EVENTS}
    for entries in (week.read, week.notes, week.lessons, week.explained, week.people, week.practice):
        assert {entry.event for entry in entries} <= ids


def test_the_total_is_the_same_number_the_goal_shows() -> None:
    acts = finished_acts(EVENTS)
    week = week_of(EVENTS, SUNDAY)
    assert week.total == week_goal(acts, SUNDAY, 10).total
    assert week.total.acts == sum(total.acts for day, total in by_day(acts).items() if day >= week.start)


@given(st.dates(date(2020, 1, 1), date(2035, 12, 31)))
def test_a_week_is_named_by_iso_8601(day: date) -> None:
    assert date.fromisocalendar(int(week_label(day)[:4]), int(week_label(day)[-2:]), 1) <= day


def test_the_note_is_filled_in_and_its_change_is_found_again() -> None:
    week = week_of(EVENTS, SUNDAY)
    titles = {"a1": "Ten [[tricks]] #flashcards", "people/Anna.md": "Anna", "funnel": "Funnel arithmetic"}
    note = week_note(week, SUNDAY, titles, "One note a day", "Yes, four times.")
    assert note.startswith("---\ntitle: 2026-W47\nkind: weekly\ndate: 2026-11-22\n---\n")
    assert "> One note a day\n\nYes, four times." in note
    assert "- Ten \\[\\[tricks\\]\\] \\#flashcards\n" in note
    assert "- [[My funnel]]\n" in note
    assert "- Ties (Course)\n" in note
    assert "- Funnel (4)\n" in note
    assert "- [[Anna]]\n" in note
    assert "2 answers to cards, remembered: 50 %." in note
    assert note.index("One note a day") < note.index("## Read") < note.index("## One change")
    assert change_of(note) == ""
    written = note + "Write on\nMondays first.\n\n## More\nno\n"
    assert change_of(written) == "Write on Mondays first."
    i18n.set_language("zh")
    assert change_of(week_note(week, SUNDAY, titles).replace("\n", "\r\n") + "早一点睡\r\n") == "早一点睡"


def test_an_empty_week_says_so() -> None:
    note = week_note(week_of([], SUNDAY), SUNDAY, {})
    assert note.count("Nothing this week.") == 6
    assert "## The change I wanted" not in note
