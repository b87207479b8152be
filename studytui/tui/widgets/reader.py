"""A reader for Markdown of any length: laid out once a width, painted a line at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.selection import Selection
from textual.strip import Strip

from studytui.commands import scoped
from studytui.i18n import _
from studytui.text import clean_line, clean_text, cut_cells
from studytui.tui.aside import aside
from studytui.tui.widgets.line_break import wrap
from studytui.tui.widgets.markdown_inline import Link, Mark
from studytui.tui.widgets.markdown_lines import Document, Layout, Line, line_text

# A line much longer than this is hard to read (Chinese: 44 characters).
_MEASURE = 88
# Beyond this many characters the layout is made in a thread, the beginning being shown at once.
_AT_ONCE = 30_000
_BEGINNING = 6_000
_STRIPS_KEPT = 500
_LOOKS = {
    Mark.STRONG: "strong",
    Mark.EM: "em",
    Mark.CODE: "code",
    Mark.STRIKE: "strike",
    Mark.LINK: "link",
    Mark.HEADING: "heading",
    Mark.QUOTE: "quote",
    Mark.MUTED: "muted",
    Mark.HIT: "hit",
}


class Reader(ScrollView, can_focus=True):
    """Shows one Markdown text; its links are opened by number, or by Tab and Enter."""

    SCOPE: ClassVar[str] = "reader"
    _KEYS: ClassVar[dict[str, str]] = {
        key: command.id for command in scoped("reader") for key in command.key_names
    }
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"reader--{look}" for look in (*_LOOKS.values(), "current", "status")
    }
    DEFAULT_CSS = """
    Reader {
        height: 1fr;
        overflow-x: hidden;
        scrollbar-size-vertical: 1;
        & > .reader--strong { text-style: bold; }
        & > .reader--em { text-style: italic; }
        & > .reader--code { color: $code; }
        & > .reader--strike { text-style: strike; }
        & > .reader--link { color: $link; text-style: underline; }
        & > .reader--heading { color: $heading; text-style: bold; }
        & > .reader--quote { color: $secondary; }
        & > .reader--muted { color: $muted; text-style: not underline; }
        & > .reader--hit { color: $match; text-style: bold reverse; }
        & > .reader--current { color: $cursor-text; background: $cursor; }
        & > .reader--status { color: $cursor-text; background: $cursor; }
    }
    """

    class LinkOpened(Message):
        """A link was chosen; the screen decides what that means."""

        def __init__(self, reader: Reader, link: Link) -> None:
            super().__init__()
            self.reader, self.link = reader, link

        @property
        def control(self) -> Reader:
            return self.reader

    class LinksChanged(Message):
        """There are links now where none were, or none: digits mean something else."""

    class EndReached(Message):
        """Page down at the end of the text: the learner wants what comes next."""

        def __init__(self, reader: Reader) -> None:
            super().__init__()
            self.reader = reader

        @property
        def control(self) -> Reader:
            return self.reader

    def __init__(
        self,
        *,
        empty: Callable[[], str] = str,
        id: str | None = None,  # noqa: A002 - Textual's name for it
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self.empty = empty
        self.markdown = ""
        self.current_link = 0
        self._typed = ""
        self._terms: tuple[str, ...] = ()
        self._document = Document((), ())
        self._whole: Document | None = None
        self._part = ""
        # The end was asked for, perhaps before the whole of a long text was there.
        self._to_bottom = False
        self._layout = Layout(0)
        self._strips: dict[tuple[int, int], Strip] = {}
        self._styles: dict[Mark, Style] = {}

    # What it shows

    def show(
        self, markdown: str, *, terms: Iterable[str] = (), part: str = "", keep_place: bool = False
    ) -> None:
        """Show ``markdown`` from its beginning, ``terms`` highlighted and the first of them in sight.

        ``part`` begins at this heading instead, or at the paragraph marked ``^so``.  ``keep_place`` stays where
        the reader was: for the same text after a change.
        """
        if keep_place and (markdown, tuple(terms)) == (self.markdown, self._terms):
            return  # A look that found nothing new must not take back the link that was just marked.
        self.markdown, self._terms = markdown, tuple(terms)
        self.current_link, self._typed, self._whole, self._part = 0, "", None, part
        self._to_bottom = self._to_bottom and keep_place
        if not keep_place:
            self._jump(0)
        if len(markdown) <= _AT_ONCE:
            self.workers.cancel_group(self, "layout")
            self._take(Document.from_markdown(markdown), None)
        else:
            if not keep_place:
                beginning = markdown[: markdown.rfind("\n", 0, _BEGINNING) + 1 or _BEGINNING]
                self._take(Document.from_markdown(beginning), None)
            self._lay_out_aside()
        if self._terms and not keep_place:
            self.next_hit()

    def clear(self) -> None:
        """Show nothing."""
        self.show("")

    def next_hit(self) -> bool:
        """Scroll to the next line with a search hit, round to the first; False when there is none."""
        hits = self._layout.hit_lines
        if not hits:
            return False
        here = self.scroll_offset.y + self.size.height // 3
        self._jump(next((y for y in hits if y > here), hits[0]) - self.size.height // 3)
        return True

    @property
    def links(self) -> list[Link]:
        """The links of the text, in the order of their numbers."""
        return list(self._document.links)

    @property
    def takes_digits(self) -> bool:
        """Whether digits name links here, and do not change the room."""
        return bool(self._document.links)

    @property
    def _text_width(self) -> int:
        return max(8, min(self.size.width - self._margin * 2, _MEASURE))

    @property
    def _margin(self) -> int:
        return 2 if self.size.width >= 40 else 1

    def _take(self, document: Document, layout: Layout | None) -> None:
        """Show ``document``, laid out now unless that was done already for this width."""
        if layout is None or layout.width != self._text_width:
            layout = document.layout(self._text_width, self._terms)
        place = document.place(self._part) if self._part else None
        anchor = self._anchor() if place is None else (place, 0)
        if place is not None:
            self._part = ""
        if bool(document.links) != bool(self._document.links):
            self.post_message(self.LinksChanged())
        self._document, self._layout = document, layout
        self._strips.clear()
        self.virtual_size = Size(0, len(layout.lines))
        if anchor:
            block, below = anchor
            starts = layout.block_starts
            if block < len(starts):
                self._jump(starts[block] + below)
        if self._to_bottom:
            self._jump(self.max_scroll_y)
        self.refresh()

    def _anchor(self) -> tuple[int, int] | None:
        """Return what stands at the top: a block and the lines into it; None at the very top."""
        top = self.scroll_offset.y
        if not top or not self._layout.block_starts:
            return None
        block = self._layout.block_at(top)
        return block, top - self._layout.block_starts[block]

    def _lay_out_aside(self) -> None:
        """Parse when needed and lay out in a thread; a newer call drops this one."""
        markdown, width, terms, whole = self.markdown, self._text_width, self._terms, self._whole

        def work() -> tuple[Document, Layout]:
            parsed = whole or Document.from_markdown(markdown)
            return parsed, parsed.layout(width, terms)

        async def job() -> None:
            parsed, layout = await asyncio.to_thread(work)
            if self.markdown is markdown and self._terms is terms:
                self._whole = parsed
                self._take(parsed, layout)

        aside(self, job, group="layout")

    def on_resize(self) -> None:
        if self._text_width == self._layout.width:
            return
        if len(self.markdown) <= _AT_ONCE:
            self._take(self._document, None)
        else:
            self._lay_out_aside()

    # Keys

    def on_key(self, event: events.Key) -> None:
        """Handle the reader's own keys; what it has no use for goes on to the screen."""
        if self._link_key(event) or self._move_key(event):
            event.stop()
            event.prevent_default()

    def _move_key(self, event: events.Key) -> bool:
        action = self._KEYS.get(event.key)
        return action is not None and getattr(self, f"action_{action}")() is not False

    def _link_key(self, event: events.Key) -> bool:
        """Collect the digits of a link's number; Enter opens it, Esc and Backspace take it back.

        A digit that begins no link's number is left to the screens, which have numbers too.
        """
        if event.character and event.character in "0123456789" and self._document.links:
            typed = (self._typed + event.character).lstrip("0")
            if typed and int(typed) <= len(self._document.links):
                self._typed = typed
            elif not self._typed:
                return False
        elif self._typed and event.key in ("escape", "backspace"):
            self._typed = self._typed[:-1] if event.key == "backspace" else ""
        elif self.current_link and event.key == "escape":
            self._mark_link(0)
        else:
            return False
        self.refresh()
        return True

    def action_line_down(self) -> None:
        self._scroll(1)

    def action_line_up(self) -> None:
        self._scroll(-1)

    def action_page_down(self) -> None:
        if self.scroll_offset.y >= self.max_scroll_y:
            self.post_message(self.EndReached(self))
        self._scroll(max(1, self.size.height - 2))

    def action_page_up(self) -> None:
        self._scroll(-max(1, self.size.height - 2))

    def action_text_top(self) -> None:
        self._to_bottom = False
        self._jump(0)

    def action_text_bottom(self) -> None:
        self._jump(self.max_scroll_y)
        self._to_bottom = True

    def _jump(self, line: int) -> None:
        """Bring ``line`` to the top; forced, because the scroll bar of a text shown just now is not there yet."""
        self.scroll_to(y=max(0, line), animate=False, force=True)

    def _scroll(self, lines: int) -> None:
        self._to_bottom = False
        self._jump(self.scroll_offset.y + lines)

    def action_next_link(self) -> bool:
        return self._step_link(1)

    def action_previous_link(self) -> bool:
        return self._step_link(-1)

    def _step_link(self, step: int) -> bool:
        """Mark the next link, at first one in sight; False beyond the last, so that Tab leaves the text."""
        places = self._layout.link_lines
        if not self.current_link:
            top, bottom = self.scroll_offset.y, self.scroll_offset.y + self.size.height
            seen = [number for number, line in places.items() if top <= line < bottom]
            wanted = (min(seen) if step > 0 else max(seen)) if seen else (1 if step > 0 else len(places))
        else:
            wanted = self.current_link + step
        if wanted not in places:
            self._mark_link(0)
            return False
        self._mark_link(wanted)
        return True

    def _mark_link(self, number: int) -> None:
        self.current_link = number
        self._strips.clear()
        self.refresh()
        line = self._layout.link_lines.get(number)
        if (
            line is not None
            and not self.scroll_offset.y <= line < self.scroll_offset.y + self.size.height - 1
        ):
            self._jump(line - self.size.height // 3)

    def action_open_link(self) -> bool:
        """Open the typed or marked link; False when there is none, so that Enter means something else."""
        number = int(self._typed) if self._typed else self.current_link
        self._typed = ""
        if not 1 <= number <= len(self._document.links):
            return False
        self._mark_link(number)
        self.post_message(self.LinkOpened(self, self._document.links[number - 1]))
        return True

    # Painting

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._styles.clear()
        self._strips.clear()

    def selection_updated(self, selection: Selection | None) -> None:
        self._strips.clear()
        self.refresh()

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """Return what the mouse selected."""
        return selection.extract("\n".join(line_text(line) for line in self._layout.lines)), "\n"

    def render_line(self, y: int) -> Strip:
        if self._typed and y == self.size.height - 1:
            return self._status_line()
        number = self.scroll_offset.y + y
        known = (number, self.size.width)
        strip = self._strips.get(known)
        if strip is None:
            if len(self._strips) > _STRIPS_KEPT:
                self._strips.clear()
            strip = self._strips[known] = self._line_strip(number)
        return strip

    def _line_strip(self, number: int) -> Strip:
        width, ground = self.size.width, self.rich_style
        margin = Strip([Segment(" " * self._margin, ground)], self._margin)
        if number < len(self._layout.lines):
            line = self._layout.lines[number]
            segments = [
                Segment(run.text, self._style(run.mark, bool(run.link) and run.link == self.current_link))
                for run in line
            ]
            text = Strip(self._selected(segments, line, number)).apply_offsets(0, number)
        else:
            text = Strip([Segment(self._empty_text(number), self._style(Mark.MUTED, False))])
        return Strip.join([margin, text]).adjust_cell_length(width, ground)

    def _empty_text(self, number: int) -> str:
        if self.markdown:
            return ""
        lines = [
            line for text in clean_text(self.empty()).split("\n") for line in wrap(text, self._text_width)
        ]
        return lines[number - 1] if 1 <= number <= len(lines) else ""

    def _style(self, mark: Mark, current: bool) -> Style:
        style = self._styles.get(mark)
        if style is None:
            style = self.rich_style
            for single, look in _LOOKS.items():
                if mark & single:
                    style += self.get_component_rich_style(f"reader--{look}", partial=True)
            self._styles[mark] = style
        return style + self.get_component_rich_style("reader--current", partial=True) if current else style

    def _selected(self, segments: list[Segment], line: Line, number: int) -> list[Segment]:
        """Paint what the mouse selected."""
        selection = self.text_selection
        span = selection.get_span(number) if selection is not None else None
        if span is None:
            return segments
        start, end = span[0], len(line_text(line)) if span[1] == -1 else span[1]
        paint = self.screen.get_component_rich_style("screen--selection")
        painted, at = [], 0
        for segment in segments:
            text, style = segment.text, segment.style or Style.null()
            left, right = max(0, min(start - at, len(text))), max(0, min(end - at, len(text)))
            painted += [Segment(text[:left], style), Segment(text[left:right], style + paint)]
            painted.append(Segment(text[max(left, right) :], style))
            at += len(text)
        return [segment for segment in painted if segment.text]

    def _status_line(self) -> Strip:
        """Say which link the typed number means."""
        link = self._document.links[int(self._typed) - 1]
        said = _("Link {number}: {target}  (Enter opens, Esc cancels)").format(
            number=link.number, target=clean_line(link.target)
        )
        text = cut_cells(" " + said, self.size.width)
        style = self.get_component_rich_style("reader--status")
        return Strip([Segment(text, style)], cell_len(text)).adjust_cell_length(self.size.width, style)
