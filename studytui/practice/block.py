"""The practice block of a note: where it stands, which lines belong to which entry, and what its YAML says.

Each entry is composed on its own, so that a slip of the keyboard in one entry never takes the others with it.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from studytui.i18n import N_, _
from studytui.nesting import is_deeper

INFO = "yaml practice"
_NULLS = ("", "~", "null", "Null", "NULL")
_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})(.*)$")
_DEEPEST = 100
_DASH = re.compile(r"^( *)-(?=[ \t]|$)")
_WIDE_COLON = re.compile(r"^\s*(?:-\s+)?[^\s:：#\"']+\s*：")


# What PyYAML says → whether the place where something was opened is meant, what is wrong, what to do.
_SENTENCES = (
    ("'\\t'", False, N_("A tab stands here."), N_("Use blanks instead: two in front of each field.")),
    (
        "quoted scalar",
        True,
        N_("A quotation mark is opened here and not closed."),
        N_("Close it at the end of the value, or take it away."),
    ),
    (
        "a flow ",
        True,
        N_("A bracket is opened here and not closed."),
        N_("Close it, or put the whole value in quotation marks."),
    ),
    (
        "expected ':'",
        True,
        N_("There is no colon in this line."),
        N_("Write it as “field: value”, with a blank after the colon."),
    ),
    (
        "'<scalar>'",
        False,
        N_("There is no colon in this line."),
        N_("Write it as “field: value”, with a blank after the colon."),
    ),
    (
        "mapping values",
        False,
        N_("A colon stands where none can be."),
        N_("Put the value in quotation marks, or indent the line like the one above."),
    ),
    (
        "<block end>",
        False,
        N_("This line is not indented like the others of its entry."),
        N_("Put the same two blanks in front of every field."),
    ),
)


class SlipError(Exception):
    """Something in the file that cannot be read: the character index, what is wrong and what to do."""

    def __init__(self, index: int, message: str, hint: str) -> None:
        super().__init__(message)
        self.index = index
        self.message = message
        self.hint = hint


@dataclass(frozen=True)
class Chunk:
    """The lines of one entry, by character index in the note's text."""

    start: int
    end: int
    indent: str


@dataclass(frozen=True)
class Pair:
    """One field of an entry or of the front matter as it stands: its name and value with their indices.

    ``value`` is the text, or the texts of a list; None when something else stands there.
    """

    name: str
    at: int
    name_end: int
    value: str | list[str] | None
    start: int
    end: int
    one_line: bool
    """Whether the mapping is written in braces, where a comma ends a value."""


@dataclass(frozen=True)
class Block:
    """The practice block: the indices of its inside, from behind the opening fence to the closing one."""

    start: int
    end: int
    chunks: tuple[Chunk, ...]
    stray: tuple[int, ...]
    """Indices of lines before the first entry that are no comment."""
    others: tuple[int, ...]
    """Indices of further practice blocks, which are not read."""


def lines_of(text: str, start: int = 0, end: int | None = None) -> Iterator[tuple[int, str]]:
    """Yield (index, line without its end) of ``text[start:end]``; only "\\n" ends a line, as editors count."""
    stop = len(text) if end is None else end
    while start < stop:
        newline = text.find("\n", start, stop)
        next_start = stop if newline < 0 else newline + 1
        yield start, text[start:next_start].rstrip("\r\n")
        start = next_start


def line_number(text: str, index: int) -> int:
    """Return the 1-based line in which ``index`` lies."""
    return text.count("\n", 0, index) + 1


def front_matter(text: str) -> tuple[int, int] | None:
    """Return the indices of the inside of the front matter, None when the note has none."""
    found = lines_of(text)
    first = next(found, None)
    if first is None or first[1].lstrip("\ufeff").rstrip() != "---":
        return None
    start = None
    for index, line in found:
        start = index if start is None else start
        if line.rstrip() == "---":
            return start, index
    return None


def find_block(text: str, after: int = 0) -> Block:
    """Return the first practice block of ``text``; raises SlipError when there is none or it is not closed."""
    spans = list(_practice_spans(text, after))
    if not spans:
        raise SlipError(
            max(0, len(text.rstrip()) - 1),
            _("There is no practice block in this note."),
            _("Add a line ```yaml practice, then the entries, then a line ```."),
        )
    start, end = spans[0]
    if end < 0:
        raise SlipError(
            max(0, start - 1),
            _("The practice block is opened here, but never closed."),
            _("Add a line with ``` behind the last entry."),
        )
    chunks, stray = _chunks(text, start, end)
    return Block(start, end, chunks, stray, tuple(other - 1 for other, _end in spans[1:]))


def _practice_spans(text: str, after: int) -> Iterator[tuple[int, int]]:
    """Yield (start, end) of the inside of each practice block; end is -1 for one that is not closed."""
    fence, start = "", -1
    for index, line in lines_of(text, after):
        match = _FENCE.match(line)
        if match is None:
            continue
        if not fence:
            fence = match[1]
            inside = " ".join(match[2].split()).casefold() in (INFO, "yml practice")
            start = (
                min(len(text), index + len(line) + _newline_length(text, index + len(line))) if inside else -1
            )
        elif match[1].startswith(fence) and not match[2].strip():
            if start >= 0:
                yield start, index
            fence, start = "", -1
    if fence and start >= 0:
        yield start, -1


def _newline_length(text: str, index: int) -> int:
    return 2 if text.startswith("\r\n", index) else 1


def _chunks(text: str, start: int, end: int) -> tuple[tuple[Chunk, ...], tuple[int, ...]]:
    """Cut the inside of a block at the dashes that stand as far left as the first one."""
    heads: list[tuple[int, str]] = []
    stray: list[int] = []
    for index, line in lines_of(text, start, end):
        match = _DASH.match(line)
        if match and (not heads or len(match[1]) <= len(heads[0][1])):
            heads.append((index, match[1]))
        elif not heads and line.strip() and not line.lstrip().startswith("#"):
            stray.append(index)
    ends = [*(index for index, _indent in heads[1:]), end]
    chunks = (Chunk(index, stop, indent) for (index, indent), stop in zip(heads, ends, strict=False))
    return tuple(chunks), tuple(stray)


def entry_pairs(text: str, chunk: Chunk) -> list[Pair]:
    """Return the fields of an entry; raises SlipError with what is wrong with it."""
    node = _compose(text, chunk.start, chunk.end)
    item = node.value[0] if node is not None and node.id == "sequence" and len(node.value) == 1 else None
    if item is not None and item.id == "mapping":
        return _pairs(item, chunk.start)
    if is_wide_colon(text[chunk.start : chunk.end]):
        raise wide_colon(chunk.start)
    raise SlipError(
        chunk.start,
        _("This entry has no fields."),
        _("Write it as “- date: 2026-11-22”, with the other fields below it."),
    )


def front_pairs(text: str, start: int, end: int) -> list[Pair]:
    """Return the keys of a front matter whose inside is ``text[start:end]``; raises SlipError."""
    node = _compose(text, start, end)
    return _pairs(node, start) if node is not None and node.id == "mapping" else []


def _pairs(mapping: Any, offset: int) -> list[Pair]:
    return [
        Pair(
            str(key.value) if key.id == "scalar" else "?",
            offset + key.start_mark.index,
            offset + key.end_mark.index,
            _value(value),
            offset + value.start_mark.index,
            offset + _content_end(value),
            bool(mapping.flow_style),
        )
        for key, value in mapping.value
    ]


def _value(node: Any) -> str | list[str] | None:
    if node.id == "scalar":
        return "" if not node.style and node.value in _NULLS else str(node.value)
    if node.id == "sequence" and all(part.id == "scalar" for part in node.value):
        return [str(part.value) for part in node.value]
    return None


def _content_end(node: Any) -> int:
    """Return where a value ends; PyYAML lets a block list reach to the next token, over comments and blanks."""
    if node.id != "scalar" and not node.flow_style and node.value:
        last = node.value[-1]
        return _content_end(last[1] if isinstance(last, tuple) else last)
    return int(node.end_mark.index)


def _compose(text: str, start: int, end: int) -> Any:
    """Return the YAML node of ``text[start:end]``, every scalar as text; raises SlipError.

    libyaml is ten times as fast where PyYAML was built with it, but only PyYAML itself says what is wrong, and
    only PyYAML survives thousands of lists inside each other, though not soon.
    """
    import yaml

    part = text[start:end]
    if len(part) < 20_000 and sum(part.count(opening) for opening in ("[", "{", "- ", "? ")) < 200:
        with contextlib.suppress(AttributeError, yaml.YAMLError):
            return yaml.compose(part, Loader=yaml.CBaseLoader)
    elif is_deeper(part, _DEEPEST):
        raise _too_deep(start)
    try:
        return yaml.compose(part, Loader=yaml.BaseLoader)
    except yaml.reader.ReaderError as error:
        raise SlipError(
            start + error.position,
            _("There is an invisible control character here."),
            _("Delete it; retype the word if you cannot see it."),
        ) from error
    except yaml.MarkedYAMLError as error:
        raise _slip(error, text, start, end) from error
    except RecursionError as error:
        raise _too_deep(start) from error


def _too_deep(start: int) -> SlipError:
    return SlipError(
        start, _("The brackets here are nested too deeply."), _("Write one value behind each colon.")
    )


def _slip(error: Exception, text: str, start: int, end: int) -> SlipError:
    """Turn PyYAML's error into a sentence that a beginner can act on."""
    for at, line in lines_of(text, start, end):
        if is_wide_colon(line):
            return wide_colon(at)
    said = f"{getattr(error, 'problem', '')} / {getattr(error, 'context', '')}"
    opened, found = getattr(error, "context_mark", None), getattr(error, "problem_mark", None)
    for needle, at_opening, message, hint in _SENTENCES:
        if needle in said:
            mark = opened if at_opening and opened is not None else found or opened
            return SlipError(min(start + (mark.index if mark else 0), end), _(message), _(hint))
    index = min(start + (found.index if found is not None else 0), end)
    message = _("This is not readable here ({reason}).").format(reason=said.partition(" / ")[0])
    return SlipError(index, message, _("Put the value in quotation marks."))


def wide_colon(index: int) -> SlipError:
    """Return the slip of a full-width colon where a field's colon belongs."""
    return SlipError(
        index,
        _("This line has the full-width colon “：”."),
        _("Type a half-width colon and a blank instead: “: ”."),
    )


def is_wide_colon(text: str) -> bool:
    """Say whether a line looks like a field with a full-width colon."""
    return bool(_WIDE_COLON.match(text))
