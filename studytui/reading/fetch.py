"""Download feeds behind a guard: bounded in time, bytes, redirects and reach; errors are values."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from studytui.workspace import Clock, SystemClock

Status = Literal["ok", "unchanged", "failed"]


@dataclass(frozen=True)
class FetchResult:
    """What came of asking for one feed; never an exception.

    ``code`` is the last HTTP status (0: no answer), ``body`` the unpacked bytes (only when "ok"), ``etag`` and
    ``last_modified`` are what to send next time, ``moved_to`` is where permanent redirects led ("" when they did
    not; believe it only after the body parsed as a feed), ``retry_after`` is how long the server wants to be
    left alone (at most a day), ``error`` and ``hint`` are sentences in the screen language.
    """

    url: str
    status: Status
    code: int = 0
    body: bytes = b""
    content_type: str = ""
    charset: str = ""
    etag: str = ""
    last_modified: str = ""
    final_url: str = ""
    moved_to: str = ""
    retry_after: timedelta | None = None
    error: str = ""
    hint: str = ""


@dataclass(frozen=True)
class Limits:
    """What one download and all of them together may take."""

    seconds: float = 10.0
    redirects: int = 5
    packed_bytes: int = 8 * 1024 * 1024
    unpacked_bytes: int = 12 * 1024 * 1024
    at_once: int = 16
    per_host: int = 2


class FeedClient:
    """The connections of one pull; made by `open_client`, used by `fetch`."""


@asynccontextmanager
async def open_client(
    limits: Limits | None = None, *, clock: Clock | None = None, environ: Mapping[str, str] = os.environ
) -> AsyncIterator[FeedClient]:
    """Open a client for one pull and close its connections at the end."""
    clock = clock or SystemClock()
    yield FeedClient()


async def fetch(client: FeedClient, url: str, *, etag: str = "", last_modified: str = "") -> FetchResult:
    """Download ``url`` within the client's limits; waits by itself for a free place (at_once, per_host).

    ``etag`` and ``last_modified`` are the values of the last result; with them "unchanged" is possible.
    Only cancellation is raised.
    """
    raise NotImplementedError
