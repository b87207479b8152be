"""Read: the sources, their articles, and the reader."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import urlsplit

from textual import on
from textual.widget import Widget

from studytui.errors import StudyError
from studytui.i18n import _, ngettext
from studytui.text import safe_url
from studytui.tui.screens.base import StudyScreen
from studytui.tui.screens.filing import file_under
from studytui.tui.screens.read_rows import (
    ALL,
    FEED,
    OFF,
    SITE,
    STARRED,
    Sources,
    article_page,
    article_row,
    gather,
    no_articles,
    no_sources,
    source_rows,
)
from studytui.tui.widgets.line_list import Column, LineList, Row
from studytui.tui.widgets.panes import Pane, Panes
from studytui.tui.widgets.prompt import AskLine, Confirm
from studytui.tui.widgets.reader import Reader

if TYPE_CHECKING:
    from studytui.reading.library.article import Article


class ReadScreen(StudyScreen):
    """Three panes: sources, articles, one article."""

    SCOPE = "read"
    AREA = "read"
    DEFAULT_CSS: ClassVar[str] = """
    ReadScreen #sources { width: 1fr; }
    """

    def __init__(self) -> None:
        super().__init__()
        self.sources = LineList([Column(4, right=True), Column(0)], empty=no_sources, id="sources")
        self.articles = LineList(
            [Column(2), Column(5, shown_from=40), Column(0)], empty=no_articles, id="articles"
        )
        self.reader = Reader(id="reader")
        self.article: Article | None = None
        self.unread_only = False
        self._wanted = ""
        self._links: dict[str, str] = {}

    def body(self) -> Iterable[Widget]:
        yield Panes(
            Pane(self.sources, lambda: _("Sources"), weight=2),
            Pane(self.articles, lambda: _("Articles"), weight=3),
            Pane(self.reader, lambda: _("Article"), weight=5),
        )

    @property
    def panes(self) -> Panes:
        """The three panes."""
        return self.query_one(Panes)

    def under_way(self) -> tuple[str, str] | None:
        """Reading an article is time spent on it."""
        return ("article", self.article.id) if self.article is not None and self.panes.active == 2 else None

    # --- sources ------------------------------------------------------------------------------------------

    def reload(self) -> None:
        """Show sources and articles as they are now; the marks stay where they are."""
        self._recount()
        self._list_articles()

    def pulled(self, name: str) -> None:
        """Show what a source has just brought."""
        self.reload()

    def _show_sources(self, found: Sources) -> None:
        self._links = {item.name: item.address for item, _visited, _due in found.sites}
        self.sources.show_rows(source_rows(found))
        if found.error:
            self.desk.report(found.error)

    @property
    def source(self) -> str:
        """The name of the marked source, "" for the lists above them."""
        return self.sources.key.partition(":")[2]

    @on(LineList.Highlighted, "#sources")
    def _source_marked(self) -> None:
        self._list_articles()

    @on(LineList.Opened, "#sources")
    def _source_opened(self, event: LineList.Opened) -> None:
        if event.key.startswith(SITE):
            self._visit(event.key.removeprefix(SITE))
        else:
            self.panes.enter(1)

    def _visit(self, name: str) -> None:
        """Open the site in the browser and remember the visit."""
        self.app.open_url(self._links.get(name, ""))
        self.in_thread(lambda: self.study.visit_site(name), lambda _done: self.reload(), group="visit")

    # --- articles -----------------------------------------------------------------------------------------

    def _filter(self) -> dict[str, Any]:
        key = self.sources.key
        wanted: dict[str, Any] = {"unread": self.unread_only, "starred": key == STARRED}
        if key.startswith((FEED, OFF)):
            wanted["feed"] = self.source
        return wanted

    def _list_articles(self) -> None:
        key, wanted = self.sources.key, self._filter()

        def ids() -> list[str]:
            if key.startswith(SITE):
                return []
            try:
                return self.study.library.ids(**wanted)
            except StudyError:
                return []  # a paused source that was never pulled has no articles

        self.in_thread(ids, self._show_articles, group="articles")

    def _show_articles(self, ids: list[str]) -> None:
        def rows(start: int, stop: int) -> list[Row]:
            return [article_row(article) for article in self.study.library.summaries(ids[start:stop])]

        self.articles.show(ids, rows, select=self._wanted or None)
        self.panes.panes[1].heading.say(str(len(ids) or ""))
        wanted, self._wanted = self._wanted, ""
        if wanted:
            self._open(wanted)

    @on(LineList.Opened, "#articles")
    def _article_opened(self, event: LineList.Opened) -> None:
        self._open(event.key)

    def open_subject(self, subject: str) -> None:
        """Open the article ``subject``, or mark the site of that name."""
        if self.sources.mark(SITE + subject):
            return
        self._wanted = subject
        self.sources.mark(ALL)
        self._list_articles()

    def _open(self, identity: str) -> None:
        """Show an article and mark it read."""

        def read() -> Article:
            article = self.study.library.article(identity)
            if not article.read:
                self.study.library.set_read([identity], by="reading")
            return article

        self.in_thread(read, self._show_article, group="article")

    def _show_article(self, article: Article) -> None:
        self.article = article
        self.panes.enter(2)
        self.reader.show(article_page(article))
        self.panes.panes[2].heading.say(_("has a note") if article.noted else "")
        self.articles.mark(article.id)
        self.articles.reload()
        self._recount()

    def _recount(self) -> None:
        self.in_thread(lambda: gather(self.study), self._show_sources, group="sources")

    # --- commands on the article --------------------------------------------------------------------------

    @property
    def marked(self) -> str:
        """The id of the article that a command is about: the one being read, else the marked one."""
        if self.panes.active == 2 and self.article is not None:
            return self.article.id
        return self.articles.key

    def _change(self, change: Callable[[str], object]) -> None:
        """Change the marked article in a thread and show the list anew."""
        identity = self.marked
        if identity:
            self.in_thread(lambda: change(identity), lambda _done: self._changed(), group="change")

    def _changed(self) -> None:
        self.articles.reload()
        self._recount()

    def action_star(self) -> None:
        """Give the article a star, or take it away."""
        library = self.study.library
        self._change(lambda one: library.set_starred([one], not library.article(one).starred))

    def action_toggle_read(self) -> None:
        """Mark the article unread, or read."""
        library = self.study.library
        self._change(lambda one: library.set_read([one], not library.article(one).read))

    def action_all_read(self) -> None:
        """Mark every article of the list read; one undo brings them back."""
        wanted = self._filter()
        feed = wanted.get("feed")

        def done(events: Sequence[object]) -> None:
            count = len(events)
            self.notify(
                ngettext(
                    "{n} article marked read. u undoes it.", "{n} articles marked read. u undoes it.", count
                ).format(n=count)
            )
            self.reload()

        self.in_thread(lambda: self.study.library.mark_all_read(feed), done, group="change")

    def action_next_unread(self) -> None:
        """Open the next unread article."""
        self._go_unread(backwards=False)

    def action_previous_unread(self) -> None:
        """Open the unread article before."""
        self._go_unread(backwards=True)

    def _go_unread(self, *, backwards: bool) -> None:
        feed = self._filter().get("feed")
        after = self.marked or None

        def opened(identity: str | None) -> None:
            if identity is None:
                self.notify(_("Everything here is read."))
            else:
                self._open(identity)

        self.in_thread(
            lambda: self.study.library.next_unread(after, feed=feed, backwards=backwards),
            opened,
            group="next",
        )

    def action_write_note(self) -> None:
        """Write a note about the article, or open the one it has."""
        identity = self.marked
        if identity:
            self.in_thread(lambda: self.study.note_about(identity), self._noted, group="note")

    def _noted(self, answer: tuple[Any, bool]) -> None:
        note, _made = answer
        self.desk.edit_note(note.path)

    def action_file_under(self) -> None:
        """File the article's note under a topic; an article without a note gets one first."""
        identity = self.marked
        if identity:
            self.in_thread(
                lambda: self.study.library.article(identity).heading,
                lambda title: file_under(
                    self, title, lambda: self.study.note_about(identity)[0].path, self.reload
                ),
                group="note",
            )

    def action_open_browser(self) -> None:
        """Open the article's page, or the marked site, in the browser."""
        if self.panes.active == 0 and self.sources.key.startswith(SITE):
            self._visit(self.source)
            return
        identity = self.marked
        if identity:
            self.in_thread(
                lambda: self.study.library.article(identity).link,
                self.app.open_url,
                group="browser",
            )

    def action_show_unread(self) -> None:
        """Show only unread articles, or all."""
        self.unread_only = not self.unread_only
        self.panes.panes[1].heading.say(_("unread only") if self.unread_only else "")
        self._list_articles()

    def action_show_starred(self) -> None:
        """Show the starred articles, or all."""
        self.sources.mark(ALL if self.sources.key == STARRED else STARRED)

    @on(Reader.LinkOpened)
    def _link_opened(self, event: Reader.LinkOpened) -> None:
        self.app.open_url(safe_url(event.link.target))

    # --- commands on the source ---------------------------------------------------------------------------

    def action_pull(self) -> None:
        """Ask the marked source for new articles, all of them from the lists above."""
        names = [self.source] if self.sources.key.startswith(FEED) else None
        self.desk.pulling.toggle(names)

    def action_add(self) -> None:
        """Follow a new feed or site."""
        prompt = AskLine(
            _("Address of the feed, or of a site to visit"),
            placeholder="https://",
            check=lambda text: (
                "" if safe_url(text) or text.startswith("rsshub:/") else _("It begins with https://")
            ),
        )
        self.ask(prompt, self._name_source)

    def _name_source(self, address: str) -> None:
        default = urlsplit(address).hostname or address
        self.ask(
            AskLine(_("What do you want to call it?"), default),
            lambda name: self._edit_sources(lambda: self.study.add_source(address, name=name)),
        )

    def action_edit(self) -> None:
        """Give the marked source another name."""
        name = self.source
        if name:
            self.ask(
                AskLine(_("New name for “{name}”").format(name=name), name),
                lambda new: self._edit_sources(lambda: self.study.rename_source(name, new)),
            )

    def action_toggle_source(self) -> None:
        """Pause the marked source, or follow it again."""
        name, paused = self.source, self.sources.key.startswith(OFF)
        if name:
            self._edit_sources(lambda: self.study.enable_source(name, paused))

    def action_trash(self) -> None:
        """Stop following the marked source, after a question."""
        name = self.source
        if name and self.panes.active == 0:
            self.ask(
                Confirm(_("Remove “{name}” from feeds.yaml?").format(name=name), _("Yes, remove")),
                lambda sure: self._edit_sources(lambda: self.study.remove_source(name)) if sure else None,
            )

    def _edit_sources(self, edit: Callable[[], object]) -> None:
        self.in_thread(edit, lambda _done: self.reload(), group="edit")
