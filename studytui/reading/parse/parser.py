"""Parse feeds in child processes that can be killed; one hostile feed never stops the others."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import struct
import sys
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

from studytui.reading.parse.child import MAX_REPLY, READY
from studytui.reading.parse.entry import ParsedFeed, from_json

CHILDREN = min(2, os.cpu_count() or 1)
SECONDS = 5.0
_START_SECONDS = 60.0
_LARGE = 500_000  # characters of reply above which reading it would be felt on the event loop

_PACKAGE_ROOT = str(Path(__file__).resolve().parents[3])

Reason = Literal["html", "unknown", "broken", "slow"]


class ParseError(Exception):
    """Why a document gave no feed: a web page, no known format, a parser error or crash, or too slow."""

    def __init__(self, reason: Reason, detail: str = "") -> None:
        super().__init__(f"{reason} {detail}".strip())
        self.reason = reason
        self.detail = detail


class FeedParser:
    """Parses feeds side by side in up to ``children`` processes, started when first needed.

    Use it as an async context manager for the length of a pull.  A child that takes longer than ``seconds``
    for a feed, or dies on it, is replaced; only that feed fails.
    """

    def __init__(self, children: int = CHILDREN, seconds: float = SECONDS) -> None:
        self._places = asyncio.Semaphore(children)
        self._seconds = seconds
        self._idle: list[_Child] = []

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        children, self._idle = self._idle, []
        for child in children:
            await child.kill()

    async def parse(self, body: bytes, charset: str, url: str, now: datetime) -> ParsedFeed:
        """Parse ``body``, served for ``url`` with the HTTP ``charset``, at ``now``.  Raises ParseError."""
        request = json.dumps({"charset": charset, "url": url, "now": now.isoformat()}).encode()
        async with self._places:
            reply = await self._ask(request, body)
        if len(reply) > _LARGE:
            return await asyncio.to_thread(_feed, reply)
        return _feed(reply)

    async def _ask(self, request: bytes, body: bytes) -> bytes:
        child = None
        try:
            child = self._idle.pop() if self._idle else await _Child.start()
            async with asyncio.timeout(self._seconds):
                reply = await child.ask(request, body)
        except BaseException as error:
            # Cancelled or late, the child would hand its answer to the next feed: it has to go.
            if child is not None:
                await child.kill()
            if isinstance(error, TimeoutError):
                raise ParseError("slow") from error
            if isinstance(error, EOFError | OSError):
                raise ParseError("broken", str(error)) from error
            raise
        self._idle.append(child)
        return reply


class _Child:
    """One running parse process and its pipes."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    @classmethod
    async def start(cls) -> _Child:
        """Start a process and wait until its imports are done."""
        paths = [_PACKAGE_ROOT, *filter(None, [os.environ.get("PYTHONPATH")])]
        # All three pipes: a screen owns the real ones.  -P: the current folder is no place to import from.
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-P", "-m", "studytui.reading.parse.child",
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
        )  # fmt: skip
        child = cls(process)
        try:
            async with asyncio.timeout(_START_SECONDS):
                if await child._read() != READY:
                    raise EOFError("the parser did not start")
        except BaseException:
            await child.kill()
            raise
        return child

    async def ask(self, *frames: bytes) -> bytes:
        """Send one request and return its reply."""
        stdin = self._process.stdin
        assert stdin is not None
        for frame in frames:
            stdin.write(struct.pack(">I", len(frame)))
            stdin.write(frame)
        await stdin.drain()
        return await self._read()

    async def kill(self) -> None:
        """End the process at once and reap it, even while this task is being cancelled."""
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()
        await asyncio.shield(self._reap())

    async def _reap(self) -> None:
        if self._process.stdin is not None:
            self._process.stdin.close()
        await self._process.communicate()

    async def _read(self) -> bytes:
        stdout = self._process.stdout
        assert stdout is not None
        size = struct.unpack(">I", await stdout.readexactly(4))[0]
        if size > MAX_REPLY:
            raise EOFError("the parser answered nonsense")
        return await stdout.readexactly(size)


def _feed(reply: bytes) -> ParsedFeed:
    answer = json.loads(reply)
    if "error" in answer:
        raise ParseError(answer["error"], answer.get("detail", ""))
    return from_json(answer)
