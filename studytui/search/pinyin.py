"""Completion by pinyin: khgx, kehu or kehugx bring 客户关系.

For someone whose input method is off, or who has not yet finished choosing characters.
"""

from __future__ import annotations

from functools import cache, lru_cache
from pathlib import Path

from studytui.search.analyzer import fold
from studytui.search.units import is_edge

LONGEST = 40
_TWO_LETTER_INITIALS = ("zh", "ch", "sh")


def pinyin_span(typed: str, text: str) -> tuple[int, int] | None:
    """Return (start, end) of the first stretch of ``text`` that ``typed`` abbreviates, None without one.

    Every Chinese character takes its syllable, its initial (zh, ch and sh also as z, c and s) or, when it is the
    last, any beginning of its syllable; a letter or digit takes itself, a blank or mark nothing.  ü is typed v.
    A match begins with a character or a word and holds something Chinese.
    """
    letters = _letters(typed)
    if not letters:
        return None
    sounds = _sounds(text)
    for start, readings in enumerate(sounds):
        if any(reading[0] == letters[0] for reading in readings) and _begins(text, start):
            end = _match(letters, sounds, start)
            if end is not None and not text[start:end].isascii():
                return start, end
    return None


def _letters(typed: str) -> str:
    """Return what counts of the typed text; an apostrophe or a blank between syllables does not."""
    letters = fold(typed[:LONGEST].replace("ü", "v")).replace("'", "").replace("’", "").replace(" ", "")
    return letters if letters.isascii() and letters.isalnum() else ""


def _begins(text: str, start: int) -> bool:
    """Say whether a match may begin here: anywhere in Chinese, at the beginning of a word in Latin."""
    return not text[start].isascii() or is_edge(text, start - 1, start)


def _match(letters: str, sounds: tuple[tuple[str, ...], ...], start: int) -> int | None:
    """Return where a match from ``start`` ends, the shortest; follows all ways to share out the letters."""
    states = {0}
    for at in range(start, len(sounds)):
        if not sounds[at]:
            continue
        following: set[int] = set()
        for done in states:
            rest = letters[done:]
            for reading in sounds[at]:
                if reading.startswith(rest):
                    return at + 1
                following.update(done + size for size in _sizes(reading) if rest.startswith(reading[:size]))
        if not following:
            return None
        states = following
    return None


def _sizes(reading: str) -> set[int]:
    """Return how many letters of a syllable may stand for it."""
    return {1, len(reading), 2 if reading.startswith(_TWO_LETTER_INITIALS) else 1}


@lru_cache(maxsize=20_000)
def _sounds(text: str) -> tuple[tuple[str, ...], ...]:
    """Return for each character of ``text`` what may be typed for it; nothing for blanks and marks."""
    table = _table()
    return tuple(table.get(folded, _itself(folded)) for folded in (fold(char) for char in text))


def _itself(folded: str) -> tuple[str, ...]:
    return (folded,) if folded.isascii() and folded.isalnum() else ()


@cache
def _table() -> dict[str, tuple[str, ...]]:
    """Return the readings of each character without tones."""
    found: dict[str, list[str]] = {}
    for line in (Path(__file__).parent / "pinyin.txt").read_text("utf-8").splitlines():
        if not line.startswith("#"):
            syllable, _blank, characters = line.partition(" ")
            for char in characters:
                found.setdefault(char, []).append(syllable)
    return {char: tuple(syllables) for char, syllables in found.items()}
