"""Queries over the library's articles: lists, one article, the next unread."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from studytui.errors import StudyError
from studytui.i18n import _
from studytui.reading.library.article import Article, ArticleSummary, FeedSummary

Order = Literal["newest", "feed"]
"""By date, undated ones by when they were first seen, ties as in the feed; or as the feeds' documents have them."""

_ORDERS = {
    "newest": "a.sort DESC, a.first_seen DESC, a.position, a.n",
    "feed": "a.first_seen DESC, a.position, a.n",
}
_BACKWARDS = "a.sort, a.first_seen, a.position DESC, a.n DESC"
_SUMMARY = (
    "a.id, a.title, f.name, a.url, a.published, a.first_seen, a.position, a.read, a.starred, a.noted, a.lead"
)
_SUMMARIES = f"SELECT {_SUMMARY} FROM article a JOIN feed f ON f.id = a.feed"  # noqa: S608
_FULL = (
    f"SELECT {_SUMMARY}, a.link, a.author, t.body, hex(a.digest), a.n "  # noqa: S608
    "FROM article a JOIN feed f ON f.id = a.feed JOIN article_text t ON t.n = a.n"
)
_FEEDS = """
SELECT f.name, f.address, f.enabled, f.title, f.site,
    coalesce(c.unread, 0), coalesce(c.total, 0), coalesce(c.starred, 0),
    f.status, f.error, f.hint, f.checked_at, f.moved_to
FROM feed f LEFT JOIN (
    SELECT feed, count(*) AS total, sum(NOT read) AS unread, sum(starred) AS starred
    FROM article WHERE shown GROUP BY feed
) c ON c.feed = f.id
WHERE f.listed ORDER BY f.place
"""
_CHUNK = 500


@dataclass(frozen=True)
class Filter:
    """Which articles a list holds: all shown ones, or those of one feed, the unread, the starred."""

    feed: str | None = None
    unread: bool = False
    starred: bool = False

    def where(self, database: sqlite3.Connection) -> tuple[str, list[object]]:
        """Return the SQL condition on ``article a`` and its values.  Raises StudyError for an unknown feed."""
        conditions, values = ["a.shown"], list[object]()
        if self.feed is not None:
            conditions.append("a.feed = ?")
            values.append(_feed_number(database, self.feed))
        if self.unread:
            conditions.append("NOT a.read")
        if self.starred:
            conditions.append("a.starred")
        return " AND ".join(conditions), values


def feeds(database: sqlite3.Connection) -> list[FeedSummary]:
    """Return the followed feeds in the order of feeds.yaml, with their counts."""
    return [_feed(row) for row in database.execute(_FEEDS)]


def ids(
    database: sqlite3.Connection, wanted: Filter, order: Order, limit: int | None, offset: int
) -> list[str]:
    """Return the ids of a list from ``offset`` on."""
    where, values = wanted.where(database)
    query = f"SELECT a.id FROM article a WHERE {where} ORDER BY {_ORDERS[order]} LIMIT ? OFFSET ?"  # noqa: S608
    return [row[0] for row in database.execute(query, (*values, -1 if limit is None else limit, offset))]


def count(database: sqlite3.Connection, wanted: Filter) -> int:
    """Return how many articles a list holds."""
    where, values = wanted.where(database)
    return int(database.execute(f"SELECT count(*) FROM article a WHERE {where}", values).fetchone()[0])  # noqa: S608


def summaries(database: sqlite3.Connection, wanted: Sequence[str]) -> list[ArticleSummary]:
    """Return the summaries of the articles with these ids, in this order."""
    found: dict[str, ArticleSummary] = {}
    for start in range(0, len(wanted), _CHUNK):
        chunk = wanted[start : start + _CHUNK]
        for row in database.execute(f"{_SUMMARIES} WHERE a.id IN ({holes(chunk)})", chunk):
            found[row[0]] = ArticleSummary(*_summary(row))
    return [found[identity] for identity in wanted if identity in found]


def by_number(database: sqlite3.Connection, wanted: Sequence[int]) -> list[Article]:
    """Return the articles with these row numbers, in this order."""
    found: dict[int, Article] = {}
    for start in range(0, len(wanted), _CHUNK):
        chunk = wanted[start : start + _CHUNK]
        for row in database.execute(f"{_FULL} WHERE a.n IN ({holes(chunk)})", chunk):
            found[row[15]] = _article(row)
    return [found[n] for n in wanted if n in found]


def article(database: sqlite3.Connection, identity: str) -> Article:
    """Return one article by its id or an unambiguous beginning of it.  Raises StudyError."""
    query = f"{_FULL} WHERE a.id >= ? AND a.id < ? ORDER BY a.id LIMIT 2"
    rows = database.execute(query, (identity, identity + "g")).fetchall() if identity else []
    if not rows:
        raise StudyError(
            _("There is no article {id}.").format(id=identity or "?"),
            _("“studytui articles” lists them with their ids."),
        )
    if len(rows) > 1:
        raise StudyError(
            _("More than one article's id begins with {id}.").format(id=identity),
            _("Give a few more of its characters."),
        )
    return _article(rows[0])


def next_id(database: sqlite3.Connection, after: str | None, wanted: Filter, backwards: bool) -> str | None:
    """Return the id that follows ``after`` in a list (newest first), going round at its end."""
    where, values = wanted.where(database)
    order = _BACKWARDS if backwards else _ORDERS["newest"]
    query = f"SELECT a.id FROM article a WHERE {where} AND a.id <> ?{{}} ORDER BY {order} LIMIT 1"  # noqa: S608
    here = "SELECT sort, first_seen, position, n FROM article WHERE id = ?"
    place = database.execute(here, (after,)).fetchone()
    row = None
    if place is not None:
        # The first comparison alone lets SQLite start in the middle of the index.
        sort, same, rest = ("a.sort >= ?", ">", "<") if backwards else ("a.sort <= ?", "<", ">")
        beyond = (
            f" AND {sort} AND (a.sort <> ? OR a.first_seen {same} ? OR (a.first_seen = ? AND "
            f"(a.position {rest} ? OR (a.position = ? AND a.n {rest} ?))))"
        )
        at = (place[0], place[0], place[1], place[1], place[2], place[2], place[3])
        row = database.execute(query.format(beyond), (*values, after, *at)).fetchone()
    row = row or database.execute(query.format(""), (*values, after or "")).fetchone()
    return row[0] if row else None


def holes(values: Sequence[object]) -> str:
    """Return the placeholders for ``values`` in an SQL list."""
    return ",".join("?" * len(values))


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def moment(seconds: int | None) -> datetime | None:
    """Return the moment that many seconds after 1970, in UTC."""
    return None if seconds is None else _EPOCH + timedelta(seconds=seconds)


def _feed_number(database: sqlite3.Connection, name: str) -> int:
    query = "SELECT id FROM feed WHERE name = ? ORDER BY listed DESC, place"
    row = database.execute(query, (name,)).fetchone()
    if row is None:
        raise StudyError(
            _("There is no feed called “{name}”.").format(name=name),
            _("Names are those in feeds.yaml; “studytui feed list” lists them."),
        )
    return int(row[0])


def _feed(row: Sequence[Any]) -> FeedSummary:
    return FeedSummary(
        name=row[0],
        address=row[1],
        enabled=bool(row[2]),
        title=row[3],
        site=row[4],
        unread=row[5],
        total=row[6],
        starred=row[7],
        status=row[8],
        error=row[9],
        hint=row[10],
        checked_at=moment(row[11]),
        moved_to=row[12],
    )


def _summary(row: Sequence[Any]) -> tuple[Any, ...]:
    return (*row[:4], moment(row[4]), moment(row[5]), row[6], bool(row[7]), bool(row[8]), row[9], row[10])


def _article(row: Sequence[Any]) -> Article:
    return Article(*_summary(row[:11]), *row[11:15])
