"""Finding one of many by a few typed characters, in English and in Chinese."""

from __future__ import annotations

from collections.abc import Iterable

_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}


def score(query: str, *texts: str) -> float:
    """Return how well ``query`` fits the best of ``texts``: 0 not at all, 1 exactly.

    Every word of the query must be found: as a beginning, inside, by its pinyin (khgx is 客户关系), or as
    characters in order with gaps.  Case and full-width forms do not matter.
    """
    words = query.translate(_FULL_WIDTH).casefold().split()
    if not words:
        return 0.5
    return max((_fit(words, text.translate(_FULL_WIDTH).casefold()) for text in texts if text), default=0.0)


def _fit(words: Iterable[str], text: str) -> float:
    total = 0.0
    count = 0
    for word in words:
        one = _word(word, text)
        if not one:
            return 0.0
        total += one
        count += 1
    return total / count


def _word(word: str, text: str) -> float:
    if word == text:
        return 1.0
    at = text.find(word)
    if at == 0:
        return 0.9
    if at > 0:
        return 0.8 if not text[at - 1].isalnum() else 0.7
    return _by_pinyin(word, text) or _in_order(word, text)


def _by_pinyin(word: str, text: str) -> float:
    if text.isascii() or not word.isascii():
        return 0.0
    from studytui.search.pinyin import pinyin_span

    span = pinyin_span(word, text)
    return 0.0 if span is None else 0.6 if span[0] else 0.65


def _in_order(word: str, text: str) -> float:
    """Return up to 0.5 when the characters of ``word`` follow one another in ``text``; near ones score higher."""
    first = at = text.find(word[0])
    if first < 0:
        return 0.0
    for character in word[1:]:
        at = text.find(character, at + 1)
        if at < 0:
            return 0.0
    return 0.5 * len(word) / (at - first + 1)
