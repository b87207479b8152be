"""The field that notes are written in: lists go on by themselves, addresses become links, Markdown is set off."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import ClassVar

from rich.text import Text
from textual import events
from textual.binding import Binding
from textual.strip import Strip
from textual.widgets import TextArea
from textual.widgets.text_area import Selection

from studytui.commands import scoped
from studytui.tui.private_text import LongTextArea
from studytui.tui.screens import editor_text
from studytui.tui.widgets.soft_wrap import TAB

_STRIPS_KEPT = 600
_TAKEN = {key for command in scoped("editor") for key in command.key_names}
_INLINE = re.compile(
    r"(?P<code>`[^`]+`)"
    r"|(?P<link>!?\[\[[^\[\]]+\]\]|!?\[[^\[\]]*\]\([^()\s]*\)|<https?://[^<>\s]+>|https?://[^\s<>，。；、）】」]+)"
    r"|(?P<strong>\*\*(?=\S).+?(?<=\S)\*\*|__(?=\S).+?(?<=\S)__)"
    r"|(?P<em>(?<!\*)\*(?=[^\s*]).+?(?<=[^\s*])\*(?!\*))"
    r"|(?P<hit>==(?=\S).+?(?<=\S)==)"
    r"|(?<![^\s（(，。、；：])(?P<muted>[#＃][^\s#＃，。、；：！？()（）]+)"
)
_HEADING = re.compile(r" {0,3}#{1,6}[ \t]")
_QUOTE = re.compile(r"[ \t]*>")
_MARKER = re.compile(r"[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]+(?:\[.\][ \t])?")
_LOOKS = ("strong", "em", "code", "link", "heading", "quote", "muted", "hit", "found")


def _bindings() -> list[Binding]:
    """Textual's keys for text, without those that the editor has other uses for."""
    kept = []
    for binding in TextArea.BINDINGS:
        assert isinstance(binding, Binding)
        keys = [key for key in binding.key.split(",") if key not in _TAKEN]
        if keys:
            kept.append(Binding(",".join(keys), binding.action, binding.description, show=False))
    return kept


class Writing(LongTextArea, inherit_bindings=False):
    """A text area for Markdown; ``menu`` gets the keys first while it is shown."""

    BINDINGS: ClassVar[list[Binding]] = [  # type: ignore[assignment]
        *_bindings(),
        Binding("ctrl+home", "cursor_text_start", show=False),
        Binding("ctrl+end", "cursor_text_end", show=False),
    ]
    COMPONENT_CLASSES: ClassVar[set[str]] = {f"writing--{look}" for look in _LOOKS}
    DEFAULT_CSS = """
    Writing {
        border: none;
        padding: 0 1;
        background: $background;
        scrollbar-size-vertical: 1;
        &:focus { border: none; }
        & > .writing--strong { text-style: bold; }
        & > .writing--em { text-style: italic; }
        & > .writing--code { color: $code; }
        & > .writing--link { color: $link; }
        & > .writing--heading { color: $heading; text-style: bold; }
        & > .writing--quote { color: $secondary; }
        & > .writing--muted { color: $muted; }
        & > .writing--hit { color: $match; }
        & > .writing--found { color: $match; text-style: bold underline; }
    }
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name for it
        super().__init__(id=id, tab_behavior="indent", max_checkpoints=1000, highlight_cursor_line=False)
        self.cursor_blink = False
        # Keys wait until the text is here: what was typed before would be loaded over.
        self.ready = False
        self.body = 0
        self.menu_key: Callable[[str], bool] = lambda key: False
        self._find: re.Pattern[str] | None = None
        self._code: set[int] = set()
        self._strips: dict[tuple[object, ...], Strip] = {}

    # --- what it holds --------------------------------------------------------------------------------------

    @property
    def lines(self) -> list[str]:
        """The lines of the text."""
        return self.document.lines

    @property
    def before_cursor(self) -> str:
        """The text of the cursor's line in front of it."""
        row, column = self.cursor_location
        return self.lines[row][:column]

    def look_for(self, typed: str) -> None:
        """Set off every place where ``typed`` stands, whatever its case."""
        self._find = re.compile(re.escape(typed), re.IGNORECASE) if typed else None
        self._strips.clear()
        self.refresh()

    def places(self) -> list[tuple[int, int, int]]:
        """Return (line, start, end) of every place that `look_for` found."""
        pattern = self._find
        if pattern is None:
            return []
        return [(row, *hit.span()) for row, line in enumerate(self.lines) for hit in pattern.finditer(line)]

    def note_context(self, text: str) -> None:
        """Look again where the front matter ends and which lines are code; ``text`` is all of it."""
        self.body, self._code = _body(self.lines), set()
        fence = ""
        for row, line in enumerate(self.lines if "```" in text or "~~~" in text else ()):
            if "```" in line or "~~~" in line:
                mark = line.lstrip(" \t>")[:3]
                if mark in ("```", "~~~") and fence in ("", mark):
                    fence = "" if fence else mark
                    self._code.add(row)
            if fence:
                self._code.add(row)

    # --- keys -----------------------------------------------------------------------------------------------

    def on_key(self, event: events.Key) -> None:
        """Handle what Markdown wants done; everything else is Textual's."""
        if self.menu_key(event.key) or self._own_key(event):
            event.stop()
            event.prevent_default()
        elif event.key == "escape":
            event.prevent_default()  # Textual would move the focus; the screen closes the note

    def _own_key(self, event: events.Key) -> bool:
        if event.key == "enter":
            return self._enter()
        if event.key in ("tab", "shift+tab"):
            return self._tab(deeper=event.key == "tab")
        twin = editor_text.twin_brackets(self.before_cursor[-1:] + (event.character or ""))
        if twin and self.selection.is_empty:
            row, column = self.cursor_location
            self._put(twin, (row, column - 1), (row, column))
        return bool(twin) and self.selection.is_empty

    def _enter(self) -> bool:
        """Go on with the list or quote; in the front matter and in code Enter is just Enter."""
        row, column = self.cursor_location
        if not self.selection.is_empty or row < self.body or row in self._code:
            return False
        done = editor_text.enter(self.lines[row], column)
        self._put(done.insert, (row, done.column), (row, column))
        return True

    def _tab(self, *, deeper: bool) -> bool:
        """Move the marked lines, or the item, in or out; elsewhere Tab types blanks."""
        (top, _), (bottom, column) = sorted(self.selection)
        if deeper and self.selection.is_empty and not editor_text.is_item(self.lines[top]):
            return False
        bottom -= bottom > top and column == 0
        for row in range(top, bottom + 1):
            line = editor_text.indented(self.lines[row], deeper)
            self._put_line(row, line)
        return True

    def _put_line(self, row: int, line: str) -> None:
        """Replace a line where it differs at its beginning, so that cursor and selection move along."""
        old = self.lines[row]
        size = len(line) - len(old)
        if size > 0:
            self.replace(line[:size], (row, 0), (row, 0))
        elif size < 0:
            self.replace("", (row, 0), (row, -size))

    def _put(self, text: str, start: tuple[int, int], end: tuple[int, int]) -> None:
        result = self.replace(text, start, end, maintain_selection_offset=False)
        self.move_cursor(result.end_location)

    def type_text(self, text: str) -> None:
        """Write ``text`` over the selection, as if it had been typed."""
        self._put(text, *sorted(self.selection))

    def on_paste(self, event: events.Paste) -> None:
        """An address becomes a link; control characters never get in."""
        event.stop()
        event.prevent_default()
        self._paste(event.text)

    def action_paste(self) -> None:
        """Paste what was cut or copied here."""
        self._paste(self.app.clipboard)

    def _paste(self, text: str) -> None:
        plain = self.cursor_location[0] < self.body or self.before_cursor.endswith(("](", "<", '"'))
        kept = text if plain else editor_text.pasted(text, self.selected_text)
        self.type_text(editor_text.visible(kept.replace("\r\n", "\n").replace("\r", "\n")))

    def toggle(self, mark: str) -> None:
        """Put ``mark`` around what is selected, line by line, or take it away."""
        (top, first), (bottom, last) = sorted(self.selection)
        for row in range(top, bottom + 1):
            line = self.lines[row]
            start = first if row == top else len(line) - len(line.lstrip())
            end = last if row == bottom else len(line)
            if top != bottom and not line[start:end].strip():
                continue
            edited = editor_text.toggled(line, start, end, mark)
            self.replace(edited.line, (row, 0), (row, len(line)), maintain_selection_offset=False)
            self.selection = Selection((row, edited.start), (row, edited.end))
        if top != bottom:
            self.selection = Selection((top, 0), (bottom, len(self.lines[bottom])))

    def action_cursor_text_start(self) -> None:
        """Go to where the text begins."""
        self.move_cursor((0, 0))

    def action_cursor_text_end(self) -> None:
        """Go to where the text ends."""
        self.move_cursor(self.document.end)

    def go(self, row: int, start: int = 0, end: int | None = None) -> None:
        """Put the cursor on a place in the middle of the screen, selecting up to ``end``."""
        self.selection = Selection((row, start), (row, start if end is None else end))
        self.scroll_cursor_visible(center=True)
        self.history.checkpoint()

    # --- painting -------------------------------------------------------------------------------------------

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._strips.clear()

    def render_line(self, y: int) -> Strip:
        found = self.wrapped_document.row(self.scroll_offset.y + y)
        width = self.size.width
        if found is None:
            return Strip.blank(width, self.rich_style)
        index, start, end = found
        line = self.document.get_line(index)
        cursor = self._cursor_on(index, start, end, len(line))
        known = (line, start, end, width, cursor, self._selected(index, len(line)), self._kind_of(index))
        strip = self._strips.get(known)
        if strip is None:
            if len(self._strips) > _STRIPS_KEPT:
                self._strips.clear()
            strip = self._strips[known] = self._painted(index, line, start, end, cursor)
        return strip

    def _painted(self, index: int, line: str, start: int, end: int, cursor: int) -> Strip:
        shown, ground = editor_text.visible(line), self.rich_style
        text = Text(shown[start:end] + " ", end="", tab_size=TAB)
        text.stylize(ground)  # Rich leaves out the style of a text without spans
        for first, last, look in self._looks(index, shown):
            if first < end and last > start:
                style = self.get_component_rich_style(look, partial=True)
                text.stylize(style, max(first, start) - start, min(last, end + (end == len(line))) - start)
        if cursor >= 0:
            text.stylize(self.get_component_rich_style("text-area--cursor"), cursor, cursor + 1)
        text.expand_tabs(TAB)
        return Strip(text.render(self.app.console)).adjust_cell_length(self.size.width, ground)

    def _kind_of(self, index: int) -> str:
        return "front" if index < self.body else "code" if index in self._code else ""

    def _looks(self, index: int, line: str) -> Iterator[tuple[int, int, str]]:
        """Yield (start, end, component class) of what stands out on a line, later ones over earlier ones."""
        context = self._kind_of(index)
        if context:
            yield 0, len(line), "writing--muted" if context == "front" else "writing--code"
        elif _HEADING.match(line):
            yield 0, len(line), "writing--heading"
        else:
            if _QUOTE.match(line):
                yield 0, len(line), "writing--quote"
            marker = _MARKER.match(line)
            if marker:
                yield 0, marker.end(), "writing--link"
            for found in _INLINE.finditer(line):
                yield *found.span(found.lastgroup or 0), f"writing--{found.lastgroup}"
        for hit in self._find.finditer(line) if self._find else ():
            yield *hit.span(), "writing--found"
        selected = self._selected(index, len(line))
        if selected is not None:
            yield *selected, "text-area--selection"

    def _selected(self, index: int, length: int) -> tuple[int, int] | None:
        """Return the selected columns of a line, one behind its end where the selection goes on below."""
        top, bottom = sorted(self.selection)
        if top == bottom or not top[0] <= index <= bottom[0]:
            return None
        return top[1] if index == top[0] else 0, bottom[1] if index == bottom[0] else length + 1

    def _cursor_on(self, index: int, start: int, end: int, length: int) -> int:
        """Return the cursor's column on the row from ``start`` to ``end``, -1 when it stands elsewhere."""
        row, column = self.selection.end
        here = row == index and (start <= column < end or column == end == length)
        return column - start if here and self.has_focus else -1


def _body(lines: list[str]) -> int:
    """Return the first line below the front matter."""
    if lines[0].rstrip() != "---":
        return 0
    for row in range(1, min(len(lines), 200)):
        if lines[row].rstrip() in ("---", "..."):
            return row + 1
    return 0
