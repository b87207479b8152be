"""A report as lines of text: for the command line as they are, for the screens with a style for each tone."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from studytui.i18n import _
from studytui.practice.charts import bar, sparkline, tree
from studytui.practice.report import Bars, Block, Branch, Lines, Report, Table, Tone, Tree, Trend, labelled
from studytui.text import cell_width, clean_line, cut_cells

_PIECE = re.compile(
    r"[\u2e80-\u9fff\uac00-\ud7ff\uf900-\ufaff\uff00-\uffef][，。、；：！？）」』”]*|\s+|[^\s\u2e80-\uffef]+"
)
_GAP = 2
_NARROWEST = 10
_LONGEST_WORD = 16  # cells; what is longer than that, an address say, may be broken in a table


@dataclass(frozen=True)
class Row:
    """One line of a rendered report, clean and at most as wide as asked for."""

    text: str
    tone: Tone = Tone.PLAIN
    heading: bool = False


def render(report: Report, width: int = 78, plain: bool = False) -> list[Row]:
    """Return ``report`` as lines of at most ``width`` cells; ``plain`` keeps the charts to ASCII glyphs."""
    rows = [Row(text, heading=True) for text in wrapped(report.summary, width)]
    for warning in report.warnings:
        rows += _marked(warning, Tone.WARN, width)
    for block in report.blocks:
        rows.append(Row(""))
        if block.title:
            rows.append(Row(cut_cells(clean_line(block.title), width), heading=True))
        rows += _block(block, width, plain)
    if report.next_step:
        rows.append(Row(""))
        rows += [Row(text) for text in wrapped(_("Next: {step}").format(step=report.next_step), width)]
    return rows


def to_markdown(report: Report) -> str:
    """Return ``report`` as Markdown for a note; tables stay tables, charts become their figures."""
    parts = [clean_line(report.summary), *(f"> {clean_line(warning)}" for warning in report.warnings)]
    for block in report.blocks:
        body = _markdown(block)
        parts.append(f"## {clean_line(block.title)}\n\n{body}" if block.title else body)
    if report.next_step:
        parts.append(_("Next: {step}").format(step=clean_line(report.next_step)))
    return "\n\n".join(parts) + "\n"


def _markdown(block: Block) -> str:
    match block:
        case Lines():
            return "\n".join(f"- {clean_line(line.text)}" for line in block.lines)
        case Table():
            head = [_cell(column) for column in block.columns]
            ruler = ["---:" if n in block.numbers else "---" for n in range(len(head))]
            rows = [[_cell(text) for text in row] for row in block.rows]
            return "\n".join(f"| {' | '.join(row)} |" for row in (head, ruler, *rows))
        case Bars():
            return "\n".join(f"- {clean_line(b.label)}: {clean_line(b.text)}" for b in block.bars)
        case Trend():
            return f"{sparkline(block.values)} ({_ends(block)}) {clean_line(block.text)}".rstrip()
        case Tree():
            return "\n".join(f"{'  ' * b.depth}- {clean_line(b.text)}" for b in block.branches)


def _ends(trend: Trend) -> str:
    return clean_line(f"{trend.labels[0]} … {trend.labels[-1]}")


def _cell(text: str) -> str:
    return clean_line(text).replace("|", "\\|")


def _block(block: Block, width: int, plain: bool) -> Iterator[Row]:
    match block:
        case Lines():
            for line in block.lines:
                yield from _marked(line.text, line.tone, width)
        case Table():
            yield from _table(block, width)
        case Bars():
            yield from _bars(block, width, plain)
        case Trend():
            drawn = f"{sparkline(block.values, plain)}  {_ends(block)}  {clean_line(block.text)}"
            yield Row(cut_cells(drawn.rstrip(), width))
        case Tree():
            clean = [Branch(b.depth, clean_line(b.text)) for b in block.branches]
            for text in tree(clean, plain):
                yield Row(cut_cells(f"  {text}", width))


def _marked(text: str, tone: Tone, width: int) -> Iterator[Row]:
    mark = "! " if tone is Tone.WARN else "  "
    for number, part in enumerate(wrapped(text, width - 2)):
        yield Row((mark if number == 0 else "  ") + part, tone)


def _bars(block: Bars, width: int, plain: bool) -> Iterator[Row]:
    label = min(max((cell_width(b.label) for b in block.bars), default=0), width // 3)
    text = min(max((cell_width(b.text) for b in block.bars), default=0), width // 2)
    cells = max(4, min(40, width - label - text - 2 * _GAP - 2))
    for b in block.bars:
        line = f"  {_padded(clean_line(b.label), label)}  {bar(b.share, cells, plain)}  {clean_line(b.text)}"
        yield Row(cut_cells(line.rstrip(), width), b.tone)


def _table(block: Table, width: int) -> Iterator[Row]:
    """Yield the table with wrapped cells; one that would be squeezed too much is told row by row."""
    rows = [tuple(clean_line(text) for text in row) for row in block.rows]
    columns = [clean_line(column) for column in block.columns]
    widths = _widths([tuple(columns), *rows], width - 2)
    if widths is None:
        yield from _told(columns, rows, width)
        return
    yield from (Row(text, heading=True) for text in _line(columns, widths, block.numbers))
    for row in rows:
        yield from (Row(text) for text in _line(row, widths, block.numbers))


def _widths(rows: Sequence[Sequence[str]], width: int) -> list[int] | None:
    """Return column widths that fit ``width``, the widest shrunk first; None when words would have to be broken."""
    columns = list(zip(*rows, strict=True))
    widths = [max(1, *map(cell_width, column)) for column in columns]
    least = [min(widths[n], max(_NARROWEST, _longest_word(column))) for n, column in enumerate(columns)]
    room = width - _GAP * (len(widths) - 1)
    while sum(widths) > room:
        shrinkable = [n for n in range(len(widths)) if widths[n] > least[n]]
        if not shrinkable:
            return None
        widths[max(shrinkable, key=lambda n: widths[n])] -= 1
    return widths


def _longest_word(texts: Sequence[str]) -> int:
    """Return the cells of the longest piece that a line should not be broken in, within reason."""
    pieces = (cell_width(piece) for text in texts for piece in _PIECE.findall(text))
    return min(_LONGEST_WORD, max(pieces, default=1))


def _line(row: Sequence[str], widths: Sequence[int], numbers: frozenset[int]) -> Iterator[str]:
    cells = [wrapped(text, width) or [""] for text, width in zip(row, widths, strict=True)]
    for level in range(max(len(cell) for cell in cells)):
        parts = (
            _padded(cell[level] if level < len(cell) else "", width, right=n in numbers)
            for n, (cell, width) in enumerate(zip(cells, widths, strict=True))
        )
        yield ("  " + (" " * _GAP).join(parts)).rstrip()


def _told(columns: Sequence[str], rows: Sequence[Sequence[str]], width: int) -> Iterator[Row]:
    """Yield each row as what its first column says, and below it the others with their names."""
    for first, *rest in rows:
        yield from (Row(f"  {part}") for part in wrapped(first, width - 2))
        told = [labelled(name, text) for name, text in zip(columns[1:], rest, strict=True) if text]
        yield from (Row(f"    {part}") for part in wrapped(" · ".join(told), width - 4))


def _padded(text: str, width: int, right: bool = False) -> str:
    text = cut_cells(text, width)
    blanks = " " * (width - cell_width(text))
    return blanks + text if right else text + blanks


def wrapped(text: str, width: int) -> list[str]:
    """Return ``text`` cleaned and broken into lines of at most ``width`` cells.

    Latin words stay whole while they fit, Chinese breaks anywhere but before closing punctuation.
    """
    lines: list[str] = []
    line = ""
    for piece in _PIECE.findall(clean_line(text, 10_000)):
        if cell_width(line + piece) <= width:
            line += piece
            continue
        if line.strip():
            lines.append(line.rstrip())
        line = piece.lstrip()
        while cell_width(line) > width:
            head = line
            while cell_width(head) > max(2, width):
                head = head[:-1]
            lines.append(head)
            line = line[len(head) :]
    return [*lines, line.rstrip()] if line.strip() else lines
