"""Notes on the screen: list, reader, what stands around a note, and everything one does with notes."""

from __future__ import annotations

import asyncio

import pytest
from textual import events
from textual.pilot import Pilot
from textual.widgets import Input

from studytui import i18n
from studytui.notes.note import Note
from studytui.study import Study
from studytui.tui.app import StudyApp
from studytui.tui.screens.editor import EditorScreen
from studytui.tui.screens.notes import NotesScreen
from studytui.tui.screens.notes_rows import escaped, listed, note_page, tag_choices
from studytui.workspace import Workspace
from tests.conftest import FixedClock
from tests.tui_helpers import (
    HARMLESS,
    HOSTILE,
    press,
    running,
    screen_lines,
    screen_text,
    settle,
    text_of,
    write,
)


@pytest.fixture
def study(workspace: Workspace, clock: FixedClock) -> Study:
    return Study.open(workspace, clock)


async def at_notes(pilot: Pilot[object]) -> NotesScreen:
    await pilot.press("f5")
    await settle(pilot)
    screen = pilot.app.screen
    assert isinstance(screen, NotesScreen)
    return screen


# --- plain functions ------------------------------------------------------------------------------------------


def test_the_list_narrows_by_title_alias_pinyin_and_tag(study: Study) -> None:
    write(study, "a.md", "---\ntitle: 客户关系管理\naliases: [CRM]\ntags: [营销/客户]\n---\n")
    write(study, "b.md", "---\ntitle: Sales funnel\nkind: topic\ntags: [营销]\n---\n")
    write(study, "c.md", b"\xff\xfe\x00")

    def found(view: str, typed: str) -> list[str]:
        return sorted(note.path for note in listed(study, view, typed))

    assert found("all", "") == ["a.md", "b.md", "c.md"]
    assert found("all", "khgx") == ["a.md"]
    assert found("all", "crm") == ["a.md"]
    assert found("all", "#营销") == ["a.md", "b.md"]
    assert found("all", "＃营销/客 客户") == ["a.md"]
    assert found("all", "zzz") == []
    assert found("kind:topic", "") == ["b.md"]
    assert found("problems", "") == ["c.md"]
    assert found("orphans", "") == ["a.md", "b.md", "c.md"]


def test_starter_notes_of_the_other_language_are_not_listed(study: Study) -> None:
    write(study, "zh.md", "---\nlang: zh\n---\n")
    assert not listed(study, "all", "")
    assert not listed(study, "orphans", "")
    i18n.set_language("zh")
    assert [note.path for note in listed(study, "all", "")] == ["zh.md"]


def test_a_page_escapes_what_the_front_matter_says(study: Study) -> None:
    path = write(study, "a.md", "---\ntitle: '*x* [[y]]'\nurl: https://e.example\ntags: [t]\n---\nbody\n")
    page = note_page(study.vault.read(path))
    assert page.startswith(f"# {escaped('*x* [[y]]')}\n")
    assert page.endswith("<https://e.example>\n")
    assert "#" + "t" in page.replace("\\", "")
    assert note_page(study.vault.read(write(study, "b.md", "# B\n"))).count("B") == 1


def test_own_tags_come_first_and_marked() -> None:
    from studytui.notes.tags import tag_counts

    notes = [Note("a", "a", tags=("甲/乙", "丙")), Note("b", "b", tags=("甲/乙",))]
    choices = tag_choices(tag_counts(notes), ["丙"])
    assert [(one.label, one.detail) for one in choices] == [("✓ 丙", "1"), ("甲", "2"), ("甲/乙", "2")]


# --- on the screen --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("size", "language"), [((80, 24), "zh"), ((120, 40), "en")])
async def test_hostile_titles_are_harmless_everywhere(
    study: Study, size: tuple[int, int], language: str
) -> None:
    i18n.set_language(language)
    study.vault.create(HOSTILE, f"\n[[b]] {HOSTILE} #tag\n")
    study.vault.create("b", f"\n[[{HOSTILE}]] b\n")
    app = StudyApp(study)
    async with running(app, size) as pilot:
        screen = await at_notes(pilot)
        assert HARMLESS in screen_text(app).replace("…", "") or size == (80, 24)
        for _row in range(2):
            await pilot.press("enter", "right")
            await settle(pilot)
            screen_text(app)
            for key in ("t", "f", "v", "U", "ctrl+r"):
                await pilot.press(key)
                await settle(pilot)
                screen_text(app)
                await pilot.press("escape")
                await settle(pilot)
            await pilot.press("left", "left", "down")
            await settle(pilot)
        assert screen.notes.count == 2


async def test_the_first_keys_go_to_the_list_not_to_the_hidden_filter(study: Study) -> None:
    app = StudyApp(study)
    focused: list[object] = []
    async with running(app):
        app.simulate_key("f5")
        for _look in range(100):
            await asyncio.sleep(0.005)
            if isinstance(app.screen, NotesScreen) and app.focused not in (None, *focused):
                focused.append(app.focused)
        assert [getattr(widget, "id", "") for widget in focused] == ["notes"]


async def test_an_empty_list_says_what_it_is(study: Study) -> None:
    app = StudyApp(study)
    async with running(app) as pilot:
        await at_notes(pilot)
        assert "a writes the first note" in screen_text(app)


async def test_a_file_that_is_no_note_is_listed_with_its_reason(study: Study) -> None:
    write(study, "gbk.md", "客户".encode("gbk"))
    app = StudyApp(study)
    async with running(app, (120, 24)) as pilot:
        await at_notes(pilot)
        assert "! " in screen_text(app)
        assert "GBK" in screen_text(app)


async def test_backlinks_mentions_dead_links_and_one_key_to_link(study: Study) -> None:
    target = write(study, "漏斗.md", "---\ntitle: 漏斗\n---\n也见[[还没写]]。\n")
    write(study, "a.md", "# A\n\n先讲了[[漏斗]]的道理。\n")
    mentioning = write(study, "b.md", "# B\n\n第一天的漏斗很宽。\n")
    app = StudyApp(study)
    async with running(app, (120, 30)) as pilot:
        screen = await at_notes(pilot)
        screen.open_subject("漏斗")
        await settle(pilot)
        shown = screen_text(app)
        assert "1 link to this note" in shown
        assert "先讲了[[漏斗]]的道理。" in shown
        assert "1 mention, not linked yet" in shown
        assert "第一天的漏斗很宽。" in shown
        assert "还没写" in shown
        await pilot.press("right", "down", "plus")
        await settle(pilot)
        assert text_of(study, mentioning) == "# B\n\n第一天的[[漏斗]]很宽。\n"
        assert "2 links to this note" in screen_text(app)
        await pilot.press("u")
        await settle(pilot)
        assert "1 mention, not linked yet" in screen_text(app)
        # Enter on the link to nothing offers to write the note.
        screen.about.mark("gone:0")
        await pilot.press("enter")
        await settle(pilot)
        await pilot.press("enter")
        await settle(pilot)
        assert isinstance(app.screen, EditorScreen)
        assert study.vault.get("还没写") is not None
        await pilot.press("escape")
        await settle(pilot)
        assert study.vault.graph.dead(target) == []


async def test_links_are_followed_and_esc_goes_back_along_them(study: Study) -> None:
    write(study, "a.md", "# Alpha\n\n[[Beta#part]] and [[missing]]\n")
    write(study, "b.md", "# Beta\n\n[[Gamma]]\n")
    write(study, "c.md", "# Gamma\n\nend\n")
    app = StudyApp(study)
    async with running(app) as pilot:
        screen = await at_notes(pilot)
        screen.open_subject("Alpha")
        await settle(pilot)
        steps = (("tab", "Beta"), ("tab", "Gamma"), ("escape", "Beta"), ("escape", "Alpha"))
        for key, expected in steps:
            await pilot.press(*([key, "enter"] if key == "tab" else [key]))
            await settle(pilot)
            assert screen.note is not None
            assert screen.note.title == expected
        await pilot.press("2", "enter")
        await settle(pilot)
        assert "no note “missing” yet" in screen_text(app)


async def test_writing_a_new_note_from_a_template(study: Study) -> None:
    app = StudyApp(study)
    async with running(app) as pilot:
        await at_notes(pilot)
        await pilot.press("ctrl+n")
        await settle(pilot)
        await pilot.press(*"Mine", "enter")
        await settle(pilot)
        assert "Ad teardown" in screen_text(app)
        await pilot.press(*"topic", "enter")
        await settle(pilot)
        assert isinstance(app.screen, EditorScreen)
        await pilot.press("escape")
        await settle(pilot)
        assert isinstance(app.screen, NotesScreen)
        made = study.vault.get("Mine")
        assert made is not None
        assert made.kind == "topic"
        assert "Mine" in screen_text(app)


async def test_narrowing_while_typing_and_out_again(study: Study) -> None:
    write(study, "a.md", "# 客户关系\n")
    write(study, "b.md", "# Funnel\n")
    app = StudyApp(study)
    async with running(app) as pilot:
        screen = await at_notes(pilot)
        await pilot.press("s", *"khgx")
        await settle(pilot)
        assert list(screen.notes.keys_shown) == ["a.md"]
        await pilot.press("enter", "enter")
        await settle(pilot)
        assert screen.note is not None
        assert screen.note.path == "a.md"
        await pilot.press("escape", "escape")
        await settle(pilot)
        assert screen.notes.count == 2
        assert not screen.filter.display


async def test_tags_are_given_taken_filtered_and_renamed_everywhere(study: Study) -> None:
    write(study, "a.md", "---\ntags: [营销]\n---\n# A\n")
    path = write(study, "b.md", "# B\n\n＃营销/漏斗 here\n")
    app = StudyApp(study)
    async with running(app, (80, 30)) as pilot:
        screen = await at_notes(pilot)
        screen.notes.mark("b.md")
        await pilot.press("t")
        await settle(pilot)
        await pilot.press(*"重点", "enter")
        await settle(pilot)
        assert "重点" in study.note(path).tags
        await pilot.press("ctrl+t")
        await settle(pilot)
        assert "✓ 重点" in screen_text(app)
        await pilot.press(*"重点", "enter")
        await settle(pilot)
        assert "重点" not in study.note(path).tags
        await pilot.press("#")
        await settle(pilot)
        await pilot.press(*"漏斗", "enter")
        await settle(pilot)
        assert list(screen.notes.keys_shown) == ["b.md"]
        await pilot.press("escape", "T")
        await settle(pilot)
        await pilot.press("enter")
        await settle(pilot)
        await pilot.press("ctrl+u", *"推广", "enter")
        await settle(pilot)
        assert study.note("a.md").tags == ("推广",)
        assert study.note("b.md").tags == ("推广/漏斗",)


async def test_renaming_carries_the_links_along_and_is_undone_in_one(study: Study) -> None:
    study.vault.create("Old name")
    write(study, "a.md", "see [[Old name]]\n")
    app = StudyApp(study)
    async with running(app) as pilot:
        screen = await at_notes(pilot)
        screen.notes.mark("Old name.md")
        await pilot.press("ctrl+r")
        await settle(pilot)
        await pilot.press("ctrl+u", *"新名字", "enter")
        await settle(pilot)
        assert "1 link follows" in screen_text(app)
        assert text_of(study, "a.md") == "see [[新名字]]\n"
        assert screen.notes.key == "新名字.md"
        await pilot.press("u")
        await settle(pilot)
        assert text_of(study, "a.md") == "see [[Old name]]\n"


async def test_trash_restore_and_the_list_of_what_can_be_undone(study: Study) -> None:
    study.vault.create("Gone soon")
    study.vault.create("Stays", "\n[[Gone soon]]\n")
    app = StudyApp(study)
    async with running(app) as pilot:
        screen = await at_notes(pilot)
        screen.notes.mark("Gone soon.md")
        await pilot.press("delete")
        await settle(pilot)
        assert "is in the trash" in screen_text(app)
        assert "link leads nowhere now" in screen_text(app)
        assert list(screen.notes.keys_shown) == ["Stays.md"]
        await pilot.press("D")
        await settle(pilot)
        await pilot.press("enter")
        await settle(pilot)
        assert study.vault.get("Gone soon") is not None
        await pilot.press("U")
        await settle(pilot)
        assert "Created “Gone soon”" in screen_text(app)
        await pilot.press("enter")
        await settle(pilot)
        assert study.vault.get("Gone soon") is None
        assert "Undone: Restored" in screen_text(app)


async def test_views_kinds_orphans_and_missing_notes(study: Study) -> None:
    write(study, "a.md", "---\nkind: topic\n---\n# Alone\n")
    write(study, "b.md", "# B\n\n[[Missing]]\n")
    app = StudyApp(study)
    async with running(app) as pilot:
        screen = await at_notes(pilot)
        await pilot.press("v")
        await settle(pilot)
        await pilot.press(*"without", "enter")
        await settle(pilot)
        assert sorted(screen.notes.keys_shown) == ["a.md", "b.md"]
        assert "Notes without links" in screen_text(app)
        await pilot.press("v")
        await settle(pilot)
        await pilot.press(*"Topics", "enter")
        await settle(pilot)
        assert list(screen.notes.keys_shown) == ["a.md"]
        await pilot.press("v")
        await settle(pilot)
        await pilot.press(*"nowhere", "enter")
        await settle(pilot)
        assert "Missing" in screen_text(app)
        await pilot.press("enter")
        await settle(pilot)
        await pilot.press("enter")
        await settle(pilot)
        assert isinstance(app.screen, EditorScreen)
        assert study.vault.get("Missing") is not None


async def test_filing_takes_two_keys_for_the_topic_used_last(study: Study) -> None:
    write(study, "Map.md", "---\nkind: map\n---\n\n- [[First]]\n- [[Second]]\n")
    for title in ("First", "Second"):
        write(study, f"{title}.md", f"---\nkind: topic\n---\n# {title}\n")
    study.vault.create("n1")
    study.vault.create("n2")
    app = StudyApp(study)
    async with running(app) as pilot:
        screen = await at_notes(pilot)
        screen.notes.mark("n1.md")
        await pilot.press("f")
        await settle(pilot)
        await pilot.press(*"sec", "enter")
        await settle(pilot)
        assert study.note("n1.md").topics == ("Second",)
        assert "Filed under “Second”" in screen_text(app)
        screen.notes.mark("n2.md")
        await pilot.press("ctrl+k")
        await settle(pilot)
        await pilot.press("enter")
        await settle(pilot)
        assert study.note("n2.md").topics == ("Second",)
        await pilot.press("f")
        await settle(pilot)
        await pilot.press(*"Brand new", "enter")
        await settle(pilot)
        assert "[[Brand new]]" in text_of(study, "Map.md")
        assert study.note("n2.md").topics == ("Second", "Brand new")


async def test_a_note_from_another_room_is_shown_even_when_the_list_leaves_it_out(study: Study) -> None:
    write(study, "zh.md", "---\nlang: zh\n---\n# 中文\n")
    app = StudyApp(study)
    async with running(app) as pilot:
        app.open_note("中文")
        await settle(pilot)
        assert app.area == "notes"
        assert "中文" in screen_text(app)


async def test_the_page_a_note_is_about_opens_in_the_browser(study: Study) -> None:
    write(study, "a.md", "---\nurl: https://example.com/a\n---\n")
    addresses: list[str] = []

    def opener(url: str) -> bool:
        addresses.append(url)
        return True

    app = StudyApp(study, opener=opener)
    async with running(app) as pilot:
        await at_notes(pilot)
        await pilot.press("o")
        await settle(pilot)
    assert addresses == ["https://example.com/a"]


async def test_ten_thousand_notes_are_listed_by_the_page(study: Study) -> None:
    for number in range(2000):
        (study.workspace.notes / f"{number:05}.md").write_text(f"# 笔记 {number}\n", "utf-8")
    app = StudyApp(study)
    async with running(app) as pilot:
        screen = await at_notes(pilot)
        assert screen.notes.count == 2000
        assert len(screen.notes._pages) <= 2
        await pilot.press("G")
        await settle(pilot)
        assert screen.note is not None
        assert screen.note.path == screen.notes.key


async def test_a_link_to_a_heading_jumps_there_from_any_room(study: Study) -> None:
    fill = "\n\n".join(["between"] * 40)
    write(study, "a.md", f"# A\n\n{fill}\n\n## C# and more\n\n{fill}\n\n[[#C and more]]\n")
    write(study, "C# notes.md", "# C# notes\n\n[[a#C# and more]]\n")
    app = StudyApp(study)
    async with running(app, (120, 40)) as pilot:
        for name in ("a#C# and more", "A#c and more"):
            app.open_note(name)
            await settle(pilot)
            screen = app.screen
            assert isinstance(screen, NotesScreen) and screen.note is not None and screen.note.path == "a.md"
            assert "C# and more" in screen_lines(app)[2], screen_text(app)
            await press(pilot, "end")
            assert "C# and more" not in screen_lines(app)[2]
        await press(pilot, "1", "enter")
        assert "C# and more" in screen_lines(app)[2]
        app.open_note("C# notes")
        await settle(pilot)
        assert screen.note is not None and screen.note.path == "C# notes.md"
        app.open_note("missing#part")
        await settle(pilot)
        assert "There is no note “missing” yet" in screen_text(app)


async def test_links_follow_a_title_that_another_program_changed(study: Study) -> None:
    write(study, "funnel.md", "# Funnel\n")
    write(study, "a.md", "# A\n\n[[Funnel]] and [[Funnel#part|here]]\n")
    write(study, "Renamed.md", "# The new name\n")
    (study.workspace.notes / "funnel.md").unlink()
    study.vault.refresh(["funnel.md"])
    app = StudyApp(study)
    async with running(app, (120, 40)) as pilot:
        screen = await at_notes(pilot)
        await press(pilot, "v")
        await press(pilot, *"nowhere", "enter")
        await press(pilot, *"Funnel", "enter")
        text = await press(pilot, "down")
        assert "When its title was changed by hand." in text
        await press(pilot, "enter")
        text = await press(pilot, *"new name", "enter")
        assert "2 links lead to “The new name” now." in text
        assert text_of(study, "a.md") == "# A\n\n[[The new name]] and [[The new name#part|here]]\n"
        assert screen.note is not None and screen.note.path == "Renamed.md"
        await press(pilot, "u")
        assert "[[Funnel]]" in text_of(study, "a.md")


async def test_a_note_moves_to_a_folder_and_its_links_follow(study: Study) -> None:
    write(study, "a.md", "# A\n")
    write(study, "b.md", "# B\n\n[here](a.md) and [[a]]\n")
    write(study, "deep/c.md", "# C\n")
    app = StudyApp(study)
    async with running(app, (120, 40)) as pilot:
        screen = await at_notes(pilot)
        screen.notes.mark("a.md")
        assert "deep" in await press(pilot, "m")
        assert "Moved. 1 link follows. u takes it back." in await press(pilot, *"deep", "enter")
        assert screen.note is not None and screen.note.path == "deep/a.md" == screen.notes.key
        assert text_of(study, "b.md") == "# B\n\n[here](deep/a.md) and [[a]]\n"
        await press(pilot, "m")
        await press(pilot, *"new place", "enter")
        assert screen.note.path == "new place/a.md"
        assert "notes (no folder)" in await press(pilot, "m")
        await press(pilot, "enter")
        assert screen.note.path == "a.md" and text_of(study, "b.md") == "# B\n\n[here](a.md) and [[a]]\n"
        await press(pilot, "u", "u", "u")
        assert (study.workspace.notes / "a.md").exists()


async def test_nothing_is_promised_to_be_undone_when_nothing_was_done(study: Study) -> None:
    study.vault.create("precious", "text")
    write(study, "deep/a.md", "# A\n\n[x](../gone.md) [b](b.md) [[#]] [c](c.md#)\n")
    write(study, "deep/b.md", "# B beside\n")
    write(study, "b.md", "# B above\n")
    write(study, "deep/c.md", "# C beside\n")
    app = StudyApp(study)
    async with running(app, (120, 40)) as pilot:
        screen = await at_notes(pilot)
        screen.notes.mark("deep/a.md")
        await press(pilot, "m")
        text = await press(pilot, *"deep/", "enter")
        assert "Nothing had to be changed." in text and "takes it back" not in text
        for number, title in (("2", "B beside"), ("3", "A"), ("4", "C beside")):
            app.open_note("deep/a.md")
            await settle(pilot)
            await press(pilot, number, "enter")
            assert screen.note is not None and screen.note.title == title
        app.open_note("deep/a.md")
        await settle(pilot)
        assert "There is no note “gone” yet." in await press(pilot, "1", "enter")
        await press(pilot, "down", "enter")
        text = await press(pilot, *"precious", "enter")
        assert "1 link leads to “precious” now." in text
        assert "[x](../precious.md)" in text_of(study, "deep/a.md")
        await press(pilot, "u")
        assert "[x](../gone.md)" in text_of(study, "deep/a.md") and study.vault.get("precious") is not None


async def test_the_note_is_followed_back_when_its_move_is_taken_back(study: Study) -> None:
    write(study, "a.md", "# A\n")
    write(study, "b.md", "# B\n")
    write(study, "deep/c.md", "# C\n")
    app = StudyApp(study)
    async with running(app, (120, 40)) as pilot:
        screen = await at_notes(pilot)
        screen.notes.mark("a.md")
        await press(pilot, "m")
        await press(pilot, *"deep", "enter")
        text = await press(pilot, "u")
        assert "Undone: Moved “a.md” to “deep/a.md”" in text and "There is no note" not in text
        assert screen.note is not None and screen.note.path == "a.md" == screen.notes.key
        await press(pilot, "m")
        await press(pilot, *"deep", "enter")
        assert (study.workspace.notes / "deep/a.md").exists()
        study.vault.trash("deep/a.md")
        screen.reload()
        await settle(pilot)
        assert screen.note is not None and screen.note.path == screen.notes.key
        assert "There is no note" not in screen_text(app)


async def test_a_missing_note_is_written_where_the_link_looks_for_it(study: Study) -> None:
    write(study, "Home.md", "# Home\n")
    write(study, "x/y/a.md", "# A\n\n[[../Home]]\n")
    app = StudyApp(study)
    async with running(app, (120, 40)) as pilot:
        await at_notes(pilot)
        app.open_note("x/y/a.md")
        await settle(pilot)
        assert "There is no note “Home” yet." in await press(pilot, "1", "enter")
        await press(pilot, "enter")
        assert isinstance(app.screen, EditorScreen)
        assert (study.workspace.notes / "x/Home.md").exists() and study.vault.graph.dead("x/y/a.md") == []


async def test_a_missing_note_is_written_there_from_the_pane_of_links_too(study: Study) -> None:
    write(study, "Home.md", "# Home\n")
    write(study, "x/y/a.md", "# A\n\n[[../Home]]\n")
    app = StudyApp(study)
    async with running(app, (120, 40)) as pilot:
        screen = await at_notes(pilot)
        app.open_note("x/y/a.md")
        await settle(pilot)
        screen.panes.enter(2)
        screen.about.mark("gone:0")
        assert "There is no note “Home” yet." in await press(pilot, "enter")
        await press(pilot, "enter")
        assert (study.workspace.notes / "x/Home.md").exists() and study.vault.graph.dead("x/y/a.md") == []


async def test_what_is_typed_right_behind_a_key_that_asks_is_not_lost(study: Study) -> None:
    write(study, "a.md", "# A\n\n[[nowhere to be found]]\n")
    app = StudyApp(study)
    async with running(app, (120, 40)) as pilot:
        await at_notes(pilot)
        for key in ("v", *"nowhere"):
            app.post_message(events.Key(key, key))
        await settle(pilot)
        assert app.screen.query_one(Input).value == "nowhere"
