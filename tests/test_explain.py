"""Explaining: prompts from notes, scores that need evidence, the weakest first."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studytui import i18n
from studytui.errors import StudyError
from studytui.journal import Event
from studytui.learning.explain import (
    LENGTHS,
    MOST_WITHOUT_NOTE,
    Prompt,
    Standing,
    Written,
    counted_score,
    evidence,
    explained_fields,
    one_page,
    prompts,
    remaining,
    standings,
)
from tests.conftest import CHINA

NOW = datetime(2026, 11, 22, 21, 7, 3, tzinfo=CHINA)
FUNNEL = Prompt("topics/Funnel.md", "Funnel")
WHY = Prompt("topics/Funnel.md", "Funnel", "Why does half the audience leave each day?")
TIES = Prompt("topics/Ties.md", "Ties")


def explained(n: int, prompt: Prompt, score: int, days_ago: float, proof: list[str] | None = None) -> Event:
    fields = explained_fields(prompt, score, 58.04, 60, ["mine.md"] if proof is None else proof)
    return Event(f"{n:06x}", (NOW - timedelta(days=days_ago)).isoformat(), "explained", fields)


def order(found: list[Standing]) -> list[str]:
    return [item.prompt.text for item in found]


def test_a_topic_gives_itself_and_its_questions() -> None:
    front: dict[str, Any] = {"explain": ["Why, really?", "How many, of 7,500?", "Why, really?", None]}
    assert prompts("t.md", "Funnel", "topic", front) == [
        Prompt("t.md", "Funnel"),
        Prompt("t.md", "Funnel", "Why, really?"),
        Prompt("t.md", "Funnel", "How many, of 7,500?"),
    ]
    assert prompts("n.md", "N", "note", {"explain": "Why, really?"}) == [Prompt("n.md", "N", "Why, really?")]
    assert prompts("n.md", "N", "note", {}) == []


def test_a_question_of_ones_own_belongs_to_its_topic() -> None:
    assert prompts("q.md", "What is churn?", "question", {"topic": "[[Funnel|the funnel]]"}) == [
        Prompt("q.md", "Funnel", "What is churn?")
    ]
    assert prompts("q.md", "What is churn?", "question", {}) == [Prompt("q.md", "", "What is churn?")]


def test_evidence_is_the_learners_own_notes_on_the_topic() -> None:
    notes = [
        Written("topics/Funnel.md", "Funnel", "topic", own=False),
        Written("mine/a.md", "A", topics=("funnel",)),
        Written("mine/b.md", "B", links=("Ties", "Funnel")),
        Written("mine/c.md", "C", links=("Ties",)),
        Written("q.md", "Q", "question", topics=("Funnel",)),
    ]
    assert evidence(FUNNEL, notes) == ["mine/a.md", "mine/b.md"]
    assert evidence(WHY, notes) == evidence(FUNNEL, notes)
    assert evidence(FUNNEL, [Written("mine/Funnel.md", "Funnel", "topic")]) == ["mine/Funnel.md"]
    assert evidence(Prompt("q.md", "", "What?"), notes) == []


@given(st.integers(1, 5), st.lists(st.text(min_size=1), max_size=3))
def test_no_score_above_two_without_a_note(score: int, proof: list[str]) -> None:
    counted = counted_score(score, proof)
    assert counted == (score if proof else min(score, MOST_WITHOUT_NOTE))
    fields = explained_fields(FUNNEL, score, 12.34, LENGTHS[1], proof)
    assert (fields["score"], fields["claimed"], fields["seconds"], fields["limit"]) == (
        counted,
        score,
        12.3,
        180,
    )


@pytest.mark.parametrize("score", [0, 6, -1])
def test_a_score_is_one_to_five(score: int) -> None:
    with pytest.raises(StudyError, match="not a score"):
        counted_score(score, ["n.md"])


def test_the_weakest_comes_first_and_todays_last() -> None:
    events = [explained(1, FUNNEL, 4, 3), explained(2, TIES, 1, 3)]
    assert order(standings([FUNNEL, TIES, WHY], events, NOW)) == ["Ties", WHY.text, "Funnel"]
    events.append(explained(3, TIES, 1, 0.01))
    assert order(standings([FUNNEL, TIES, WHY], events, NOW)) == [WHY.text, "Funnel", "Ties"]


def test_what_is_not_said_fades() -> None:
    (fresh,) = standings([FUNNEL], [explained(1, FUNNEL, 4, 0)], NOW)
    (old,) = standings([FUNNEL], [explained(1, FUNNEL, 4, 60)], NOW)
    assert fresh.strength == pytest.approx(4, abs=0.01)
    assert old.strength == pytest.approx(2)
    never = Prompt("x.md", "Never tried")
    long_ago = [explained(1, FUNNEL, 2, 40)]
    assert order(standings([never, FUNNEL], long_ago, NOW)) == ["Funnel", "Never tried"]


def test_history_is_in_order_whatever_device_wrote_it() -> None:
    events = [explained(n, FUNNEL, score, 10 - n) for n, score in enumerate([2, 3, 5])]
    (found,) = standings([FUNNEL], reversed(events), NOW)
    assert [attempt.score for attempt in found.attempts] == [2, 3, 5]
    assert found.last is not None
    assert (found.last.evidence, found.last.limit, found.last.seconds) == (("mine.md",), 60, 58.0)


def test_a_reworded_question_keeps_its_history_and_another_does_not_take_it() -> None:
    events = [explained(1, WHY, 4, 3)]
    reworded = Prompt(WHY.note, WHY.topic, "Why does about half the audience leave each day?")
    other = Prompt(WHY.note, WHY.topic, "What is a soft article?")
    elsewhere = Prompt("b.md", "B", "Why does half the audience leave every day?")
    found = {item.prompt: len(item.attempts) for item in standings([reworded, other, elsewhere], events, NOW)}
    assert found == {reworded: 1, other: 0, elsewhere: 0}
    twice = [Prompt(WHY.note, WHY.topic, WHY.question + end) for end in ("a", "b")]
    assert [len(item.attempts) for item in standings(twice, events, NOW)] == [0, 0]


def test_damaged_events_are_passed_over() -> None:
    at = NOW.isoformat()
    events = [
        Event("1", at, "explained", {"subject": "Funnel", "score": 9}),
        Event("2", at, "explained", {"subject": "Funnel", "score": "5"}),
        Event(
            "3",
            at,
            "explained",
            {"subject": "Funnel", "score": 3, "seconds": "x", "evidence": "y", "limit": None},
        ),
        Event("4", at, "card.reviewed", {"subject": "Funnel", "score": 3}),
    ]
    (found,) = standings([FUNNEL], events, NOW)
    assert [(item.event, item.seconds, item.limit, item.evidence) for item in found.attempts] == [
        ("3", 0.0, 60, ())
    ]


@given(st.integers(-10_000, 10_000), st.sampled_from(LENGTHS))
def test_the_timer_stays_between_nothing_and_its_length(seconds: int, limit: int) -> None:
    left = remaining(NOW, NOW + timedelta(seconds=seconds), limit)
    assert left == min(limit, max(0, limit - seconds))


def test_one_page_says_what_can_be_explained_and_by_what() -> None:
    events = [explained(1, FUNNEL, 5, 3), explained(2, TIES, 4, 3, ["gone.md"]), explained(3, WHY, 5, 3, [])]
    page = one_page(standings([FUNNEL, TIES, WHY], events, NOW), {"mine.md": "My funnel"})
    assert page == (
        "# What I can explain\n\n"
        "- **Funnel** (5 of 5, 2026-11-19): [[My funnel]]\n"
        "- **Ties** (4 of 5, 2026-11-19)\n"
    )
    i18n.set_language("en")
    assert "Nothing yet" in one_page(standings([WHY], events, NOW), {})
