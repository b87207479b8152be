"""The map's file as an outline: headings and nested list items, edited line by line.

A map is a plain Markdown list; every edit moves or shifts whole lines, so the file stays what it was to any
other program.  Lines count from 0 in the exact text of the file.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field

from studytui.notes import syntax
from studytui.notes.front_edit import newline_of
from studytui.notes.note import body_start

_ITEM = re.compile(r"([ \t]*)([-*+]|\d{1,9}[.)])([ \t]+)(.*?)[ \t]*\r?$")
_RULE = re.compile(r"[ \t]*([-*])(?:[ \t]*\1){2,}[ \t]*\r?\n?")
_HEADING = re.compile(r" {0,3}(#{1,6})[ \t]+(.*?)(?:[ \t]+#+)?[ \t]*\r?$")


@dataclass
class Entry:
    """One heading or list item: its line, the line behind its last child, how deep it is, what it says."""

    line: int
    text: str
    level: int  # headings: 1-6; items: 7 + columns of indentation
    prefix: str = ""
    marker: str = ""
    end: int = 0
    children: list[Entry] = field(default_factory=list)
    parent: Entry | None = None

    @property
    def is_heading(self) -> bool:
        """Whether it is a heading rather than a list item."""
        return self.level < 7


def parse(source: str) -> list[Entry]:
    """Return the top entries of the outline with their children; code and front matter are left out."""
    lines = _lines(source)
    masked = _lines(syntax.mask(source))
    first = source.count("\n", 0, body_start(source))
    entries: list[Entry] = []
    margins: list[int] = []  # paragraphs at the margin: they end the list above them
    for number in range(first, len(lines)):
        entry = _entry(number, lines[number]) if masked[number].strip() else None
        if entry is not None:
            entries.append(entry)
        elif lines[number].strip() and not lines[number].startswith((" ", "\t")):
            margins.append(number)
    return _nested(entries, [*margins, len(lines)])


def find(entries: list[Entry], line: int) -> Entry | None:
    """Return the entry on ``line``."""
    for entry in entries:
        if entry.line == line:
            return entry
        if (found := find(entry.children, line)) is not None:
            return found
    return None


def add(source: str, text: str, under: int | None) -> str:
    """Return ``source`` with a new item ``text`` as the last child of the entry on line ``under``, or at the end."""
    entries = parse(source)
    parent = find(entries, under) if under is not None else None
    siblings = parent.children if parent else [e for e in entries if not e.is_heading]
    lines = _lines(source)
    if siblings and not siblings[-1].is_heading:
        last = siblings[-1]
        return _insert(source, _filled(lines, last), f"{last.prefix}{_plain(last.marker)} {text}")
    if parent is not None and not parent.is_heading:
        return _insert(source, parent.line + 1, f"{_deeper(entries, parent)}{_plain(parent.marker)} {text}")
    at = parent.line + 1 if parent else len(lines)
    return _insert(source, at, f"- {text}")


def move(source: str, line: int, down: bool) -> str:
    """Return ``source`` with the entry on ``line`` and all below it swapped with its next or previous sibling."""
    entries = parse(source)
    entry = find(entries, line)
    if entry is None:
        return source
    siblings = entry.parent.children if entry.parent else entries
    place = siblings.index(entry) + (1 if down else -1)
    if not 0 <= place < len(siblings) or siblings[place].level != entry.level:
        return source
    upper, lower = (entry, siblings[place]) if down else (siblings[place], entry)
    lines = _lines(source)
    upper_end, lower_end = _filled(lines, upper), _filled(lines, lower)
    between = lines[upper_end : lower.line]
    swapped = [*lines[lower.line : lower_end], *between, *lines[upper.line : upper_end]]
    return _joined(source, [*lines[: upper.line], *swapped, *lines[lower_end:]])


def nest(source: str, line: int) -> str:
    """Return ``source`` with the item on ``line`` and all below it made the last child of the item before it."""
    entries = parse(source)
    entry = find(entries, line)
    if entry is None or entry.is_heading:
        return source
    siblings = entry.parent.children if entry.parent else entries
    place = siblings.index(entry)
    if place == 0 or siblings[place - 1].is_heading:
        return source
    above = siblings[place - 1]
    prefix = above.children[-1].prefix if above.children else _deeper(entries, above)
    return _shifted(source, entry, prefix)


def unnest(source: str, line: int) -> str:
    """Return ``source`` with the item on ``line`` and all below it moved out, to behind its parent."""
    entries = parse(source)
    entry = find(entries, line)
    if entry is None or entry.parent is None or entry.parent.is_heading:
        return source
    lines = _lines(_shifted(source, entry, entry.parent.prefix))
    end, behind = _filled(lines, entry), _filled(lines, entry.parent)
    moved = lines[entry.line : end]
    return _joined(source, [*lines[: entry.line], *lines[end:behind], *moved, *lines[behind:]])


def remove(source: str, line: int) -> str:
    """Return ``source`` without the item on ``line``; what was below it moves up one level."""
    entries = parse(source)
    entry = find(entries, line)
    if entry is None or entry.is_heading:
        return source
    for child in reversed(entry.children):
        source = _shifted(source, child, entry.prefix)
    lines = _lines(source)
    behind = entry.children[0].line if entry.children else _filled(lines, entry)
    return _joined(source, [*lines[:line], *lines[behind:]])


# --- inside ---------------------------------------------------------------------------------------------------


def _lines(source: str) -> list[str]:
    """Split at line feeds only, the ends left on; an empty last line is no line."""
    lines = [line + "\n" for line in source.split("\n")]
    lines[-1] = lines[-1][:-1]
    return lines if lines[-1] else lines[:-1]


def _joined(source: str, lines: list[str]) -> str:
    """Join ``lines`` so that the file ends, or does not end, with a line end as ``source`` does."""
    newline = newline_of(source)
    closed = [line if line.endswith("\n") else line + newline for line in lines]
    text = "".join(closed)
    return text if source.endswith("\n") or not text else text.removesuffix("\n").removesuffix("\r")


def _insert(source: str, at: int, line: str) -> str:
    lines = _lines(source)
    before = lines[:at]
    gap = [newline_of(source)] if before and _needs_gap(before[-1]) else []
    return _joined(source or "\n", [*before, *gap, line + newline_of(source), *lines[at:]])


def _needs_gap(line: str) -> bool:
    """A list that follows a paragraph or a heading stands off by a blank line."""
    return bool(line.strip()) and _ITEM.match(line) is None and line.strip() not in ("---", "...")


def _entry(number: int, line: str) -> Entry | None:
    item = None if _RULE.fullmatch(line) else _ITEM.match(line)
    if item is not None:
        width = len(item[1].expandtabs(4))
        return Entry(number, item[4], 7 + width, item[1], item[2])
    heading = _HEADING.match(line)
    return Entry(number, heading[2], len(heading[1])) if heading else None


def _nested(entries: list[Entry], margins: list[int]) -> list[Entry]:
    """Give every entry its end, parent and children, and return those without a parent."""
    roots: list[Entry] = []
    stack: list[Entry] = []
    last = margins[-1]
    for number, entry in enumerate(entries):
        margin = last if entry.is_heading else margins[bisect_right(margins, entry.line)]
        following = (other.line for other in entries[number + 1 :] if other.level <= entry.level)
        entry.end = min(next(following, last), margin)
        while stack and (stack[-1].level >= entry.level or stack[-1].end <= entry.line):
            stack.pop()
        entry.parent = stack[-1] if stack else None
        (entry.parent.children if entry.parent else roots).append(entry)
        stack.append(entry)
    return roots


def _filled(lines: list[str], entry: Entry) -> int:
    """Return the line behind the last one that says something in ``entry`` or below it."""
    end = entry.end
    while end > entry.line + 1 and not lines[end - 1].strip():
        end -= 1
    return end


def _deeper(entries: list[Entry], parent: Entry) -> str:
    """Return the indentation of a first child of ``parent``, in the manner of the file."""
    step = _step(entries)
    return parent.prefix + (step or ("\t" if "\t" in parent.prefix else " " * (len(parent.marker) + 1)))


def _step(entries: list[Entry]) -> str:
    for entry in entries:
        if entry.is_heading or not entry.children:
            deeper = _step(entry.children)
            if deeper:
                return deeper
        elif entry.children[0].prefix.startswith(entry.prefix):
            return entry.children[0].prefix[len(entry.prefix) :]
    return ""


def _plain(marker: str) -> str:
    """Return the sign of a further item: the same bullet, or the next number."""
    return f"{int(marker[:-1]) + 1}{marker[-1]}" if marker[:-1].isdigit() else marker


def _shifted(source: str, entry: Entry, prefix: str) -> str:
    """Return ``source`` with ``entry`` and all below it indented by ``prefix`` instead of its own."""
    lines = _lines(source)
    for number in range(entry.line, _filled(lines, entry)):
        if lines[number].startswith(entry.prefix) and lines[number].strip():
            lines[number] = prefix + lines[number][len(entry.prefix) :]
    return _joined(source, lines)
