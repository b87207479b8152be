"""The short way of reading feeds says what feedparser says, or nothing."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studytui.reading.parse.dates import parse_date
from studytui.reading.parse.decode import decode, xml_bytes
from studytui.reading.parse.document import read_loose
from studytui.reading.parse.entry import MAX_ENTRIES, RawFeed
from studytui.reading.parse.plain import _USUAL_DATE, read_plain

SHARED = Path(__file__).parents[2] / "shared" / "feeds"
REAL = [file for file in sorted(SHARED.glob("*")) if file.suffix in (".xml", ".rss", ".atom", ".rdf")]
MODULES = (
    'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:atom="http://www.w3.org/2005/Atom" xmlns:slash="http://purl.org/rss/1.0/modules/slash/" '
    'xmlns:media="http://search.yahoo.com/mrss/" xmlns:wfw="http://wellformedweb.org/CommentAPI/"'
)


def rss(*parts: str) -> bytes:
    return f'<rss version="2.0" {MODULES}><channel>{"".join(parts)}</channel></rss>'.encode()


def atom(*parts: str, more: str = "") -> bytes:
    names = 'xmlns="http://www.w3.org/2005/Atom" xmlns:thr="http://purl.org/syndication/thread/1.0"'
    return f"<feed {names} {more}>{''.join(parts)}</feed>".encode()


def as_written(feed: RawFeed) -> RawFeed:
    """Drop how feedparser understood the dates: what was written counts first, and read_plain promises no more."""
    return replace(
        feed,
        entries=tuple(
            replace(one, dates=tuple((written, None) for written, _understood in one.dates))
            for one in feed.entries
        ),
    )


def agree(document: bytes) -> bool:
    """Say whether the short way was taken; where it was, both must say the same."""
    found = read_plain(document)
    assert found is None or found == as_written(read_loose(document))
    return found is not None


WORDPRESS = rss(
    "<title>营销 &amp; growth</title>",
    '<atom:link href="https://a.example/feed" rel="self" type="application/rss+xml" />',
    "<link>https://a.example</link><description>d</description><language>zh-CN</language>",
    "<image><url>u</url><title>another</title><link>https://b.example</link><width>32</width></image>",
    "<item><title>软文 <![CDATA[<b>A&B</b>]]></title><link> https://a.example/1?x=1&amp;y=2 </link>",
    "<wfw:commentRss>https://a.example/1/feed</wfw:commentRss><slash:comments>3</slash:comments>",
    "<dc:creator><![CDATA[小美]]></dc:creator><pubDate>Tue, 01 Sep 2026 08:00:00 +0000</pubDate>",
    '<category domain="d"><![CDATA[seo]]></category><guid isPermaLink="false">https://a.example/?p=1</guid>',
    "<description>short</description><content:encoded><![CDATA[<p>long</p>]]></content:encoded>",
    '<enclosure url="https://a.example/1.mp3" length="1" type="audio/mpeg"/>',
    '<media:thumbnail url="https://a.example/t.jpg"/></item>',
    "<item><guid>https://a.example/2</guid><description>only</description><author>a@b.example (A)</author></item>",
)
JEKYLL = atom(
    '<generator uri="https://jekyllrb.com/" version="4">Jekyll</generator>',
    '<link href="https://a.example/feed.xml" rel="self" type="application/atom+xml"/>',
    '<link href="https://a.example/" rel="alternate" type="text/html" hreflang="en"/>',
    '<updated>2026-09-01T08:00:00Z</updated><id>x</id><title type="html">T &amp;amp; t</title>',
    "<subtitle>s</subtitle><author><name>Feed</name></author>",
    '<entry><title type="html">&lt;i&gt;One&lt;/i&gt;</title>',
    '<link href="https://a.example/1" rel="alternate" type="text/html" title="One"/>',
    "<published>2026-09-01T08:00:00Z</published><updated>2026-09-02T08:00:00Z</updated><id>urn:1</id>",
    '<content type="html" xml:base="https://a.example/1"><![CDATA[<p>body</p>]]></content>',
    "<author><name>Ann</name><email>a@b.example</email><uri>u</uri></author>",
    '<category term="seo"/><summary type="html"> sum </summary><thr:total>3</thr:total></entry>',
    "<entry><id>https://a.example/2</id><title>plain &lt;b&gt;</title><content>just text</content></entry>",
    more='xml:lang="en-US"',
)


@pytest.mark.parametrize("document", [WORDPRESS, JEKYLL, rss(), atom()])
def test_what_sites_write_every_day_takes_the_short_way(document: bytes) -> None:
    assert agree(document)


@pytest.mark.skipif(not REAL, reason="the shared feeds are not beside this checkout")
def test_real_feeds_are_read_alike_by_both_ways() -> None:
    ways = [agree(xml_bytes(decode(file.read_bytes()))) for file in REAL]
    assert sum(ways) >= 15


@pytest.mark.parametrize(
    "piece",
    [
        "<title>a</title><title>b</title>", "<title><b>x</b></title>", '<title type="html">x</title>',
        "<link>/relative</link>", "<link>https:///x.example//a</link>", "<link>https://a.example/?a&amp;b;c</link>",
        '<guid isPermaLink="true">/rel</guid>', "<guid>tag:1</guid>", "<guid/>", "<link/>", "<title/>",
        "<guid>g</guid><link>https://a.example/</link>", "<link></link><guid>https://a.example/2</guid>",
        "<pubDate>next Tuesday</pubDate>", "<pubDate>2026年9月1日</pubDate>", "<dc:date>2026-09-01</dc:date>",
        "<pubDate>Tue, 32 Foo 2026</pubDate>", "<author/><dc:creator>b</dc:creator>", "<media:title>m</media:title>",
        "<description>a</description><description>b</description>", "<content:encoded> </content:encoded>",
        "<content:encoded>c</content:encoded><description>d</description>", "<description/>", "<summary>s</summary>",
        '<source url="https://s.example">S</source><title>t</title>', "<image><title>i</title></image>",
        '<enclosure url=""/>', '<enclosure href="x"/>', '<enclosure url="a"/><enclosure url="b" rel="c"/>',
        '<atom:link href="https://b.example/" />', '<atom:link rel="replies" href="https://b.example/"/>',
        "<title>caf\u00c3\u00a9</title>", "<title>caf\u00e9</title>", "<title>dash \u0096 here</title>", "text",
        "<title>&nbsp;</title>", "<title>\u3000wide\u3000</title>", "<slash:comments><b/></slash:comments>",
        '<category domain="x"/><category>y</category>', "<unknown>u</unknown>", "<PubDate>2026-09-01</PubDate>",
        '<title xml:lang="zh">t</title>', '<link xml:base="https://b.example/">c</link>', "<item/>",
    ],
)  # fmt: skip
def test_odd_items_are_read_alike_or_left_to_feedparser(piece: str) -> None:
    agree(rss("<title>T</title>", f"<item>{piece}</item>", "<item><title>next</title></item>"))
    agree(rss(f"<item>{piece}</item>", "<title>T</title>", piece))


@pytest.mark.parametrize(
    "piece",
    [
        '<title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">x</div></title>',
        '<title type="text">&lt;</title>',
        '<link href="https://a.example/1"/><link href="https://a.example/2"/>', "<link>https://a.example</link>",
        '<link rel="enclosure" href="https://a.example/a.mp3" type="audio/mpeg"/>', '<link rel="self" href="s"/>',
        '<link href="https://a.example/1" type="application/json"/>', '<link rel="ALTERNATE" type="XHTML" href="h"/>',
        "<author>Bob</author>", "<author><name>A</name></author><author><name>B</name></author>", "<author/>",
        "<author><email>a@b.example</email></author>", "<author><name> A </name><name>B</name></author>",
        "<author><uri>u</uri></author>", "<contributor><name>C</name></contributor>", '<content src="u"/>',
        '<content type="text/html">&lt;p&gt;</content>', '<content type="application/json">{}</content>',
        '<content type="html"> </content><summary>s</summary>', '<summary type="html">s</summary>', "<content/>",
        '<content type="html" xml:base="/rel">c</content>', '<content xml:lang="zh" type="html">c</content>',
        '<content type="xhtml"><p>x</p></content>', "<id>i</id>", "<id>i</id><id>j</id>",
        "<source><id>s</id></source>",
        "<published>x</published>", "<updated>2026-09-01</updated><published>2026-08-01</published>", "text",
        '<title xml:lang="zh">t</title>', "<issued>2026-09-01</issued>", '<entry><id>inner</id></entry>',
    ],
)  # fmt: skip
def test_odd_entries_are_read_alike_or_left_to_feedparser(piece: str) -> None:
    agree(atom("<title>T</title>", f"<entry>{piece}</entry>", "<entry><id>next</id></entry>"))
    agree(atom(f"<entry>{piece}</entry>", piece, more='xml:lang="zh_CN"'))


@pytest.mark.parametrize(
    "document",
    [
        b"", b"<", b"<rss", b"<html/>", b"<rss><channel><item></channel></rss>", b"<feed/>", b"<rss/>",
        b'<rss version="0.91"><channel><title>t</title></channel></rss>', b"<channel><title>t</title></channel>",
        b'<!DOCTYPE rss [<!ENTITY a "b">]><rss version="2.0"><channel><title>&a;</title></channel></rss>',
        b'<rss version="2.0" xmlns="http://purl.org/rss/1.0/"><channel><title>t</title></channel></rss>',
        b'<feed xmlns:x="http://purl.org/rss/1.0/" xmlns="http://www.w3.org/2005/Atom"><title>t</title></feed>',
        b'<a:feed xmlns:a="http://www.w3.org/2005/Atom"><a:entry><a:title>t</a:title></a:entry></a:feed>',
        b'<rss version="2.0" xml:base="https://b.example/"><channel><link>/x</link></channel></rss>',
    ],
)  # fmt: skip
def test_whatever_is_no_plain_feed_is_left_to_feedparser_or_read_alike(document: bytes) -> None:
    found = read_plain(document)
    assert found is None or found == as_written(read_loose(document))


TEXT = st.text(st.sampled_from("a营é\u0096 &;<>\"'/:?=\n\u3000"), max_size=12)
NAMES = st.sampled_from(
    ["title", "link", "guid", "pubDate", "description", "content:encoded", "dc:creator", "author", "dc:date"]
)


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")


@given(st.lists(st.lists(st.tuples(NAMES, TEXT), max_size=5), max_size=3))
def test_random_items_are_read_alike(items: list[list[tuple[str, str]]]) -> None:
    agree(
        rss(
            "<title>T</title>",
            *(
                f"<item>{''.join(f'<{name}>{escaped(text)}</{name}>' for name, text in item)}</item>"
                for item in items
            ),
        )
    )


def test_no_more_entries_than_are_kept() -> None:
    found = read_plain(rss(*("<item><title>t</title></item>" for _item in range(MAX_ENTRIES + 5))))
    assert found is not None and len(found.entries) == MAX_ENTRIES


@given(st.from_regex(_USUAL_DATE, fullmatch=True))
def test_usual_dates_are_dates(date: str) -> None:
    assert parse_date(date) is not None
