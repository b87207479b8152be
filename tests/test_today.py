"""What Today gathers: every count is a recount, one broken part spares the others, what was put off waits."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studytui.agenda import KINDS, act, why
from studytui.workspace import Workspace
from tests.conftest import FixedClock
from tests.learning_desk import articles, furnish, opened, plenty, write
from tests.test_joins_learning import START, finish

COUNTED = ("lesson under way", "lesson", "unsorted", "new cards", "person", "site", "article")


@given(st.fixed_dictionaries({kind: st.integers(0, 12) for kind in COUNTED}))
@settings(max_examples=20)
def test_every_count_equals_what_is_there(amounts: dict[str, int]) -> None:
    with TemporaryDirectory() as folder:
        workspace = Workspace(Path(folder))
        workspace.prepare()
        study = plenty(workspace, FixedClock(START), amounts)
        for _again in range(2):
            counts = dict(study.today().counts)
            expected = {**amounts, "new cards": min(10, amounts["new cards"])}
            assert {kind: counts[kind] for kind in COUNTED} == expected
        study.close()


def test_ten_of_everything_is_one_queue_with_one_first(workspace: Workspace, clock: FixedClock) -> None:
    study = plenty(workspace, clock, dict.fromkeys(COUNTED, 10))
    today = study.today()
    assert today.next is not None and act(today.next) and why(today.next)
    positions = [KINDS.index(due.kind) for due in today.queue if due.minutes <= (today.minutes_left or 999)]
    assert positions == sorted(positions)
    assert today.of("person")[0].detail.startswith("Why")
    study.close()


def test_what_was_never_learned_does_not_fade(workspace: Workspace, clock: FixedClock) -> None:
    furnish(workspace)
    study = opened(workspace, clock)
    today = study.today()
    assert [due.kind for due in today.queue[:2]] == ["lesson", "new cards"]
    card = study.learning.cards.next()[0]
    study.learning.cards.grade(card, 4, 5)
    clock.tick(days=30)
    today = study.today()
    assert today.queue[0].kind == "cards" and today.counts["new cards"] == 0
    study.close()


def test_not_now_and_skip_today(workspace: Workspace, clock: FixedClock) -> None:
    study = plenty(workspace, clock, {"lesson under way": 1, "article": 1})
    first = study.today().next
    assert first is not None and first.kind == "lesson under way"
    study.put_off(first, until_tomorrow=False)
    assert study.today().next != first and study.today().counts["lesson under way"] == 1
    assert "Begun 0" in study.undo()
    assert study.today().next == first
    study.put_off(first, until_tomorrow=True)
    clock.tick(hours=2)
    assert first not in study.today().queue
    clock.tick(hours=1)
    assert first.subject in {due.subject for due in study.today().queue}, "midnight has passed"
    study.close()


def test_a_lesson_that_is_due_says_so_and_the_later_comes_first(
    workspace: Workspace, clock: FixedClock
) -> None:
    write(
        workspace,
        "courses/c.md",
        "---\ntitle: C\nkind: course\n---\n\n- [ ] Soon 📅 2026-11-22\n- [ ] Long ago 📅 2026-11-01\n"
        "- [ ] Not yet 📅 2026-11-23\n- [>] Once more\n",
    )
    study = opened(workspace, clock)
    found = study.today().of("lesson")
    assert [due.title for due in found] == ["Long ago", "Soon"]
    assert "2026-11-01" in why(found[0])
    study.close()


def test_what_does_not_fit_the_window_comes_later(workspace: Workspace, clock: FixedClock) -> None:
    write(
        workspace,
        "courses/c.md",
        "---\ntitle: C\nkind: course\n---\n\n- [/] A long one (90min)\n- [/] A short one (5min)\n",
    )
    study = opened(workspace, clock)
    clock.moment = START.replace(hour=22, minute=40)
    today = study.today()
    assert (today.window, round(today.minutes_left or 0)) == ("21:00-23:00", 20)
    assert [due.title for due in today.queue] == ["A short one", "A long one"]
    clock.moment = START.replace(hour=23, minute=30)
    assert study.today().window == "" and study.today().queue[0].title == "A long one"
    study.close()


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("feeds.yaml", b"feeds:\n  - ["),
        (".studytui/settings.toml", b"windows = 3"),
        (".studytui/settings.toml", b"\xff"),
        ("notes/courses/c.md", b"---\nkind: course\ntitle: [\n---\n"),
        ("notes/Many.md", b"\xff\xfe\x00"),
    ],
)
def test_one_broken_file_spares_the_others(
    workspace: Workspace, clock: FixedClock, file: str, content: bytes
) -> None:
    study = plenty(workspace, clock, {"lesson under way": 2, "article": 3, "new cards": 5, "site": 1})
    (workspace.root / file).write_bytes(content)
    study.vault.scan()
    today = study.today()
    assert today.queue, "something still waits"
    assert today.counts["article"] == 3
    study.close()


def test_the_week_and_the_streak_are_on_today(workspace: Workspace, clock: FixedClock) -> None:
    furnish(workspace)
    study = opened(workspace, clock)
    finish(study, "Ties")
    clock.tick(days=-1)
    study.journal.append("explained", subject="Funnel", score=3, seconds=120)
    clock.tick(days=1)
    today = study.today()
    assert (today.week.acts, today.week.goal, today.week.minutes) == (2, 10, 2.0)
    assert (today.streak, today.grace) == (2, 2)
    study.close()


def test_articles_wait_until_they_are_opened_and_then_until_they_are_noted(
    workspace: Workspace, clock: FixedClock
) -> None:
    furnish(workspace)
    study = opened(workspace, clock)
    ids = articles(study, 3)
    assert study.today().counts["article"] == 3
    study.library.set_read(ids[:1], by="reading")
    assert (study.today().counts["article"], study.today().counts["unsorted"]) == (2, 1)
    study.learning.note_about(ids[0])
    assert study.today().counts["unsorted"] == 0
    study.close()
