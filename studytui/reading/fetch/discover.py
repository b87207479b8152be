"""Find the feeds of a site: in the page that came where a feed was expected, then where feeds usually are.

Pure functions: nothing is downloaded here.  Whoever downloads what a page of the open internet names passes
``public_only`` to `studytui.reading.fetch.download.fetch`, because a page may name any address.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from itertools import islice
from urllib.parse import urljoin, urlsplit

from studytui.reading.parse.decode import decode
from studytui.reading.subscriptions.entry import is_web_address
from studytui.text import clean_line

MAX_BYTES = 1_000_000
MAX_LINKS = 20
MAX_TAGS = 10_000
_TAG = re.compile(r"<(link|a|base)\s([^<>]{1,3000})>", re.IGNORECASE)
_PAIR = re.compile(r"([a-zA-Z-]{1,20})\s{0,9}=\s{0,9}(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))")
_HTML = re.compile(r"\s*(?:<\?xml[^>]{0,200}>\s*)?<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)
_FEED = re.compile(r"\s*(?:<\?xml|<rss|<feed|<rdf|\{)", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|\w{1,31});")
_TYPES = (
    "application/rss+xml",
    "application/atom+xml",
    "application/feed+json",
    "application/rdf+xml",
    "application/xml",
    "text/xml",
    "application/json",
)
_PATHS = ("feed", "feed/", "rss", "rss.xml", "feed.xml", "atom.xml", "index.xml", "rss/", "feed.json")
_LIKELY = re.compile(r"(?i)(?:/(?:feed|rss|atom)/?|[/.](?:rss|atom)|/(?:feed|rss|atom|index)\.(?:xml|json))$")
_COMMENTS = re.compile(r"(?i)comment|评论|回复")


@dataclass(frozen=True)
class FeedLink:
    """A feed that a page names: its address and what the page calls it ("" when it says nothing)."""

    url: str
    title: str = ""


def looks_like_html(body: bytes, content_type: str = "") -> bool:
    """Say whether an answer is a web page and not a feed; the bytes decide before the declared type."""
    start = _without_comments(body[:4096].decode("utf-8-sig", "replace"))
    if _HTML.match(start):
        return True
    return content_type in ("text/html", "application/xhtml+xml") and not _FEED.match(start)


def feed_links(body: bytes, url: str, charset: str = "") -> list[FeedLink]:
    """Return the feeds that the page ``body`` at ``url`` names, likeliest first, at most 20.

    What the head declares comes before links in the text, feeds of comments come last of their kind.
    """
    text = _without_comments(decode(body[:MAX_BYTES], charset))
    base = ""
    declared: list[FeedLink] = []
    linked: list[FeedLink] = []
    for tag, attributes in _tags(text):
        href = attributes.get("href", "").strip()
        if tag == "base":
            base = base or _join(url, href)  # only the first one counts
        elif address := _join(base or url, href):
            title = clean_line(attributes.get("title", ""), 100)
            if tag == "link" and _is_declaration(attributes):
                declared.append(FeedLink(address, title))
            elif tag == "a" and (
                _LIKELY.search(urlsplit(address).path) or attributes.get("type") in _TYPES[:3]
            ):
                linked.append(FeedLink(address, title))
    ordered = sorted(declared, key=_is_of_comments) + sorted(linked, key=_is_of_comments)
    first: dict[str, FeedLink] = {}
    for link in ordered:
        first.setdefault(link.url, link)
    first.pop(url, None)
    return list(first.values())[:MAX_LINKS]


def common_addresses(url: str) -> list[str]:
    """Return where a site usually has its feed: below the page's own folder, then at the site's root."""
    if not is_web_address(url):
        return []
    parts = urlsplit(url)
    root = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}/"
    folder = urljoin(root, parts.path if parts.path.endswith("/") else parts.path + "/")
    places = [folder] if folder == root else [folder, root]
    found = [urljoin(place, path) for place in places for path in _PATHS]
    return [address for address in dict.fromkeys(found) if address != url]


def _tags(text: str) -> Iterator[tuple[str, dict[str, str]]]:
    for match in islice(_TAG.finditer(text), MAX_TAGS):
        attributes: dict[str, str] = {}
        for name, *values in _PAIR.findall(match[2]):
            attributes.setdefault(name.lower(), _unescape("".join(values)))
        yield match[1].lower(), attributes


def _unescape(value: str) -> str:
    """Resolve finished entities only: "?a=1&copy=2" is no copyright sign in an attribute."""
    return _ENTITY.sub(lambda match: unescape(match[0]), value)


def _is_declaration(attributes: dict[str, str]) -> bool:
    rel = attributes.get("rel", "").lower().split()
    media = attributes.get("type", "").partition(";")[0].strip().lower()
    return "feed" in rel or ("alternate" in rel and media in _TYPES)


def _is_of_comments(link: FeedLink) -> bool:
    return _COMMENTS.search(link.title + " " + urlsplit(link.url).path) is not None


def _join(base: str, href: str) -> str:
    """Return the web address that ``href`` stands for, "" when it is none."""
    if href.lower().startswith("feed:"):
        href = href[5:] if href[5:].lower().startswith("http") else f"http:{href[5:]}"
    try:
        address = urljoin(base, href).partition("#")[0] if href else ""
    except ValueError:
        return ""
    return address if is_web_address(address) else ""


def _without_comments(text: str) -> str:
    """Drop what browsers do not see; an unfinished comment hides the rest."""
    pieces = []
    start = 0
    while (opening := text.find("<!--", start)) >= 0:
        pieces.append(text[start:opening])
        closing = text.find("-->", opening + 4)
        if closing < 0:
            return "".join(pieces)
        start = closing + 3
    return "".join(pieces) + text[start:]
