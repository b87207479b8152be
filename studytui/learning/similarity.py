"""How alike two pieces of text are, tolerant of typos, punctuation and width; for knowing things again."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from difflib import SequenceMatcher

_DIGITS = re.compile(r"\d+(?:[.,]\d+)*")
_SHORT, _TINY = 40, 8


def plain(text: str) -> str:
    """Return ``text`` reduced to case-folded letters and digits; to its characters when it has neither.

    Full-width forms, punctuation, Markdown marks and blanks make no difference to what a text says.
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    kept = "".join(character for character in folded if character.isalnum())
    return kept or "".join(folded.split())


def numbers(text: str) -> tuple[str, ...]:
    """Return the numbers in ``text``, separators dropped; texts that differ in them differ in fact."""
    found = _DIGITS.findall(unicodedata.normalize("NFKC", text))
    return tuple(re.sub(r"[.,]", "", number) for number in found)


def ratio(a: str, b: str, floor: float = 0.0) -> float:
    """Return difflib's ratio of two `plain` texts, 0..1: the share of characters in common, in order.

    Below ``floor`` the answer may be 0, which is much cheaper to know.
    """
    if a == b:
        return 1.0
    matcher = SequenceMatcher(None, a, b, autojunk=False)
    if floor and (matcher.real_quick_ratio() < floor or matcher.quick_ratio() < floor):
        return 0.0
    return matcher.ratio()


def is_touched_up(a: str, b: str) -> bool:
    """Say whether two `plain` texts differ only as a text does before and after a correction.

    That is: a few slips of up to two characters, and whole pieces added, or whole pieces taken away.  One word
    put in another's place is a different statement.
    """
    if a in b or b in a:
        return bool(a) and bool(b)
    if min(len(a), len(b)) <= _TINY:
        return ratio(a, b) >= 0.6
    slips = added = removed = 0
    for cut, pasted in _gaps(a, b):
        if cut and pasted and max(cut, pasted) > 2:
            return False
        slips += max(cut, pasted) <= 2
        added += pasted > 2
        removed += cut > 2
    return slips <= 1 + min(len(a), len(b)) // 12 and added + removed <= 2 and not (added and removed)


def _gaps(a: str, b: str) -> list[tuple[int, int]]:
    """Return (characters of ``a``, characters of ``b``) between their common ends and runs of three or more."""
    start = _common_start(a, b)
    end = _common_start(a[start:][::-1], b[start:][::-1])
    a, b = a[start : len(a) - end], b[start : len(b) - end]
    gaps = []
    a_at = b_at = 0
    for a_from, b_from, size in SequenceMatcher(None, a, b, autojunk=False).get_matching_blocks():
        if size >= 3 or not size:  # the last block is empty and marks the ends
            gaps.append((a_from - a_at, b_from - b_at))
            a_at, b_at = a_from + size, b_from + size
    return [gap for gap in gaps if gap != (0, 0)]


def _common_start(a: str, b: str) -> int:
    pairs = enumerate(zip(a, b, strict=False))
    return next((at for at, (left, right) in pairs if left != right), min(len(a), len(b)))


def bigrams(text: str) -> Counter[str]:
    """Return the pairs of neighbouring characters of a `plain` text (the text itself when shorter)."""
    return Counter(text[i : i + 2] for i in range(len(text) - 1)) if len(text) > 1 else Counter([text])


def likeness(a: str, b: str) -> float:
    """Return how alike two `plain` texts are, 0..1; text added to one of them costs little.

    The greatest of: Dice's coefficient over bigrams, 0.9 x the share of the shorter text found in the longer,
    and for short texts (where one typo breaks most bigrams) difflib's ratio.
    """
    if a == b:
        return 1.0
    if not a or not b:
        return 0.0
    first, second = bigrams(a), bigrams(b)
    common = (first & second).total()
    dice = 2 * common / (first.total() + second.total())
    shorter = min(first.total(), second.total())
    contained = 0.9 * common / shorter if shorter >= 5 else 0.0
    close = ratio(a, b) if max(len(a), len(b)) <= _SHORT else 0.0
    return max(dice, contained, close)
