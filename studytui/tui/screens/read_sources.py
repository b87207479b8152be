"""The sources of the Read screen: their list, what is said about the marked one, and what can be done with it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, ClassVar
from urllib.parse import urlsplit

from studytui.errors import StudyError
from studytui.i18n import _, ngettext
from studytui.text import safe_url
from studytui.tui.screens.base import StudyScreen
from studytui.tui.screens.read_rows import OFF, Sources, about_source, gather, no_sources, source_rows
from studytui.tui.widgets.line_list import Column, LineList
from studytui.tui.widgets.plain import Plain
from studytui.tui.widgets.prompt import AskLine, Choice, Confirm, Pick, Picked

if TYPE_CHECKING:
    from studytui.reading.find import FoundFeed

_ROUTE = "rsshub:/"
_AS_FEED, _AS_SITE = "as a feed", "as a site"


class SourcesScreen(StudyScreen):
    """A screen with the list ``sources``, and a line ``about`` the marked one while that list has the focus."""

    DEFAULT_CSS: ClassVar[str] = """
    SourcesScreen #about { height: auto; max-height: 3; padding: 0 1; color: $muted; background: $panel; }
    """

    def __init__(self) -> None:
        super().__init__()
        self.sources = LineList([Column(4, right=True), Column(0)], empty=no_sources, id="sources")
        self.about = Plain("", id="about")
        self.found = Sources((), (), (), 0, "")

    @property
    def source(self) -> str:
        """The name of the marked source, "" for the lists above them."""
        return self.sources.key.partition(":")[2]

    def recount(self) -> None:
        """Show the sources and their counts as they are now."""
        self.in_thread(lambda: gather(self.study), self._show_sources, group="sources")

    def _show_sources(self, found: Sources) -> None:
        if found.trouble and found.trouble != self.found.trouble:
            self.notify(found.trouble, severity="warning", timeout=12)
        self.found = found
        self.sources.show_rows(source_rows(found))
        self.sources_shown()
        self.say_about()

    def sources_shown(self) -> None:
        """Hear that the list of sources is there, or new."""

    def say_about(self) -> None:
        """Say what is wrong with the marked source, or how it is used, as long as its list has the focus."""
        said = about_source(self.found, self.sources.key) if self.sources.has_focus else ""
        self.about.say(said)
        self.about.display = bool(said)

    def on_descendant_focus(self) -> None:
        self.say_about()

    def visit(self, name: str) -> None:
        """Open the site in the browser and remember the visit."""
        address = next((site.address for site, _visited, _due in self.found.sites if site.name == name), "")
        self.app.open_url(address)
        self.in_thread(lambda: self.study.visit_site(name), lambda _done: self.reload(), group="visit")

    # --- commands -----------------------------------------------------------------------------------------

    def action_pull(self) -> None:
        """Ask the marked source for new articles, all of them from the lists above."""
        self.desk.pulling.toggle([self.source] if self.source else None)

    def action_add(self) -> None:
        """Follow a new feed or site."""
        prompt = AskLine(
            _("Web address of a feed, or of any page of its site"),
            placeholder="https://",
            check=lambda text: (
                "" if safe_url(text) or text.startswith(_ROUTE) else _("It begins with https://")
            ),
        )
        self.ask(prompt, self._look_for_feeds)

    def _look_for_feeds(self, address: str) -> None:
        """Ask the page which feeds there are; a feed's own address needs no choice."""
        if address.startswith(_ROUTE):
            self._name_source(address, address)
            return

        async def job() -> None:
            found, trouble = list["FoundFeed"](), ""
            self.notify(_("Looking for the feed of {url} …").format(url=address), timeout=3)
            try:
                found = await self.study.find_feeds(address)
            except StudyError as error:
                trouble = error.message
            if [feed.url for feed in found] == [address]:
                self._name_source(address, found[0].title)
            else:
                self._choose_feed(address, found, trouble)

        self.in_loop(job, group="find")

    def _choose_feed(self, address: str, found: Sequence[FoundFeed], trouble: str) -> None:
        choices = [
            Choice(
                feed.url,
                feed.title or feed.url,
                ngettext("{n} entry", "{n} entries", feed.entries).format(n=feed.entries),
                feed.url,
            )
            for feed in found
        ]
        choices.append(Choice(_AS_SITE, _("List it as a site to visit"), help=_("It comes due every week.")))
        choices.append(Choice(_AS_FEED, _("Follow this very address as a feed"), help=address))
        titles = {feed.url: feed.title for feed in found}

        def chosen(picked: Picked) -> None:
            own = picked.key in (_AS_SITE, _AS_FEED)
            self._name_source(
                address if own else picked.key, titles.get(picked.key, ""), site=picked.key == _AS_SITE
            )

        question = _("Which feed of {url}?").format(url=address) if found else trouble
        self.ask(Pick(question, choices), chosen)

    def _name_source(self, address: str, title: str, *, site: bool = False) -> None:
        default = title or urlsplit(address).hostname or address
        self.ask(
            AskLine(_("What do you want to call it?"), default),
            lambda name: self._edit_sources(lambda: self.study.add_source(address, name=name, site=site)),
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
        if name and self.sources.has_focus:
            self.ask(
                Confirm(_("Remove “{name}” from feeds.yaml?").format(name=name), _("Yes, remove")),
                lambda sure: self._edit_sources(lambda: self.study.remove_source(name)) if sure else None,
            )

    def _edit_sources(self, edit: Callable[[], object]) -> None:
        self.in_thread(edit, lambda _done: self.reload(), group="edit")
