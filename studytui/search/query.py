"""From candidates to the few that are shown: verified on their text, the best first, each with a snippet.

The same for notes and articles; whoever finds the candidates (Whoosh, FTS5, nobody) hands over documents.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from functools import cached_property
from heapq import nlargest
from itertools import islice

from studytui.search.analyzer import fold
from studytui.search.snippet import Spans, excerpt, locate
from studytui.search.units import Query, fts_query, is_edge, occurrences, parse

CLOSELY = 100
"""Of the titles that hold the query, and of the newest texts, so many at most are compared closely."""


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
    spans: Spans
    title_spans: Spans = ()


@dataclass(frozen=True)
class Results:
    """The best hits, how many documents match word by word, and whether the query had to be taken loosely.

    Documents with the query inside of longer words count in ``total`` only when there was room for them.
    """

    hits: tuple[Hit, ...] = ()
    total: int = 0
    loose: bool = False


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


def scan(query: str, documents: Collection[Document], limit: int = 20, kind: str = "note") -> Results:
    """Search ``documents`` without any index."""
    return find(query, lambda _match: documents, limit, kind)


def rank(
    query: Query, documents: Iterable[Document], limit: int = 20, kind: str = "note", *, loose: bool = False
) -> Results:
    """Return the best of the ``documents`` that match."""
    documents = list(documents)
    words = [document for document in documents if query.holds(document.text)]
    return best(query, words, documents, limit, kind, loose=loose)


def best(
    query: Query,
    words: list[Document],
    others: Iterable[Document],
    limit: int,
    kind: str,
    *,
    loose: bool = False,
) -> Results:
    """Return the ``limit`` best of the documents known to hold the ``words``, and their number.

    Title hits come first, then whole words, then the newest.  Only while there is room, ``others`` that hold
    the query inside of longer words are looked for and follow.
    """
    chosen = _top(query, words, limit)
    inside = _inside(query, words, others) if query.infix and len(words) < limit else []
    chosen += [(points / 10, document) for points, document in _top(query, inside, limit - len(chosen))]
    total = len(words) + len(inside)
    return Results(
        tuple(_hit(query, each, points, kind) for points, each in chosen), total, loose and total > 0
    )


def _inside(query: Query, words: list[Document], others: Iterable[Document]) -> list[Document]:
    known = {document.path for document in words}
    rarest = query.needles[0]
    return [
        document
        for document in others
        if rarest in document.text and document.path not in known and query.within(document.text)
    ]


def _top(query: Query, documents: list[Document], limit: int) -> list[tuple[float, Document]]:
    if len(documents) > 2 * CLOSELY:
        documents = _promising(query, documents)
    scored = [(score(query, document), document) for document in documents]
    return nlargest(limit, scored, key=lambda entry: (entry[0], entry[1].date, entry[1].path))


def _promising(query: Query, documents: list[Document]) -> list[Document]:
    """Return the few worth a close look when a query fits very many: titles that hold it, then the newest."""
    titled = [document for needle in query.needles for document in documents if needle in document.head]
    nearest = nlargest(CLOSELY, titled, key=lambda document: (query.literal in document.head, document.date))
    newest = nlargest(CLOSELY, documents, key=lambda document: document.date)
    return list({document.path: document for document in (*nearest, *newest)}.values())


def score(query: Query, document: Document) -> float:
    """Return how well a matching document answers: 0-100 for the title, up to 25 for the text.

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
        count = text.count(unit.text)
        points += (5 * _edges(unit.text, text) + 5 * count / (count + 2)) / len(query.units)
    return round(points, 3)


def _line_points(literal: str, line: str) -> float:
    """Return 100 for a title that is the query, 80-90 for one that begins with it, 60-70 when it is inside."""
    at = line.find(literal)
    if at < 0:
        return 0.0
    if line == literal:
        return 100.0
    return (80.0 if at == 0 else 60.0) + 10.0 * len(literal) / len(line)


def _edges(needle: str, text: str) -> int:
    """Return 2 when an early occurrence has word boundaries on both sides, 1 for one side, else 0."""
    most = 0
    for start, end in islice(occurrences(needle, text), 4):
        most = max(most, is_edge(text, start - 1, start) + is_edge(text, end, end - 1))
        if most == 2:
            break
    return most


def _hit(query: Query, document: Document, points: float, kind: str) -> Hit:
    title, title_spans = locate(document.title, query.spans)
    text, spans = excerpt(document.body, query.spans)
    return Hit(kind, document.path, title, round(points, 3), text, spans, title_spans)
