"""Screens as text, and the one place of the tests that touches private names of Textual (8.2.8)."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from functools import lru_cache
from typing import Any
from unittest.mock import patch

import textual._callback
import textual.app
import textual.pilot
import textual.screen
from textual.app import App
from textual.pilot import Pilot
from textual.worker import WorkerError

from studytui.study import Study
from studytui.tui import aside, upkeep

HOSTILE = "[/bold][@click=app.quit]x\x1b]2;P\x07"
# What HOSTILE looks like when it is harmless: the markup as text, the control sequence gone.
HARMLESS = "[/bold][@click=app.quit]x"
# Textual counts the parameters of a partial's function anew at each message.
textual._callback._count_parameters = lru_cache(textual._callback._count_parameters)
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
    # The screen is painted when a test looks at it; the timer that would paint in between is slow.
    textual.screen.UPDATE_PERIOD = 0.25
    async with app.run_test(size=size, notifications=True) as pilot:
        # Textual asks every widget by a message of its own whether it is done, before and after each key.
        pilot._wait_for_screen = lambda *_args: _nothing_ready()  # type: ignore[method-assign]
        # Textual waits until the processor rests, up to a second beside a busy thread; this waits for messages.
        textual.app.wait_for_idle = textual.pilot.wait_for_idle = lambda *_args: _laid_out(pilot)  # type: ignore[attr-defined]
        aside.patience = 0.0
        # Upkeep would index in a child process, behind tests that look for nothing it does.
        upkeep.PAUSE = 600.0
        await settle(pilot)
        yield pilot
        await settle(pilot)
    unexpected = getattr(app, "unexpected", [])
    if unexpected:
        raise unexpected[0]


async def settle(pilot: Pilot[Any]) -> None:
    """Wait until workers are done, those that they started too, and the screen is painted."""
    quiet = 0
    while quiet < 2:
        handled = await _handled(pilot)
        working = [worker for worker in pilot.app.workers if not worker.is_finished]
        keys = getattr(pilot.app, "in_turn", None)
        held = keys is not None and not keys.resting and not pilot.app._exit
        quiet += 1
        if working or held or not handled:
            quiet = 0
            # What is waited for is in a thread, or due in a moment: Textual holds painting back when a size changes.
            await asyncio.sleep(0.002)
        for worker in working:
            with suppress(WorkerError):
                await worker.wait()


async def press(pilot: Pilot[Any], *keys: str) -> str:
    """Press keys, wait, and return the screen."""
    await pilot.press(*keys)
    await settle(pilot)
    return screen_text(pilot.app)


async def page_with(pilot: Pilot[Any], wanted: str) -> str:
    """Wait for what the screen shows in its own time, a message say; return the whole screen on one line."""
    page = ""
    for _look in range(300):
        page = " ".join(screen_text(pilot.app).split())
        if wanted in page:
            break
        await asyncio.sleep(0.01)
    return page


async def _handled(pilot: Pilot[Any]) -> bool:
    """Wait until messages are handled and the screen is painted; tell whether nothing is left of either."""
    await _nothing_ready()
    if pilot.app._exit or not pilot.app.screen_stack:
        return True
    if any(not worker.is_finished for worker in pilot.app.workers):
        return False
    screen = pilot.app.screen
    pumps = [pilot.app, *screen.walk_children(with_self=True)]
    if any(pump.is_running and not pump._message_queue.ready_event._waiters for pump in pumps):
        # It does not wait for a message, so it handles one that waits, for a thread say.
        return False
    # What the refresh timer would do at its next tick.
    screen._on_timer_update()
    if screen._compositor._dirty_regions:
        screen._compositor_refresh()
    await _nothing_ready()
    resized = pilot.app._resize_event is not None
    return not (resized or screen._layout_required or screen._dirty_widgets or screen._callbacks)


async def _laid_out(pilot: Pilot[Any]) -> None:
    """Wait until the next key finds the places where the one before left everything; painting can wait."""
    await _nothing_ready()
    stack = pilot.app.screen_stack
    if stack and (stack[-1]._layout_required or stack[-1]._callbacks):
        with patch.object(stack[-1], "_compositor_refresh", lambda: None):
            stack[-1]._on_timer_update()
        await _nothing_ready()


async def _nothing_ready() -> None:
    """Wait until the event loop has nothing left but timers, threads and what is read."""
    loop: Any = asyncio.get_running_loop()
    await asyncio.sleep(0)
    while loop._ready:  # noqa: ASYNC110 - nothing tells when it becomes empty
        await asyncio.sleep(0)


def write(study: Study, path: str, text: str | bytes) -> str:
    """Write a note's file as another program would, let the vault see it, and return ``path``."""
    file = study.workspace.notes / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    study.vault.refresh([path])
    return path


def text_of(study: Study, path: str) -> str:
    """Return what a note's file says."""
    return (study.workspace.notes / path).read_text("utf-8")
