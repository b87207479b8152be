"""Which lines of a note are prose: not front matter, not code, not an HTML comment.

Courses and cards both read notes line by line, and both must leave examples inside code alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

LineKind = Literal["front", "blank", "prose", "code", "comment"]

_FENCE = re.compile(r"^ {0,3}(?:[-*+>] *|\d{1,9}[.)] +)?(?P<fence>`{3,}|~{3,})(?P<info>.*)$")
_LIST_ITEM = re.compile(r"^[ \t>]*(?:[-*+]|\d{1,9}[.)])(?:[ \t]|$)")
_CODE_SPAN = re.compile(r"(?<!`)(`+)(?!`)(.*?[^`])\1(?!`)")


def note_lines(text: str) -> list[str]:
    """Return the lines of ``text`` without their ends; only "\\n" and "\\r\\n" end a line."""
    return [line.removesuffix("\r") for line in text.split("\n")]


def body_start(lines: list[str]) -> int:
    """Return the 0-based index of the first line after the front matter (0 when there is none)."""
    if not lines or lines[0].lstrip("\ufeff").rstrip() != "---":
        return 0
    for index, line in enumerate(lines[1:], 1):
        if line.rstrip() in ("---", "..."):
            return index + 1
    return 0


def line_kinds(lines: list[str]) -> list[LineKind]:
    """Return for every line of a note what it is.

    A comment that begins with ``<!--SR:`` counts as prose, because it belongs to the card above it.
    """
    start = body_start(lines)
    kinds: list[LineKind] = ["front"] * start
    fence = ""
    commented = indented_code = in_list = False
    blank_above = True
    for line in lines[start:]:
        if fence:
            kinds.append("code")
            fence = "" if _closes(line, fence) else fence
        elif commented or _opens_comment(line):
            kinds.append("comment")
            commented = "-->" not in line
        elif (opening := _FENCE.match(line)) and not _is_inline(opening):
            kinds.append("code")
            fence = opening["fence"]
        elif not line.strip():
            kinds.append("blank")
            blank_above = True
        else:
            deep = line.startswith(("    ", "\t"))
            if not deep:
                in_list = _LIST_ITEM.match(line) is not None or (in_list and not blank_above)
            indented_code = deep and not in_list and (blank_above or indented_code)
            kinds.append("code" if indented_code else "prose")
            blank_above = False
    return kinds


def prose_lines(lines: list[str]) -> Iterator[tuple[int, str]]:
    """Yield (0-based index, line) of every line of prose, in order."""
    for index, (line, kind) in enumerate(zip(lines, line_kinds(lines), strict=True)):
        if kind == "prose":
            yield index, line


def mask_code(line: str) -> str:
    """Return ``line`` with its code spans blanked out, so that offsets stay the same."""
    if "`" not in line:
        return line
    return _CODE_SPAN.sub(lambda span: " " * len(span[0]), line)


def _opens_comment(line: str) -> bool:
    text = line.lstrip()
    return text.startswith("<!--") and not text.startswith("<!--SR:")


def _closes(line: str, fence: str) -> bool:
    text = line.strip(" \t>")
    return len(text) >= len(fence) and text == fence[0] * len(text)


def _is_inline(opening: re.Match[str]) -> bool:
    """A backtick fence whose info holds a backtick is a code span that starts a paragraph."""
    return opening["fence"].startswith("`") and "`" in opening["info"]
