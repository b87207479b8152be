"""The one place of the program that overrides a private name of Textual (checked against 8.2.8)."""

from __future__ import annotations

import sys

from rich.segment import Segment, Segments
from textual.app import App


class CalmExit(App[None]):
    """An app that ends with a sentence, not a traceback, when one of its parts fails beyond repair."""

    def last_words(self, error: BaseException) -> str:
        """Record ``error`` and return the sentence that the learner reads in the shell afterwards."""
        raise NotImplementedError

    def _fatal_error(self) -> None:
        error = sys.exc_info()[1]
        words = self.last_words(error if error is not None else RuntimeError("unknown"))
        self._exit_renderables.append(Segments([Segment(words), Segment.line()]))
        self._close_messages_no_wait()
