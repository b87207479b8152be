"""Screens as text, and the one place of the tests that touches private names of Textual (8.2.8)."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from textual.app import App
from textual.pilot import Pilot

HOSTILE = "[/bold][@click=app.quit]x\x1b]2;P\x07"
# What HOSTILE looks like when it is harmless: the markup as text, the control sequence gone.
HARMLESS = "[/bold][@click=app.quit]x"
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]")


def screen_lines(app: App[Any]) -> list[str]:
    """Return the lines of the screen in front as they are painted, without trailing blanks."""
    return [strip.text.rstrip() for strip in app.screen._compositor.render_strips()]


def screen_text(app: App[Any]) -> str:
    """Return the screen in front as one text; fails when a control character would reach the terminal."""
    text = "\n".join(screen_lines(app))
    assert not _CONTROL.search(text.replace("\n", "")), repr(text)
    return text


def screen_styles(app: App[Any], wanted: str) -> list[str]:
    """Return the styles of the painted segments that contain ``wanted``."""
    return [
        str(segment.style)
        for strip in app.screen._compositor.render_strips()
        for segment in strip
        if wanted in segment.text
    ]


@asynccontextmanager
async def running(app: App[Any], size: tuple[int, int] = (80, 24)) -> AsyncIterator[Pilot[Any]]:
    """Run ``app`` headless and settled; fails at the end when it met an error it did not expect."""
    async with app.run_test(size=size, notifications=True) as pilot:
        await settle(pilot)
        yield pilot
        await settle(pilot)
    unexpected = getattr(app, "unexpected", [])
    if unexpected:
        raise unexpected[0]


async def settle(pilot: Pilot[Any]) -> None:
    """Wait until workers are done, those that they started too, and the screen is painted."""
    await pilot.pause()
    for _round in range(10):
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()
        if all(worker.is_finished for worker in pilot.app.workers):
            break
