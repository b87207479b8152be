"""The library: articles and how their feeds are doing, in one SQLite file that may be deleted at any time.

What the learner did with articles is in the journal; the library only mirrors it.  A `Library` may be used by
several threads at once, and its file by several processes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Literal

from studytui.journal import Event, Journal, select
from studytui.reading.library import feedrows, fulltext, lists, marks
from studytui.reading.library.article import Article, ArticleSummary, FeedState, FeedSummary
from studytui.reading.library.database import Database
from studytui.reading.library.lists import Filter, Order
from studytui.reading.library.store import Stored, store_entries
from studytui.reading.parse.entry import ParsedFeed
from studytui.workspace import digest

_CHUNK = 500


class Library:
    """The articles of one workspace.

    ``kept`` is the folder for the texts of starred and noted articles (default: ``kept`` beside the file);
    ``index_text`` turns text into search tokens separated by blanks, ``analyzer`` names its version: another
    one makes the index start afresh.  ``rebuilt`` is a sentence when a damaged file was replaced just now.
    """

    def __init__(
        self,
        path: Path,
        journal: Journal,
        *,
        kept: Path | None = None,
        index_text: Callable[[str], str] = str.casefold,
        analyzer: str = "",
    ) -> None:
        self.journal = journal
        self.kept = kept or path.parent / "kept"
        self._index_text = index_text
        self._database = Database(path, journal)
        self.rebuilt = self._database.rebuilt
        self._check_analyzer(analyzer)
        self.refresh()

    def close(self) -> None:
        """Close the file in all threads; the library is not used afterwards."""
        self._database.close()

    # Feeds

    def follow(self, feeds: Iterable[tuple[str, str, bool]]) -> None:
        """Make (name, address, enabled) of ``feeds``, in that order, the feeds of the library; cheap when they are.

        A feed that left the list keeps its articles, out of sight unless starred or noted; one that is only
        paused keeps them in sight.  A new address under a known name is the same feed: its articles stay and
        keep their ids.
        """
        wanted = list({address: (name, address, enabled) for name, address, enabled in feeds}.values())
        stamp = digest(repr(wanted).encode())
        with self._database.reading() as database:
            if feedrows.followed_stamp(database) == stamp:
                return
        with self._database.writing() as database:
            feedrows.follow(database, self.journal, wanted, stamp)
            marks.show(database, "true")

    def feeds(self) -> list[FeedSummary]:
        """Return the followed feeds in the order of feeds.yaml, with their counts."""
        with self._database.reading() as database:
            return lists.feeds(database)

    def feed_state(self, address: str) -> FeedState:
        """Return what the next pull of the feed at ``address`` must know."""
        with self._database.reading() as database:
            return feedrows.state(database, address)

    # Lists

    def ids(
        self,
        *,
        feed: str | None = None,
        unread: bool = False,
        starred: bool = False,
        limit: int | None = None,
        offset: int = 0,
        order: Order = "newest",
    ) -> list[str]:
        """Return the ids of the articles in a list, for paging with `summaries`.

        ``order`` is "newest" (by date, undated ones by when they were first seen, ties as in the feed) or
        "feed" (as the feed's document has them, later pulls first).  Raises StudyError for an unknown feed.
        """
        with self._database.reading() as database:
            return lists.ids(database, Filter(feed, unread, starred), order, limit, offset)

    def articles(
        self,
        *,
        feed: str | None = None,
        unread: bool = False,
        starred: bool = False,
        limit: int | None = None,
        offset: int = 0,
        order: Order = "newest",
    ) -> list[ArticleSummary]:
        """Return the summaries of a list; the filters and the order are those of `ids`."""
        with self._database.reading() as database:
            found = lists.ids(database, Filter(feed, unread, starred), order, limit, offset)
            return lists.summaries(database, found)

    def summaries(self, ids: Sequence[str]) -> list[ArticleSummary]:
        """Return the summaries of ``ids`` in their order; ids that are not in the library are left out."""
        with self._database.reading() as database:
            return lists.summaries(database, ids)

    def count(self, *, feed: str | None = None, unread: bool = False, starred: bool = False) -> int:
        """Return how many articles a list holds."""
        with self._database.reading() as database:
            return lists.count(database, Filter(feed, unread, starred))

    def article(self, identity: str) -> Article:
        """Return one article by its id or an unambiguous beginning of it.  Raises StudyError."""
        with self._database.reading() as database:
            return lists.article(database, identity)

    def next_unread(
        self, after: str | None, *, feed: str | None = None, starred: bool = False, backwards: bool = False
    ) -> str | None:
        """Return the id of the unread article after (or before) ``after`` in the list, going round at its end.

        None when nothing but ``after`` itself is unread.
        """
        with self._database.reading() as database:
            return lists.next_id(database, after, Filter(feed, unread=True, starred=starred), backwards)

    # What the learner does: the journal first, then its mirror

    def set_read(self, ids: Iterable[str], value: bool = True, *, by: str = "") -> list[Event]:
        """Mark articles read or unread; undoing the returned events takes it back.  Raises StudyError.

        ``by`` "reading" says that the learner opened the article; only then is it something to sort out.
        """
        return self._mark(marks.READ, ids, value, {"by": by} if by else {})

    def set_starred(self, ids: Iterable[str], value: bool = True) -> list[Event]:
        """Star articles or take the star away; a starred article's text is kept for good."""
        return self._mark(marks.STARRED, ids, value)

    def set_hidden(self, ids: Iterable[str], value: bool = True) -> list[Event]:
        """Take articles out of all lists, or bring them back."""
        return self._mark(marks.HIDDEN, ids, value)

    def set_noted(self, identity: str, note: str | None) -> list[Event]:
        """Record which note (path relative to ``notes/``) is about an article; its text is kept for good."""
        events = self.journal.append_all([(marks.NOTED, {"subject": identity, "note": note})])
        self.refresh()
        return events

    def mark_all_read(self, feed: str | None = None) -> list[Event]:
        """Mark every article in the list read, of one feed or of all."""
        return self.set_read(self.ids(feed=feed, unread=True))

    def refresh(self) -> bool:
        """Take in what the journal says by now, from this program or elsewhere; cheap when nothing is new."""
        with self._database.reading() as database:
            changed = self.journal.sync(database)
            if not marks.is_pending(database):
                return changed
        with self._database.writing() as database:
            marks.project(database, self.kept)
        return True

    def events(self, *kinds: str, subject: str | None = None, since: datetime | None = None) -> list[Event]:
        """Return the journal's events that count, oldest first, through the mirror: fast at any length."""
        self.refresh()
        with self._database.reading() as database:
            return list(select(database, *kinds, subject=subject, since=since))

    # What a pull writes

    def store(
        self,
        address: str,
        parsed: ParsedFeed,
        *,
        now: datetime,
        body_digest: str = "",
        etag: str = "",
        last_modified: str = "",
        moved_to: str = "",
    ) -> Stored:
        """Store the document of one followed feed with its validators, in one transaction.

        New articles are unread, changed ones keep their state, and articles that the document no longer
        holds stay.
        """
        with self._database.writing() as database:
            feed, first = feedrows.row(database, address)
            aliases = feedrows.aliases(database, first)
            stored = store_entries(database, feed, first, parsed, now, aliases, self._index_text)
            if stored.renamed:
                self.journal.append(feedrows.SAME, subject=first, ids=dict(stored.renamed))
            if marks.is_pending(database):
                marks.project(database, self.kept)
            feedrows.record_stored(database, feed, parsed, now, (body_digest, etag, last_modified), moved_to)
        return stored

    def record_unchanged(
        self, address: str, *, now: datetime, validators: tuple[str, str] | None = None
    ) -> None:
        """Note that the feed at ``address`` answered and has nothing new; maybe with another (ETag, date)."""
        with self._database.writing() as database:
            feedrows.record_unchanged(database, address, now, validators)

    def record_off(self, address: str, *, error: str, hint: str) -> None:
        """Note why the feed at ``address`` cannot be asked at all."""
        with self._database.writing() as database:
            feedrows.record_off(database, address, (error, hint))

    def record_failure(
        self,
        address: str,
        *,
        now: datetime,
        error: str,
        hint: str = "",
        status: Literal["failed", "gone", "later"] = "failed",
        retry_at: datetime | None = None,
    ) -> None:
        """Note that the feed at ``address`` could not be pulled; not one article changes."""
        with self._database.writing() as database:
            feedrows.record_failure(database, address, now, status, (error, hint), retry_at)

    # Search

    def search(self, match: str | None, limit: int = 200) -> list[Article]:
        """Return the candidates for a query, to be verified on their text.

        The ``limit`` best that answer the FTS5 expression ``match``, then every article whose text is not
        indexed yet, so that nothing is ever missing; without an expression the newest ``limit``.
        """
        with self._database.reading() as database:
            return lists.by_number(database, fulltext.find(database, match, limit))

    def index_pending(self, limit: int = 50) -> int:
        """Index up to ``limit`` texts that wait for it and return how many still do; call it when idle."""
        with self._database.reading() as database:
            return fulltext.index_waiting(database, self._index_text, self._database.writing, limit)

    def forget_index(self) -> None:
        """Empty the full-text index; `index_pending` fills it again."""
        with self._database.writing() as database:
            fulltext.forget_index(database)

    # Health

    def check(self) -> str:
        """Return "" when the file is sound, else what SQLite found; reads all of it, for ``doctor``."""
        with self._database.reading() as database:
            found = str(database.execute("PRAGMA quick_check(1)").fetchone()[0])
        return "" if found == "ok" else found

    # Inside

    def _check_analyzer(self, analyzer: str) -> None:
        query = "SELECT value FROM setting WHERE name = 'analyzer'"
        with self._database.reading() as database:
            if database.execute(query).fetchone() == (analyzer,):
                return
        with self._database.writing() as database:
            fulltext.forget_index(database)
            database.execute("INSERT OR REPLACE INTO setting VALUES ('analyzer', ?)", (analyzer,))

    def _mark(
        self, kind: str, ids: Iterable[str], value: bool, more: Mapping[str, str] | None = None
    ) -> list[Event]:
        """Journal the change of those articles that are not in that state yet, then mirror it."""
        with self._database.reading() as database:
            changing = marks.differing(database, kind, list(dict.fromkeys(ids)), value)
        events = self.journal.append_all(
            [(kind, {"subject": one, "value": value, **(more or {})}) for one in changing]
        )
        if events:
            self.refresh()
        return events
