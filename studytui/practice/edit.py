"""Edits of a practice record as splices of the note's text: every byte that need not change stays as it is.

Each edit reads its own result before it returns it, so what is written is what was meant.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from studytui.errors import StudyError
from studytui.i18n import _
from studytui.practice.block import (
    Block,
    Chunk,
    Pair,
    SlipError,
    entry_pairs,
    find_block,
    front_matter,
    line_number,
)
from studytui.practice.fields import Field, Value, find_word
from studytui.practice.parse import parse_record
from studytui.practice.record import DATE, NOTE, Record
from studytui.practice.tool import Entry, Tool


def append_entry(record: Record, day: date, values: Mapping[str, Value], note: str = "") -> bytes:
    """Return the note's bytes with one more entry behind the last one; raises StudyError."""
    found, text, block = _opened(record)
    newline = "\r\n" if text[: block.start].endswith("\r\n") else "\n"
    indent = block.chunks[0].indent if block.chunks else ""
    pairs: list[tuple[Field, Value]] = [(DATE, day)]
    pairs += [(field, values[field.key]) for field in found.fields if field.key in values]
    pairs += [(NOTE, note)] if note else []
    lines = [
        f"{field.written(record.words)}: {_scalar(field.text(value, record.words), value, len(indent) + 4, newline)}"
        for field, value in pairs
    ]
    added = f"{indent}- " + f"{newline}{indent}  ".join(lines) + newline
    return _verified(
        record,
        text[: block.end] + added + text[block.end :],
        [*record.entries, Entry(day, dict(values), note=note)],
    )


def set_fields(record: Record, entry: Entry, values: Mapping[str, Value | None]) -> bytes:
    """Return the note's bytes with fields of one entry changed, None making a gap; raises StudyError."""
    found, text, block = _opened(record)
    chunk = _chunk(text, block, entry)
    pairs = {
        word.key: pair for pair in entry_pairs(text, chunk) if (word := find_word(found.fields, pair.name))
    }
    newline = "\r\n" if text[chunk.start : chunk.end].find("\r\n") >= 0 else "\n"
    splices = []
    for key, value in values.items():
        if key in pairs:
            splices.append(_replacement(text, pairs[key], found.field(key), value, record.words, newline))
        elif value is not None:
            splices.append(_insertion(text, chunk, found.field(key), value, record.words, newline))
    for start, end, new in sorted(splices, key=lambda splice: splice[0], reverse=True):
        text = text[:start] + new + text[end:]
    after = {key: value for key, value in {**entry.values, **values}.items() if value is not None}
    wanted = [replace(e, values=after) if e.line == entry.line else e for e in record.entries]
    return _verified(record, text, wanted)


def remove_entry(record: Record, entry: Entry) -> bytes:
    """Return the note's bytes without one entry; comments behind it stay.  Raises StudyError."""
    _found, text, block = _opened(record)
    chunk = _chunk(text, block, entry)
    end = _behind(text, chunk)
    return _verified(
        record, text[: chunk.start] + text[end:], [e for e in record.entries if e.line != entry.line]
    )


def _opened(record: Record) -> tuple[Tool, str, Block]:
    """Return tool, text and block of a record that can be edited; raises StudyError for one that cannot."""
    found = record.usable()
    text = record.raw.decode("utf-8")
    span = front_matter(text)
    try:
        return found, text, find_block(text, span[1] if span else 0)
    except SlipError as slip:
        place = f"{record.path}:{line_number(text, slip.index)}"
        raise StudyError(f"{place}: {slip.message}", slip.hint) from slip


def _chunk(text: str, block: Block, entry: Entry) -> Chunk:
    for chunk in block.chunks:
        if entry.line and line_number(text, chunk.start) == entry.line:
            return chunk
    raise StudyError(
        _("The entry of {day} is no longer where it was.").format(day=entry.day),
        _("Open the record again, then make the change."),
    )


def _behind(text: str, chunk: Chunk) -> int:
    """Return the index of the line after the last value of an entry."""
    pairs = entry_pairs(text, chunk)
    last = max(_value_end(text, pair) for pair in pairs)
    newline = text.find("\n", last, chunk.end)
    return chunk.end if newline < 0 else newline + 1


def _value_end(text: str, pair: Pair) -> int:
    """Return where the value's last character ends; a block scalar reaches over the line end behind it."""
    return pair.start + len(text[pair.start : pair.end].rstrip())


def _replacement(
    text: str, pair: Pair, field: Field, value: Value | None, lang: str, newline: str
) -> tuple[int, int, str]:
    """Return the splice (start, end, new) that puts ``value`` where the pair's value stands."""
    column = pair.at - (text.rfind("\n", 0, pair.at) + 1)
    new = "" if value is None else _scalar(field.text(value, lang), value, column + 2, newline, pair.one_line)
    start = pair.start
    gap = text[pair.name_end : start]
    if "\n" in gap or not gap.endswith(" "):
        # A block list begins in the line below; its value moves up behind the colon.
        start, new = pair.name_end + gap.index(":") + 1, f" {new}" if new else ""
    return start, max(start, _value_end(text, pair)), new


def _insertion(
    text: str, chunk: Chunk, field: Field, value: Value, lang: str, newline: str
) -> tuple[int, int, str]:
    """Return the splice that adds a field as the last one of an entry."""
    pairs = entry_pairs(text, chunk)
    last = pairs[-1]
    column = pairs[0].at - (text.rfind("\n", 0, pairs[0].at) + 1)
    word = field.written(lang)
    if last.one_line:
        at = _value_end(text, last)
        return at, at, f", {word}: {_scalar(field.text(value, lang), value, column + 2, newline, True)}"
    at = _behind(text, chunk)
    return (
        at,
        at,
        f"{' ' * column}{word}: {_scalar(field.text(value, lang), value, column + 2, newline)}{newline}",
    )


def _scalar(text: str, value: Value, indent: int, newline: str, one_line: bool = False) -> str:
    """Return ``text`` as YAML: plain where that is safe, a block for several lines, else in quotation marks."""
    if isinstance(value, tuple):
        return f"[{text}]"
    if not isinstance(value, str):
        return text
    if _plain(text, one_line):
        return text
    if "\n" in text and not one_line and _literal(text):
        return "|-" + "".join(
            f"{newline}{' ' * indent}{line}" if line else newline for line in text.split("\n")
        )
    return '"' + "".join(_escaped(letter) for letter in text) + '"'


def _plain(text: str, one_line: bool) -> bool:
    """Say whether ``text`` needs no quotation marks, by reading it back."""
    import yaml

    if "\n" in text or text != text.strip() or text in ("~", "null", "Null", "NULL", ""):
        return False
    try:
        node: Any = yaml.compose(f"{{k: {text}}}" if one_line else f"k: {text}\n", Loader=yaml.BaseLoader)
    except (yaml.YAMLError, RecursionError):
        return False
    if node is None or node.id != "mapping" or len(node.value) != 1:
        return False
    value = node.value[0][1]
    return value.id == "scalar" and value.style is None and value.value == text


def _literal(text: str) -> bool:
    """Say whether every line of ``text`` can stand in a block as it is."""
    return (
        text[0] not in " \n\t"
        and all(letter.isprintable() or letter == "\n" for letter in text)
        and not re.search(r"[ \t](\n|$)", text)
    )


def _escaped(letter: str) -> str:
    if letter in '"\\':
        return "\\" + letter
    if letter == "\n":
        return "\\n"
    if letter.isprintable():
        return letter
    code = ord(letter)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _verified(record: Record, text: str, wanted: Sequence[Entry]) -> bytes:
    """Return the bytes of ``text`` when it reads as ``wanted``; raises StudyError, the file being untouched."""
    raw = text.encode("utf-8")
    result = parse_record(raw, record.path)
    if [_said(entry) for entry in result.entries] == [_said(entry) for entry in wanted]:
        return raw
    known = {problem.message for problem in record.problems}
    for problem in result.problems:
        if problem.message not in known:
            raise StudyError(
                _("Not saved, because another line would no longer fit. {problem}").format(
                    problem=problem.message
                ),
                problem.hint,
            )
    raise StudyError(
        _("Not saved: the entry could not be written safely into {path}.").format(path=record.path),
        _("Open the note and make the change by hand."),
    )


def _said(entry: Entry) -> tuple[object, ...]:
    return (entry.day, dict(entry.values), entry.example, entry.note)
