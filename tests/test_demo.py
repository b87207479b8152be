"""The demo: sample feeds that any reader understands, a server with validators, a workspace that goes away."""

from __future__ import annotations

import json
import re
from calendar import timegm
from collections.abc import Mapping
from datetime import UTC, datetime
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from urllib.parse import urlsplit

import feedparser
import pytest
import yaml

from studytui import workspace
from studytui.demo import demo_workspace
from studytui.demo.feeds import ARTICLES, DemoFeed, demo_feeds
from studytui.demo.server import serve

NOW = datetime(2026, 11, 22, 13, 7, 3, tzinfo=UTC)
FEEDS = demo_feeds(NOW)
each_feed = pytest.mark.parametrize("feed", FEEDS, ids=lambda feed: feed.slug)
each_file = pytest.mark.parametrize("file", sorted(ARTICLES.glob("*.md")), ids=lambda file: file.stem)


def get(base: str, path: str, headers: Mapping[str, str] | None = None) -> tuple[HTTPResponse, bytes]:
    connection = HTTPConnection(urlsplit(base).netloc, timeout=5)
    try:
        connection.request("GET", path, headers=dict(headers or {}))
        answer = connection.getresponse()
        return answer, answer.read()
    finally:
        connection.close()


def items(feed: DemoFeed) -> list[tuple[str, str, str, datetime]]:
    """Return id, title, HTML and date of each item as another program reads them."""
    if feed.format == "json":
        return [
            (item["id"], item["title"], item["content_html"], datetime.fromisoformat(item["date_published"]))
            for item in json.loads(feed.render())["items"]
        ]
    parsed = feedparser.parse(feed.render())
    assert not parsed.bozo, parsed.get("bozo_exception")
    assert parsed.version == {"rss": "rss20", "atom": "atom10"}[feed.format]
    return [
        (
            entry.id,
            entry.title,
            entry.content[0].value if "content" in entry else entry.summary,
            datetime.fromtimestamp(timegm(entry.get("published_parsed") or entry.updated_parsed), UTC),
        )
        for entry in parsed.entries
    ]


def test_there_is_enough_to_read_in_both_languages_and_every_format() -> None:
    assert len(FEEDS) >= 6
    assert sum(len(feed.articles) for feed in FEEDS) >= 60
    assert {(feed.lang, feed.format) for feed in FEEDS} == {
        (lang, format_) for lang in ("en", "zh") for format_ in ("rss", "atom", "json")
    }
    names = [feed.name for feed in FEEDS]
    titles = [article.title for feed in FEEDS for article in feed.articles]
    assert len(set(names)) == len(names)
    assert len(set(titles)) == len(titles)


@each_feed
def test_another_program_reads_the_same_articles(feed: DemoFeed) -> None:
    read = items(feed)
    assert [title for _id, title, _html, _date in read] == [article.title for article in feed.articles]
    assert len({identity for identity, *_rest in read}) == len(feed.articles)
    assert all(len(re.sub(r"<[^>]*>|\s", "", html)) >= 200 for _id, _title, html, _date in read)


@each_feed
def test_the_newest_comes_first_and_none_lies_ahead(feed: DemoFeed) -> None:
    dates = [date for _id, _title, _html, date in items(feed)]
    assert dates == sorted(set(dates), reverse=True)
    assert dates[0] < NOW


@each_feed
def test_the_language_is_the_one_it_says(feed: DemoFeed) -> None:
    for article in feed.articles:
        assert bool(re.search(r"[\u4e00-\u9fff]", article.html)) == (feed.lang == "zh"), article.title


@each_feed
def test_all_markup_is_rendered(feed: DemoFeed) -> None:
    for article in feed.articles:
        prose = re.sub(r"<pre>.*?</pre>|<code>.*?</code>", "", article.html, flags=re.DOTALL)
        assert not re.search(r"\*\*|`|\]\(|^\s*[#|]", prose, flags=re.MULTILINE), article.title


@each_file
def test_no_line_reads_as_a_card_and_no_link_leads_to_a_real_site(file: Path) -> None:
    text = file.read_text("utf-8")
    assert "::" not in text
    assert "==" not in text
    hosts = {urlsplit(url).hostname or "" for url in re.findall(r"https?://[\w./-]+", text)}
    # The name of the vocabulary inside a code sample is an identifier, not a link.
    assert all(host.endswith(".example") for host in hosts - {"schema.org"})


def test_a_second_pull_is_unchanged() -> None:
    feed = FEEDS[0]
    with serve({feed.path: (feed.content_type, feed.render())}) as base:
        first, body = get(base, feed.path)
        assert (first.status, body) == (200, feed.render())
        assert first.getheader("Content-Type") == feed.content_type
        etag = first.getheader("ETag") or ""
        second, nothing = get(base, feed.path, {"If-None-Match": etag})
        assert (second.status, nothing) == (304, b"")
        assert get(base, feed.path, {"If-None-Match": '"other"'})[0].status == 200
        assert get(base, "/elsewhere.xml")[0].status == 404
    with pytest.raises(OSError):
        get(base, feed.path)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_workspace_follows_the_served_feeds_and_is_gone_afterwards(
    lang: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    starter = tmp_path / "starter"
    (starter / "notes").mkdir(parents=True)
    (starter / "feeds.yaml").write_text("feeds: []\n", "utf-8")
    (starter / "notes" / f"{lang}.md").write_text(f"---\nlang: {lang}\n---\n", "utf-8")
    monkeypatch.setattr(workspace, "starter_root", lambda: starter)
    with demo_workspace(lang, NOW) as desk:
        assert workspace.is_workspace(desk.root)
        assert [note.stem for note in desk.notes.iterdir()] == [lang]
        followed = yaml.safe_load(desk.feeds_file.read_text("utf-8"))["feeds"]
        own, other = ([feed for feed in FEEDS if (feed.lang == lang) is first] for first in (True, False))
        assert own and [(row["name"], row["tags"]) for row in followed] == [
            (feed.name, [feed.lang]) for feed in own + other
        ]
        for row, feed in zip(followed, own + other, strict=True):
            base, path = row["url"].removesuffix(feed.path), feed.path
            assert get(base, path)[1] == feed.render()
    assert not desk.root.exists()
    with pytest.raises(OSError):
        get(base, path)
