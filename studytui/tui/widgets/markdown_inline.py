"""The running text of one block: marks that nest, links that get numbers, HTML that is left out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import IntFlag
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote

from studytui.i18n import _
from studytui.text import clean_line, clean_text, safe_url

if TYPE_CHECKING:
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


_URL = re.compile(
    r"https?://[^\s<>\"'`（），。；：！？、《》「」【】“”]+[^\s<>\"'`（），。；：！？、《》「」【】“”.,;:!?)\]}]"
)
COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_TAG = re.compile(
    r"</?(?:a|abbr|b|big|center|cite|code|del|div|em|font|i|img|ins|kbd|mark|p|q|s|small|span|strong|sub|sup|u)\b[^>]*>",
    re.IGNORECASE,
)
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_WIDE = re.compile(r"[⺀-鿿가-힯豈-﫿︰-﹏＀-｠]")


@dataclass
class Inline:
    """Collects the running text of one block; ``number(target, kind, text)`` gives a link its number."""

    number: Callable[[str, str, str], int]
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
        text = clean_text(text).replace("\t", " ")
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
        number = self.number(target, kind, text)
        self._put(text, self.mark | Mark.LINK, number)
        self._put(f"[{number}]", Mark.MUTED, number)

    def _close_link(self) -> None:
        """Number the link and mark everything since its opening as part of it."""
        url = safe_url(self.href)
        target, kind = (url, "url") if url else (clean_line(unquote(self.href), 1000), "note")
        if kind == "note" and not re.match(r"[./#]|[a-z][a-z0-9+.-]*:", target, re.IGNORECASE):
            target = f"./{target}"  # unlike [[name]] it is looked up beside the note first
        self.href = ""
        text = "".join(self.parts[self.href_from :])
        if not target or not text:
            return
        number = self.number(target, kind, text)
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
        elif not _TAG.fullmatch(html) and not COMMENT.fullmatch(html):
            self._put(html, self.mark)
