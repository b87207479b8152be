"""The sample feeds: own articles in ``articles/*.md``, dated back from now, as RSS, Atom and JSON Feed.

A feed file holds ``name:``, ``lang:`` and ``format:`` lines, then articles, each a ``# title`` and its text.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from xml.sax.saxutils import escape

ARTICLES = Path(__file__).parent / "articles"
_TYPES = {"rss": "application/rss+xml", "atom": "application/atom+xml", "json": "application/feed+json"}


@dataclass(frozen=True)
class DemoArticle:
    """One sample article: its title, its body as HTML and when it appeared."""

    title: str
    html: str
    published: datetime


@dataclass(frozen=True)
class DemoFeed:
    """One sample feed; ``format`` is rss, atom or json."""

    slug: str
    name: str
    lang: str
    format: str
    articles: tuple[DemoArticle, ...]

    @property
    def path(self) -> str:
        """Where the server serves it."""
        return f"/{self.slug}.{'json' if self.format == 'json' else 'xml'}"

    @property
    def content_type(self) -> str:
        """The media type it is served with."""
        return _TYPES[self.format]

    def render(self) -> bytes:
        """Return the feed document."""
        return {"rss": _rss, "atom": _atom, "json": _json}[self.format](self).encode()

    def link(self, number: int) -> str:
        """Return the address of its ``number``-th article; it leads nowhere, as everything here is local."""
        return f"https://{self.slug}.example/articles/{number}"


def demo_feeds(now: datetime) -> list[DemoFeed]:
    """Read the sample feeds; the newest article is some hours old, the oldest some weeks."""
    files = sorted(ARTICLES.glob("*.md"))
    return [_read(file, now - timedelta(minutes=97 * place)) for place, file in enumerate(files)]


def _read(file: Path, newest: datetime) -> DemoFeed:
    from markdown_it import MarkdownIt

    head, *articles = file.read_text("utf-8").split("\n# ")
    about = dict(line.split(": ", 1) for line in head.splitlines() if ": " in line)
    renderer = MarkdownIt("commonmark").enable("table")
    parts = [article.partition("\n") for article in articles]
    step = timedelta(hours=31, minutes=17)
    return DemoFeed(
        file.stem,
        about["name"],
        about["lang"],
        about["format"],
        tuple(
            DemoArticle(title.strip(), renderer.render(text), newest - timedelta(hours=2) - step * number)
            for number, (title, _newline, text) in enumerate(parts)
        ),
    )


def _rss(feed: DemoFeed) -> str:
    items = "".join(
        f"<item><title>{escape(a.title)}</title><link>{feed.link(n)}</link>"
        f'<guid isPermaLink="false">{feed.slug}-{n}</guid>'
        f"<pubDate>{format_datetime(a.published)}</pubDate><description>{escape(a.html)}</description></item>\n"
        for n, a in enumerate(feed.articles)
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<rss version="2.0">'
        f"<channel><title>{escape(feed.name)}</title>"
        f"<link>https://{feed.slug}.example/</link><description/><language>{feed.lang}</language>\n"
        f"{items}</channel></rss>\n"
    )


def _atom(feed: DemoFeed) -> str:
    entries = "".join(
        f'<entry><title>{escape(a.title)}</title><link href="{feed.link(n)}"/><id>tag:{feed.slug},{n}</id>'
        f"<updated>{a.published.isoformat()}</updated>"
        f'<content type="html">{escape(a.html)}</content></entry>\n'
        for n, a in enumerate(feed.articles)
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">'
        f'<title>{escape(feed.name)}</title><link href="https://{feed.slug}.example/"/><id>tag:{feed.slug}</id>'
        f"<updated>{feed.articles[0].published.isoformat()}</updated>\n{entries}</feed>\n"
    )


def _json(feed: DemoFeed) -> str:
    items = [
        {
            "id": f"{feed.slug}-{n}",
            "url": feed.link(n),
            "title": a.title,
            "content_html": a.html,
            "date_published": a.published.isoformat(),
        }
        for n, a in enumerate(feed.articles)
    ]
    document = {"version": "https://jsonfeed.org/version/1.1", "title": feed.name, "items": items}
    return json.dumps(document, ensure_ascii=False, indent=1)
