"""What a parsed feed is: typed and frozen, whatever the feed was written in."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

MAX_ENTRIES = 500
_TRACKING = ("utm_", "spm=", "from=")


@dataclass(frozen=True)
class ParsedEntry:
    """One entry of a feed.

    ``url`` is the link as the feed gives it, ``link`` the same made absolute and safe to open ("" when it is
    not); ``published`` is in UTC, None when the feed gives no believable date; ``body`` is Markdown;
    ``identity`` tells the entry from the others of its feed.
    """

    identity: str
    title: str
    url: str
    link: str
    author: str
    published: datetime | None
    body: str


@dataclass(frozen=True)
class ParsedFeed:
    """A feed document: its title, the address of its site, and its entries in document order."""

    title: str
    site: str
    entries: tuple[ParsedEntry, ...]


@dataclass(frozen=True)
class RawEntry:
    """One entry as served, before any cleaning: text, HTML and dates just as the feed wrote them.

    ``base`` is the address that relative links in ``body`` start from, ``dates`` are (as written, as the
    parser of the format understood it) in the order of trust.
    """

    guid: str = ""
    title: str = ""
    title_is_html: bool = False
    url: str = ""
    author: str = ""
    dates: tuple[tuple[str, datetime | None], ...] = ()
    body: str = ""
    body_is_html: bool = True
    attachments: tuple[str, ...] = ()
    base: str = ""


@dataclass(frozen=True)
class RawFeed:
    """A feed as served: the one shape that every format is read into."""

    title: str
    site: str
    language: str
    entries: tuple[RawEntry, ...]


class NotAFeedError(Exception):
    """The document is none of the formats we read; ``html`` says that it is a web page."""

    def __init__(self, html: bool) -> None:
        super().__init__("html" if html else "unknown")
        self.html = html


@lru_cache(maxsize=2048)
def link_key(url: str) -> str:
    """Return what tells ``url`` from other links: without http(s), utm_*, spm and from."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    query = "&".join(pair for pair in parts.query.split("&") if not pair.lower().startswith(_TRACKING))
    scheme = "" if parts.scheme in ("", "http", "https") else f"{parts.scheme}:"
    tail = (query and f"?{query}") + (parts.fragment and f"#{parts.fragment}")
    return f"{scheme}{parts.netloc.lower()}{parts.path}{tail}"


def identities(entries: Sequence[tuple[str, str, str]]) -> list[str]:
    """Return one identity for each (guid, url, text) of a document.

    The guid unless it is missing or repeated, else the link without tracking under the same condition, else a
    hash of ``text`` (title, date and beginning).
    """
    guids = Counter(guid for guid, _url, _text in entries)
    links = Counter(link_key(url) for _guid, url, _text in entries)
    found = []
    for guid, url, text in entries:
        key = link_key(url)
        if guid and guids[guid] == 1:
            found.append(guid)
        elif key and links[key] == 1:
            found.append(key)
        else:
            found.append(hashlib.sha256(text.encode("utf-8", "replace")).hexdigest())
    return found


def to_json(feed: ParsedFeed) -> bytes:
    """Return ``feed`` as the JSON that crosses from the parse process."""
    rows = [{**vars(one), "published": one.published and one.published.timestamp()} for one in feed.entries]
    answer = {"title": feed.title, "site": feed.site, "entries": rows}
    return json.dumps(answer, ensure_ascii=False).encode("utf-8", "replace")


def from_json(answer: Mapping[str, Any]) -> ParsedFeed:
    """Return the feed that `to_json` wrote."""
    return ParsedFeed(answer["title"], answer["site"], tuple(_entry(row) for row in answer["entries"]))


def _entry(row: Mapping[str, Any]) -> ParsedEntry:
    moment = row["published"]
    return ParsedEntry(
        **{**row, "published": None if moment is None else datetime.fromtimestamp(moment, UTC)}
    )
