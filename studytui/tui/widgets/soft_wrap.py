"""Where an editor wraps a line: fast enough for paragraphs of any length, by the rules of Chinese typesetting.

Unlike `line_break` every character belongs to a line, blanks at a break included, because the cursor may stand
on it; and the work grows with the number of rows, not with the number of characters.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right

from rich.cells import cell_len

from studytui.tui.widgets.line_break import CLOSING, OPENING

TAB = 4
_CLINGING = (range(0x300, 0x370), range(0x1F3FB, 0x1F400))  # accents and skin tones
_NEVER_FIRST = (frozenset(CLOSING) - {"-"}) | {chr(code) for codes in _CLINGING for code in codes}
_NEVER_LAST = frozenset(OPENING)
_BLANK = " \t"


def expand_tabs(text: str) -> tuple[str, list[int]]:
    """Return ``text`` with tabs as blanks up to the next multiple of four cells, and each character's origin."""
    pieces: list[str] = []
    origins: list[int] = []
    cells = 0
    for at, char in enumerate(text):
        piece = " " * (TAB - cells % TAB) if char == "\t" else char
        pieces.append(piece)
        origins += [at] * len(piece)
        cells += len(piece) if char == "\t" else cell_len(char)
    return "".join(pieces), [*origins, len(text)]


def soft_breaks(text: str, width: int) -> list[int]:
    """Return the offsets at which rows of at most ``width`` cells begin, the first row left out."""
    if width < 2 or (len(text) <= width and cell_len(text) <= width and "\t" not in text):
        return []
    if "\t" in text:
        expanded, origins = expand_tabs(text)
        return sorted({origins[at] for at in _breaks(expanded, width)} - {0})
    return _breaks(text, width)


def _breaks(text: str, width: int) -> list[int]:
    found: list[int] = []
    start = 0
    while True:
        end = _fitting(text, start, width)
        if end >= len(text):
            return found
        start = _permitted(text, start, end)
        if start >= len(text):
            return found
        found.append(start)


def _fitting(text: str, start: int, width: int) -> int:
    """Return the end of the longest stretch from ``start`` that is at most ``width`` cells wide, one at least."""
    piece = text[start : start + width]
    if cell_len(piece) <= width:
        return start + len(piece)
    fits = bisect_right(range(1, len(piece)), width, key=lambda size: cell_len(piece[:size]))
    return start + max(fits, 1)


def _permitted(text: str, start: int, end: int) -> int:
    """Return where the row after ``text[start:end]`` begins: there, behind hanging blanks, or a little earlier."""
    if text[end] in _BLANK:
        while end < len(text) and text[end] in _BLANK:
            end += 1
        return end
    at = end
    while at > start and not _may_begin(text, at):
        at -= 1
    # A word wider than the row is cut where the row ends, only never within one character.
    if at > start and text[start:at].strip():
        return at
    while end > start + 1 and text[end] in _NEVER_FIRST and text[end - 1] not in _NEVER_FIRST:
        end -= 1
    return end


def _may_begin(text: str, at: int) -> bool:
    before, here = text[at - 1], text[at]
    if before in _BLANK:
        return True
    return (before >= "⺀" or here >= "⺀") and here not in _NEVER_FIRST and before not in _NEVER_LAST


def column_at(text: str, cells: int) -> int:
    """Return the offset of the character that covers the cell ``cells`` of ``text``, its length when none does."""
    if cells <= 0:
        return 0
    return min(
        bisect_left(range(1, len(text) + 1), cells + 1, key=lambda size: cell_len(text[:size])), len(text)
    )
