"""The reader: scrolling, links by key, resizing, long texts, whatever the text."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from textual.app import ComposeResult
from textual.selection import Selection

from studytui.tui.frame import FrameApp
from studytui.tui.widgets.reader import Reader
from tests.tui_helpers import HARMLESS, HOSTILE, running, screen_lines, screen_styles, screen_text, settle

LINKS = (
    "[one](https://a.cn/1) and [two](https://a.cn/2)\n\n" + "filler 段落\n\n" * 40 + "[[客户画像|three]] end"
)


class ReaderApp(FrameApp):
    """One reader that fills the screen, and what it said."""

    def __init__(self, **options: Any) -> None:
        super().__init__()
        self.reader = Reader(**options)
        self.said: list[str] = []

    def compose(self) -> ComposeResult:
        yield self.reader

    def on_reader_link_opened(self, event: Reader.LinkOpened) -> None:
        self.said.append(f"{event.link.kind}:{event.link.target}")

    def on_reader_end_reached(self) -> None:
        self.said.append("end")


async def test_scroll_keys_and_the_end() -> None:
    app = ReaderApp()
    async with running(app, (60, 12)) as pilot:
        app.reader.show("\n\n".join(f"line {n}" for n in range(50)))
        for key, top in [
            ("j", 1), ("down", 2), ("k", 1), ("space", 11), ("pagedown", 21), ("b", 11), ("pageup", 1),
            ("ctrl+d", 11), ("G", 87), ("g", 0), ("end", 87),
        ]:  # fmt: skip
            await pilot.press(key)
            assert app.reader.scroll_offset.y == top, key
        assert app.said == []
        await pilot.press("space")
        await settle(pilot)
        assert app.said == ["end"]
        assert screen_lines(app)[-1] == "  line 49"


async def test_links_are_opened_by_number() -> None:
    app = ReaderApp()
    async with running(app, (70, 12)) as pilot:
        app.reader.show(LINKS)
        await pilot.press("2")
        await settle(pilot)
        assert "Link 2: https://a.cn/2" in screen_lines(app)[-1]
        await pilot.press("9")
        await settle(pilot)
        assert "Link 2" in screen_lines(app)[-1], "there is no link 29"
        await pilot.press("backspace", "3", "enter")
        await settle(pilot)
        assert app.said == ["note:客户画像"]
        assert "three[3] end" in screen_text(app), "the opened link is in sight"
        await pilot.press("1", "escape", "enter")
        await settle(pilot)
        assert "Link 1" not in screen_text(app)
        assert app.said == ["note:客户画像"] * 2, "Enter opens the marked link again"


async def test_tab_walks_the_links_and_then_leaves_the_text() -> None:
    app = ReaderApp()
    async with running(app, (70, 12)) as pilot:
        app.reader.show(LINKS)
        await pilot.press("tab", "tab")
        await settle(pilot)
        assert app.reader.current_link == 2
        app.reader.show(LINKS, keep_place=True)
        assert app.reader.current_link == 2, "nothing has changed, so the marked link stays"
        assert "on #2f5d94" in screen_styles(app, "two")[0]
        assert "on #2f5d94" not in screen_styles(app, "one")[0]
        await pilot.press("tab")
        await settle(pilot)
        assert app.reader.scroll_offset.y > 60
        await pilot.press("shift+tab", "enter")
        await settle(pilot)
        assert app.said == ["url:https://a.cn/2"]
        await pilot.press("tab", "tab")
        assert app.reader.current_link == 0
        await pilot.press("shift+tab", "escape")
        assert app.reader.current_link == 0


async def test_digits_mean_nothing_to_a_text_without_links() -> None:
    app = ReaderApp()
    heard: list[str] = []
    app.action_go = lambda name: heard.append(name)  # type: ignore[attr-defined]
    async with running(app, (70, 12)) as pilot:
        app.reader.show("plain")
        await pilot.press("4", "enter", "tab")
        assert heard == ["notes"]
        assert app.said == []


async def test_a_digit_that_begins_no_link_is_left_to_the_screen() -> None:
    app = ReaderApp()
    heard: list[str] = []
    app.action_go = lambda name: heard.append(name)  # type: ignore[attr-defined]
    async with running(app, (70, 12)) as pilot:
        app.reader.show(LINKS)
        await pilot.press("4", "1", "4")
        assert heard == ["notes"], "behind a 1 the 4 is a slip in a link's number"


async def test_a_new_width_wraps_anew_and_keeps_the_place() -> None:
    app = ReaderApp()
    async with running(app, (80, 12)) as pilot:
        app.reader.show("\n\n".join(f"paragraph {n} " + "客户关系管理，" * 12 for n in range(30)))
        await settle(pilot)
        app.reader.scroll_to(y=36, animate=False)
        await settle(pilot)
        first = screen_lines(app)[0].strip()[:12]
        assert first.startswith("paragraph ")
        await pilot.resize_terminal(40, 12)
        await settle(pilot)
        assert screen_lines(app)[0].strip()[:12] == first
        assert app.reader.virtual_size.height > 150


PARTS = {
    "Second: why?": "Second: why?",
    "second why": "Second: why?",
    "First#Second: why?": "Second: why?",
    "第二　步（重点）": "第二 步(重点)",
    "^mark1": "a marked paragraph ^mark1",
    "no such heading": "First",
    "First#no such heading": "First",
    "C#": "C#",
    "C++": "C++",
    "🚀": "🚀",
    "See b here": "See b[1] here ^h",
    "^table": "a table, say",
    ".*": "First",
}


@pytest.mark.parametrize("filling", [8, 300], ids=["short", "long"])
async def test_a_part_begins_at_its_heading_or_marked_paragraph(filling: int) -> None:
    app = ReaderApp()
    fill = "\n\n".join(["words in between"] * filling)
    after = "\n\n".join(["at the end"] * 30)
    text = "\n\n".join(
        [
            "# First",
            fill,
            "## Second: *why?*",
            fill,
            "### 第二 步(重点)",
            fill,
            "a marked paragraph ^mark1",
            *(f"{fill}\n\n## {heading}" for heading in ("C", "C++", "C#", "🎉", "🚀", "See [[b]] here ^h")),
            fill,
            "a table, say",
            "^table",
            after,
        ]
    )
    async with running(app, (80, 12)) as pilot:
        # Each part of a long text costs its layout; where a part is does not depend on the length.
        for part, line in list(PARTS.items())[:: 1 if filling < 100 else 5]:
            app.reader.show(text, part=part)
            await settle(pilot)
            assert screen_lines(app)[0].rstrip("▂▁▃▄▅▆▇█ ").strip() == line, part
            app.reader.show("another text")


async def test_a_line_is_never_longer_than_one_can_read() -> None:
    app = ReaderApp()
    async with running(app, (160, 12)) as pilot:
        app.reader.show("word " * 200)
        await settle(pilot)
        assert max(map(len, screen_lines(app))) <= 90


async def test_search_hits_are_shown_and_walked() -> None:
    app = ReaderApp()
    async with running(app, (60, 12)) as pilot:
        app.reader.show(
            "filler\n\n" * 30 + "关于**客**户的事\n\n" + "filler\n\n" * 30 + "客户 again", terms=["客户"]
        )
        await settle(pilot)
        assert "关于客户的事" in screen_text(app)
        assert "reverse" in screen_styles(app, "户")[0]
        assert app.reader.next_hit()
        await settle(pilot)
        assert "客户 again" in screen_text(app)
        app.reader.show("nothing", terms=["客户"])
        assert not app.reader.next_hit()


async def test_the_same_text_after_a_change_keeps_its_place() -> None:
    app = ReaderApp()
    async with running(app, (60, 12)) as pilot:
        app.reader.show("\n\n".join(f"line {n}" for n in range(50)))
        await pilot.press("space", "space")
        app.reader.show("\n\n".join(f"line {n}" for n in range(51)), keep_place=True)
        await settle(pilot)
        assert screen_lines(app)[0] == "  line 10"
        app.reader.show("new")
        await settle(pilot)
        assert screen_lines(app)[0] == "  new"


async def test_a_long_text_shows_its_beginning_at_once_and_the_loop_goes_on() -> None:
    app = ReaderApp()
    text = "".join(
        f"段落 {n}：" + "客户关系管理，" * 20 + f" [l{n}](https://a.cn/{n})\n\n" for n in range(1500)
    )
    assert len(text.encode()) > 500_000
    async with running(app, (80, 24)) as pilot:
        app.reader.show(text)
        ticks = 0
        await asyncio.sleep(0)
        assert "段落 0" in screen_text(app)
        assert len(app.reader.links) < 100, "only the beginning so far"
        app.reader.focus()
        app.reader.action_text_bottom()
        while len(app.reader.links) < 1500:
            await asyncio.sleep(0.01)
            ticks += 1
        assert ticks > 3, "the loop turned while the text was laid out"
        await settle(pilot)
        assert "l1499[1500]" in screen_text(app)
        app.reader.show("short now")
        await settle(pilot)
        assert screen_lines(app)[0] == "  short now"


async def test_a_long_text_that_was_replaced_never_comes_back() -> None:
    app = ReaderApp()
    async with running(app, (80, 24)) as pilot:
        app.reader.show("old text\n\n" * 8000)
        app.reader.show("new text")
        await settle(pilot)
        assert screen_lines(app)[:2] == ["  new text", ""]
        assert app.reader.virtual_size.height == 1


async def test_the_mouse_selects_text_across_wide_characters() -> None:
    app = ReaderApp()
    async with running(app, (60, 12)) as pilot:
        app.reader.show("网络营销 means online marketing\n\nsecond")
        await settle(pilot)
        await pilot.mouse_down(offset=(6, 0))
        await pilot.hover(offset=(10, 0))
        await pilot.mouse_up(offset=(10, 0))
        await settle(pilot)
        assert "营销".startswith((app.screen.get_selected_text() or "?")[:2])
        assert app.reader.get_selection(Selection(None, None)) == (
            "网络营销 means online marketing\n\nsecond",
            "\n",
        )


async def test_an_empty_reader_says_what_it_is() -> None:
    app = ReaderApp(empty=lambda: "Open an article with Enter.\n" + HOSTILE)
    async with running(app, (60, 12)) as pilot:
        assert "  Open an article with Enter.\n  " + HARMLESS in screen_text(app)
        app.reader.show("x")
        app.reader.clear()
        await settle(pilot)
        assert HARMLESS in screen_text(app)


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (30, 10)])
async def test_hostile_text_is_harmless(size: tuple[int, int]) -> None:
    app = ReaderApp()
    async with running(app, size) as pilot:
        app.reader.show(
            f"# {HOSTILE}\n\n- {HOSTILE} [x\x1b]2;P\x07](https://a.cn/)\n\n`{HOSTILE}`", terms=[HOSTILE]
        )
        await pilot.press("1")
        await settle(pilot)
        assert HARMLESS in screen_text(app)
