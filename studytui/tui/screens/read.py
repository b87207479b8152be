"""Read: the sources, their articles, and the reader."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from textual import on
from textual.widget import Widget

from studytui.errors import StudyError
from studytui.i18n import _, ngettext
from studytui.tui.screens.filing import file_under
from studytui.tui.screens.read_rows import (
    ALL,
    ARTICLE,
    FEED,
    OFF,
    SITE,
    STARRED,
    article_page,
    article_row,
    no_articles,
)
from studytui.tui.screens.read_sources import SourcesScreen
from studytui.tui.widgets.line_list import Column, LineList, Row
from studytui.tui.widgets.panes import Pane, Panes
from studytui.tui.widgets.reader import Reader

if TYPE_CHECKING:
    from studytui.reading.library.article import Article


class ReadScreen(SourcesScreen):
    """Three panes: sources, articles, one article."""

    SCOPE = "read"
    AREA = "read"

    def __init__(self) -> None:
        super().__init__()
        self.articles = LineList(
            [Column(2), Column(5, shown_from=40), Column(0)],
            empty=lambda: no_articles(self.sources.key, self.unread_only),
            id="articles",
        )
        self.reader = Reader(id="reader")
        self.article: Article | None = None
        self.unread_only = False
        self._wanted = self._wanted_site = ""

    def body(self) -> Iterable[Widget]:
        yield Panes(
            Pane(self.sources, lambda: _("Sources"), weight=2),
            Pane(self.articles, lambda: _("Articles"), weight=3),
            Pane(self.reader, lambda: _("Article"), weight=5),
        )
        yield self.about

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
        self.recount()
        self._list_articles()
        if self.article is not None:
            identity = self.article.id
            self.in_thread(lambda: self.study.library.article(identity), self._say_noted, group="noted")

    def pulled(self, name: str) -> None:
        """Show what a source has just brought."""
        self.reload()

    @on(LineList.Highlighted, "#sources")
    def _source_marked(self) -> None:
        self.say_about()
        self._list_articles()

    @on(LineList.Opened, "#sources")
    def _source_opened(self, event: LineList.Opened) -> None:
        if event.key.startswith(SITE):
            self.visit(self.source)
        else:
            self.panes.enter(1)

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
                if key.startswith(OFF):
                    return []  # a paused source that was never pulled is unknown to the library
                raise

        self.in_thread(ids, self._show_articles, group="articles")

    def _show_articles(self, ids: list[str]) -> None:
        def rows(start: int, stop: int) -> list[Row]:
            return [article_row(article) for article in self.study.library.summaries(ids[start:stop])]

        self.articles.show(ids, rows, select=self._wanted or None)
        filtered = _("unread only") if self.unread_only else ""
        self.panes.panes[1].heading.say(" · ".join(filter(None, (filtered, str(len(ids) or "")))))
        wanted, self._wanted = self._wanted, ""
        if wanted:
            self._open(wanted)

    def sources_shown(self) -> None:
        """Mark the site that another screen asked for."""
        if self._wanted_site:
            self.panes.enter(0)
            self.sources.mark(SITE + self._wanted_site)
            self._wanted_site = ""

    @on(LineList.Opened, "#articles")
    def _article_opened(self, event: LineList.Opened) -> None:
        self._open(event.key)

    def open_subject(self, subject: str) -> None:
        """Open the article ``subject``, or mark the site of that name, as soon as the lists are there."""
        if ARTICLE.fullmatch(subject):
            self._wanted = subject
            self.unread_only = False
            self.sources.mark(ALL)
        else:
            self._wanted_site = subject
        self.reload()

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
        self._say_noted(article)
        self.articles.mark(article.id)
        self.articles.reload()
        self.recount()

    def _say_noted(self, article: Article) -> None:
        self.panes.panes[2].heading.say(_("has a note") if article.noted else "")

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
        self.recount()

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
        shown = list(self.articles.keys_shown)

        def done(events: Sequence[object]) -> None:
            count = len(events)
            self.notify(
                ngettext(
                    "{n} article marked read. u undoes it.", "{n} articles marked read. u undoes it.", count
                ).format(n=count)
            )
            self.reload()

        self.in_thread(lambda: self.study.library.set_read(shown), done, group="change")

    def action_next_unread(self) -> None:
        """Open the next unread article."""
        self._go_unread(backwards=False)

    def action_previous_unread(self) -> None:
        """Open the unread article before."""
        self._go_unread(backwards=True)

    def _go_unread(self, *, backwards: bool) -> None:
        listed = {name: value for name, value in self._filter().items() if name != "unread"}
        after = self.marked or None

        def opened(identity: str | None) -> None:
            if identity is None:
                self.notify(_("Everything here is read."))
            else:
                self._open(identity)

        self.in_thread(
            lambda: self.study.library.next_unread(after, **listed, backwards=backwards),
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
            self.visit(self.source)
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
        self._list_articles()

    def action_show_starred(self) -> None:
        """Show the starred articles, or all."""
        self.sources.mark(ALL if self.sources.key == STARRED else STARRED)

    def follow_link(self, target: str) -> None:
        """Say that it is not opened: an article names none of the learner's notes."""
        self.app.open_url(target)
