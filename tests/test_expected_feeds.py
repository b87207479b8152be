"""Real feeds and odd ones, through the whole pipeline: what they hold is what the library lists."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import pytest

from studytui.journal import Journal
from studytui.reading.library.library import Library
from studytui.reading.parse.entry import MAX_ENTRIES
from studytui.reading.pull import pull
from studytui.reading.subscriptions.subscription import Subscription, Subscriptions
from studytui.text import clean_line
from tests.conftest import FixedClock
from tests.feedserver import FeedServer

SHARED = Path(__file__).parents[2] / "shared" / "feeds"
ATOM = 'xmlns="http://www.w3.org/2005/Atom"'
RDF = 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"'


@dataclass(frozen=True)
class Expected:
    """What a feed must come out as."""

    name: str
    body: bytes
    entries: int
    title: str
    first_title: str
    first_url: str


def odd(name: str, text: str, entries: int, *found: str, encoding: str = "utf-8") -> Expected:
    return Expected(name, text.encode(encoding), entries, *found)


ODD = [
    odd(
        "declared utf-8, is gbk",
        '<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>营销周报</title>'
        "<item><title>软文怎么写</title><link>https://a.example/1</link></item></channel></rss>",
        1, "营销周报", "软文怎么写", "https://a.example/1",
        encoding="gbk",
    ),
    odd(
        "repeated guid",
        '<rss version="2.0"><channel><title>G</title>'
        + "".join(
            f"<item><guid>same</guid><title>{n}</title><link>https://a.example/{n}</link></item>" for n in range(5)
        )
        + "</channel></rss>",
        5, "G", "0", "https://a.example/0",
    ),
    odd(
        "one link for all, no guid",
        '<rss version="2.0"><channel><title>L</title>'
        + "".join(f"<item><title>{n}</title><link>https://a.example/</link></item>" for n in range(5))
        + "</channel></rss>",
        5, "L", "0", "https://a.example/",
    ),
    odd(
        "relative link",
        f'<feed {ATOM}><title>R</title><link href="https://a.example/"/>'
        '<entry><id>1</id><title>t</title><link href="/2026/x/"/></entry></feed>',
        1, "R", "t", "/2026/x/",
    ),
    odd(
        "rdf with date only",
        f'<rdf:RDF {RDF} xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>D</title></channel>'
        '<item rdf:about="u"><title>a &amp;#36;4 &lt;b&gt;b&lt;/b&gt;</title><link>https://a.example/u</link>'
        "<dc:date>2026-11-01</dc:date></item></rdf:RDF>",
        1, "D", "a $4 <b>b</b>", "https://a.example/u",
    ),
    odd(
        "no title at all",
        '<rss version="2.0"><channel><title>N</title><item><description>Only &lt;b&gt;text&lt;/b&gt;.</description>'
        "<link>https://a.example/n</link></item></channel></rss>",
        1, "N", "", "https://a.example/n",
    ),
    odd(
        "terminal sequences and markup",
        '<rss version="2.0"><channel><title>T\x1b]0;owned\x07</title>'
        "<item><title>[/bold][@click=app.quit]x\x1b]2;P\x07</title><link>javascript:alert(1)</link></item>"
        "</channel></rss>",
        1, "T", "[/bold][@click=app.quit]x", "",
    ),
    odd(
        "more than the cap",
        '<rss version="2.0"><channel><title>C</title>'
        + "".join(f"<item><guid>{n}</guid><title>{n}</title></item>" for n in range(MAX_ENTRIES + 50))
        + "</channel></rss>",
        MAX_ENTRIES, "C", "0", "",
    ),
    odd(
        "white space before the declaration, bare ampersand, cut off",
        '\n\n<?xml version="1.0"?><rss version="2.0"><channel><title>A & B</title>'
        "<item><title>Q & A\n  twice</title><link>https://a.example/?a=1&b=2</link></item><item><title>cut",
        1, "A & B", "Q & A twice", "https://a.example/?a=1&b=2",
    ),
    odd("json", '{"title": "J", "items": [{"id": "1", "url": "https://a.example/j", "title": "t"}]}',
        1, "J", "t", "https://a.example/j"),
    odd("big5", '<?xml version="1.0" encoding="big5"?><rss version="2.0"><channel><title>行銷</title>'
        "<item><title>軟文與流量</title><link>https://a.example/t</link></item></channel></rss>",
        1, "行銷", "軟文與流量", "https://a.example/t", encoding="cp950"),
    odd("utf-16", '<?xml version="1.0" encoding="utf-16"?><rss version="2.0"><channel><title>宽</title>'
        "<item><title>字</title><link>https://a.example/w</link></item></channel></rss>",
        1, "宽", "字", "https://a.example/w", encoding="utf-16"),
    odd("empty", '<rss version="2.0"><channel><title>E</title></channel></rss>', 0, "E", "", ""),
]  # fmt: skip


def shared() -> list[Expected]:
    with (SHARED / "EXPECTED.tsv").open(encoding="utf-8", newline="") as table:
        rows = list(csv.DictReader(table, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [
        Expected(
            row["file"],
            (SHARED / row["file"]).read_bytes(),
            min(int(row["entries"]), MAX_ENTRIES),
            clean_line(row["feed_title"]),
            clean_line(row["first_title"]),
            clean_line(row["first_link"]),
        )
        for row in rows
    ]


async def test_odd_feeds_of_our_own(tmp_path: Path, journal: Journal, clock: FixedClock) -> None:
    await pull_and_compare(ODD, tmp_path, journal, clock)


@pytest.mark.skipif(
    not (SHARED / "EXPECTED.tsv").is_file(), reason="the collection of real feeds is not here"
)
async def test_every_real_feed(tmp_path: Path, journal: Journal, clock: FixedClock) -> None:
    await pull_and_compare(shared(), tmp_path, journal, clock)


async def pull_and_compare(
    feeds: list[Expected], tmp_path: Path, journal: Journal, clock: FixedClock
) -> None:
    """Pull ``feeds`` twice; every list must be as expected, the second pull must find nothing."""
    library = Library(tmp_path / "library.db", journal)
    with FeedServer() as server:
        addresses = [server.put(f"/{number}", one.body) for number, one in enumerate(feeds)]
        items = (
            Subscription(one.name, "url", address) for one, address in zip(feeds, addresses, strict=True)
        )
        subs = Subscriptions(Path("feeds.yaml"), "", tuple(items))
        first = await pull(library, subs, clock=clock)
        listed = {one.name: library.articles(feed=one.name, order="feed") for one in feeds}
        second = await pull(library, subs, clock=clock)
    summaries = {one.name: one for one in library.feeds()}
    for expected, result in zip(feeds, first, strict=True):
        name = expected.name
        assert (result.new, result.entries, result.error) == (expected.entries, expected.entries, ""), name
        assert summaries[name].title == result.title == expected.title, name
        assert len(listed[name]) == expected.entries, name
        if listed[name]:
            assert listed[name][0].title == expected.first_title, name
            assert listed[name][0].url == expected.first_url, name
            assert listed[name][0].heading or not expected.first_url, name
            assert [one.position for one in listed[name]] == list(range(1, expected.entries + 1)), name
        links = [library.article(one.id).link for one in listed[name] if one.url]
        assert all(link.startswith(("http://", "https://")) for link in links), name
    assert {(one.status, one.new, one.updated, one.error) for one in second} == {("unchanged", 0, 0, "")}
    assert {one.name: library.articles(feed=one.name, order="feed") for one in feeds} == listed
    library.close()
