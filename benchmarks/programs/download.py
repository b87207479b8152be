"""Download every address of a list at once with plain asyncio; parse with feedparser alone, or not at all.

python download.py ADDRESSES STATE [parse]: STATE keeps the ETags for the next time.  Prints the number of answers
with 200 and 304 and of entries.
"""

from __future__ import annotations

import asyncio
import io
import json
import sys
from pathlib import Path
from urllib.parse import urlsplit

AT_ONCE = 100


async def ask(url: str, tag: str, gate: asyncio.Semaphore) -> tuple[str, int, str, bytes]:
    """Return the address, the status, the ETag and the body."""
    parts = urlsplit(url)
    async with gate:
        reader, writer = await asyncio.open_connection(parts.hostname, parts.port, limit=1 << 20)
        condition = f"If-None-Match: {tag}\r\n" if tag else ""
        request = f"GET {parts.path} HTTP/1.1\r\nHost: {parts.netloc}\r\n{condition}Connection: close\r\n\r\n"
        writer.write(request.encode())
        status, *lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        fields = {
            name.lower(): value.strip() for name, _colon, value in (line.partition(":") for line in lines)
        }
        body = await reader.readexactly(int(fields.get("content-length", 0)))
        writer.close()
    return url, int(status.split(" ")[1]), fields.get("etag", ""), body


async def download(urls: list[str], tags: dict[str, str]) -> list[tuple[str, int, str, bytes]]:
    """Ask for all addresses."""
    gate = asyncio.Semaphore(AT_ONCE)
    return await asyncio.gather(*(ask(url, tags.get(url, ""), gate) for url in urls))


def parse(body: bytes) -> int:
    """Return the number of entries that feedparser finds, its two HTML passes off."""
    import feedparser

    return len(
        feedparser.parse(io.BytesIO(body), sanitize_html=False, resolve_relative_uris=False)["entries"]
    )


def main() -> None:
    """Do what the arguments say."""
    state = Path(sys.argv[2])
    tags = json.loads(state.read_text()) if state.exists() else {}
    answers = asyncio.run(download(Path(sys.argv[1]).read_text().split(), tags))
    state.write_text(json.dumps(tags | {url: tag for url, status, tag, _body in answers if status == 200}))
    bodies = [body for _url, status, _tag, body in answers if status == 200]
    entries = sum(map(parse, bodies)) if "parse" in sys.argv else 0
    print(f"{len(bodies)} {sum(status == 304 for _u, status, _t, _b in answers)} {entries}")


if __name__ == "__main__":
    main()
