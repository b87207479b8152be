"""The feed server of the pull benchmark, a process of its own: python -m benchmarks.server FOLDER.

One loopback address a feed, so that no limit of requests a host is met; ETag, Last-Modified, 304, a delay before
each answer, slow feeds and broken ones.  The first line it prints is its port; ``/_day/1`` brings the next day.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import hashlib
import json
import re
import subprocess
import sys
import urllib.request
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

from benchmarks.harness import ROOT, WrongAnswerError

_DATES = ("Tue, 01 Sep 2026 08:00:00 GMT", "Wed, 02 Sep 2026 08:00:00 GMT")


class FeedServer:
    """A running server as the benchmarks see it."""

    def __init__(self, port: int, hosts: int) -> None:
        self.port = port
        self.hosts = hosts

    def urls(self, feeds: int) -> list[str]:
        """Return the addresses of the first ``feeds`` feeds."""
        return [f"http://{host(n % self.hosts)}:{self.port}/{n:04d}.xml" for n in range(feeds)]

    def tell(self, what: str) -> dict[str, int]:
        """Send a control request ("day/0", "day/1", "counts") and return the counts of answers since the last."""
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(f"http://127.0.0.1:{self.port}/_{what}", timeout=10) as answer:
            counts: dict[str, int] = json.load(answer)
        return counts


@contextlib.contextmanager
def serving(
    folder: Path, hosts: int, *, delay: float = 0.0, slow: int = 0, broken: int = 0
) -> Iterator[FeedServer]:
    """Run a server; ``delay`` in seconds, the first ``slow`` feeds wait `SLOW` seconds, the next ``broken`` fail."""
    command = [sys.executable, "-m", "benchmarks.server", str(folder), "--hosts", str(hosts)]
    command += ["--delay", str(delay), "--slow", str(slow), "--broken", str(broken)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    try:
        assert process.stdout is not None
        said = re.match(r"port (\d+), (\d+) addresses", process.stdout.readline())
        if said is None:
            raise WrongAnswerError("the feed server did not start")
        yield FeedServer(int(said[1]), int(said[2]))
    finally:
        process.kill()
        process.wait()


SLOW = 3.0
LIFETIME = 1800.0


def host(number: int) -> str:
    """Return the loopback address that serves feed ``number``."""
    return f"127.0.{number // 200}.{number % 200 + 1}"


class _Site(asyncio.Protocol):
    """One connection; requests have no bodies and answers come in order."""

    documents: ClassVar[dict[str, tuple[bytes, bytes | None]]]
    wanted: ClassVar[argparse.Namespace]
    day: ClassVar[int] = 0
    counts: ClassVar[Counter[str]] = Counter()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.pending = b""

    def data_received(self, data: bytes) -> None:
        self.pending += data
        while b"\r\n\r\n" in self.pending:
            head, self.pending = self.pending.split(b"\r\n\r\n", 1)
            request, *fields = head.decode("latin-1").split("\r\n")
            names = {
                name.lower(): value.strip() for name, _colon, value in (f.partition(":") for f in fields)
            }
            self._asked(request.split(" ")[1].lstrip("/"), names)

    def _asked(self, path: str, fields: dict[str, str]) -> None:
        if path.startswith("_"):
            self._control(path)
            return
        number = int(path[:4])
        delay = SLOW if number < self.wanted.slow else self.wanted.delay
        asyncio.get_running_loop().call_later(delay, self._answer, path, number, fields)

    def _control(self, path: str) -> None:
        if path.startswith("_day/"):
            _Site.day = int(path[5:])
        counts, _Site.counts = _Site.counts, Counter()
        self._send("200 OK", [], json.dumps(counts).encode())

    def _answer(self, path: str, number: int, fields: dict[str, str]) -> None:
        first, second = self.documents[path]
        changed = bool(self.day and second)
        body = second if changed and second else first
        tag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
        headers = [
            f"ETag: {tag}",
            f"Last-Modified: {_DATES[changed]}",
            "Content-Type: application/xml; charset=utf-8",
        ]
        asked = fields.get("if-none-match")
        same = tag in asked if asked is not None else fields.get("if-modified-since") == _DATES[changed]
        if self.wanted.slow <= number < self.wanted.slow + self.wanted.broken:
            self._send("500 Internal Server Error", [], b"broken on purpose")
        elif same:
            self._send("304 Not Modified", headers, None)
        else:
            self._send("200 OK", headers, body)

    def _send(self, status: str, headers: list[str], body: bytes | None) -> None:
        self.counts[status[:3]] += 1
        if self.transport.is_closing():
            return
        length = [] if body is None else [f"Content-Length: {len(body)}"]
        head = "\r\n".join([f"HTTP/1.1 {status}", *headers, *length, "", ""])
        self.transport.write(head.encode("latin-1") + (body or b""))


async def _serve(wanted: argparse.Namespace) -> None:
    following = wanted.folder / "next"
    _Site.wanted = wanted
    _Site.documents = {
        file.name: (
            file.read_bytes(),
            (following / file.name).read_bytes() if (following / file.name).exists() else None,
        )
        for file in sorted(wanted.folder.glob("*.xml"))
    }
    loop = asyncio.get_running_loop()
    servers = [await loop.create_server(_Site, host(0), 0, backlog=1024)]
    port = servers[0].sockets[0].getsockname()[1]
    for number in range(1, wanted.hosts):
        try:
            servers.append(await loop.create_server(_Site, host(number), port, backlog=256))
        except OSError:  # not every system has the whole loopback network
            break
    print(f"port {port}, {len(servers)} addresses", flush=True)
    await asyncio.sleep(LIFETIME)


def main() -> None:
    """Serve until the end of a lifetime; the benchmark that started it ends it earlier."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--hosts", type=int, default=1)
    parser.add_argument("--delay", type=float, default=0)
    parser.add_argument("--slow", type=int, default=0)
    parser.add_argument("--broken", type=int, default=0)
    asyncio.run(_serve(parser.parse_args()))


if __name__ == "__main__":
    main()
