"""The editor: Markdown as one types it, links completed, nothing lost to crashes or other programs."""

from __future__ import annotations

import os
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from textual import events
from textual.pilot import Pilot

from studytui import i18n
from studytui.keys import key_name
from studytui.notes.drafts import Drafts
from studytui.notes.note import Note
from studytui.study import Study
from studytui.tui.app import StudyApp
from studytui.tui.private_text import Prose
from studytui.tui.screens.editor import EditorScreen
from studytui.tui.screens.editor_links import fitting
from studytui.tui.screens.editor_text import (
    BOLD,
    ITALIC,
    enter,
    first_line,
    headings,
    indented,
    link_begun,
    pasted,
    toggled,
    visible,
    word_count,
)
from studytui.tui.widgets.soft_wrap import soft_breaks
from studytui.workspace import Workspace
from tests.conftest import FixedClock
from tests.tui_helpers import HOSTILE, running, screen_lines, screen_text, settle, text_of, write

# --- plain functions ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "after"),
    [
        ("- one", "- one\n- "),
        ("* one", "* one\n* "),
        ("  - one", "  - one\n  - "),
        ("9. one", "9. one\n10. "),
        ("1) one", "1) one\n2) "),
        ("1、第一", "1、第一\n2、"),
        ("- [x] done", "- [x] done\n- [ ] "),
        ("- [ ] ", ""),
        ("- ", ""),
        ("1. ", ""),
        ("  - ", "- "),
        ("> quote", "> quote\n> "),
        (">quote", ">quote\n> "),
        ("> ", ""),
        (">", ""),
        ("> - item", "> - item\n> - "),
        ("> - ", "> "),
        ("> > deep", "> > deep\n> > "),
        ("> > ", "> "),
        ("plain", "plain\n"),
        ("  plain", "  plain\n  "),
        ("-no item", "-no item\n"),
        ("2026-11-22", "2026-11-22\n"),
        ("", "\n"),
    ],
)
def test_enter_goes_on_with_lists_and_quotes_and_an_empty_item_ends_them(line: str, after: str) -> None:
    done = enter(line, len(line))
    assert line[: done.column] + done.insert == after


def test_enter_before_the_text_of_an_item_only_breaks_the_line() -> None:
    assert enter("- one", 0).insert == "\n"
    assert enter("- one two", 5) == (5, "\n- ")


@given(st.text(alphabet="> -*+1.)、[x] \tab客", max_size=20), st.integers(0, 20))
def test_enter_never_loses_text_behind_the_cursor(line: str, at: int) -> None:
    column = min(at, len(line))
    done = enter(line, column)
    kept = line[: done.column] + done.insert
    assert done.column in (0, column)
    assert "\n" in done.insert or len(kept) <= len(line)


def test_tab_nests_items_under_their_parents_text() -> None:
    assert indented("- a", True) == "  - a"
    assert indented("1. a", True) == "   1. a"
    assert indented("   10. a", False) == "10. a"
    assert indented("\t- a", False) == "- a"
    assert indented("a", False) == "a"


@pytest.mark.parametrize(
    ("line", "start", "end", "mark", "after", "chosen"),
    [
        ("客户关系", 0, 2, BOLD, "**客户**关系", "客户"),
        ("**客户**关系", 2, 4, BOLD, "客户关系", "客户"),
        ("**客户**关系", 0, 6, BOLD, "客户关系", "客户"),
        ("a word here", 4, 4, BOLD, "a **word** here", "word"),
        ("a **word** here", 6, 6, BOLD, "a word here", "word"),
        ("客户", 1, 1, ITALIC, "客**户", ""),
        ("**both**", 2, 6, ITALIC, "***both***", "both"),
        ("***both***", 3, 7, ITALIC, "**both**", "both"),
        ("***both***", 3, 7, BOLD, "*both*", "both"),
        (" blanks ", 0, 8, BOLD, " **blanks** ", "blanks"),
    ],
)
def test_bold_and_italic_go_on_and_off(
    line: str, start: int, end: int, mark: str, after: str, chosen: str
) -> None:
    edited = toggled(line, start, end, mark)
    assert edited.line == after
    assert edited.line[edited.start : edited.end] == chosen


def test_a_pasted_address_becomes_a_link_and_nothing_else_does() -> None:
    url = "https://example.com/a"
    assert pasted(url, "") == f"<{url}>"
    assert pasted(url + "\n", "看这里") == f"[看这里]({url})"
    assert pasted("https://example.com/a(b)", "x") == "[x](<https://example.com/a(b)>)"
    assert pasted(url, "https://old.example") == url
    assert pasted("see " + url, "") == "see " + url
    assert pasted("javascript:alert(1)", "x") == "javascript:alert(1)"
    assert pasted("a\x1b]2;P\x07b", "") == "ab"


def test_words_and_chinese_characters_are_counted_apart() -> None:
    assert word_count("客户关系，CRM 系统 isn't 2 hard.") == (6, 4)
    assert word_count("one two-three") == (0, 2)


def test_headings_are_found_outside_code() -> None:
    lines = ["# a", "```", "# not", "```", "## 客户 ##", "#no", "~~~", "# x"]
    assert [(one.line, one.level, one.text) for one in headings(lines)] == [(0, 1, "a"), (4, 2, "客户")]


def test_writing_begins_in_the_first_empty_section_or_at_the_text() -> None:
    template = ["---", "---", "", "## 要点", "", "## 用自己的话说", "", ""]
    assert first_line(template, 2) == (4, 0)
    assert first_line(["---", "---", "", "written"], 2) == (3, 0)
    assert first_line(["---", "---", ""], 2) == (2, 0)


def test_a_link_is_open_until_it_is_closed() -> None:
    assert link_begun("see [[kh") == "kh"
    assert link_begun("[[") == ""
    assert link_begun("[[a#b") == "a#b"
    assert link_begun("[[a]] b") is None
    assert link_begun("[[a|b") is None
    assert link_begun("no") is None


def test_notes_fit_by_title_alias_pinyin_and_words() -> None:
    notes = [
        Note("a.md", "网络营销"),
        Note("b.md", "客户关系管理", aliases=("CRM",)),
        Note("c.md", "老客户", aliases=()),
        Note("d.md", "Sales funnel"),
    ]
    assert [one.path for one in fitting("khgx", notes)] == ["b.md"]
    assert [one.path for one in fitting("客户", notes)] == ["b.md", "c.md"]
    assert fitting("crm", notes)[0] == ("b.md", "客户关系管理", "CRM")
    assert fitting("fun", notes)[0].path == "d.md"
    assert [one.path for one in fitting("", notes)] == ["a.md", "b.md", "c.md", "d.md"]
    assert fitting("zzzz", notes) == []


WRAPPED = st.text(st.sampled_from("网络营销，。（）《》“”abc XYZ\t -1é\u0301😀"), max_size=120)


@given(WRAPPED, st.integers(4, 40))
def test_rows_fit_and_hold_every_character_once(text: str, width: int) -> None:
    edges = [0, *soft_breaks(text, width), len(text)]
    assert edges == sorted(set(edges)) or not text
    for start, end in pairwise(edges):
        row = text[start:end].rstrip(" \t")
        if "\t" not in row:
            assert cell_len(row) <= width or len(row) == 1 or "\u0301" in text


def test_chinese_marks_neither_begin_nor_end_the_wrong_row() -> None:
    text = "客户关系管理，让市场（销售）和“服务”都围着客户转。" * 5
    for width in range(10, 40):
        starts = soft_breaks(text, width)
        assert starts
        assert not [text[at] for at in starts if text[at] in "，。）”"]
        assert not [text[at - 1] for at in starts if text[at - 1] in "（“"]


@given(
    st.lists(st.text("客a ", max_size=12), min_size=1, max_size=6),
    st.lists(
        st.tuples(st.integers(0, 5), st.integers(0, 12), st.integers(0, 2), st.text("客a \n", max_size=9))
    ),
)
def test_wrapping_after_edits_is_wrapping_from_nothing(
    lines: list[str], edits: list[tuple[int, int, int, str]]
) -> None:
    from textual.document._document import Document

    document = Document("\n".join(lines))
    prose = Prose(document)
    prose.wrap(6)
    for row, column, below, insert in edits:
        row = min(row, document.line_count - 1)
        start = (row, min(column, len(document.lines[row])))
        bottom = min(row + below, document.line_count - 1)
        end = max(start, (bottom, min(column, len(document.lines[bottom]))))
        result = document.replace_range(start, end, insert)
        prose.wrap_range(start, end, result.end_location)
        fresh = Prose(document)
        fresh.wrap(6)
        assert [prose.row(y) for y in range(prose.height + 1)] == [
            fresh.row(y) for y in range(fresh.height + 1)
        ]
        assert [prose.get_sections(n) for n in range(document.line_count)] == [
            fresh.get_sections(n) for n in range(document.line_count)
        ]


def test_unsafe_characters_keep_their_columns() -> None:
    assert len(visible(HOSTILE + "\u202e")) == len(HOSTILE) + 1
    assert not [c for c in visible(HOSTILE) if c < " "]


# --- drafts ---------------------------------------------------------------------------------------------------


def test_a_draft_of_a_program_that_runs_no_more_is_found_again(
    workspace: Workspace, clock: FixedClock
) -> None:
    running_now: set[int] = {os.getpid()}
    drafts = Drafts(workspace, runs=running_now.__contains__)
    drafts.keep("客户.md", "文字", "base", clock.now())
    kept = next(drafts.folder.iterdir())
    other = kept.with_name(kept.name.replace(f"-{os.getpid()}.", "-424242."))
    kept.rename(other)
    running_now.add(424242)
    assert drafts.left("客户.md") is None
    assert drafts.edited_elsewhere("客户.md")
    running_now.remove(424242)
    found = drafts.left("客户.md")
    assert found is not None
    assert (found.text, found.base, found.at) == ("文字", "base", clock.now())
    assert not drafts.edited_elsewhere("客户.md")
    drafts.throw_away(found)
    assert drafts.left("客户.md") is None
    assert drafts.left("other.md") is None


def test_a_damaged_draft_is_no_draft(workspace: Workspace, clock: FixedClock) -> None:
    drafts = Drafts(workspace)
    drafts.keep("a.md", "x", "b", clock.now())
    next(drafts.folder.iterdir()).write_text("{", "utf-8")
    assert drafts.left("a.md") is None


# --- on the screen --------------------------------------------------------------------------------------------


@pytest.fixture
def study(workspace: Workspace, clock: FixedClock) -> Study:
    return Study.open(workspace, clock)


async def type_symbols(pilot: Pilot[object], text: str) -> None:
    """Type symbols as a terminal sends them; Pilot's own press leaves the character out."""
    for character in text:
        pilot.app.post_message(events.Key(key_name(character), character))
    await settle(pilot)


async def opened(app: StudyApp, pilot: Pilot[object], path: str) -> EditorScreen:
    app.edit_note(path)
    await settle(pilot)
    screen = app.screen
    assert isinstance(screen, EditorScreen)
    return screen


async def test_what_is_typed_while_the_note_opens_is_written_into_it(study: Study) -> None:
    path = write(study, "a.md", "# A\n")
    app = StudyApp(study)
    async with running(app) as pilot:
        await pilot.press("4")
        await settle(pilot)
        for key in ("e", *"typed soon"):
            app.post_message(events.Key(key_name(key), key))
        await settle(pilot)
        assert isinstance(app.screen, EditorScreen)
        assert app.screen.writing.text.replace("# A\n", "") == "typed soon"
        await pilot.press("escape")
        await settle(pilot)
    assert "typed soon" in text_of(study, path)


@pytest.mark.parametrize(("size", "language"), [((80, 24), "zh"), ((120, 40), "en")])
async def test_write_a_list_and_close_saves_it(study: Study, size: tuple[int, int], language: str) -> None:
    i18n.set_language(language)
    path = write(study, "a.md", "---\ntitle: 客户\n---\n")
    app = StudyApp(study)
    async with running(app, size) as pilot:
        editor = await opened(app, pilot, path)
        assert editor.writing.cursor_location == (3, 0)
        await pilot.press("-", "space", "客", "户", "enter", "x", "enter", "enter", "y")
        await settle(pilot)
        assert "客户" in screen_text(app)
        assert editor.unsaved()
        await pilot.press("escape")
        await settle(pilot)
        assert not isinstance(app.screen, EditorScreen)
    assert text_of(study, path) == "---\ntitle: 客户\n---\n- 客户\n- x\ny"
    assert not list((study.workspace.state / "drafts").glob("*"))


async def test_the_preview_is_beside_the_text_only_where_there_is_room(study: Study) -> None:
    path = write(study, "a.md", "# 客户\n\n**重点** and text\n")
    app = StudyApp(study)
    async with running(app, (120, 30)) as pilot:
        await opened(app, pilot, path)
        assert "Preview" in screen_text(app)
        assert any("**重点** and text" in line and "│" not in line for line in screen_lines(app))
        await pilot.resize_terminal(80, 24)
        await settle(pilot)
        assert "Preview" not in screen_text(app)
        await pilot.press("ctrl+r")
        await settle(pilot)
        assert "Preview" in screen_text(app)
        assert "**重点**" not in screen_text(app)
        await pilot.press("escape")
        await settle(pilot)
        assert "**重点**" in screen_text(app)
        assert isinstance(app.screen, EditorScreen)


async def test_completing_a_link_with_pinyin_full_width_brackets_and_an_alias(study: Study) -> None:
    write(study, "topics/客户关系.md", "---\ntitle: 客户关系管理\naliases: [CRM]\n---\n")
    path = write(study, "a.md", "")
    app = StudyApp(study)
    async with running(app) as pilot:
        editor = await opened(app, pilot, path)
        await type_symbols(pilot, "【【")
        await pilot.press("k", "h", "g", "x")
        await settle(pilot)
        assert "客户关系管理" in screen_text(app)
        await pilot.press("enter")
        await settle(pilot)
        assert editor.writing.lines[0] == "[[客户关系管理]]"
        assert not editor.menu.is_open
        await type_symbols(pilot, "「「")
        await pilot.press("没", "有")
        await settle(pilot)
        assert "New note: 没有" in screen_text(app)
        await pilot.press("tab")
        await settle(pilot)
        assert editor.writing.lines[0] == "[[客户关系管理]][[没有]]"


async def test_headings_of_a_note_are_offered_behind_its_name(study: Study) -> None:
    write(study, "客户.md", "---\ntitle: 客户\n---\n# 客户\n\n## 跟进 [节奏]\n\n```\n# no\n```\n### Angel\n")
    path = write(study, "a.md", "## Mine\n\n")
    app = StudyApp(study)
    async with running(app) as pilot:
        editor = await opened(app, pilot, path)
        editor.writing.move_cursor(editor.writing.document.end)
        await type_symbols(pilot, "[[客户#")
        shown = screen_text(app)
        assert "## 跟进 [节奏]" in shown and "### Angel" in shown and "# no" not in shown
        await pilot.press("g", "j")
        await settle(pilot)
        assert "### Angel" not in screen_text(app)
        await pilot.press("enter")
        await settle(pilot)
        assert editor.writing.lines[2] == "[[客户#跟进 节奏]]"
        await type_symbols(pilot, "[[#")
        assert "## Mine" in screen_text(app)
        await pilot.press("tab")
        await settle(pilot)
        assert editor.writing.lines[2].endswith("[[#Mine]]")
        await type_symbols(pilot, "[[nowhere#")
        assert not editor.menu.is_open
    assert not app.unexpected


async def test_a_selection_becomes_the_text_of_a_link_and_esc_only_closes_the_menu(study: Study) -> None:
    write(study, "b.md", "# Funnel\n")
    path = write(study, "a.md", "the funnel\n")
    app = StudyApp(study)
    async with running(app) as pilot:
        editor = await opened(app, pilot, path)
        editor.writing.go(0, 4, 10)
        await pilot.press("ctrl+k")
        await settle(pilot)
        assert editor.menu.is_open
        await pilot.press("enter")
        await settle(pilot)
        assert editor.writing.lines[0] == "the [[Funnel|funnel]]"
        await pilot.press("[", "[", "F")
        await settle(pilot)
        await pilot.press("escape")
        await settle(pilot)
        assert not editor.menu.is_open
        assert app.screen is editor
        await pilot.press("u")
        await settle(pilot)
        assert not editor.menu.is_open, "closed stays closed for this link"
        await pilot.press("]", "]", "[", "[")
        await settle(pilot)
        assert editor.menu.is_open


async def test_an_address_in_place_of_a_title_becomes_a_link_too(study: Study) -> None:
    path = write(study, "a.md", "word\n")
    app = StudyApp(study)
    async with running(app) as pilot:
        editor = await opened(app, pilot, path)
        await pilot.press("[", "[")
        await pilot.press(*"https://e.example")
        await settle(pilot)
        assert "Link to https://e.example" in screen_text(app)
        await pilot.press("enter")
        await settle(pilot)
        assert editor.writing.lines[0] == "<https://e.example>word"


async def test_two_notes_of_one_title_are_linked_apart(study: Study) -> None:
    write(study, "one/Same.md", "# Same\n")
    write(study, "two/Same.md", "# Same\n")
    path = write(study, "a.md", "")
    app = StudyApp(study)
    async with running(app) as pilot:
        editor = await opened(app, pilot, path)
        await pilot.press("[", "[", "S", "a", "m", "e")
        await settle(pilot)
        await pilot.press("down", "enter")
        await settle(pilot)
        first, second = "[[Same]]", "[[two/Same]]"
        assert editor.writing.lines[0] in (first, second)
        name = editor.writing.lines[0].strip("[]")
        assert study.vault.graph.names.resolve(name, path) == editor.menu.keys_shown[1]


async def test_bold_date_headings_find_and_undo(study: Study) -> None:
    path = write(study, "a.md", "# One\n\nfind me, FIND you\n\n## Two\n\nend\n")
    app = StudyApp(study)
    async with running(app) as pilot:
        editor = await opened(app, pilot, path)
        await pilot.press("ctrl+f", "f", "i", "n", "d")
        await settle(pilot)
        assert "1/2" in screen_text(app)
        await pilot.press("enter")
        assert "2/2" in screen_text(app)
        assert editor.writing.selected_text == "FIND"
        await pilot.press("escape", "ctrl+b")
        assert editor.writing.lines[2] == "find me, **FIND** you"
        await pilot.press("ctrl+z")
        assert editor.writing.lines[2] == "find me, FIND you"
        await pilot.press("ctrl+down")
        assert editor.writing.cursor_location == (4, 0)
        await pilot.press("ctrl+up")
        assert editor.writing.cursor_location == (0, 0)
        await pilot.press("ctrl+l", "T", "w", "enter")
        await settle(pilot)
        assert editor.writing.cursor_location == (4, 0)
        await pilot.press("end", "ctrl+d")
        assert editor.writing.lines[4] == "## Two2026-11-22"
        await pilot.press("ctrl+a", "delete")
        assert editor.writing.text == ""


async def test_pasting(study: Study) -> None:
    path = write(study, "a.md", "---\nurl: \n---\nword\n")
    app = StudyApp(study)
    async with running(app) as pilot:
        editor = await opened(app, pilot, path)
        editor.writing.go(3, 0, 4)
        editor.writing.post_message(events.Paste("https://example.com/x"))
        await settle(pilot)
        assert editor.writing.lines[3] == "[word](https://example.com/x)"
        editor.writing.go(1, 5)
        editor.writing.post_message(events.Paste("https://example.com/y"))
        await settle(pilot)
        assert editor.writing.lines[1] == "url: https://example.com/y"
        editor.writing.go(4, 0)
        editor.writing.post_message(events.Paste("甲\r\n乙" + HOSTILE))
        await settle(pilot)
        assert editor.writing.lines[4:] == ["甲", "乙[/bold][@click=app.quit]x"]
        screen_text(app)


async def test_a_hostile_note_is_painted_harmless_and_saved_as_it_was(study: Study) -> None:
    raw = f"---\ntitle: 'x'\n---\n{HOSTILE} \u202e tab\tend\r\nnext\x0bline"
    file = study.workspace.notes / "a.md"
    file.write_bytes(raw.encode())
    study.vault.refresh(["a.md"])
    app = StudyApp(study)
    async with running(app) as pilot:
        await opened(app, pilot, "a.md")
        assert "[/bold][@click=app.quit]x" in screen_text(app)
        await pilot.press("!", "ctrl+s")
        await settle(pilot)
    assert file.read_bytes() == raw.replace("[/bold]", "![/bold]").encode()


async def test_another_programs_change_is_taken_over_or_kept_apart(study: Study) -> None:
    path = write(study, "a.md", "first\n")
    app = StudyApp(study)
    async with running(app) as pilot:
        editor = await opened(app, pilot, path)
        (study.workspace.notes / path).write_text("from outside\n", "utf-8")
        editor.reload()
        await settle(pilot)
        assert editor.writing.lines[0] == "from outside"
        await pilot.press("m", "i", "n", "e", " ")
        (study.workspace.notes / path).write_text("outside again\n", "utf-8")
        editor.reload()
        await settle(pilot)
        assert "changed elsewhere" in screen_text(app)
        await pilot.press("ctrl+s")
        await settle(pilot)
        assert text_of(study, path) == "outside again\n"
        assert editor.path == "a (conflict 2026-11-22 2107).md"
        assert text_of(study, editor.path) == "mine from outside\n"
        assert "Another program changed" in screen_text(app)
        await pilot.press("!", "escape")
        await settle(pilot)
    assert text_of(study, editor.path) == "mine !from outside\n"
    assert sorted(note.path for note in study.vault.notes()) == ["a (conflict 2026-11-22 2107).md", "a.md"]


async def test_links_left_behind_by_a_title_changed_by_hand_follow_with_one_key(study: Study) -> None:
    path = write(study, "a.md", "---\ntitle: Old\n---\n")
    write(study, "b.md", "see [[Old]] and [[old|x]]\n")
    app = StudyApp(study)
    async with running(app) as pilot:
        editor = await opened(app, pilot, path)
        editor.writing.go(1, 7, 10)
        await pilot.press("N", "e", "w", "ctrl+s")
        await settle(pilot)
        assert "2 links still say “Old”" in screen_text(app)
        await pilot.press("enter")
        await settle(pilot)
        assert text_of(study, "b.md") == "see [[New]] and [[New|x]]\n"
        assert app.screen is editor
        study.undo()
        assert text_of(study, "b.md") == "see [[Old]] and [[old|x]]\n"
        editor.writing.go(1, 7, 10)
        await pilot.press("O", "l", "d", "e", "r", "escape")
        await settle(pilot)
    assert text_of(study, "b.md") == "see [[Old]] and [[old|x]]\n"
    assert not app.unexpected


async def test_a_removed_note_is_written_again(study: Study) -> None:
    path = write(study, "a.md", "text\n")
    app = StudyApp(study)
    async with running(app) as pilot:
        editor = await opened(app, pilot, path)
        (study.workspace.notes / path).unlink()
        editor.reload()
        await settle(pilot)
        assert "removed this note" in screen_text(app)
        await pilot.press("x", "escape")
        await settle(pilot)
    assert text_of(study, path) == "xtext\n"


async def test_two_saves_at_once_make_no_conflict(study: Study) -> None:
    path = write(study, "a.md", "text\n")
    app = StudyApp(study)
    async with running(app) as pilot:
        editor = await opened(app, pilot, path)
        await pilot.press("a")
        editor.action_save()
        await pilot.press("b")
        editor.action_save()
        await pilot.press("escape")
        await settle(pilot)
    assert [note.path for note in study.vault.notes()] == [path]
    assert text_of(study, path) == "abtext\n"


async def test_what_a_crash_left_is_offered_again(study: Study) -> None:
    path = write(study, "a.md", "text\n")
    app = StudyApp(study)
    async with running(app) as pilot:
        editor = await opened(app, pilot, path)
        await pilot.press("n", "e", "w", " ")
        editor.keep_draft()
        await settle(pilot)
    # Leaving without saving is what a crash looks like from here; the note is as it was.
    assert text_of(study, path) == "text\n"
    app = StudyApp(study)
    async with running(app) as pilot:
        app.edit_note(path)
        await settle(pilot)
        assert "unsaved text from 11-22" in screen_text(app)
        await pilot.press("enter")
        await settle(pilot)
        editor = app.screen  # type: ignore[assignment]
        assert editor.writing.lines[0] == "new text"
        await pilot.press("ctrl+z")
        assert editor.writing.lines[0] == "text"
        await pilot.press("ctrl+y", "escape")
        await settle(pilot)
    assert text_of(study, path) == "new text\n"
    assert not list((study.workspace.state / "drafts").glob("*"))


async def test_a_draft_goes_when_the_text_is_what_was_saved_again(study: Study) -> None:
    path = write(study, "a.md", "text\n")
    app = StudyApp(study)
    async with running(app) as pilot:
        editor = await opened(app, pilot, path)
        await pilot.press("n")
        editor.keep_draft()
        await settle(pilot)
        assert list((study.workspace.state / "drafts").glob("*"))
        await pilot.press("ctrl+z", "escape")
        await settle(pilot)
    assert not list((study.workspace.state / "drafts").glob("*"))


async def test_leaving_with_unsaved_text_asks_and_keeps_a_draft(study: Study) -> None:
    path = write(study, "a.md", "text\n")
    app = StudyApp(study)
    async with running(app) as pilot:
        await opened(app, pilot, path)
        await pilot.press("z", "ctrl+q")
        await settle(pilot)
        assert "is not saved yet" in screen_text(app)
        await pilot.press("down", "enter")
        await settle(pilot)
    draft = Drafts(study.workspace).left(path)
    assert draft is not None
    assert draft.text == "ztext\n"


async def test_a_file_that_is_no_text_is_told_and_left(study: Study) -> None:
    (study.workspace.notes / "gbk.md").write_bytes("客户".encode("gbk"))
    study.vault.refresh(["gbk.md"])
    app = StudyApp(study)
    async with running(app) as pilot:
        app.edit_note("gbk.md")
        await settle(pilot)
        assert not isinstance(app.screen, EditorScreen)
        assert "GBK" in screen_text(app)


async def test_an_open_note_is_not_opened_twice(study: Study) -> None:
    path = write(study, "a.md", "text\n")
    app = StudyApp(study)
    async with running(app) as pilot:
        editor = await opened(app, pilot, path)
        await pilot.press("f3")
        await settle(pilot)
        assert app.area == "read"
        app.edit_note(path)
        await settle(pilot)
        assert app.screen is editor


async def test_the_learners_own_editor_gets_the_saved_text(
    study: Study, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = write(study, "a.md", "text\n")
    seen: list[str] = []

    def outside(app: object, file: Path) -> None:
        seen.append(file.read_text("utf-8"))
        file.write_text("from outside\n", "utf-8")

    monkeypatch.setattr("studytui.tui.external.edit_outside", outside)
    app = StudyApp(study)
    async with running(app) as pilot:
        editor = await opened(app, pilot, path)
        await pilot.press("a", "ctrl+o")
        await settle(pilot)
        assert seen == ["atext\n"]
        assert editor.writing.lines[0] == "from outside"


async def test_ten_thousand_lines_stay_one_screen_of_work(study: Study) -> None:
    path = write(study, "big.md", "客户关系管理让市场销售和服务都围着客户转。\n" * 10_000)
    app = StudyApp(study)
    async with running(app) as pilot:
        editor = await opened(app, pilot, path)
        painted: list[int] = []
        original = editor.writing._painted

        def count(index: int, *rest: object) -> object:
            painted.append(index)
            return original(index, *rest)  # type: ignore[arg-type]

        editor.writing._painted = count  # type: ignore[method-assign,assignment]
        await pilot.press("x")
        await pilot.pause()
        assert 0 < len(painted) <= 4, "a key paints the cursor's line, not the screen"
