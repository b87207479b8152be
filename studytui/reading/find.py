"""Find the feed of a site: ask the page, try what it names and where feeds usually lie, keep what parses as one."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass

from studytui.errors import StudyError
from studytui.i18n import _
from studytui.reading.fetch.discover import common_addresses, feed_links, looks_like_html
from studytui.reading.fetch.download import FeedClient, FetchResult, Limits, fetch, open_client
from studytui.reading.parse.parser import FeedParser, ParseError
from studytui.workspace import Clock

MOST_TRIES = 24


@dataclass(frozen=True)
class FoundFeed:
    """A feed that answered: its address, its own title, and how many entries it holds."""

    url: str
    title: str
    entries: int


async def find_feeds(url: str, clock: Clock, limits: Limits | None = None) -> list[FoundFeed]:
    """Return the feeds of the page at ``url``, likeliest first; the address itself when it is one.

    Only what really parses as a feed is returned.  Raises StudyError when the page does not answer.
    """
    async with open_client(limits, clock=clock) as client, FeedParser() as parser:
        page = await fetch(client, url)
        if page.status != "ok":
            raise StudyError(page.error, page.hint)
        itself = await _read(parser, page, clock)
        if itself is not None:
            return [itself]
        if not looks_like_html(page.body, page.content_type):
            return []
        address = page.final_url or url
        named = [link.url for link in feed_links(page.body, address, page.charset)]
        found = await _answering(client, parser, named, page.private, clock)
        return found or await _answering(client, parser, common_addresses(address), page.private, clock)


async def _answering(
    client: FeedClient, parser: FeedParser, urls: Iterable[str], private: bool, clock: Clock
) -> list[FoundFeed]:
    """Ask ``urls`` side by side and return those that are feeds, each title and address once."""

    async def one(url: str) -> FoundFeed | None:
        answer = await fetch(client, url, public_only=not private)
        return await _read(parser, answer, clock) if answer.status == "ok" else None

    answers = await asyncio.gather(*(one(url) for url in list(urls)[:MOST_TRIES]))
    return list({found.url: found for found in answers if found is not None}.values())


async def _read(parser: FeedParser, answer: FetchResult, clock: Clock) -> FoundFeed | None:
    url = answer.final_url or answer.url
    try:
        parsed = await parser.parse(answer.body, answer.charset, url, clock.now())
    except ParseError:
        return None
    return FoundFeed(url, parsed.title, len(parsed.entries))


def no_feed(url: str) -> StudyError:
    """Return the error that says that a page names no feed, and what can be done instead."""
    return StudyError(
        _("No feed was found at {url}.").format(url=url),
        _("Follow it as a site to visit instead: studytui feed add --site {url}").format(url=url),
    )
