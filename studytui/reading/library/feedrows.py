"""The library's rows about feeds: which are followed, and how pulling each of them went."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from datetime import datetime

from studytui.errors import StudyError
from studytui.i18n import _
from studytui.journal import Journal, select
from studytui.reading.library.article import FeedState
from studytui.reading.library.lists import moment
from studytui.reading.parse.entry import ParsedFeed

SAME, MOVED = "article.same", "feed.moved"
_HEALTHY = "status = 'ok', error = '', hint = '', failures = 0, failing_since = NULL, retry_at = NULL"
_FORGOTTEN = (
    "status = 'never', error = '', hint = '', failures = 0, failing_since = NULL, retry_at = NULL, "
    "etag = '', last_modified = '', digest = '', moved_to = ''"
)


def followed_stamp(database: sqlite3.Connection) -> str:
    """Return the stamp that the last `follow` left."""
    found = database.execute("SELECT value FROM setting WHERE name = 'followed'").fetchone()
    return str(found[0]) if found else ""


def follow(
    database: sqlite3.Connection, journal: Journal, feeds: Sequence[tuple[str, str, bool]], stamp: str
) -> None:
    """Make (name, address, enabled) of ``feeds`` the followed ones, inside a transaction."""
    addresses = {address for _name, address, _enabled in feeds}
    database.execute("UPDATE feed SET listed = 0")
    for place, (name, address, enabled) in enumerate(feeds):
        _ensure(database, journal, name, address, enabled, addresses)
        database.execute(
            "UPDATE feed SET name = ?, place = ?, enabled = ?, "
            "listed = ? OR EXISTS (SELECT 1 FROM article WHERE feed = feed.id) WHERE address = ?",
            (name, place, enabled, enabled, address),
        )
    database.execute("INSERT OR REPLACE INTO setting VALUES ('followed', ?)", (stamp,))


def row(database: sqlite3.Connection, address: str) -> tuple[int, str]:
    """Return (number, first address) of a feed.  Raises StudyError when it was never followed."""
    found = database.execute("SELECT id, first_address FROM feed WHERE address = ?", (address,)).fetchone()
    if found is None:
        raise StudyError(
            _("{address} is not among the feeds.").format(address=address),
            _("It may just have been taken out of feeds.yaml in another window."),
        )
    return int(found[0]), str(found[1])


def aliases(database: sqlite3.Connection, first_address: str) -> Mapping[str, str]:
    """Return {article id by today's guid: id it had first} as the journal remembers it."""
    found: dict[str, str] = {}
    for event in select(database, SAME, subject=first_address):
        ids = event.data.get("ids")
        found |= {str(now): str(first) for now, first in ids.items()} if isinstance(ids, dict) else {}
    return found


def state(database: sqlite3.Connection, address: str) -> FeedState:
    """Return what the next pull of a feed must know."""
    query = (
        "SELECT etag, last_modified, digest, status, failures, failing_since, retry_at, checked_at "
        "FROM feed WHERE address = ?"
    )
    found = database.execute(query, (address,)).fetchone()
    return FeedState(*found[:5], *map(moment, found[5:])) if found else FeedState()


def record_stored(
    database: sqlite3.Connection,
    feed: int,
    parsed: ParsedFeed,
    now: datetime,
    validators: tuple[str, str, str],
    moved_to: str,
) -> None:
    """Note that a document was stored; ``validators`` are its digest, ETag and Last-Modified."""
    database.execute(
        f"UPDATE feed SET {_HEALTHY}, title = coalesce(nullif(?, ''), title), site = ?, digest = ?, "  # noqa: S608
        "etag = ?, last_modified = ?, moved_to = ?, checked_at = ? WHERE id = ?",
        (parsed.title, parsed.site, *validators, moved_to, epoch(now), feed),
    )


def record_unchanged(
    database: sqlite3.Connection, address: str, now: datetime, validators: tuple[str, str] | None
) -> None:
    """Note that a feed answered and has nothing new; ``validators`` (ETag, Last-Modified) may be others now."""
    database.execute(
        f"UPDATE feed SET {_HEALTHY}, checked_at = ?, etag = coalesce(?, etag), "  # noqa: S608
        "last_modified = coalesce(?, last_modified) WHERE address = ?",
        (epoch(now), *(validators or (None, None)), address),
    )


def record_off(database: sqlite3.Connection, address: str, sentences: tuple[str, str]) -> None:
    """Note why a feed cannot be asked at all (error, hint)."""
    database.execute(
        "UPDATE feed SET status = 'off', error = ?, hint = ? WHERE address = ?", (*sentences, address)
    )


def record_failure(
    database: sqlite3.Connection,
    address: str,
    now: datetime,
    status: str,
    sentences: tuple[str, str],
    retry_at: datetime | None,
) -> None:
    """Note why a feed could not be pulled (error, hint); its validators and articles stay."""
    database.execute(
        "UPDATE feed SET status = ?, error = ?, hint = ?, checked_at = ?, failures = failures + 1, "
        "failing_since = coalesce(failing_since, ?), retry_at = ? WHERE address = ?",
        (status, *sentences, epoch(now), epoch(now), epoch(retry_at), address),
    )


def epoch(at: datetime | None) -> int | None:
    """Return a moment as whole seconds since 1970."""
    return None if at is None else int(at.timestamp())


def _ensure(
    database: sqlite3.Connection,
    journal: Journal,
    name: str,
    address: str,
    enabled: bool,
    followed: set[str],
) -> None:
    """Make sure that ``address`` has a row, if enabled; under a known name it is the same feed elsewhere."""
    if database.execute("SELECT 1 FROM feed WHERE address = ?", (address,)).fetchone() is not None:
        return
    query = "SELECT id, address, first_address FROM feed WHERE name = ? ORDER BY id DESC"
    before = database.execute(query, (name,)).fetchone()
    if before is not None and before[1] not in followed:
        journal.append(MOVED, subject=address, first=before[2])
        database.execute(f"UPDATE feed SET {_FORGOTTEN}, address = ? WHERE id = ?", (address, before[0]))  # noqa: S608
        return
    if not enabled:
        return
    database.execute(
        "INSERT INTO feed (name, address, first_address) VALUES (?, ?, ?)",
        (name, address, _first_address(database, address)),
    )


def _first_address(database: sqlite3.Connection, address: str) -> str:
    """Return the address under which the feed's articles got their ids, as the journal remembers it."""
    for event in select(database, MOVED, subject=address):
        return str(event.data.get("first") or address)
    return address
