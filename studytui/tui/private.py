"""The one place of the program that overrides private names of Textual (checked against 8.2.8)."""

from __future__ import annotations

import sys
from typing import Generic, TypeVar

from rich.text import Text
from textual import events
from textual.app import App
from textual.message import Message
from textual.screen import Screen

Answer = TypeVar("Answer")


class CalmExit(App[None]):
    """An app that ends with a sentence, not a traceback, when one of its parts fails beyond repair."""

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
