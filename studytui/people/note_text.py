"""The text of a note about people: which lines are prose, where a section is, and adding lines to it.

Offsets and lines are those of the file, so that every edit leaves the other bytes alone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from studytui.i18n import _, sentences
from studytui.people.vocabulary import folded

_FENCE = re.compile(r"^[ \t>]*(?:[-*+][ \t]+)?(?P<fence>`{3,}(?=[^`]*$)|~{3,})")
HEADING = re.compile(r"^ {0,3}(?P<level>#{1,6})[ \t]+(?P<title>.*?)(?:[ \t]+#+)?[ \t]*$")
_ITEM = re.compile(r"[ \t]*(?:[-*+]|\d{1,9}[.)])(?:[ \t]+(?:\[.\][ \t]+)?(?P<text>.*)|$)")

Lines = list[tuple[int, str]]
"""(0-based index, line) pairs."""


@dataclass(frozen=True)
class Section:
    """A heading of a note in both languages, with other words that people use for it."""

    en: str
    zh: str
    twins: tuple[str, ...] = ()

    def title(self, lang: str) -> str:
        """Return the heading as a note in ``lang`` has it."""
        return self.zh if lang == "zh" else self.en

    def is_title(self, text: str) -> bool:
        """Say whether the heading ``text`` opens this section, in either language."""
        return folded(text.rstrip(":：")) in map(folded, (self.en, self.zh, *self.twins))


LOG = Section("Contacts", "联系记录", ("contact log", "log", "联系日志"))
WORK = Section("What they do", "做什么的", ("work", "工作"))
ASK = Section("What I could ask them", "可以请教什么", ("questions for them", "想请教的"))


@dataclass(frozen=True)
class Problem:
    """Something in a note or a file that could not be read; nothing was changed or left out of the file.

    ``message`` and ``hint`` are message ids that may hold ``{detail}`` (what is written) and ``{other}``;
    ``str()`` gives the sentence in the screen language, ``file:line`` first.
    """

    path: str
    line: int
    message: str
    hint: str
    detail: str = ""
    other: str = ""

    def __str__(self) -> str:
        sentence = sentences(_(self.message), _(self.hint))
        return f"{self.path}:{self.line}: {sentence.format(detail=self.detail, other=self.other)}"


def note_lines(text: str) -> list[str]:
    """Return the lines of ``text`` without their ends; only "\\n" and "\\r\\n" end a line."""
    return [line.removesuffix("\r") for line in text.split("\n")]


def front_end(lines: Sequence[str]) -> int:
    """Return the 0-based index of the first line below the front matter, 0 when there is none."""
    if not lines or lines[0].lstrip("\ufeff").rstrip() != "---":
        return 0
    closing = (index for index, line in enumerate(lines[1:], 1) if line.rstrip() in ("---", "..."))
    return next(closing, -1) + 1


def front_line(lines: Sequence[str], key: str) -> int:
    """Return the 1-based line on which the front matter's ``key`` stands, 1 when it cannot be seen."""
    top = lines[: front_end(lines)]
    return next((number for number, line in enumerate(top, 1) if line.startswith(f"{key}:")), 1)


def prose(lines: Sequence[str]) -> Lines:
    """Return the lines of the body that are neither code fences nor HTML comments, blank ones included."""
    found: Lines = []
    fence, commented = "", False
    for index in range(front_end(lines), len(lines)):
        line = lines[index]
        if fence:
            text = line.strip(" \t>")
            fence = "" if text == fence[0] * len(text) and len(text) >= len(fence) else fence
        elif commented or line.lstrip().startswith("<!--"):
            commented = "-->" not in line
        elif opening := _FENCE.match(line):
            fence = opening["fence"]
        else:
            found.append((index, line))
    return found


def section_lines(lines: Lines, section: Section) -> tuple[int, Lines] | None:
    """Return (index of the heading, the lines below it) of such a section, None without one.

    It ends at the next heading of the same level or above; the lines of further ones are added, the heading is
    the first.
    """
    level, start, inside = 0, -1, Lines()
    for index, line in lines:
        heading = HEADING.match(line)
        if heading and level and len(heading["level"]) <= level:
            level = 0
        if heading and not level and section.is_title(heading["title"]):
            level, start = len(heading["level"]), index if start < 0 else start
        elif level:
            inside.append((index, line))
    return None if start < 0 else (start, inside)


def items(lines: Lines, section: Section) -> list[tuple[int, str]]:
    """Return (1-based line, text) of the section's list items, empty ones included."""
    found = section_lines(lines, section)
    matches = ((index, _ITEM.fullmatch(line)) for index, line in (found[1] if found else []))
    return [(index + 1, (match["text"] or "").strip()) for index, match in matches if match]


def words_under(lines: Lines, section: Section) -> list[str]:
    """Return the words of each line below the section's heading, list signs dropped, empty ones left out."""
    found = section_lines(lines, section)
    return [words for _index, line in (found[1] if found else []) if (words := line.strip(" \t-*+>"))]


def insert_lines(source: str, at: int, fresh: Sequence[str]) -> str:
    """Return ``source`` with the lines ``fresh`` before the line with 0-based index ``at``.

    They take the file's own line end; a last line without one stays without one.
    """
    newline = "\r\n" if source.find("\r\n") == source.find("\n") - 1 >= 0 else "\n"
    pieces = source.split("\n")
    if at >= len(pieces):
        return source + newline + newline.join(fresh)
    offset = sum(len(piece) + 1 for piece in pieces[:at])
    return source[:offset] + "".join(line + newline for line in fresh) + source[offset:]


def append_to_section(source: str, section: Section, fresh: Sequence[str], lang: str) -> str:
    """Return ``source`` with ``fresh`` below the last line of ``section``, which is added when missing."""
    lines = note_lines(source)
    end = len(lines) - (lines[-1] == "")
    found = section_lines(prose(lines), section)
    if found is None:
        gap = [""] if end and lines[end - 1].strip() else []
        return insert_lines(source, end, [*gap, f"## {section.title(lang)}", "", *fresh])
    heading, inside = found
    filled = [index for index, line in inside if line.strip()]
    if filled:
        return insert_lines(source, filled[-1] + 1, fresh)
    at = heading + 1
    if at < end and not lines[at].strip():
        at, fresh = at + 1, list(fresh)
    else:
        fresh = ["", *fresh]
    return insert_lines(source, at, [*fresh, ""] if at < end and lines[at].strip() else fresh)
