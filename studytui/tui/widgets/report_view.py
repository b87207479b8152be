"""A tool's report on the screen: laid out for the width there is, painted a line at a time."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from studytui.commands import scoped
from studytui.text import clean_text, cut_cells

if TYPE_CHECKING:
    from studytui.practice.render import Row
    from studytui.practice.report import Report

_NARROWEST = 20
_MEASURE = 96
_DRAWN = re.compile("([▁-█▏▎▍▌▋▊▉]+)")


class ReportView(ScrollView, can_focus=True):
    """Shows one report; its place stays while the numbers change."""

    SCOPE: ClassVar[str] = "report"
    ALLOW_SELECT = False
    _KEYS: ClassVar[dict[str, str]] = {
        key: command.id for command in scoped("report") for key in command.key_names
    }
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"report-view--{look}" for look in ("heading", "good", "warn", "gap", "claim", "drawn")
    }
    DEFAULT_CSS = """
    ReportView {
        height: 1fr;
        overflow-x: hidden;
        scrollbar-size-vertical: 1;
        & > .report-view--heading { color: $heading; text-style: bold; }
        & > .report-view--good { color: $good; }
        & > .report-view--warn { color: $warn; }
        & > .report-view--gap { color: $muted; }
        & > .report-view--claim { color: $muted; text-style: italic; }
        & > .report-view--drawn { color: $primary; }
    }
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name for it
        super().__init__(id=id)
        self.report: Report | None = None
        self._rows: list[Row] = []

    def show(self, report: Report) -> None:
        """Show ``report`` where the one before stood."""
        self.report = report
        self._lay_out()

    def _lay_out(self) -> None:
        if self.report is None or not self.size.width:
            return
        from studytui.practice.render import render

        width = max(_NARROWEST, min(_MEASURE, self.size.width - 2))
        self._rows = render(self.report, width)
        self.virtual_size = Size(0, len(self._rows))
        self.refresh()

    def on_resize(self) -> None:
        self._lay_out()

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self.refresh()

    def render_line(self, y: int) -> Strip:
        at = self.scroll_offset.y + y
        width = self.size.width
        if at >= len(self._rows):
            return Strip.blank(width, self.rich_style)
        row = self._rows[at]
        look = "heading" if row.heading else row.tone.value
        style = self.get_component_rich_style(f"report-view--{look}") if look else self.rich_style
        segments = [Segment(" ", style), *self._segments(row.text, width - 2, style)]
        return Strip(segments).adjust_cell_length(width, self.rich_style)

    def _segments(self, text: str, width: int, style: Style) -> list[Segment]:
        """Return the line with its bars and sparklines in a colour of their own."""
        shown = cut_cells(clean_text(text), width)
        drawn = style + self.get_component_rich_style("report-view--drawn", partial=True)
        parts = _DRAWN.split(shown)
        return [Segment(part, drawn if n % 2 else style) for n, part in enumerate(parts) if part]

    # Keys

    def on_key(self, event: events.Key) -> None:
        action = self._KEYS.get(event.key)
        if action is not None:
            event.stop()
            event.prevent_default()
            getattr(self, f"action_{action}")()

    def _to(self, line: int) -> None:
        self.scroll_to(y=max(0, line), animate=False)

    def action_line_down(self) -> None:
        self._to(self.scroll_offset.y + 1)

    def action_line_up(self) -> None:
        self._to(self.scroll_offset.y - 1)

    def action_page_down(self) -> None:
        self._to(self.scroll_offset.y + max(1, self.size.height - 2))

    def action_page_up(self) -> None:
        self._to(self.scroll_offset.y - max(1, self.size.height - 2))

    def action_text_top(self) -> None:
        self._to(0)

    def action_text_bottom(self) -> None:
        self._to(self.virtual_size.height)
