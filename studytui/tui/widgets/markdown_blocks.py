"""From Markdown to blocks of marked text: what there is to say, before any width is known."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from studytui.notes.syntax import CALLOUT
from studytui.text import clean_line, clean_text
from studytui.tui.widgets.markdown_inline import COMMENT, Inline, Link, Text

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_inline import StateInline
    from markdown_it.token import Token


_NOTHING = Text("")


@dataclass(frozen=True)
class Block:
    """One block: ``kind`` is "text", "heading", "code", "rule", "table" or "blank".

    ``first`` and ``rest`` stand before its first and its other lines (bullets, quote bars).  A table keeps its
    cells in ``rows`` (header first) and "left", "right" or "center" for each column in ``align``.
    """

    kind: str
    content: Text = _NOTHING
    first: str = ""
    rest: str = ""
    level: int = 0
    rows: tuple[tuple[Text, ...], ...] = ()
    align: tuple[str, ...] = ()


@dataclass
class _Container:
    """A quote or list item that the next block stands in."""

    first: str
    rest: str
    used: bool = False
    number: int = 0


_BULLETS = ("• ", "◦ ", "▪ ")


def _titled(found: re.Match[str]) -> str:
    quote, kind, title = found.groups()
    return f"{quote}**{title.strip() or kind.capitalize()}**\\"


def parse(markdown: str) -> tuple[list[Block], list[Link]]:
    """Return the blocks and numbered links of ``markdown``; only HTML tags and comments are left out."""
    builder = _Builder()
    builder.read(_parser().parse(CALLOUT.sub(_titled, clean_text(markdown))))
    return builder.blocks, builder.links


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    """CommonMark with tables and strikethrough, emphasis that works beside Chinese, and [[wikilinks]]."""
    from markdown_it import MarkdownIt
    from mdit_py_cjk_friendly import cjk_friendly

    parser = MarkdownIt("commonmark").enable(["table", "strikethrough"]).use(cjk_friendly)
    parser.inline.ruler.before("link", "wikilink", _wikilink)
    return parser


def _wikilink(state: StateInline, silent: bool) -> bool:
    """Inline rule for ``[[title]]``, ``[[title|text]]`` and ``[[title#heading]]``."""
    if not state.src.startswith("[[", state.pos):
        return False
    end = state.src.find("]]", state.pos + 2, state.posMax)
    inner = state.src[state.pos + 2 : end] if end > 0 else ""
    if not inner.strip() or "\n" in inner or "[[" in inner:
        return False
    if not silent:
        state.push("wikilink", "", 0).content = inner
    state.pos = end + 2
    return True


class _Builder:
    """Walks the parser's flat list of tokens once."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.links: list[Link] = []
        self._numbers: dict[str, int] = {}
        self._containers: list[_Container] = []
        self._lists: list[int] = []
        self._gap = False

    def read(self, tokens: Sequence[Token]) -> None:
        """Add the blocks of ``tokens``."""
        walk = iter(tokens)
        for token in walk:
            if token.type in ("fence", "code_block"):
                self._add("code", Text(clean_text(token.content.rstrip("\n")).expandtabs(4)))
            elif token.type == "hr":
                self._add("rule")
            elif token.type == "html_block":
                self._html(token.content)
            elif token.type == "heading_open":
                self._add("heading", self._inline(next(walk)), level=int(token.tag[1]))
            elif token.type == "paragraph_open":
                self._add("text", self._inline(next(walk)), gap=not token.hidden)
            elif token.type == "table_open":
                self._table(walk)
            else:
                self._container(token)

    def _container(self, token: Token) -> None:
        """Open or close a quote, a list or one of its items."""
        if token.type == "blockquote_open":
            self._flush_gap()
            self._containers.append(_Container("│ ", "│ "))
        elif token.type in ("bullet_list_open", "ordered_list_open"):
            start = int(token.attrs.get("start", 1)) if token.type.startswith("ordered") else -1
            self._lists.append(start)
        elif token.type == "list_item_open":
            self._flush_gap()
            self._containers.append(self._item())
        elif token.type in ("blockquote_close", "list_item_close"):
            container = self._containers.pop()
            if not container.used:
                self._containers.append(container)
                self._add("text", gap=False)
                self._containers.pop()
            self._gap |= token.type == "blockquote_close"
        elif token.type.endswith("_list_close"):
            self._lists.pop()
            self._gap |= not self._lists

    def _item(self) -> _Container:
        """Return the container of the next list item, with its bullet or number."""
        number = self._lists[-1]
        if number < 0:
            depth = sum(1 for start in self._lists if start < 0)
            bullet = _BULLETS[(depth - 1) % len(_BULLETS)]
        else:
            bullet = f"{number}. "
            self._lists[-1] += 1
        return _Container(bullet, " " * len(bullet))

    def _add(
        self,
        kind: str,
        content: Text = _NOTHING,
        *,
        gap: bool = True,
        level: int = 0,
        rows: tuple[tuple[Text, ...], ...] = (),
        align: tuple[str, ...] = (),
    ) -> None:
        """Append a block with what its containers put before it."""
        self._flush_gap()
        first = "".join(box.rest if box.used else box.first for box in self._containers)
        after = "".join(box.rest for box in self._containers)
        for box in self._containers:
            box.used = True
        self.blocks.append(Block(kind, content, first, after, level, rows, align))
        self._gap = gap

    def _flush_gap(self) -> None:
        """Put the empty line that is due, with the bars of the quotes it stands in."""
        if self._gap:
            before = "".join(box.rest for box in self._containers).rstrip()
            self.blocks.append(Block("blank", _NOTHING, before, before))
            self._gap = False

    def _html(self, html: str) -> None:
        """Show the text of raw HTML; a comment is not for readers."""
        bare = COMMENT.sub("", html)
        if bare.strip():
            from studytui.text import html_to_text

            text = html_to_text(bare)
            if text:
                self._add("text", Text(text.expandtabs(4)))

    def _table(self, walk: Iterator[Token]) -> None:
        """Collect the rows up to the end of the table."""
        rows: list[tuple[Text, ...]] = []
        cells: list[Text] = []
        align: list[str] = []
        for token in walk:
            if token.type == "table_close":
                break
            if token.type == "tr_open":
                cells = []
            elif token.type in ("th_open", "td_open"):
                if not rows:
                    align.append(str(token.attrs.get("style", "")).rpartition(":")[2] or "left")
                cells.append(self._inline(next(walk)))
            elif token.type == "tr_close":
                rows.append(tuple(cells))
        self._add("table", rows=tuple(rows), align=tuple(align))

    def _inline(self, token: Token) -> Text:
        """Return the text of an inline token with its spans."""
        inline = Inline(self.number)
        inline.read(token.children or ())
        return Text("".join(inline.parts), tuple(inline.spans))

    def number(self, target: str, kind: str, text: str) -> int:
        """Return the number of the link to ``target``; the same target keeps its number."""
        if target not in self._numbers:
            self._numbers[target] = len(self.links) + 1
            self.links.append(Link(len(self.links) + 1, target, kind, clean_line(text, 200)))
        return self._numbers[target]
