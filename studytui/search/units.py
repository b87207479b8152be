"""What a query means, whichever engine finds the candidates, and never an exception.

Words must all be there, a "quoted phrase" and a word with marks inside (07:00, A:B) as written, a stretch of Chinese
as written; a Latin word also stands for words that begin with it or share its stem.  There are no operators.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import islice

from studytui.search.analyzer import CJK, EDGE, fold, query_terms, runs, stem

LONGEST_QUERY = 48
MOST_UNITS = 8
MOST_PLACES = 50
ENOUGH = 0.6
"""Share of the pairs of a Chinese stretch that must be there once nothing holds the stretch as typed."""

Groups = tuple[tuple[str, ...], ...]
"""Index terms: one of every group must be there."""

_LATIN = rf"[^\W_{CJK}]"
_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»「」『』", '"'))
_CHUNKS = re.compile(r'"([^"]*)"?|[^\s"]+')
_PIECES = re.compile(rf"({_LATIN}+(?:(?:[^\w\s]|_)+{_LATIN}+)+)|([{CJK}]+)|({_LATIN}+)")
_WORD = re.compile(rf"{_LATIN}+")
_IS_LATIN = re.compile(_LATIN)
_IS_CJK = re.compile(rf"[{CJK}]")


@dataclass(frozen=True)
class Unit:
    """One thing that must be there: "word" (Latin), "run" (Chinese), "joined" (07:00) or "phrase" (quoted)."""

    text: str
    kind: str
    loose: bool = False

    @cached_property
    def groups(self) -> Groups:
        """The index terms that a document needs to be a candidate for this unit."""
        found = tuple(group for word, chinese in runs(self.text) for group in query_terms(word, chinese))
        if self.loose and self.kind == "run":
            return (tuple(term for group in found for term in group),)
        return found

    @property
    def proven(self) -> bool:
        """Say whether the index terms alone prove that a document holds the unit."""
        if self.kind == "word":
            return len(self.text) <= EDGE and len(self.groups[0]) == 1
        return self.kind == "run" and len(self.text) <= 2

    @cached_property
    def parts(self) -> tuple[str, ...]:
        """What a loose unit is made of: pairs of Chinese characters, or the words around its marks."""
        if self.kind == "run":
            return tuple(dict.fromkeys(self.text[at : at + 2] for at in range(len(self.text) - 1)))
        return tuple(word for word, _chinese in runs(self.text))

    @cached_property
    def shared(self) -> str:
        """How all words of the same stem begin; empty when words that begin with the unit are all there are."""
        root = stem(self.text)
        shared = next((root[:n] for n in range(len(root), 0, -1) if self.text.startswith(root[:n])), "")
        if shared == root and root[-1] in "iy":  # the stem of happy is happi, of skies sky
            shared = shared[:-1]
        return shared if len(shared) > 1 and shared != self.text else ""

    def holds(self, text: str) -> bool:
        """Say whether the folded ``text`` has this unit."""
        at = text.find(self.text)
        if self.kind == "word":
            # Most words follow a blank: one search in C instead of a look at every occurrence.
            if at >= 0 and (is_edge(text, at - 1, at) or f" {self.text}" in text):
                return True
            related = bool(self.shared) and self.shared in text
            return (at >= 0 or related) and next(self.spans(text), None) is not None
        if at >= 0 or not self.loose:
            return at >= 0
        if self.kind == "run":
            return sum(part in text for part in self.parts) >= ENOUGH * len(self.parts)
        return all(Unit(part, "word").holds(text) for part in self.parts)

    def spans(self, text: str) -> Iterator[tuple[int, int]]:
        """Yield where the folded ``text`` has it: as typed first, then what it also stands for."""
        if self.kind == "word":
            yield from self._word_spans(text)
            return
        yield from occurrences(self.text, text)
        for part in self.parts if self.loose else ():
            yield from occurrences(part, text) if self.kind == "run" else Unit(part, "word").spans(text)

    def _word_spans(self, text: str) -> Iterator[tuple[int, int]]:
        """Yield the beginnings of words that are this word, then whole words of the same stem."""
        for start, end in occurrences(self.text, text):
            if is_edge(text, start - 1, start):
                yield start, end
        if not self.shared:
            return
        root = stem(self.text)
        for start, _end in occurrences(self.shared, text):
            if is_edge(text, start - 1, start):
                other = _WORD.match(text, start)
                if other and not other[0].startswith(self.text) and stem(other[0]) == root:
                    yield other.span()


@dataclass(frozen=True)
class Query:
    """A parsed query; ``literal`` is all of it, folded."""

    literal: str
    units: tuple[Unit, ...]

    @cached_property
    def groups(self) -> Groups:
        """The index terms of all units; empty when only marks were typed."""
        return tuple(dict.fromkeys(group for unit in self.units for group in unit.groups))

    @cached_property
    def infix(self) -> bool:
        """Say whether a text can hold the query where no index term begins: "book" in "facebook", or marks."""
        return not self.units or _IS_LATIN.search(self.literal) is not None

    @cached_property
    def proven(self) -> bool:
        """Say whether an index that knows a document's terms knows that it answers, without its text."""
        return bool(self.units) and all(unit.proven for unit in self.units)

    def matches(self, text: str) -> bool:
        """Say whether the folded ``text`` answers the query in any way."""
        return self.holds(text) or (self.infix and self.within(text))

    def loosened(self) -> Query | None:
        """Return the query to try when nothing was found, None when it cannot be taken more loosely."""
        units = tuple(
            replace(unit, loose=True)
            if unit.kind == "joined" or (unit.kind == "run" and len(unit.text) >= 4)
            else unit
            for unit in self.units
        )
        return replace(self, units=units) if units != self.units else None

    def holds(self, text: str) -> bool:
        """Say whether the folded ``text`` answers the query, word by word."""
        return bool(self.units) and all(unit.holds(text) for unit in self.units)

    @cached_property
    def needles(self) -> tuple[str, ...]:
        """What a plain substring search looks for, the longest and so rarest first."""
        texts = {unit.text for unit in self.units} or {self.literal}
        return tuple(sorted(texts, key=lambda text: (-len(text), text)))

    def within(self, text: str) -> bool:
        """Say whether all parts of the query are in ``text`` anywhere, inside of longer words too.

        Whoever holds the query as typed passes: its parts are pieces of it.
        """
        return all(needle in text for needle in self.needles)

    def spans(self, text: str) -> list[tuple[int, int, int]]:
        """Return where the folded ``text`` shows why it was found: (start, end, number of the unit)."""
        found: list[tuple[int, int, int]] = []
        for number, unit in enumerate(self.units):
            places = list(islice(unit.spans(text), MOST_PLACES))
            places = places or list(islice(occurrences(unit.text, text), MOST_PLACES))
            found += [(start, end, number) for start, end in places]
        return found or [(a, b, 0) for a, b in islice(occurrences(self.literal, text), MOST_PLACES)]


def parse(query: str) -> Query | None:
    """Return what ``query`` means, None when nothing is asked.  Any text is a query; none raises."""
    literal = fold(query[: 8 * LONGEST_QUERY])[:LONGEST_QUERY].strip()
    if not literal:
        return None
    units: dict[Unit, None] = {}
    for chunk in _CHUNKS.finditer(literal.translate(_QUOTES)):
        if chunk[1] is not None:
            phrase = chunk[1].strip()
            if _PIECES.search(phrase):
                units[Unit(phrase, "phrase")] = None
            continue
        for piece in _PIECES.finditer(chunk[0]):
            kind = "joined" if piece[1] else "run" if piece[2] else "word"
            units[Unit(piece[0], kind)] = None
    return Query(literal, tuple(units)[:MOST_UNITS])


def fts_query(query: str | Query) -> str | None:
    """Return the FTS5 MATCH expression that finds the candidates, None when no index can narrow the query.

    For a table fed with `analyzer.index_text`.  Terms are letters and digits in quotes: nothing of what was
    typed reaches FTS5's syntax.
    """
    parsed = parse(query) if isinstance(query, str) else query
    if parsed is None or not parsed.groups:
        return None
    clauses = (" OR ".join(f'"{term}"' for term in group) for group in parsed.groups)
    return " AND ".join(f"({clause})" for clause in clauses)


def occurrences(needle: str, text: str) -> Iterator[tuple[int, int]]:
    """Yield (start, end) of every ``needle`` in ``text``, not overlapping."""
    at = text.find(needle)
    while at >= 0:
        yield at, at + len(needle)
        at = text.find(needle, at + len(needle))


def is_edge(text: str, outside: int, inside: int) -> bool:
    """Say whether two neighbouring characters belong to different words as far as the script tells."""
    if not 0 <= outside < len(text):
        return True
    neighbour, own = text[outside], text[inside]
    if neighbour.isascii():
        return not (neighbour.isalnum() and (own.isascii() or not _IS_CJK.match(own)))
    if "\u4e00" <= neighbour <= "\u9fff":
        return _IS_CJK.match(own) is None
    pattern = _IS_CJK if _IS_CJK.match(own) else _IS_LATIN
    return pattern.match(neighbour) is None
