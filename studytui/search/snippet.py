"""The piece of a text that shows why it was found, with the places to highlight.

Matching happens on folded text, whose length may differ from the original; here spans are carried back.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import accumulate

from studytui.search.analyzer import fold, fold_characters
from studytui.text import clean_line, clean_text

WIDTH = 120
"""Terminal columns of an excerpt, at most."""
LEAD = 36
"""Of these, columns before the first highlight, at most."""
TITLE = 300

Spans = tuple[tuple[int, int], ...]
Find = Callable[[str], list[tuple[int, int, int]]]
"""Where a folded text holds the query: (start, end, number of the part of the query)."""

_MARKS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"<!--.*?-->", re.DOTALL), ""),
    (re.compile(r"^[ \t]*(?:`{3,}.*|~{3,}.*|[-*_]{3,}|[|:\- ]+\|[|:\- ]*)$", re.MULTILINE), ""),
    (re.compile(r"^[ \t]*(?:>[ \t]?)*(?:#{1,6}[ \t]+|[-*+][ \t]+(?:\[.\][ \t]+)?)?", re.MULTILINE), ""),
    (re.compile(r"!?\[\[(?:[^\]|\n]*\|)?([^\]\n]*)\]\]"), r"\1"),
    (re.compile(r"!?\[([^\]\n]*)\]\([^()\n]*\)"), r"\1"),
    (re.compile(r"\*\*|__|==|~~|`+"), ""),
    (re.compile(r"(?<![\w*])\*(?=\S)([^*\n]+?)(?<=\S)\*(?![\w*])"), r"\1"),
)
"""Marks of Markdown and what takes their place in an excerpt, which shows words."""

_SENTENCE_END = re.compile(r"[。！？；!?;.…]\s?")


def locate(title: str, find: Find) -> tuple[str, Spans]:
    """Return ``title`` as safe text on one line with what to highlight in it."""
    line = clean_line(title, TITLE)
    folded = fold(line)
    return line, _merged(_carry_back(line, folded, find(folded)))


def excerpt(body: str, find: Find, width: int = WIDTH) -> tuple[str, Spans]:
    """Return the stretch of ``body`` with the most different parts of the query, and what to highlight.

    The stretch begins with a sentence where one begins nearby; without a match it is the beginning.  Marks of
    Markdown are left out, unless it was they, or the address of a link, that were asked for.
    """
    line, folded = _line(body)
    found = _carry_back(line, folded, find(folded))
    if not found:
        raw, folded = _line(body, marks=True)
        if found := _carry_back(raw, folded, find(folded)):
            line = raw
    first = _densest(found, width // 2)
    start = _lead(line, first)
    end = _fill(line, start, width)
    before, after = "…" if start else "", "…" if end < len(line) else ""
    shift = len(before) - start
    inside = [(a + shift, b + shift, part) for a, b, part in found if start <= a and b <= end]
    return before + line[start:end] + after, _merged(inside)


@lru_cache(maxsize=256)
def _line(body: str, *, marks: bool = False) -> tuple[str, str]:
    """Return ``body`` as one safe line, and that folded; kept because the next key asks about the same texts."""
    text = clean_text(body)
    if not marks:
        for mark, instead in _MARKS:
            text = mark.sub(instead, text)
    line = " ".join(text.split())
    return line, fold(line)


def _carry_back(line: str, folded: str, found: list[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    """Turn spans of ``folded`` into spans of ``line``; one that cannot be carried back exactly is dropped."""
    if not found:
        return []
    places = list(accumulate(_folded_lengths(line))) if len(line) != len(folded) else range(1, len(line) + 1)

    def origin(at: int) -> int:
        return bisect_right(places, at)

    spans = ((start, end, origin(start), origin(end - 1) + 1, part) for start, end, part in sorted(found))
    return [(a, b, part) for start, end, a, b, part in spans if fold(line[a:b]) == folded[start:end].strip()]


def _folded_lengths(line: str) -> Iterator[int]:
    """Yield how many characters of the folded line each character makes; joined blanks make none."""
    blank = True
    for char in line:
        length = 0
        for folded in _folded_character(char):
            length += not (blank and folded.isspace())
            blank = folded.isspace()
        yield length


@lru_cache(maxsize=10_000)
def _folded_character(char: str) -> str:
    return fold_characters(char)


def _densest(found: list[tuple[int, int, int]], reach: int) -> int:
    """Return the start of the span from which most different parts lie within ``reach`` characters."""
    best, most = 0, 0
    for number, (start, _end, _part) in enumerate(found):
        parts = {part for a, b, part in found[number : number + 20] if b - start <= reach}
        if len(parts) > most:
            best, most = start, len(parts)
    return best


def _lead(line: str, first: int) -> int:
    """Return where to begin so that ``first`` has some context: a sentence's beginning if one is near."""
    start = max(0, first - LEAD)
    while (over := _columns(line[start:first]) - LEAD) > 0:
        start += (over + 1) // 2
    if start == 0:
        return 0
    ends = [match.end() for match in _SENTENCE_END.finditer(line, start, first)]
    if ends:
        return ends[-1]
    blank = line.find(" ", start, first)
    return blank + 1 if 0 <= blank < start + 15 else start


def _fill(line: str, start: int, width: int) -> int:
    """Return where a stretch of at most ``width`` columns from ``start`` ends."""
    end = min(len(line), start + width)
    while (over := _columns(line[start:end]) - width) > 0:
        end -= (over + 1) // 2
    return end


def _columns(text: str) -> int:
    """Return the terminal cells of ``text`` closely enough to choose how much of it to show."""
    return len(text) if text.isascii() else len(text) + sum(map("\u2e80".__le__, text))


def _merged(spans: list[tuple[int, int, int]]) -> Spans:
    """Return the spans in order, those that touch or overlap as one."""
    merged: list[tuple[int, int]] = []
    for start, end, _part in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)
