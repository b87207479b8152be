"""Finding the feed of a site from the page that came instead of it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studytui.reading.fetch.discover import FeedLink, common_addresses, feed_links, looks_like_html

PAGE = "https://blog.example.com/marketing/"


def found(html: str, url: str = PAGE) -> list[str]:
    return [link.url for link in feed_links(html.encode(), url)]


def test_what_the_head_declares() -> None:
    page = """<!doctype html><html><head>
      <LINK REL='alternate stylesheet' type="text/css" href="/style.css">
      <link rel="alternate" hreflang="zh" href="/zh/">
      <link rel="alternate" type="application/rss+xml" title="Q &amp; A &#8211; 营销"
        href="/feed?a=1&amp;b=2&copy=3" />
      <link href=atom.xml type=application/atom+xml rel=alternate>
      <link rel="alternate" type="application/json; charset=utf-8" href="//cdn.example.com/feed.json">
    </head><body></body></html>"""
    assert feed_links(page.encode(), PAGE) == [
        FeedLink("https://blog.example.com/feed?a=1&b=2&copy=3", "Q & A – 营销"),
        FeedLink("https://blog.example.com/marketing/atom.xml"),
        FeedLink("https://cdn.example.com/feed.json"),
    ]


def test_comments_come_last_and_links_in_the_text_after_the_head() -> None:
    page = """<a href="/about">x</a><a href="https://other.org/rss.xml">RSS</a><a href='/feed/'>Feed</a>
      <link rel=alternate type=application/rss+xml title="Site » Comments Feed" href=/comments/feed/>
      <link rel=alternate type=application/rss+xml title="Site" href=/feed/>"""
    assert found(page) == [
        "https://blog.example.com/feed/",
        "https://blog.example.com/comments/feed/",
        "https://other.org/rss.xml",
    ]


def test_the_base_of_the_page_counts() -> None:
    page = '<base href="/deep/"><link rel="alternate" type="text/xml" href="rss">'
    assert found(page) == ["https://blog.example.com/deep/rss"]


@pytest.mark.parametrize(
    "href",
    [
        "javascript:alert(1)",
        "file:///etc/passwd",
        "data:text/xml,x",
        "http://",
        "http://[",
        "",
        "#",
        "mailto:a@b",
    ],
)
def test_only_web_addresses_are_found(href: str) -> None:
    assert found(f'<link rel="alternate" type="application/rss+xml" href="{href}">') in (
        [],
        [PAGE.rstrip("#")][1:],
    )


def test_feed_addresses_with_their_own_scheme() -> None:
    page = '<link rel=feed href="feed://a.com/x"><link rel=feed href="feed:https://b.com/x">'
    assert found(page) == ["http://a.com/x", "https://b.com/x"]


def test_what_browsers_do_not_see_is_not_found() -> None:
    link = '<link rel="alternate" type="application/rss+xml" href="/{}">'
    page = f"<!-- {link.format('old')} -->{link.format('new')}<!-- {link.format('open')}"
    assert found(page) == ["https://blog.example.com/new"]


def test_a_page_in_an_old_encoding() -> None:
    page = '<meta charset="gbk"><link rel=alternate type=application/rss+xml title="运营派" href=/feed>'
    assert feed_links(page.encode("gbk"), PAGE, "gbk")[0].title == "运营派"


def test_the_page_itself_is_not_its_own_feed_and_nothing_comes_twice() -> None:
    link = '<link rel="alternate" type="application/rss+xml" href="{}">'
    assert found(link.format("") + link.format(PAGE) + link.format("/f") + link.format("/f#x")) == [
        "https://blog.example.com/f"
    ]


def test_no_more_than_twenty() -> None:
    assert len(found("".join(f'<link rel=feed href="/{n}">' for n in range(50)))) == 20


def test_common_places() -> None:
    places = common_addresses("https://user:pw@blog.example.com/marketing?x=1")
    assert places[:2] == [
        "https://blog.example.com/marketing/feed",
        "https://blog.example.com/marketing/feed/",
    ]
    assert "https://blog.example.com/feed" in places
    assert "https://blog.example.com/atom.xml" in places
    assert all(place.startswith("https://blog.example.com/") for place in places)
    assert len(places) == 18
    root = common_addresses("http://a.com")
    assert root[0] == "http://a.com/feed"
    assert len(root) == 9
    assert "http://a.com/feed" not in common_addresses("http://a.com/feed")[1:]
    assert common_addresses("file:///etc/passwd") == common_addresses("") == []


@pytest.mark.parametrize(
    ("body", "content_type", "is_html"),
    [
        (b"<!DOCTYPE html><html>", "", True),
        (b"\xef\xbb\xbf \r\n<html lang=zh>", "text/xml", True),
        (b"<!-- a --><!-- b -->\n<HTML>", "", True),
        (b'<?xml version="1.0"?><!DOCTYPE html PUBLIC "x"><html>', "application/xml", True),
        (b"<p>Are you a robot?</p>", "text/html", True),
        (b"<rss version='2.0'>", "text/html", False),
        (b'<?xml version="1.0"?><rss>', "text/html", False),
        (b"<!-- made by x --><feed>", "text/html", False),
        (b'{"version": "https://jsonfeed.org/version/1"}', "text/html", False),
        (b"<p>hm</p>", "", False),
        (b"", "", False),
    ],
)
def test_a_page_is_told_from_a_feed(body: bytes, content_type: str, is_html: bool) -> None:
    assert looks_like_html(body, content_type) is is_html


@given(st.text(alphabet="<>!-=\"' linkahrefbsto:/?#&;.\n名", max_size=100), st.binary(max_size=50))
def test_no_page_raises(text: str, raw: bytes) -> None:
    for body in (text.encode(), b"<link rel=feed href=" + text.encode() + b">", raw):
        for link in feed_links(body, PAGE):
            assert link.url.startswith(("http://", "https://"))
        looks_like_html(body, "text/html")
    assert isinstance(common_addresses(text), list)


@pytest.mark.parametrize(
    "piece",
    [
        "<!--",
        "<link ",
        "<link rel='",
        "<a href=",
        '<a "',
        "<base href=x>",
        "<a =",
        "<!---->",
        "<?xml <",
        "&#",
    ],
)
def test_hostile_pages_come_to_an_end(piece: str) -> None:
    """A megabyte that a search going back and forth would never finish."""
    page = (piece * (1_000_000 // len(piece))).encode()
    assert feed_links(page, PAGE) == []
    assert looks_like_html(page) is False
