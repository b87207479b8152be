"""What a query means, whichever engine found the candidates: verify on the text, rank, cut a snippet.

Words must all be there, a "quoted phrase" and a word with marks inside (07:00, A:B) as written, a stretch of Chinese
as written; a Latin word also stands for words that begin with it or share its stem.  There are no operators.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from heapq import nlargest
from itertools import islice

from studytui.search.analyzer import CJK, fold, query_terms, runs, stem
from studytui.search.snippet import excerpt, locate

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
_IS_LATIN = re.compile(_LATIN)
_IS_CJK = re.compile(rf"[{CJK}]")
_WORD = re.compile(rf"{_LATIN}+")


@dataclass(frozen=True)
class Document:
    """One text that can be found: a note (``path`` inside the notes folder) or an article (its id).

    ``stamp`` changes whenever the text does; ``date`` (ISO 8601) breaks ties, newest first.  Keep the object as
    long as the text is the same: the folded text is computed once and stays with it.
    """

    path: str
    title: str
    body: str
    stamp: str = ""
    aliases: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    date: str = ""

    @cached_property
    def head(self) -> str:
        """The folded title, aliases and tags, a line each."""
        return "\n".join(fold(part) for part in (self.title, *self.aliases, *self.tags))

    @cached_property
    def text(self) -> str:
        """Everything that is searched, folded: the head, then the body on a line of its own."""
        return f"{self.head}\n{fold(self.body)}"


@dataclass(frozen=True)
class Hit:
    """One found document: ``snippet`` is safe text on one line, spans are (start, end) of what to highlight."""

    kind: str
    path: str
    title: str
    score: float
    snippet: str
    spans: tuple[tuple[int, int], ...]
    title_spans: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True)
class Results:
    """The best hits, how many documents matched in all, and whether the query had to be taken loosely."""

    hits: tuple[Hit, ...] = ()
    total: int = 0
    loose: bool = False


@dataclass(frozen=True)
class Unit:
    """One thing that must be there: "word" (Latin), "run" (Chinese), "joined" (07:00) or "phrase" (quoted)."""

    text: str
    kind: str
    loose: bool = False

    @property
    def groups(self) -> Groups:
        """The index terms that a document needs to be a candidate for this unit."""
        found = tuple(group for word, chinese in runs(self.text) for group in query_terms(word, chinese))
        if self.loose and self.kind == "run":
            return (tuple(term for group in found for term in group),)
        return found

    @cached_property
    def pairs(self) -> tuple[str, ...]:
        """The neighbouring pairs of a stretch of Chinese."""
        return tuple(dict.fromkeys(self.text[at : at + 2] for at in range(len(self.text) - 1)))

    def holds(self, text: str) -> bool:
        """Say whether the folded ``text`` has this unit."""
        if self.kind == "word":
            return next(self.spans(text), None) is not None
        if self.text in text:
            return True
        if not self.loose:
            return False
        if self.kind == "run":
            return sum(pair in text for pair in self.pairs) >= ENOUGH * len(self.pairs)
        return all(word in text for word, _chinese in runs(self.text))

    def spans(self, text: str) -> Iterator[tuple[int, int]]:
        """Yield where the folded ``text`` has it, whole occurrences before related words, unordered."""
        if self.kind == "word":
            yield from _word_spans(self.text, text)
            return
        yield from _occurrences(self.text, text)
        if self.loose:
            parts = self.pairs if self.kind == "run" else [word for word, _chinese in runs(self.text)]
            for part in parts:
                yield from _occurrences(part, text)


@dataclass(frozen=True)
class Query:
    """A parsed query; ``literal`` is all of it, folded."""

    literal: str
    units: tuple[Unit, ...]

    @property
    def groups(self) -> Groups:
        """The index terms of all units; empty when only marks were typed."""
        return tuple(dict.fromkeys(group for unit in self.units for group in unit.groups))

    @property
    def infix(self) -> bool:
        """Say whether a text can hold the query where no index term begins: "book" in "facebook", or marks."""
        return not self.units or _IS_LATIN.search(self.literal) is not None

    def loosened(self) -> Query | None:
        """Return the query to try when nothing was found, None when it cannot be taken more loosely."""
        units = tuple(
            replace(unit, loose=True)
            if unit.kind == "joined" or (unit.kind == "run" and len(unit.text) >= 4)
            else unit
            for unit in self.units
        )
        return replace(self, units=units) if units != self.units else None

    def matches(self, text: str) -> bool:
        """Say whether the folded ``text`` answers the query."""
        if self.units and all(unit.holds(text) for unit in self.units):
            return True
        return self.within(text)

    def within(self, text: str) -> bool:
        """Say whether a plain substring search for all of the query, or for each part, finds ``text``."""
        if self.literal in text:
            return True
        return len(self.units) > 1 and all(unit.text in text for unit in self.units)

    def spans(self, text: str) -> list[tuple[int, int, int]]:
        """Return where the folded ``text`` shows why it was found: (start, end, number of the unit)."""
        found: list[tuple[int, int, int]] = []
        for number, unit in enumerate(self.units):
            places = list(islice(unit.spans(text), MOST_PLACES))
            places = places or list(islice(_occurrences(unit.text, text), MOST_PLACES))
            found += [(start, end, number) for start, end in places]
        return found or [(a, b, 0) for a, b in islice(_occurrences(self.literal, text), MOST_PLACES)]


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


def find(
    query: str, fetch: Callable[[str | None], Iterable[Document]], limit: int = 20, kind: str = "article"
) -> Results:
    """Search through an FTS5 table: ``fetch`` gets a MATCH expression and returns the candidates.

    It gets None when the query has no words; it may then return what it likes, the newest for instance.
    """
    parsed = parse(query)
    if parsed is None:
        return Results()
    results = rank(parsed, fetch(fts_query(parsed)), limit, kind)
    looser = None if results.total else parsed.loosened()
    return rank(looser, fetch(fts_query(looser)), limit, kind, loose=True) if looser else results


def scan(query: str, documents: Iterable[Document], limit: int = 20, kind: str = "note") -> Results:
    """Search ``documents`` without any index; the documents may be iterated twice."""
    return find(query, lambda _match: documents, limit, kind)


def rank(
    query: Query, documents: Iterable[Document], limit: int = 20, kind: str = "note", *, loose: bool = False
) -> Results:
    """Return the best of the ``documents`` that match, title hits first, then whole words, then newest."""
    matching = [document for document in documents if query.matches(document.text)]
    return best(query, matching, limit, kind, loose=loose)


def best(query: Query, matching: list[Document], limit: int, kind: str, *, loose: bool = False) -> Results:
    """Return the ``limit`` best of documents that are known to match."""
    scored = [(score(query, document), document.date, document.path, document) for document in matching]
    chosen = nlargest(limit, scored, key=lambda entry: entry[:3])
    hits = tuple(_hit(query, document, points, kind) for points, _date, _path, document in chosen)
    return Results(hits, len(matching), loose and bool(matching))


def score(query: Query, document: Document) -> float:
    """Return how well a matching document answers: 0-100 for the title, up to 30 for the text.

    The title counts by how much of it the query is, aliases and tags a little less; the text counts by the
    query as a whole, by word boundaries and by frequency, which saturates.
    """
    head, text = document.head, document.text
    points = 0.0
    if query.literal in head:
        lines = enumerate(head.split("\n"))
        points = max(_line_points(query.literal, line) - (5 if number else 0) for number, line in lines)
    elif query.units:
        points = 40 * sum(unit.text in head for unit in query.units) / len(query.units)
    if len(query.units) > 1 and query.literal in text:
        points += 10
    for unit in query.units:
        points += (_edges(unit.text, text) * 5 + 5 * _saturated(text.count(unit.text))) / len(query.units)
    return round(points, 3)


def _line_points(literal: str, line: str) -> float:
    """Return 100 for a title that is the query, 80-90 for one that begins with it, 60-70 when it is inside."""
    at = line.find(literal)
    if at < 0:
        return 0.0
    if line == literal:
        return 100.0
    return (80.0 if at == 0 else 60.0) + 10.0 * len(literal) / len(line)


def _saturated(count: int) -> float:
    return count / (count + 2)


def _edges(needle: str, text: str) -> float:
    """Return 2 for an occurrence with word boundaries on both sides, 1 for one side, of the first eight."""
    most = 0
    for number, (start, end) in enumerate(_occurrences(needle, text)):
        most = max(most, _is_edge(text, start - 1, start) + _is_edge(text, end, end - 1))
        if most == 2 or number == 7:
            break
    return most


def _is_edge(text: str, outside: int, inside: int) -> bool:
    """Say whether two neighbours belong to different words as far as the script tells."""
    if not 0 <= outside < len(text):
        return True
    pattern = _IS_CJK if _IS_CJK.match(text[inside]) else _IS_LATIN
    return pattern.match(text[outside]) is None


def _occurrences(needle: str, text: str) -> Iterator[tuple[int, int]]:
    at = text.find(needle)
    while at >= 0:
        yield at, at + len(needle)
        at = text.find(needle, at + len(needle))


def _word_spans(word: str, text: str) -> Iterator[tuple[int, int]]:
    """Yield words that begin with ``word`` (its letters), then other words of the same stem (whole)."""
    for start, end in _occurrences(word, text):
        if _is_edge(text, start - 1, start):
            yield start, end
    root = stem(word)
    shared = next((word[:n] for n in range(len(word), 0, -1) if root.startswith(word[:n])), "")
    if len(shared) < 2 or shared == word:
        return
    for start, _end in _occurrences(shared, text):
        if _is_edge(text, start - 1, start):
            other = _WORD.match(text, start)
            if other and not other[0].startswith(word) and stem(other[0]) == root:
                yield other.span()


def _hit(query: Query, document: Document, points: float, kind: str) -> Hit:
    title, title_spans = locate(document.title, query.spans)
    text, spans = excerpt(document.body, query.spans)
    return Hit(kind, document.path, title, points, text, spans, title_spans)
