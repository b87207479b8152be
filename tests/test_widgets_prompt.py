"""Questions: answered with arrows and Enter, safe with an input method on and with any text."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from textual.app import ComposeResult

from studytui import i18n
from studytui.errors import StudyError
from studytui.tui import aside, fuzzy
from studytui.tui.frame import FrameApp
from studytui.tui.widgets.line_list import LineList, Row
from studytui.tui.widgets.plain import Plain
from studytui.tui.widgets.prompt import AskLine, Choice, Confirm, Pick, Picked, Prompt
from studytui.tui.widgets.search_box import SearchBox
from tests.tui_helpers import HARMLESS, HOSTILE, running, screen_text, settle

TOPICS = [
    Choice("funnel", "漏斗与每日衰减", "12 notes", "Arithmetic of a funnel", ("ldymrsj", "Funnel")),
    Choice("ties", "强、中、弱关系", "3 notes"),
    Choice("crm", "CRM 客户关系", also=("khgx",)),
]


class AskApp(FrameApp):
    """An app that asks one question and keeps the answer."""

    def __init__(self, prompt: Callable[[], Prompt[Any]]) -> None:
        super().__init__()
        self.prompt = prompt
        self.answers: list[Any] = []

    def on_mount(self) -> None:
        super().on_mount()
        self.push_screen(self.prompt(), self.answers.append)


async def answer(prompt: Callable[[], Prompt[Any]], *keys: str) -> Any:
    app = AskApp(prompt)
    async with running(app) as pilot:
        await pilot.press(*keys)
        await settle(pilot)
        return app.answers[0] if app.answers else screen_text(app)


async def test_a_line_has_a_default_and_can_be_left() -> None:
    assert await answer(lambda: AskLine("Title?", "客户画像"), "enter") == "客户画像"
    assert await answer(lambda: AskLine("Title?", "客户"), "画", "像", "enter") == "客户画像"
    assert await answer(lambda: AskLine("Title?", "x"), "escape") is None


async def test_a_line_that_will_not_do_says_why_and_stays_open() -> None:
    assert "Type something first." in await answer(lambda: AskLine("Title?"), "space", "enter")
    taken = lambda: AskLine("Title?", "a", check=lambda text: "" if text == "ab" else f"{text} is taken")  # noqa: E731
    assert "a is taken" in await answer(taken, "enter")
    assert await answer(taken, "enter", "b", "enter") == "ab"


async def test_a_check_that_fails_is_a_sentence_and_the_question_stays() -> None:
    def check(text: str) -> str:
        raise StudyError("feeds.yaml:3 is broken.", "Mend it first.")

    shown = await answer(lambda: AskLine("Name?", "a", check=check), "enter")
    assert "feeds.yaml:3 is broken." in shown and "Name?" in shown


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        (["enter"], None), (["down", "enter"], True), (["escape"], None), (["y"], True), (["n"], None),
        (["G", "enter"], True),
    ],
)  # fmt: skip
async def test_confirm_needs_more_than_a_careless_enter(keys: list[str], expected: bool | None) -> None:
    assert await answer(lambda: Confirm("Remove 鸟哥笔记?", "Yes, remove it"), *keys) is expected


async def test_pick_narrows_down_and_takes_the_marked_one() -> None:
    assert await answer(lambda: Pick("Topic?", TOPICS), "down", "enter") == Picked("ties", "")
    assert await answer(lambda: Pick("Topic?", TOPICS), "关", "系", "down", "enter") == Picked("crm", "关系")
    assert await answer(lambda: Pick("Topic?", TOPICS), "k", "h", "g", "enter") == Picked("crm", "khg")
    assert await answer(lambda: Pick("Topic?", TOPICS), "escape") is None
    shown = await answer(lambda: Pick("Topic?", TOPICS), "x", "x", "enter")
    assert "Nothing fits what you typed." in shown


async def test_pick_offers_to_make_a_new_one() -> None:
    new: Callable[[str], str] = lambda text: f"New topic: {text}"  # noqa: E731
    assert "New topic: 软文" in await answer(lambda: Pick("Topic?", TOPICS, new=new), "软", "文")
    assert await answer(lambda: Pick("Topic?", TOPICS, new=new), "软", "文", "enter") == Picked("", "软文")
    assert "New topic" not in await answer(lambda: Pick("Topic?", TOPICS, new=new))


async def test_pick_shows_details_and_the_help_of_the_marked_choice() -> None:
    shown = await answer(lambda: Pick("Topic?", TOPICS))
    assert "▸ 漏斗与每日衰减 12 notes" in shown
    assert "Arithmetic of a funnel" in shown
    assert "Arrows choose" in await answer(lambda: Pick("Topic?", TOPICS), "down")


async def test_prompts_speak_the_screen_language() -> None:
    i18n.set_language("zh")
    for prompt in (
        lambda: AskLine("标题？"),
        lambda: Confirm("删除？", "删除"),
        lambda: Pick("主题？", TOPICS),
    ):
        app = AskApp(prompt)
        async with running(app):
            hint = app.screen.query_one("#hint", Plain)
            assert str(hint.content) == i18n._(str(hint.content))


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (40, 12)])
async def test_hostile_text_is_harmless(size: tuple[int, int]) -> None:
    hostile = [Choice(HOSTILE, HOSTILE, HOSTILE, HOSTILE)]
    prompts: list[Callable[[], Prompt[Any]]] = [
        lambda: AskLine(HOSTILE, HOSTILE, hint=HOSTILE, check=lambda text: HOSTILE, placeholder=HOSTILE),
        lambda: Confirm(HOSTILE, HOSTILE, HOSTILE, hint=HOSTILE),
        lambda: Pick(HOSTILE, hostile, new=lambda text: HOSTILE, hint=HOSTILE),
    ]
    for prompt in prompts:
        app = AskApp(prompt)
        async with running(app, size) as pilot:
            assert HARMLESS in screen_text(app).replace("\n", "")
            if not isinstance(app.screen, Confirm):
                await pilot.press("x", "enter")
                await settle(pilot)
            screen_text(app)


class SearchApp(FrameApp):
    """A search box over a slow search, and what it said."""

    def __init__(self, search: Callable[[str], object]) -> None:
        super().__init__()
        self.box = SearchBox(search, placeholder="Search")
        self.results = LineList()
        self.said: list[tuple[str, object]] = []

    def compose(self) -> ComposeResult:
        yield self.box
        yield self.results

    def on_search_box_found(self, event: SearchBox.Found) -> None:
        self.said.append((event.query, event.result))


async def test_fast_typing_starts_one_search_off_the_loop() -> None:
    asked: list[tuple[str, bool]] = []

    def search(query: str) -> str:
        asked.append((query, threading.current_thread() is threading.main_thread()))
        return query.upper()

    app = SearchApp(search)
    async with running(app) as pilot:
        aside.patience = 1.0
        await pilot.press(*"market", "space")
        await settle(pilot)
        assert asked == [("market", False)]
        assert app.said == [("market", "MARKET")]
        app.box.value = ""
        await settle(pilot)
        assert app.said[-1] == ("", None)


async def test_a_late_result_is_dropped() -> None:
    release = threading.Event()

    def search(query: str) -> str:
        if query == "a":
            release.wait(5)
        return query

    app = SearchApp(search)
    async with running(app) as pilot:
        app.box.value = "a"
        await pilot.pause(0.2)
        app.box.value = "ab"
        await pilot.pause(0.2)
        release.set()
        await settle(pilot)
        assert app.said == [("ab", "ab")]


async def test_a_failing_search_is_a_sentence_and_down_leads_to_the_results() -> None:
    def search(query: str) -> str:
        raise StudyError("The index is gone.", "Run: studytui index --rebuild")

    app = SearchApp(search)
    async with running(app, (80, 24)) as pilot:
        app.results.show_rows([Row("a", ("a",))])
        app.box.focus()
        await pilot.press("客")
        await settle(pilot)
        assert "The index is gone." in screen_text(app)
        await pilot.press("down")
        assert app.focused is app.results


def test_fuzzy_ranks_whole_before_beginning_before_inside_before_scattered() -> None:
    candidates = [
        "funnel",
        "funnel arithmetic",
        "the funnel",
        "unfunnelled",
        "f u n n e l s",
        "Ｆｕｎｎｅｌ！",
    ]
    scores = [fuzzy.score("FUNNEL", text) for text in candidates]
    assert scores == [*sorted(scores[:5], reverse=True), scores[1]]
    assert fuzzy.score("客系", "客户关系管理") > 0
    assert fuzzy.score("系客", "客户关系管理") == 0
    assert fuzzy.score("关系 客户", "客户关系管理") > 0
    assert fuzzy.score("", "anything") > 0
    assert fuzzy.score("x", "", "") == 0
