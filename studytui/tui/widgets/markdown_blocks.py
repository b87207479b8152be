"""From Markdown to blocks of marked text: what there is to say, before any width is known."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import IntFlag
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote

from studytui.i18n import _
from studytui.text import clean_line, clean_text, safe_url

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_inline import StateInline
    from markdown_it.token import Token


class Mark(IntFlag):
    """How a piece of text is set off; marks add up."""

    PLAIN = 0
    STRONG = 1
    EM = 2
    CODE = 4
    STRIKE = 8
    LINK = 16
    HEADING = 32
    QUOTE = 64
    MUTED = 128
    HIT = 256


class Span(NamedTuple):
    """Characters ``start`` to ``end`` of a text carry ``mark`` and belong to link number ``link`` (0: none)."""

    start: int
    end: int
    mark: Mark
    link: int = 0


class Link(NamedTuple):
    """A numbered link: ``kind`` is "url" (safe to open outside) or "note" (a title or path in the workspace)."""

    number: int
    target: str
    kind: str
    text: str


@dataclass(frozen=True)
class Text:
    """Characters with their spans; "\\n" is a forced line break."""

    text: str
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True)
class Block:
    """One block: ``kind`` is "text", "heading", "code", "rule", "table" or "blank".

    ``first`` and ``rest`` stand before its first and its other lines (bullets, quote bars).  A table keeps its
    cells in ``rows`` (header first) and "left", "right" or "center" for each column in ``align``.
    """

    kind: str
    content: Text = Text("")
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
_URL = re.compile(
    r"https?://[^\s<>\"'`（），。；：！？、《》「」【】“”]+[^\s<>\"'`（），。；：！？、《》「」【】“”.,;:!?)\]}]"
)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_TAG = re.compile(
    r"</?(?:a|abbr|b|big|center|cite|code|del|div|em|font|i|img|ins|kbd|mark|p|q|s|small|span|strong|sub|sup|u)\b[^>]*>",
    re.IGNORECASE,
)
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_WIDE = re.compile(r"[⺀-鿿가-힯豈-﫿︰-﹏＀-｠]")


def parse(markdown: str) -> tuple[list[Block], list[Link]]:
    """Return the blocks and numbered links of ``markdown``; only HTML tags and comments are left out."""
    builder = _Builder()
    builder.read(_parser().parse(clean_text(markdown)))
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

    def _add(self, kind: str, content: Text = Text(""), *, gap: bool = True, **rest: object) -> None:
        """Append a block with what its containers put before it."""
        self._flush_gap()
        first = "".join(box.rest if box.used else box.first for box in self._containers)
        after = "".join(box.rest for box in self._containers)
        for box in self._containers:
            box.used = True
        self.blocks.append(Block(kind, content, first, after, **rest))  # type: ignore[arg-type]
        self._gap = gap

    def _flush_gap(self) -> None:
        """Put the empty line that is due, with the bars of the quotes it stands in."""
        if self._gap:
            before = "".join(box.rest for box in self._containers).rstrip()
            self.blocks.append(Block("blank", Text(""), before, before))
            self._gap = False

    def _html(self, html: str) -> None:
        """Show the text of raw HTML; a comment is not for readers."""
        bare = _COMMENT.sub("", html)
        if bare.strip():
            from studytui.text import html_to_text

            text = html_to_text(bare)
            if text:
                self._add("text", Text(text))

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
        inline = _Inline(self)
        inline.read(token.children or ())
        return Text("".join(inline.parts), tuple(inline.spans))

    def number(self, target: str, kind: str, text: str) -> int:
        """Return the number of the link to ``target``; the same target keeps its number."""
        if target not in self._numbers:
            self._numbers[target] = len(self.links) + 1
            self.links.append(Link(len(self.links) + 1, target, kind, clean_line(text, 200)))
        return self._numbers[target]


@dataclass
class _Inline:
    """Collects the running text of one block."""

    builder: _Builder
    parts: list[str] = field(default_factory=list)
    spans: list[Span] = field(default_factory=list)
    mark: Mark = Mark.PLAIN
    length: int = 0
    href: str = ""
    href_from: int = 0

    def read(self, tokens: Iterable[Token]) -> None:
        """Add ``tokens``; marks nest, so each is added at its opening and taken off at its end."""
        marks = {"strong": Mark.STRONG, "em": Mark.EM, "s": Mark.STRIKE}
        for token in tokens:
            name, _underscore, edge = token.type.rpartition("_")
            if name in marks:
                self.mark = self.mark | marks[name] if edge == "open" else self.mark & ~marks[name]
            elif token.type == "text":
                self._text(token.content)
            elif token.type == "code_inline":
                self._put(token.content, self.mark | Mark.CODE)
            elif token.type in ("softbreak", "hardbreak"):
                self._line_end(token.type == "hardbreak")
            elif token.type == "link_open":
                self.href, self.href_from = str(token.attrs.get("href", "")), len(self.spans)
            elif token.type == "link_close":
                self._close_link()
            elif token.type == "image":
                self._image(token)
            elif token.type == "wikilink":
                target, _bar, text = token.content.partition("|")
                self._link(target.strip(), "note", (text or target).strip())
            elif token.type == "html_inline":
                self._html(token.content)
            else:
                self._text(token.content)

    def _put(self, text: str, mark: Mark, link: int = 0) -> None:
        text = clean_text(text)
        if text:
            self.parts.append(text)
            self.spans.append(Span(self.length, self.length + len(text), mark, link))
            self.length += len(text)

    def _text(self, text: str) -> None:
        """Add running text; a bare address in it becomes a link unless it already stands in one."""
        at = 0
        if not self.href:
            for match in _URL.finditer(text):
                self._put(text[at : match.start()], self.mark)
                self._link(match.group(), "url", match.group())
                at = match.end()
        self._put(text[at:], self.mark)

    def _link(self, target: str, kind: str, text: str) -> None:
        number = self.builder.number(target, kind, text)
        self._put(text, self.mark | Mark.LINK, number)
        self._put(f"[{number}]", Mark.MUTED, number)

    def _close_link(self) -> None:
        """Number the link and mark everything since its opening as part of it."""
        url = safe_url(self.href)
        target, kind = (url, "url") if url else (clean_line(unquote(self.href), 1000), "note")
        self.href = ""
        text = "".join(self.parts[self.href_from :])
        if not target or not text:
            return
        number = self.builder.number(target, kind, text)
        self.spans[self.href_from :] = [
            span._replace(mark=span.mark | Mark.LINK, link=number) for span in self.spans[self.href_from :]
        ]
        self._put(f"[{number}]", Mark.MUTED, number)

    def _image(self, token: Token) -> None:
        """Show an image by its description; it can be opened like a link."""
        alt = clean_line(token.content) or _("no description")
        text = _("[image: {alt}]").format(alt=alt)
        source = safe_url(str(token.attrs.get("src", "")))
        if source and not self.href:
            self._link(source, "url", text)
        else:
            self._put(text, self.mark | Mark.MUTED)

    def _line_end(self, hard: bool) -> None:
        """A line end in the source is a blank, but nothing between two Chinese characters."""
        if hard:
            self._put("\n", self.mark)
        elif not (self.parts and _WIDE.match(self.parts[-1][-1])):
            self._put(" ", self.mark)

    def _html(self, html: str) -> None:
        if _BREAK.fullmatch(html):
            self._put("\n", self.mark)
        elif not _TAG.fullmatch(html) and not _COMMENT.fullmatch(html):
            self._put(html, self.mark)
