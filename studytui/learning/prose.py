"""Which lines of a note are prose: not front matter, not code, not an HTML comment.

Courses and cards both read notes line by line, and both must leave examples inside code alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

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


def prose_lines(lines: list[str]) -> Iterator[tuple[int, str]]:
    """Yield (0-based index, line) of every line of the body that is not inside code or a comment.

    A comment that begins with ``<!--SR:`` is kept, because it belongs to the card above it.
    """
    fence = ""
    commented = indented_code = False
    previous_blank, in_list = True, False
    for index in range(body_start(lines), len(lines)):
        line = lines[index]
        if fence:
            fence = "" if _closes(line, fence) else fence
            continue
        if commented:
            commented = "-->" not in line
            continue
        if (opening := _FENCE.match(line)) and not _is_inline(opening):
            fence = opening["fence"]
            continue
        if line.lstrip().startswith("<!--") and not line.lstrip().startswith("<!--SR:"):
            commented = "-->" not in line
            continue
        if not line.strip():
            previous_blank = True
            yield index, line
            continue
        deep = line.startswith(("    ", "\t"))
        if not deep:
            in_list = _LIST_ITEM.match(line) is not None or (in_list and not previous_blank)
        indented_code = deep and not in_list and (previous_blank or indented_code)
        previous_blank = False
        if not indented_code:
            yield index, line


def mask_code(line: str) -> str:
    """Return ``line`` with the content of code spans blanked out, so that offsets stay the same."""
    if "`" not in line:
        return line
    return _CODE_SPAN.sub(lambda span: " " * len(span[0]), line)


def _closes(line: str, fence: str) -> bool:
    stripped = line.strip(" \t>")
    return len(stripped) >= len(fence) and stripped == fence[0] * len(stripped)


def _is_inline(opening: re.Match[str]) -> bool:
    """A backtick fence whose info holds a backtick is a code span that starts a paragraph."""
    return opening["fence"].startswith("`") and "`" in opening["info"]
