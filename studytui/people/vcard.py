"""Reading vCards of versions 2.1, 3.0 (RFC 2426) and 4.0 (RFC 6350) into plain fields.

Works on bytes, because in 2.1 every property may have its own character set, and because a folded line may be
cut inside a character.
"""

from __future__ import annotations

import base64
import binascii
import contextlib
import quopri
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from studytui.i18n import N_

_NAME = re.compile(rb"(?:[A-Za-z0-9-]+\.)?(?P<name>[A-Za-z0-9-]+)")
_PARAMETER = re.compile(rb';\s*(?:(?P<key>[A-Za-z0-9-]+)\s*=)?(?P<value>(?:"[^"]*"|[^";:])*)')
_BASE64 = re.compile(rb"[A-Za-z0-9+/]+={0,2}")
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_UNESCAPED_SEMICOLON = re.compile(r"(?<!\\);")
_CHINESE = re.compile(r"[\u3400-\u9fff]")
_BINARY = frozenset(("PHOTO", "LOGO", "SOUND", "KEY", "AGENT"))
_IGNORED = frozenset(
    ("VERSION", "PRODID", "REV", "UID", "BEGIN", "END", "KIND", "SOURCE", "MAILER", "SORT-STRING")
)
_FIELDS = {"TITLE": "role", "ROLE": "role", "ORG": "company", "EMAIL": "email", "TEL": "phone", "URL": "url"}
_FIELDS |= {"CATEGORIES": "tags", "NICKNAME": "aliases"}


@dataclass(frozen=True)
class Property:
    """One property: its upper-case name, its parameters, its decoded value, and its first line in the file."""

    name: str
    parameters: dict[str, str]
    value: str
    line: int


@dataclass
class Card:
    """One card; ``fault`` is a message id when it cannot be used, ``left_out`` names (line, property) of binaries."""

    line: int
    text: str = ""
    fault: str = ""
    fields: dict[str, str] = field(default_factory=dict)
    details: list[str] = field(default_factory=list)
    left_out: list[tuple[int, str]] = field(default_factory=list)


def parse_vcards(raw: bytes) -> list[Card]:
    """Return the cards of a file in order; what stands outside any card comes as a card with a fault."""
    lines = raw.removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
    return [_card(lines, start, end, fault) for start, end, fault in _spans(lines)]


def _spans(lines: list[bytes]) -> Iterator[tuple[int, int, str]]:
    """Yield (first line, line after the last, fault) of every card and of every stretch between cards."""
    start: int | None = None
    stray: int | None = None
    for index, line in enumerate(lines):
        word = line.strip().upper().replace(b" ", b"")
        if word == b"BEGIN:VCARD":
            if start is not None:
                yield start, index, _UNENDED
            elif stray is not None:
                yield stray, index, _STRAY
            start, stray = index, None
        elif word == b"END:VCARD" and start is not None:
            yield start, index + 1, ""
            start = None
        elif start is None and stray is None and word:
            stray = index
    if start is not None or stray is not None:
        yield (start if start is not None else stray or 0), len(lines), _STRAY if start is None else _UNENDED


def _card(lines: list[bytes], start: int, end: int, fault: str) -> Card:
    text = _text(b"\n".join(lines[start:end])).strip("\n")
    card = Card(start + 1, text, fault)
    if not fault:
        for found in properties(lines, start, end):
            _take(card, found)
        if not card.fields.get("name"):
            card.fields["name"] = card.fields.pop("n", "")
        card.fields.pop("n", None)
    return card


def properties(lines: list[bytes], start: int, end: int) -> Iterator[Property]:
    """Yield the properties of the lines from ``start`` to ``end``, unfolded and decoded."""
    # Version 2.1 folds at a blank and keeps it; the later ones put a blank in that does not count.
    kept = 0 if any(line.upper().startswith(b"VERSION:2") for line in lines[start:end]) else 1
    index = start
    while index < end:
        line, first = lines[index], index
        head = _head(line)
        encoding = head[1].get("ENCODING", "").upper() if head else ""
        index += 1
        # A soft line break of quoted-printable ends in "=", and the next line goes on without a blank.
        while encoding == "QUOTED-PRINTABLE" and line.endswith(b"=") and index < end:
            line = line[:-1] + lines[index]
            index += 1
        while index < end and lines[index][:1] in (b" ", b"\t"):
            line += lines[index][kept:]
            index += 1
        while encoding in ("B", "BASE64") and index < end and _BASE64.fullmatch(lines[index]):
            line += lines[index]
            index += 1
        # The head itself may have been folded.
        head = _head(line)
        if head is not None:
            name, parameters, at = head
            yield Property(name, parameters, _decoded(line[at:], parameters), first + 1)
        elif line.strip():
            yield Property("", {}, _text(line), first + 1)


def _head(line: bytes) -> tuple[str, dict[str, str], int] | None:
    """Return (name, parameters, where the value begins) of a property's line, None when it is none."""
    name = _NAME.match(line)
    if name is None:
        return None
    parameters: dict[str, str] = {}
    at = name.end()
    while (found := _PARAMETER.match(line, at)) is not None:
        value = found["value"].decode("ascii", "replace").replace('"', "").strip()
        key = (found["key"] or b"").decode().upper() or _bare_parameter(value)
        parameters[key] = f"{parameters[key]},{value}" if key in parameters else value
        at = found.end()
    if line[at : at + 1] != b":":
        return None
    return name["name"].decode().upper(), parameters, at + 1


def _bare_parameter(value: str) -> str:
    """Return the parameter that a bare value of version 2.1 belongs to: ``TEL;CELL;QUOTED-PRINTABLE:``."""
    return "ENCODING" if value.upper() in ("QUOTED-PRINTABLE", "BASE64", "B", "8BIT", "7BIT") else "TYPE"


def _decoded(value: bytes, parameters: dict[str, str]) -> str:
    encoding = parameters.get("ENCODING", "").upper()
    if encoding == "QUOTED-PRINTABLE":
        value = quopri.decodestring(value)
    elif encoding in ("B", "BASE64"):
        with contextlib.suppress(binascii.Error):
            value = base64.b64decode(re.sub(rb"\s", b"", value), validate=True)
    return _text(value, parameters.get("CHARSET", ""))


def _text(value: bytes, charset: str = "") -> str:
    """Return ``value`` in the character set it names, else as UTF-8, else as GB 18030; nothing is dropped."""
    for encoding in (charset, "utf-8", "gb18030"):
        try:
            return value.decode(encoding or "utf-8")
        except (LookupError, UnicodeDecodeError):
            continue
    return value.decode("utf-8", "replace")


def _take(card: Card, found: Property) -> None:
    """Put one property where it belongs: a field, the list in the note's body, or the list of what is left out."""
    if found.name in _BINARY and not re.match(r"(?i)https?:", found.value):
        card.left_out.append((found.line, found.name))
        return
    value = _plain(found.value)
    if not value or found.name in _IGNORED:
        return
    if found.name == "N":
        card.fields["n"] = _structured_name(found.value)
        return
    if found.name == "FN" and not card.fields.get("name"):
        card.fields["name"] = value
        return
    key = _FIELDS.get(found.name, "")
    if key in ("company", "tags"):
        value = " ".join(filter(None, map(_plain, _UNESCAPED_SEMICOLON.split(found.value))))
    if key == "phone":
        value = value.removeprefix("tel:")
    if key and key not in card.fields:
        card.fields[key] = value
        return
    kind = found.parameters.get("TYPE", "").lower()
    label = f"{found.name} ({kind})" if kind else found.name
    shown = ", ".join(filter(None, map(_plain, _UNESCAPED_SEMICOLON.split(found.value))))
    card.details.append(f"{label}: {shown}" if label else shown)


def _structured_name(value: str) -> str:
    """Return ``N``'s family;given;middle;prefix;suffix as one name."""
    family, given, middle, prefix, suffix = (
        [_plain(part) for part in _UNESCAPED_SEMICOLON.split(value)] + [""] * 5
    )[:5]
    if _CHINESE.search(family + given):
        return f"{family}{middle}{given}"
    return " ".join(filter(None, (prefix, given, middle, family, suffix)))


def _plain(value: str) -> str:
    """Return a value with its escapes undone, on one line."""
    return " ".join(_ESCAPE.sub(lambda e: "\n" if e[1] in "nN" else e[1], value).split())


_UNENDED = N_("The card has no END:VCARD.")
_STRAY = N_("These lines belong to no card.")
