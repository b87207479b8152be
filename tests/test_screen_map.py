"""The map on the screen, what there is on a topic, and the beginner's path from an article to the map."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from rich.cells import cell_len
from textual import events
from textual.pilot import Pilot

from studytui import i18n
from studytui.joins.topics import Topic
from studytui.keys import key_name
from studytui.reading.parse.entry import ParsedEntry, ParsedFeed
from studytui.study import Study
from studytui.tui.app import StudyApp
from studytui.tui.screens.editor import EditorScreen
from studytui.tui.screens.map import MapScreen
from studytui.tui.screens.map_rows import DATE_FROM, legend, map_rows
from studytui.tui.screens.notes import NotesScreen
from studytui.workspace import Workspace
from tests.conftest import FixedClock
from tests.tui_helpers import HARMLESS, HOSTILE, running, screen_lines, screen_text, settle, text_of, write

MAP = """---
title: My map
kind: map
---

Words of my own stay.

- [[Learning]]
  - [[Habits]]
- [[Funnel]]
- Tools
  - [[Not written]]
"""


@pytest.fixture
def study(workspace: Workspace, clock: FixedClock) -> Study:
    made = Study.open(workspace, clock)
    write(made, "Map.md", MAP)
    for title in ("Learning", "Habits"):
        write(made, f"topics/{title}.md", f"---\ntitle: {title}\nkind: topic\nlang: en\n---\nWhat it is.\n")
    funnel = "---\ntitle: Funnel\nkind: topic\nlang: en\ntags: [flashcards]\n---\nWhat stays?::Some.\n"
    write(made, "topics/Funnel.md", funnel)
    return made


async def at_map(pilot: Pilot[object]) -> MapScreen:
    await pilot.press("f9")
    await settle(pilot)
    screen = pilot.app.screen
    assert isinstance(screen, MapScreen)
    return screen


def by_title(study: Study) -> dict[str, Topic]:
    return {topic.title: topic for topic in study.topics.view().topics}


# --- what there is on a topic ---------------------------------------------------------------------------------


def test_the_map_counts_notes_cards_and_shows_what_is_empty(study: Study) -> None:
    assert [(t.title, t.depth, t.is_group, t.is_empty) for t in study.topics.view().topics] == [
        ("Learning", 0, False, True),
        ("Habits", 1, False, True),
        ("Funnel", 0, False, True),
        ("Tools", 0, True, True),
        ("Not written", 1, False, True),
    ]
    note = study.new_note("Mine")
    assert [one.title for one in study.topics.view().unfiled] == ["Mine"]
    study.topics.file(note.path, "topics/Funnel.md")
    funnel = by_title(study)["Funnel"]
    assert ([one.title for one in funnel.notes], funnel.cards, funnel.is_empty) == (["Mine"], 1, False)
    assert funnel.touched is not None
    assert by_title(study)["Learning"].touched is None
    assert study.topics.view().unfiled == ()


def test_what_is_missing_next_follows_what_is_there(study: Study) -> None:
    funnel = by_title(study)["Funnel"]
    assert any("note of your own" in one for one in study.topics.page(funnel).missing)
    assert not any("A card" in one for one in study.topics.page(funnel).missing)
    assert any("A card" in one for one in study.topics.page(by_title(study)["Habits"]).missing)
    study.topics.file(study.new_note("Mine").path, "topics/Funnel.md")
    standing = next(one for one in study.learning.explaining.standings() if one.prompt.text == "Funnel")
    study.learning.explaining.record(standing.prompt, 4, 60, 60)
    funnel = by_title(study)["Funnel"]
    assert funnel.score == 4
    assert study.topics.page(funnel).missing == ()
    missing = by_title(study)["Not written"]
    assert study.topics.page(missing).missing == ("Write down what it is: Enter.",)


def test_topics_to_file_under_begin_with_the_one_used_last(study: Study) -> None:
    assert [(note.title, above) for note, above in study.topics.to_pick()] == [
        ("Learning", ""),
        ("Habits", "Learning"),
        ("Funnel", ""),
    ]
    study.topics.file(study.new_note("Mine").path, "topics/Funnel.md")
    assert study.topics.to_pick()[0][0].title == "Funnel"
    assert study.topics.last_used() == "topics/Funnel.md"


def test_the_first_topic_makes_the_map(workspace: Workspace, clock: FixedClock) -> None:
    study = Study.open(workspace, clock)
    study.topics.new("First")
    maps = [note for note in study.notes() if note.kind == "map"]
    assert len(maps) == 1
    assert "- [[First]]" in text_of(study, maps[0].path)


def test_a_topic_in_two_places_has_two_lines(study: Study) -> None:
    write(study, "Map.md", MAP + "- [[Funnel]]\n")
    rows, topics, _inbox = map_rows(study.topics.view())
    keys = [row.key for row in rows if row.key]
    assert len(keys) == len(set(keys))
    assert [topics[key].title for key in keys].count("Funnel") == 2


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_words_stand_over_their_columns(language: str) -> None:
    i18n.set_language(language)
    assert cell_len(legend(40)) > 20
    for width, cells in ((40, 20), (DATE_FROM, 26)):
        words = legend(width)
        assert cell_len(words) - cell_len(words.split(" ")[-1]) == cells


# --- on the screen --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("size", "language"), [((80, 24), "zh"), ((120, 40), "en")])
async def test_hostile_titles_are_harmless(study: Study, size: tuple[int, int], language: str) -> None:
    i18n.set_language(language)
    study.topics.new(HOSTILE)
    note = study.new_note(HOSTILE + " note")
    study.new_note("loose " + HOSTILE)
    study.topics.file(note.path, study.topics.to_pick()[-1][0].path)
    app = StudyApp(study)
    async with running(app, size) as pilot:
        screen = await at_map(pilot)
        assert HARMLESS[:12] in screen_text(app)
        for _row in range(screen.topics.count):
            await pilot.press("down")
            await settle(pilot)
            screen_text(app)
        await pilot.press("f")
        await settle(pilot)
        screen_text(app)


async def test_an_empty_map_says_what_it_is(workspace: Workspace, clock: FixedClock) -> None:
    app = StudyApp(Study.open(workspace, clock))
    async with running(app) as pilot:
        await at_map(pilot)
        assert "a adds the first topic" in screen_text(app)
        await pilot.press("a")
        await settle(pilot)
        await pilot.press(*"First", "enter")
        await settle(pilot)
        assert "○ First" in screen_text(app)


async def test_moving_nesting_and_undoing_with_keys_that_any_input_method_lets_through(study: Study) -> None:
    app = StudyApp(study)
    async with running(app) as pilot:
        screen = await at_map(pilot)
        screen.topics.mark("topic:topics/Funnel.md")
        await pilot.press("ctrl+up")
        await settle(pilot)
        tree = "- [[Funnel]]\n- [[Learning]]\n  - [[Habits]]\n- Tools\n"
        assert tree in text_of(study, "Map.md")
        assert screen.topics.key == "topic:topics/Funnel.md"
        for key in ("ctrl+down", "ctrl+right"):
            app.simulate_key(key)
        await settle(pilot)
        assert "- [[Learning]]\n  - [[Habits]]\n  - [[Funnel]]\n- Tools" in text_of(study, "Map.md")
        await pilot.press("ctrl+left")
        await settle(pilot)
        assert "- [[Learning]]\n  - [[Habits]]\n- [[Funnel]]\n- Tools" in text_of(study, "Map.md")
        await pilot.press("delete")
        await settle(pilot)
        assert "Funnel" not in text_of(study, "Map.md")
        assert "Words of my own stay." in text_of(study, "Map.md")
        assert "Topics without a place" in screen_text(app)
        await pilot.press("u")
        await settle(pilot)
        assert "[[Funnel]]" in text_of(study, "Map.md")


async def test_full_width_brackets_nest_too(study: Study) -> None:
    app = StudyApp(study)
    async with running(app) as pilot:
        screen = await at_map(pilot)
        screen.topics.mark("topic:topics/Funnel.md")
        for character in "》《":
            app.post_message(events.Key(key_name(character), character))
            await settle(pilot)
            nested = "  - [[Funnel]]" in text_of(study, "Map.md")
            assert nested == (character == "》")


async def test_a_topic_not_written_is_written_with_enter(study: Study) -> None:
    app = StudyApp(study)
    async with running(app) as pilot:
        screen = await at_map(pilot)
        screen.topics.mark("topic:?Not written")
        await settle(pilot)
        assert "? Not written" in screen_text(app)
        await pilot.press("enter")
        await settle(pilot)
        assert isinstance(app.screen, EditorScreen)
        note = study.vault.get("Not written")
        assert note is not None
        assert note.kind == "topic"
        await pilot.press("escape")
        await settle(pilot)
        assert "? Not written" not in screen_text(app)
        assert "Not written" in screen_text(app)


async def test_the_inbox_shrinks_when_a_note_is_filed_and_the_page_leads_to_it(study: Study) -> None:
    study.new_note("Loose leaf", body="text of it")
    app = StudyApp(study)
    async with running(app, (80, 30)) as pilot:
        screen = await at_map(pilot)
        assert "1 note filed nowhere yet" in screen_text(app)
        await pilot.press("end")
        await settle(pilot)
        assert "text of it" in screen_text(app)
        await pilot.press("f")
        await settle(pilot)
        await pilot.press(*"fun", "enter")
        await settle(pilot)
        assert "filed nowhere" not in screen_text(app)
        screen.topics.mark("topic:topics/Funnel.md")
        await settle(pilot)
        await pilot.press("enter", "tab", "enter")
        await settle(pilot)
        assert isinstance(app.screen, NotesScreen)
        assert app.screen.note is not None
        assert app.screen.note.title == "Loose leaf"


async def test_a_note_of_ones_own_is_written_under_the_marked_topic(study: Study) -> None:
    app = StudyApp(study)
    async with running(app) as pilot:
        screen = await at_map(pilot)
        screen.topics.mark("topic:topics/Habits.md")
        await pilot.press("w")
        await settle(pilot)
        await pilot.press(*"Every day", "enter")
        await settle(pilot)
        assert isinstance(app.screen, EditorScreen)
        await pilot.press("escape")
        await settle(pilot)
        assert study.note("Every day").topics == ("Habits",)
        assert any("● Habits" in line for line in screen_lines(app))


async def test_a_renamed_topic_keeps_its_place_and_its_notes(study: Study) -> None:
    study.topics.file(study.new_note("Mine").path, "topics/Funnel.md")
    app = StudyApp(study)
    async with running(app) as pilot:
        screen = await at_map(pilot)
        screen.topics.mark("topic:topics/Funnel.md")
        await pilot.press("ctrl+r")
        await settle(pilot)
        await pilot.press("ctrl+u", *"漏斗", "enter")
        await settle(pilot)
        assert "- [[漏斗]]" in text_of(study, "Map.md")
        assert study.note("Mine").topics == ("漏斗",)
        assert screen.topic is not None
        assert screen.topic.title == "漏斗"


# --- the beginner's path --------------------------------------------------------------------------------------

# Without a letter key: what an input method lets through.
LETTERLESS = (
    "ctrl+w",
    "【",
    "【",
    "TEXT",
    "enter",
    "escape",
    "ctrl+k",
    "enter",
    "f9",
    "enter",
    "tab",
    "enter",
)
LETTERS = ("w", "[", "[", "TEXT", "enter", "escape", "f", "enter", "f9", "enter", "1", "enter")


@pytest.mark.parametrize(
    ("keys", "language"), [(LETTERLESS, "zh"), (LETTERS, "en")], ids=["input method on", "off"]
)
async def test_article_note_link_topic_and_found_again_from_the_map(
    study: Study, keys: Sequence[str], language: str
) -> None:
    i18n.set_language(language)
    write(study, "客户.md", "# 客户画像\n")
    for title in ("Learning", "Habits", "Funnel"):
        study.vault.edit(f"topics/{title}.md", lambda text: text.replace("lang: en\n", ""))
    study.workspace.feeds_file.write_text("feeds:\n  - name: A\n    url: https://a.example/feed\n", "utf-8")
    article = ParsedEntry("x", "An article", "https://a.example/x", "https://a.example/x", "", None, "Text.")
    study.feeds()
    parsed = ParsedFeed("A", "https://a.example/", (article,))
    study.library.store("https://a.example/feed", parsed, now=study.clock.now())
    app = StudyApp(study)
    presses = [key for key in keys if key != "TEXT"]
    assert len(presses) <= 12
    async with running(app) as pilot:
        await app.open_subject("read", study.library.ids()[0])
        await settle(pilot)
        for key in keys:
            if key == "TEXT":
                await pilot.press("客", "户")
            elif len(key) == 1 and not key.isascii():
                app.post_message(events.Key(key_name(key), key))
            else:
                await pilot.press(key)
            await settle(pilot)
        assert isinstance(app.screen, NotesScreen)
        note = app.screen.note
        assert note is not None
        assert note.title == "An article"
        assert note.topics == ("Learning",)
        assert "[[客户画像]]" in text_of(study, note.path)
        assert "An article" in screen_text(app)
