"""Which note a link means, and what follows: backlinks, dead links, orphans, mentions not yet linked."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache, wraps
from pathlib import PurePosixPath
from posixpath import normpath
from threading import RLock
from typing import Concatenate, ParamSpec, TypeVar

from studytui.notes import syntax
from studytui.notes.cache import quiet_collector
from studytui.notes.folder import ENDINGS
from studytui.notes.names import name_key
from studytui.notes.note import Note, body_start
from studytui.notes.syntax import Link
from studytui.text import clean_line

PICTURES = ("png", "jpg", "jpeg", "gif", "webp", "svg", "bmp", "avif")
_SOUNDS = ("mp3", "wav", "m4a", "ogg", "flac", "mp4", "mov", "webm", "mkv")
_PAPERS = ("pdf", "canvas", "base", "zip", "csv", "txt", "html", "docx", "xlsx", "pptx")
MEDIA = frozenset((*PICTURES, *_SOUNDS, *_PAPERS))
_URL = re.compile(r"(?:https?://|www\.)[^\s<>\"'，。；、）】」』]+")
_LATIN = re.compile(r"[0-9A-Za-z_\u00c0-\u024f]")
_key = lru_cache(maxsize=1 << 16)(name_key)


@dataclass(frozen=True)
class Backlink:
    """A link that leads to a note: the note it stands in, the link, and the sentence around it on one line."""

    note: Note
    link: Link
    sentence: str
    line: int


@dataclass(frozen=True)
class Mention:
    """A note's name in another note's text, not linked: the span in its source and the sentence around it."""

    note: Note
    start: int
    end: int
    text: str
    sentence: str
    line: int


@dataclass(frozen=True)
class DeadLink:
    """A link in ``note`` that leads nowhere; ``name`` is the title a new note would get, ``path`` its place."""

    note: Note
    link: Link
    name: str
    path: str


_P = ParamSpec("_P")
_R = TypeVar("_R")


def _alone(method: Callable[Concatenate[LinkGraph, _P], _R]) -> Callable[Concatenate[LinkGraph, _P], _R]:
    """Let one thread at a time into the graph."""

    @wraps(method)
    def guarded(self: LinkGraph, /, *args: _P.args, **kwargs: _P.kwargs) -> _R:
        with self._lock:
            return method(self, *args, **kwargs)

    return guarded


class Names:
    """Looks names up: by path, then file name, then title, then alias; the shortest path wins."""

    def __init__(self, notes: Iterable[Note] = ()) -> None:
        self._notes: dict[str, Note] = {}
        self._paths: dict[str, list[str]] = {}
        self._stems: dict[str, list[str]] = {}
        self._titles: dict[str, list[str]] = {}
        self._aliases: dict[str, list[str]] = {}
        for note in notes:
            self.add(note)

    def add(self, note: Note) -> None:
        """Make ``note`` known under all its names."""
        self._notes[note.path] = note
        for table, key in self._entries(note):
            table.setdefault(key, []).append(note.path)

    def remove(self, path: str) -> None:
        """Forget the note at ``path``."""
        note = self._notes.pop(path, None)
        for table, key in self._entries(note) if note else ():
            paths = table.get(key, [])
            if path in paths:
                paths.remove(path)
            if not paths:
                table.pop(key, None)

    def _entries(self, note: Note) -> Iterator[tuple[dict[str, list[str]], str]]:
        yield self._paths, _key(_bare(note.path))
        yield self._stems, _key(note.stem)
        yield self._titles, _key(note.title)
        for alias in dict.fromkeys(_key(alias) for alias in note.aliases):
            yield self._aliases, alias

    def all_keys(self) -> Iterator[str]:
        """Yield the keys of every file name, title and alias."""
        for table in (self._titles, self._stems, self._aliases):
            yield from table

    def resolve(self, target: str, origin: str = "", *, relative: bool = False) -> str | None:
        """Return the path of the note that ``target`` names, seen from the note at ``origin``; None if none.

        ``relative``: a Markdown link, which is first looked up from its own folder.  An empty target means
        ``origin`` itself.
        """
        if not target:
            return origin or None
        if relative or target.startswith(("./", "../")):
            found = self._at(normpath(PurePosixPath(origin).parent.joinpath(target.lstrip("/")).as_posix()))
            if found is not None:
                return found
        target = target.removeprefix("./").lstrip("/")
        return self._at(target) or self._named(_bare(target))

    def of(self, link: Link, origin: str) -> str | None:
        """Return the path of the note that ``link``, standing in the note at ``origin``, leads to."""
        return self.resolve(link.target, origin, relative=not link.is_wiki)

    def _at(self, path: str) -> str | None:
        for exact in (path, f"{path}.md"):
            if exact in self._notes:
                return exact
        return self._best(self._paths.get(_key(_bare(path)), ()))

    def _named(self, target: str) -> str | None:
        key = _key(target)
        if "/" in key:
            last = key.rpartition("/")[2]
            tail = [p for p in self._stems.get(last, ()) if f"/{_key(_bare(p))}".endswith(f"/{key}")]
            if tail:
                return self._best(tail)
        for table in (self._stems, self._titles, self._aliases):
            if key in table:
                return self._best(table[key])
        return None

    def _best(self, paths: Iterable[str]) -> str | None:
        return min(paths, key=lambda path: (path.count("/"), len(path), path), default=None)


class LinkGraph:
    """The links between notes, kept up to date note by note; ``read`` returns a note's exact text.

    All methods may be called from any thread.
    """

    def __init__(self, notes: Iterable[Note], read: Callable[[str], str]) -> None:
        self.names = Names()
        self._read = read
        self._notes: dict[str, Note] = {}
        self._linking: dict[str, set[str]] = {}  # key of a link's target → paths of the notes it stands in
        self._folded: dict[str, str] = {}
        self._lock = RLock()
        with quiet_collector():
            for note in notes:
                self.put(note)

    @_alone
    def put(self, note: Note) -> None:
        """Take in a new or changed note."""
        self.drop(note.path)
        self._notes[note.path] = note
        self.names.add(note)
        for key in _link_keys(note):
            self._linking.setdefault(key, set()).add(note.path)

    @_alone
    def drop(self, path: str) -> None:
        """Forget the note at ``path``."""
        note = self._notes.pop(path, None)
        if note is None:
            return
        self.names.remove(path)
        self._folded.pop(path, None)
        for key in _link_keys(note):
            self._linking.get(key, set()).discard(path)

    @_alone
    def linking(self, keys: Iterable[str]) -> set[str]:
        """Return the notes that hold a link or topic written with one of these keys."""
        return {path for key in keys for path in self._linking.get(key, ())}

    @_alone
    def outgoing(self, path: str) -> list[tuple[Link, Note | None]]:
        """Return the links in the note at ``path``, each with the note it leads to."""
        note = self._notes.get(path)
        found = ((link, self.names.of(link, path)) for link in note.links) if note else ()
        return [(link, self._notes.get(target) if target else None) for link, target in found]

    @_alone
    def sources(self, path: str) -> set[str]:
        """Return the paths of the notes that link to the note at ``path``, itself left out."""
        note = self._notes.get(path)
        if note is None:
            return set()
        return {
            other
            for other in self.linking(note_keys(note)) - {path}
            if any(self.names.of(link, other) == path for link in self._notes[other].links)
        }

    @_alone
    def backlinks(self, path: str) -> list[Backlink]:
        """Return every link to the note at ``path`` with its sentence, last changed notes first."""
        found = []
        for source in sorted(self.sources(path), key=lambda p: (-self._notes[p].modified, p)):
            note, text = self._notes[source], self._read(source)
            for link in note.links:
                # Another program may have written the file since; the next look tells what it holds now.
                if link.end <= len(text) and self.names.of(link, source) == path:
                    sentence, line = _around(text, link.start, link.end)
                    found.append(Backlink(note, link, sentence, line))
        return found

    @_alone
    def dead(self, path: str | None = None) -> list[DeadLink]:
        """Return the links, of all notes or of the one at ``path``, that lead nowhere; files are no notes."""
        notes = self._notes if path is None else {path: self._notes[path]} if path in self._notes else {}
        return [
            DeadLink(
                note,
                link,
                dead_name(link.target),
                asked_path(link.target, origin, relative=not link.is_wiki),
            )
            for origin, note in sorted(notes.items())
            for link in note.links
            if should_be_note(link) and self.names.of(link, origin) is None
        ]

    @_alone
    def orphans(self) -> list[Note]:
        """Return the notes that nothing leads to and that lead nowhere, last changed first."""
        touched: set[str] = set()
        for path, note in self._notes.items():
            targets = [self.names.of(link, path) for link in note.links]
            targets += [self.names.resolve(topic, path) for topic in note.topics]
            reached = {target for target in targets if target and target != path}
            touched |= reached | ({path} if reached else set())
        alone = (note for path, note in self._notes.items() if path not in touched)
        return sorted(alone, key=lambda note: (-note.modified, note.path))

    @_alone
    def mentions(self, path: str, limit: int = 100) -> list[Mention]:
        """Return up to ``limit`` places where other notes name this one without a link, last changed first.

        Chinese names count inside a sentence, Latin ones as whole words; where a longer name of some note
        stands, it is that note's.  Code, links, addresses and front matter are left out.
        """
        note = self._notes.get(path)
        names = _mentionable(note) if note else []
        if note is None or not names:
            return []
        pattern, longer = _any_of(names), _Longer(names, self.names.all_keys())
        needles = [name.lower() for name in names]
        for unread in self._notes.keys() - self._folded.keys():
            self._folded[unread] = self._read(unread).lower()
        near = [
            self._notes[p] for p, text in self._folded.items() if any(needle in text for needle in needles)
        ]
        found: list[Mention] = []
        for other in sorted(near, key=lambda n: (-n.modified, n.path)):
            if other.path != path and len(found) < limit:
                found.extend(self._mentions_in(other, pattern, longer))
        return found[:limit]

    def _mentions_in(self, note: Note, pattern: re.Pattern[str], longer: _Longer) -> Iterator[Mention]:
        source = self._read(note.path)
        plain = plain_text(source)
        for match in pattern.finditer(plain, body_start(source)):
            if not longer.covers(plain, *match.span()):
                sentence, line = _around(source, *match.span())
                yield Mention(note, *match.span(), source[slice(*match.span())], sentence, line)


class _Longer:
    """Longer names of other notes that hold one of ``names``: where they stand, the short one is not meant."""

    def __init__(self, names: Iterable[str], keys: Iterable[str]) -> None:
        own = {_key(name) for name in names}
        self._around: dict[tuple[int, int], set[str]] = {}  # (characters before, length) → names
        for key in keys:
            for name in own - {key}:
                at = key.find(name)
                while at >= 0 and key not in own:
                    self._around.setdefault((at, len(key)), set()).add(key)
                    at = key.find(name, at + 1)

    def covers(self, text: str, start: int, end: int) -> bool:
        """Say whether a longer name stands at ``text[start:end]``."""
        for (before, length), keys in self._around.items():
            first = start - before
            if (
                first >= 0
                and text[first : first + length].lower() in keys
                and _whole(text, first, first + length)
            ):
                return True
        return False


def note_keys(note: Note) -> set[str]:
    """Return the keys under which links may name ``note``."""
    return {_key(name) for name in (_bare(note.path), note.stem, note.title, *note.aliases)}


def plain_text(source: str) -> str:
    """Return ``source`` with code, comments, links and addresses blanked, every offset kept."""
    masked = syntax.mask(source)
    masked = syntax.blank(masked, _apart((link.start, link.end) for link in syntax.find_links(masked)))
    apart = [match.span() for match in _URL.finditer(masked)]
    apart += [(match.start(), match.start(3)) for match in syntax.CALLOUT.finditer(masked)]
    return syntax.blank(masked, sorted(apart))


def _apart(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return spans in order without those that lie in another: a picture may be a link's label."""
    kept: list[tuple[int, int]] = []
    for start, end in sorted(spans, key=lambda span: (span[0], -span[1])):
        if not kept or start >= kept[-1][1]:
            kept.append((start, end))
    return kept


def _link_keys(note: Note) -> set[str]:
    targets = [_bare(link.target) for link in note.links if link.target]
    keys = {_key(target) for target in (*targets, *note.topics)}
    return keys | {_key(target.rpartition("/")[2]) for target in targets if "/" in target}


def _bare(path: str) -> str:
    """Return ``path`` without a note's ending."""
    head, dot, ending = path.rpartition(".")
    return head if dot and f".{ending.lower()}" in ENDINGS else path


def should_be_note(link: Link) -> bool:
    """Say whether a link that leads nowhere asks for a note, and not for a picture or another file."""
    if not link.target or link.kind == syntax.IMAGE:
        return False
    ending = link.target.rpartition(".")[2].lower() if "." in link.target else ""
    return ending not in MEDIA if link.is_wiki else f".{ending}" in ENDINGS


def asked_path(target: str, origin: str = "", *, relative: bool = False) -> str:
    """Return the path without ending of the note that a link's ``target``, in the note at ``origin``, asks for.

    One that would lie outside notes/ is asked for in notes/ itself.
    """
    place = _bare(target).lstrip("/")
    if relative or target.startswith(("./", "../")):
        place = normpath(PurePosixPath(origin).parent.joinpath(place).as_posix())
    folders = [part for part in place.split("/")[:-1] if part not in ("", ".")]
    return dead_name(target) if ".." in folders else "/".join((*folders, dead_name(target)))


def dead_name(target: str) -> str:
    """Return the title that the note would have which a link's ``target`` asks for."""
    return clean_line(_bare(target).rpartition("/")[2]) or clean_line(target)


def _mentionable(note: Note) -> list[str]:
    """Return the names worth looking for: one character, or a number, would be found everywhere."""
    names = dict.fromkeys((note.title, note.stem, *note.aliases))
    return [name for name in names if len(name.strip()) > 1 and not name.strip().isdigit()]


def _any_of(names: Iterable[str]) -> re.Pattern[str]:
    """Return a pattern that finds the longest of ``names`` at each place, Latin ends on word boundaries."""
    parts = []
    for name in sorted(set(names), key=lambda name: (-len(name), name)):
        word = r"[ \t]+".join(re.escape(part) for part in name.split())
        before = rf"(?<!{_LATIN.pattern})" if _LATIN.match(name.strip()[0]) else ""
        after = rf"(?!{_LATIN.pattern})" if _LATIN.match(name.strip()[-1]) else ""
        parts.append(before + word + after)
    return re.compile("|".join(parts), re.IGNORECASE)


def _whole(text: str, start: int, end: int) -> bool:
    """Say whether no Latin word is cut at either end of ``text[start:end]``."""
    cut_before = start > 0 and _LATIN.match(text[start - 1]) and _LATIN.match(text[start])
    cut_after = end < len(text) and _LATIN.match(text[end - 1]) and _LATIN.match(text[end])
    return not cut_before and not cut_after


def _around(source: str, start: int, end: int) -> tuple[str, int]:
    """Return the sentence around a span on one line and the line's number, from 1."""
    first, last = syntax.sentence_around(source, start, end)
    # A line without any stop may be as long as the file; what stands near is what helps.
    first, last = max(first, start - 200), min(last, end + 200)
    return clean_line(source[first:last]), source.count("\n", 0, start) + 1
