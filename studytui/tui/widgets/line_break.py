"""Where a line of mixed Chinese and Latin text may be broken, by terminal cells.

The rules are those of the W3C's "Requirements for Chinese Text Layout": closing marks such as ``，。）》」``
never begin a line, opening marks such as ``（《「`` never end one, dashes and ellipses stay whole, and Latin
words are not cut unless one alone is wider than the line.
"""

from __future__ import annotations

import re

from rich.cells import cell_len, split_graphemes

OPENING = "（［｛「『《〈【〔〖〘〚“‘([{"
# Besides closing marks: whatever clings to the character before it (iteration and length marks, units,
# joiners, variation selectors, combining accents).
CLOSING = (
    "，。；！？：、）］｝」』》〉】〕〗〙〛”’…—～·・％℃‰々ー‥"
    ",.;:!?)]}%"
    "\u200d\ufe0e\ufe0f\u0300-\u036f\u20e3\U0001f3fb-\U0001f3ff"
)
_WIDE = "⺀-〿぀-ヿ㄀-ㄯ㐀-鿿ꀀ-꓏가-힯豈-﫿︰-﹏＀-￯\U00020000-\U0003ffff"
_OPEN = re.escape(OPENING)
_CLOSE = re.escape(CLOSING).replace(r"\-", "-")
_CLINGS = re.compile(f"[{_CLOSE}]")
# One unit that stays together: opening marks, one wide character or one word, closing marks, a link's [number].
_UNIT = re.compile(
    rf"(?P<space>[ \t]+)"
    rf"|[{_OPEN}]*(?:[^\s{_OPEN}{_CLOSE}{_WIDE}][^\s{_WIDE}（「『《〈【〔〖“‘]*|[{_WIDE}]|(?=[{_CLOSE}]))"
    rf"[{_CLOSE}]*(?:\[\d+\][{_CLOSE}]*)?"
    rf"|[{_OPEN}]+"
    rf"|\S"
)


def break_line(text: str, width: int) -> list[tuple[int, int]]:
    """Return the (start, end) offsets of the lines that ``text`` takes in ``width`` cells.

    Blanks at a break belong to no line.  A newline in ``text`` is a forced break.  Every visible character is
    in exactly one line, and no line is wider than ``max(width, 2)`` cells.
    """
    lines: list[tuple[int, int]] = []
    start = 0
    while True:
        end = text.find("\n", start)
        _break_one(text, start, len(text) if end < 0 else end, max(width, 2), lines)
        if end < 0:
            return lines
        start = end + 1


def _break_one(text: str, start: int, stop: int, width: int, lines: list[tuple[int, int]]) -> None:
    """Append the lines of the paragraph ``text[start:stop]``, always at least one."""
    if stop - start <= width and text[start:stop].isascii():
        lines.append((start, stop))
        return
    line_start = line_end = start
    used = gap = 0
    for match in _UNIT.finditer(text, start, stop):
        at, end = match.span()
        if match.lastgroup == "space":
            gap += end - at
            continue
        size = cell_len(match.group())
        if line_end == line_start:
            line_start = at
        elif used + gap + size > width:
            lines.append((line_start, line_end))
            line_start, used = at, 0
        else:
            used += gap
        used += size
        gap = 0
        line_end = end
        if used > width:
            line_start, used = _cut_unit(text, line_start, end, width, lines)
    lines.append((line_start, line_end))


def _cut_unit(text: str, start: int, end: int, width: int, lines: list[tuple[int, int]]) -> tuple[int, int]:
    """Cut a unit wider than the line between graphemes; return where its last piece begins and its width."""
    graphemes = [(start + at, size) for at, _, size in split_graphemes(text[start:end])[0]]
    first = 0
    while True:
        used, last = 0, first
        while last < len(graphemes) and used + graphemes[last][1] <= width:
            used += graphemes[last][1]
            last += 1
        if last == len(graphemes):
            return graphemes[first][0], used
        cut = max(last, first + 1)
        better = cut
        while better > first + 1 and not _may_break(text, graphemes[better][0]):
            better -= 1
        if better > first + 1 or _may_break(text, graphemes[better][0]):
            cut = better
        lines.append((graphemes[first][0], graphemes[cut][0]))
        first = cut


def _may_break(text: str, at: int) -> bool:
    """Say whether a line may begin with ``text[at]``."""
    return not (_CLINGS.match(text[at]) or text[at - 1] in OPENING)


def wrap(text: str, width: int) -> list[str]:
    """Return ``text`` as lines of at most ``width`` cells, tabs as single blanks."""
    text = text.replace("\t", " ")
    return [text[start:end].rstrip() for start, end in break_line(text, width)]
