"""The library's tables and their migrations."""

from __future__ import annotations

import sqlite3

APPLICATION_ID = 0x53545544  # "STUD"

# Tokens come ready-made and separated by blanks, so every printable ASCII character belongs to a token.
_TOKENCHARS = "".join(chr(code) for code in range(0x21, 0x7F) if not chr(code).isalnum())
_TOKENIZE = "ascii tokenchars '{}'".format(_TOKENCHARS.replace("'", "''")).replace('"', '""')

_VERSION_1 = (
    """CREATE TABLE feed (
        id INTEGER PRIMARY KEY, name TEXT NOT NULL, address TEXT NOT NULL UNIQUE, first_address TEXT NOT NULL,
        place INTEGER NOT NULL DEFAULT 0, enabled INTEGER NOT NULL DEFAULT 1, listed INTEGER NOT NULL DEFAULT 1,
        title TEXT NOT NULL DEFAULT '', site TEXT NOT NULL DEFAULT '',
        etag TEXT NOT NULL DEFAULT '', last_modified TEXT NOT NULL DEFAULT '', digest TEXT NOT NULL DEFAULT '',
        status TEXT NOT NULL DEFAULT 'never', error TEXT NOT NULL DEFAULT '', hint TEXT NOT NULL DEFAULT '',
        checked_at INTEGER, failures INTEGER NOT NULL DEFAULT 0, failing_since INTEGER, retry_at INTEGER,
        moved_to TEXT NOT NULL DEFAULT '')""",
    """CREATE TABLE article (
        n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, feed INTEGER NOT NULL REFERENCES feed,
        link_key TEXT NOT NULL, title TEXT NOT NULL, lead TEXT NOT NULL, url TEXT NOT NULL, link TEXT NOT NULL,
        author TEXT NOT NULL, published INTEGER, first_seen INTEGER NOT NULL, sort INTEGER NOT NULL,
        position INTEGER NOT NULL, digest BLOB NOT NULL, doc INTEGER,
        read INTEGER NOT NULL DEFAULT 0, starred INTEGER NOT NULL DEFAULT 0, hidden INTEGER NOT NULL DEFAULT 0,
        noted TEXT, shown INTEGER NOT NULL DEFAULT 1)""",
    # The text lies apart, so that listing never reads past it.
    "CREATE TABLE article_text (n INTEGER PRIMARY KEY, body TEXT NOT NULL)",
    # Both list indexes hold all that filters and counts need: no list query touches the table itself.
    """CREATE INDEX article_recent ON article
        (sort DESC, first_seen DESC, position, id, read, starred, shown) WHERE shown""",
    """CREATE INDEX article_by_feed ON article
        (feed, sort DESC, first_seen DESC, position, id, read, starred, shown)""",
    "CREATE INDEX article_starred ON article (starred) WHERE starred",
    "CREATE INDEX article_doc ON article (doc)",
    # What the journal says about articles, also about those that this library does not hold yet.
    """CREATE TABLE article_state (
        id TEXT PRIMARY KEY, read INTEGER NOT NULL, starred INTEGER NOT NULL, hidden INTEGER NOT NULL, noted TEXT
        ) WITHOUT ROWID""",
    # Ids whose state has to be worked out again; '*' stands for all of them.
    "CREATE TABLE article_dirty (id TEXT PRIMARY KEY) WITHOUT ROWID",
    """CREATE TRIGGER event_added AFTER INSERT ON event
        WHEN new.kind IN ('article.read', 'article.starred', 'article.hidden', 'article.noted')
        BEGIN INSERT OR IGNORE INTO article_dirty VALUES (new.subject); END""",
    """CREATE TRIGGER event_removed AFTER DELETE ON event
        WHEN old.kind IN ('article.read', 'article.starred', 'article.hidden', 'article.noted')
        BEGIN INSERT OR IGNORE INTO article_dirty VALUES (old.subject); END""",
    """CREATE TRIGGER undo_added AFTER INSERT ON event_undone
        BEGIN INSERT OR IGNORE INTO article_dirty
            SELECT iif(kind = 'undo', '*', subject) FROM event WHERE id = new.id; END""",
    """CREATE TRIGGER article_added AFTER INSERT ON article
        WHEN EXISTS (SELECT 1 FROM article_state WHERE id = new.id)
        BEGIN INSERT OR IGNORE INTO article_dirty VALUES (new.id); END""",
    # A kept article's side file follows its text.
    """CREATE TRIGGER article_changed AFTER UPDATE OF digest ON article WHEN new.starred OR new.noted IS NOT NULL
        BEGIN INSERT OR IGNORE INTO article_dirty VALUES (new.id); END""",
    # Contentless: an article is found through article.doc, so an outdated row is never a hit and needs no delete.
    f"""CREATE VIRTUAL TABLE article_index USING fts5
        (title, body, content='', detail=column, tokenize="{_TOKENIZE}")""",
    "CREATE TABLE article_unindexed (n INTEGER PRIMARY KEY)",
    """CREATE TRIGGER text_added AFTER INSERT ON article_text
        BEGIN INSERT OR IGNORE INTO article_unindexed VALUES (new.n); END""",
    """CREATE TRIGGER text_changed AFTER UPDATE ON article_text
        BEGIN INSERT OR IGNORE INTO article_unindexed VALUES (new.n); END""",
    "CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
    "INSERT INTO article_dirty VALUES ('*')",
)
MIGRATIONS = (_VERSION_1,)
MIRROR = {"event", "event_undone", "event_source"}
TABLES = {"feed", "article", "article_text", "article_state", "article_index", "article_unindexed", "event"}


def migrate(database: sqlite3.Connection, version: int) -> None:
    """Bring an empty or older library to this version, each step in one transaction.

    Another instance may be doing the same at the same moment: whoever comes second finds it done.  The
    journal's mirror tables must be there, because triggers hang on them.
    """
    for number in range(version, len(MIGRATIONS)):
        with database:
            database.execute("BEGIN IMMEDIATE")
            if int(database.execute("PRAGMA user_version").fetchone()[0]) > number:
                continue
            for statement in MIGRATIONS[number]:
                database.execute(statement)
            database.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            database.execute(f"PRAGMA user_version = {number + 1}")
