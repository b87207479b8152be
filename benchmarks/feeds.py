"""Made-up feeds: RSS 2.0 and Atom in turn, Chinese and English in turn, 1-4 KB of HTML an entry."""

from __future__ import annotations

import hashlib
import html
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from random import Random

from benchmarks.words import Words

NEWEST = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)
CHANGED_EVERY = 10
"""Of so many feeds one has a new entry the next day."""

_RSS_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:atom="http://www.w3.org/2005/Atom"
 xmlns:sy="http://purl.org/rss/1.0/modules/syndication/" xmlns:slash="http://purl.org/rss/1.0/modules/slash/">
<channel>
"""


@dataclass(frozen=True)
class MadeEntry:
    """One made-up entry; ``body`` is HTML."""

    number: int
    title: str
    summary: str
    body: str
    author: str
    tags: tuple[str, ...]
    published: datetime


@dataclass(frozen=True)
class MadeFeed:
    """One made-up feed, newest entry first."""

    number: int
    title: str
    lang: str
    entries: tuple[MadeEntry, ...]

    def link(self, entry: MadeEntry) -> str:
        """Return the address of an entry; it leads nowhere."""
        return f"https://site{self.number}.example/a/{entry.number}"

    def without_newest(self) -> MadeFeed:
        """Return the feed as it was the day before."""
        return MadeFeed(self.number, self.title, self.lang, self.entries[1:])

    def render(self) -> bytes:
        """Return the document."""
        return (_rss(self) if self.number % 2 == 0 else _atom(self)).encode()


def make_feed(words: Words, number: int, entries: int, seed: int) -> MadeFeed:
    """Return feed ``number`` with ``entries`` + 1 entries: the newest appears on the second day."""
    random = Random(f"feed {seed}/{number}")
    lang = "zh" if number // 2 % 2 == 0 else "en"
    moment = NEWEST - timedelta(minutes=random.randrange(1440))
    made = []
    for back in range(entries + 1):
        moment -= timedelta(minutes=random.randint(120, 4000))
        made.append(_entry(words, random, lang, entries - back, moment))
    return MadeFeed(number, f"{words.title(random, lang)} {number:04d}", lang, tuple(made))


def write_feeds(folder: Path, words: Words, feeds: int, entries: int, seed: int = 1) -> str:
    """Write NNNN.xml for each feed, and next/NNNN.xml for those that change; return a digest of all bytes."""
    seen = hashlib.sha256()
    (folder / "next").mkdir(parents=True, exist_ok=True)
    for number in range(feeds):
        feed = make_feed(words, number, entries, seed)
        content = feed.without_newest().render()
        (folder / f"{number:04d}.xml").write_bytes(content)
        seen.update(content)
        if number % CHANGED_EVERY == 0:
            content = feed.render()
            (folder / "next" / f"{number:04d}.xml").write_bytes(content)
            seen.update(content)
    return seen.hexdigest()


def _entry(words: Words, random: Random, lang: str, number: int, moment: datetime) -> MadeEntry:
    return MadeEntry(
        number,
        words.title(random, lang),
        words.paragraph(random, lang, 60 if lang == "zh" else 140),
        _body(words, random, lang, random.randint(1000, 4000)),
        random.choice(("小美", "靖哥哥", "Ann Lee", "王编辑", "Joe Park")),
        tuple(words.word(random, lang) for _tag in range(random.randint(1, 4))),
        moment,
    )


def _body(words: Words, random: Random, lang: str, size: int) -> str:
    """Return about ``size`` bytes of the HTML that blogs are made of."""
    parts: list[str] = []
    while sum(len(part.encode()) for part in parts) < size:
        text = html.escape(words.paragraph(random, lang, 50 if lang == "zh" else 160), quote=False)
        kind = random.random()
        if kind < 0.12:
            parts.append(f"<h2>{html.escape(words.title(random, lang))}</h2>")
        elif kind < 0.22:
            items = "".join(f"<li>{html.escape(words.sentence(random, lang))}</li>" for _item in range(3))
            parts.append(f"<ul>{items}</ul>")
        elif kind < 0.28:
            parts.append(f"<blockquote><p>{text}</p></blockquote>")
        elif kind < 0.36:
            parts.append(
                f'<p><img src="https://cdn.example/{random.randrange(10**6)}.jpg" alt="" width="800" /></p>'
            )
        else:
            link = (
                f' <a href="https://example.com/p/{random.randrange(10**6)}">{words.word(random, lang)}</a>'
            )
            strong = f"<strong>{html.escape(words.word(random, lang))}</strong> "
            parts.append(f"<p>{strong if kind > 0.7 else ''}{text}{link if kind > 0.8 else ''}</p>")
    return "\n".join(parts)


def _rss(feed: MadeFeed) -> str:
    items = "".join(
        f"<item>\n<title>{html.escape(e.title, quote=False)}</title>\n<link>{feed.link(e)}</link>\n"
        f"<dc:creator><![CDATA[{e.author}]]></dc:creator>\n<pubDate>{format_datetime(e.published)}</pubDate>\n"
        + "".join(f"<category><![CDATA[{tag}]]></category>\n" for tag in e.tags)
        + f'<guid isPermaLink="false">tag:site{feed.number},{e.number}</guid>\n'
        f"<description><![CDATA[{e.summary}]]></description>\n"
        f"<content:encoded><![CDATA[{e.body}]]></content:encoded>\n<slash:comments>{e.number}</slash:comments>\n</item>\n"
        for e in feed.entries
    )
    return (
        f"{_RSS_HEAD}<title>{html.escape(feed.title, quote=False)}</title>\n"
        f'<atom:link href="https://site{feed.number}.example/feed" rel="self" type="application/rss+xml" />\n'
        f"<link>https://site{feed.number}.example/</link>\n<description>{feed.title}</description>\n"
        f"<language>{'zh-CN' if feed.lang == 'zh' else 'en-US'}</language>\n"
        "<sy:updatePeriod>hourly</sy:updatePeriod>\n<generator>https://wordpress.org/?v=6.6</generator>\n"
        f"{items}</channel>\n</rss>\n"
    )


def _atom(feed: MadeFeed) -> str:
    def stamp(moment: datetime) -> str:
        return moment.strftime("%Y-%m-%dT%H:%M:%SZ")

    entries = "".join(
        f'<entry><title>{html.escape(e.title, quote=False)}</title><link href="{feed.link(e)}"/>'
        f"<id>tag:site{feed.number},{e.number}</id><updated>{stamp(e.published)}</updated>"
        f"<published>{stamp(e.published)}</published><author><name>{e.author}</name></author>"
        + "".join(f'<category term="{html.escape(tag)}"/>' for tag in e.tags)
        + f"<summary>{html.escape(e.summary, quote=False)}</summary>"
        f'<content type="html">{html.escape(e.body, quote=False)}</content></entry>\n'
        for e in feed.entries
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{"zh-CN" if feed.lang == "zh" else "en"}">\n'
        f"<title>{html.escape(feed.title, quote=False)}</title><id>tag:site{feed.number}</id>\n"
        f'<link href="https://site{feed.number}.example/"/>\n<updated>{stamp(feed.entries[0].published)}</updated>\n'
        f"{entries}</feed>\n"
    )
