"""What the Read screen shows, as rows and as a page: no widgets, no commands."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from studytui.errors import StudyError
from studytui.i18n import _
from studytui.tui.widgets.line_list import Row

if TYPE_CHECKING:
    from studytui.reading.library.article import Article, ArticleSummary, FeedSummary
    from studytui.reading.subscriptions.subscription import Subscription
    from studytui.study import Study

ALL, STARRED, FEED, SITE, OFF = "all", "starred", "feed:", "site:", "off:"
ARTICLE = re.compile("[0-9a-f]{12}")
"""What an article's id looks like, so that it is told from a site's name."""


class Sources(NamedTuple):
    """What the first pane shows; ``trouble`` is what the learner must know about feeds.yaml."""

    feeds: Sequence[FeedSummary]
    sites: Sequence[tuple[Subscription, datetime | None, bool]]
    paused: Sequence[Subscription]
    starred: int
    trouble: str


def gather(study: Study) -> Sources:
    """Return the sources as they are now; with a broken feeds.yaml, those of the last good one."""
    starred = study.library.count(starred=True)
    try:
        feeds, subscriptions, now = study.feeds(), study.subscriptions(), study.clock.now()
        sites = [
            (site, visited, visited is None or now - visited >= site.interval)
            for site, visited in study.sites()
        ]
        paused = [item for item in subscriptions if not item.enabled]
        return Sources(feeds, sites, paused, starred, "")
    except StudyError as error:
        return Sources(study.library.feeds(), [], [], starred, f"{error.message}\n{error.hint}")


def source_rows(found: Sources) -> list[Row]:
    """Return the rows of the first pane: everything, the starred, the feeds, the sites, what is paused."""
    unread = sum(feed.unread for feed in found.feeds)
    rows = [
        Row(ALL, (_count(unread), _("All articles")), "strong" if unread else ""),
        Row(STARRED, (_count(found.starred), _("Starred"))),
    ]
    rows += [_feed_row(feed) for feed in found.feeds if feed.enabled]
    if found.sites:
        rows.append(Row("", ("", _("Sites to visit")), "heading"))
        rows += [
            Row(SITE + item.name, (_("due") if due else "", item.name), "warning" if due else "")
            for item, _visited, due in found.sites
        ]
    if found.paused:
        rows.append(Row("", ("", _("Not followed")), "heading"))
        rows += [Row(OFF + item.name, ("", item.name), "muted") for item in found.paused]
    return rows


def _count(number: int) -> str:
    """Return a count in at most four cells, "" for nothing: a cut number would be another number."""
    if number >= 10_000:
        return f"{number // 1000}k"
    return str(number or "")


def _feed_row(feed: FeedSummary) -> Row:
    if feed.status in ("failed", "gone"):
        return Row(FEED + feed.name, ("!", feed.name), "bad")
    if feed.status == "never":
        return Row(FEED + feed.name, ("?", feed.name), "muted")
    return Row(FEED + feed.name, (_count(feed.unread), feed.name), "strong" if feed.unread else "")


def about_source(found: Sources, key: str) -> str:
    """Return what is wrong with the source of the row ``key``, or how it is used; "" when all is well."""
    kind, _colon, name = key.partition(":")
    if kind + ":" == OFF:
        return _("Paused. x follows it again.")
    if kind + ":" == SITE:
        visited = next((visited for site, visited, _due in found.sites if site.name == name), None)
        when = visited.astimezone().strftime("%Y-%m-%d") if visited else _("never")
        return _("A site without a feed, last visited: {day}. Enter opens it in the browser.").format(
            day=when
        )
    feed = next((feed for feed in found.feeds if kind + ":" == FEED and feed.name == name), None)
    if feed is None:
        return ""
    if feed.error:
        return f"{feed.error} {feed.hint}"
    if feed.moved_to:
        return _("It says that it has moved to {url}. To follow it there: studytui feed move NAME").format(
            url=feed.moved_to
        )
    return _("Not yet checked. r asks it for articles.") if feed.status == "never" else ""


def article_row(article: ArticleSummary) -> Row:
    """One line of the list: state, date, title; the state is a glyph, the colour only repeats it."""
    state = ("*" if article.starred else " ") if article.read else "●"
    state += "n" if article.noted else " "
    day = article.published.astimezone().strftime("%m-%d") if article.published else ""
    return Row(article.id, (state, day, article.heading), "muted" if article.read else "")


def article_page(article: Article) -> str:
    """The article as Markdown: heading, where and when, text, and its address as the last link."""
    when = article.published.astimezone().strftime("%Y-%m-%d %H:%M") if article.published else ""
    about = " · ".join(filter(None, (article.feed, article.author, when)))
    text = article.body or _("(The feed gave no text; press o to open the page in the browser.)")
    link = f"\n\n---\n\n<{article.link}>\n" if article.link else "\n"
    return f"# {_plain(article.heading)}\n\n*{_plain(about)}*\n\n{text}{link}"


def _plain(text: str) -> str:
    """Escape what Markdown would take for formatting in a title."""
    return "".join("\\" + c if c in r"\`*_{}[]()#+-.!<>|~" else c for c in text)


def no_sources() -> str:
    return _("These are your sources.\na adds one.\nFor example https://blog.hubspot.com/marketing/rss.xml")


def no_articles(key: str, unread_only: bool) -> str:
    """Return why the list of articles of the row ``key`` is empty, and what to do about it."""
    if key.startswith(SITE):
        return _(
            "This site has no feed.\nEnter opens it in the browser.\nWrite down what you learn: 4, then a."
        )
    if unread_only:
        return _("Nothing unread here.\nU shows what you have read, too.\nR asks all sources for more.")
    if key == STARRED:
        return _("Nothing has a star yet.\nm gives one to an article.\nIts text is then kept for good.")
    return _(
        "No articles here yet.\nr asks this source, R asks all of them.\nThe demo has some: studytui demo"
    )
