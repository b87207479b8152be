"""The composition root: opens a workspace, makes its areas when they are first needed, joins them.

Everything here may be called from any thread; nothing here is fast enough for the event loop.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlsplit

from studytui import agenda
from studytui.errors import StudyError
from studytui.i18n import _, language, sentences
from studytui.journal import Event, Journal
from studytui.log import log_to
from studytui.settings import Settings, load_settings
from studytui.text import clean_line
from studytui.workspace import Clock, SystemClock, Workspace

if TYPE_CHECKING:
    from studytui.joins.learning import Learning
    from studytui.joins.people import People
    from studytui.joins.practice import Practice
    from studytui.joins.topics import Topics
    from studytui.notes.cache import Listing
    from studytui.notes.note import Note
    from studytui.notes.vault import Vault, VaultChanges
    from studytui.reading.find import FoundFeed
    from studytui.reading.library.article import Article, FeedSummary
    from studytui.reading.library.library import Library
    from studytui.reading.pull import PullResult
    from studytui.reading.subscriptions.subscription import Kind, Subscription, Subscriptions
    from studytui.search.index import NoteIndex, Synced
    from studytui.search.query import Document, Hit

T = TypeVar("T")
ARTICLES_KEPT = 500
OnResult = Callable[[int, int, "PullResult"], object]
OnProgress = Callable[[int, int], object]


@dataclass(frozen=True)
class Undoable:
    """One act that can be taken back: its journal events, when it was, and a sentence about it."""

    events: tuple[str, ...]
    moment: datetime
    sentence: str
    operation: str = ""


class Study:
    """One opened workspace with all its areas."""

    def __init__(self, workspace: Workspace, clock: Clock) -> None:
        self.workspace = workspace
        self.clock = clock
        self.journal = Journal(workspace.journal, workspace.device(), clock)
        self._lock = RLock()
        self._areas: dict[type, object] = {}
        self._documents: dict[str, Document] = {}
        self._articles: dict[str, Document] = {}
        self.rebuilt = ""
        """A sentence when a damaged library or index was replaced; see `take_rebuilt`."""

    @classmethod
    def open(cls, workspace: Workspace, clock: Clock | None = None) -> Study:
        """Open ``workspace``; raises StudyError when its folders cannot be made."""
        workspace.prepare()
        log_to(workspace.log)
        return cls(workspace, clock or SystemClock())

    def take_rebuilt(self) -> str:
        """Return what to tell the learner about damage that was mended, once; "" when there is nothing to tell."""
        said, self.rebuilt = self.rebuilt, ""
        return said

    def close(self) -> None:
        """Let go of databases and child processes; harmless when none was opened."""
        with self._lock:
            for area in self._areas.values():
                if hasattr(area, "close"):
                    area.close()
            self._areas.clear()

    def _made(self, kind: type[T], make: Callable[[], T]) -> T:
        """Return the one ``kind`` of this workspace, made when a thread first asks for it."""
        with self._lock:
            if kind not in self._areas:
                self._areas[kind] = make()
            area = self._areas[kind]
        assert isinstance(area, kind)
        return area

    @property
    def settings(self) -> Settings:
        """What the learner chose; raises StudyError when the file is broken."""
        return load_settings(self.workspace.settings)

    # --- reading ------------------------------------------------------------------------------------------

    @property
    def library(self) -> Library:
        """The articles."""
        from studytui.reading.library.library import Library

        return self._made(Library, self._opened_library)

    def _opened_library(self) -> Library:
        from studytui.reading.library.library import Library
        from studytui.search.analyzer import VERSION, index_text

        library = Library(self.workspace.library, self.journal, index_text=index_text, analyzer=str(VERSION))
        self.rebuilt = sentences(self.rebuilt, library.rebuilt)
        return library

    def subscriptions(self) -> Subscriptions:
        """Read feeds.yaml; raises StudyError naming the file, line and column at fault."""
        from studytui.joins.remembered import subscriptions

        return subscriptions(self.workspace)

    def feeds(self) -> list[FeedSummary]:
        """Return the followed feeds with their counts, in the order of feeds.yaml."""
        from studytui.reading.pull import followed

        self.library.follow(followed(self.subscriptions()))
        return self.library.feeds()

    async def pull(
        self, names: Sequence[str] | None = None, on_result: OnResult | None = None
    ) -> list[PullResult]:
        """Ask the named sources (all when None) for news; one result a source, errors as values."""
        import asyncio

        from studytui.reading.pull import pull

        library, subscriptions = await asyncio.to_thread(lambda: (self.library, self.subscriptions()))
        return await pull(library, subscriptions, names=names, on_result=on_result, clock=self.clock)

    async def find_feeds(self, url: str) -> list[FoundFeed]:
        """Return the feeds of the page at ``url``; raises StudyError when there are none or it does not answer."""
        from studytui.reading.find import find_feeds, no_feed

        found = await find_feeds(url, self.clock)
        if not found:
            raise no_feed(url)
        return found

    def add_source(
        self, address: str, *, name: str | None = None, tags: Sequence[str] = (), site: bool = False
    ) -> Subscription:
        """Add a source to feeds.yaml and return it; raises StudyError for an address that cannot be one."""
        from studytui.reading.subscriptions.edit import add
        from studytui.reading.subscriptions.subscription import Subscription

        route = address.removeprefix("rsshub:")
        kind: Kind = "site" if site else "url" if route == address else "rsshub"
        called = name or urlsplit(address).hostname or address
        made = Subscription(called, kind, route, tuple(tags))
        add(self.workspace.feeds_file, made)
        return made

    def rename_source(self, name: str, new: str) -> None:
        """Give the source another name."""
        from studytui.reading.subscriptions.edit import rename

        rename(self.workspace.feeds_file, name, new)

    def enable_source(self, name: str, enabled: bool) -> None:
        """Follow the source, or pause it."""
        from studytui.reading.subscriptions.edit import set_enabled

        set_enabled(self.workspace.feeds_file, name, enabled)

    def remove_source(self, name: str) -> None:
        """Take the source out of feeds.yaml; its articles stay in the library."""
        from studytui.reading.subscriptions.edit import remove

        remove(self.workspace.feeds_file, name)

    def move_source(self, name: str, address: str) -> None:
        """Follow the source at the address it says it has moved to."""
        from studytui.reading.subscriptions.edit import set_address

        set_address(self.workspace.feeds_file, name, address)

    def import_opml(self, file: Path) -> tuple[list[Subscription], list[str]]:
        """Add the sources of an OPML file; return what was added and a sentence for each one left out."""
        from studytui.reading.subscriptions.edit import add
        from studytui.reading.subscriptions.opml import import_opml, not_followed

        try:
            outlines = import_opml(file.read_bytes())
        except OSError as error:
            raise StudyError(
                _("Could not read {path}: {reason}.").format(path=file, reason=error.strerror),
                _("Check the name of the file."),
            ) from error
        new = not_followed(outlines.found, self.subscriptions())
        if new:
            add(self.workspace.feeds_file, *new)
        return new, list(outlines.skipped)

    def export_opml(self) -> bytes:
        """Return the sources as OPML."""
        from studytui.reading.subscriptions.opml import export_opml

        return export_opml(self.subscriptions(), self.clock.now())

    def visit_site(self, name: str) -> None:
        """Record that the learner visited a site without a feed; it is due again after its interval."""
        self.journal.append("site.visited", subject=self.subscriptions().by_name(name).name)

    def sites(self) -> list[tuple[Subscription, datetime | None]]:
        """Return the followed sites with the moment of the last visit."""
        visits = {event.subject: event.moment for event in self.library.events("site.visited")}
        return [
            (item, visits.get(item.name))
            for item in self.subscriptions()
            if item.kind == "site" and item.enabled
        ]

    # --- notes --------------------------------------------------------------------------------------------

    @property
    def vault(self) -> Vault:
        """The notes, scanned when they are first asked for."""
        from studytui.notes.vault import Vault

        return self._made(Vault, lambda: self._scanned(Vault(self.workspace, self.journal)))

    def _scanned(self, vault: Vault) -> Vault:
        vault.scan()
        vault.listeners.append(self._forget)
        return vault

    def notes(self) -> Listing:
        """Return the notes to list: the learner's own and the starter notes in the screen language."""
        return self.vault.notes(language())

    def note(self, name: str) -> Note:
        """Return the note with this path, file name, title or alias; raises StudyError."""
        found = self.vault.get(name)
        if found is None:
            raise StudyError(
                _("There is no note “{name}”.").format(name=clean_line(name, 80)),
                _("The notes are listed by: studytui notes"),
            )
        return found

    def new_note(self, title: str, *, tags: Sequence[str] = (), body: str = "", into: str = "") -> Note:
        """Write a new note and return it."""
        return self.vault.create(title, body, front={"tags": list(tags)} if tags else {}, into=into)

    def note_about(
        self, article_id: str, *, title: str | None = None, tags: Sequence[str] = (), body: str = ""
    ) -> tuple[Note, bool]:
        """Return the note about an article and whether it was made just now; an article has one note.

        It begins as the template for articles does; ``body`` is what the learner wrote already.
        """
        from studytui.notes.templates import create_from
        from studytui.reading.library.marks import NOTED

        article = self.library.article(article_id)
        known = self.vault.find("article", article.id)
        if known is not None:
            return known, False
        front = {
            "tags": list(tags),
            "source": article.feed,
            "url": article.link or article.url,
            "article": article.id,
        }
        published = article.published.date().isoformat() if article.published else ""
        note = create_from(
            self.vault,
            "article",
            title or clean_line(article.heading, 120),
            {**front, "author": article.author, "published": published},
            front=front,
            body=body,
            also=lambda path: [(NOTED, {"subject": article.id, "note": path})],
        )
        self.library.refresh()
        return note, True

    # --- search -------------------------------------------------------------------------------------------

    @property
    def index(self) -> NoteIndex:
        """The search index over the notes."""
        from studytui.search.index import NoteIndex

        return self._made(NoteIndex, lambda: NoteIndex(self.workspace.index))

    def search(self, query: str, kind: str | None = None, limit: int = 20) -> list[Hit]:
        """Return the best notes, then the best articles, at most ``limit`` of each; never fails on any input."""
        hits: list[Hit] = []
        if kind != "article":
            hits += self.index.search(query, self.documents(), limit).hits
        if kind != "note":
            hits += self._search_articles(query, limit)
        return hits

    def _search_articles(self, query: str, limit: int) -> Iterable[Hit]:
        from studytui.search.query import find

        def fetch(match: str | None) -> list[Document]:
            return [self._article_document(one) for one in self.library.search(match)]

        return find(query, fetch, limit, kind="article").hits

    def _article_document(self, article: Article) -> Document:
        """Return the article as a document; the last ones are kept, because folding a text costs the most."""
        from studytui.search.query import Document

        with self._lock:
            known = self._articles.pop(article.id, None)
            if known is None or known.stamp != article.stamp:
                day = article.published.isoformat() if article.published else ""
                known = Document(article.id, article.heading, article.body, article.stamp, date=day)
            self._articles[article.id] = known
            if len(self._articles) > ARTICLES_KEPT:
                del self._articles[next(iter(self._articles))]
        return known

    def documents(self) -> dict[str, Document]:
        """Return every readable note as a document to be found, read once and again when it changed."""
        from studytui.search.query import Document

        with self._lock:
            for note in self.vault.notes():
                known = self._documents.get(note.path)
                if note.problem is not None or (known is not None and known.stamp == note.digest):
                    continue
                try:
                    body = self.vault.read(note.path).body
                except StudyError:
                    continue
                self._documents[note.path] = Document(
                    note.path,
                    note.title,
                    body,
                    note.digest,
                    note.aliases,
                    note.tags,
                    note.updated.isoformat(),
                )
            return dict(self._documents)

    def _forget(self, changes: VaultChanges) -> None:
        with self._lock:
            for path in changes.removed:
                self._documents.pop(path, None)

    def reindex(self, rebuild: bool = False, progress: OnProgress | None = None) -> tuple[int, int]:
        """Bring both indexes up to date (from nothing when ``rebuild``); return how many notes and articles.

        Raises StudyError when the note index cannot be written; searching works all the same.
        """
        documents = self.documents()
        if rebuild:
            self.index.clear()
            self.library.forget_index()
        synced = self._synced(documents, progress)
        if synced.state not in ("done", "busy"):
            raise StudyError(
                _("The index in {path} could not be written: {reason}").format(
                    path=self.workspace.index, reason=synced.reason or synced.state
                ),
                _("Searching reads the notes instead. Free some space, then: studytui index --rebuild"),
            )
        while self.library.index_pending(200):
            pass
        return len(documents), self.library.count()

    def _synced(self, documents: dict[str, Document], progress: OnProgress | None = None) -> Synced:
        synced = self.index.sync(documents, progress)
        if synced.anew and synced.state == "done":
            self.rebuilt = sentences(
                self.rebuilt, _("The search index could not be used, so it was built anew; nothing is lost.")
            )
        return synced

    def upkeep(self, stopped: Callable[[], bool]) -> None:
        """Bring the indexes up to date in small pieces until all is done or ``stopped()``; for idle time."""
        documents = self.documents()
        if not stopped():
            self._synced(documents)
        if not stopped():
            self.index.warm(documents)
        while not stopped() and self.library.index_pending(20):
            pass

    # --- learning -----------------------------------------------------------------------------------------

    @property
    def learning(self) -> Learning:
        """Courses, cards, explaining, and what was done when."""
        from studytui.joins.learning import Learning

        return self._made(Learning, lambda: Learning(self))

    @property
    def topics(self) -> Topics:
        """The knowledge map: what there is on each topic, and filing under them."""
        from studytui.joins.topics import Topics

        return self._made(Topics, lambda: Topics(self))

    # --- people and practice ------------------------------------------------------------------------------

    @property
    def people(self) -> People:
        """People, events and open questions."""
        from studytui.joins.people import People

        return self._made(People, lambda: People(self))

    @property
    def practice(self) -> Practice:
        """The practice tools and their records."""
        from studytui.joins.practice import Practice

        return self._made(Practice, lambda: Practice(self))

    # --- today --------------------------------------------------------------------------------------------

    def today(self) -> agenda.Today:
        """Return what Today shows."""
        from studytui.joins.today import look

        return look(self)

    def put_off(self, due: agenda.Due, *, until_tomorrow: bool) -> Event:
        """Take an act out of Today's proposals, for an hour or until tomorrow."""
        kind = "agenda.skipped" if until_tomorrow else "agenda.later"
        return self.journal.append(kind, subject=due.subject, title=agenda.act(due))

    # --- taking back --------------------------------------------------------------------------------------

    def undoable(self, limit: int = 20) -> list[Undoable]:
        """Return what this device could take back, newest first."""
        from studytui.joins.undo import undoable

        return undoable(self, limit)

    def undo(self) -> str:
        """Take back the newest act and return the sentence about it; raises StudyError when there is none."""
        from studytui.joins.undo import undo

        return undo(self)

    def take_back(self, act: Undoable) -> str:
        """Take back one act and return the sentence about it; raises StudyError when a file changed since."""
        from studytui.joins.undo import take_back

        return take_back(self, act)
