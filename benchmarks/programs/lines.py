"""A bare list on Textual's line API: only visible rows are rendered.  python lines.py FILE, a row a line."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.app import App, ComposeResult
from textual.binding import BindingType
from textual.geometry import Region, Size
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.widgets import Footer, Input

ROWS = Path(sys.argv[1]).read_text("utf-8").splitlines()
FOLDED = [row.casefold() for row in ROWS]
PLAIN, MARKED = Style(), Style(reverse=True)


class Lines(ScrollView, can_focus=True):
    rows, at = ROWS, 0

    def show(self, rows: list[str]) -> None:
        self.rows, self.at = rows, 0
        self.virtual_size = Size(80, len(rows))
        self.scroll_to(0, 0, animate=False)
        self.refresh()

    def on_mount(self) -> None:
        self.show(ROWS)

    def move(self, by: int) -> None:
        old, self.at = self.at, max(0, min(len(self.rows) - 1, self.at + by))
        self.scroll_to_region(Region(0, self.at, 1, 1), animate=False)
        for row in (old, self.at):
            self.refresh(Region(0, row - int(self.scroll_offset.y), self.size.width, 1))

    def render_line(self, y: int) -> Strip:
        index = int(self.scroll_offset.y) + y
        if index >= len(self.rows):
            return Strip.blank(self.size.width)
        text = self.rows[index]
        style = MARKED if index == self.at else PLAIN
        return Strip([Segment(text, style)], cell_len(text)).crop_extend(0, self.size.width, None)


class LinesApp(App[None]):
    BINDINGS: ClassVar[list[BindingType]] = [
        ("q", "quit", "Quit"),
        ("j", "move(1)", "Down"),
        ("k", "move(-1)", "Up"),
        ("slash", "find", "Find"),
    ]

    def compose(self) -> ComposeResult:
        yield Input(placeholder="find")
        yield Lines()
        yield Footer()

    def on_mount(self) -> None:
        self.query_one(Lines).focus()

    def action_move(self, by: int) -> None:
        self.query_one(Lines).move(by)

    def action_find(self) -> None:
        self.query_one(Input).focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        wanted = event.value.casefold()
        self.query_one(Lines).show(
            [row for row, folded in zip(ROWS, FOLDED, strict=True) if wanted in folded]
        )


if __name__ == "__main__":
    LinesApp().run()
