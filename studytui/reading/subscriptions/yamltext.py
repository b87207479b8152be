"""A YAML file as nodes that know where in the text they stand; every scalar is text, as YAML 1.2 has it here.

Built from PyYAML's events and not by recursion, so that no depth of nesting can exhaust the stack (the C loader
would take the whole process along), and so that anchors, which could stand for billions of values, end the
reading at once.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from studytui.i18n import N_

if TYPE_CHECKING:
    import yaml

MAX_DEPTH = 8
_BAD_CHARACTER = re.compile(
    "[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)
_PLAIN = re.compile(r"\w[\w./ +()%@&=?~·，。、：！？（）《》“”-]*(?::/[\w./+()%@&=?~:-]+)?")
_WORD = re.compile(r"(?i)(?:true|false|yes|no|on|off|y|n|null)")
_NUMBER = re.compile(r"\d[\d\s.:+_a-fA-FxXoOTZ-]*")


@dataclass(frozen=True)
class Node:
    """A piece of the text: characters ``start`` to ``end``, which begin at ``line`` and ``column`` (from 1)."""

    start: int
    end: int
    line: int
    column: int


@dataclass(frozen=True)
class Scalar(Node):
    """A value; ``style`` is "" for plain, else the quotation mark or "|" or ">"."""

    text: str
    style: str

    @property
    def is_null(self) -> bool:
        """Whether it spells no value at all (core schema)."""
        return not self.style and self.text in ("", "~", "null", "Null", "NULL")


@dataclass(frozen=True)
class Sequence(Node):
    """A list, written in brackets when ``flow``."""

    flow: bool
    items: tuple[Node, ...]


@dataclass(frozen=True)
class Mapping(Node):
    """Keys with values, written in braces when ``flow``; keys are unique."""

    flow: bool
    pairs: tuple[tuple[Scalar, Node], ...]

    def get(self, key: str) -> Node | None:
        """Return the value of ``key``, None when it is not there or null."""
        for name, value in self.pairs:
            if name.text == key:
                return None if isinstance(value, Scalar) and value.is_null else value
        return None


class YamlError(Exception):
    """A place that cannot be read; ``message`` and ``hint`` are msgids, formatted with ``details``."""

    def __init__(self, line: int, column: int, message: str, hint: str, **details: object) -> None:
        super().__init__(message)
        self.line = line
        self.column = column
        self.message = message
        self.hint = hint
        self.details = details


@dataclass
class _Open:
    """A collection whose end has not come yet."""

    start: Any
    flow: bool
    is_mapping: bool
    children: list[Node] = field(default_factory=list)


def parse(text: str) -> Node | None:
    """Return the one document of ``text``, None when there is none; raises YamlError."""
    if bad := _BAD_CHARACTER.search(text, 1 if text.startswith("\ufeff") else 0):
        raise YamlError(
            text.count("\n", 0, bad.start()) + 1,
            bad.start() - text.rfind("\n", 0, bad.start()),
            N_("There is an invisible control character (U+{code})."),
            N_("Delete it, or type the line anew."),
            code=f"{ord(bad[0]):04X}",
        )
    shift = 1 if text.startswith("\ufeff") else 0
    root: Node | None = None
    stack: list[_Open] = []
    for event, name in _events(text[shift:]):
        node: Node | None = None
        match name:
            case "MappingStartEvent" | "SequenceStartEvent":
                stack.append(_Open(event.start_mark, bool(event.flow_style), name == "MappingStartEvent"))
                if len(stack) > MAX_DEPTH:
                    raise _at(event, N_("Lists and keys are nested too deeply."), _SHAPE_HINT)
            case "MappingEndEvent" | "SequenceEndEvent":
                node = _close(stack.pop(), event, shift)
            case "ScalarEvent":
                mark, end = event.start_mark, event.end_mark.index + shift
                node = Scalar(
                    mark.index + shift, end, mark.line + 1, mark.column + 1, event.value, event.style or ""
                )
            case "AliasEvent":
                raise _at(event, N_("References (*name) are not used here."), _ANCHOR_HINT)
            case "DocumentStartEvent" if root is not None:
                raise _at(event, N_("A second document starts here."), N_("Delete this --- line."))
        if node is not None:
            if stack:
                stack[-1].children.append(node)
            else:
                root = node
    return None if isinstance(root, Scalar) and root.is_null else root


def _events(text: str) -> Iterator[tuple[Any, str]]:
    import yaml

    # PyYAML built without libyaml reads the same, ten times slower.
    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    try:
        for event in yaml.parse(text, Loader=loader):
            if getattr(event, "anchor", None) and not isinstance(event, yaml.AliasEvent):
                raise _at(event, N_("Anchors (&name) are not used here."), _ANCHOR_HINT)
            yield event, type(event).__name__
    except yaml.MarkedYAMLError as error:
        raise _explain(text, error) from error


def _close(opened: _Open, event: Any, shift: int) -> Node:
    """Only brackets and braces have an end of their own; a block ends where its last child does."""
    start, children = opened.start, opened.children
    flow = opened.flow
    end = (
        event.end_mark.index + shift
        if flow
        else max((child.end for child in children), default=start.index + shift)
    )
    place = (start.index + shift, end, start.line + 1, start.column + 1)
    if not opened.is_mapping:
        return Sequence(*place, flow, tuple(children))
    pairs: list[tuple[Scalar, Node]] = []
    seen: dict[str, int] = {}
    for key, value in zip(children[::2], children[1::2], strict=True):
        if not isinstance(key, Scalar):
            raise YamlError(key.line, key.column, N_("A key must be a word."), _SHAPE_HINT)
        if key.text in seen:
            raise YamlError(
                key.line,
                key.column,
                N_("The key “{key}” stands here a second time; the first is in line {first}."),
                N_("Delete one of the two, or start a new entry with “- ”."),
                key=key.text[:60],
                first=seen[key.text],
            )
        seen[key.text] = key.line
        pairs.append((key, value))
    return Mapping(*place, flow, tuple(pairs))


def _at(event: Any, message: str, hint: str) -> YamlError:
    return YamlError(event.start_mark.line + 1, event.start_mark.column + 1, message, hint)


_ANCHOR_HINT = N_("Write the value out. A value that begins with & or * needs quotation marks.")
_SHAPE_HINT = N_("Look at the examples in the comments of the file that came with studytui.")
_INDENT_HINT = N_("Compare it with the lines above: entries of one list begin in the same column.")

# What PyYAML and libyaml say, and what a beginner can do about it; the first match counts.
_PROBLEMS = (
    ("tab", N_("A tab stands where YAML wants blanks."), N_("Replace it by blanks.")),
    (
        "mapping values are not allowed",
        N_("A colon stands where none is expected."),
        N_(
            "Begin each key on a line of its own, in one column; put text that holds “: ” in quotation marks."
        ),
    ),
    (
        "could not find expected ':'",
        N_("A key without a colon after it."),
        N_("Write “key: value”, with a blank after the colon."),
    ),
    ("unexpected end of stream", N_("A quotation mark is not closed."), N_("Close it.")),
    ("',' or", N_("A bracket is not closed, or a comma is missing."), N_("Close it, or add the comma.")),
    ("escape character", N_("A backslash in double quotation marks."), N_("Use single quotation marks.")),
    ("block end", N_("This line does not fit the lines above it."), _INDENT_HINT),
    ("did not find expected", N_("This line does not fit the lines above it."), _INDENT_HINT),
    (
        "cannot start any token",
        N_("A value cannot begin with this character."),
        N_("Put the value in quotation marks."),
    ),
)


def _explain(text: str, error: yaml.MarkedYAMLError) -> YamlError:
    mark = error.problem_mark or error.context_mark
    problem = str(error.problem or error.context or "")
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    lines = text.split("\n")
    if line <= len(lines) and lines[line - 1][column - 1 : column] == "\t":
        problem = "tab"
    for sign, message, hint in _PROBLEMS:
        if sign in problem:
            return YamlError(line, column, message, hint)
    return YamlError(line, column, N_("This is not YAML."), _SHAPE_HINT)


def spell(text: str) -> str:
    """Return ``text`` as a YAML scalar on one line, in quotation marks only where some reader would need them."""
    looks_typed = _WORD.fullmatch(text) or _NUMBER.fullmatch(text)
    if _PLAIN.fullmatch(text) and not text.endswith((" ", ":")) and not looks_typed:
        return text
    return json.dumps(text, ensure_ascii=False)
