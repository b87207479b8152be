"""Write a parsed feed into the library: new articles, changed ones, and feeds that renamed their guids."""

from __future__ import annotations

import hashlib
import re
import sqlite3
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from studytui.reading.library.kept import KeptArticle
from studytui.reading.parse.entry import ParsedEntry, ParsedFeed, link_key
from studytui.text import clean_line

_MARKUP = re.compile(r"!?\[([^\]]*)\]\([^)]*\)|[*_`#>|~]+")


@dataclass(frozen=True)
class Stored:
    """What storing one feed changed: the number of new and of changed articles, and ids that were renamed."""

    new: int
    updated: int
    renamed: Mapping[str, str]


def article_id(first_address: str, identity: str) -> str:
    """Return the id of an article: the same after the library was deleted and the feed pulled again."""
    return hashlib.sha256(f"{first_address}\n{identity}".encode("utf-8", "replace")).hexdigest()[:12]


def store_entries(
    database: sqlite3.Connection,
    feed: int,
    first_address: str,
    parsed: ParsedFeed,
    now: datetime,
    aliases: Mapping[str, str],
    index_text: Callable[[str], str],
) -> Stored:
    """Store the entries of one document inside a transaction; nothing is ever deleted.

    ``aliases`` maps ids that the feed gives now to those that the articles had first; ``Stored.renamed`` holds
    the ones found this time, for the journal.
    """
    entries = {article_id(first_address, entry.identity): entry for entry in parsed.entries}
    entries = {_first_id(identity, aliases): entry for identity, entry in entries.items()}
    known = _digests(database, list(entries))
    renamed = _renamed(database, feed, entries, known)
    known |= _digests(database, list(renamed.values()))
    new = updated = 0
    positions = {identity: number for number, identity in enumerate(entries, 1)}
    for given, entry in entries.items():
        identity = renamed.get(given, given)
        if identity not in known:
            title_doc = _index_title(database, entry.title, index_text)
            insert(database, feed, identity, entry, int(now.timestamp()), positions[given], title_doc)
            new += 1
        elif known[identity] != _digest(entry):
            _update(database, identity, entry, index_text)
            updated += 1
    return Stored(new, updated, renamed)


def insert(
    database: sqlite3.Connection,
    feed: int,
    identity: str,
    entry: ParsedEntry,
    first_seen: int,
    position: int,
    title_doc: int | None,
) -> None:
    """Add one article with its text; ``title_doc`` is its row in the index so far."""
    published = None if entry.published is None else int(entry.published.timestamp())
    n = database.execute(
        "INSERT INTO article (id, feed, link_key, title, lead, url, link, author, published, first_seen, sort, "
        "position, digest, doc) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            identity,
            feed,
            link_key(entry.url),
            entry.title,
            _lead(entry),
            entry.url,
            entry.link,
            entry.author,
            published,
            first_seen,
            first_seen if published is None else published,
            position,
            _digest(entry),
            title_doc,
        ),
    ).lastrowid
    database.execute("INSERT INTO article_text (n, body) VALUES (?, ?)", (n, entry.body))


def restore(database: sqlite3.Connection, article: KeptArticle) -> None:
    """Put a kept article back, under its feed when that is known."""
    feed = _feed_of(database, article)
    published = None if article.published is None else datetime.fromtimestamp(article.published, UTC)
    entry = ParsedEntry("", article.title, article.url, article.link, article.author, published, article.body)
    insert(database, feed, article.id, entry, article.first_seen, article.position, None)


def _feed_of(database: sqlite3.Connection, article: KeptArticle) -> int:
    query = "SELECT id FROM feed WHERE first_address = ?"
    row = database.execute(query, (article.address,)).fetchone()
    if row is None:
        database.execute(
            "INSERT INTO feed (name, address, first_address, listed) VALUES (?, ?, ?, 0)",
            (article.feed, article.address, article.address),
        )
        row = database.execute(query, (article.address,)).fetchone()
    return int(row[0])


def _update(
    database: sqlite3.Connection, identity: str, entry: ParsedEntry, index_text: Callable[[str], str]
) -> None:
    """Take over changed content; what the learner did with the article stays."""
    n, title = database.execute("SELECT n, title FROM article WHERE id = ?", (identity,)).fetchone()
    published = None if entry.published is None else int(entry.published.timestamp())
    database.execute(
        "UPDATE article_text SET body = ? WHERE n = ? AND body <> ?", (entry.body, n, entry.body)
    )
    if title != entry.title:
        doc = _index_title(database, entry.title, index_text)
        database.execute("UPDATE article SET doc = ? WHERE n = ?", (doc, n))
        database.execute("INSERT OR IGNORE INTO article_unindexed VALUES (?)", (n,))
    database.execute(
        "UPDATE article SET link_key = ?, title = ?, lead = ?, url = ?, link = ?, author = ?, digest = ?, "
        "published = coalesce(?, published), sort = coalesce(?, sort) WHERE n = ?",
        (
            link_key(entry.url),
            entry.title,
            _lead(entry),
            entry.url,
            entry.link,
            entry.author,
            _digest(entry),
            published,
            published,
            n,
        ),
    )


def _index_title(database: sqlite3.Connection, title: str, index_text: Callable[[str], str]) -> int | None:
    return database.execute(
        "INSERT INTO article_index (title, body) VALUES (?, '')", (index_text(title),)
    ).lastrowid


def _digest(entry: ParsedEntry) -> bytes:
    """Fingerprint what is shown of an entry, so that an unchanged one costs no reading of its text."""
    parts = (entry.title, entry.url, entry.link, entry.author, str(entry.published), entry.body)
    return hashlib.sha256("\0".join(parts).encode("utf-8", "replace")).digest()[:12]


def _lead(entry: ParsedEntry) -> str:
    """Return how an article without a title begins."""
    return "" if entry.title else clean_line(_MARKUP.sub(r"\1", entry.body[:600]), 120)


def _digests(database: sqlite3.Connection, ids: Sequence[str]) -> dict[str, bytes]:
    query = f"SELECT id, digest FROM article WHERE id IN ({','.join('?' * len(ids))})"  # noqa: S608
    return dict(database.execute(query, ids).fetchall())


def _first_id(identity: str, aliases: Mapping[str, str]) -> str:
    for _step in range(len(aliases)):
        if identity not in aliases:
            break
        identity = aliases[identity]
    return identity


def _renamed(
    database: sqlite3.Connection, feed: int, entries: Mapping[str, ParsedEntry], known: Mapping[str, bytes]
) -> dict[str, str]:
    """Return {id now: id before} of entries that are stored already under another identity.

    Either the feed changed its guids (four in five are new, but the links are known; with so few entries that
    this says little the title must agree too), or one entry's identity fell back from a guid that is repeated
    now to its link: then link, title and date all agree.
    """
    fresh = {identity: entry for identity, entry in entries.items() if identity not in known}
    if not fresh:
        return {}
    query = "SELECT id, link_key, title, published FROM article WHERE feed = ? AND link_key <> ''"
    stored = [row for row in database.execute(query, (feed,)) if row[0] not in entries]
    stored_links = Counter(row[1] for row in stored)
    links = Counter(link_key(entry.url) for entry in entries.values())
    by_link = {row[1]: row for row in stored if stored_links[row[1]] == 1}
    all_new = len(fresh) * 5 >= len(entries) * 4
    found = {}
    for identity, entry in fresh.items():
        key = link_key(entry.url)
        if links[key] != 1 or (row := by_link.get(key)) is None:
            continue
        published = None if entry.published is None else int(entry.published.timestamp())
        same_title = row[2] == entry.title
        if (all_new and (same_title or len(entries) >= 3)) or (same_title and row[3] == published):
            found[identity] = row[0]
    return found
