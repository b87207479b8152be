"""Keys pressed faster than screens and lists come up."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable
from types import SimpleNamespace
from typing import Any
from unittest.mock import Mock

import pytest
from textual import events, on
from textual.message import Message
from textual.widget import Widget

from studytui.tui.app import StudyApp
from studytui.tui.in_turn import InTurn
from studytui.tui.screens.base import StudyScreen
from studytui.tui.widgets.line_list import LineList, Row
from tests.test_widgets_frame import SCREENS, StudyStub
from tests.tui_helpers import running, settle

HERE = "tests.test_in_turn"


class SlowScreen(StudyScreen):
    """A list that takes a while to read, and a second one that depends on the marked row of the first."""

    SCOPE = "read"
    AREA = "read"

    def __init__(self) -> None:
        super().__init__()
        self.first = LineList(id="first")
        self.second = LineList(id="second")
        self.acts: list[str] = []

    def body(self) -> Iterable[Widget]:
        yield self.first
        yield self.second

    def reload(self) -> None:
        self.in_thread(lambda: self._read("source"), self.first.show_rows, group="first")

    def _read(self, name: str) -> list[Row]:
        time.sleep(0.15)
        return [Row(f"{name} {n}", (f"{name} {n}",)) for n in range(9)]

    @on(LineList.Highlighted, "#first")
    def _marked(self, event: LineList.Highlighted) -> None:
        self.in_thread(lambda: self._read(f"article of {event.key}"), self.second.show_rows, group="second")

    @on(LineList.Opened)
    def _opened(self, event: LineList.Opened) -> None:
        self.acts.append(event.key)
        self.second.focus()

    def action_star(self) -> None:
        self.acts.append(f"star {self.second.key}")


@pytest.fixture
def app(tmp_path: Any) -> StudyApp:
    screens = {**SCREENS, "read": f"{HERE}:SlowScreen"}
    return StudyApp(StudyStub(tmp_path / "desk"), screens=screens)  # type: ignore[arg-type]


@pytest.fixture
def endless(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a key wait for as long as it takes, so that one which waits for nothing would hang."""
    monkeypatch.setattr("studytui.tui.in_turn.PATIENCE", 1_000_000)


@pytest.mark.usefixtures("endless")
async def test_keys_pressed_before_the_list_is_there_act_on_it(app: StudyApp) -> None:
    async with asyncio.timeout(60), running(app) as pilot:
        for key in ("2", "down", "down", "enter", "enter", "m"):
            app.simulate_key(key)
        await settle(pilot)
        screen = app.screen
        assert isinstance(screen, SlowScreen)
        assert screen.acts == [
            "source 2",
            "article of source 2 0",
            "star article of source 2 0",
        ]


@pytest.mark.usefixtures("endless")
async def test_a_key_does_not_wait_for_the_screen_that_the_one_before_closed(app: StudyApp) -> None:
    async with asyncio.timeout(60), running(app) as pilot:
        for key in ("2", "ctrl+p", "o", "escape", "down", "ctrl+p", "escape", "enter"):
            app.simulate_key(key)
        await settle(pilot)
        assert isinstance(app.screen, SlowScreen)
        assert app.screen.acts == ["source 1"]


class Target:
    """What a message can be sent to, as far as `InTurn` asks."""

    def __init__(self) -> None:
        self.is_running = True
        self.is_mounted = True
        self.focus_chain = [self]
        self.got: list[Any] = []

    def post_message(self, message: Message) -> bool:
        self.got.append(message)
        return True


def test_a_message_lost_with_its_field_is_sent_anew_and_counts_no_more_when_it_comes_after_all() -> None:
    field, other = Target(), Target()
    app = SimpleNamespace(
        focused=field, screen=other, screen_stack=[other], workers=[], set_timer=Mock(), call_later=Mock()
    )
    turn = InTurn(app)  # type: ignore[arg-type]
    turn.sent(events.Key("escape", None), field)  # type: ignore[arg-type]
    field.is_running, app.focused = False, other
    assert turn.holds(events.Key("a", "a"))
    lost, anew = field.got[0], other.got[0]
    turn.passed(lost)
    assert len(field.got) == 1 and not turn.resting
    turn.passed(anew)
    app.call_later.assert_called_once_with(turn.go_on)


async def test_keys_do_not_wait_for_ever(app: StudyApp, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("studytui.tui.in_turn.PATIENCE", 0.05)
    async with running(app) as pilot:
        await pilot.press("2")
        await settle(pilot)
        screen = app.screen
        assert isinstance(screen, SlowScreen)
        screen.in_thread(lambda: time.sleep(0.5), lambda _none: screen.acts.append("slow"), group="slow")
        app.simulate_key("m")
        await settle(pilot)
        assert screen.acts == ["star article of source 0 0", "slow"]
