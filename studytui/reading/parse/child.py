"""The process that parses feeds: reads frames from stdin, answers on stdout, may be killed at any moment.

Started as ``python -m studytui.reading.parse.child`` by `FeedParser`.  A hostile feed can cost this process
its five seconds or its gigabyte, never the program.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import struct
from datetime import datetime
from typing import BinaryIO

MAX_MEMORY = 1024**3
MAX_REPLY = 64 * 1024 * 1024
READY = b'{"ready":true}'


def read_frame(stream: BinaryIO) -> bytes | None:
    """Return the next frame (4 bytes of length, big endian, then the content), None at the end."""
    head = stream.read(4)
    return stream.read(struct.unpack(">I", head)[0]) if len(head) == 4 else None


def write_frame(stream: BinaryIO, content: bytes) -> None:
    """Write one frame and flush it."""
    stream.write(struct.pack(">I", len(content)) + content)
    stream.flush()


def answer(request: bytes, body: bytes) -> bytes:
    """Parse ``body`` as ``request`` (JSON: charset, url, now) says; an error is an answer too."""
    from studytui.reading.parse.document import parse_document
    from studytui.reading.parse.entry import NotAFeedError, to_json

    try:
        asked = json.loads(request)
        now = datetime.fromisoformat(asked["now"])
        reply = to_json(parse_document(body, asked["charset"], asked["url"], now))
    except NotAFeedError as error:
        return json.dumps({"error": "html" if error.html else "unknown"}).encode()
    except Exception as error:  # whatever the web makes a parser raise belongs to this one feed
        return json.dumps({"error": "broken", "detail": f"{type(error).__name__}: {error}"[:200]}).encode()
    return (
        reply if len(reply) <= MAX_REPLY else json.dumps({"error": "broken", "detail": "too large"}).encode()
    )


def main() -> None:
    """Serve until stdin ends; Ctrl+C is the parent's business."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _limit_memory()
    requests, replies = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    # What a library prints must neither mix with the frames nor fill a pipe that nobody reads.
    silence = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(silence, descriptor)
    _warm_up()
    with contextlib.suppress(BrokenPipeError):
        write_frame(replies, READY)
        while (request := read_frame(requests)) is not None and (body := read_frame(requests)) is not None:
            write_frame(replies, answer(request, body))


def _limit_memory() -> None:
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    except (ImportError, ValueError, OSError):  # Windows has none, macOS refuses this one
        pass


def _warm_up() -> None:
    """Import what most feeds need before saying "ready", so that the first one's five seconds are its own."""
    from studytui.reading.parse import document  # noqa: F401
    from studytui.text import html_to_markdown

    html_to_markdown("<p>ready</p>")


if __name__ == "__main__":
    main()
