"""From blocks to lines of a given width: wrapping, tables, quotes; knows nothing of Textual."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from rich.cells import cell_len, chop_cells

from studytui.notes.names import name_key
from studytui.tui.widgets.line_break import break_line
from studytui.tui.widgets.markdown_blocks import Block, parse
from studytui.tui.widgets.markdown_inline import Link, Mark, Span, Text

_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_LEAST_CELL = 6
_NOTHING_SAID = re.compile(r"\[\d+\]|\s\^[\w-]+$")  # numbers of links, marks of blocks
_GAP = " │ "


class Run(NamedTuple):
    """A piece of a line: its text, how it is set off, the number of the link it belongs to (0: none)."""

    text: str
    mark: Mark
    link: int = 0


Line = tuple[Run, ...]


@dataclass
class Layout:
    """A document at one width: its lines, where each block begins, where links and search hits stand."""

    width: int
    lines: list[Line] = field(default_factory=list)
    block_starts: list[int] = field(default_factory=list)
    link_lines: dict[int, int] = field(default_factory=dict)
    hit_lines: list[int] = field(default_factory=list)

    def block_at(self, line: int) -> int:
        """Return the index of the block that ``line`` belongs to."""
        return max(0, bisect_right(self.block_starts, line) - 1)


@dataclass(frozen=True)
class Document:
    """Parsed Markdown, ready to be laid out at any width."""

    blocks: Sequence[Block]
    links: Sequence[Link]

    @classmethod
    def from_markdown(cls, markdown: str) -> Document:
        """Parse ``markdown`` of any origin; never raises."""
        return cls(*parse(markdown))

    def place(self, part: str) -> int | None:
        """Return the block that ``[[note#part]]`` points to: a heading, with ``^`` a marked paragraph; None for none.

        ``#one#two`` is the heading two below one; letter case and signs count only where both differ otherwise.
        """
        last = part.rpartition("#")[2].strip()
        if last.startswith("^"):
            return self._marked(last)
        headings = [
            (number, _NOTHING_SAID.sub("", block.content.text))
            for number, block in enumerate(self.blocks)
            if block.kind == "heading"
        ]
        found = _first(headings, part)
        if found is None and "#" in part:
            above: int | None = -1
            for piece in filter(None, part.split("#")):
                below = [one for one in headings if above is not None and one[0] > above]
                above = _first(below, piece)
            found = above
        return found

    def _marked(self, mark: str) -> int | None:
        """Return the block that ends with ``mark``, or stands before a line of its own with it."""
        for number, block in enumerate(self.blocks):
            text = block.content.text.rstrip()
            if text == mark:
                before = [at for at in range(number) if self.blocks[at].kind != "blank"]
                return before[-1] if before else number
            if text.endswith(f" {mark}"):
                return number
        return None

    def layout(self, width: int, terms: Iterable[str] = ()) -> Layout:
        """Return the lines at ``width`` cells (at least 8), the places of ``terms`` marked as hits.

        No line is wider than ``width``.  Matching ignores case and full-width forms.
        """
        layout = Layout(max(width, 8))
        pattern = _pattern(terms)
        for block in self.blocks:
            layout.block_starts.append(len(layout.lines))
            layout.lines.extend(_block_lines(block, layout.width, pattern))
        for number, line in enumerate(layout.lines):
            for run in line:
                if run.link:
                    layout.link_lines.setdefault(run.link, number)
            if pattern and any(run.mark & Mark.HIT for run in line):
                layout.hit_lines.append(number)
        return layout


def line_text(line: Line) -> str:
    """Return the characters of a line."""
    return "".join(run.text for run in line)


def _pattern(terms: Iterable[str]) -> re.Pattern[str] | None:
    wanted = sorted({term.translate(_FULL_WIDTH) for term in terms if term.strip()}, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, wanted)), re.IGNORECASE) if wanted else None


def _with_hits(text: Text, pattern: re.Pattern[str] | None) -> Text:
    """Return ``text`` with the matches of ``pattern`` cut out of its spans and marked."""
    if pattern is None:
        return text
    found = [match.span() for match in pattern.finditer(text.text.translate(_FULL_WIDTH)) if match.group()]
    if not found:
        return text
    spans = []
    for span in text.spans or (Span(0, len(text.text), Mark.PLAIN),):
        at = span.start
        for match_start, match_end in found:
            start, end = max(match_start, at), min(match_end, span.end)
            if start < end:
                spans.append(span._replace(start=at, end=start))
                spans.append(span._replace(start=start, end=end, mark=span.mark | Mark.HIT))
                at = end
        spans.append(span._replace(start=at))
    return Text(text.text, tuple(span for span in spans if span.start < span.end))


def _block_lines(block: Block, width: int, pattern: re.Pattern[str] | None) -> list[Line]:
    first, rest = block.first[-(width // 2) :], block.rest[-(width // 2) :]
    room = width - max(len(first), len(rest))
    base = Mark.QUOTE if "│" in rest else Mark.PLAIN
    if block.kind == "rule":
        bodies: list[Line] = [(Run("─" * room, Mark.MUTED),)]
    elif block.kind == "code":
        bodies = _code(_with_hits(block.content, pattern), room)
    elif block.kind == "table":
        bodies = _table(block, room, pattern)
    elif block.kind == "heading":
        bodies = _heading(_with_hits(block.content, pattern), block.level, room)
    else:
        bodies = _wrap(_with_hits(block.content, pattern), room, base)
    return [_prefixed(first if number == 0 else rest, body) for number, body in enumerate(bodies)]


def _prefixed(prefix: str, body: Line) -> Line:
    return (Run(prefix, Mark.MUTED), *body) if prefix else body


def _wrap(text: Text, width: int, base: Mark = Mark.PLAIN) -> list[Line]:
    """Break running text into lines of runs."""
    cuts = [
        (start, end)
        for from_, to in break_line(text.text, width)
        for start, end in _fit(text.text, from_, to, width)
    ]
    return _slices(text, cuts, base)


def _fit(text: str, start: int, end: int, width: int) -> Iterable[tuple[int, int]]:
    """Guard the promise about the width where joined characters measure differently than apart."""
    if end - start <= width // 2 or cell_len(text[start:end]) <= width:
        yield start, end
        return
    for piece in chop_cells(text[start:end], width):
        yield start, start + len(piece)
        start += len(piece)


def _slices(text: Text, cuts: Iterable[tuple[int, int]], base: Mark) -> list[Line]:
    """Return the runs of ``text`` that fall into each cut; both are in order, so one walk does."""
    spans = text.spans or (Span(0, len(text.text), Mark.PLAIN),)
    lines: list[Line] = []
    at = 0
    for start, end in cuts:
        while at < len(spans) and spans[at].end <= start:
            at += 1
        runs = []
        index = at
        while index < len(spans) and spans[index].start < end:
            span = spans[index]
            piece = text.text[max(span.start, start) : min(span.end, end)]
            if piece:
                runs.append(Run(piece, span.mark | base, span.link))
            index += 1
        lines.append(tuple(runs))
    return lines


def _first(headings: Sequence[tuple[int, str]], wanted: str) -> int | None:
    """Return the number of the first heading that says ``wanted``, exactly if there is one, else in its words."""
    for key in (name_key, _words_only):
        said = key(wanted)
        found = next((number for number, text in headings if said and key(text) == said), None)
        if found is not None:
            return found
    return None


def _words_only(heading: str) -> str:
    return " ".join(re.sub(r"[\W_]+", " ", name_key(heading)).split())


def _heading(text: Text, level: int, width: int) -> list[Line]:
    """The two highest levels are underlined, so that they stand out without colour."""
    lines = _wrap(text, width, Mark.HEADING | Mark.STRONG)
    if level <= 2 and text.text:
        longest = max(cell_len(line_text(line)) for line in lines)
        lines.append((Run(("═" if level == 1 else "─") * longest, Mark.HEADING),))
    return lines


def _code(text: Text, width: int) -> list[Line]:
    """Code keeps its lines; one that is too long goes on below."""
    cuts = []
    start = 0
    for source in text.text.split("\n"):
        at = start
        for piece in chop_cells(source, width) or [""]:
            cuts.append((at, at + len(piece)))
            at += len(piece)
        start += len(source) + 1
    return _slices(text, cuts, Mark.CODE)


def _table(block: Block, width: int, pattern: re.Pattern[str] | None) -> list[Line]:
    """Lay a table out in columns, or as "header: value" lines when the columns would be too narrow."""
    rows = [[_with_hits(cell, pattern) for cell in row] for row in block.rows]
    columns = max((len(row) for row in rows), default=0)
    if not columns:
        return []
    widths = _column_widths(rows, columns, width - len(_GAP) * (columns - 1))
    if not widths:
        return _records(rows, width)
    lines: list[Line] = []
    for number, row in enumerate(rows):
        base = Mark.STRONG if number == 0 else Mark.PLAIN
        cells = [_wrap(cell, widths[at], base) for at, cell in enumerate(row)]
        height = max((len(cell) for cell in cells), default=0)
        lines.extend(
            _row_line([cell[line] if line < len(cell) else () for cell in cells], widths, block.align)
            for line in range(height)
        )
        if number == 0:
            lines.append((Run("─┼─".join("─" * size for size in widths), Mark.MUTED),))
    return lines


def _column_widths(rows: Sequence[Sequence[Text]], columns: int, room: int) -> list[int]:
    """Give each column what it wants; the widest give way until all fit.  Empty when none could be read."""
    wanted = [
        max([1] + [cell_len(part) for row in rows if at < len(row) for part in row[at].text.split("\n")])
        for at in range(columns)
    ]
    while sum(wanted) > room:
        widest = max(range(columns), key=wanted.__getitem__)
        if wanted[widest] <= _LEAST_CELL:
            return []
        others = sorted(wanted)[-2] if columns > 1 else 0
        wanted[widest] = max(
            _LEAST_CELL, min(wanted[widest] - 1, max(others, wanted[widest] - (sum(wanted) - room)))
        )
    return wanted


def _row_line(cells: Sequence[Line], widths: Sequence[int], align: Sequence[str]) -> Line:
    runs: list[Run] = []
    for at, (cell, size) in enumerate(zip(cells, widths, strict=False)):
        if at:
            runs.append(Run(_GAP, Mark.MUTED))
        blank = size - cell_len(line_text(cell))
        side = align[at] if at < len(align) else "left"
        left = blank if side == "right" else blank // 2 if side == "center" else 0
        runs += [Run(" " * left, Mark.PLAIN), *cell, Run(" " * (blank - left), Mark.PLAIN)]
    while runs and not runs[-1].text.strip() and not runs[-1].link:
        runs.pop()
    return tuple(run for run in runs if run.text)


def _records(rows: Sequence[Sequence[Text]], width: int) -> list[Line]:
    """One line a cell, each with its column's header."""
    header = rows[0]
    lines: list[Line] = []
    for row in rows[1:] or rows[:1]:
        for at, cell in enumerate(row):
            name = header[at].text if at < len(header) and len(rows) > 1 else ""
            if name:
                lines += _wrap(Text(name + ":"), width, Mark.STRONG)
            lines += _wrap(cell, width)
        lines.append(())
    return lines[:-1]
