"""From text to index terms, the same for Whoosh and for SQLite's FTS5.

Chinese becomes single characters and pairs of neighbours (bigrams), a Latin word becomes its beginnings of one to
five letters and the beginning of its stem.  So a term answers "may hold it"; `units.Query` verifies on the text.
Terms hold letters and digits only: every FTS5 tokenizer keeps them whole.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path

VERSION = 1
"""Raised when the same text gives other terms than before; an index of another version is built anew."""

EDGE = 5
"""Longest beginning of a Latin word that is indexed, in letters."""

LONGEST = 40
"""Longest letter sequence that is taken for an English word."""

CJK = (
    "\u3005-\u3007\u3021-\u3029\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u3105-\u312f\u31a0-\u31bf"
)
CJK += "\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufad9\U00020000-\U000323af"
"""Scripts written without blanks between words, as the inside of a regular expression's set."""

RUNS = re.compile(rf"([{CJK}]+)|([^\W_{CJK}]+)")
"""A stretch of such a script (group 1), or a word of any other script with its digits (group 2)."""

_INVISIBLE = "\u00ad\u200b\u200c\u200d\ufe0e\ufe0f\ufeff"


def fold(text: str) -> str:
    """Return ``text`` as it is compared: NFKC, case-folded, simplified, without accents, blanks single.

    Both sides of every comparison pass here, so that ＣＲＭ is crm, 客戶 is 客户 and café is cafe.
    """
    return " ".join(fold_characters(text).split())


def fold_characters(text: str) -> str:
    """Return ``text`` folded, with its blanks as they are."""
    if text.isascii():
        return text.lower()
    return unicodedata.normalize("NFKC", text).casefold().translate(_table())


def runs(folded: str) -> Iterator[tuple[str, bool]]:
    """Yield (word, True when it is a stretch of Chinese) of folded text, split where the script changes."""
    for match in RUNS.finditer(folded):
        yield match[0], match[1] is not None


def index_terms(text: str) -> set[str]:
    """Return the distinct terms under which ``text`` is found."""
    return set(index_tokens(text))


def index_tokens(text: str) -> list[str]:
    """Return the terms of ``text`` in order, repeated as often as they occur."""
    tokens: list[str] = []
    for word, chinese in runs(fold(text)):
        if chinese:
            tokens.extend(word)
            tokens.extend(word[at : at + 2] for at in range(len(word) - 1))
        else:
            tokens.extend(_word_terms(word))
    return tokens


def index_text(text: str) -> str:
    """Return the terms of ``text`` joined by blanks: what an FTS5 table is fed (tokenize='unicode61')."""
    return " ".join(index_tokens(text))


def query_terms(word: str, chinese: bool) -> tuple[tuple[str, ...], ...]:
    """Return the terms of one folded query word: all groups must be there, of each group any one term."""
    if not chinese:
        return (tuple(sorted({word[:EDGE], stem(word)[:EDGE]})),)
    if len(word) == 1:
        return ((word,),)
    return tuple(dict.fromkeys((word[at : at + 2],) for at in range(len(word) - 1)))


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """Return the Porter2 stem of an English word, any other word unchanged."""
    if not (word.isascii() and word.isalpha()) or len(word) > LONGEST:
        return word
    from whoosh.lang.porter2 import stem as porter2

    return str(porter2(word)) or word


@lru_cache(maxsize=50_000)
def _word_terms(word: str) -> tuple[str, ...]:
    edges = [word[:length] for length in range(1, min(EDGE, len(word)) + 1)]
    root = stem(word)[:EDGE]
    return (*edges, root) if root not in edges and root[:2] == word[:2] else tuple(edges)


@cache
def _table() -> list[int | None]:
    """Return what each character below U+10000 becomes; a list is four times as fast as a dict here."""
    table: list[int | None] = list(range(0x10000))
    for code in (*range(0xC0, 0x250), *range(0x1E00, 0x1F00)):
        base = unicodedata.normalize("NFD", chr(code))[0]
        if base.isascii():
            table[code] = ord(base)
    lines = (Path(__file__).parent / "t2s.txt").read_text("utf-8").splitlines()
    pairs = "".join(line for line in lines if not line.startswith("#"))
    for traditional, simplified in zip(pairs[::2], pairs[1::2], strict=True):
        table[ord(traditional)] = ord(simplified)
    for char in _INVISIBLE:
        table[ord(char)] = None
    return table
