"""The list: moving, paging, staying put, painting, whatever the text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from rich.cells import cell_len
from textual.app import ComposeResult
from textual.events import MouseScrollDown

from studytui.errors import StudyError
from studytui.tui.frame import FrameApp
from studytui.tui.widgets.line_list import PAGE, Column, LineList, Row
from tests.tui_helpers import HARMLESS, HOSTILE, running, screen_lines, screen_styles, screen_text, settle


class ListApp(FrameApp):
    """One list that fills the screen, and what it said."""

    def __init__(self, *columns: Column, **options: Any) -> None:
        super().__init__()
        self.list = LineList(columns or (Column(),), **options)
        self.said: list[tuple[str, str]] = []

    def compose(self) -> ComposeResult:
        yield self.list

    def on_line_list_highlighted(self, event: LineList.Highlighted) -> None:
        self.said.append(("opened" if isinstance(event, LineList.Opened) else "marked", event.key))

    on_line_list_opened = on_line_list_highlighted


def rows(*keys: str) -> list[Row]:
    return [Row(key, (f"row {key}",)) for key in keys]


def wheel_down(widget: LineList) -> MouseScrollDown:
    return MouseScrollDown(widget, 5, 5, 0, 0, 0, False, False, False)


def marked(app: FrameApp) -> list[str]:
    return [line for line in screen_lines(app) if line.startswith("▸")]


async def test_keys_move_page_and_open() -> None:
    app = ListApp()
    async with running(app, (40, 10)) as pilot:
        app.list.show_rows(rows(*map(str, range(30))))
        for key, at in [
            ("j", 1), ("down", 2), ("k", 1), ("up", 0), ("k", 0), ("pagedown", 9), ("ctrl+d", 18), ("pageup", 9),
            ("G", 29), ("j", 29), ("g", 0), ("end", 29), ("home", 0),
        ]:  # fmt: skip
            await pilot.press(key)
            assert app.list.cursor == at, key
        await pilot.press("j", "enter")
        await settle(pilot)
        assert marked(app) == ["▸ row 1"]
        assert app.said[-2:] == [("marked", "1"), ("opened", "1")]


async def test_full_width_letters_move_too() -> None:
    app = ListApp()
    async with running(app, (40, 10)) as pilot:
        app.list.show_rows(rows("a", "b", "c"))
        await pilot.press("ｊ", "ｊ")
        await settle(pilot)
        assert app.list.key == "c"


async def test_of_fifty_thousand_rows_only_pages_in_sight_are_fetched() -> None:
    fetched: list[tuple[int, int]] = []

    def fetch(start: int, stop: int) -> Sequence[Row]:
        fetched.append((start, stop))
        return [Row(str(n), (f"article {n}",)) for n in range(start, stop)]

    app = ListApp()
    async with running(app, (40, 10)) as pilot:
        app.list.show([str(n) for n in range(50_000)], fetch)
        await settle(pilot)
        await pilot.press("j", "j", "k")
        assert fetched == [(0, PAGE)]
        await pilot.press("G")
        await settle(pilot)
        assert fetched == [(0, PAGE), (49_900, 50_000)]
        assert marked(app) == ["▸ article 49999"]


async def test_a_page_that_comes_back_short_does_no_harm() -> None:
    app = ListApp()
    async with running(app, (40, 10)) as pilot:
        app.list.show(["a", "b"], lambda start, stop: rows("a"))
        await settle(pilot)
        assert screen_lines(app)[:2] == ["▸ row a", ""]


async def test_a_page_that_cannot_be_fetched_is_blank_and_said_once() -> None:
    def fetch(start: int, stop: int) -> Sequence[Row]:
        raise StudyError("The library is damaged.", "Start again.")

    app = ListApp()
    async with running(app, (40, 20)) as pilot:
        app.list.show([str(n) for n in range(500)], fetch)
        await pilot.press("G", "g", "j")
        await settle(pilot)
        assert app.list.key == "1"
        assert [one.text for one in app.standing] == ["The library is damaged.\nStart again."]


async def test_the_marked_row_stays_marked_at_its_height_when_rows_come_and_go() -> None:
    app = ListApp()
    async with running(app, (40, 10)) as pilot:
        app.list.show_rows(rows(*map(str, range(100))))
        app.list.move_to(50)
        await pilot.press("k", "k", "k")
        await settle(pilot)
        height = screen_lines(app).index("▸ row 47")
        app.list.show_rows(rows("new", "newer", *map(str, range(100))))
        await settle(pilot)
        assert screen_lines(app).index("▸ row 47") == height
        app.list.show_rows(rows(*(str(n) for n in range(100) if n not in (47, 48))))
        assert app.list.key == "49"
        app.list.show_rows(rows(*map(str, range(10))))
        assert app.list.key == "9"
        app.list.show_rows(rows("x", "y"), select="y")
        assert app.list.key == "y"
        assert app.list.mark("x") and not app.list.mark("nonsense")
        app.list.show_rows([])
        assert app.list.key == "" and app.list.count == 0
        await settle(pilot)
        assert app.said[-1] == ("marked", "")


async def test_reload_paints_changed_rows_without_moving() -> None:
    state = {"glyph": "N"}
    app = ListApp(Column(1), Column())
    async with running(app, (40, 10)) as pilot:
        app.list.show(
            ["a", "b"], lambda start, stop: [Row(key, (state["glyph"], key)) for key in "ab"[start:stop]]
        )
        await pilot.press("j")
        await settle(pilot)
        assert marked(app) == ["▸ N b"]
        state["glyph"] = " "
        app.list.reload()
        await settle(pilot)
        assert marked(app) == ["▸   b"]


async def test_headings_are_skipped_but_shown() -> None:
    app = ListApp()
    heading = Row("", ("Notes",), "heading")
    async with running(app, (40, 5)) as pilot:
        app.list.show_rows([heading, *rows("a", "b"), Row("", ("Articles",), "heading"), *rows(*"cdefg")])
        await settle(pilot)
        assert screen_lines(app)[:2] == [" Notes", "▸ row a"]
        await pilot.press("j", "j")
        assert app.list.key == "c"
        await pilot.press("k")
        assert app.list.key == "b"
        await pilot.press("G", "g")
        await settle(pilot)
        assert screen_lines(app)[:2] == [" Notes", "▸ row a"]


async def test_columns_are_cut_by_cells_and_hidden_when_there_is_no_room() -> None:
    app = ListApp(Column(6), Column(4, right=True), Column(8, shown_from=40), Column())
    async with running(app, (60, 5)) as pilot:
        app.list.show_rows([
            Row("a", ("鸟哥笔记", "12", "2026-11-22", "如何获得第一批客户 and then some more words")),
            Row("b", ("Hub", "3", "today", "x")),
            Row("c", ()),
        ])  # fmt: skip
        await settle(pilot)
        first, second = screen_lines(app)[:2]
        assert first == "▸ 鸟哥…    12 2026-11… 如何获得第一批客户 and then some mor…"
        assert second == "  Hub       3 today    x"
        assert cell_len(first) <= 60
        await pilot.resize_terminal(30, 5)
        await settle(pilot)
        assert screen_lines(app)[0] == "▸ 鸟哥…    12 如何获得第一批…"


async def test_highlighted_characters_are_painted_apart() -> None:
    app = ListApp()
    async with running(app, (40, 5)) as pilot:
        app.list.show_rows([Row("x", ("x",)), Row("a", ("关于客户的事",), spans=((2, 4), (90, 95)))])
        await settle(pilot)
        assert screen_lines(app)[1] == "  关于客户的事"
        assert "bold underline" in screen_styles(app, "客户")[0]
        assert "underline" not in screen_styles(app, "关于")[0]
        await pilot.press("j")
        await settle(pilot)
        assert "bold underline #ffffff" in screen_styles(app, "客户")[0], "readable on the marked row too"


async def test_two_line_rows_move_as_one() -> None:
    app = ListApp(row_height=2)
    async with running(app, (40, 6)) as pilot:
        app.list.show_rows([Row(str(n), (f"title {n}",), detail=f"snippet 片段 {n}") for n in range(10)])
        await pilot.press("j", "j", "j")
        await settle(pilot)
        assert screen_lines(app)[-2:] == ["▸ title 3", "    snippet 片段 3"]
        await pilot.click(offset=(5, 1))
        assert app.list.key == "1"


async def test_headings_of_two_line_rows_take_one_line() -> None:
    app = ListApp(row_height=2)

    def row(key: str) -> Row:
        return Row(key, (f"title {key}",), detail=f"snippet {key}")

    def heading(title: str) -> Row:
        return Row("", (title,), "heading")

    def seen() -> list[str]:
        return [line[:30].rstrip() for line in screen_lines(app)]  # without the scroll bar

    async with running(app, (40, 6)) as pilot:
        app.list.show_rows([heading("Notes"), row("a"), row("b"), heading("Articles"), *map(row, "cdef")])
        await settle(pilot)
        assert seen() == [
            " Notes",
            "▸ title a",
            "    snippet a",
            "  title b",
            "    snippet b",
            " Articles",
        ]
        assert app.list.virtual_size.height == 14
        await pilot.press("j", "j")
        await settle(pilot)
        assert seen()[-3:] == [" Articles", "▸ title c", "    snippet c"]
        await pilot.click(offset=(5, 1))
        assert app.list.key == "b"
        await pilot.press("G")
        await settle(pilot)
        assert seen()[-2:] == ["▸ title f", "    snippet f"]
        await pilot.press("g")
        await settle(pilot)
        assert seen()[:2] == [" Notes", "▸ title a"]


async def test_mouse_marks_opens_and_scrolls() -> None:
    app = ListApp()
    async with running(app, (40, 10)) as pilot:
        app.list.show_rows(rows(*map(str, range(40))))
        await pilot.click(offset=(5, 4))
        assert app.list.key == "4"
        await pilot.click(offset=(5, 4))
        await settle(pilot)
        assert app.said[-1] == ("opened", "4")
        for _ in range(3):
            await pilot._post_mouse_events(
                [__import__("textual.events").events.MouseScrollDown], offset=(5, 5)
            )
        assert app.list.scroll_offset.y == 9
        assert app.list.key == "9"


async def test_an_empty_list_says_what_it_is_wrapped_to_its_width() -> None:
    app = ListApp(empty=lambda: "No notes yet. 还没有笔记。\nPress a for a new one.")
    async with running(app, (24, 8)) as pilot:
        await settle(pilot)
        assert screen_lines(app)[:5] == [
            "",
            "  No notes yet. 还没有",
            "  笔记。",
            "  Press a for a new",
            "  one.",
        ]
        await pilot.press("j", "enter", "G")
        assert app.said == []


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_hostile_text_is_harmless(size: tuple[int, int]) -> None:
    app = ListApp(Column(30), Column(), empty=lambda: HOSTILE, row_height=2)
    async with running(app, size) as pilot:
        assert HARMLESS in screen_text(app)
        app.list.show_rows(
            [Row("a", (HOSTILE, HOSTILE + "\n\t" + HOSTILE), detail=HOSTILE), Row("", (HOSTILE,))]
        )
        await settle(pilot)
        assert screen_text(app).count(HARMLESS) >= 4


async def test_the_mark_of_what_was_cut_is_not_below_the_scrollbar() -> None:
    app = ListApp(Column())
    async with running(app, (21, 10)) as pilot:
        app.list.show_rows([Row(str(number), ("客户关系管理与跟进的节奏",)) for number in range(40)])
        await settle(pilot)
        assert app.list.show_vertical_scrollbar
        assert screen_lines(app)[3] == "  客户关系管理与跟…"
