"""Finding a site's feed: what it names, where feeds usually lie, and only what really is one."""

from __future__ import annotations

import pytest

from studytui.errors import StudyError
from studytui.reading.find import find_feeds
from tests.conftest import FixedClock
from tests.feedserver import FeedServer

FEED = b'<rss version="2.0"><channel><title>Soap</title><item><title>One</title></item></channel></rss>'


async def test_the_feed_that_a_page_names(clock: FixedClock) -> None:
    with FeedServer() as server:
        page = b'<html><head><link rel="alternate" type="application/rss+xml" href="/soap.xml"></head>'
        server.put("/", page, content_type="text/html")
        server.put("/soap.xml", FEED)
        (found,) = await find_feeds(server.url("/"), clock)
        assert (found.url, found.title, found.entries) == (server.url("/soap.xml"), "Soap", 1)


async def test_where_feeds_usually_lie(clock: FixedClock) -> None:
    with FeedServer() as server:
        server.put("/blog", b"<html><body>hello</body></html>", content_type="text/html")
        server.put("/feed.xml", FEED)
        assert [found.url for found in await find_feeds(server.url("/blog"), clock)] == [
            server.url("/feed.xml")
        ]


async def test_an_address_that_is_a_feed_is_its_own_answer(clock: FixedClock) -> None:
    with FeedServer() as server:
        server.put("/soap.xml", FEED)
        assert [found.url for found in await find_feeds(server.url("/soap.xml"), clock)] == [
            server.url("/soap.xml")
        ]


async def test_a_page_that_names_what_is_no_feed(clock: FixedClock) -> None:
    with FeedServer() as server:
        page = b'<html><link rel="alternate" type="application/rss+xml" href="/x.xml">'
        server.put("/", page, content_type="text/html")
        server.put("/x.xml", b"<html>not a feed</html>", content_type="text/html")
        assert await find_feeds(server.url("/"), clock) == []


async def test_a_page_that_does_not_answer_is_a_sentence(clock: FixedClock) -> None:
    with FeedServer() as server, pytest.raises(StudyError):
        await find_feeds(server.url("/nothing"), clock)
