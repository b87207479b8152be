"""Download feeds behind a guard: bounded in time, bytes, redirects and reach; errors are values.

One download waits for its turn (``Limits.at_once``, ``per_host``), opens one connection a hop, follows
redirects itself and unpacks gzip itself.  A feed that the learner put on a private address works; a redirect
from a public address to a private one does not.  The proxy variables of the environment are respected; behind
a proxy, which resolves names by itself, only what the name gives away can be refused.
"""

from __future__ import annotations

import asyncio
import os
from collections import defaultdict
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Literal

from studytui import __version__
from studytui.i18n import _
from studytui.reading.fetch.body import BodyReader, UnfitError
from studytui.reading.fetch.headers import (
    basic_authorization,
    keepable,
    parse_retry_after,
    split_content_type,
)
from studytui.reading.fetch.trouble import explain, explain_status
from studytui.text import clean_line
from studytui.workspace import Clock, SystemClock

if TYPE_CHECKING:
    import httpx2

    from studytui.reading.fetch.guard import Guard

Status = Literal["ok", "unchanged", "failed"]

USER_AGENT = f"studytui/{__version__} (+feed reader)"
ACCEPT = "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, */*;q=0.8"
_REDIRECTS = (301, 302, 303, 307, 308)
_PERMANENT = (301, 308)


@dataclass(frozen=True)
class FetchResult:
    """What came of asking for one feed; never an exception.

    ``code`` is the last HTTP status (0: no answer), ``body`` the unpacked bytes (only when "ok"), ``etag``
    and ``last_modified`` are what to send next time, ``moved_to`` is where permanent redirects led ("" when
    they did not; believe it only after the body parsed as a feed), ``private`` says that the learner's own
    network answered, ``retry_after`` is how long the server wants to be left alone (at most a day), ``error``
    and ``hint`` are sentences in the screen language.
    """

    url: str
    status: Status
    code: int = 0
    body: bytes = field(default=b"", repr=False)
    content_type: str = ""
    charset: str = ""
    etag: str = ""
    last_modified: str = ""
    final_url: str = ""
    moved_to: str = ""
    private: bool = False
    retry_after: timedelta | None = None
    error: str = ""
    hint: str = ""


@dataclass(frozen=True)
class Limits:
    """What one download, and all of them together, may take."""

    seconds: float = 10.0
    redirects: int = 5
    packed_bytes: int = 8 * 1024 * 1024
    unpacked_bytes: int = 12 * 1024 * 1024
    at_once: int = 100
    per_host: int = 2


class FeedClient:
    """The places and connections of one pull; made by `open_client`, used by `fetch`."""

    def __init__(self, guard: Guard, limits: Limits, clock: Clock) -> None:
        self.guard = guard
        self.limits = limits
        self.clock = clock
        self.bodies = BodyReader(limits.packed_bytes, limits.unpacked_bytes)
        self._places = asyncio.Semaphore(limits.at_once)
        self._hosts: dict[str, asyncio.Semaphore] = defaultdict(lambda: asyncio.Semaphore(limits.per_host))

    @asynccontextmanager
    async def place(self, host: str) -> AsyncIterator[None]:
        """Wait for a place at ``host`` first, so that a queue there holds up no other host."""
        async with self._hosts[host], self._places:
            yield


class _Failure(Exception):  # noqa: N818 - it ends up as a value, not as an error
    """Why a download ended without a feed, as sentences."""

    def __init__(self, error: str, hint: str, code: int = 0, retry_after: timedelta | None = None) -> None:
        super().__init__(error)
        self.error = error
        self.hint = hint
        self.code = code
        self.retry_after = retry_after


@dataclass(frozen=True)
class _Answer:
    code: int
    headers: httpx2.Headers
    body: bytes
    private: bool


@asynccontextmanager
async def open_client(
    limits: Limits | None = None,
    *,
    clock: Clock | None = None,
    guard: Guard | None = None,
    environ: Mapping[str, str] = os.environ,
) -> AsyncIterator[FeedClient]:
    """Open a client for one pull; ``environ`` holds the proxy variables, ``guard`` is injected by tests."""
    from studytui.reading.fetch.guard import Guard

    yield FeedClient(guard or Guard(environ), limits or Limits(), clock or SystemClock())


async def fetch(
    client: FeedClient, url: str, *, etag: str = "", last_modified: str = "", public_only: bool = False
) -> FetchResult:
    """Download ``url`` within the client's limits; waits by itself for a free place.

    ``etag`` and ``last_modified`` are the values of the last result; only with one of them is "unchanged"
    possible.  ``public_only`` is for addresses that a page named and not the learner: private ones are refused
    from the start.  Nothing but cancellation is raised.
    """
    etag, last_modified = keepable(etag), keepable(last_modified)
    validators = {"If-None-Match": etag, "If-Modified-Since": last_modified}
    try:
        asked = {name: value for name, value in validators.items() if value}
        return await _follow(client, url, asked, public_only)
    except _Failure as failure:
        return FetchResult(
            url,
            "failed",
            code=failure.code,
            retry_after=failure.retry_after,
            error=failure.error,
            hint=failure.hint,
        )


async def _follow(
    client: FeedClient, address: str, validators: Mapping[str, str], public_only: bool
) -> FetchResult:
    """Ask, and follow redirects by hand; the seconds count only while we have a place."""
    url = _parse(address)
    loop = asyncio.get_running_loop()
    seconds = client.limits.seconds
    moved_to = ""
    permanent = True
    for _hop in range(client.limits.redirects + 1):
        async with client.place(url.host):
            started = loop.time()
            answer = await _ask(client, url, validators, public_only, seconds)
            seconds -= loop.time() - started
        if answer.code not in _REDIRECTS:
            return _result(client, address, url, answer, validators, moved_to)
        url = _target(url, answer)
        permanent = permanent and answer.code in _PERMANENT
        moved_to = str(url) if permanent else moved_to
        public_only = public_only or not answer.private
    raise _Failure(
        _("{host} redirects in circles.").format(host=clean_line(url.host)),
        _("Open the site in a browser and look for the feed's address."),
        answer.code,
    )


def _parse(address: str) -> httpx2.URL:
    import httpx2

    try:
        url = httpx2.URL(address.strip())
    except (httpx2.InvalidURL, ValueError):
        url = httpx2.URL("")
    if not _leads_to_the_web(url):
        raise _Failure(
            _("“{address}” is not a web address.").format(address=clean_line(address, 200)),
            _("A feed's address in feeds.yaml starts with http:// or https://."),
        )
    return url


def _leads_to_the_web(url: httpx2.URL) -> bool:
    """Characters that no host name has come out of httpx2 percent-encoded."""
    return url.scheme in ("http", "https") and bool(url.host) and "%" not in url.host


def _target(url: httpx2.URL, answer: _Answer) -> httpx2.URL:
    """Return where a redirect leads; only http and https lead anywhere."""
    import httpx2

    location = answer.headers.get("location", "")
    try:
        target = url.join(location)
    except (httpx2.InvalidURL, ValueError):
        target = httpx2.URL("")
    if not location or not _leads_to_the_web(target):
        raise _Failure(
            _("{host} redirects to something that is not a web address.").format(host=clean_line(url.host)),
            _("It was not followed. Open the site in a browser and look for the feed's address."),
            answer.code,
        )
    return target


async def _ask(
    client: FeedClient, url: httpx2.URL, validators: Mapping[str, str], public_only: bool, seconds: float
) -> _Answer:
    """Make one request and read its answer within ``seconds``; what goes wrong becomes sentences."""
    import httpcore2

    try:
        async with asyncio.timeout(seconds):
            return await _exchange(client, url, validators, public_only)
    except (
        UnfitError,
        OSError,
        httpcore2.NetworkError,
        httpcore2.ProtocolError,
        httpcore2.ProxyError,
        httpcore2.TimeoutException,
    ) as error:
        raise _Failure(*explain(error, url.host, client.limits.seconds)) from error


async def _exchange(
    client: FeedClient, url: httpx2.URL, validators: Mapping[str, str], public_only: bool
) -> _Answer:
    import httpx2

    headers = {
        "Host": url.netloc.decode("ascii"),
        "User-Agent": USER_AGENT,
        "Accept": ACCEPT,
        "Accept-Encoding": "gzip",
        "Connection": "close",
        **validators,
    }
    if url.userinfo:
        headers["Authorization"] = basic_authorization(url.username, url.password)
    async with client.guard.get(url, headers, public_only) as (response, private):
        fields = httpx2.Headers(response.headers)
        body = b""
        if 200 <= response.status < 300:
            length, encoding = fields.get("content-length", ""), fields.get("content-encoding", "")
            body = await client.bodies.read(response.aiter_stream(), length, encoding)
        return _Answer(response.status, fields, body, private)


def _result(
    client: FeedClient,
    address: str,
    url: httpx2.URL,
    answer: _Answer,
    asked: Mapping[str, str],
    moved_to: str,
) -> FetchResult:
    """Turn the last answer into a result; only a 304 that was asked for means "unchanged"."""
    headers = answer.headers
    if answer.code == 304 and asked:
        return FetchResult(
            address,
            "unchanged",
            code=304,
            etag=asked.get("If-None-Match", ""),
            last_modified=asked.get("If-Modified-Since", ""),
            final_url=str(url),
            moved_to=moved_to,
            private=answer.private,
        )
    if not 200 <= answer.code < 300 or not answer.body.strip():
        wait = parse_retry_after(headers.get("retry-after", ""), client.clock.now())
        raise _Failure(*explain_status(answer.code, url.host), answer.code, wait)
    media, charset = split_content_type(headers.get("content-type", ""))
    return FetchResult(
        address,
        "ok",
        code=answer.code,
        body=answer.body,
        content_type=media,
        charset=charset,
        etag=keepable(headers.get("etag", "")),
        last_modified=keepable(headers.get("last-modified", "")),
        final_url=str(url),
        moved_to=moved_to,
        private=answer.private,
    )
