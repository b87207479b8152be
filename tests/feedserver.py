"""A loopback feed server for tests: well-behaved by default, as bad as a test asks for.

Only addresses of 127.0.0.0/8 are bound, every answer is bounded, and the server ends with its context (or
after `MAX_SECONDS`, if a test forgets).
"""

from __future__ import annotations

import asyncio
import contextlib
import gzip as gzip_module
import threading
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from types import TracebackType

MAX_SECONDS = 120.0
ENDLESS_LIMIT = 64 * 1024 * 1024
_CHUNK = 64 * 1024


@dataclass
class Page:
    """What the server says at one path; see `FeedServer.put`."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str | None] = field(default_factory=dict)
    delay: float = 0.0
    drip: float | None = None
    endless: bool = False


class FeedServer:
    """HTTP/1.1 over loopback with keep-alive, validators and every bad habit of real servers.

    ``hosts`` addresses 127.0.0.1, 127.0.0.2, ... share one port, so that limits per host can be tested.
    ``requests`` lists (path, headers with lower-case names) in order of arrival; ``most_in_flight`` is the
    most answers that were under way at once, by host and under "" for all of them together.
    """

    def __init__(self, hosts: int = 1) -> None:
        self.hosts = [f"127.0.0.{number + 1}" for number in range(hosts)]
        self.port = 0
        self.requests: list[tuple[str, dict[str, str]]] = []
        self.most_in_flight: Counter[str] = Counter()
        self._in_flight: Counter[str] = Counter()
        self._pages: dict[str, Page] = {}
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True, name="feedserver")

    def __enter__(self) -> FeedServer:
        self._thread.start()
        if not self._ready.wait(10):
            raise RuntimeError("the feed server did not start")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)

    def put(
        self,
        path: str,
        body: bytes = b"",
        *,
        content_type: str | None = "application/rss+xml",
        status: int | None = None,
        headers: Mapping[str, str | None] | None = None,
        delay: float = 0.0,
        etag: str | None = None,
        last_modified: str | None = None,
        gzip: bool = False,
        drip: float | None = None,
        endless: bool = False,
        redirect: str | None = None,
    ) -> str:
        """Serve ``body`` at ``path`` from now on and return its address.

        ``delay`` seconds pass before the head, ``drip`` seconds after each single byte; ``endless`` repeats
        the body without a length for as long as anybody reads (64 MiB); ``redirect`` is a Location (302
        unless ``status`` says otherwise); ``headers`` come last, None removes one, so that a length or an
        encoding can lie.
        """
        fields: dict[str, str | None] = {}
        if content_type:
            fields["Content-Type"] = content_type
        if etag:
            fields["ETag"] = etag
        if last_modified:
            fields["Last-Modified"] = last_modified
        if redirect is not None:
            fields["Location"] = redirect
        if gzip:
            body = gzip_module.compress(body, mtime=0)
            fields["Content-Encoding"] = "gzip"
        fields.update(headers or {})
        code = status if status is not None else (302 if redirect is not None else 200)
        self._pages[path] = Page(body, code, fields, delay, drip, endless)
        return self.url(path)

    def remove(self, path: str) -> None:
        """Answer 404 at ``path`` from now on."""
        self._pages.pop(path, None)

    def url(self, path: str, host: int = 0) -> str:
        """Return the address of ``path`` on the host of that number."""
        return f"http://{self.hosts[host]}:{self.port}{path}"

    def seen(self, path: str) -> list[dict[str, str]]:
        """Return the headers of every request for ``path`` so far."""
        return [headers for asked, headers in self.requests if asked == path]

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            self._loop.run_until_complete(self._serve())
        finally:
            self._loop.close()

    async def _serve(self) -> None:
        self._stop = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()
        servers = [await asyncio.start_server(self._connection, self.hosts[0], 0, backlog=512)]
        self.port = servers[0].sockets[0].getsockname()[1]
        servers += [
            await asyncio.start_server(self._connection, host, self.port, backlog=512)
            for host in self.hosts[1:]
        ]
        self._ready.set()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._stop.wait(), MAX_SECONDS)
        for server in servers:
            server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        host = writer.get_extra_info("sockname")[0]
        try:
            while await self._one(reader, writer, host):
                pass
        except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, asyncio.CancelledError):
            pass
        finally:
            writer.close()

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, host: str) -> bool:
        """Answer one request; say whether the connection lives on."""
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        path = head[0].split(" ")[1]
        asked = {}
        for line in head[1:]:
            name, colon, value = line.partition(":")
            if colon:
                asked[name.strip().lower()] = value.strip()
        self.requests.append((path, asked))
        for key in (host, ""):
            self._in_flight[key] += 1
            self.most_in_flight[key] = max(self.most_in_flight[key], self._in_flight[key])
        try:
            return await self._answer(self._pages.get(path), asked, writer)
        finally:
            for key in (host, ""):
                self._in_flight[key] -= 1

    async def _answer(
        self, page: Page | None, asked: Mapping[str, str], writer: asyncio.StreamWriter
    ) -> bool:
        if page is None:
            page = Page(b"nothing here", 404, {"Content-Type": "text/plain"})
        if page.delay:
            await asyncio.sleep(page.delay)
        if page.status == 200 and _unchanged(page, asked):
            page = Page(b"", 304, {k: v for k, v in page.headers.items() if k in ("ETag", "Last-Modified")})
        fields: dict[str, str | None] = {"Content-Length": str(len(page.body)), "Connection": "keep-alive"}
        if page.status == 304:
            fields["Content-Length"] = None
        if page.endless:
            fields.update({"Content-Length": None, "Connection": "close"})
        fields.update(page.headers)
        phrase = HTTPStatus(page.status).phrase if page.status in set(HTTPStatus) else "Odd"
        lines = [
            f"HTTP/1.1 {page.status} {phrase}",
            *(f"{k}: {v}" for k, v in fields.items() if v is not None),
        ]
        writer.write("\r\n".join([*lines, "", ""]).encode("utf-8"))
        await self._body(page, writer)
        await writer.drain()
        honest = page.status == 304 or fields.get("Content-Length") == str(len(page.body))
        return honest and fields["Connection"] == "keep-alive"

    async def _body(self, page: Page, writer: asyncio.StreamWriter) -> None:
        if page.status == 304:
            return
        if page.drip is not None:
            for number in range(len(page.body)):
                writer.write(page.body[number : number + 1])
                await writer.drain()
                await asyncio.sleep(page.drip)
        elif page.endless:
            block = page.body * max(1, _CHUNK // max(1, len(page.body)))
            for _ in range(ENDLESS_LIMIT // max(1, len(block))):
                writer.write(block)
                await writer.drain()
        else:
            writer.write(page.body)


def _unchanged(page: Page, asked: Mapping[str, str]) -> bool:
    """RFC 9110, 13.1: If-None-Match decides when it is there, else the exact Last-Modified."""
    if "if-none-match" in asked:
        etag = page.headers.get("ETag")
        return etag is not None and etag in [part.strip() for part in asked["if-none-match"].split(",")]
    modified = page.headers.get("Last-Modified")
    return modified is not None and asked.get("if-modified-since") == modified
