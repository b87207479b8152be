"""The README's first ten minutes, followed to the letter in both languages."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from textual import events
from textual.pilot import Pilot

from studytui import i18n
from studytui.commands import COMMANDS
from studytui.demo import demo_workspace
from studytui.keys import key_name, show_key
from studytui.study import Study
from studytui.tui.app import StudyApp
from tests.conftest import FixedClock
from tests.tui_helpers import running, screen_text, settle

README = Path(__file__).parent.parent / "README.md"
TOKEN = re.compile(r"<kbd>(?P<key>.+?)</kbd>|`(?P<text>[^`]+)`|\*\*(?P<seen>.+?)\*\*")
PATIENCE = 200  # looks at the screen, a twentieth of a second apart


def steps(heading: str) -> Iterator[tuple[str, str]]:
    """Yield what the numbered steps below ``heading`` say: keys to press, texts to type, what is to be seen."""
    section = README.read_text("utf-8").partition(f"{heading}\n")[2].partition("\n#")[0]
    lines = re.search(r"^1\. .*", section, re.MULTILINE | re.DOTALL)
    assert lines, heading
    for found in TOKEN.finditer(" ".join(lines[0].split())):
        assert found.lastgroup
        if not found[0].startswith("`make "):
            yield found.lastgroup, found[found.lastgroup]


@pytest.mark.parametrize(("lang", "heading"), [("en", "## The first ten minutes"), ("zh", "### 头十分钟")])
async def test_the_first_ten_minutes_go_as_written(lang: str, heading: str, clock: FixedClock) -> None:
    i18n.set_language(lang)
    keys = {show_key(key): key_name(key) for command in COMMANDS for key in command.keys}
    with demo_workspace(lang, clock.now()) as workspace:
        study = Study.open(workspace, clock)
        await study.pull()
        app = StudyApp(study)
        async with running(app) as pilot:
            for number, (kind, text) in enumerate(steps(heading)):
                if kind == "seen":
                    await see(pilot, text, number)
                elif kind == "text":
                    await write(pilot, text)
                else:
                    await pilot.press(keys[text])
                    if text != "Ctrl+Q":
                        await settle(pilot)
        assert not app.is_running
        study.close()


async def write(pilot: Pilot[None], text: str) -> None:
    """Type ``text``; unlike `Pilot.press` this knows full-width signs."""
    for character in text:
        pilot.app.post_message(events.Key(key_name(character), character))
    await settle(pilot)


async def see(pilot: Pilot[None], text: str, number: int) -> None:
    """Look at the screen until ``text`` stands on it."""
    for _look in range(PATIENCE):
        shown = screen_text(pilot.app)
        if text in shown:
            return
        await asyncio.sleep(0.05)
        await pilot.pause()
    raise AssertionError(f"token {number}: “{text}” is not on the screen:\n{shown}")
