"""A list of any length: rows come in pages when they are needed, only visible lines are rendered."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from studytui.commands import scoped
from studytui.text import clean_text
from studytui.tui.private import CalmExit
from studytui.tui.widgets.rows import Column, Places, Row, first_line, nearest, second_line

__all__ = ["PAGE", "Column", "LineList", "Row"]

PAGE = 100
_PAGES_KEPT = 20
_STRIPS_KEPT = 500
_WHEEL = 3
# The colour of a match is not made for the ground of the marked row.
_MATCH_ON_CURSOR = Style(bold=True, underline=True)

Fetch = Callable[[int, int], Sequence[Row]]


class LineList(ScrollView, can_focus=True):
    """A list with one marked row, moved by j k g G, arrows, paging keys, wheel and mouse."""

    SCOPE: ClassVar[str] = "list"
    ALLOW_SELECT = False
    _KEYS: ClassVar[dict[str, str]] = {
        key: command.id for command in scoped("list") for key in command.key_names
    }
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"line-list--{look}"
        for look in ("row", "strong", "muted", "good", "warning", "bad", "heading", "cursor", "match")
    }
    DEFAULT_CSS = """
    LineList {
        height: 1fr;
        overflow-x: hidden;
        scrollbar-size-vertical: 1;
        & > .line-list--strong { text-style: bold; }
        & > .line-list--muted { color: $muted; }
        & > .line-list--good { color: $good; }
        & > .line-list--warning { color: $warn; }
        & > .line-list--bad { color: $bad; }
        & > .line-list--heading { color: $primary; text-style: bold; }
        & > .line-list--match { color: $match; text-style: bold underline; }
        & > .line-list--cursor { background: $cursor-blurred; }
        &:focus > .line-list--cursor { background: $cursor; color: $cursor-text; }
    }
    """

    class Highlighted(Message):
        """Another row is marked; ``key`` is "" when the list became empty."""

        def __init__(self, sender: LineList, key: str, index: int) -> None:
            super().__init__()
            self.list, self.key, self.index = sender, key, index

        @property
        def control(self) -> LineList:
            return self.list

    class Opened(Highlighted):
        """Enter or a click on the marked row."""

    def __init__(
        self,
        columns: Sequence[Column] = (Column(),),
        *,
        empty: Callable[[], str] = str,
        row_height: int = 1,
        id: str | None = None,  # noqa: A002 - Textual's name for it
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self.columns = tuple(columns)
        self.empty = empty
        self.row_height = row_height
        self._places = Places((), row_height)
        self.cursor = 0
        self._row_keys: Sequence[str] = ()
        self._fetch: Fetch = lambda start, stop: ()
        self._pages: dict[int, Sequence[Row]] = {}
        self._strips: dict[tuple[int, int, bool], Strip] = {}
        self._failed = False

    # What it shows

    def show(self, keys: Sequence[str], fetch: Fetch, *, select: str | None = None) -> None:
        """Show the rows of ``keys``; ``fetch(start, stop)`` returns that slice of rows once it is in sight.

        The marked row stays marked, at the same height on the screen, when its key is still there; when it is
        gone the next surviving one is marked.  ``select`` marks another key instead.
        """
        before = self.key
        above = self._places.top(self.cursor) - self.scroll_offset.y
        self.cursor = self._place(keys, before if select is None else select)
        self._row_keys, self._fetch = keys, fetch
        self._places = Places(keys, self.row_height)
        self.virtual_size = Size(0, self._places.total)
        self.reload()
        self._jump(self._places.top(self.cursor) - above)
        self._scroll_to_cursor()
        if self.key != before:
            self.post_message(self.Highlighted(self, self.key, self.cursor))

    def show_rows(self, rows: Sequence[Row], *, select: str | None = None) -> None:
        """Show rows that are all at hand."""
        self.show([row.key for row in rows], lambda start, stop: rows[start:stop], select=select)

    def reload(self) -> None:
        """Fetch the visible rows again: same keys, changed contents."""
        self._failed = False
        self._pages.clear()
        self._strips.clear()
        self.refresh()

    def _place(self, keys: Sequence[str], wanted: str) -> int:
        """Return where the cursor belongs in ``keys``: on ``wanted``, its next survivor, or near."""
        if wanted:
            try:
                return keys.index(wanted)
            except ValueError:
                if wanted == self.key:
                    at = {key: index for index, key in enumerate(keys)}
                    for key in self._row_keys[self.cursor :]:
                        if key in at:
                            return at[key]
        return nearest(keys, min(self.cursor, len(keys) - 1) if wanted else 0)

    # What is marked

    @property
    def count(self) -> int:
        """How many rows there are."""
        return len(self._row_keys)

    @property
    def keys_shown(self) -> Sequence[str]:
        """The keys of all rows, in order."""
        return self._row_keys

    @property
    def key(self) -> str:
        """The key of the marked row, "" when there is none."""
        return self._row_keys[self.cursor] if 0 <= self.cursor < len(self._row_keys) else ""

    def row(self, index: int) -> Row:
        """Return the row at ``index``, fetching its page when needed."""
        number = index // PAGE
        page = self._pages.get(number)
        if page is None:
            if len(self._pages) >= _PAGES_KEPT:
                self._pages.pop(next(iter(self._pages)))
            page = self._pages[number] = self._fetched(number)
        at = index - number * PAGE
        return page[at] if at < len(page) else Row(self._row_keys[index], ())

    def _fetched(self, number: int) -> Sequence[Row]:
        """Fetch a page; what cannot be fetched is blank, because an error while painting would end the program."""
        try:
            return self._fetch(number * PAGE, min(number * PAGE + PAGE, len(self._row_keys)))
        except Exception as error:
            if not isinstance(self.app, CalmExit):
                raise
            if not self._failed:  # a list of many pages has one thing to say
                self.call_later(self.app.report, error)
            self._failed = True
            return ()

    def mark(self, key: str) -> bool:
        """Move to the row with ``key``; say whether it is there."""
        try:
            self.move_to(self._row_keys.index(key))
        except ValueError:
            return False
        return True

    def move_to(self, index: int) -> None:
        """Mark the row at ``index`` (kept within the list, headings skipped) and bring it into sight."""
        target = nearest(
            self._row_keys, max(0, min(index, len(self._row_keys) - 1)), forward=index >= self.cursor
        )
        if target == self.cursor or not self._row_keys:
            self._scroll_to_cursor()
            return
        previous, self.cursor = self.cursor, target
        if not self._scroll_to_cursor():
            for changed in (previous, target):
                self._refresh_row(changed)
        self.post_message(self.Highlighted(self, self.key, target))

    @property
    def _room(self) -> int:
        """The cells of a row that can be seen: `size` counts the scrollbar's as well."""
        return self.size.width - self.show_vertical_scrollbar * self.scrollbar_size_vertical

    def _refresh_row(self, index: int) -> None:
        top = self._places.top(index) - self.scroll_offset.y
        self.refresh(Region(0, top, self._room, self._places.lines(index)))

    def _scroll_to_cursor(self) -> bool:
        """Scroll as little as shows the marked row; say whether anything moved."""
        top, height = self.scroll_offset.y, self.size.height
        line = self._places.top(self.cursor)
        # A heading above the first row is shown with it, or it could never be seen again.
        first = line if any(self._row_keys[: min(self.cursor, 3)]) else 0
        if first < top:
            self._jump(first)
        elif line + self.row_height > top + height > 0:
            self._jump(line + self.row_height - height)
        return self.scroll_offset.y != top

    def _jump(self, line: int) -> None:
        """Bring ``line`` to the top; forced, because the scroll bar of rows shown just now is not there yet."""
        self.scroll_to(y=max(0, line), animate=False, force=True)

    # Keys and mouse

    def on_key(self, event: events.Key) -> None:
        """Moves are handled here, not by bindings: a binding costs a walk up the screen for each key."""
        action = self._KEYS.get(event.key)
        if action is not None:
            event.stop()
            event.prevent_default()
            getattr(self, f"action_{action}")()

    def action_cursor_down(self) -> None:
        self.move_to(self.cursor + 1)

    def action_cursor_up(self) -> None:
        self.move_to(self.cursor - 1)

    def action_page_down(self) -> None:
        self.move_to(self.cursor + self._page_rows())

    def action_page_up(self) -> None:
        self.move_to(self.cursor - self._page_rows())

    def action_cursor_top(self) -> None:
        self.move_to(0)

    def action_cursor_bottom(self) -> None:
        self.move_to(len(self._row_keys) - 1)

    def action_open(self) -> None:
        if self.key:
            self.post_message(self.Opened(self, self.key, self.cursor))

    def _page_rows(self) -> int:
        return max(1, self.size.height // self.row_height - 1)

    def on_click(self, event: events.Click) -> None:
        index, _part = self._places.at(self.scroll_offset.y + event.y)
        if index >= len(self._row_keys) or not self._row_keys[index]:
            return
        if index == self.cursor:
            self.action_open()
        else:
            self.move_to(index)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        self._wheel(event, _WHEEL)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        self._wheel(event, -_WHEEL)

    def _wheel(self, event: events.MouseEvent, lines: int) -> None:
        """Scroll and drag the marked row along so that it never gets out of sight."""
        event.stop()
        event.prevent_default()
        self._jump(self.scroll_offset.y + lines)
        first, hidden = self._places.at(self.scroll_offset.y)
        last, _part = self._places.at(self.scroll_offset.y + self.size.height)
        self.move_to(max(first + bool(hidden), min(self.cursor, last - 1)))

    # Painting

    def on_resize(self) -> None:
        self._scroll_to_cursor()

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._strips.clear()

    def render_line(self, y: int) -> Strip:
        if not self._row_keys:
            return self._empty_line(y)
        line = self.scroll_offset.y + y
        index, part = self._places.at(line)
        if index >= len(self._row_keys):
            return Strip.blank(self._room, self.rich_style)
        known = (line, self._room, index == self.cursor)
        strip = self._strips.get(known)
        if strip is None:
            if len(self._strips) > _STRIPS_KEPT:
                self._strips.clear()
            strip = self._strips[known] = self._row_line(index, part)
        return strip

    def _row_line(self, index: int, part: int) -> Strip:
        row, width, marked = self.row(index), self._room, index == self.cursor
        look = "muted" if part else row.look or "row"
        style = self.get_component_rich_style(f"line-list--{look}")
        match = self.get_component_rich_style("line-list--match", partial=True)
        if marked:
            style += self.get_component_rich_style("line-list--cursor")
            match = _MATCH_ON_CURSOR
        if part:
            segments = second_line(row, width, style, match)
        else:
            segments = first_line(row, self.columns, width, marked, style, match)
        return Strip(segments).adjust_cell_length(width, style)

    def _empty_line(self, y: int) -> Strip:
        """What an empty list says: what it is, one key, one example; nothing while it is being filled."""
        style = self.get_component_rich_style("line-list--muted")
        said = clean_text(self.empty())
        if not said:
            return Strip.blank(self.size.width, style)
        from studytui.tui.widgets.line_break import wrap  # its many characters take a while to load

        lines = [line for text in said.split("\n") for line in wrap(text, self.size.width - 4)]
        text = "  " + lines[y - 1] if 1 <= y <= len(lines) else ""
        return Strip([Segment(text, style)]).adjust_cell_length(self.size.width, style)
