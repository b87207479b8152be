"""One row of a list: what it holds and how it fills a given number of cells."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style

from studytui.text import clean_line, cut_cells

Span = tuple[int, int]
_MARK = ("  ", "▸ ")
_INDENT = "    "


@dataclass(frozen=True, slots=True)
class Column:
    """One column of ``width`` cells (0 takes what is left), hidden in lists narrower than ``shown_from``."""

    width: int = 0
    right: bool = False
    shown_from: int = 0


@dataclass(frozen=True, slots=True)
class Row:
    """One row: ``key`` identifies it ("" cannot be marked: a heading), ``cells`` are texts of any origin.

    ``look`` is "", "strong", "muted", "good", "warning", "bad" or "heading".  ``spans`` highlight characters
    of the last cell.  ``detail`` and its spans are the second line of lists made with ``row_height=2``.
    ``indent`` moves the free text that many cells to the right, as in a tree.
    """

    key: str
    cells: tuple[str, ...]
    look: str = ""
    spans: tuple[Span, ...] = ()
    detail: str = ""
    detail_spans: tuple[Span, ...] = ()
    indent: int = 0


def first_line(
    row: Row, columns: Sequence[Column], width: int, marked: bool, style: Style, match: Style
) -> list[Segment]:
    """Return the mark, the fixed columns that have room, then the free text, in at most ``width`` cells.

    ``match`` is added to ``style`` where a span is highlighted.
    """
    if not row.key:
        left = " " if row.look == "heading" else ""  # in line with what stands above a list
        return _free(left, row.cells[-1] if row.cells else "", row.spans, width, style, match)
    left = _MARK[marked]
    for column, cell in zip(columns[:-1], row.cells, strict=False):
        if width >= column.shown_from:
            left += _fit(clean_line(cell), column) + " "
    left += " " * row.indent
    free = row.cells[-1] if len(row.cells) >= len(columns) else ""
    if columns[-1].width:
        free = _fit(clean_line(free), columns[-1])
    return _free(left, free, row.spans, width, style, match)


def second_line(row: Row, width: int, style: Style, match: Style) -> list[Segment]:
    """Return the detail of a row of two lines."""
    return _free(_INDENT, row.detail, row.detail_spans, width, style, match)


class Places:
    """Which lines the rows of a list stand on: ``height`` lines each, a heading ("" for a key) one."""

    def __init__(self, keys: Sequence[str] = (), height: int = 1) -> None:
        self.height, self._count = height, len(keys)
        self._heads = [at for at, key in enumerate(keys) if not key] if height > 1 else []
        self._tops = [at * height - number * (height - 1) for number, at in enumerate(self._heads)]

    @property
    def total(self) -> int:
        """How many lines there are."""
        return self.top(self._count)

    def top(self, index: int) -> int:
        """Return the first line of the row at ``index``."""
        return index * self.height - bisect_left(self._heads, index) * (self.height - 1)

    def lines(self, index: int) -> int:
        """Return how many lines the row at ``index`` has."""
        return self.top(index + 1) - self.top(index)

    def at(self, line: int) -> tuple[int, int]:
        """Return the row on ``line`` and the number of the line within it."""
        number = bisect_right(self._tops, line) - 1
        if number < 0:
            return divmod(line, self.height)
        below = line - self._tops[number] - 1
        if below < 0:
            return self._heads[number], 0
        index, part = divmod(below, self.height)
        return self._heads[number] + 1 + index, part


def nearest(keys: Sequence[str], index: int, forward: bool = True) -> int:
    """Return the index nearest to ``index`` whose row can be marked, looking one way, then the other."""
    if not keys or keys[index]:
        return max(index, 0)
    onward = [range(index + 1, len(keys)), range(index - 1, -1, -1)]
    for side in onward if forward else reversed(onward):
        for at in side:
            if keys[at]:
                return at
    return index


def _free(
    left: str, text: str, spans: Sequence[Span], width: int, style: Style, match: Style
) -> list[Segment]:
    """Return ``left`` and as much of ``text`` as fits, its spans highlighted."""
    shown = cut_cells(clean_line(text), width - cell_len(left))
    segments = [Segment(left, style)] if left else []
    at = 0
    for start, end in spans:
        if at <= start < end and start < len(shown):
            segments.append(Segment(shown[at:start], style))
            segments.append(Segment(shown[start:end], style + match))
            at = end
    segments.append(Segment(shown[at:], style))
    return segments


def _fit(text: str, column: Column) -> str:
    """Cut or pad ``text`` to the column's cells."""
    cut = cut_cells(text, column.width)
    blank = " " * (column.width - cell_len(cut))
    return blank + cut if column.right else cut + blank
