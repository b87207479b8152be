"""What the editor knows of Markdown: plain functions over lines and columns, no widgets."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from studytui.text import clean_text, safe_url

BOLD, ITALIC = "**", "*"
STEP = "  "

_ITEM = re.compile(
    r"(?P<quote>(?:[ \t]*>)*[ \t]*)"
    r"(?P<marker>(?P<bullet>[-*+])(?=[ \t])|(?P<number>\d{1,9})(?P<stop>[.)](?=[ \t])|、))?"
    r"(?P<blank>[ \t]*)(?P<task>\[.\][ \t]+)?"
)
_FENCE = re.compile(r"[ \t>]*(?P<fence>`{3,}|~{3,})")
_HEADING = re.compile(r" {0,3}(?P<signs>#{1,6})[ \t]+(?P<text>.*?)(?:[ \t]+#+)?[ \t]*$")
_WORD = re.compile(r"[0-9A-Za-z\u00c0-\u024f]+(?:['’_-][0-9A-Za-z\u00c0-\u024f]+)*")
_HAN = re.compile(r"[㐀-䶿一-鿿豈-﫿\U00020000-\U0003ffff]+")
_OPENERS = {"【【": "[[", "「「": "[[", "［［": "[[", "】】": "]]", "」」": "]]", "］］": "]]"}
# What would reach the terminal as a command, hide text or turn it round; shown as one visible sign each.
_UNSAFE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f]"
)


class Heading(NamedTuple):
    """One heading: the line it stands on (from 0), its level 1 to 6, its text."""

    line: int
    level: int
    text: str


class Edited(NamedTuple):
    """One changed line, and the stretch of it that is selected afterwards."""

    line: str
    start: int
    end: int


def visible(text: str) -> str:
    """Return ``text`` with every unsafe character as one sign, so that all columns stay what they are."""
    return text if text.isascii() and text.isprintable() else _UNSAFE.sub("\ufffd", text)


# --- Enter -----------------------------------------------------------------------------------------------


class Enter(NamedTuple):
    """What Enter does: replace the line from ``column`` to the cursor by ``insert``."""

    column: int
    insert: str


def enter(line: str, column: int) -> Enter:
    """Return what Enter at ``column`` does: go on with the list or quote, or end it when its item is empty."""
    found = _ITEM.match(line)
    assert found is not None  # every part may be empty
    head = found.group()
    quoted, listed = ">" in found["quote"], bool(found["marker"])
    if not (quoted or listed) or column < len(head.rstrip()):
        return Enter(column, "\n" + _indent(line, column))
    if not line[len(head) :].strip() and column >= len(head.rstrip()):
        return Enter(0, _shallower(found))
    return Enter(column, "\n" + _next_head(found))


def _indent(line: str, column: int) -> str:
    blank = line[: len(line) - len(line.lstrip(" \t"))]
    return blank if column >= len(blank) and line.strip() else ""


def _next_head(found: re.Match[str]) -> str:
    marker = found["bullet"] or (f"{int(found['number']) + 1}{found['stop']}" if found["number"] else "")
    quote = found["quote"] if marker or not found["quote"].endswith(">") else found["quote"] + " "
    return quote + marker + (found["blank"] if marker else "") + ("[ ] " if found["task"] else "")


def _shallower(found: re.Match[str]) -> str:
    """Return the head of an empty item one level further out, "" outside all lists and quotes."""
    quote = found["quote"]
    if found["marker"]:
        if quote.endswith((STEP, "\t")) and not quote.endswith("> "):
            shorter = quote[:-1] if quote.endswith("\t") else quote[: -len(STEP)]
            return shorter + found["marker"] + found["blank"] + ("[ ] " if found["task"] else "")
        return quote.rstrip(" \t") + " " if ">" in quote else ""
    return quote[: quote.rstrip().rindex(">")].rstrip() + (" " if quote.count(">") > 1 else "")


def indented(line: str, deeper: bool) -> str:
    """Return ``line`` one step further in or out; items go by the width of their marker, as CommonMark nests."""
    found = _ITEM.match(line)
    number = found["number"] if found and found["stop"] != "、" else None
    step = " " * (len(number) + 2) if number else STEP
    if deeper:
        return step + line
    if line.startswith("\t"):
        return line[1:]
    blank = len(line) - len(line.lstrip(" "))
    return line[min(blank, len(step)) :]


def is_item(line: str) -> bool:
    """Say whether ``line`` is a list item."""
    found = _ITEM.match(line)
    return found is not None and bool(found["marker"])


# --- marks -------------------------------------------------------------------------------------------------


def toggled(line: str, start: int, end: int, mark: str) -> Edited:
    """Return ``line`` with ``mark`` put around the columns ``start`` to ``end``, or taken away when it is there.

    Without a selection it goes around the Latin word at the cursor, else an empty pair is opened.
    """
    if start == end:
        start, end = _word_at(line, start)
    while start < end and line[start].isspace():
        start += 1
    while end > start and line[end - 1].isspace():
        end -= 1
    inside = line[start:end]
    if _has(line[:start][::-1], line[end:], mark):
        size = len(mark)
        return Edited(line[: start - size] + inside + line[end + size :], start - size, end - size)
    if len(inside) > 2 * len(mark) and _has(inside, inside[::-1], mark):
        bare = inside[len(mark) : -len(mark)]
        return Edited(line[:start] + bare + line[end:], start, start + len(bare))
    marked = line[:start] + mark + inside + mark + line[end:]
    return Edited(marked, start + len(mark), end + len(mark))


def _has(before: str, after: str, mark: str) -> bool:
    """Say whether ``mark`` stands at the beginning of both; three stars are bold and italic at once."""
    stars = min(len(text) - len(text.lstrip("*")) for text in (before, after))
    return stars >= 2 if mark == BOLD else stars in (1, 3)


def _word_at(line: str, column: int) -> tuple[int, int]:
    for word in _WORD.finditer(line):
        if word.start() <= column <= word.end():
            return word.span()
    return column, column


def linked(label: str, address: str) -> str:
    """Return a Markdown link; round brackets in the address would end it."""
    target = f"<{address}>" if "(" in address or ")" in address else address
    return f"[{label.replace('[', '［').replace(']', '］')}]({target})"


def pasted(text: str, selected: str) -> str:
    """Return what pasting ``text`` over ``selected`` leaves: an address becomes a link, the rest is cleaned."""
    address = text.strip()
    if safe_url(address) != address or not address:
        return clean_text(text)
    if not selected:
        return f"<{address}>"
    return linked(selected, address) if "\n" not in selected and not safe_url(selected) else address


def twin_brackets(before: str) -> str:
    """Return what the last two characters before the cursor mean when an input method made them, else ""."""
    return _OPENERS.get(before[-2:], "")


def link_begun(before: str) -> str | None:
    """Return what has been typed of a link since ``[[``, None when no link is open at the cursor."""
    at = before.rfind("[[")
    typed = before[at + 2 :] if at >= 0 else "]"
    return None if any(sign in typed for sign in "[]|") or len(typed) > 200 else typed


# --- the whole text ----------------------------------------------------------------------------------------


def headings(lines: Sequence[str], first: int = 0) -> list[Heading]:
    """Return the headings from line ``first`` on, those inside code left out."""
    found: list[Heading] = []
    fence = ""
    for number in range(first, len(lines)):
        line = lines[number]
        if "`" in line or "~" in line:
            match = _FENCE.match(line)
            if match and (not fence or match["fence"].startswith(fence)):
                fence = "" if fence else match["fence"]
                continue
        if not fence and "#" in line and (match := _HEADING.match(line)):
            found.append(Heading(number, len(match["signs"]), match["text"]))
    return found


def first_line(lines: Sequence[str], body: int) -> tuple[int, int]:
    """Return (line, column) to begin at: the first empty section of a note still to be written, else its text.

    ``body`` is the first line below the front matter.
    """
    written = [number for number in range(body, len(lines)) if lines[number].strip()]
    if all(lines[number].lstrip().startswith((">", "#")) for number in written):
        for heading in headings(lines, body):
            if heading.line + 1 < len(lines) and not lines[heading.line + 1].strip():
                return heading.line + 1, 0
        return len(lines) - 1, len(lines[-1])
    return written[0], 0


def word_count(text: str) -> tuple[int, int]:
    """Return (Chinese characters, other words) of ``text``."""
    if text.isascii():
        return 0, len(_WORD.findall(text))
    return len("".join(_HAN.findall(text))), len(_WORD.findall(text))
