"""Search: one box over notes and articles, found as you type, grouped by kind."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.widget import Widget

from studytui.i18n import _, ngettext
from studytui.tui.screens.base import StudyScreen
from studytui.tui.widgets.line_list import Column, LineList, Row
from studytui.tui.widgets.plain import Plain
from studytui.tui.widgets.search_box import SearchBox

if TYPE_CHECKING:
    from studytui.search.query import Hit

LIMIT = 50


class SearchScreen(StudyScreen):
    """A box, and below it what was found: notes first, then articles."""

    SCOPE = "search"
    DEFAULT_CSS: ClassVar[str] = """
    SearchScreen #said { height: 1; padding: 0 1; color: $muted; }
    """

    def __init__(self, area: str = "") -> None:
        super().__init__()
        self.kind: str | None = None
        self.box = SearchBox(self._search, placeholder=_("Search notes and articles"))
        self.hits = LineList([Column(0)], row_height=2, empty=_nothing, id="hits")
        self.area_below = area

    def body(self) -> Iterable[Widget]:
        yield self.box
        yield Plain("", id="said")
        yield self.hits

    def on_mount(self) -> None:
        self.box.focus()

    def _search(self, query: str) -> list[Hit]:
        return self.study.search(query, self.kind, LIMIT)

    @on(SearchBox.Found)
    def _found(self, event: SearchBox.Found) -> None:
        hits: list[Hit] = event.result or []
        titles = {"note": _("Notes"), "article": _("Articles")}
        rows: list[Row] = []
        for kind, group in groupby(hits, key=lambda hit: hit.kind):
            rows.append(Row("", (titles[kind],), "heading"))
            rows += [
                Row(f"{kind}:{hit.path}", (hit.title,), "strong", hit.title_spans, hit.snippet, hit.spans)
                for hit in group
            ]
        # Another query means another best hit: what was marked for the last one is not what Enter should open.
        self.hits.show_rows(rows, select=next((row.key for row in rows if row.key), None))
        self.query_one("#said", Plain).say(self._say(event.query, len(hits)))

    def _say(self, query: str, count: int) -> str:
        if not query:
            return _("Type a word, several words, or a “phrase in quotes”. Enter opens, ↓ goes to the list.")
        if not count:
            return _("Nothing found. Try fewer or other words.")
        return ngettext("{n} found", "{n} found", count).format(n=count if count < LIMIT else f"{LIMIT}+")

    @on(LineList.Opened)
    async def _opened(self, event: LineList.Opened) -> None:
        await self._open(event.key)

    @on(SearchBox.Submitted)
    async def _submitted(self) -> None:
        if self.hits.key:
            await self._open(self.hits.key)

    async def _open(self, key: str) -> None:
        kind, _colon, name = key.partition(":")
        await self.desk.open_subject("read" if kind == "article" else "notes", name)

    def action_only_notes(self) -> None:
        """Show only notes, or everything."""
        self._only("note")

    def action_only_articles(self) -> None:
        """Show only articles, or everything."""
        self._only("article")

    def _only(self, kind: str) -> None:
        self.kind = None if self.kind == kind else kind
        self.box.search_again()


def _nothing() -> str:
    return _("Everything you wrote and every article you pulled.\nType to search.\nFor example: 客户")
