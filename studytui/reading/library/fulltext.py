"""Full-text search over articles with SQLite's FTS5, fed with ready-made tokens; never incomplete.

A title is indexed in the transaction that stores its article.  A text costs far more, so it waits in
``article_unindexed`` until the program is idle, and until then it is a candidate for every query.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import AbstractContextManager

TITLE_WEIGHT = 8.0


def find(database: sqlite3.Connection, match: str | None, limit: int) -> list[int]:
    """Return row numbers of articles that may match: the ``limit`` best of the index, then all unindexed ones.

    ``match`` is an FTS5 expression over the tokens; without one the newest articles are returned.
    """
    if match is None:
        return _numbers(database, "SELECT n FROM article WHERE NOT hidden ORDER BY sort DESC LIMIT ?", limit)
    found = _numbers(
        database,
        "SELECT a.n FROM article_index JOIN article a ON a.doc = article_index.rowid "  # noqa: S608
        "WHERE article_index MATCH ? AND NOT a.hidden "
        f"ORDER BY bm25(article_index, {TITLE_WEIGHT}, 1.0), a.sort DESC LIMIT ?",
        match,
        limit,
    )
    waiting = "SELECT n FROM article_unindexed JOIN article USING (n) WHERE NOT hidden ORDER BY sort DESC"
    return list(dict.fromkeys([*found, *_numbers(database, waiting)]))


def index_waiting(
    database: sqlite3.Connection,
    index_text: Callable[[str], str],
    transaction: Callable[[], AbstractContextManager[sqlite3.Connection]],
    limit: int,
) -> int:
    """Index up to ``limit`` waiting texts, newest articles first, and return how many still wait.

    The tokens are made before the transaction begins, so that no other writer waits for them.
    """
    rows = database.execute(
        "SELECT u.n, a.digest, a.title, t.body FROM article_unindexed u JOIN article a ON a.n = u.n "
        "JOIN article_text t ON t.n = u.n ORDER BY u.n DESC LIMIT ?",
        (limit,),
    ).fetchall()
    ready = [(n, digest, index_text(title), index_text(body)) for n, digest, title, body in rows]
    if ready:
        with transaction() as writing:
            for n, digest, title, body in ready:
                _index(writing, n, digest, title, body)
    return int(database.execute("SELECT count(*) FROM article_unindexed").fetchone()[0])


def forget_index(database: sqlite3.Connection) -> None:
    """Empty the index and let every article wait for a new place in it."""
    database.execute("INSERT INTO article_index (article_index) VALUES ('delete-all')")
    database.execute("UPDATE article SET doc = NULL")
    database.execute("INSERT OR IGNORE INTO article_unindexed SELECT n FROM article")


def _numbers(database: sqlite3.Connection, query: str, *values: object) -> list[int]:
    return [row[0] for row in database.execute(query, values)]


def _index(database: sqlite3.Connection, n: int, digest: bytes, title: str, body: str) -> None:
    """Give one article its full row in the index, unless its content changed meanwhile."""
    if database.execute("SELECT 1 FROM article WHERE n = ? AND digest = ?", (n, digest)).fetchone() is None:
        return
    doc = database.execute("INSERT INTO article_index (title, body) VALUES (?, ?)", (title, body)).lastrowid
    database.execute("UPDATE article SET doc = ? WHERE n = ?", (doc, n))
    database.execute("DELETE FROM article_unindexed WHERE n = ?", (n,))
