"""Today on the screen: it fits, one act stands out with its reason, and everything on it leads somewhere."""

from __future__ import annotations

from datetime import datetime

import pytest
from rich.cells import cell_len
from textual.widgets import Input

from studytui import i18n
from studytui.agenda import KINDS, Due, Today, Week, kind_name
from studytui.settings import MEANINGS, load_settings
from studytui.tui.app import StudyApp
from studytui.tui.screens.courses import CoursesScreen
from studytui.tui.screens.editor import EditorScreen
from studytui.tui.screens.settings import SettingsScreen
from studytui.tui.screens.stats import EvidenceScreen, StatsScreen
from studytui.tui.screens.stats_rows import gather, stat_rows
from studytui.tui.screens.today import ROOMS, TodayScreen, room
from studytui.tui.screens.today_rows import ROWS, key_of, reason, today_rows, week_line
from studytui.workspace import Workspace
from tests.conftest import CHINA, FixedClock
from tests.learning_desk import articles, furnish, opened, plenty
from tests.test_joins_learning import finish
from tests.test_today import COUNTED
from tests.tui_helpers import HARMLESS, HOSTILE, page_with, running, screen_lines, screen_text, settle

NOW = datetime(2026, 11, 22, 21, 7, tzinfo=CHINA)


def everything(now: datetime = NOW, title: str = "a thing to do") -> Today:
    """Ten of every kind."""
    queue = [
        Due(kind, f"{kind}{n}", f"{title} {n}", detail="Why does it fade so soon?")
        for kind in KINDS
        for n in range(1 if "cards" in kind else 10)
    ]
    return Today(now, "21:00-23:00", 113, tuple(queue), dict.fromkeys(KINDS, 10), Week(7, 10, 85, 125), 6, 2)


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("size", [(80, 24), (120, 40), (60, 18)])
async def test_ten_of_everything_fits(
    workspace: Workspace, clock: FixedClock, lang: str, size: tuple[int, int]
) -> None:
    study = plenty(workspace, clock, dict.fromkeys(COUNTED, 10))
    i18n.set_language(lang)
    async with running(StudyApp(study), size) as pilot:
        assert isinstance(pilot.app.screen, TodayScreen)
        pilot.app.screen._show(everything())
        await settle(pilot)
        lines = screen_lines(pilot.app)
        text = "\n".join(lines)
        assert len(lines) == size[1] and all(cell_len(line) <= size[0] for line in lines)
        assert f" {i18n._('Now')}" in lines and reason(everything().queue[0])[:8] in text
        assert len([line for line in lines if line.startswith("▸")]) == 1
        if size[1] >= 24:
            for kind in KINDS[1:]:
                assert kind_name(kind) in text
            assert not pilot.app.screen.queue.max_scroll_y, "nothing is hidden below"
    study.close()


def test_one_act_stands_out_and_every_kind_has_a_line() -> None:
    rows = today_rows(everything())
    assert [row.look for row in rows].count("strong") == 1 and rows[1].look == "strong"
    assert len(rows) <= ROWS + 3
    assert {row.key.partition("\n")[0] for row in rows if row.key} == set(KINDS)
    assert len({row.key for row in rows if row.key}) == len([row for row in rows if row.key])
    assert {due.kind for due in everything().queue} <= {*ROOMS, "unsorted"}
    assert today_rows(Today(NOW, "", None)) == []


def test_what_is_unsorted_leads_to_its_room() -> None:
    assert room(Due("unsorted", "abc", "A")) == "read"
    assert room(Due("unsorted", "courses/a.md\nTies", "A")) == "courses"


def test_the_week_in_one_line_shames_nobody() -> None:
    assert week_line(Week(0, 10, 0, 0), 0, 2) == "This week ────────── 0 of 10 acts  ·  0 minutes"
    full = week_line(Week(12, 10, 85, 125), 6, 1)
    assert "━" * 10 in full and "85 of 125 minutes" in full and "streak 6 days" in full


@pytest.fixture
def app(workspace: Workspace, clock: FixedClock) -> StudyApp:
    furnish(workspace)
    return StudyApp(opened(workspace, clock))


async def test_enter_goes_to_the_lesson_and_its_state_comes_back(app: StudyApp) -> None:
    async with running(app, (120, 40)) as pilot:
        assert "Take the lesson “First steps”" in screen_text(app)
        await pilot.press("enter")
        await settle(pilot)
        assert isinstance(app.screen, CoursesScreen) and app.screen.lesson is not None
        assert app.screen.lesson.title == "First steps"
        await pilot.press("space")
        await settle(pilot)
        await pilot.press("1")
        await settle(pilot)
        assert "Finish the lesson “First steps”" in screen_text(app)


async def test_not_now_and_skip_propose_something_else(app: StudyApp, clock: FixedClock) -> None:
    async with running(app) as pilot:
        screen = app.screen
        assert isinstance(screen, TodayScreen)
        await pilot.press("n")
        await settle(pilot)
        assert screen.today is not None and screen.today.next is not None
        assert screen.today.next.kind == "new cards" and screen.queue.key == key_of(screen.today.next)
        clock.tick(minutes=1)
        await pilot.press("x")
        await settle(pilot)
        assert screen.today.next is None and "Nothing is waiting." in screen_text(app)
        await pilot.press("u")
        await settle(pilot)
        assert screen.today.next.kind == "new cards"


async def test_writing_about_what_is_unsorted_and_finding_nothing_to_keep(app: StudyApp) -> None:
    ids = articles(app.study, 2)
    app.study.library.set_read(ids, by="reading")
    async with running(app) as pilot:
        screen = app.screen
        assert isinstance(screen, TodayScreen) and screen.today is not None
        assert screen.queue.mark(f"unsorted\n{ids[0]}")
        await pilot.press("d")
        await settle(pilot)
        assert screen.today.counts["unsorted"] == 1
        assert screen.queue.mark(f"unsorted\n{ids[1]}")
        await pilot.press("w")
        await settle(pilot)
        assert isinstance(app.screen, EditorScreen)
        await pilot.press("escape")
        await settle(pilot)
        assert screen.today.counts["unsorted"] == 0
        await pilot.press("d")
        await settle(pilot)
        assert "not yet sorted out" in screen_text(app), "says that it is for the unsorted only"


async def test_the_clock_goes_on_and_the_marked_line_stays(app: StudyApp, clock: FixedClock) -> None:
    async with running(app) as pilot:
        screen = app.screen
        assert isinstance(screen, TodayScreen) and "21:07" in screen_text(app)
        await pilot.press("down")
        marked = screen.queue.key
        clock.tick(minutes=5)
        app.study.put_off(screen.today.next, until_tomorrow=True)  # type: ignore[union-attr, arg-type]
        screen._minute()
        await settle(pilot)
        assert "21:12" in screen_text(app) and screen.queue.key == marked


async def test_the_goal_is_asked_for_and_checked(app: StudyApp) -> None:
    async with running(app) as pilot:
        await pilot.press("e")
        await settle(pilot)
        field = app.screen.query_one(Input)
        field.value = "0"
        await pilot.press("enter")
        assert "1 to 500" in screen_text(app)
        field.value = "3"
        await pilot.press("enter")
        await settle(pilot)
        assert load_settings(app.study.workspace.settings).week_goal == 3
        assert "0 of 3 acts" in screen_text(app)


@pytest.mark.parametrize(("lang", "word"), [("en", "Settings"), ("zh", "设置")])
async def test_settings_are_found_without_a_letter_key_and_changed(
    app: StudyApp, lang: str, word: str
) -> None:
    i18n.set_language(lang)
    async with running(app) as pilot:
        await pilot.press("f10")
        await settle(pilot)
        app.screen.query_one(Input).value = word
        await settle(pilot)
        await pilot.press("enter")
        await settle(pilot)
        assert isinstance(app.screen, SettingsScreen)
        screen = app.screen
        screen.list.mark("day_cap")
        await pilot.press("enter")
        await settle(pilot)
        field = app.screen.query_one(Input)
        assert field.value == "20"
        field.value = "none"
        await pilot.press("enter")
        assert "1 - 1000" in screen_text(app)
        field.value = "15"
        await pilot.press("enter")
        await settle(pilot)
        assert app.study.settings.day_cap == 15 == app.study.learning.cards.limits.cap
        assert screen.list.key == "day_cap"
        assert any(
            line.split()[1:2] == ["15"] and i18n._(MEANINGS["day_cap"]) in line for line in screen_lines(app)
        )


async def test_the_week_is_written_and_opened(app: StudyApp, clock: FixedClock) -> None:
    app.study.learning.weekly.write(change="Post earlier")
    clock.tick(days=7)
    async with running(app) as pilot:
        await pilot.press("W")
        await settle(pilot)
        assert "Post earlier" in screen_text(app)
        app.screen.query_one(Input).value = "Twice"
        await pilot.press("enter")
        await settle(pilot)
        assert isinstance(app.screen, EditorScreen) and app.screen.path == "weekly/2026-W48.md"
    note = app.study.learning.weekly.note()
    assert note is not None and "Twice" in app.study.vault.read(note.path).text


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_statistics_open_their_evidence(app: StudyApp, lang: str, size: tuple[int, int]) -> None:
    finish(app.study, "Ties")
    app.study.journal.append("explained", subject=HOSTILE, score=3, seconds=120)
    i18n.set_language(lang)
    async with running(app, size) as pilot:
        await pilot.press("t")
        await settle(pilot)
        assert isinstance(app.screen, StatsScreen)
        text = screen_text(app)
        assert "▒" in text, "two acts on one day"
        await pilot.press("enter")
        await settle(pilot)
        assert isinstance(app.screen, EvidenceScreen)
        assert "Ties" in screen_text(app) and HARMLESS in screen_text(app)
        await pilot.press("escape", "escape")
        await settle(pilot)
        assert isinstance(app.screen, TodayScreen)


def test_every_number_of_the_statistics_is_the_acts_it_opens(app: StudyApp, clock: FixedClock) -> None:
    finish(app.study, "Ties")
    clock.tick(days=1)
    app.study.journal.append("explained", subject="Funnel", score=3, seconds=120)
    found = gather(app.study)
    _rows, numbers = stat_rows(found)
    assert {"streak", "year"} <= numbers.keys()
    for name, total in numbers.values():
        acts = app.study.learning.diary.behind(total, found.acts)
        assert (sum(act.finished for act in acts), sum(act.minutes for act in acts)) == (
            total.acts,
            total.minutes,
        ), name
    assert numbers["streak"][1].acts == numbers["year"][1].acts == 2


async def test_hostile_titles_stay_text(workspace: Workspace, clock: FixedClock) -> None:
    study = plenty(
        workspace, clock, {"person": 2, "site": 2, "lesson under way": 2}, "{kind} {n} [/b][@click=x]"
    )
    articles(study, 2, HOSTILE + " {n}")
    app = StudyApp(study)
    async with running(app) as pilot:
        assert HARMLESS in screen_text(app) and "[@click=x]" in screen_text(app)
        for _row in range(8):
            await pilot.press("down")
        screen_text(app)
    study.close()


async def test_a_replaced_library_is_told_of_on_the_first_screen(
    workspace: Workspace, clock: FixedClock
) -> None:
    workspace.library.parent.mkdir(parents=True, exist_ok=True)
    workspace.library.write_bytes(b"no database")
    study = opened(workspace, clock)
    async with running(StudyApp(study)) as pilot:
        assert "put aside" in await page_with(pilot, "put aside")
    study.close()
