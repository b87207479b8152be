"""From a document to typed entries, and the child process that does it."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import feedparser
import pytest
from hypothesis import given
from hypothesis import strategies as st

from studytui.reading.parse.document import parse_document
from studytui.reading.parse.entry import (
    NotAFeedError,
    ParsedEntry,
    ParsedFeed,
    from_json,
    identities,
    link_key,
    to_json,
)
from studytui.reading.parse.parser import FeedParser, ParseError

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
URL = "https://blog.example/feed.xml"


def rss(*items: str, channel: str = "<title>Blog</title><link>https://blog.example/</link>") -> bytes:
    body = "".join(f"<item>{item}</item>" for item in items)
    return (
        '<?xml version="1.0" encoding="utf-8"?>'
        '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<channel>{channel}{body}</channel></rss>"
    ).encode()


def parse(document: bytes, charset: str = "", url: str = URL) -> ParsedFeed:
    return parse_document(document, charset, url, NOW)


def only(document: bytes) -> ParsedEntry:
    (entry,) = parse(document).entries
    return entry


def test_it_is_the_real_feedparser() -> None:
    # "forkparser" on PyPI installs itself as the module feedparser.
    assert feedparser.__version__.startswith("6.0.")
    assert "feedparser.api" in sys.modules


class TestEntries:
    def test_rss(self) -> None:
        entry = only(
            rss(
                "<title>软文 &amp;amp; 流量</title><link>https://blog.example/1</link><guid>g1</guid>"
                "<pubDate>Sun, 22 Nov 2026 09:00:00 +0800</pubDate><dc:creator>小美</dc:creator>"
                "<description>short</description>"
                "<content:encoded><![CDATA[<h2>标题</h2><p>正文 <a href='/x'>here</a></p>]]></content:encoded>"
            )
        )
        assert (entry.identity, entry.title, entry.author) == ("g1", "软文 & 流量", "小美")
        assert (entry.url, entry.link) == ("https://blog.example/1", "https://blog.example/1")
        assert entry.published == datetime(2026, 11, 22, 1, tzinfo=UTC)
        assert "## 标题" in entry.body
        assert "[here](https://blog.example/x)" in entry.body

    def test_atom_text_is_taken_literally(self) -> None:
        entry = only(
            b'<feed xmlns="http://www.w3.org/2005/Atom"><title>A</title><entry><id>1</id>'
            b'<title type="text">a &amp;lt; b</title><link href="/1"/>'
            b'<content type="text">one &lt;b&gt;\n# two</content></entry></feed>'
        )
        assert entry.title == "a &lt; b"
        assert (entry.url, entry.link) == ("/1", "https://blog.example/1")
        assert not entry.body.startswith("#")

    def test_xml_base_rules_relative_links(self) -> None:
        entry = only(
            b'<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://other.example/a/"><title>A</title>'
            b'<entry><id>1</id><title>t</title><link href="1"/>'
            b'<content type="html">&lt;p>&lt;img src="p.png" alt="pic">&lt;/p></content></entry></feed>'
        )
        assert entry.link == "https://other.example/a/1"
        assert "https://other.example/a/p.png" in entry.body

    @pytest.mark.parametrize(
        "url", ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "ftp://x/y"]
    )
    def test_only_the_web_can_be_opened(self, url: str) -> None:
        entry = only(rss(f"<title>t</title><link>{url}</link><description>d</description>"))
        assert (entry.url, entry.link) == ("", "")

    def test_terminal_sequences_come_out_harmless(self) -> None:
        entry = only(
            rss("<title>[/bold][@click=app.quit]x\x1b]2;P\x07</title><link>https://a.example/</link>")
        )
        assert entry.title == "[/bold][@click=app.quit]x"
        entry = only(
            rss("<title>a&#x1b;]2;P&#7;\u202eb\x9b31m</title><description>x&#27;[31mred</description>")
        )
        assert not set(entry.title + entry.body) & {"\x1b", "\x07", "\u202e", "\x9b"}

    def test_scripts_and_handlers_are_gone(self) -> None:
        html = (
            "<script>alert(1)</script><p onclick=x>hi</p><a href='javascript:x'>go</a><iframe src=x></iframe>"
        )
        entry = only(rss(f"<title>t</title><content:encoded><![CDATA[{html}]]></content:encoded>"))
        assert "alert" not in entry.body
        assert "javascript" not in entry.body
        assert "hi" in entry.body

    def test_long_titles_and_bodies_are_cut(self) -> None:
        entry = only(rss(f"<title>{'长' * 100_000}</title><description>{'正文。' * 200_000}</description>"))
        assert len(entry.title) == 500
        assert len(entry.body.encode()) <= 200_000

    def test_at_most_500_entries_in_document_order(self) -> None:
        entries = parse(rss(*(f"<title>{n}</title><guid>{n}</guid>" for n in range(600)))).entries
        assert [entry.title for entry in entries] == [str(n) for n in range(500)]

    def test_deep_html_does_not_matter(self) -> None:
        deep = "<div>" * 3000 + "treasure" + "</div>" * 3000
        assert "treasure" in only(rss(f"<title>t</title><description><![CDATA[{deep}]]></description>")).body

    def test_an_enclosure_is_linked(self) -> None:
        entry = only(
            rss(
                '<title>Show</title><enclosure url="https://a.example/show.mp3" type="audio/mpeg" length="1"/>'
            )
        )
        assert "[show.mp3](https://a.example/show.mp3)" in entry.body
        assert entry.link == "https://a.example/show.mp3"

    def test_empty_items_are_left_out(self) -> None:
        assert parse(rss("", "<title>t</title>")).entries[0].title == "t"
        assert len(parse(rss("", "<title>t</title>")).entries) == 1

    def test_undated_and_unbelievable_dates(self) -> None:
        for date in ("", "0000-00-00", "-1", "9999-12-31T00:00:00Z", "1970-01-01T00:00:00Z", "soon"):
            assert only(rss(f"<title>t</title><pubDate>{date}</pubDate>")).published is None

    def test_a_chinese_feed_has_chinas_time(self) -> None:
        item = "<title>今天的营销新闻</title><pubDate>2026/11/01 08:00:00</pubDate>"
        chinese = only(rss(item, channel="<title>营销</title><language>en-us</language>"))
        assert chinese.published == datetime(2026, 11, 1, tzinfo=UTC)
        other = only(rss("<title>News</title><pubDate>2026/11/01 08:00:00</pubDate>"))
        assert other.published == datetime(2026, 11, 1, 8, tzinfo=UTC)

    def test_broken_xml_is_read_as_far_as_it_goes(self) -> None:
        entries = parse(
            rss("<title>a & b</title><guid>1</guid>", "<title>c</title><guid>2</guid>")[:-20]
        ).entries
        assert [entry.title for entry in entries] == ["a & b", "c"]

    def test_bombs_and_external_entities_are_harmless(self) -> None:
        bomb = b'<!DOCTYPE r [<!ENTITY a "ha">' + b"".join(
            b'<!ENTITY a%d "%s">' % (n, (b"&a%d;" % (n - 1)) * 10 if n else b"&a;" * 10) for n in range(9)
        )
        parse(bomb + b"]><rss version='2.0'><channel><title>&a8;</title></channel></rss>")
        outside = parse(
            b'<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss version="2.0"><channel>'
            b"<title>t</title><item><title>x&x;</title></item></channel></rss>"
        )
        assert all("root:" not in entry.title for entry in outside.entries)


class TestJsonFeed:
    def test_it_is_read(self) -> None:
        document = {
            "version": "https://jsonfeed.org/version/1.1",
            "title": "J",
            "home_page_url": "https://j.example/",
            "authors": [{"name": "Ann"}],
            "items": [
                {"id": "1", "url": "https://j.example/1", "title": "One", "content_html": "<p>x</p>"},
                {
                    "id": 2,
                    "external_url": "/2",
                    "content_text": "a < b",
                    "date_published": "2026-11-01T00:00:00Z",
                },
                "nonsense",
                {
                    "id": None,
                    "title": ["no"],
                    "content_html": 5,
                    "authors": "x",
                    "attachments": [3, {"url": 4}],
                },
            ],
        }
        feed = parse(json.dumps(document).encode())
        assert (feed.title, feed.site) == ("J", "https://j.example/")
        assert [(one.identity, one.title, one.link) for one in feed.entries[:2]] == [
            ("1", "One", "https://j.example/1"),
            ("2", "", "https://j.example/2"),
        ]
        assert feed.entries[0].author == "Ann"
        assert "a < b" in feed.entries[1].body.replace("\\<", "<").replace("&lt;", "<")

    @pytest.mark.parametrize(
        "text", ['{"items": 3}', "{}", "{", '{"items":' + "[" * 100_000, '{"items": [1, null, []]}x']
    )
    def test_other_json_is_no_feed(self, text: str) -> None:
        with pytest.raises(NotAFeedError):
            parse(text.encode())


class TestNotAFeed:
    @pytest.mark.parametrize(
        "page",
        [
            "<!DOCTYPE html><html><head><title>Blog</title></head><body>rss</body></html>",
            "<!-- a --><HTML><body>hello</body></HTML>",
            '<?xml version="1.0"?><!DOCTYPE html PUBLIC "x" "y"><html xmlns="http://www.w3.org/1999/xhtml"/>',
        ],
    )
    def test_a_web_page(self, page: str) -> None:
        with pytest.raises(NotAFeedError) as found:
            parse(page.encode())
        assert found.value.html

    @pytest.mark.parametrize("text", ["", "hello", "<a/>", "\0\0\0", "<?xml version='1.0'?>"])
    def test_anything_else(self, text: str) -> None:
        with pytest.raises(NotAFeedError) as found:
            parse(text.encode())
        assert not found.value.html

    def test_an_empty_feed_is_a_feed(self) -> None:
        assert parse(rss()).entries == ()

    @given(st.binary(max_size=400))
    def test_nothing_else_is_ever_raised(self, junk: bytes) -> None:
        for document in (junk, rss()[:120] + junk, b'{"items": [' + junk):
            try:
                parse(document)
            except NotAFeedError:
                continue


class TestIdentity:
    def test_the_guid_unless_repeated(self) -> None:
        found = identities([("a", "https://x/1", "t"), ("b", "https://x/2", "t"), ("b", "https://x/3", "t")])
        assert found == ["a", "x/2", "x/3"]

    def test_the_hash_when_the_link_says_nothing(self) -> None:
        first, second, third = identities(
            [("", "https://x/", "one"), ("", "https://x/", "two"), ("", "", "one")]
        )
        assert first != second
        assert first == third

    @pytest.mark.parametrize(
        ("url", "key"),
        [
            ("http://Blog.example/a?utm_source=rss&id=3&utm_medium=x", "blog.example/a?id=3"),
            ("https://blog.example/a?id=3&spm=1.2&from=timeline", "blog.example/a?id=3"),
            ("https://blog.example/a?utm_campaign=x", "blog.example/a"),
            ("https://blog.example/a#part", "blog.example/a#part"),
            ("https://[bad", "https://[bad"),
            ("mailto:a@b.example", "mailto:a@b.example"),
        ],
    )
    def test_tracking_is_no_part_of_a_link(self, url: str, key: str) -> None:
        assert link_key(url) == key

    def test_the_same_entry_twice_is_one(self) -> None:
        item = "<title>t</title><link>https://x.example/</link><description>d</description>"
        assert len(parse(rss(item, item)).entries) == 1


def test_json_across_the_pipe_changes_nothing() -> None:
    feed = parse(
        rss(
            "<title>一</title><guid>1</guid><pubDate>Sun, 22 Nov 2026 09:00:00 GMT</pubDate>",
            "<title>2</title>",
        )
    )
    assert from_json(json.loads(to_json(feed))) == feed


class TestChild:
    async def test_many_feeds_side_by_side(self) -> None:
        async with FeedParser() as parser:
            documents = [rss(f"<title>{n}</title>") for n in range(20)]
            feeds = await asyncio.gather(*(parser.parse(one, "", URL, NOW) for one in documents))
        assert [feed.entries[0].title for feed in feeds] == [str(n) for n in range(20)]

    async def test_a_hostile_feed_costs_only_itself(self) -> None:
        attributes = " ".join(f'a{n}="x"' for n in range(50_000)).encode()
        hostile = rss("<title>x</title>").replace(b"<title>x", b"<title " + attributes + b">x")
        async with FeedParser(children=1, seconds=0.5) as parser:
            with pytest.raises(ParseError) as found:
                await parser.parse(hostile, "", URL, NOW)
            assert found.value.reason == "slow"
            assert (await parser.parse(rss("<title>ok</title>"), "", URL, NOW)).entries[0].title == "ok"

    async def test_a_dying_child_is_replaced(self) -> None:
        async with FeedParser(children=1) as parser:
            await parser.parse(rss(), "", URL, NOW)
            os.kill(parser._idle[0]._process.pid, signal.SIGKILL)
            with pytest.raises(ParseError) as found:
                await parser.parse(rss(), "", URL, NOW)
            assert found.value.reason == "broken"
            await parser.parse(rss(), "", URL, NOW)

    async def test_a_cancelled_feed_does_not_answer_for_the_next(self) -> None:
        async with FeedParser(children=1) as parser:
            await parser.parse(rss(), "", URL, NOW)
            big = rss(*(f"<title>{n}</title>" for n in range(400)))
            task = asyncio.create_task(parser.parse(big, "", URL, NOW))
            await asyncio.sleep(0.01)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            assert (await parser.parse(rss("<title>next</title>"), "", URL, NOW)).entries[0].title == "next"

    async def test_errors_come_back_as_reasons(self) -> None:
        async with FeedParser(children=1) as parser:
            for document, reason in (
                (b"<!doctype html><html></html>", "html"),
                (b"x", "unknown"),
                (b"", "unknown"),
            ):
                with pytest.raises(ParseError) as found:
                    await parser.parse(document, "", URL, NOW)
                assert found.value.reason == reason

    async def test_nothing_is_left_running(self) -> None:
        async with FeedParser(children=1) as parser:
            await parser.parse(rss(), "", URL, NOW)
            process = parser._idle[0]._process
        assert process.returncode is not None

    def test_the_child_ends_with_its_parent_and_imports_nothing_from_the_current_folder(
        self, tmp_path: Path
    ) -> None:
        (tmp_path / "feedparser.py").write_text("raise SystemExit(3)\n", "utf-8")
        root = str(Path(__file__).parents[1])
        done = subprocess.run(
            [sys.executable, "-P", "-m", "studytui.reading.parse.child"],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": root},
            input=b"",
            capture_output=True,
            timeout=60,
        )
        assert done.returncode == 0
        assert done.stdout.endswith(b'{"ready":true}')

    @pytest.mark.skipif(sys.platform != "linux", reason="only Linux keeps RLIMIT_AS")
    def test_memory_is_bounded(self) -> None:
        script = (
            "from studytui.reading.parse import child as parse_child\n"
            "parse_child._limit_memory()\n"
            "try: bytearray(2 * 1024**3)\n"
            "except MemoryError: print('bounded')\n"
        )
        root = str(Path(__file__).parents[1])
        done = subprocess.run(
            [sys.executable, "-c", script],
            env={**os.environ, "PYTHONPATH": root},
            capture_output=True,
            timeout=60,
        )
        assert done.stdout.strip() == b"bounded"

    def test_the_parent_imports_no_parser(self) -> None:
        script = (
            "import sys, studytui.reading.pull, studytui.reading.library.library\n"
            "heavy = {'feedparser', 'nh3', 'html_to_markdown', 'httpx2', 'charset_normalizer', 'yaml', 'whoosh'}\n"
            "print(sorted(heavy & set(sys.modules)))\n"
        )
        root = str(Path(__file__).parents[1])
        done = subprocess.run(
            [sys.executable, "-c", script],
            env={**os.environ, "PYTHONPATH": root},
            capture_output=True,
            timeout=60,
        )
        assert done.stdout.strip() == b"[]", done.stderr.decode()
