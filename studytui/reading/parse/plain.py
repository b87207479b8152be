"""The short way: RSS 2.0 and Atom 1.0 as nearly every site writes them, read by expat alone.

feedparser takes thirty times as long for the same, and stays the judge of everything else: whatever is broken,
nested, doubled, relative, or of a meaning that is not listed here goes its way.  What this module does return is
what feedparser would have said, to the letter; `tests/test_plain_feeds.py` holds both against each other.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Mapping
from typing import Final, NamedTuple
from urllib.parse import urljoin
from xml.parsers import expat

from studytui.reading.parse.dates import parse_date
from studytui.reading.parse.entry import MAX_ENTRIES, RawEntry, RawFeed

_ATOM, _DC = "http://www.w3.org/2005/atom ", "http://purl.org/dc/elements/1.1/ "
_ENCODED = "http://purl.org/rss/1.0/modules/content/ encoded"
_LANG, _BASE = "http://www.w3.org/xml/1998/namespace lang", "http://www.w3.org/xml/1998/namespace base"
# Modules without a word on what we show.
_BESIDE = (
    "http://purl.org/rss/1.0/modules/syndication/ ",
    "http://purl.org/rss/1.0/modules/slash/ ",
    "http://wellformedweb.org/commentapi/ ",
    "http://purl.org/syndication/thread/1.0 ",
    "http://a9.com/-/spec/opensearch/1.1/ ",
    "http://rssnamespace.org/feedburner/ext/1.0 ",
)
_OTHER_FORMATS = ("http://purl.org/rss/1.0/", "http://my.netscape.com/rdf/simple/0.9/")
_MEDIA = "http://search.yahoo.com/mrss/ "
_TYPES: Final = {
    "text": "text/plain",
    "text/plain": "text/plain",
    "html": "text/html",
    "text/html": "text/html",
}
_PAGES = ("html", "text/html", "xhtml", "application/xhtml+xml")
_DAY, _CLOCK = r"(?:0?[1-9]|1\d|2[0-8])", r"(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d"
_MONTH = "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
# Dates that need no second look: our own reading of dates knows them.
_USUAL_DATE = re.compile(
    rf"(?a:[A-Z][a-z]{{2}}, {_DAY} {_MONTH} [12]\d{{3}} {_CLOCK} (?:[+-]\d{{4}}|GMT)|"
    rf"[12]\d{{3}}-(?:0[1-9]|1[0-2])-{_DAY}T{_CLOCK}(?:Z|[+-]\d\d:\d\d))"
)
_C1 = re.compile("[\x80-\x9f]")
_HAS_WORDS = re.compile(r"[^\W\d_\u4e00-\u9fff]")


class _NotPlainError(Exception):
    """The document says something that only feedparser knows how to take."""


class _Rule(NamedTuple):
    """What to do with an element: ``keep`` its text under a name, ``enter`` it, ``skip`` it, or take its address."""

    act: str
    name: str = ""
    attributes: frozenset[str] = frozenset()


def _keep(name: str, *attributes: str) -> _Rule:
    return _Rule("keep", name, frozenset(attributes))


def _skip(*names: str) -> dict[str, _Rule]:
    return {name: _Rule("skip") for name in names}


_PICTURE = ("url", "title", "link", "width", "height", "description")
_AROUND = _skip(*(_ATOM + name for name in ("updated", "generator", "icon", "logo", "rights", "category")))
# Where one is -> the elements that may stand there.
_RULES: Final[Mapping[str, Mapping[str, _Rule]]] = {
    "": {
        "rss": _Rule("enter", "rss", frozenset({"version"})),
        _ATOM + "feed": _Rule("enter", "feed", frozenset({_LANG})),
    },
    "rss": {"channel": _Rule("enter", "channel")},
    "channel": {
        "title": _keep("title"), "link": _keep("link"), "language": _keep("language"),
        "image": _Rule("enter", "image"), "item": _Rule("enter", "item"), _ATOM + "link": _Rule("aside"),
        **_skip("description", "pubdate", "lastbuilddate", "generator", "ttl", "docs", "copyright", "category"),
        **_skip("managingeditor", "webmaster", "cloud", _DC + "creator", _DC + "date"),
    },
    "image": _skip(*_PICTURE),
    "item": {
        "title": _keep("title"), "link": _keep("link"), "guid": _keep("guid", "ispermalink"),
        "pubdate": _keep("published"), _DC + "date": _keep("updated"), "description": _keep("summary"),
        _ENCODED: _keep("content"), "author": _keep("author"), _DC + "creator": _keep("author"),
        "enclosure": _Rule("enclosure"), _ATOM + "link": _Rule("aside"), **_skip("category", "comments", "source"),
        **_skip(_MEDIA + "thumbnail", _MEDIA + "content"),
    },
    "feed": {
        _ATOM + "title": _keep("title", "type"), _ATOM + "id": _keep("guid"), _ATOM + "link": _Rule("link"),
        _ATOM + "entry": _Rule("enter", "entry"), _ATOM + "author": _Rule("enter", "nobody"),
        **_AROUND, **_skip(_ATOM + "subtitle"),
    },
    "entry": {
        _ATOM + "title": _keep("title", "type", _LANG), _ATOM + "id": _keep("guid"), _ATOM + "link": _Rule("link"),
        _ATOM + "published": _keep("published"), _ATOM + "updated": _keep("updated"),
        _ATOM + "summary": _keep("summary", "type", _LANG, _BASE),
        _ATOM + "content": _keep("content", "type", _LANG, _BASE),
        _ATOM + "author": _Rule("enter", "author"), _ATOM + "contributor": _Rule("enter", "nobody"),
        **_skip(_ATOM + "rights", _ATOM + "category", _MEDIA + "thumbnail"),
    },
    "author": {_ATOM + "name": _keep("name"), _ATOM + "email": _keep("email"), _ATOM + "uri": _keep("uri")},
    "nobody": _skip(_ATOM + "name", _ATOM + "email", _ATOM + "uri"),
}  # fmt: skip


def read_plain(document: bytes) -> RawFeed | None:
    """Return the feed in ``document`` (UTF-8 without a declaration), None when feedparser has to look at it.

    At most 500 entries; of dates only what was written, which our own reading of dates understands.
    """
    if b"<!DOCTYPE" in document[:4000] or b"<!ENTITY" in document[:4000]:
        return None
    reader = _Reader()
    try:
        reader.parser.Parse(document, True)
        return reader.feed()
    except (_NotPlainError, expat.ExpatError):
        return None


class _Reader:
    """One reading: where it is, the element whose text it keeps or ignores, and what it has kept so far."""

    def __init__(self) -> None:
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartNamespaceDeclHandler = self._declare
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self._names: dict[str, str] = {}
        self._places = [""]
        self._beside = 0
        self._inside: _Rule | None = None
        self._text: list[str] = []
        self._top: dict[str, str] = {}
        self._held = self._top
        self._attached: list[str] = []
        self._entries: list[RawEntry] = []
        self._base = ""
        self._atom = False

    def feed(self) -> RawFeed:
        """Return what was read; of an Atom feed without a link to its site the id stands for it."""
        top = self._top
        site = top.get("link", top.get("guid", ""))
        return RawFeed(top.get("title", ""), site, top.get("language", ""), tuple(self._entries))

    def _declare(self, _prefix: str, uri: str) -> None:
        if uri and uri.lower() in _OTHER_FORMATS:
            raise _NotPlainError(uri)

    def _start(self, given: str, attributes: dict[str, str]) -> None:
        name = self._names.get(given)
        if name is None:
            lower = given.lower()
            name = self._names[given] = "" if lower.startswith(_BESIDE) else lower
        if self._inside is not None or (self._beside and name):
            raise _NotPlainError(given)
        if not name:
            self._beside += 1
            return
        rule = _RULES[self._places[-1]].get(name)
        if rule is None:
            raise _NotPlainError(given)
        if rule.act == "enter":
            self._enter(rule, _lowered(attributes))
            return
        self._inside = rule
        if rule.act == "keep":
            self._keep(rule, _lowered(attributes))
        elif rule.act != "skip":
            self._take(rule, _lowered(attributes))

    def _enter(self, rule: _Rule, attributes: dict[str, str]) -> None:
        """Go into an element that holds others."""
        if not attributes.keys() <= rule.attributes or (rule.name == "author" and "author" in self._held):
            raise _NotPlainError(rule.name)
        self._places.append(rule.name)
        if rule.name in ("item", "entry"):
            self._held, self._attached = {}, []
        elif rule.name == "author":
            self.parser.CharacterDataHandler = _refuse_text
        elif rule.name == "feed":
            self._atom = True
            if lang := attributes.get(_LANG):
                self._top["language"] = lang.replace("_", "-")

    def _keep(self, rule: _Rule, attributes: dict[str, str]) -> None:
        """Begin to collect the text of an element; of two of a name feedparser has to choose."""
        if not attributes.keys() <= rule.attributes or (rule.name in self._held and rule.name != "author"):
            raise _NotPlainError(rule.name)
        self._text = []
        self.parser.CharacterDataHandler = self._text.append
        if "ispermalink" in rule.attributes:
            self._held["permalink"] = attributes.get("ispermalink", "true")
        if "type" in attributes:
            kind = _TYPES.get(attributes["type"].lower())
            if kind is None:
                raise _NotPlainError(attributes["type"])
            self._held[f"type of {rule.name}"] = kind
        if (base := attributes.get(_BASE)) is not None:
            if not base.startswith(("http://", "https://")) or self._is_odd(base):
                raise _NotPlainError(base)
            self._base = base  # feedparser never forgets one
        if self._base:
            self._held[f"base of {rule.name}"] = self._base

    def _take(self, rule: _Rule, attributes: dict[str, str]) -> None:
        """Take a link or an attachment; ``aside`` is an Atom link in RSS, which must not lead anywhere."""
        attached = rule.act == "enclosure"
        kind = "enclosure" if attached else attributes.get("rel", "alternate").lower()
        address = attributes.get("url" if attached else "href")
        misplaced = {"href", "uri", "rel"} if attached else {"url", "uri"}
        based = any(key.rpartition(" ")[2] in ("base", "lang") for key in attributes)
        if address is None or based or misplaced & attributes.keys() or self._is_odd(address):
            raise _NotPlainError(rule.act)
        if rule.act == "aside" and kind in ("alternate", "enclosure"):
            raise _NotPlainError(rule.act)
        if kind == "enclosure":
            self._attached.append(address)
        elif kind == "alternate" and attributes.get("type", "html").lower() in _PAGES:
            self._held["link"] = address

    def _end(self, _name: str) -> None:
        if self._beside:
            self._beside -= 1
        elif self._inside is not None:
            if self._inside.act == "keep":
                self.parser.CharacterDataHandler = _refuse_text if self._places[-1] == "author" else None
                self._finish(self._inside.name, "".join(self._text).strip())
            self._inside = None
        else:
            self._leave(self._places.pop())

    def _leave(self, place: str) -> None:
        if place in ("item", "entry"):
            if len(self._entries) < MAX_ENTRIES:
                self._entries.append(self._entry())
            self._held = self._top
        elif place == "author":
            self.parser.CharacterDataHandler = None
            name, email, _uri = (self._held.pop(part, "") for part in ("name", "email", "uri"))
            self._held["author"] = f"{name} ({email})" if name and email else name or email

    def _finish(self, name: str, text: str) -> None:
        if name not in ("name", "email"):
            text = _mended(text)
        if name in ("link", "guid") and self._is_odd(text):
            raise _NotPlainError(text)
        self._held[name] = text

    def _is_odd(self, address: str) -> bool:
        """Say whether feedparser would change an address: surplus slashes, character references, relative ones."""
        if ":///" in address or ("&" in address and ";" in address):
            return True
        try:
            return bool(self._base) and urljoin(self._base, address) != address
        except ValueError:
            return True

    def _entry(self) -> RawEntry:
        """Return the entry that ends here, as `document._raw_entry` would have made it."""
        held = self._held
        guid = held.get("guid", "")
        permanent = self._atom or held.get("permalink") == "true"
        url = held.get("link", guid if permanent and "guid" in held else "")
        if url == guid and not url.startswith(("http://", "https://", "/")):
            url = ""
        body = "content" if held.get("content") else "summary"
        title_type = held.get("type of title", "text/plain" if "title" in held else "")
        body_type = held.get(f"type of {body}", "text/plain" if body in held else "")
        dates = [held[key] for key in ("published", "updated") if held.get(key)]
        for date in dates:
            if not _USUAL_DATE.fullmatch(date) and parse_date(date) is None and _HAS_WORDS.search(date):
                raise _NotPlainError(date)
        return RawEntry(
            guid=guid,
            title=held.get("title", ""),
            title_is_html=not self._atom or title_type != "text/plain",
            url=url or next(iter(self._attached), ""),
            author=held.get("author", ""),
            dates=tuple((date, None) for date in dates),
            body=held.get(body, ""),
            body_is_html=not self._atom or body_type != "text/plain",
            attachments=tuple(self._attached[:5]),
            base=held.get(f"base of {body}", ""),
        )


def _lowered(attributes: dict[str, str]) -> dict[str, str]:
    return {key.lower(): value for key, value in attributes.items()}


def _refuse_text(text: str) -> None:
    if text.strip():
        raise _NotPlainError(text)


def _mended(text: str) -> str:
    """Return ``text`` with UTF-8 that was taken for Latin-1 put right; C1 controls are feedparser's to explain."""
    if text.isascii():
        return text
    with contextlib.suppress(UnicodeError):
        text = text.encode("iso-8859-1").decode("utf-8")
    if _C1.search(text):
        raise _NotPlainError(text)
    return text
