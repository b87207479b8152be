"""A field that searches while one types: never on the loop, never more than the last query."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Any

from textual import events
from textual.message import Message
from textual.widgets import Input

from studytui.tui.aside import aside, rest
from studytui.tui.frame import FrameApp

# Long enough that fast typing starts one search, short enough to feel immediate.
PAUSE = 0.12


class SearchBox(Input):
    """An input that runs ``search(query)`` in a thread once the typing pauses and posts what it found."""

    class Found(Message):
        """``result`` is what ``search`` returned for ``query``; None for an empty query."""

        def __init__(self, box: SearchBox, query: str, result: Any) -> None:
            super().__init__()
            self.box, self.query, self.result = box, query, result

        @property
        def control(self) -> SearchBox:
            return self.box

    def __init__(
        self,
        search: Callable[[str], object],
        *,
        placeholder: str = "",
        id: str | None = None,  # noqa: A002 - Textual's name for it
    ) -> None:
        super().__init__(placeholder=placeholder, id=id)
        self.search = search

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        self.search_again()

    def search_again(self) -> None:
        """Search for what the field holds; whatever is still running is forgotten."""
        aside(self, partial(self._search, self.value), group="search")

    async def _search(self, query: str) -> None:
        wanted = query.strip()
        if not wanted:
            self.post_message(self.Found(self, wanted, None))
            return
        await rest(PAUSE)
        try:
            result = await asyncio.to_thread(self.search, wanted)
        except Exception as error:
            if isinstance(self.app, FrameApp):
                self.app.report(error)
            return
        if self.value == query:
            self.post_message(self.Found(self, wanted, result))

    def on_key(self, event: events.Key) -> None:
        """Down goes from the field to the results."""
        if event.key == "down":
            event.stop()
            event.prevent_default()
            self.screen.focus_next()
