"""What of Markdown a note's text is searched for: code to leave alone, links, tags, headings, sentences.

All places are offsets into the source as it stands in the file, so that an edit is a splice.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import unquote

WIKI, EMBED, MARKDOWN, IMAGE, REFERENCE = "wiki", "embed", "markdown", "image", "reference"


class Link(NamedTuple):
    """One link as written: ``[[target#heading|label]]`` or ``[label](target#heading)``.

    ``start`` and ``end`` span the whole construct, ``inner`` and ``inner_end`` only what names the target,
    heading included.  ``target`` is decoded; "" means the note itself.
    """

    start: int
    end: int
    kind: str
    target: str
    heading: str
    label: str
    inner: int
    inner_end: int

    @property
    def is_wiki(self) -> bool:
        """Whether it is written with double square brackets."""
        return self.kind in (WIKI, EMBED)


class Tag(NamedTuple):
    """One ``#tag`` in running text; the span covers the name without its sign."""

    start: int
    end: int
    name: str


class Heading(NamedTuple):
    """One ATX heading: its level 1 to 6, its text, where its line starts, the blanks before its sign."""

    level: int
    text: str
    start: int
    indent: int


# --- code and comments --------------------------------------------------------------------------------------

_PREFIX = r"(?:[ \t>]|[-*+][ \t]|\d{1,9}[.)][ \t])*"
_FENCE = re.compile(rf"^{_PREFIX}(`{{3,}}(?=[^`\n]*$)|~{{3,}})", re.MULTILINE)
_INDENTED = re.compile(r"^(?: {4}| {0,3}\t)", re.MULTILINE)
_LIST_ITEM = re.compile(r"[ \t]*(?:[-*+]|\d{1,9}[.)])(?:[ \t]|$)")
_TICKS = re.compile(r"`+")
_BLANK = re.compile(r"\n[ \t]*\r?(?=\n)")


def mask(source: str) -> str:
    """Return ``source`` with code and comments blanked, every offset kept.

    Blanked are fenced, indented and inline code and HTML comments, line ends excepted.
    """
    spans: list[tuple[int, int]] = []
    if "```" in source or "~~~" in source:
        spans.extend(_fenced(source))
        source = blank(source, spans)
    if ("    " in source or "\t" in source) and _INDENTED.search(source):
        source = blank(source, list(_indented(source)))
    if "`" in source:
        source = blank(source, list(_inline_code(source)))
    if "<!--" in source:
        source = blank(source, list(_comments(source)))
    return source


def blank(source: str, spans: list[tuple[int, int]]) -> str:
    """Return ``source`` with these spans, in order and apart, as blanks; line ends stay."""
    pieces, at = [], 0
    for start, end in spans:
        pieces.append(source[at:start])
        pieces.append(re.sub(r"[^\n]", " ", source[start:end]))
        at = end
    return "".join([*pieces, source[at:]]) if spans else source


def _fenced(source: str) -> Iterator[tuple[int, int]]:
    at = 0
    while (opening := _FENCE.search(source, at)) is not None:
        fence = opening[1]
        closing = re.compile(rf"^[ \t>]*{re.escape(fence[0])}{{{len(fence)},}}[ \t]*\r?$", re.MULTILINE)
        start = source.find("\n", opening.end())
        end = closing.search(source, start) if start >= 0 else None
        at = end.end() if end else len(source)
        yield opening.start(1), at


def _indented(source: str) -> Iterator[tuple[int, int]]:
    """Lines indented by four after a blank line are code, unless a list goes on."""
    at, after_blank, in_list, in_code = 0, True, False, False
    for line in source.split("\n"):
        size = len(line) + 1
        if not line.strip():
            after_blank = True
        else:
            deep = bool(_INDENTED.match(line))
            in_code = deep and not in_list and (after_blank or in_code)
            if in_code:
                yield at, min(at + size, len(source))
            elif _LIST_ITEM.match(line):
                in_list = True
            elif not deep and not line.startswith((" ", "\t")) and after_blank:
                in_list = False
            after_blank = False
        at += size


def _comments(source: str) -> Iterator[tuple[int, int]]:
    """HTML comments; one that is never closed counts only at the start of a line, then to the end."""
    at = 0
    while (start := source.find("<!--", at)) >= 0:
        end = source.find("-->", start + 4)
        if end < 0:
            if not source[source.rfind("\n", 0, start) + 1 : start].strip():
                yield start, len(source)
            return
        at = end + 3
        yield start, at


def _inline_code(source: str) -> Iterator[tuple[int, int]]:
    """Pair runs of equally many backticks inside one paragraph, the first opener first."""
    runs = [(match.start(), match.end()) for match in _TICKS.finditer(source)]
    places: dict[int, list[int]] = {}
    for start, end in runs:
        places.setdefault(end - start, []).append(start)
    breaks = [match.start() for match in _BLANK.finditer(source)]
    done = 0
    for start, end in runs:
        if start < done:
            continue
        slashes = start - len(source[max(0, start - 20) : start].rstrip("\\")) - max(0, start - 20)
        first = start + slashes % 2
        closers = places.get(end - first, [])
        index = bisect_right(closers, start)
        if first == end or index == len(closers):
            continue
        limit = bisect_right(breaks, start)
        if limit == len(breaks) or closers[index] < breaks[limit]:
            done = closers[index] + end - first
            yield first, done


# --- links --------------------------------------------------------------------------------------------------

# The patterns start with their sign: that lets the search skip to it, and what stands before is asked after.
_WIKI = re.compile(r"\[\[([^\[\]\n|#^]*)((?:#|\^)[^\[\]\n|]*)?(?:\|([^\[\]\n]*))?\]\]")
_INLINE = re.compile(
    r"\[((?:[^\[\]\\\n]|\\.|\n(?!\s*\n)|\[[^\[\]\n]*\])*)\]"
    r"\([ \t]*(?:<([^<>\n]*)>|((?:[^\s()<>\\]|\\.|\([^\s()]*\))*))"
    r"(?:\s+(?:\"[^\"]*\"|'[^']*'|\([^()]*\)))?[ \t]*\)"
)
_DEFINITION = re.compile(r"^ {0,3}\[([^\[\]\n]+)\]:[ \t]*(?:<([^<>\n]*)>|(\S+))", re.MULTILINE)
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|//")


def find_links(masked: str) -> list[Link]:
    """Return every link to another file or note in ``masked`` text, in order; web addresses are left out."""
    links: list[Link] = []
    if "[[" in masked:
        links.extend(link for match in _WIKI.finditer(masked) if (link := _wiki_link(match)))
    if "](" in masked:
        links.extend(link for match in _INLINE.finditer(masked) if (link := _markdown_link(match)))
    if "]:" in masked:
        links.extend(link for match in _DEFINITION.finditer(masked) if (link := _definition(match)))
    if len(links) > 1:
        links.sort()
    return links


def _sign(match: re.Match[str]) -> str:
    """Return what stands before the bracket when it counts: "!" for an embed, "\\" for no link at all."""
    before = match.string[match.start() - 1 : match.start()] if match.start() else ""
    return before if before in ("!", "\\") else ""


def _wiki_link(match: re.Match[str]) -> Link | None:
    sign = _sign(match)
    if sign == "\\":
        return None
    target, heading, label = match[1], match[2] or "", match[3]
    end = match.end(2) if heading else match.end(1)
    if label is not None and match.string[end - 1] == "\\":
        # Inside a table the bar is written "\|".
        end -= 1
        target, heading = (target, heading[:-1]) if heading else (target[:-1], "")
    kind, start = (EMBED, match.start() - 1) if sign else (WIKI, match.start())
    shown = label.strip() if label else ""
    return Link(start, match.end(), kind, target.strip(), heading.strip(), shown, match.start(1), end)


def _markdown_link(match: re.Match[str]) -> Link | None:
    sign = _sign(match)
    if sign == "\\":
        return None
    group = 2 if match[2] is not None else 3
    link = _file_link(match, group, IMAGE if sign else MARKDOWN, match[1])
    return link._replace(start=link.start - 1) if link and sign else link


def _definition(match: re.Match[str]) -> Link | None:
    return _file_link(match, 2 if match[2] is not None else 3, REFERENCE, match[1])


def _file_link(match: re.Match[str], group: int, kind: str, label: str) -> Link | None:
    written = match[group]
    if not written or written[0] == "#" or _SCHEME.match(written):
        return None
    path, sign, heading = written.partition("#")
    return Link(
        match.start(),
        match.end(),
        kind,
        unquote(path),
        sign + unquote(heading),
        label.strip(),
        *match.span(group),
    )


# --- tags, headings, sentences ------------------------------------------------------------------------------

# A sign starts a tag at the start of a line, after white space or after opening or Chinese punctuation.
_TAG = re.compile(r"[#＃](?<![^\s(（，。、；：！？“”‘’「」『』【】《》…,;].)([^\W_][\w/-]*|_[\w/-]+)")
# Obsidian's boxes: "> [!note] Title", with a sign for folded ones.
CALLOUT = re.compile(r"^([ \t]*(?:>[ \t]*)+)\[!([\w-]+)\][+-]?[ \t]*(.*)$", re.MULTILINE)
_HEADING = re.compile(r"^( {0,3})(#{1,6})(?:[ \t]+(.*?))?(?:[ \t]+#+)?[ \t]*\r?$", re.MULTILINE)
_TITLE = re.compile(r"(?:^|(?<=\A\ufeff)) {0,3}#[ \t]+(.*?)(?:[ \t]+#+)?[ \t]*\r?$", re.MULTILINE)
# A Latin full stop before a small letter belongs to an abbreviation.
_END = re.compile(r"[。！？；!?…]+[”’」』）)\"']*|\.[”’\"')]*(?=[ \t]+[^a-z\s]|\s*(?:\n|\Z))|\n")
_MARKER = re.compile(r"^\s*(?:>\s*)*(?:(?:[-*+]|\d{1,9}[.)])\s+(?:\[.\]\s+)?|#{1,6}\s+)?")


def find_tags(masked: str, start: int, links: list[Link]) -> list[Tag]:
    """Return the ``#tags`` of ``masked`` from offset ``start``, nested ones with their slashes.

    Follows Obsidian: at least one character is no digit; signs inside links do not count.
    """
    if "#" not in masked and "＃" not in masked:
        return []
    tags, skip = [], iter(links)
    link = next(skip, None)
    for match in _TAG.finditer(masked, start):
        while link is not None and link.end <= match.start():
            link = next(skip, None)
        name = match[1].rstrip("/-")
        inside = link is not None and link.start <= match.start()
        if name and not inside and not name.replace("/", "").isdigit():
            tags.append(Tag(match.start(1), match.start(1) + len(name), unicodedata.normalize("NFC", name)))
    return tags


def title_span(masked: str, start: int) -> tuple[int, int] | None:
    """Return the span of the first level-one heading's text, None when there is none."""
    match = _TITLE.search(masked, start) if "#" in masked else None
    return match.span(1) if match else None


def find_headings(masked: str, start: int = 0) -> list[Heading]:
    """Return every ATX heading from offset ``start``."""
    found = _HEADING.finditer(masked, start)
    return [Heading(len(m[2]), (m[3] or "").strip(), m.start(), len(m[1])) for m in found]


def sentence_around(source: str, start: int, end: int) -> tuple[int, int]:
    """Return the span of the sentence that holds ``source[start:end]``, Chinese and Latin stops alike.

    A line end always ends it; list, quote and heading signs in front are left out.
    """
    line = source.rfind("\n", 0, start) + 1
    stop = source.find("\n", end)
    stop = len(source) if stop < 0 else stop
    begin = line
    for match in _END.finditer(source, line):
        if match.end() > start:
            break
        begin = match.end()
    after = _END.search(source, end, stop)
    finish = after.end() if after and after[0] != "\n" else stop
    marker = _MARKER.match(source[begin:start])
    if begin == line and marker:
        begin += marker.end()
    while begin < start and source[begin].isspace():
        begin += 1
    return begin, max(end, begin + len(source[begin:finish].rstrip()))
