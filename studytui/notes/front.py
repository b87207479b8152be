"""Front matter: YAML read by the 1.2 core schema, where dates, times, yes and no stay text.

``source`` is always a file's exact text: decoded without translating line ends, a leading BOM kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from studytui.i18n import N_
from studytui.nesting import is_deeper

LIMIT = 256_000  # characters; more than this between the fences is not front matter
_DEEPEST = 1_000  # libyaml ends the program at some tens of thousands
_NODES = 20_000  # a few anchors can stand for billions of values

_OPEN = re.compile(r"\ufeff?---[ \t]*\r?\n")
_CLOSE = re.compile(r"^(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.MULTILINE)
_INT = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_WORDS: dict[str, Any] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), float("nan")),
    **{sign + word: float(f"{sign}inf") for sign in ("", "+", "-") for word in (".inf", ".Inf", ".INF")},
}


class FrontError(ValueError):
    """Front matter that cannot be read; ``line`` is the line in the file, ``detail`` a msgid."""

    def __init__(self, line: int, detail: str) -> None:
        super().__init__(detail)
        self.line = line
        self.detail = detail


@dataclass(frozen=True)
class Fence:
    """Where the YAML between the fences starts and ends and where the body starts, as offsets in a source."""

    start: int
    end: int
    body: int


def find_fence(source: str) -> Fence | None:
    """Return the place of the front matter, None when the text does not start with any."""
    opening = _OPEN.match(source)
    if opening is None:
        return None
    closing = _CLOSE.search(source, opening.end(), opening.end() + LIMIT)
    return Fence(opening.end(), closing.start(), closing.end()) if closing else None


def split(source: str) -> tuple[dict[str, Any], int]:
    """Return (front matter, offset of the body); raises FrontError with the file's line.

    A file that starts with a rule and plain words has no front matter: its body starts at its start.
    """
    fence = find_fence(source)
    start = 1 if source.startswith("\ufeff") else 0
    if fence is None:
        return {}, start
    loaded = load(source[fence.start : fence.end])
    return ({}, start) if loaded is None else (loaded, fence.body)


def load(text: str) -> dict[str, Any] | None:
    """Return the mapping that ``text`` spells, None when it is a bare word; raises FrontError."""
    quick = load_simple(text)
    return load_yaml(text) if quick is None else quick


def resolve_plain(value: str) -> Any:
    """Return what an unquoted scalar means in YAML 1.2's core schema; dates, times, yes and no stay text."""
    if value in _WORDS:
        return _WORDS[value]
    first = value[0]
    if first in "+-.0123456789" and len(value) < 400:
        if _INT.fullmatch(value):
            return int(value, 0) if value[:2] in ("0o", "0x") else int(value)
        if _FLOAT.fullmatch(value):
            return float(value)
    return value


# --- the fast path: what nearly every note has, at a tenth of PyYAML's price -------------------------------

_SIMPLE_TEXT = re.compile(
    "[\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]*"
)
_PAIR = re.compile(r"([A-Za-z_][A-Za-z0-9_-]{0,63}):(?: +(.*))?")
_ITEM = re.compile(r"( *)- +(.+)")
_FLOW_ITEM = re.compile(r"\w(?:[\w /.+-]*[\w/.+-])?")
_TROUBLE = re.compile(r": | #|:$")
_QUOTED = re.compile(r'"([^"\\]*)"|\'([^\']*)\'')
_MISS = object()


def load_simple(text: str) -> dict[str, Any] | None:
    """Return the mapping when ``text`` is made of plain keys, scalars and lists only, else None.

    Equal to `load_yaml` wherever it answers; a property test holds the two together.
    """
    if "\r" in text:
        text = text.replace("\r\n", "\n")
    if not _SIMPLE_TEXT.fullmatch(text):
        return None
    found: dict[str, Any] = {}
    items: list[Any] | None = None  # the list that "- x" lines go to: only right after a key without value
    indent = key = ""
    for line in text.split("\n"):
        bare = line.rstrip(" ")
        if not bare:
            continue
        if items is not None and (item := _ITEM.fullmatch(bare)):
            value = _simple_scalar(item[2])
            if value is _MISS or (items and item[1] != indent):
                return None
            indent = item[1]
            items.append(value)
            found[key] = items
            continue
        pair = _PAIR.fullmatch(bare)
        if pair is None or pair[1] in found or pair[1] in _WORDS:
            return None
        key, value = pair[1], _simple_value(pair[2])
        if value is _MISS:
            return None
        items = [] if pair[2] is None else None
        found[key] = value
    return found


def _simple_value(text: str | None) -> Any:
    if text is None:
        return None
    if text[0] != "[":
        return _simple_scalar(text)
    if text[-1] != "]":
        return _MISS
    inner = text[1:-1].strip(" ")
    if not inner:
        return []
    values = []
    for part in inner.split(","):
        item = part.strip(" ")
        if _FLOW_ITEM.fullmatch(item):
            values.append(resolve_plain(item))
        elif (quoted := _QUOTED.fullmatch(item)) is not None:
            values.append(quoted[1] if quoted[1] is not None else quoted[2])
        else:
            return _MISS
    return values


def _simple_scalar(text: str) -> Any:
    first = text[0]
    if first in "\"'":
        quoted = _QUOTED.fullmatch(text)
        if quoted is None:
            return _MISS
        return quoted[1] if quoted[1] is not None else quoted[2]
    if not (first.isalnum() or first == "_") or _TROUBLE.search(text):
        return _MISS
    return resolve_plain(text)


def is_simple_scalar(text: str) -> bool:
    """Say whether ``text`` may stand bare as a value on its own line."""
    if not text or "\n" in text or text != text.strip(" ") or text[0] in "\"'":
        return False
    return bool(_SIMPLE_TEXT.fullmatch(text)) and _simple_scalar(text) is not _MISS


def is_simple_flow(text: str) -> bool:
    """Say whether ``text`` may stand bare between the brackets of a list."""
    return bool(_FLOW_ITEM.fullmatch(text))


# --- PyYAML, kept to the core schema -----------------------------------------------------------------------

_REASONS = (
    ("mapping values are not allowed", N_("a value with “: ” in it needs quotation marks around it")),
    ("'\\t'", N_("there is a tab; use spaces")),
    ("duplicate key", N_("the same key stands there twice")),
    ("expected ',' or", N_("a bracket is opened and never closed")),
    ("end of stream", N_("a quotation mark or bracket is opened and never closed")),
    ("could not find expected ':'", N_("a line has no “: ” between key and value")),
    ("undefined alias", N_("a value that starts with * needs quotation marks around it")),
    ("cannot start any token", N_("a value starts with a sign that needs quotation marks around it")),
    ("not allowed", N_("there is a control character in it")),
    ("not a mapping", N_("it is a list, not “key: value” lines")),
    ("too deep", N_("its brackets are nested too deeply")),
    ("too many", N_("its anchors stand for more values than can be read")),
)
_OTHER = N_("it is not YAML")
_CORE = "tag:studytui,2026:core"  # an unquoted scalar, before the core schema says what it means


@cache
def _loader() -> Any:
    """Return the loader class; made once, because importing yaml is not for start-up."""
    import yaml

    base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

    class CoreLoader(base):  # type: ignore[misc]
        """SafeLoader without YAML 1.1's surprises; a key that stands twice is an error."""

        def resolve(self, kind: Any, value: Any, implicit: Any) -> Any:
            if kind is yaml.ScalarNode and implicit[0]:
                return _CORE
            return super().resolve(kind, value, implicit)

        def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
            seen = set()
            for key, _value in node.value:
                if isinstance(key, yaml.ScalarNode):
                    if key.value in seen:
                        raise yaml.constructor.ConstructorError(None, None, "duplicate key", key.start_mark)
                    seen.add(key.value)
            made: dict[Any, Any] = super().construct_mapping(node, deep=deep)
            return made

        def construct_core(self, node: Any) -> Any:
            return resolve_plain(self.construct_scalar(node))

    CoreLoader.add_constructor(_CORE, CoreLoader.construct_core)
    return CoreLoader


def load_yaml(text: str) -> dict[str, Any] | None:
    """Return what PyYAML reads under the core schema, None for a bare word; raises FrontError."""
    import yaml

    if is_deeper(text, _DEEPEST):
        raise FrontError(2, _reason("too deep"))
    try:
        loaded = yaml.load(text, _loader())  # noqa: S506 - a subclass of SafeLoader
        if isinstance(loaded, list):
            raise FrontError(2, _reason("not a mapping"))
        budget = iter(range(_NODES))
        plain = _plain(loaded, budget)
    except yaml.YAMLError as error:
        raise _explained(text, error) from error
    except RecursionError as error:
        raise FrontError(2, _reason("too many")) from error
    except (ValueError, TypeError, OverflowError) as error:
        if isinstance(error, FrontError):
            raise
        raise FrontError(2, _OTHER) from error
    if plain is None:
        return {}
    return plain if isinstance(plain, dict) else None


def _explained(text: str, error: Any) -> FrontError:
    """Return PyYAML's complaint as ours: the line in the file and words a beginner understands."""
    mark = getattr(error, "problem_mark", None)
    if mark is None:
        above = text.count("\n", 0, max(0, getattr(error, "position", 0)))
        return FrontError(above + 2, _reason(str(error)))
    lines = text.split("\n")[mark.line : mark.line + 1]
    tab = "'\\t'" if lines and lines[0][mark.column : mark.column + 1] == "\t" else ""
    problem = f"{tab} {getattr(error, 'problem', '')} {getattr(error, 'context', '')}"
    return FrontError(mark.line + 2, _reason(problem))


def _reason(problem: str) -> str:
    return next((reason for sign, reason in _REASONS if sign in problem), _OTHER)


def _plain(value: Any, budget: Iterator[int]) -> Any:
    """Return ``value`` as text, numbers, lists and dicts with text keys; anchors may not run wild."""
    if next(budget, None) is None:
        raise FrontError(2, _reason("too many"))
    if isinstance(value, dict):
        return {str(key): _plain(item, budget) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item, budget) for item in value]
    return value if value is None or isinstance(value, str | int | float) else str(value)
