"""What the library hands out: articles, their one-line summaries, and how each feed is doing."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

_FORMATTING = re.compile(
    r"(?i)</?(?:a|abbr|b|big|br|cite|code|em|font|i|mark|s|small|span|strong|sub|sup|u)(?:\s[^<>]*)?/?>"
)


@dataclass(frozen=True, slots=True)
class ArticleSummary:
    """One article without its text.

    ``id`` is 12 hex digits and survives a new library; ``url`` is the link as the feed gives it; ``published``
    is in UTC, None when the feed gave no believable date; ``position`` counts from 1 in the feed's document
    at the time the article was first seen; ``lead`` is the beginning of the text of an article without title;
    ``noted`` is the note about it, relative to ``notes/``.
    """

    id: str
    title: str
    feed: str
    url: str
    published: datetime | None
    first_seen: datetime
    position: int
    read: bool
    starred: bool
    noted: str | None
    lead: str

    @property
    def heading(self) -> str:
        """What to call the article where a person reads: its title without tags, how it begins, or its link."""
        title = _FORMATTING.sub("", self.title).strip() if "<" in self.title else self.title
        return title or self.lead or self.url


@dataclass(frozen=True, slots=True)
class Article(ArticleSummary):
    """One article with its text: ``body`` is Markdown, ``link`` is absolute and safe to open, or "".

    ``stamp`` changes whenever the content does.
    """

    link: str
    author: str
    body: str
    stamp: str


@dataclass(frozen=True, slots=True)
class FeedSummary:
    """One followed feed: its counts and how the last pull went.

    ``address`` is spelled as in feeds.yaml.  A paused feed (``enabled`` is false) is here as long as it has
    articles.  ``status`` is "never" (not yet checked), "ok", "failed", "gone", "later" (it asked to be left
    alone) or "off" (an RSSHub route without a server); ``error`` and ``hint`` are sentences; ``moved_to`` is
    the address that the feed says it has moved to for good, or "".
    """

    name: str
    address: str
    enabled: bool
    title: str
    site: str
    unread: int
    total: int
    starred: int
    status: str
    error: str
    hint: str
    checked_at: datetime | None
    moved_to: str


@dataclass(frozen=True, slots=True)
class FeedState:
    """What the next pull of a feed must know: validators, and how long it has been failing."""

    etag: str = ""
    last_modified: str = ""
    digest: str = ""
    status: str = "never"
    failures: int = 0
    failing_since: datetime | None = None
    retry_at: datetime | None = None
    checked_at: datetime | None = None
