"""Read, starred, hidden and noted: worked out from the journal, whatever order its events arrived in."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path

from studytui.journal import undone_ids
from studytui.reading.library import kept
from studytui.reading.library.kept import KeptArticle
from studytui.reading.library.lists import holes
from studytui.reading.library.store import restore

READ, STARRED, HIDDEN, NOTED = "article.read", "article.starred", "article.hidden", "article.noted"
KINDS = (READ, STARRED, HIDDEN, NOTED)
ARTICLE_ID = re.compile(r"[0-9a-f]{12}")
_COLUMNS = {READ: "read", STARRED: "starred", HIDDEN: "hidden", NOTED: "noted"}
_CHUNK = 500
_KEPT = (
    "SELECT a.id, f.name, f.first_address, a.title, a.url, a.link, a.author, a.published, a.first_seen, "
    "a.position, t.body FROM article a JOIN feed f ON f.id = a.feed JOIN article_text t ON t.n = a.n "
    "WHERE a.id = ?"
)


def is_pending(database: sqlite3.Connection) -> bool:
    """Say whether any article's state has to be worked out again."""
    return database.execute("SELECT 1 FROM article_dirty LIMIT 1").fetchone() is not None


def project(database: sqlite3.Connection, folder: Path) -> None:
    """Bring the state of all changed articles up to date with the mirrored journal, inside a transaction.

    For each kind the last event by (moment, id) that is not undone wins.  ``folder`` is where the text of
    starred and noted articles is kept, so that they never lose it.
    """
    dirty = [row[0] for row in database.execute("SELECT id FROM article_dirty ORDER BY id")]
    if "*" in dirty:
        dirty = _all_subjects(database)
    undone = undone_ids(database)
    for start in range(0, len(dirty), _CHUNK):
        chunk = [one for one in dirty[start : start + _CHUNK] if ARTICLE_ID.fullmatch(one)]
        _write_states(database, _states(database, chunk, undone))
        _restore_missing(database, chunk, folder)
        _apply_states(database, chunk)
        _keep_texts(database, chunk, folder)
    database.execute("DELETE FROM article_dirty")


def differing(database: sqlite3.Connection, kind: str, ids: Sequence[str], value: bool) -> list[str]:
    """Return those of ``ids`` that the library holds and whose mark ``kind`` is not ``value``, in order."""
    found: set[str] = set()
    for start in range(0, len(ids), _CHUNK):
        chunk = ids[start : start + _CHUNK]
        query = f"SELECT id FROM article WHERE id IN ({holes(chunk)}) AND {_COLUMNS[kind]} <> ?"  # noqa: S608
        found.update(row[0] for row in database.execute(query, (*chunk, value)))
    return [one for one in ids if one in found]


def show(database: sqlite3.Connection, where: str, values: Iterable[object] = ()) -> None:
    """Decide anew which of the articles ``where`` belong into the lists.

    Hidden ones do not, nor those of a feed that is no longer in feeds.yaml, unless starred or noted.
    """
    wanted = "(NOT hidden AND (starred OR noted IS NOT NULL OR feed IN (SELECT id FROM feed WHERE listed)))"
    database.execute(
        f"UPDATE article SET shown = {wanted} WHERE {where} AND shown <> {wanted}",  # noqa: S608
        tuple(values),
    )


def _all_subjects(database: sqlite3.Connection) -> list[str]:
    query = (
        f"SELECT subject FROM event WHERE kind IN ({holes(KINDS)}) "  # noqa: S608
        "UNION SELECT id FROM article_state UNION SELECT id FROM article WHERE read OR starred OR hidden OR noted"
    )
    return [row[0] for row in database.execute(query, KINDS)]


def _states(
    database: sqlite3.Connection, subjects: list[str], undone: frozenset[str]
) -> dict[str, dict[str, object]]:
    states: dict[str, dict[str, object]] = {subject: {} for subject in subjects}
    query = (
        f"SELECT id, subject, kind, data FROM event WHERE kind IN ({holes(KINDS)}) "  # noqa: S608
        f"AND subject IN ({holes(subjects)}) ORDER BY moment, id"
    )
    for event, subject, kind, text in database.execute(query, (*KINDS, *subjects)):
        if event not in undone:
            given = json.loads(text)
            value = given.get("note") or None if kind == NOTED else bool(given.get("value", True))
            states[subject][_COLUMNS[kind]] = value
    return states


def _write_states(database: sqlite3.Connection, states: dict[str, dict[str, object]]) -> None:
    database.executemany(
        "INSERT OR REPLACE INTO article_state (id, read, starred, hidden, noted) VALUES (?, ?, ?, ?, ?)",
        [
            (
                subject,
                bool(state.get("read")),
                bool(state.get("starred")),
                bool(state.get("hidden")),
                str(state["noted"]) if state.get("noted") else None,
            )
            for subject, state in states.items()
        ],
    )


def _apply_states(database: sqlite3.Connection, subjects: list[str]) -> None:
    database.execute(
        "UPDATE article SET read = s.read, starred = s.starred, hidden = s.hidden, noted = s.noted "  # noqa: S608
        f"FROM article_state s WHERE s.id = article.id AND article.id IN ({holes(subjects)})",
        subjects,
    )
    show(database, f"id IN ({holes(subjects)})", subjects)


def _restore_missing(database: sqlite3.Connection, subjects: list[str], folder: Path) -> None:
    """Put back kept articles that this library does not hold: it is new, or the feed dropped them."""
    query = (
        "SELECT id FROM article_state WHERE (starred OR noted IS NOT NULL) "  # noqa: S608
        f"AND id IN ({holes(subjects)}) AND id NOT IN (SELECT id FROM article)"
    )
    for (identity,) in database.execute(query, subjects).fetchall():
        if (found := kept.kept(folder, identity)) is not None:
            restore(database, found)


def _keep_texts(database: sqlite3.Connection, subjects: list[str], folder: Path) -> None:
    query = (
        "SELECT id, starred OR noted IS NOT NULL FROM article_state "  # noqa: S608
        f"WHERE id IN ({holes(subjects)})"
    )
    here = kept.ids(folder)
    for identity, wanted in database.execute(query, subjects).fetchall():
        if not wanted and identity in here:
            kept.drop(folder, identity)
        elif wanted and (row := database.execute(_KEPT, (identity,)).fetchone()) is not None:
            kept.keep(folder, KeptArticle(*row))
