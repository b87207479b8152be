"""One feed document to typed entries; everything here runs in the parse child, on hostile input."""

from __future__ import annotations

import calendar
import html as entities
import io
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urljoin, urlsplit

from studytui.reading.parse.dates import parse_date, plausible
from studytui.reading.parse.decode import decode, xml_bytes
from studytui.reading.parse.entry import (
    MAX_ENTRIES,
    NotAFeedError,
    ParsedEntry,
    ParsedFeed,
    RawEntry,
    RawFeed,
    identities,
)
from studytui.reading.parse.jsonfeed import read_json_feed
from studytui.reading.parse.plain import read_plain
from studytui.text import clean_line, html_to_markdown, safe_url

MAX_BODY_BYTES = 200_000
_MAX_URL = 4000
_HTML_PAGE = re.compile(r"\s*(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.I | re.S)
_FEED_ROOT = re.compile(r"<(?:\w+:)?(?:rss|feed|rdf|channel)\b", re.I)
_SCHEME = re.compile(r"(?i)[a-z][a-z0-9+.-]*:")
_RELATIVE_VALUE = re.compile(r"""\s*=\s*["']?(?![a-z][a-z0-9+.-]*:|["'#>\s])""")
_RELATIVE = re.compile(
    r"""(?i)(<(?:a|img)\b[^<>]{0,500}?\b(?:href|src)\s*=\s*["']?)(?![a-z][a-z0-9+.-]*:|["'#>\s])([^"'\s<>]+)"""
)
_HAN = re.compile("[\u4e00-\u9fff]")
_KANA = re.compile("[\u3040-\u30ff]")


def parse_document(body: bytes, charset: str, url: str, now: datetime) -> ParsedFeed:
    """Parse the feed in ``body``, fetched from ``url``: at most 500 entries of 200 KB.

    Raises NotAFeedError.
    """
    text = decode(body, charset)
    start = text.lstrip("\ufeff \t\r\n")[:4000]
    if start.startswith("{"):
        raw = read_json_feed(text.lstrip("\ufeff"))
    elif _HTML_PAGE.match(start) and not _FEED_ROOT.search(start):
        raise NotAFeedError(html=True)
    else:
        document = xml_bytes(text)
        raw = read_plain(document) or read_loose(document, looks_like_page="<html" in start.lower())
    return _typed(raw, url, now)


def read_loose(document: bytes, looks_like_page: bool = False) -> RawFeed:
    """Read RSS, RDF or Atom of any make; the one place where feedparser's loose dictionary becomes typed.

    Its HTML passes are off because they cost two thirds of the time and `html_to_markdown` cleans anyway.
    """
    import feedparser

    loose = feedparser.parse(io.BytesIO(document), sanitize_html=False, resolve_relative_uris=False)
    if not loose["entries"] and not loose.get("version"):
        raise NotAFeedError(html=looks_like_page)
    feed, atom = loose["feed"], str(loose.get("version") or "").startswith("atom")
    language = _string(feed, "language") or _string(feed.get("title_detail") or {}, "language")
    return RawFeed(
        title=_string(feed, "title"),
        site=_string(feed, "link"),
        language=language,
        entries=tuple(_raw_entry(entry, atom) for entry in loose["entries"][:MAX_ENTRIES]),
    )


def _raw_entry(entry: Any, atom: bool) -> RawEntry:
    title_type = _string(dict.get(entry, "title_detail") or {}, "type")
    contents = [one for one in dict.get(entry, "content") or [] if _string(one, "value").strip()]
    content = contents[0] if contents else (dict.get(entry, "summary_detail") or {})
    links = dict.get(entry, "links") or []
    guid, url = _string(entry, "id"), _string(entry, "link")
    if url == guid and not url.startswith(("http://", "https://", "/")):
        url = ""  # RSS takes a guid for a link unless told otherwise, and feedparser believes it
    enclosed = tuple(_string(one, "href") for one in links if one.get("rel") == "enclosure")
    return RawEntry(
        guid=guid,
        title=_string(entry, "title"),
        title_is_html=not atom or title_type != "text/plain",
        url=url or next(iter(enclosed), ""),
        author=_string(entry, "author"),
        dates=tuple(_dates(entry)),
        body=_string(content, "value") or _string(entry, "summary"),
        body_is_html=_string(content, "type") != "text/plain" or not atom,
        attachments=enclosed[:5],
        base=_string(content, "base"),
    )


def _dates(entry: Any) -> Iterator[tuple[str, datetime | None]]:
    for key in ("published", "updated", "created"):
        if written := _string(entry, key):
            yield written, _struct(dict.get(entry, f"{key}_parsed"))


def _struct(moment: Any) -> datetime | None:
    try:
        return datetime.fromtimestamp(calendar.timegm(moment), UTC) if moment else None
    except (ValueError, TypeError, OverflowError):
        return None


def _string(holder: Any, key: str) -> str:
    value = dict.get(holder, key)
    return value if isinstance(value, str) else ""


def _typed(raw: RawFeed, url: str, now: datetime) -> ParsedFeed:
    chinese = _is_chinese(raw)
    site = safe_url(urljoin(url, clean_line(raw.site, _MAX_URL))) if raw.site else ""
    entries = [_entry(one, site or url, chinese, now) for one in raw.entries]
    keys = identities(
        [
            (one.guid.strip(), entry.url, f"{entry.title}\n{entry.published}\n{entry.body[:200]}")
            for one, entry in zip(raw.entries, entries, strict=True)
        ]
    )
    named: dict[str, ParsedEntry] = {}
    for key, entry in zip(keys, entries, strict=True):
        if entry.title or entry.url or entry.body:
            named.setdefault(key, replace(entry, identity=key))
    return ParsedFeed(title=_line(raw.title, is_html=True), site=site, entries=tuple(named.values()))


def _entry(raw: RawEntry, site: str, chinese: bool, now: datetime) -> ParsedEntry:
    base = raw.base if raw.base.startswith(("http://", "https://")) else site
    served = clean_line(raw.url, _MAX_URL)
    link = safe_url(_join(base, served)) if served else ""
    return ParsedEntry(
        identity="",
        title=_line(raw.title, raw.title_is_html),
        url=served if link or not _SCHEME.match(served) else "",
        link=link,
        author=clean_line(entities.unescape(raw.author), 200),
        published=_published(raw, chinese, now),
        body=_body(raw, base),
    )


def _line(text: str, is_html: bool) -> str:
    return clean_line(entities.unescape(text[:20_000]) if is_html else text)


def _published(raw: RawEntry, chinese: bool, now: datetime) -> datetime | None:
    for written, understood in raw.dates:
        # What only the format's own parser understands counts when it has words: bare numbers it misreads.
        fallback = understood if any(piece.isalpha() and not _HAN.match(piece) for piece in written) else None
        if moment := plausible(parse_date(written, chinese) or fallback, now):
            return moment
    return None


def _body(raw: RawEntry, base: str) -> str:
    html = raw.body
    if not raw.body_is_html:
        html = "<p>" + entities.escape(html).replace("\n", "<br>\n") + "</p>" if html.strip() else ""
    markdown = html_to_markdown(_absolute(html, base))
    listed = [
        f"[{_file_name(link)}]({link})" for one in raw.attachments if (link := safe_url(_join(base, one)))
    ]
    markdown = "\n\n".join(part for part in (markdown.rstrip("\n"), *listed) if part)
    return markdown.encode()[:MAX_BODY_BYTES].decode(errors="ignore")


def _absolute(html: str, base: str) -> str:
    """Make relative links in ``html`` absolute, so that they still lead somewhere outside the site."""
    if not base or not _has_relative(html.lower()):
        return html
    return _RELATIVE.sub(lambda found: found[1] + _join(base, found[2]), html)


def _has_relative(html: str) -> bool:
    """Ask cheaply first: most bodies hold no relative link at all."""
    for name in ("href", "src"):
        at = html.find(name)
        while at >= 0:
            if _RELATIVE_VALUE.match(html, at + len(name)):
                return True
            at = html.find(name, at + 1)
    return False


def _join(base: str, url: str) -> str:
    try:
        return urljoin(base, url)
    except ValueError:
        return url


def _file_name(url: str) -> str:
    name = urlsplit(url).path.rpartition("/")[2] or urlsplit(url).netloc
    return re.sub(r"[\[\]\\`*_<>]", "", clean_line(name, 80)) or "file"


def _is_chinese(raw: RawFeed) -> bool:
    """Say whether dates without a zone are China's: by language tag or by the script of the titles."""
    if raw.language.lower().startswith("zh"):
        return True
    sample = "".join([raw.title, *(entry.title for entry in raw.entries[:30])])[:4000]
    return len(_HAN.findall(sample)) * 5 >= len(sample) > 0 and not _KANA.search(sample)
