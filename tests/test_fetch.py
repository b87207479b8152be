"""Downloads over loopback: the good server, and every bad one that was met in the wild."""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import socket
import ssl
import subprocess
import sys
import zlib
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from studytui.i18n import set_language
from studytui.reading.fetch.body import BodyReader, DamagedError, Gunzip, TooLargeError
from studytui.reading.fetch.download import USER_AGENT, FeedClient, FetchResult, Limits, fetch, open_client
from studytui.reading.fetch.guard import (
    Guard,
    Resolver,
    UnusableProxyError,
    is_home_name,
    is_private,
    proxy_for,
    resolve,
)
from studytui.reading.fetch.headers import keepable, parse_retry_after, split_content_type
from tests.feedserver import FeedServer

FEED = b"<rss version='2.0'><channel><title>t</title></channel></rss>"
NOW = datetime(2026, 11, 22, 13, 0, tzinfo=UTC)


class StoppedClock:
    def now(self) -> datetime:
        return NOW


@pytest.fixture
def server() -> Iterator[FeedServer]:
    with FeedServer() as running:
        yield running


@pytest.fixture
def hosts() -> Iterator[FeedServer]:
    """The same server on 127.0.0.1, 127.0.0.2 and 127.0.0.3, which take the parts of different hosts."""
    if sys.platform != "linux":
        pytest.skip("only Linux has all of 127.0.0.0/8")
    with FeedServer(hosts=3) as running:
        yield running


def client(guard: Guard | None = None, **limits: float) -> asynccontextmanager[FeedClient]:
    return open_client(Limits(**limits), clock=StoppedClock(), guard=guard, environ={})


async def get(url: str, guard: Guard | None = None, **limits: float) -> FetchResult:
    async with client(guard, **limits) as opened:
        return await fetch(opened, url)


# --- the good server ------------------------------------------------------------------------------


async def test_a_feed_comes_with_all_that_is_needed_next_time(server: FeedServer) -> None:
    url = server.put(
        "/feed",
        FEED,
        content_type='Text/XML; boundary=x; Charset="GBK"',
        etag='W/"1"',
        last_modified="Sun, 22 Nov 2026 08:00:00 GMT",
    )
    result = await get(url)
    assert (result.status, result.code, result.body) == ("ok", 200, FEED)
    assert (result.content_type, result.charset) == ("text/xml", "gbk")
    assert (result.etag, result.last_modified) == ('W/"1"', "Sun, 22 Nov 2026 08:00:00 GMT")
    assert (result.url, result.final_url, result.moved_to) == (url, url, "")
    assert (result.error, result.hint, result.retry_after) == ("", "", None)


async def test_it_introduces_itself_honestly_and_keeps_no_cookies(server: FeedServer) -> None:
    url = server.put("/feed", FEED, headers={"Set-Cookie": "id=1"})
    async with client() as opened:
        await fetch(opened, url)
        await fetch(opened, url)
    first, second = server.seen("/feed")
    assert first["user-agent"] == USER_AGENT
    assert first["accept-encoding"] == "gzip"
    assert first["host"] == f"127.0.0.1:{server.port}"
    assert "cookie" not in second
    assert "if-none-match" not in first


@pytest.mark.parametrize("kind", ["etag", "last_modified", "both"])
async def test_unchanged_when_a_validator_matches(server: FeedServer, kind: str) -> None:
    etag = '"7"' if kind != "last_modified" else ""
    modified = "Sun, 22 Nov 2026 08:00:00 GMT" if kind != "etag" else ""
    url = server.put("/feed", FEED, etag=etag, last_modified=modified)
    async with client() as opened:
        result = await fetch(opened, url, etag=etag, last_modified=modified)
    assert (result.status, result.code, result.body) == ("unchanged", 304, b"")
    assert (result.etag, result.last_modified) == (etag, modified)


async def test_a_new_body_replaces_the_validators(server: FeedServer) -> None:
    url = server.put("/feed", FEED, etag='"new"')
    async with client() as opened:
        result = await fetch(opened, url, etag='"old"', last_modified="Sat, 21 Nov 2026 08:00:00 GMT")
    assert (result.status, result.etag, result.last_modified) == ("ok", '"new"', "")


async def test_gzip_is_unpacked(server: FeedServer) -> None:
    assert (await get(server.put("/feed", FEED * 1000, gzip=True))).body == FEED * 1000


async def test_the_gzip_header_may_be_missing_or_wrong(server: FeedServer) -> None:
    hidden = server.put("/hidden", gzip.compress(FEED))
    claimed = server.put("/claimed", FEED, headers={"Content-Encoding": "gzip"})
    assert (await get(hidden)).body == FEED
    assert (await get(claimed)).body == FEED


async def test_name_and_password_of_an_address_are_sent_and_stay_with_it(hosts: FeedServer) -> None:
    hosts.put("/paid", FEED)
    hosts.put("/moved", redirect=hosts.url("/paid", 1))
    address = hosts.url("/moved").replace("http://", "http://lena:s%40t@")
    result = await get(address)
    assert result.status == "ok"
    assert hosts.seen("/moved")[0]["authorization"] == "Basic bGVuYTpzQHQ="
    assert "authorization" not in hosts.seen("/paid")[0]


# --- redirects ------------------------------------------------------------------------------------


async def test_permanent_redirects_are_reported_and_temporary_ones_are_not(server: FeedServer) -> None:
    last = server.put("/last", FEED)
    middle = server.put("/middle", redirect="/last")
    first = server.put("/first", redirect=middle, status=301)
    permanent = server.put("/permanent", redirect=last, status=308)
    assert (await get(first)).moved_to == middle
    assert (await get(first)).final_url == last
    assert (await get(middle)).moved_to == ""
    assert (await get(permanent)).moved_to == last


async def test_a_permanent_redirect_after_a_temporary_one_moves_nothing(server: FeedServer) -> None:
    last = server.put("/last", FEED)
    server.put("/permanent", redirect=last, status=301)
    first = server.put("/first", redirect="/permanent", status=307)
    result = await get(first)
    assert (result.status, result.moved_to, result.final_url) == ("ok", "", last)


async def test_a_failure_after_a_permanent_redirect_moves_nothing(server: FeedServer) -> None:
    first = server.put("/first", redirect="/nowhere", status=301)
    result = await get(first)
    assert (result.status, result.code, result.moved_to) == ("failed", 404, "")


async def test_a_redirect_may_speak_chinese(server: FeedServer) -> None:
    server.put("/%E8%AE%A2%E9%98%85", FEED)
    first = server.put("/first", redirect="/订阅")
    assert (await get(first)).body == FEED


async def test_five_redirects_are_followed_and_a_sixth_is_not(server: FeedServer) -> None:
    server.put("/0", FEED)
    for number in range(1, 7):
        server.put(f"/{number}", redirect=f"/{number - 1}")
    assert (await get(server.url("/5"))).status == "ok"
    assert "in circles" in (await get(server.url("/6"))).error


async def test_a_redirect_loop_ends(server: FeedServer) -> None:
    server.put("/a", redirect="/b")
    url = server.put("/b", redirect="/a")
    result = await get(url)
    assert (result.status, result.code) == ("failed", 302)
    assert "in circles" in result.error
    assert len(server.requests) == 6


@pytest.mark.parametrize(
    "location",
    ["file:///etc/passwd", "ftp://x/y", "gopher://x", "javascript:1", "http://", "//", "http://[", ""],
)
async def test_a_redirect_to_anything_but_the_web_is_refused(server: FeedServer, location: str) -> None:
    result = await get(server.put("/feed", redirect=location))
    assert (result.status, result.body) == ("failed", b"")
    assert "127.0.0.1" in result.error
    assert result.hint


async def test_a_redirect_without_a_location_is_a_failure(server: FeedServer) -> None:
    result = await get(server.put("/feed", b"moved", status=301))
    assert (result.status, result.code) == ("failed", 301)


# --- private addresses ----------------------------------------------------------------------------


def naming(names: dict[str, Sequence[str]]) -> Resolver:
    async def look_up(host: str, port: int) -> Sequence[str]:
        return names.get(host) or await resolve(host, port)

    return look_up


def network(names: dict[str, Sequence[str]] | None = None) -> Guard:
    """A world in which 127.0.0.1 is a public address, the other ones are private, and ``names`` resolve."""
    return Guard({}, naming(names or {}), lambda address: address != "127.0.0.1")


async def test_no_redirect_leads_from_a_public_host_into_the_home_network(hosts: FeedServer) -> None:
    secret = hosts.put("/secret", FEED)
    inside = secret.replace("127.0.0.1", "127.0.0.2")
    result = await get(hosts.put("/feed", redirect=inside), network())
    assert (result.status, result.body) == ("failed", b"")
    assert "private address" in result.error
    assert hosts.seen("/secret") == []


async def test_an_address_that_a_page_named_may_not_be_private(hosts: FeedServer) -> None:
    hosts.put("/feed", FEED)
    async with client(network()) as opened:
        home = await fetch(opened, hosts.url("/feed", 1), public_only=True)
        own = await fetch(opened, hosts.url("/feed", 1))
        public = await fetch(opened, hosts.url("/feed", 0), public_only=True)
    assert "private address" in home.error
    assert (own.status, own.private) == ("ok", True)
    assert (public.status, public.private) == ("ok", False)


async def test_once_public_always_public(hosts: FeedServer) -> None:
    """Home address, then public, then home again: the last step is somebody else's idea."""
    hosts.put("/secret", FEED)
    hosts.put("/public", redirect=hosts.url("/secret", 2))
    first = hosts.put("/first", redirect=hosts.url("/public", 0)).replace("127.0.0.1", "127.0.0.2")
    result = await get(first, network())
    assert "private address" in result.error
    assert hosts.seen("/secret") == []


async def test_a_feed_of_the_learners_own_network_works_with_its_redirects(hosts: FeedServer) -> None:
    hosts.put("/b", FEED)
    hosts.put("/a", redirect=hosts.url("/b", 2))
    result = await get(hosts.url("/a", 1), network())
    assert result.body == FEED


async def test_a_name_that_changes_its_address_is_judged_by_what_is_connected_to(hosts: FeedServer) -> None:
    """DNS rebinding: the name was public when first asked and points home when the redirect is followed."""
    hosts.put("/secret", FEED)
    hosts.put("/feed", redirect=f"http://evil.test:{hosts.port}/secret")
    answers = iter([["127.0.0.1"], ["127.0.0.2"]])

    async def look_up(host: str, port: int) -> Sequence[str]:
        return next(answers)

    guard = Guard({}, look_up, lambda address: address != "127.0.0.1")
    result = await get(f"http://evil.test:{hosts.port}/feed", guard)
    assert "private address" in result.error
    assert hosts.seen("/secret") == []


async def test_of_several_addresses_only_the_public_ones_are_tried(hosts: FeedServer) -> None:
    hosts.put("/b", FEED)
    hosts.put("/a", redirect=f"http://both.test:{hosts.port}/b")
    guard = network({"both.test": ["127.0.0.2", "127.0.0.1"]})
    assert (await get(hosts.url("/a"), guard)).body == FEED
    assert hosts.most_in_flight["127.0.0.2"] == 0


async def test_a_dead_address_gives_way_to_the_next(hosts: FeedServer) -> None:
    """127.0.0.9 has nobody listening on the port: the second address is tried at once."""
    hosts.put("/feed", FEED)
    guard = Guard({}, naming({"two.test": ["127.0.0.9", "127.0.0.1"]}))
    assert (await get(f"http://two.test:{hosts.port}/feed", guard)).body == FEED


async def test_a_silent_address_gives_way_to_the_next(hosts: FeedServer) -> None:
    """A listener with a full queue answers nothing, as a black-holed IPv6 route does."""
    hosts.put("/feed", FEED)
    with socket.socket() as silent:
        silent.bind(("127.0.0.8", hosts.port))
        silent.listen(0)
        fillers = [socket.socket() for _ in range(4)]
        for filler in fillers:
            filler.setblocking(False)
            filler.connect_ex(("127.0.0.8", hosts.port))
        guard = Guard({}, naming({"two.test": ["127.0.0.8", "127.0.0.1"]}))
        result = await get(f"http://two.test:{hosts.port}/feed", guard, seconds=5)
        for filler in fillers:
            filler.close()
    assert result.body == FEED


@pytest.mark.parametrize(
    ("address", "private"),
    [
        ("127.0.0.1", True),
        ("10.1.2.3", True),
        ("172.16.0.1", True),
        ("192.168.1.1", True),
        ("169.254.169.254", True),
        ("100.64.0.1", True),
        ("0.0.0.0", True),
        ("224.0.0.1", True),
        ("255.255.255.255", True),
        ("::1", True),
        ("::", True),
        ("fe80::1", True),
        ("fc00::1", True),
        ("::ffff:127.0.0.1", True),
        ("::ffff:8.8.8.8", False),
        ("2002:7f00:1::", True),
        ("64:ff9b::7f00:1", True),
        ("64:ff9b::808:808", False),
        ("8.8.8.8", False),
        ("198.18.0.7", False),
        ("2606:4700::1111", False),
    ],
)
def test_private_addresses(address: str, private: bool) -> None:
    assert is_private(address) is private


@pytest.mark.parametrize(
    ("host", "home"),
    [
        ("localhost", True),
        ("nas", True),
        ("printer.local", True),
        ("a.home.arpa.", True),
        ("2130706433", True),
        ("0x7f.1", True),
        ("::1", True),
        ("36kr.com", False),
        ("8.8.8.8", False),
    ],
)
def test_names_that_give_themselves_away(host: str, home: bool) -> None:
    assert is_home_name(host) is home


# --- limits ---------------------------------------------------------------------------------------


async def test_a_drip_ends_with_the_time(server: FeedServer) -> None:
    result = await get(server.put("/drip", FEED, drip=0.02), seconds=0.2)
    assert (result.status, result.error) == ("failed", "127.0.0.1 did not finish within 0.2 seconds.")


async def test_the_time_is_for_all_redirects_together(server: FeedServer) -> None:
    for number in range(1, 4):
        server.put(f"/{number}", FEED, redirect=f"/{number + 1}", delay=0.15)
    server.put("/4", FEED)
    assert (await get(server.url("/1"), seconds=0.3)).status == "failed"


async def test_waiting_for_a_place_costs_no_time_of_its_own(server: FeedServer) -> None:
    """Six slow answers, one at a time: together they take longer than any one of them may."""
    url = server.put("/slow", FEED, delay=0.1)
    async with client(seconds=0.4, per_host=1) as opened:
        results = await asyncio.gather(*(fetch(opened, url) for _ in range(6)))
    assert [result.status for result in results] == ["ok"] * 6
    assert server.most_in_flight["127.0.0.1"] == 1


async def test_two_at_a_host_and_no_more_than_the_limit_in_all(hosts: FeedServer) -> None:
    hosts.put("/feed", FEED, delay=0.05)
    urls = [hosts.url("/feed", number % 3) for number in range(18)]
    async with client(at_once=4) as opened:
        results = await asyncio.gather(*(fetch(opened, url) for url in urls))
    assert all(result.status == "ok" for result in results)
    assert hosts.most_in_flight[""] == 4
    assert max(hosts.most_in_flight[host] for host in hosts.hosts) == 2


async def test_a_queue_at_one_host_holds_up_no_other(hosts: FeedServer) -> None:
    hosts.put("/slow", FEED, delay=0.1)
    hosts.put("/quick", FEED)
    done: list[str] = []

    async def one(opened: FeedClient, url: str) -> None:
        await fetch(opened, url)
        done.append(url)

    quick = hosts.url("/quick", 1)
    async with client(at_once=2, per_host=1) as opened:
        await asyncio.gather(*(one(opened, hosts.url("/slow")) for _ in range(3)), one(opened, quick))
    assert done[0] == quick


async def test_a_length_beyond_the_limit_is_refused_unread(server: FeedServer) -> None:
    url = server.put("/big", b"x", headers={"Content-Length": str(9 * 1024 * 1024)})
    result = await get(url)
    assert result.error == "127.0.0.1 sent more than 8 MB."


async def test_an_endless_body_ends(server: FeedServer) -> None:
    result = await get(server.put("/endless", b"<rss>", endless=True))
    assert result.error == "127.0.0.1 sent more than 8 MB."


async def test_a_gzip_bomb_stays_small(server: FeedServer) -> None:
    packer = zlib.compressobj(9, wbits=31)
    bomb = b"".join([packer.compress(bytes(1 << 20)) for _ in range(64)]) + packer.flush()
    assert len(bomb) < 80_000
    result = await get(server.put("/bomb", bomb, headers={"Content-Encoding": "gzip"}))
    assert result.error == "127.0.0.1 sent more than 12 MB."


async def _chunks(*parts: bytes) -> AsyncIterator[bytes]:
    for part in parts:
        yield part


async def _unpack(*parts: bytes, limit: int = 1000) -> bytes:
    return await BodyReader(limit, limit).read(_chunks(*parts), "", "gzip")


@given(st.lists(st.binary(max_size=80), max_size=4), st.integers(1, 40))
def test_gzip_members_in_pieces_of_any_size(members: list[bytes], size: int) -> None:
    packed = b"".join(gzip.compress(member) for member in members) + bytes(3)
    parts = [packed[at : at + size] for at in range(0, len(packed), size)] if members else []
    assert asyncio.run(_unpack(*parts)) == b"".join(members)


@given(st.binary(max_size=200), st.integers(1, 40), st.integers(0, 300))
def test_the_unpacked_limit_is_exact(content: bytes, size: int, limit: int) -> None:
    packed = gzip.compress(content)
    parts = [packed[at : at + size] for at in range(0, len(packed), size)]
    reader = BodyReader(10_000, limit)
    if len(content) > limit:
        with pytest.raises(TooLargeError):
            asyncio.run(reader.read(_chunks(*parts), "", ""))
    elif limit > 2:  # the two magic bytes count before they are known for what they are
        assert asyncio.run(reader.read(_chunks(*parts), "", "")) == content


def test_no_more_is_unpacked_than_there_is_room_for() -> None:
    assert len(Gunzip()(gzip.compress(bytes(1 << 20)), room=10)) == 11


async def test_few_large_bodies_at_once() -> None:
    reader = BodyReader(1 << 26, 1 << 26, large_at_once=1)
    half = bytes(3 << 20)
    gate = asyncio.Event()

    async def slow() -> AsyncIterator[bytes]:
        yield half
        await gate.wait()
        yield half

    first = asyncio.create_task(reader.read(slow(), "", ""))
    second = asyncio.create_task(reader.read(_chunks(half), "", ""))
    small = await reader.read(_chunks(b"small"), "", "")
    assert small == b"small"
    for _ in range(5):
        await asyncio.sleep(0)
    assert not second.done()
    gate.set()
    assert len(await first) == 6 << 20
    assert await second == half


# --- bad answers ----------------------------------------------------------------------------------


@pytest.mark.parametrize("keep", [0.5, 0.9])
async def test_bad_gzip(server: FeedServer, keep: float) -> None:
    packed = gzip.compress(FEED * 100)
    cut = server.put("/cut", packed[: int(len(packed) * keep)], headers={"Content-Encoding": "gzip"})
    assert (await get(cut)).error == "127.0.0.1 sent a damaged answer (gzip)."
    flipped = packed[:15] + bytes([packed[15] ^ 0xFF]) + packed[16:]
    assert (await get(server.put("/bad", flipped))).error == "127.0.0.1 sent a damaged answer (gzip)."


async def test_truncated_gzip_is_not_taken_for_whole() -> None:
    with pytest.raises(DamagedError):
        await _unpack(gzip.compress(b"abc" * 10)[:-4])


async def test_an_encoding_nobody_asked_for(server: FeedServer) -> None:
    result = await get(server.put("/br", b"\x0b\x02", headers={"Content-Encoding": "br\x1b[31m"}))
    assert result.status == "failed"
    result = await get(server.put("/br", b"\x0b\x02", headers={"Content-Encoding": "br"}))
    assert result.error == "127.0.0.1 packed its answer in a way nobody asked for: br."


async def test_a_body_shorter_than_its_length_is_not_taken_for_whole(server: FeedServer) -> None:
    result = await get(server.put("/short", FEED, headers={"Content-Length": str(len(FEED) + 10)}))
    assert (result.status, result.error) == ("failed", "127.0.0.1 broke off in the middle of its answer.")


async def test_a_body_longer_than_its_length_spills_into_nobody_elses(server: FeedServer) -> None:
    long = server.put(
        "/long", FEED + b"HTTP/1.1 200 OK\r\n\r\nsmuggled", headers={"Content-Length": str(len(FEED))}
    )
    good = server.put("/good", FEED)
    async with client() as opened:
        assert (await fetch(opened, long)).body == FEED
        assert (await fetch(opened, good)).body == FEED


@pytest.mark.parametrize("length", ["-1", "ten", "5, 6", "9" * 30])
async def test_a_length_that_is_none(server: FeedServer, length: str) -> None:
    result = await get(server.put("/feed", FEED, headers={"Content-Length": length}))
    assert result.status == "failed"


async def test_unchanged_that_nobody_asked_for(server: FeedServer) -> None:
    result = await get(server.put("/feed", b"", status=304))
    assert (result.status, result.code) == ("failed", 304)
    assert "nothing new" in result.error


@pytest.mark.parametrize("body", [b"", b" \r\n"])
async def test_an_empty_page_is_a_failure(server: FeedServer, body: bytes) -> None:
    result = await get(server.put("/feed", body))
    assert (result.status, result.code) == ("failed", 200)
    assert "empty page" in result.error


@pytest.mark.parametrize("status", [206, 300, 400, 401, 403, 404, 410, 418, 429, 500, 503, 599])
async def test_every_status_has_a_sentence_and_a_next_step(server: FeedServer, status: int) -> None:
    result = await get(server.put("/feed", b"" if status == 206 else b"<h1>no</h1>", status=status))
    assert (result.status, result.code, result.body) == ("failed", status, b"")
    assert "127.0.0.1" in result.error
    assert result.hint.endswith(".")


@pytest.mark.parametrize(
    ("value", "wait"),
    [
        ("120", timedelta(minutes=2)),
        (" 5 ", timedelta(seconds=5)),
        ("Sun, 22 Nov 2026 13:30:00 GMT", timedelta(minutes=30)),
        ("Sun, 22 Nov 2026 13:30:00 -0000", timedelta(minutes=30)),
        ("Sun, 22 Nov 2026 12:00:00 GMT", None),
        ("99999999999999", timedelta(days=1)),
        ("Fri, 31 Dec 9999 23:59:59 GMT", timedelta(days=1)),
        ("0", None),
        ("-5", None),
        ("soon", None),
        ("１２", None),
        ("", None),
    ],
)
def test_retry_after(value: str, wait: timedelta | None) -> None:
    assert parse_retry_after(value, NOW) == wait


@given(st.text(max_size=60))
def test_header_values_never_raise(value: str) -> None:
    wait = parse_retry_after(value, NOW)
    assert wait is None or timedelta(0) < wait <= timedelta(days=1)
    split_content_type(value)
    assert keepable(value) in ("", value)


async def test_retry_after_is_reported(server: FeedServer) -> None:
    result = await get(server.put("/feed", b"slow down", status=429, headers={"Retry-After": "3600"}))
    assert result.retry_after == timedelta(hours=1)
    assert "left alone" in result.error


@pytest.mark.parametrize(
    ("value", "kept"), [('"a"', '"a"'), ('"' + "x" * 600 + '"', ""), ('"a\tb"', ""), ('"é"', ""), ("", "")]
)
async def test_only_a_fit_etag_is_kept_and_sent(server: FeedServer, value: str, kept: str) -> None:
    url = server.put("/feed", FEED, etag=value)
    async with client() as opened:
        result = await fetch(opened, url)
        await fetch(opened, url, etag=value)
    assert (result.status, result.etag) == ("ok", kept)
    assert server.seen("/feed")[1].get("if-none-match", "") == kept


# --- no server at all -----------------------------------------------------------------------------


async def test_a_name_nobody_has() -> None:
    result = await get("http://nobody.invalid/feed")
    assert result.error == "There is no server called nobody.invalid."


async def test_nobody_listens(hosts: FeedServer) -> None:
    result = await get(f"http://127.0.0.7:{hosts.port}/feed")
    assert (result.error, result.code) == ("127.0.0.7 could not be reached.", 0)


@asynccontextmanager
async def saying(*parts: bytes, tls: ssl.SSLContext | None = None) -> AsyncIterator[int]:
    """Listen on loopback and say ``parts`` to whoever says anything; yields the port."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            await reader.read(1)
            for part in parts:
                writer.write(part)
                await writer.drain()
        writer.close()

    listener = await asyncio.start_server(answer, "127.0.0.1", 0, ssl=tls)
    async with listener:
        yield listener.sockets[0].getsockname()[1]


async def test_not_http_at_all() -> None:
    async with saying(b"220 ftp ready\r\n") as port:
        result = await get(f"http://127.0.0.1:{port}/feed")
    assert result.error == "127.0.0.1 broke off in the middle of its answer."


async def test_endless_headers_end() -> None:
    async with saying(b"HTTP/1.1 200 OK\r\n", *[b"X-Filler: " + b"x" * 1000 + b"\r\n"] * 1000) as port:
        result = await get(f"http://127.0.0.1:{port}/feed")
    assert result.status == "failed"


async def test_endless_news_of_progress_end() -> None:
    async with saying(*[b"HTTP/1.1 103 Early Hints\r\n\r\n" * 50] * 100) as port:
        result = await get(f"http://127.0.0.1:{port}/feed")
    assert result.status == "failed"


@pytest.mark.parametrize(
    "address", ["", "feed", "file:///etc/passwd", "ftp://x/feed", "http://", "http://[", "http://a b/", "|ls"]
)
async def test_an_address_that_is_none(address: str) -> None:
    result = await get(address)
    assert (result.status, result.url) == ("failed", address)
    assert "is not a web address" in result.error
    assert "feeds.yaml" in result.hint


@given(st.text(max_size=30))
def test_no_address_raises(text: str) -> None:
    async def nowhere(host: str, port: int) -> Sequence[str]:
        return ["127.0.0.7"]

    async def ask() -> FetchResult:
        return await get(f"http://{text}", Guard({}, nowhere), seconds=0.2)

    assert asyncio.run(ask()).status == "failed"


async def test_what_a_server_says_cannot_paint(server: FeedServer) -> None:
    result = await get("http://\x1b]2;P\x07.invalid/")
    assert "\x1b" not in result.error + result.hint


async def test_sentences_come_in_the_screen_language(server: FeedServer) -> None:
    set_language("zh")
    result = await get(server.url("/none"))
    assert result.error


async def test_cancelling_leaves_nothing_open(server: FeedServer) -> None:
    url = server.put("/drip", FEED, drip=0.05)
    async with client() as opened:
        task = asyncio.create_task(fetch(opened, url))
        while not server.requests:  # noqa: ASYNC110 - the server lives in another thread
            await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert (await fetch(opened, server.put("/feed", FEED))).status == "ok"


# --- proxies --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "environ", "proxy"),
    [
        ("http://a.com/", {}, None),
        ("http://a.com/", {"http_proxy": "http://p:1"}, "http://p:1"),
        ("https://a.com/", {"http_proxy": "http://p:1"}, None),
        ("https://a.com/", {"HTTPS_PROXY": "p:1"}, "http://p:1"),
        ("https://a.com/", {"all_proxy": "http://p:1"}, "http://p:1"),
        ("https://a.com/", {"https_proxy": "http://p:1", "all_proxy": "socks5://p:2"}, "http://p:1"),
        ("http://a.com/", {"http_proxy": "http://p:1", "no_proxy": "b.org, .a.com"}, None),
        ("http://x.a.com/", {"http_proxy": "http://p:1", "NO_PROXY": "a.com"}, None),
        ("http://xa.com/", {"http_proxy": "http://p:1", "no_proxy": "a.com"}, "http://p:1"),
        ("http://a.com/", {"http_proxy": "http://p:1", "no_proxy": "*"}, None),
        ("http://10.0.0.9/", {"http_proxy": "http://p:1", "no_proxy": "10.0.0.0/8"}, None),
        ("http://localhost:8080/", {"http_proxy": "http://p:1"}, None),
        ("http://127.0.0.1/", {"http_proxy": "http://p:1"}, None),
        ("http://[::1]/", {"http_proxy": "http://p:1"}, None),
    ],
)
def test_which_proxy(url: str, environ: dict[str, str], proxy: str | None) -> None:
    chosen = proxy_for(httpx2.URL(url), environ)
    assert (str(chosen.url) if chosen else None) == proxy


@pytest.mark.parametrize("value", ["socks5://127.0.0.1:1080", "ftp://p", "http://", "http://["])
def test_an_unusable_proxy_is_not_silently_left_out(value: str) -> None:
    with pytest.raises(UnusableProxyError):
        proxy_for(httpx2.URL("http://a.com/"), {"http_proxy": value})


async def test_a_feed_comes_through_the_proxy_of_the_environment(server: FeedServer) -> None:
    server.put("http://feeds.example/a", FEED)
    environ = {"http_proxy": server.url("").replace("http://", "http://me:pw@")}
    async with open_client(environ=environ) as opened:
        result = await fetch(opened, "http://feeds.example/a")
    assert result.body == FEED
    assert server.requests[0][1]["proxy-authorization"] == "Basic bWU6cHc="


async def test_behind_a_proxy_a_redirect_home_is_told_by_its_name(server: FeedServer) -> None:
    server.put("http://feeds.example/a", redirect="http://nas.local/secret")
    server.put("http://nas.local/secret", FEED)
    async with open_client(environ={"http_proxy": server.url("")}) as opened:
        result = await fetch(opened, "http://feeds.example/a")
    assert "private address" in result.error
    assert server.seen("http://nas.local/secret") == []


async def test_socks_gives_a_sentence() -> None:
    async with open_client(environ={"all_proxy": "socks5://127.0.0.1:1080"}) as opened:
        result = await fetch(opened, "http://feeds.example/a")
    assert "socks5://127.0.0.1:1080" in result.error
    assert "SOCKS" in result.hint


async def test_a_proxy_that_is_not_there_is_named(server: FeedServer) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
        async with open_client(environ={"http_proxy": f"http://127.0.0.1:{port}"}) as opened:
            result = await fetch(opened, "http://feeds.example/a")
    assert result.error == f"The proxy named in your environment did not work: 127.0.0.1:{port}."


async def test_a_proxy_that_refuses_is_named() -> None:
    async with saying(b"HTTP/1.1 502 Nobody There\r\n\r\n") as port:
        environ = {"https_proxy": f"http://127.0.0.1:{port}"}
        async with open_client(environ=environ) as opened:
            result = await fetch(opened, "https://feeds.example/a")
    assert result.error == "The proxy named in your environment did not work: 502 Nobody There."


async def test_a_secure_feed_is_secured_through_the_proxy(certificate: Path) -> None:
    """The tunnel leads to a server that is not who it should be: the certificate is what tells."""
    async with speaking_tls(certificate) as port:

        async def tunnel(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            asked.append(await reader.readuntil(b"\r\n\r\n"))
            writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", port)
            await asyncio.gather(pipe(reader, far_writer), pipe(far_reader, writer))

        asked: list[bytes] = []
        proxy = await asyncio.start_server(tunnel, "127.0.0.1", 0)
        environ = {"https_proxy": f"http://127.0.0.1:{proxy.sockets[0].getsockname()[1]}"}
        async with proxy, open_client(environ=environ) as opened:
            result = await fetch(opened, "https://feeds.example/a")
    assert asked[0].startswith(b"CONNECT feeds.example:443 ")
    assert result.error.startswith("No secure connection to feeds.example: self")


async def pipe(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError, asyncio.CancelledError):
        while data := await reader.read(4096):
            writer.write(data)
            await writer.drain()
    writer.close()


# --- imports -----------------------------------------------------------------------------------


def test_nothing_heavy_is_loaded_before_it_is_needed() -> None:
    names = (
        "fetch.download",
        "fetch.discover",
        "subscriptions.feedsfile",
        "subscriptions.edit",
        "subscriptions.opml",
    )
    modules = ", ".join(f"studytui.reading.{name}" for name in names)
    heavy = ("httpx2", "httpcore2", "yaml", "feedparser", "defusedxml", "charset_normalizer")
    program = f"import sys, {modules}; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


# --- TLS -------------------------------------------------------------------------------------------


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate for localhost that signed itself, and its key."""
    path = tmp_path / "localhost.pem"
    path.write_text(KEY + CERTIFICATE)
    return path


def speaking_tls(certificate: Path) -> asynccontextmanager[int]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    head = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(FEED)
    return saying(head + FEED, tls=context)


async def test_a_certificate_nobody_vouches_for(certificate: Path) -> None:
    async with speaking_tls(certificate) as port:
        result = await get(f"https://localhost:{port}/feed")
    assert result.error.startswith("No secure connection to localhost: self")
    assert "certificate" in result.hint


async def test_a_certificate_for_somebody_else(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    async with speaking_tls(certificate) as port:
        result = await get(f"https://127.0.0.1:{port}/feed")
    assert result.error.startswith("No secure connection to 127.0.0.1: IP address mismatch")


async def test_a_secure_connection(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    async with speaking_tls(certificate) as port:
        result = await get(f"https://localhost:{port}/feed")
    assert (result.status, result.body) == ("ok", FEED)


async def test_a_server_that_does_not_speak_tls() -> None:
    async with saying(b"HTTP/1.1 400 Bad Request\r\n\r\n") as port:
        result = await get(f"https://127.0.0.1:{port}/feed")
    assert result.error.startswith("No secure connection to 127.0.0.1: ")


# The key protects nothing: it exists to be published here.
KEY = """\
-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgQId68ikeihDqaW+3
r9UgJyx/CVIkMW97j0LMjpbgOo6hRANCAAQsEyF/KkuMfVKVueHEOn4P1Q4IS4p4
ZvWVA1ITiwld9BxG9lxSs1YXetQqy7+cTslKqPA9fuT3uceHsRBQ1yOU
-----END PRIVATE KEY-----
"""
CERTIFICATE = """\
-----BEGIN CERTIFICATE-----
MIIBaDCCAQ+gAwIBAgIBATAKBggqhkjOPQQDAjAYMRYwFAYDVQQDDA1zdHVkeXR1
aSB0ZXN0MCAXDTIwMDEwMTAwMDAwMFoYDzIxMjAwMTAxMDAwMDAwWjAYMRYwFAYD
VQQDDA1zdHVkeXR1aSB0ZXN0MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAELBMh
fypLjH1SlbnhxDp+D9UOCEuKeGb1lQNSE4sJXfQcRvZcUrNWF3rUKsu/nE7JSqjw
PX7k97nHh7EQUNcjlKNIMEYwFAYDVR0RBA0wC4IJbG9jYWxob3N0MA8GA1UdEwEB
/wQFMAMBAf8wHQYDVR0OBBYEFG/5R+Mebj8zBu2PErOw59fd9Hn2MAoGCCqGSM49
BAMCA0cAMEQCIHptMWDz0v02G11v1x7mC8IXHmB/pSWF3Uj31S7Ci3CFAiAW8J5Q
KqKDNpz9Wzu0Jl8cGTAxMKvzUoQgb6btEfMTKw==
-----END CERTIFICATE-----
"""
