"""Panes side by side: three on a wide screen, two below 100 columns, one below 60."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.strip import Strip
from textual.widget import Widget

from studytui.text import clean_line, cut_cells
from studytui.tui.bindings import bindings

TWO_FROM, THREE_FROM = 60, 100


class Heading(Widget):
    """The line above a pane: what it shows, and a count or state at its right end."""

    ALLOW_SELECT = False
    DEFAULT_CSS = """
    Heading { height: 1; color: $muted; background: $surface; }
    Heading.-active { color: $heading; text-style: bold; }
    """

    def __init__(self, title: Callable[[], str]) -> None:
        super().__init__()
        self.title = title
        self.right = ""

    def say(self, right: str) -> None:
        """Show ``right`` at the right end: a count, progress, "" for nothing."""
        self.right = right
        self.refresh()

    def render_line(self, y: int) -> Strip:
        width = self.size.width
        active = self.has_class("-active")
        right = cut_cells(clean_line(self.right), width // 2)
        left = cut_cells(("▸ " if active else "  ") + clean_line(self.title()), width - cell_len(right) - 1)
        gap = " " * (width - cell_len(left) - cell_len(right) - 1)
        return Strip([Segment(left + gap + right + " ", self.rich_style)], width)


class Pane(Vertical):
    """One pane: a heading and a widget; ``weight`` is its share of the width."""

    DEFAULT_CSS = "Pane { height: 1fr; } Pane.-ruled { border-left: vkey $rule; }"

    def __init__(
        self,
        content: Widget,
        title: Callable[[], str],
        *,
        weight: int = 1,
        id: str | None = None,  # noqa: A002 - Textual's name for it
    ) -> None:
        super().__init__(id=id)
        self.content = content
        self.heading = Heading(title)
        self.styles.width = f"{weight}fr"

    def compose(self) -> ComposeResult:
        yield self.heading
        yield self.content


class Panes(Horizontal):
    """Panes of which as many as fit are seen, always with the one that has the focus."""

    SCOPE: ClassVar[str] = "panes"
    BINDINGS: ClassVar[list[Binding]] = bindings("panes")  # type: ignore[assignment]
    DEFAULT_CSS = "Panes { height: 1fr; }"

    def __init__(self, *panes: Pane, id: str | None = None) -> None:  # noqa: A002
        super().__init__(*panes, id=id)
        self.panes = panes
        self.active = 0
        for pane in panes[1:]:
            pane.add_class("-ruled", update=False)

    def enter(self, index: int) -> None:
        """Give the focus to the pane at ``index``, bringing it into sight."""
        self.active = max(0, min(index, len(self.panes) - 1))
        self._arrange()
        self.panes[self.active].content.focus()

    def action_pane_right(self) -> None:
        self.enter(self.active + 1)

    def action_pane_left(self) -> None:
        self.enter(self.active - 1)

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        for index, pane in enumerate(self.panes):
            if pane in event.widget.ancestors:
                self.active = index
        self._arrange()

    def on_resize(self) -> None:
        self._arrange()

    def _arrange(self) -> None:
        # Before they are laid out: as wide as the screen, nearly always right at once.
        width = self.size.width or self.app.size.width
        room = 3 if width >= THREE_FROM else 2 if width >= TWO_FROM else 1
        first = max(0, self.active - (room - 1))
        for index, pane in enumerate(self.panes):
            pane.display = first <= index < first + room
            # Textual applies the style sheet anew to all that lies in a widget whose class changes.
            pane.set_class(index > first, "-ruled")
            pane.heading.set_class(index == self.active, "-active")
            pane.heading.refresh()
