"""OPML: the list of feeds that every reader can read and write."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from xml.sax.saxutils import escape, quoteattr

from studytui.errors import StudyError
from studytui.i18n import _
from studytui.reading.parse.decode import decode, xml_bytes
from studytui.reading.subscriptions.entry import is_route, is_web_address
from studytui.reading.subscriptions.subscription import VISIT_INTERVAL, Subscription, Subscriptions
from studytui.text import clean_line

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

MAX_BYTES = 10_000_000
MAX_FEEDS = 5_000
_BARE_AMPERSAND = re.compile(r"&(?!#\d{1,7};|#[xX][0-9a-fA-F]{1,6};|(?:amp|lt|gt|quot|apos);)")
_ATTRIBUTE = re.compile(r"=\s*(?:\"[^\"]{0,4000}\"|'[^']{0,4000}')")
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Outlines:
    """What an OPML file holds for us: ``found`` to be added, ``skipped`` as translated sentences."""

    found: tuple[Subscription, ...]
    skipped: tuple[str, ...]


def import_opml(raw: bytes) -> Outlines:
    """Return the feeds of an OPML file; folders become tags, nothing is followed or run.  Raises StudyError.

    Most files in the wild are not well-formed, nearly always for a bare "&", so that is repaired.
    """
    if len(raw) > MAX_BYTES:
        raise StudyError(
            _("The OPML file is larger than 10 MB."), _("Check that it is a list of feeds and nothing else.")
        )
    root = _parse(raw)
    found: dict[str, Subscription] = {}
    skipped: list[str] = []
    for outline, folders in _outlines(root):
        item = _subscription(outline, folders)
        if isinstance(item, str):
            skipped.append(item)
        elif item.source in found:
            known = found[item.source]
            found[item.source] = replace(known, tags=tuple(dict.fromkeys(known.tags + item.tags)))
        elif len(found) < MAX_FEEDS:
            found[item.source] = item
        else:
            skipped.append(_("There are more than {n} feeds; the rest was left out.").format(n=MAX_FEEDS))
            break
    if not found and not skipped:
        raise StudyError(
            _("There are no feeds in this file."), _("Choose the OPML file that the other reader exported.")
        )
    return Outlines(tuple(_with_own_names(found.values(), ())), tuple(skipped))


def not_followed(candidates: Sequence[Subscription], existing: Subscriptions) -> list[Subscription]:
    """Return the candidates whose address is not followed yet, renamed where the name is taken."""
    sources = {item.source for item in existing}
    fresh = (item for item in candidates if item.source not in sources)
    return list(_with_own_names(fresh, [item.name for item in existing]))


def export_opml(subscriptions: Subscriptions, now: datetime) -> bytes:
    """Return the subscriptions as OPML 2.0; the first tag becomes the folder, all tags the category.

    RSSHub routes are written as what they stand for when a server is known.  What is switched off is marked as
    a comment, as the specification has it.
    """
    folders: dict[str, list[str]] = {}
    for item in subscriptions:
        folders.setdefault(item.tags[0] if item.tags else "", []).append(_outline(subscriptions, item))
    lines = []
    for folder, outlines in folders.items():
        if folder:
            lines += [
                f"    <outline text={_quoted(folder)}>",
                *(f"  {line}" for line in outlines),
                "    </outline>",
            ]
        else:
            lines += outlines
    head = f"<title>studytui</title>\n    <dateCreated>{escape(format_datetime(now))}</dateCreated>"
    body = "\n".join(lines)
    document = (
        f'<opml version="2.0">\n  <head>\n    {head}\n  </head>\n  <body>\n{body}\n  </body>\n</opml>\n'
    )
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{document}'.encode()


def _parse(raw: bytes) -> Element:
    from xml.etree.ElementTree import ParseError

    from defusedxml import DefusedXmlException, ElementTree

    text = decode(raw)
    try:
        try:
            return ElementTree.fromstring(xml_bytes(text))
        except ParseError:
            return ElementTree.fromstring(xml_bytes(_repair(text)))
    except ParseError as error:
        line, column = error.position
        raise StudyError(
            _("This is not OPML: it cannot be read at line {line}, column {column}.").format(
                line=line, column=column + 1
            ),
            _("Export the list from the other reader once more, as OPML."),
        ) from error
    except DefusedXmlException as error:
        raise StudyError(
            _("The OPML file defines entities, which no list of feeds needs."),
            _("It was not read, because such files are made to do harm."),
        ) from error


def _repair(text: str) -> str:
    text = _BARE_AMPERSAND.sub("&amp;", text)
    return _ATTRIBUTE.sub(lambda match: match[0].replace("<", "&lt;"), text)


def _outlines(root: Element) -> Iterator[tuple[dict[str, str], tuple[str, ...]]]:
    """Yield each outline's attributes, with small names, and the folders it lies in; depth costs nothing."""
    stack: list[tuple[Any, tuple[str, ...]]] = [(root, ())]
    while stack:
        element, folders = stack.pop()
        if element.tag.rpartition("}")[2] == "outline":
            attributes = {name.lower(): value for name, value in element.attrib.items()}
            if "xmlurl" in attributes or (attributes.get("type", "").lower() == "link" and not len(element)):
                yield attributes, folders
            elif len(folders) < 8:
                folders = (*folders, _label(attributes))
        stack.extend((child, folders) for child in reversed(element))


def _subscription(outline: dict[str, str], folders: tuple[str, ...]) -> Subscription | str:
    """Return what an outline stands for, or a sentence why it stands for nothing."""
    address = outline.get("xmlurl", "").replace("&amp;", "&").strip()  # some writers escape twice
    is_site = "xmlurl" not in outline
    if is_site:
        address = (outline.get("htmlurl") or outline.get("url") or "").strip()
    if address.lower().startswith("feed:"):
        rest = address[5:]
        address = f"http:{rest}" if rest.startswith("//") else rest
    route = address.removeprefix("rsshub:")
    name = _label(outline) or clean_line(urlsplit(address).netloc if is_web_address(address) else address, 60)
    tags = tuple(dict.fromkeys(tag for tag in (*folders, *_categories(outline)) if tag))
    enabled = outline.get("iscomment", "").lower() != "true"
    if is_web_address(address):
        if is_site:
            return Subscription(name, "site", address, tags, enabled, VISIT_INTERVAL)
        return Subscription(name, "url", address, tags, enabled)
    if address != route and is_route(route) and not is_site:
        return Subscription(name, "rsshub", route, tags, enabled)
    return _("“{name}” was left out: “{address}” is not a web address.").format(
        name=name, address=clean_line(address, 60)
    )


def _label(outline: dict[str, str]) -> str:
    text = outline.get("title") or outline.get("text") or ""
    return clean_line(html.unescape(text), 100)


def _categories(outline: dict[str, str]) -> Iterator[str]:
    for category in outline.get("category", "").split(","):
        yield clean_line(category.strip().strip("/").lstrip("#"), 60)


def _with_own_names(items: Any, taken: Sequence[str]) -> Iterator[Subscription]:
    names = set(taken)
    counts: dict[str, int] = {}
    for item in items:
        name = item.name
        while name in names:
            counts[item.name] = counts.get(item.name, 1) + 1
            name = f"{item.name} ({counts[item.name]})"
        names.add(name)
        yield replace(item, name=name)


def _outline(subscriptions: Subscriptions, item: Subscription) -> str:
    if item.kind == "site":
        where = f'type="link" url={_quoted(item.address)}'
    else:
        where = f'type="rss" xmlUrl={_quoted(subscriptions.feed_url(item) or item.source)}'
    tags = f" category={_quoted(','.join(item.tags))}" if item.tags else ""
    off = "" if item.enabled else ' isComment="true"'
    return f"    <outline text={_quoted(item.name)} title={_quoted(item.name)} {where}{tags}{off}/>"


def _quoted(text: str) -> str:
    return quoteattr(_NOT_XML.sub("", text))
