"""Bars, sparklines and trees of text cells, with plain glyphs for terminals that have no others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from studytui.practice.report import Branch

_EIGHTHS = " ▏▎▍▌▋▊▉█"
_LEVELS = "▁▂▃▄▅▆▇█"
_PLAIN_LEVELS = "12345678"
GAP = "·"
_PLAIN_GAP = "."


def bar(share: float | None, cells: int, plain: bool = False) -> str:
    """Return a bar of ``share`` (0 to 1, more is cut) of ``cells`` cells, padded to them; a gap is a dot.

    Something above nothing always shows, however little it is.
    """
    if share is None:
        return (_PLAIN_GAP if plain else GAP).ljust(cells)
    share = min(1.0, max(0.0, share))
    if plain:
        return ("#" * (round(share * cells) or (share > 0))).ljust(cells)
    eighths = round(share * cells * 8) or (share > 0)
    full, rest = divmod(int(eighths), 8)
    return ("█" * full + (_EIGHTHS[rest] if rest else "")).ljust(cells)


def sparkline(values: Sequence[float | None], plain: bool = False) -> str:
    """Return one glyph a value from lowest to highest; a gap stays a gap, equal values stand in the middle."""
    levels, gap = (_PLAIN_LEVELS, _PLAIN_GAP) if plain else (_LEVELS, GAP)
    known = [value for value in values if value is not None]
    if not known:
        return gap * len(values)
    low, span = min(known), max(known) - min(known)

    def glyph(value: float) -> str:
        return (
            levels[round((value - low) / span * (len(levels) - 1))] if span else levels[len(levels) // 2 - 1]
        )

    return "".join(gap if value is None else glyph(value) for value in values)


def tree(branches: Sequence[Branch], plain: bool = False) -> Iterator[str]:
    """Yield one line a branch with the lines that join it to its root."""
    tee, corner, bar_, blank = ("|- ", "`- ", "|  ", "   ") if plain else ("├─ ", "└─ ", "│  ", "   ")
    for position, branch in enumerate(branches):
        prefix = ""
        for depth in range(1, branch.depth + 1):
            more = _continues(branches, position, depth)
            if depth == branch.depth:
                prefix += tee if more else corner
            else:
                prefix += bar_ if more else blank
        yield prefix + branch.text


def _continues(branches: Sequence[Branch], position: int, depth: int) -> bool:
    """Say whether a later branch hangs at ``depth`` under the same parent."""
    for branch in branches[position + 1 :]:
        if branch.depth <= depth:
            return branch.depth == depth
    return False
