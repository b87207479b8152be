"""The pipeline on a loopback server: everything a feed may do, and nothing that stops the others."""

from __future__ import annotations

import asyncio
import random
import sqlite3
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from studytui.errors import StudyError
from studytui.journal import Journal
from studytui.reading.fetch.download import Limits
from studytui.reading.library.library import Library
from studytui.reading.parse.parser import FeedParser
from studytui.reading.pull import PullResult, followed, pull
from studytui.reading.subscriptions.subscription import Subscription, Subscriptions
from tests.conftest import FixedClock
from tests.feedserver import FeedServer
from tests.victims import Victim, pull_and_mark


def document(name: str, *numbers: int, text: str = "text") -> bytes:
    items = "".join(
        f"<item><title>{name} {n}</title><link>https://{name}.example/{n}</link><guid>{name}-{n}</guid>"
        f"<pubDate>Sun, 22 Nov 2026 {n % 24:02}:00:00 +0800</pubDate><description>{text} {n}</description></item>"
        for n in numbers
    )
    return f'<rss version="2.0"><channel><title>The {name}</title>{items}</channel></rss>'.encode()


@pytest.fixture
def server() -> Iterator[FeedServer]:
    with FeedServer(hosts=4) as running:
        yield running


@pytest.fixture
def library(tmp_path: Path, journal: Journal) -> Iterator[Library]:
    made = Library(tmp_path / "library.db", journal)
    yield made
    made.close()


def subscribe(*pairs: tuple[str, str], rsshub: str = "") -> Subscriptions:
    return Subscriptions(
        Path("feeds.yaml"), rsshub, tuple(Subscription(name, "url", url) for name, url in pairs)
    )


def content(library: Library) -> list[str]:
    """Everything the library holds but when its feeds were asked last."""
    with library._database.reading() as database:
        database.execute("PRAGMA wal_checkpoint")
        copy = sqlite3.connect(":memory:")
        database.backup(copy)
    copy.execute("UPDATE feed SET checked_at = NULL")
    lines = list(copy.iterdump())
    copy.close()
    return lines


async def test_new_then_unchanged_with_validators_and_without(
    server: FeedServer, library: Library, clock: FixedClock
) -> None:
    subs = subscribe(
        ("a", server.put("/a", document("a", 1, 2), etag='"1"')),
        ("b", server.put("/b", document("b", 1))),
        ("c", server.put("/c", document("c"), last_modified="Sun, 22 Nov 2026 08:00:00 GMT")),
    )
    seen: list[tuple[int, int, str]] = []
    results = await pull(
        library, subs, clock=clock, on_result=lambda *now: seen.append((now[0], now[1], now[2].name))
    )
    assert [(one.name, one.status, one.new, one.entries, one.title) for one in results] == [
        ("a", "new", 2, 2, "The a"),
        ("b", "new", 1, 1, "The b"),
        ("c", "unchanged", 0, 0, "The c"),
    ]
    assert [done for done, _total, _name in seen] == [1, 2, 3]
    assert {name for _done, total, name in seen if total == 3} == {"a", "b", "c"}
    before = content(library)
    clock.tick(hours=1)
    again = await pull(library, subs, clock=clock)
    assert [(one.status, one.new, one.updated, one.error) for one in again] == [("unchanged", 0, 0, "")] * 3
    assert content(library) == before
    assert server.seen("/a")[1]["if-none-match"] == '"1"'
    assert server.seen("/c")[1]["if-modified-since"] == "Sun, 22 Nov 2026 08:00:00 GMT"
    assert library.feeds()[0].checked_at == clock.now().astimezone(library.feeds()[0].checked_at.tzinfo)


async def test_news_and_changes(server: FeedServer, library: Library, clock: FixedClock) -> None:
    subs = subscribe(("a", server.put("/a", document("a", 1, 2), etag='"1"')))
    await pull(library, subs, clock=clock)
    library.mark_all_read()
    server.put("/a", document("a", 3, 1, 2), etag='"2"')
    (result,) = await pull(library, subs, clock=clock)
    assert (result.status, result.new, result.updated) == ("new", 1, 0)
    server.put("/a", document("a", 3, 1, 2, text="corrected"), etag='"3"')
    (result,) = await pull(library, subs, clock=clock)
    assert (result.status, result.new, result.updated) == ("updated", 0, 3)
    assert library.count(unread=True) == 1
    server.put("/a", document("a", 3), etag='"4"')
    await pull(library, subs, clock=clock)
    assert library.count() == 3


async def test_failures_are_values_and_stop_nobody(
    server: FeedServer, library: Library, clock: FixedClock
) -> None:
    hostile = document("h", 1).replace(
        b"<title>h 1", b"<title " + b" ".join(b'a%d="x"' % n for n in range(50_000)) + b">x"
    )
    subs = subscribe(
        ("missing", server.url("/none")),
        (
            "page",
            server.put("/page", b"<!doctype html><link rel=alternate type=application/rss+xml href=/a>"),
        ),
        ("bare page", server.put("/bare", b"<!doctype html><title>x</title>")),
        ("nonsense", server.put("/x", b"neither this nor that")),
        ("empty", server.put("/empty", b"")),
        ("closed", server.put("/closed", b"", status=410)),
        ("slow", server.put("/slow", document("s", 1), delay=30)),
        ("nowhere", "http://127.0.0.1:9/"),
        ("hostile", server.put("/hostile", hostile)),
        ("good", server.put("/a", document("a", 1))),
    )
    started = time.monotonic()
    limits, parser = Limits(seconds=1.5), FeedParser(children=1, seconds=1.0)
    results = {one.name: one for one in await pull(library, subs, clock=clock, limits=limits, parser=parser)}
    assert time.monotonic() - started < 25
    assert results["good"].status == "new"
    assert results["closed"].status == "gone"
    for name in ("missing", "page", "bare page", "nonsense", "empty", "slow", "nowhere", "hostile"):
        assert results[name].status == "failed", name
        assert results[name].error and results[name].hint, name
    assert server.url("/a") in results["page"].hint
    assert "too long" in results["hostile"].error
    health = {one.name: one for one in library.feeds()}
    assert health["missing"].error == results["missing"].error
    assert (health["good"].status, health["good"].total) == ("ok", 1)


async def test_an_empty_or_failed_answer_deletes_nothing(
    server: FeedServer, library: Library, clock: FixedClock
) -> None:
    subs = subscribe(("a", server.put("/a", document("a", 1, 2), etag='"1"')))
    await pull(library, subs, clock=clock)
    for change in (
        {"body": b""},
        {"status": 500},
        {"body": document("a")},
        {"body": b"<html>"},
        {"status": 404},
    ):
        server.put("/a", **change)  # type: ignore[arg-type]
        await pull(library, subs, names=["a"], clock=clock)
        assert library.count() == 2
    server.put("/a", document("a", 1, 2, 3))
    (result,) = await pull(library, subs, names=["a"], clock=clock)
    assert (result.status, result.new) == ("new", 1)


async def test_the_validators_of_what_was_not_stored_are_not_kept(
    server: FeedServer, library: Library, clock: FixedClock
) -> None:
    subs = subscribe(("a", server.put("/a", b"not yet a feed", etag='"1"')))
    await pull(library, subs, clock=clock)
    assert library.feed_state(server.url("/a")).etag == ""
    server.put("/a", document("a", 1), etag='"1"')
    (result,) = await pull(library, subs, clock=clock)
    assert result.status == "new"


async def test_a_server_that_asks_for_peace_gets_it(
    server: FeedServer, library: Library, clock: FixedClock
) -> None:
    url = server.put("/a", b"", status=429, headers={"Retry-After": "3600"})
    subs = subscribe(("a", url))
    (first,) = await pull(library, subs, clock=clock)
    (second,) = await pull(library, subs, names=["a"], clock=clock)
    assert (first.status, second.status) == ("later", "later")
    assert "22:07" in second.error
    assert len(server.seen("/a")) == 1
    server.put("/a", document("a", 1))
    clock.tick(minutes=61)
    (third,) = await pull(library, subs, clock=clock)
    assert third.status == "new"


async def test_a_feed_that_fails_again_and_again_is_asked_less_often(
    server: FeedServer, library: Library, clock: FixedClock
) -> None:
    subs = subscribe(("a", server.put("/a", b"", status=500)))
    for _time in range(5):
        (result,) = await pull(library, subs, clock=clock)
        assert result.status == "failed"
    (result,) = await pull(library, subs, clock=clock)
    assert result.status == "later"
    assert "5 times" in result.error
    (result,) = await pull(library, subs, names=["a"], clock=clock)
    assert result.status == "failed"
    clock.tick(days=-30)  # a clock that was wrong must not silence a feed for a month
    (result,) = await pull(library, subs, clock=clock)
    assert result.status == "failed"


async def test_missing_for_a_week_is_gone(server: FeedServer, library: Library, clock: FixedClock) -> None:
    subs = subscribe(("a", server.url("/a")))
    (first,) = await pull(library, subs, clock=clock)
    clock.tick(days=8)
    (second,) = await pull(library, subs, clock=clock)
    assert (first.status, second.status) == ("failed", "gone")
    assert library.feeds()[0].status == "gone"


async def test_a_moved_feed_is_reported_once_it_is_a_feed(
    server: FeedServer, library: Library, clock: FixedClock
) -> None:
    new = server.put("/new", document("a", 1))
    subs = subscribe(
        ("a", server.put("/old", redirect="/new", status=301)),
        ("b", server.put("/lost", redirect="/page", status=301)),
    )
    server.put("/page", b"<!doctype html>")
    moved, lost = await pull(library, subs, clock=clock)
    assert (moved.status, moved.moved_to) == ("new", new)
    assert (lost.status, lost.moved_to) == ("failed", "")
    assert [one.moved_to for one in library.feeds()] == [new, ""]


async def test_what_is_off_says_why(server: FeedServer, library: Library, clock: FixedClock) -> None:
    items = (
        Subscription("route", "rsshub", "/zhihu/daily"),
        Subscription("site", "site", "https://site.example", every=timedelta(days=7)),
        Subscription("paused", "url", "https://paused.example/", enabled=False),
        Subscription("good", "url", server.put("/a", document("a", 1))),
    )
    subs = Subscriptions(Path("feeds.yaml"), "", items)
    assert [(one.name, one.status) for one in await pull(library, subs, clock=clock)] == [
        ("route", "off"),
        ("good", "new"),
    ]
    named = await pull(library, subs, names=["paused", "site"], clock=clock)
    assert [(one.status, bool(one.error and one.hint)) for one in named] == [("off", True)] * 2
    assert [(one.name, one.status) for one in library.feeds()] == [("route", "off"), ("good", "ok")]
    with pytest.raises(StudyError, match="nobody"):
        await pull(library, subs, names=["nobody"], clock=clock)
    server.put("/zhihu/daily", document("z", 1))
    ready = Subscriptions(Path("feeds.yaml"), server.url(""), items)
    assert (await pull(library, ready, clock=clock))[0].status == "new"
    assert library.feeds()[0].address == "rsshub:/zhihu/daily"


async def test_cancelling_leaves_every_feed_whole(
    server: FeedServer, library: Library, clock: FixedClock
) -> None:
    limits = Limits(per_host=4)
    subs = subscribe(
        *(
            (f"f{n}", put_on_host(server, n % 4, f"/{n}", document(f"f{n}", *range(20)), delay=0.02 * n))
            for n in range(24)
        )
    )
    results: list[PullResult] = []
    some_are_done = asyncio.Event()

    def note(done: int, _total: int, result: PullResult) -> None:
        results.append(result)
        if done == 3:
            some_are_done.set()

    task = asyncio.create_task(pull(library, subs, clock=clock, limits=limits, on_result=note))
    await some_are_done.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    counts = {one.name: one.total for one in library.feeds()}
    assert set(counts.values()) <= {0, 20}
    assert all(counts[one.name] == 20 for one in results)
    rest = await pull(library, subs, clock=clock, limits=limits)
    assert library.count() == 480
    assert all(one.status in ("new", "unchanged") for one in rest)


def put_on_host(server: FeedServer, host: int, path: str, body: bytes, delay: float) -> str:
    server.put(path, body, delay=delay)
    return server.url(path, host=host)


async def test_two_pulls_at_once(
    server: FeedServer, library: Library, journal: Journal, clock: FixedClock
) -> None:
    subs = subscribe(*((f"f{n}", server.put(f"/{n}", document(f"f{n}", *range(10)))) for n in range(6)))
    other = Library(library.kept.parent / "library.db", journal)
    both = await asyncio.gather(pull(library, subs, clock=clock), pull(other, subs, clock=clock))
    assert not [one for results in both for one in results if one.error]
    assert library.count() == 60
    assert sum(one.new for results in both for one in results) == 60
    other.close()


async def test_a_library_that_cannot_be_written_is_a_result(
    server: FeedServer, library: Library, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_args: object, **_kwargs: object) -> None:
        raise StudyError("The disk is full.", "Free some space.")

    monkeypatch.setattr(library, "store", full)
    (result,) = await pull(library, subscribe(("a", server.put("/a", document("a", 1)))), clock=clock)
    assert (result.status, result.error, result.hint) == ("failed", "The disk is full.", "Free some space.")


def test_only_feeds_are_followed() -> None:
    subs = Subscriptions(
        Path("feeds.yaml"),
        "",
        (
            Subscription("a", "url", "https://a.example/"),
            Subscription("b", "rsshub", "/b", enabled=False),
            Subscription("c", "site", "https://c.example/"),
        ),
    )
    assert followed(subs) == [("a", "https://a.example/", True), ("b", "rsshub:/b", False)]


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
def test_killed_at_any_moment_nothing_confirmed_is_missing(tmp_path: Path, server: FeedServer) -> None:
    """Twenty times SIGKILL during opening, pulling, marking and indexing; what was said must be there."""
    feeds, entries, chance = 12, 8, random.Random(7)
    for n in range(feeds):
        server.put(f"/{n}", document(f"f{n}", *range(entries), text="long text " * 200), etag=f'"{n}"')
    said: dict[str, set[str]] = {"stored": set(), "read": set(), "starred": set()}
    root = tmp_path / "desk"
    for attempt in range(20):
        victim = Victim(pull_and_mark, root, server.url(""), feeds)
        # Some die before they have said anything, the others a moment after one of their lines.
        lines = 0 if attempt % 5 == 0 else chance.randint(1, 30)
        before_death = [words for _line in range(lines) if (words := victim.hear())]
        time.sleep(chance.uniform(0.0, 0.3 if attempt % 5 == 0 else 0.03))
        for word, *what in [*before_death, *victim.kill()]:
            if word in said:
                said[word].add(what[0])
        check(root, said["stored"], said["read"], said["starred"], entries)
    assert all(said.values())
    for file in root.glob("library.db*"):
        file.unlink()
    fresh = reopen(root)
    assert said["starred"] <= {one.id for one in fresh.articles(starred=True)}
    fresh.close()


def reopen(root: Path) -> Library:
    from studytui.workspace import SystemClock

    return Library(root / "library.db", Journal(root / "journal", "desk", SystemClock()))


def check(root: Path, stored: set[str], read: set[str], starred: set[str], entries: int) -> None:
    library = reopen(root)
    assert library.rebuilt == ""
    assert library.check() == ""
    totals = {one.name: one.total for one in library.feeds()}
    assert all(totals.get(name) == entries for name in stored), (totals, stored)
    assert set(totals.values()) <= {0, entries}
    articles = {one.id: one for one in library.articles()}
    assert all(articles[identity].read for identity in read)
    assert all(articles[identity].starred for identity in starred)
    assert all((root / "kept" / f"{identity}.md").is_file() for identity in starred)
    library.close()
