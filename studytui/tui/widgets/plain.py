"""Text from anywhere, shown as it is."""

from __future__ import annotations

from typing import Any

from textual.widgets import Static

from studytui.text import clean_text


class Plain(Static):
    """A Static that takes only plain text: nothing in it is markup, nothing in it reaches the terminal as code."""

    def __init__(self, text: str = "", **options: Any) -> None:
        super().__init__(clean_text(text), markup=False, **options)

    def say(self, text: str) -> None:
        """Show ``text`` instead."""
        self.update(clean_text(text))
