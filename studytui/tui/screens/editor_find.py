"""The line at the bottom of the editor that finds words in the note."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual import events
from textual.containers import Horizontal
from textual.widget import Widget
from textual.widgets import Input

from studytui.i18n import _
from studytui.tui.screens.editor_area import Writing
from studytui.tui.widgets.plain import Plain


class FindBar(Horizontal):
    """Finds as one types; Enter and Down go to the next place, Up to the one before, Esc back to the text."""

    DEFAULT_CSS: ClassVar[str] = """
    FindBar {
        display: none;
        height: 1;
        background: $panel;
        & > Input { width: 1fr; }
        & > Plain { width: auto; padding: 0 1; color: $muted; }
    }
    """

    def __init__(self, writing: Writing) -> None:
        super().__init__()
        self.writing = writing
        self.field = Input(placeholder=_("Find in this note"))
        self.count = Plain("")

    def compose(self) -> Iterable[Widget]:
        yield self.field
        yield self.count

    def open(self) -> None:
        """Show the line, with what is selected in the text to begin with."""
        chosen = self.writing.selected_text
        if chosen and "\n" not in chosen:
            self.field.value = chosen
        self.display = True
        self.field.focus()
        self.field.select_all()
        self._look()

    def close(self) -> None:
        """Hide the line and go back to the text; what was found last stays selected."""
        self.display = False
        self.writing.look_for("")
        self.writing.focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        if self.display:
            self._look()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.step(1)

    def on_key(self, event: events.Key) -> None:
        steps = {"down": 1, "up": -1}
        if event.key in steps:
            event.stop()
            event.prevent_default()
            self.step(steps[event.key])

    def _look(self) -> None:
        """Look anew, beginning where the cursor is."""
        self.writing.look_for(self.field.value)
        self.step(0)

    def step(self, by: int) -> None:
        """Go ``by`` places on, round at the ends; 0 goes to the first at or behind the cursor."""
        places = self.writing.places()
        if not places:
            self.count.say(_("not found") if self.field.value else "")
            return
        here = min(self.writing.selection)
        behind = sum(place[:2] < here for place in places)
        onto = behind < len(places) and places[behind][:2] == here
        at = (behind + (by if onto or by < 0 else max(0, by - 1))) % len(places)
        self.count.say(f"{at + 1}/{len(places)}")
        self.writing.go(*places[at])
