"""A note: what its front matter and text say, and edits that change only the bytes they must.

A file that cannot be read as a note is still a note: it is listed with its problem and never touched.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, NamedTuple

from studytui.errors import StudyError
from studytui.i18n import _, sentences
from studytui.notes import front_edit, syntax
from studytui.notes.front import FrontError, find_fence, split
from studytui.text import clean_line
from studytui.workspace import digest

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode

SIZE_LIMIT = 10_000_000  # bytes; larger files are listed and left alone

UNREADABLE, BINARY, LARGE, ENCODING, FRONT, NAME = (
    "unreadable",
    "binary",
    "large",
    "encoding",
    "front",
    "name",
)


@dataclass(frozen=True)
class Problem:
    """Why a file is listed but not touched; ``str()`` gives the sentence in the screen language."""

    kind: str
    line: int = 0
    detail: str = ""

    def __str__(self) -> str:
        sentences = {
            UNREADABLE: _("It cannot be opened ({detail})."),
            BINARY: _("It holds binary data, not text."),
            LARGE: _("It is larger than 10 MB."),
            ENCODING: _("It is not UTF-8 (byte {line} is foreign; perhaps GBK). Save it as UTF-8 first."),
            FRONT: _("The front matter cannot be read (line {line}): {detail}."),
            NAME: _("Its file name is not valid UTF-8."),
        }
        detail = _(self.detail) if self.kind == FRONT else self.detail
        return sentences[self.kind].format(line=self.line, detail=detail)


class _NoteFields(NamedTuple):
    path: str
    title: str
    titled: str = "name"
    kind: str = ""
    tags: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    date: str = ""
    source: str = ""
    url: str = ""
    lang: str = ""
    front_json: str = ""
    links_json: str = ""
    problem: Problem | None = None
    digest: str = ""
    size: int = 0
    modified: int = 0


class Note(_NoteFields):
    """What lists, links and search need to know of a note; its text is read when it is opened.

    ``path`` is relative to notes/ with "/" between folders.  ``titled`` says where the title stands: "front",
    "heading" or "name".  ``modified`` is in nanoseconds since 1970.  ``front_json`` and ``links_json`` are what
    `front` and `links` are read from when somebody asks: most never are, and ten thousand load at once, which is
    also why this is a named tuple.
    """

    @cached_property
    def front(self) -> Mapping[str, Any]:
        """The front matter; to be read only."""
        return json.loads(self.front_json) if self.front_json else {}

    @cached_property
    def links(self) -> tuple[syntax.Link, ...]:
        """The links to other notes and files, in the order of the text."""
        return tuple(map(syntax.Link._make, json.loads(self.links_json))) if self.links_json else ()

    @property
    def topic(self) -> str:
        """The first topic that the front matter files it under, "" when none."""
        return self.topics[0] if self.topics else ""

    @property
    def stem(self) -> str:
        """The file name without its ending."""
        return stem_of(self.path)

    @property
    def folder(self) -> str:
        """The folder below notes/, "" for notes/ itself."""
        return self.path.rpartition("/")[0]

    @property
    def updated(self) -> datetime:
        """When the file last changed, aware, in the machine's zone."""
        return datetime.fromtimestamp(self.modified / 1e9).astimezone()


@dataclass(frozen=True)
class NoteFile:
    """An opened note: its bytes and what they say.

    ``source`` is the exact text (line ends and BOM as in the file) that offsets refer to, ``text`` is what an
    editor shows ("\\n" only, no BOM), ``body`` is ``text`` without front matter.
    """

    note: Note
    raw: bytes

    @property
    def path(self) -> str:
        """The note's path below notes/."""
        return self.note.path

    @property
    def digest(self) -> str:
        """The hash to hand back when saving, so that nobody else's change is overwritten."""
        return self.note.digest

    @property
    def source(self) -> str:
        """The exact text; raises StudyError for a file that is no text."""
        return decode(self.raw, self.note)

    @property
    def text(self) -> str:
        """The text as an editor shows it."""
        return shown(self.source)

    @property
    def body(self) -> str:
        """The text below the front matter."""
        source = self.source
        return shown(source[body_start(source) :])


def decode(raw: bytes, note: Note) -> str:
    """Return ``raw`` as exact text, or raise StudyError with the note's problem."""
    if note.problem is not None and note.problem.kind != FRONT:
        raise StudyError(
            sentences(_("{path} cannot be opened as a note.").format(path=note.path), str(note.problem)),
            _("studytui leaves the file as it is."),
        )
    return raw.decode()


def shown(source: str) -> str:
    """Return ``source`` as an editor shows it: no BOM, every kind of line end as "\\n"."""
    return "\n".join(_lines(source.removeprefix("\ufeff"))[0])


def _lines(text: str) -> tuple[list[str], list[str]]:
    """Return the lines of ``text`` and the end of each; the last has none.

    Editors break lines wherever `str.splitlines` does, so that is what counts as a line here.
    """
    pieces = text.splitlines(keepends=True)
    lines = text.splitlines()
    ends = [piece[len(line) :] for piece, line in zip(pieces, lines, strict=True)]
    return (lines, ends) if lines and not ends[-1] else ([*lines, ""], [*ends, ""])


def body_start(source: str) -> int:
    """Return the offset behind the front matter; a broken one is skipped as well."""
    try:
        return split(source)[1]
    except FrontError:
        fence = find_fence(source)
        return fence.body if fence else 0


def stem_of(path: str) -> str:
    """Return the last part of ``path`` without its ending."""
    name = path.rpartition("/")[2]
    return name.rpartition(".")[0] or name


def parse_note(raw: bytes, path: str, modified: int = 0) -> Note:
    """Return what the bytes of the file at ``path`` say; never raises, a problem is part of the answer."""
    note = Note(path, stem_of(path), digest=digest(raw), size=len(raw), modified=modified)
    if len(raw) > SIZE_LIMIT:
        return note._replace(problem=Problem(LARGE))
    if b"\0" in raw:
        return note._replace(problem=Problem(BINARY))
    try:
        source = raw.decode()
    except UnicodeDecodeError as error:
        return note._replace(problem=Problem(ENCODING, error.start + 1))
    try:
        front, start = split(source)
        problem = None
    except FrontError as error:
        front, start = {}, body_start(source)
        problem = Problem(FRONT, error.line, error.detail)
    masked = syntax.mask(source)
    links = syntax.find_links(masked)
    title, titled = _title(front, source, masked, start, note.title)
    tags = [*front_tags(front), *(tag.name for tag in syntax.find_tags(masked, start, links))]
    return Note(
        path,
        title,
        titled,
        _word(front.get("kind")),
        _unique(tags),
        _unique(_words(front.get("aliases", front.get("alias")))),
        _unique(_unlinked(word) for word in _words(front.get("topic"))),
        _word(front.get("date")),
        _word(front.get("source")),
        _word(front.get("url")),
        _word(front.get("lang")),
        _encode(front) if front else "",
        _encode(links) if links else "",
        problem,
        note.digest,
        note.size,
        modified,
    )


def _title(front: Mapping[str, Any], source: str, masked: str, start: int, stem: str) -> tuple[str, str]:
    named = clean_line(_word(front.get("title")))
    if named:
        return named, "front"
    span = syntax.title_span(masked, start)
    heading = clean_line(source[slice(*span)]) if span else ""
    return (heading, "heading") if heading else (clean_line(stem) or stem, "name")


def front_tags(front: Mapping[str, Any]) -> list[str]:
    """Return the tags of a front matter: a list, or words between commas or blanks; signs are dropped."""
    value = front.get("tags", front.get("tag"))
    if isinstance(value, str):
        value = value.replace("，", " ").replace(",", " ").replace("、", " ").split()
    words = (word.lstrip("#＃").rstrip("/") for word in _words(value))
    return [word for word in words if word]


def _word(value: Any) -> str:
    return "" if value is None or isinstance(value, dict | list) else str(value).strip()


def _words(value: Any) -> list[str]:
    items = value if isinstance(value, list) else [value]
    # An unquoted [[link]] is a list in a list to YAML.
    flat = [part for item in items for part in (item if isinstance(item, list) else [item])]
    return [word for item in flat if (word := _word(item))]


def _unlinked(word: str) -> str:
    """Return the target of a property written as a link, ``[[target|label]]``, else the word itself."""
    if word.startswith("[[") and word.endswith("]]"):
        return word[2:-2].partition("|")[0].partition("#")[0].strip()
    return word


def _unique(words: Any) -> tuple[str, ...]:
    return tuple(dict.fromkeys(words))


# --- edits: source in, source out, every other byte kept ---------------------------------------------------


def with_text(source: str, text: str) -> str:
    """Return ``source`` changed to say ``text`` (as an editor shows it); untouched lines keep their bytes.

    New lines take the file's own line end, a BOM stays, a missing final newline stays missing unless typed.
    """
    bom = "\ufeff" if source.startswith("\ufeff") else ""
    return bom + _with_lines(source[len(bom) :], text, front_edit.newline_of(source))


def with_body(source: str, body: str) -> str:
    """Return ``source`` with the text below its front matter replaced, bytes of untouched lines kept."""
    start = body_start(source)
    return source[:start] + _with_lines(source[start:], body, front_edit.newline_of(source))


def _with_lines(old: str, text: str, newline: str) -> str:
    lines, ends = _lines(old)
    wanted, _ends = _lines(text)
    head = _common(lines, wanted)
    tail = _common(lines[head:][::-1], wanted[head:][::-1])
    middle = ends[head : len(ends) - tail]  # a line that was only edited keeps its end
    fresh = [newline] * (len(wanted) - head - tail - len(middle))
    kept = [*ends[:head], *middle[: len(wanted) - head - tail], *fresh, *ends[len(ends) - tail :]]
    closed = [end or newline for end in kept[:-1]]
    for n in reversed(range(len(closed) - 1)):
        if closed[n] == "\r" and not wanted[n + 1] and closed[n + 1] == "\n":
            closed[n] = newline  # the two would read as one line end
    return "".join(line + end for line, end in zip(wanted, [*closed, ""], strict=True))


def _common(one: list[str], other: list[str]) -> int:
    """Return how many items two lists share at their start."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((n for n, (a, b) in pairs if a != b), min(len(one), len(other)))


def with_tag(source: str, tag: str) -> str:
    """Return ``source`` with ``tag`` in its front matter's list; nothing changes when it is there."""
    name = tag.lstrip("#＃")
    front, _start = split(source)
    if name in front_tags(front):
        return source
    key = "tag" if "tag" in front and "tags" not in front else "tags"
    if isinstance(front.get(key), str) and front[key].strip():
        return front_edit.set_key(source, key, [*front_tags(front), name])
    return front_edit.add_item(source, key, name)


def splice(source: str, edits: list[tuple[int, int, str]]) -> str:
    """Return ``source`` with every (start, end, replacement) applied; the spans must not overlap."""
    for start, end, replacement in sorted(edits, reverse=True):
        source = source[:start] + replacement + source[end:]
    return source
