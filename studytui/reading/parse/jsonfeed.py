"""JSON Feed 1.0 and 1.1 (https://www.jsonfeed.org/version/1.1/), forgiving about types."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from studytui.reading.parse.entry import MAX_ENTRIES, NotAFeedError, RawEntry, RawFeed


def read_json_feed(text: str) -> RawFeed:
    """Read a JSON Feed; raises NotAFeedError when ``text`` is no JSON or JSON of another kind."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise NotAFeedError(html=False) from error
    if not isinstance(document, Mapping) or not isinstance(document.get("items"), list):
        raise NotAFeedError(html=False)
    author = _author(document)
    items = [item for item in document["items"] if isinstance(item, Mapping)][:MAX_ENTRIES]
    return RawFeed(
        title=_text(document, "title"),
        site=_text(document, "home_page_url"),
        language=_text(document, "language"),
        entries=tuple(_entry(item, author) for item in items),
    )


def _entry(item: Mapping[str, Any], author: str) -> RawEntry:
    html = _text(item, "content_html")
    attachments = item.get("attachments")
    return RawEntry(
        guid=_text(item, "id"),
        title=_text(item, "title"),
        url=_text(item, "url") or _text(item, "external_url"),
        author=_author(item) or author,
        dates=tuple(
            (_text(item, key), None) for key in ("date_published", "date_modified") if _text(item, key)
        ),
        body=html or _text(item, "content_text") or _text(item, "summary"),
        body_is_html=bool(html),
        attachments=tuple(
            _text(one, "url")
            for one in (attachments if isinstance(attachments, list) else [])[:5]
            if isinstance(one, Mapping)
        ),
    )


def _author(holder: Mapping[str, Any]) -> str:
    authors = holder.get("authors")
    people = authors if isinstance(authors, list) else [holder.get("author")]
    return ", ".join(name for one in people if isinstance(one, Mapping) and (name := _text(one, "name")))


def _text(holder: Mapping[str, Any], key: str) -> str:
    value = holder.get(key)
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return str(value)
