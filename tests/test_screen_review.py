"""Review on the screen: cards and grades, undo, edits that come back, explaining against the clock."""

from __future__ import annotations

import pytest
from textual.widgets import Input

from studytui import i18n
from studytui.study import Study
from studytui.tui.app import StudyApp
from studytui.tui.screens.card import CardScreen
from studytui.tui.screens.card_list import CardListScreen
from studytui.tui.screens.editor import EditorScreen
from studytui.tui.screens.explain import ExplainScreen
from studytui.tui.screens.review import ReviewScreen
from studytui.tui.screens.review_rows import card_rows, gather
from studytui.workspace import Workspace
from tests.conftest import FixedClock
from tests.learning_desk import furnish, many_cards, opened, write
from tests.tui_helpers import HARMLESS, HOSTILE, running, screen_text, settle


@pytest.fixture
def study(workspace: Workspace, clock: FixedClock) -> Study:
    furnish(workspace)
    return opened(workspace, clock)


@pytest.fixture
def app(study: Study) -> StudyApp:
    return StudyApp(study)


def ratings(study: Study) -> list[tuple[int, float]]:
    return [(e.data["rating"], e.data["seconds"]) for e in study.library.events("card.reviewed")]


# --- cards ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_space_shows_the_answer_and_numbers_grade(
    app: StudyApp, study: Study, clock: FixedClock, lang: str, size: tuple[int, int]
) -> None:
    i18n.set_language(lang)
    async with running(app, size) as pilot:
        await pilot.press("5", "enter")
        await settle(pilot)
        assert isinstance(app.screen, CardScreen)
        assert "What is a funnel?" in screen_text(app) and "What stays" not in screen_text(app)
        await pilot.press("3")
        await settle(pilot)
        assert ratings(study) == [], "no grade before the answer was seen"
        clock.tick(seconds=7)
        await pilot.press("space")
        text = screen_text(app)
        assert "What stays at each step." in text and "10" in text.splitlines()[-2]
        await pilot.press("1")
        await settle(pilot)
        assert ratings(study) == [(1, 7.0)] and "What is a weak tie?" in screen_text(app)
        await pilot.press("space", "space")
        await settle(pilot)
        assert ratings(study)[1:] == [(3, 0.0)], "space once more means good"


async def test_while_a_card_is_open_only_function_keys_change_the_screen(app: StudyApp, study: Study) -> None:
    async with running(app) as pilot:
        await pilot.press("5", "c")
        await settle(pilot)
        for key in "12345678":
            await pilot.press(key)
            await settle(pilot)
            assert isinstance(app.screen, CardScreen), key
        assert ratings(study) == []
        await pilot.press("f3")
        await settle(pilot)
        assert app.area == "read"
        await pilot.press("f6")
        await settle(pilot)
        assert isinstance(app.screen, CardScreen), "and the card is still there"


async def test_the_end_of_the_queue_sums_up_and_undo_goes_back_card_by_card(
    app: StudyApp, study: Study, clock: FixedClock
) -> None:
    async with running(app) as pilot:
        await pilot.press("5", "enter")
        await settle(pilot)
        for grade in "4344":
            clock.tick(seconds=30)
            await pilot.press("space", grade)
            await settle(pilot)
        text = screen_text(app)
        assert "What is a weak tie?" in text, "what is being learned comes again within minutes"
        clock.tick(seconds=30)
        await pilot.press("space", "4")
        await settle(pilot)
        text = screen_text(app)
        assert "Done for now." in text and "5 answers" in text and "2.5 minutes" in text
        await pilot.press("u")
        await settle(pilot)
        assert "What is a weak tie?" in screen_text(app) and len(ratings(study)) == 4
        await pilot.press("u")
        await settle(pilot)
        assert "What is reach?" in screen_text(app) and len(ratings(study)) == 3
        await pilot.press("escape")
        await settle(pilot)
        assert isinstance(app.screen, ReviewScreen)


async def test_what_was_forgotten_is_named_at_the_end(app: StudyApp, clock: FixedClock) -> None:
    async with running(app) as pilot:
        await pilot.press("5", "enter")
        await settle(pilot)
        await pilot.press("space", "1")
        await settle(pilot)
        for _card in range(4):
            await pilot.press("space", "4")
            await settle(pilot)
        text = screen_text(app)
        assert "Forgotten this time" in text and "What is a funnel?" in text and "80 % remembered" in text


async def test_editing_a_card_comes_back_to_it_with_its_new_text(app: StudyApp, study: Study) -> None:
    async with running(app) as pilot:
        await pilot.press("5", "enter")
        await settle(pilot)
        await pilot.press("e")
        await settle(pilot)
        assert isinstance(app.screen, EditorScreen) and app.screen.path == "Words.md"
        assert app.screen.writing.cursor_location == (5, 0), "at the line of the card"
        text = app.screen.writing.text
        app.screen.writing.select_all()
        app.screen.writing.type_text(text.replace("What is a funnel?", "What is a sales funnel?"))
        await pilot.press("ctrl+s", "escape")
        await settle(pilot)
        assert isinstance(app.screen, CardScreen) and "What is a sales funnel?" in screen_text(app)


async def test_putting_aside_and_suspending_and_taking_it_back(
    app: StudyApp, study: Study, clock: FixedClock
) -> None:
    async with running(app, (120, 40)) as pilot:
        await pilot.press("5", "enter")
        await settle(pilot)
        await pilot.press("x")
        await settle(pilot)
        assert "What is a weak tie?" in screen_text(app)
        clock.tick(seconds=5)
        await pilot.press("s")
        await settle(pilot)
        assert "What is churn?" in screen_text(app)
        await pilot.press("u")
        await settle(pilot)
        assert "What is a weak tie?" in screen_text(app)
        clock.tick(seconds=5)
        await pilot.press("s", "escape")
        await settle(pilot)
        screen = app.screen
        assert isinstance(screen, ReviewScreen) and "Suspended" in screen_text(app)
        await pilot.press("end", "s")
        await settle(pilot)
        assert screen.found is not None and not screen.found.suspended


async def test_a_card_forgotten_often_asks_to_be_written_anew(
    app: StudyApp, study: Study, clock: FixedClock
) -> None:
    cards = study.learning.cards
    card = cards.next()[0]
    for _time in range(8):
        cards.grade(card, 4, 2)
        clock.tick(days=40)
        cards.grade(card, 1, 2)
        clock.tick(minutes=20)
        cards.grade(card, 4, 2)
        clock.tick(days=40)
    async with running(app, (120, 40)) as pilot:
        await pilot.press("5")
        await settle(pilot)
        assert "Forgotten often" in screen_text(app)
        await pilot.press("enter")
        await settle(pilot)
        shown = app.screen
        assert isinstance(shown, CardScreen) and shown.shown is not None
        while shown.shown is not None and shown.shown.id != card:
            await pilot.press("space", "4")
            await settle(pilot)
        await pilot.press("space", "1")
        await settle(pilot)
        assert "was forgotten often" in screen_text(app)


async def test_every_number_opens_its_cards(app: StudyApp, study: Study, clock: FixedClock) -> None:
    study.learning.cards.grade(study.learning.cards.next()[0], 4, 2)
    async with running(app, (120, 40)) as pilot:
        await pilot.press("5")
        await settle(pilot)
        screen = app.screen
        assert isinstance(screen, ReviewScreen) and screen.found is not None
        numbers = {
            row.key: int(row.cells[1])
            for row in card_rows(screen.found)
            if row.key.startswith(("list:", "day:"))
        }
        assert len(numbers) == 12
        for key, number in numbers.items():
            screen.cards.mark(key)
            await pilot.press("enter")
            await settle(pilot)
            assert isinstance(app.screen, CardListScreen) and app.screen.list.count == number, key
            await pilot.press("escape")
            await settle(pilot)


def test_the_forecast_adds_up(study: Study, clock: FixedClock) -> None:
    write(study.workspace, "Many.md", many_cards(30))
    study.vault.scan()
    for at, card in enumerate(study.learning.cards.deck().ids):
        study.learning.cards.grade(card, 4 if at % 2 else 3, 2)
    found = gather(study)
    assert sum(found.forecast) <= found.total == 34
    clock.tick(days=10)
    assert gather(study).forecast[0] == 34 == gather(study).counts.due


async def test_today_leads_straight_into_the_cards(workspace: Workspace, clock: FixedClock) -> None:
    write(workspace, "Many.md", many_cards(3))
    app = StudyApp(opened(workspace, clock))
    async with running(app) as pilot:
        await pilot.press("enter")
        await settle(pilot)
        assert isinstance(app.screen, CardScreen) and "term number 0" in screen_text(app)


async def test_hostile_and_long_cards_stay_text(workspace: Workspace, clock: FixedClock) -> None:
    long = " ".join(f"word{n}" for n in range(2000))
    write(
        workspace,
        "H.md",
        f"---\ntitle: {HARMLESS!r}\ntags: [flashcards]\n---\n\n{HOSTILE}::{HOSTILE} [link](https://x.example)\n\n"
        f"Long?\n?\n{long}\n\nA ==hidden== word [1](https://y.example) [2](https://z.example)\n",
    )
    app = StudyApp(opened(workspace, clock))
    async with running(app) as pilot:
        await pilot.press("5", "enter")
        await settle(pilot)
        assert HARMLESS in screen_text(app)
        await pilot.press("space")
        screen_text(app)
        await pilot.press("4")
        await settle(pilot)
        await pilot.press("space")
        assert "word0" in screen_text(app)
        await pilot.press("space")
        await settle(pilot)
        assert "word0 " not in screen_text(app), "space turns the page of a long answer first"
        await pilot.press("4")
        await settle(pilot)
        assert "[...]" in screen_text(app) and "hidden" not in screen_text(app)
        await pilot.press("space")
        assert "hidden" in screen_text(app)
        await pilot.press("2")
        await settle(pilot)
        assert len(ratings(app.study)) == 3, "digits grade even when the card holds links"


async def test_without_cards_it_says_how_to_make_one(workspace: Workspace, clock: FixedClock) -> None:
    app = StudyApp(opened(workspace, clock))
    async with running(app, (120, 40)) as pilot:
        await pilot.press("5")
        await settle(pilot)
        assert "::" in screen_text(app)
        for key in ("s", "e", "c", "space", "1", "x", "escape"):
            await pilot.press(key)
            await settle(pilot)
        assert isinstance(app.screen, ReviewScreen)


# --- explaining -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_explaining_against_the_clock(
    app: StudyApp, study: Study, clock: FixedClock, lang: str, size: tuple[int, int]
) -> None:
    note = study.learning.explaining.write(study.learning.explaining.find("Funnel").prompt)
    study.vault.edit(note.path, lambda source: source + "\nHalf of them stay.\n")
    i18n.set_language(lang)
    async with running(app, size) as pilot:
        await pilot.press("5", "right", "enter")
        await settle(pilot)
        screen = app.screen
        assert isinstance(screen, ExplainScreen)
        assert "Half of them stay." not in screen_text(app), "the notes come afterwards"
        await pilot.press("t")
        await settle(pilot)
        await pilot.press("5", "7", "space")
        await settle(pilot)
        assert screen.state == "speaking" and "3:00" in screen_text(app)
        clock.tick(seconds=100)
        screen._tick()
        await settle(pilot)
        assert "1:20" in screen_text(app)
        clock.tick(seconds=90)
        screen._tick()
        await settle(pilot)
        assert screen.state == "scoring" and "Half of them stay." in screen_text(app)
        await pilot.press("4")
        await settle(pilot)
        assert screen.state == "done"
    event = study.library.events("explained")[0]
    assert (event.data["score"], event.data["seconds"], event.data["limit"]) == (4, 180, 180)
    assert note.path in event.data["evidence"]


async def test_without_a_note_at_most_two_counts_and_it_says_why(
    workspace: Workspace, clock: FixedClock
) -> None:
    furnish(workspace)
    write(workspace, "topics/Funnel.md", "---\ntitle: Funnel\nkind: topic\nlang: en\n---\n\nStarter.\n")
    app = StudyApp(opened(workspace, clock))
    async with running(app, (120, 40)) as pilot:
        await pilot.press("5", "right", "enter", "space")
        await settle(pilot)
        clock.tick(seconds=20)
        await pilot.press("space")
        await settle(pilot)
        assert "at most 2" in screen_text(app)
        await pilot.press("5")
        await settle(pilot)
        screen = app.screen
        assert isinstance(screen, ExplainScreen)
        assert "2 of 5" in screen_text(app) and "You gave yourself 5." in screen_text(app)
        await pilot.press("w")
        await settle(pilot)
        assert isinstance(app.screen, EditorScreen)
        await pilot.press("escape")
        await settle(pilot)
        assert len(screen.evidence) == 1


async def test_esc_stops_the_clock_and_keeps_nothing(app: StudyApp, study: Study) -> None:
    async with running(app) as pilot:
        await pilot.press("5", "right", "enter", "space")
        await settle(pilot)
        await pilot.press("escape")
        await settle(pilot)
        assert isinstance(app.screen, ExplainScreen) and app.screen.state == "ready"
        await pilot.press("3")
        await settle(pilot)
        assert study.library.events("explained") == []
        await pilot.press("escape")
        await settle(pilot)
        assert isinstance(app.screen, ReviewScreen)


async def test_a_question_of_ones_own(app: StudyApp, study: Study) -> None:
    async with running(app, (120, 40)) as pilot:
        await pilot.press("5", "a")
        await settle(pilot)
        app.screen.query_one(Input).value = "Why do they come back?"
        await pilot.press("enter")
        await settle(pilot)
        await pilot.press("down", "enter")
        await settle(pilot)
        assert "Why do they come back?" in screen_text(app)
    assert study.learning.explaining.find("Why do they").prompt.topic == "Funnel"


async def test_hostile_topics_stay_text(workspace: Workspace, clock: FixedClock) -> None:
    write(
        workspace,
        "t.md",
        f"---\ntitle: {HARMLESS!r}\nkind: topic\nexplain:\n  - {HARMLESS + '?'!r}\n---\n\n{HOSTILE}\n",
    )
    app = StudyApp(opened(workspace, clock))
    async with running(app) as pilot:
        await pilot.press("5", "right", "enter", "space", "space")
        await settle(pilot)
        await pilot.press("2")
        await settle(pilot)
        assert HARMLESS[:10] in screen_text(app)
