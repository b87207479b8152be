"""Full-text search over articles with SQLite's FTS5, fed with ready-made tokens; never incomplete.

A title is indexed in the transaction that stores its article.  A text costs far more, so it waits in
``article_unindexed`` until the program is idle, and until then it is searched by reading it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager

TITLE_WEIGHT = 8.0


def match_expression(terms: Sequence[Sequence[str]]) -> str:
    """Return the FTS5 query that wants one token out of each group of ``terms``; tokens are taken literally."""
    groups = [
        " OR ".join('"' + token.replace('"', '""') + '"' for token in group if token) for group in terms
    ]
    return " AND ".join(f"({group})" for group in groups if group)


def find(
    database: sqlite3.Connection,
    terms: Sequence[Sequence[str]],
    holds: Callable[[str, str], bool],
    limit: int,
) -> list[int]:
    """Return the row numbers of matching articles, best first; unindexed ones are tried with ``holds``."""
    expression = match_expression(terms)
    if not expression:
        return []
    found = [
        row[0]
        for row in database.execute(
            "SELECT a.n FROM article_index JOIN article a ON a.doc = article_index.rowid "  # noqa: S608
            "WHERE article_index MATCH ? AND NOT a.hidden "
            f"ORDER BY bm25(article_index, {TITLE_WEIGHT}, 1.0), a.sort DESC LIMIT ?",
            (expression, limit),
        )
    ]
    seen = set(found)
    waiting = database.execute(
        "SELECT u.n, a.title, t.body FROM article_unindexed u JOIN article a ON a.n = u.n "
        "JOIN article_text t ON t.n = u.n WHERE NOT a.hidden ORDER BY a.sort DESC"
    )
    for n, title, body in waiting:
        if len(found) >= limit:
            break
        if n not in seen and holds(title, body):
            found.append(n)
    return found


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


def _index(database: sqlite3.Connection, n: int, digest: bytes, title: str, body: str) -> None:
    """Give one article its full row in the index, unless its content changed meanwhile."""
    if database.execute("SELECT 1 FROM article WHERE n = ? AND digest = ?", (n, digest)).fetchone() is None:
        return
    doc = database.execute("INSERT INTO article_index (title, body) VALUES (?, ?)", (title, body)).lastrowid
    database.execute("UPDATE article SET doc = ? WHERE n = ?", (doc, n))
    database.execute("DELETE FROM article_unindexed WHERE n = ?", (n,))
