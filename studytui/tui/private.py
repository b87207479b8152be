"""The one place of the program that overrides private names of Textual (checked against 8.2.8)."""

from __future__ import annotations

import sys
from typing import Any, ClassVar, Generic, TypeVar

from rich.text import Text
from textual import events
from textual.app import App
from textual.cache import LRUCache
from textual.css.stylesheet import Stylesheet
from textual.message import Message
from textual.screen import Screen

Answer = TypeVar("Answer")


class KeptStylesheet(Stylesheet):
    """A stylesheet that parses a rule once for a theme; Textual would parse all of them for each room anew.

    Our sheets are part of the program: nobody changes them while it runs.
    """

    _parsed: ClassVar[dict[frozenset[tuple[str, str]], LRUCache[Any, Any]]] = {}

    def __init__(self, *, variables: dict[str, str]) -> None:
        super().__init__(variables=variables)
        self._keep()

    def set_variables(self, variables: dict[str, str]) -> None:
        if variables != self._variables:
            # The base class empties the cache that it holds; the other theme's stays.
            self._parse_cache = LRUCache(1)
            super().set_variables(variables)
            self._keep()

    def reparse(self) -> None:
        self.parse()

    def _keep(self) -> None:
        sheets = frozenset(self._variables.items())
        self._parse_cache = self._parsed.setdefault(sheets, LRUCache(512))


class CalmExit(App[None]):
    """An app that ends with a sentence, not a traceback, when one of its parts fails beyond repair."""

    def __init__(self) -> None:
        super().__init__()
        self.stylesheet = KeptStylesheet(variables=self.stylesheet._variables)

    def report(self, error: BaseException) -> None:
        """Show ``error`` as a sentence and go on."""
        raise NotImplementedError

    def last_words(self, error: BaseException) -> str:
        """Record ``error`` and return the sentence that the learner reads in the shell afterwards."""
        raise NotImplementedError

    def show_messages(self) -> None:
        """Show on the screen in front what the program has to say."""
        raise NotImplementedError

    def _refresh_notifications(self) -> None:
        """Textual calls this when a screen comes to the front; its floating boxes would lie on the work."""
        self.show_messages()

    def _fatal_error(self) -> None:
        error = sys.exc_info()[1]
        words = self.last_words(error if error is not None else RuntimeError("unknown"))
        if not self._exit_renderables:
            self._exit_renderables.append(Text(words))
        self._close_messages_no_wait()


class CalmScreen(Screen[Answer], Generic[Answer]):
    """A screen whose failing handlers are reported in a sentence instead of ending the program."""

    async def _dispatch_message(self, message: Message) -> None:
        try:
            await super()._dispatch_message(message)
        except Exception as error:
            # Without its widgets there is no screen to go on with.
            if isinstance(message, events.Compose) or not isinstance(self.app, CalmExit):
                raise
            self.app.report(error)
