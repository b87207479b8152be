"""The text of a feeds.yaml, and where and how an edit would change it; pure functions from text to splices."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from studytui.reading.subscriptions.entry import KINDS
from studytui.reading.subscriptions.feedsfile import decode, parse_subscriptions
from studytui.reading.subscriptions.subscription import Subscription, Subscriptions
from studytui.reading.subscriptions.yamltext import Mapping, Node, Scalar, Sequence, parse, spell

Splice = tuple[int, int, str]
"""Characters from start to end give way to the text."""

_WORDS = ("enabled", "every")  # written bare: quotation marks would change what they mean
_REST_OF_LINE = re.compile(r"[ \t]*(?:#[^\r\n]*)?(?=\r?\n|\Z)")


@dataclass(frozen=True)
class FeedsText:
    """A feeds.yaml as text, nodes and meaning at once."""

    text: str
    root: Mapping | None
    subscriptions: Subscriptions

    @property
    def newline(self) -> str:
        """The file's own line end."""
        return "\r\n" if "\r\n" in self.text else "\n"

    @property
    def feeds(self) -> Node | None:
        """The value of "feeds", which may be null."""
        pairs = self.root.pairs if self.root else ()
        return next((value for key, value in pairs if key.text == "feeds"), None)

    def entry(self, name: str) -> tuple[int, Mapping]:
        """Return the place in the list, from 0, and the node of the entry called ``name``; raises StudyError."""
        index = self.subscriptions.items.index(self.subscriptions.by_name(name))
        assert isinstance(self.feeds, Sequence)
        node = self.feeds.items[index]
        assert isinstance(node, Mapping)
        return index, node

    def meaning(self) -> dict[str, Any]:
        """Return everything the file says, known to us or not, as plain lists and dicts."""
        plain: dict[str, Any] = _plain(self.root) if self.root else {}
        plain["feeds"] = plain.get("feeds") or []
        return plain

    def line_end(self, at: int) -> int:
        """Return where the line that holds ``at`` ends, before its line break."""
        end = self.text.find("\n", at)
        if end < 0:
            return len(self.text)
        return end - 1 if end > at and self.text[end - 1] == "\r" else end


def read_feeds(path: Path, raw: bytes) -> FeedsText:
    text = decode(path, raw)
    subscriptions = parse_subscriptions(path, raw)
    root = parse(text)
    return FeedsText(text, root if isinstance(root, Mapping) else None, subscriptions)


def _plain(node: Node) -> Any:
    if isinstance(node, Mapping):
        return {key.text: _plain(value) for key, value in node.pairs}
    if isinstance(node, Sequence):
        return [_plain(item) for item in node.items]
    assert isinstance(node, Scalar)
    return None if node.is_null else node.text


# --- what is written ---------------------------------------------------------------------------


def fields_of(item: Subscription) -> dict[str, Any]:
    """Return an entry's keys in the order in which they are written."""
    fields: dict[str, Any] = {"name": item.name}
    fields["site" if item.kind == "site" else "url"] = item.source
    if item.tags:
        fields["tags"] = list(item.tags)
    if item.every:
        fields["every"] = _spell_every(item.every)
    if not item.enabled:
        fields["enabled"] = "false"
    return fields


def _spell_every(every: timedelta) -> str:
    hours = max(1, round(every / timedelta(hours=1)))
    return f"{hours}h" if hours % 24 else f"{hours // 24}d"


def _spell(key: str, value: str | list[str]) -> str:
    if isinstance(value, list):
        return "[" + ", ".join(_quote(tag) for tag in value) + "]"
    return value if key in _WORDS else spell(value)


def _quote(text: str) -> str:
    """Spell text for inside brackets and braces, where more characters have a meaning."""
    plain = re.fullmatch(r"[^\W\d_][\w-]*", text) and spell(text) == text
    return text if plain else json.dumps(text, ensure_ascii=False)


def _block(fields: dict[str, Any], indent: str, newline: str) -> str:
    lines = [f"{key}: {_spell(key, value)}" for key, value in fields.items()]
    return newline.join(f"{indent}{'  ' if number else '- '}{line}" for number, line in enumerate(lines))


def flow_entry(fields: dict[str, Any]) -> str:
    return "{" + ", ".join(f"{key}: {_flow_value(key, value)}" for key, value in fields.items()) + "}"


def _flow_value(key: str, value: str | list[str]) -> str:
    return _spell(key, value) if isinstance(value, list) or key in _WORDS else _quote(value)


# --- where it is written -----------------------------------------------------------------------


def replace_value(file: FeedsText, node: Mapping, key: str, text: str) -> Splice:
    """Put ``text`` in the place of a scalar that is there."""
    value = node.get(key)
    assert isinstance(value, Scalar)
    piece = (_flow_value if node.flow else _spell)(key, text)
    if value.style in ("|", ">") and file.text[value.end - 1] == "\n":
        piece += file.newline
    return value.start, value.end, piece


def insert_pair(file: FeedsText, node: Mapping, key: str, text: str) -> Splice:
    """Add a key: in braces at the end, else on a line of its own below the address or the name."""
    pair = f"{key}: {text}"
    if node.flow:
        end = node.pairs[-1][1].end
        return end, end, f", {pair}"
    indent = " " * (node.pairs[0][0].column - 1)
    for wanted in (*KINDS, "name"):
        value = node.get(wanted)
        if isinstance(value, Scalar) and value.style not in ("|", ">"):
            rest = _REST_OF_LINE.match(file.text, value.end)
            if rest is not None:
                return rest.end(), rest.end(), f"{file.newline}{indent}{pair}"
    first = node.pairs[0][0].start
    return first, first, f"{pair}{file.newline}{indent}"


def append(file: FeedsText, entries: list[dict[str, Any]]) -> list[Splice]:
    """Put entries at the end of the list, in the style that the list has."""
    feeds, root = file.feeds, file.root
    flow = ", ".join(flow_entry(entry) for entry in entries)
    if root is not None and root.flow and not isinstance(feeds, Sequence):
        return [_into_braces(root, feeds, flow)]
    if isinstance(feeds, Sequence) and feeds.flow:
        if feeds.items:
            return [(feeds.items[-1].end, feeds.items[-1].end, f", {flow}")]
        if root is not None and (root.flow or file.text[feeds.start + 1 : feeds.end - 1].strip()):
            return [(feeds.start + 1, feeds.start + 1, flow)]
    if isinstance(feeds, Sequence) and not feeds.flow:
        return [_after(file, feeds.end, _blocks(file, entries, feeds.column - 1))]
    column = root.column - 1 if root else 0
    if feeds is None:
        heading = " " * column + "feeds:" + file.newline
        return [_after(file, len(file.text), heading + _blocks(file, entries, column + 2))]
    # "feeds:", "feeds: ~" or "feeds: []": what stands after the colon gives way to the lines below it.
    colon = len(file.text[: feeds.start].rstrip(" "))
    return [
        (colon, feeds.end, ""),
        _after(file, feeds.end, _blocks(file, entries, column + 2)),
    ]


def _blocks(file: FeedsText, entries: list[dict[str, Any]], column: int) -> str:
    return file.newline.join(_block(entry, " " * column, file.newline) for entry in entries)


def _into_braces(root: Mapping, feeds: Node | None, flow: str) -> Splice:
    if feeds is not None:
        return feeds.start, feeds.end, f" [{flow}]"
    if root.pairs:
        end = root.pairs[-1][1].end
        return end, end, f", feeds: [{flow}]"
    return root.start + 1, root.start + 1, f"feeds: [{flow}]"


def _after(file: FeedsText, at: int, lines: str) -> Splice:
    """Put whole ``lines`` below the line that holds ``at``; ``at`` may be the start of the line below it."""
    if at == 0 or file.text[at - 1] == "\n":
        return at, at, lines + file.newline
    end = file.line_end(at)
    return end, end, file.newline + lines


def cut(file: FeedsText, index: int, node: Mapping) -> list[Splice]:
    """Take the entry in that place of the list out; comments between the entries stay."""
    feeds = file.feeds
    assert isinstance(feeds, Sequence)
    return _cut_flow(file, feeds, index, node) if feeds.flow else _cut_block(file, feeds, index, node)


def _cut_block(file: FeedsText, feeds: Sequence, index: int, node: Mapping) -> list[Splice]:
    """Cut the lines from the entry's dash to its last value."""
    before = feeds.items[index - 1].end if index else feeds.start - (feeds.column - 1)
    dash = re.compile(rf"^ {{{feeds.column - 1}}}-(?=\s)", re.MULTILINE)
    starts = [match.start() for match in dash.finditer(file.text, before, node.start)]
    if not starts:
        return []
    end = node.end
    if file.text[end - 1] != "\n":
        end = file.line_end(end)
        end += len(file.newline) if file.text.startswith(file.newline, end) else 0
    return [(starts[-1], end, "")]


def _cut_flow(file: FeedsText, feeds: Sequence, index: int, node: Mapping) -> list[Splice]:
    """Cut the entry and one comma beside it."""
    following = feeds.items[index + 1].start if index + 1 < len(feeds.items) else feeds.end
    comma = _find_comma(file.text, node.end, following)
    if comma is None and index:
        comma = _find_comma(file.text, feeds.items[index - 1].end, node.start)
    return [(node.start, node.end, ""), *([(comma, comma + 1, "")] if comma is not None else [])]


def _find_comma(text: str, start: int, end: int) -> int | None:
    """Return where a comma stands outside comments."""
    for match in re.compile(r"#[^\r\n]*|,").finditer(text, start, end):
        if match[0] == ",":
            return match.start()
    return None
