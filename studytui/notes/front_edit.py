"""Editing front matter: one key at a time, every other byte kept.

A source is the exact text of a file: a splice of characters is a splice of bytes.  Each edit is read back and
refused when it does not say what was asked.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from studytui.errors import StudyError
from studytui.i18n import _
from studytui.notes.front import (
    Fence,
    FrontError,
    find_fence,
    is_simple_flow,
    is_simple_scalar,
    resolve_plain,
    split,
)


def render_scalar(value: Any, *, flow: bool = False) -> str:
    """Return ``value`` as YAML that reads back as the same value; text is quoted only when it must be."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    text = str(value)
    safe = is_simple_flow(text) if flow else is_simple_scalar(text)
    return text if safe and resolve_plain(text) == text else _quote(text)


def _quote(text: str) -> str:
    """JSON's string is YAML's double-quoted scalar; what YAML cannot hold bare is escaped on top."""
    quoted = json.dumps(text, ensure_ascii=False)
    return re.sub("[\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff]", lambda c: f"\\u{ord(c[0]):04x}", quoted)


def render_value(value: Any) -> str:
    """Return a scalar or a flow list; nested values become JSON, which YAML reads."""
    if isinstance(value, list | tuple):
        if any(isinstance(item, list | tuple | dict) for item in value):
            return json.dumps(value, ensure_ascii=False)
        return f"[{', '.join(render_scalar(item, flow=True) or 'null' for item in value)}]"
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else render_scalar(value)


def render(front: Mapping[str, Any], newline: str = "\n") -> str:
    """Return a whole front matter block, fences included; empty text for an empty mapping."""
    if not front:
        return ""
    lines = [_render_pair(key, value) for key, value in front.items()]
    return newline.join(["---", *lines, "---", ""])


def _render_pair(key: str, value: Any) -> str:
    shown = render_value(value)
    return f"{render_scalar(key)}: {shown}" if shown else f"{render_scalar(key)}:"


def newline_of(source: str) -> str:
    """Return the line end that ``source`` uses, by its first line."""
    end = source.find("\n")
    return "\r\n" if end > 0 and source[end - 1] == "\r" else "\n"


def set_key(source: str, key: str, value: Any) -> str:
    """Return ``source`` with the front matter's ``key`` set to ``value``; None as value removes the key.

    Raises StudyError when the front matter cannot be read, or when the edit would not read back as asked.
    """
    front = _readable(source)
    if value is None:
        return _remove_key(source, front, key) if key in front else source
    if key in front and front[key] == value and type(front[key]) is type(value):
        return source
    fence = find_fence(source)
    newline = newline_of(source)
    if fence is None or split(source)[1] <= 1:
        start = 1 if source.startswith("\ufeff") else 0
        block = render({key: value}, newline)
        return _checked(source[:start] + block + source[start:], {**front, key: value})
    span = _value_span(source, fence, key)
    if span is None:
        line = _render_pair(key, value) + newline
        edited = source[: fence.end] + line + source[fence.end :]
    else:
        start, end = span
        lead = "" if source[start - 1] in " \t" else " "
        edited = source[:start] + lead + render_value(value) + source[end:]
    return _checked(edited, {**front, key: value})


def add_item(source: str, key: str, item: str) -> str:
    """Return ``source`` with ``item`` added at the end of the list under ``key``; the others keep theirs."""
    front = _readable(source)
    old = front.get(key)
    items = _as_list(old)
    if item in items:
        return source
    wanted = {**front, key: [*items, item]}
    fence = find_fence(source)
    if not isinstance(old, list) or not old or fence is None:
        return set_key(source, key, [*items, item])
    nodes = _item_nodes(source, fence, key)
    last_start, last_end = nodes[-1]
    before = source[source.rfind("\n", 0, last_start) + 1 : last_start]
    if before.strip(" ") == "-":
        edited = source[:last_end] + newline_of(source) + before + render_scalar(item) + source[last_end:]
    else:
        edited = source[:last_end] + ", " + render_scalar(item, flow=True) + source[last_end:]
    try:
        return _checked(edited, wanted)
    except StudyError:
        return set_key(source, key, [*items, item])


def replace_items(source: str, key: str, names: Mapping[str, str]) -> str:
    """Return ``source`` with the items under ``key`` (a list or one value) renamed all at once.

    An item that would stand there twice goes.
    """
    front = _readable(source)
    value = front.get(key)
    if not isinstance(value, list):
        return set_key(source, key, names[value]) if isinstance(value, str) and value in names else source
    renamed = [names.get(item, item) if isinstance(item, str) else item for item in value]
    if renamed == value:
        return source
    kept = [item for n, item in enumerate(renamed) if item not in renamed[:n]]
    fence = find_fence(source)
    if len(kept) < len(value) or fence is None:
        return set_key(source, key, kept)
    edited = source
    spans = _item_nodes(source, fence, key)
    for (start, end), old, new in reversed(list(zip(spans, value, renamed, strict=True))):
        if old != new:
            flow = source[source.rfind("\n", 0, start) + 1 : start].strip(" ") != "-"
            edited = edited[:start] + render_scalar(new, flow=flow) + edited[end:]
    try:
        return _checked(edited, {**front, key: kept})
    except StudyError:
        return set_key(source, key, kept)


def remove_item(source: str, key: str, item: str) -> str:
    """Return ``source`` without ``item`` under ``key``; an empty list goes with its key."""
    value = _readable(source).get(key)
    if not isinstance(value, list):
        return set_key(source, key, None) if value == item else source
    return set_key(source, key, [kept for kept in value if kept != item] or None)


def _as_list(value: Any) -> list[Any]:
    if isinstance(value, list):
        return list(value)
    return [] if value in (None, "") else [value]


def _readable(source: str) -> dict[str, Any]:
    try:
        return split(source)[0]
    except FrontError as error:
        raise StudyError(
            _("The front matter cannot be read (line {line}): {detail}.").format(
                line=error.line, detail=_(error.detail)
            ),
            _("Mend the lines between the two --- at the top of the note, then try again."),
        ) from error


def _checked(source: str, wanted: Mapping[str, Any]) -> str:
    """Return ``source`` when its front matter now reads as ``wanted``; else the edit is refused."""
    try:
        found = split(source)[0]
    except FrontError:
        found = {}
    if found != wanted:
        raise _refusal()
    return source


def _refusal() -> StudyError:
    return StudyError(
        _("This front matter is written in a way that cannot be edited safely."),
        _("Open the note in the editor and change the lines at its top by hand."),
    )


def _node(source: str, fence: Fence) -> Any:
    """Return the root node with marks; the pure Python loader counts characters, as the splices do."""
    import yaml

    class Composer(yaml.SafeLoader):
        yaml_implicit_resolvers = {}  # noqa: RUF012 - a PyYAML hook

    try:
        return yaml.compose(source[fence.start : fence.end], Composer)
    except yaml.YAMLError as error:
        raise _refusal() from error


def _pair_nodes(source: str, fence: Fence, key: str) -> tuple[Any, Any] | None:
    root = _node(source, fence)
    pairs = root.value if root is not None and isinstance(root.value, list) else []
    return next(((k, v) for k, v in pairs if getattr(k, "value", None) == key), None)


def _value_span(source: str, fence: Fence, key: str) -> tuple[int, int] | None:
    """Return the offsets of the value under ``key``; an absent value is the empty span after its colon."""
    pair = _pair_nodes(source, fence, key)
    if pair is None:
        return None
    name, value = pair
    start, end = fence.start + value.start_mark.index, fence.start + value.end_mark.index
    if start == end or not source[start:end].strip():
        colon = source.index(":", fence.start + name.end_mark.index) + 1
        return colon, colon
    end = start + len(_without_trailer(source[start:end]))
    if "\n" in source[fence.start + name.end_mark.index : start]:
        # A block list or map starts on its own line: the new value goes up behind the colon.
        start = source.index(":", fence.start + name.end_mark.index) + 1
    return start, end


def _without_trailer(text: str) -> str:
    """Drop the blank and comment lines that PyYAML counts to the end of a block value."""
    lines = text.split("\n")
    while len(lines) > 1 and (not lines[-1].strip() or lines[-1].lstrip().startswith("#")):
        lines.pop()
    return "\n".join(lines).rstrip("\r\n \t") if len(lines) > 0 else text


def _item_nodes(source: str, fence: Fence, key: str) -> list[tuple[int, int]]:
    """Return the span of each item in the list under ``key``."""
    pair = _pair_nodes(source, fence, key)
    items = pair[1].value if pair else []
    return [(fence.start + n.start_mark.index, fence.start + n.end_mark.index) for n in items]


def _remove_key(source: str, front: Mapping[str, Any], key: str) -> str:
    """Drop the lines of ``key``; a front matter left empty goes with its fences."""
    fence = find_fence(source)
    wanted = {name: value for name, value in front.items() if name != key}
    pair = _pair_nodes(source, fence, key) if fence else None
    span = _value_span(source, fence, key) if fence else None
    if fence is None or pair is None or span is None:
        return _checked(source, wanted)
    if not wanted:
        start = 1 if source.startswith("\ufeff") else 0
        inner = source[fence.start : fence.end]
        if "#" not in inner:
            return _checked(source[:start] + source[fence.body :], wanted)
    start = source.rfind("\n", 0, fence.start + pair[0].start_mark.index) + 1
    end = source.find("\n", span[1]) + 1
    return _checked(source[:start] + source[max(end, span[1]) :], wanted)
