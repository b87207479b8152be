"""What the last scan saw, so that an unchanged folder opens at the price of looking at it.

The file holds one column for each field of the notes, because ten thousand notes are made fastest that way, and in
the order of the list, because the first page of it is all that most starts ask for.  It may be deleted, foreign or
damaged at any time; then every note is read again.
"""

from __future__ import annotations

import contextlib
import gc
import os
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property, lru_cache
from itertools import repeat
from operator import attrgetter
from pathlib import Path
from typing import Any, NamedTuple, overload
from zlib import crc32

from studytui import __version__
from studytui.notes.note import Note, Problem

_HEAD = f"studytui notes 3 {__version__}"
_FIELD, _ITEM = "\x1f", "\x1d"
_CUT = _FIELD.encode()
_FIELDS = Note._fields[1:-2]  # the path has its own place, size and time are in the signature
_LISTS = [_FIELDS.index(name) for name in ("tags", "aliases", "topics")]
_MOST, _UNSIGNED = (1 << 63) - 1, 1 << 64
_LANG, _PROBLEM = _FIELDS.index("lang"), _FIELDS.index("problem")

Signature = tuple[int, int, int, int]  # modified and changed in ns, size in bytes, inode

signature = attrgetter("st_mtime_ns", "st_ctime_ns", "st_size", "st_ino")
"""What tells two states of a file apart without reading it, of its stat."""


class Look(NamedTuple):
    """The note files of a folder: their paths, and the numbers of their signatures one after the other."""

    paths: list[str]
    numbers: list[int]

    def signatures(self) -> Iterator[Signature]:
        """Return the signature of each path."""
        numbers = iter(self.numbers)
        return zip(numbers, numbers, numbers, numbers, strict=True)


class Seen(NamedTuple):
    """One file as it was when it was last read.

    ``settled`` is false when it had just been written: a second write within the same tick of the file
    system's clock would leave the same signature, so such a file is read once more.
    """

    signature: Signature
    settled: bool
    note: Note


class Listing(Sequence[Note]):
    """Notes in the order of the list, of which those looked at are made first and all when somebody goes through.

    ``paths`` are the paths of them all.
    """

    def __init__(
        self,
        paths: Sequence[str],
        some: Callable[[int, int], Sequence[Note]],
        every: Callable[[], Iterable[Note]],
    ) -> None:
        self.paths = paths
        self._some, self._every = some, every

    def __len__(self) -> int:
        return len(self.paths)

    @overload
    def __getitem__(self, place: int) -> Note: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Note]: ...
    def __getitem__(self, place: int | slice) -> Note | Sequence[Note]:
        if isinstance(place, slice):
            start, stop, step = place.indices(len(self))
            return self._some(start, stop) if step == 1 else list(self)[place]
        at = range(len(self))[place]
        return self._some(at, at + 1)[0]

    def __iter__(self) -> Iterator[Note]:
        return iter(self._every())


def listing(notes: Sequence[Note], lang: str | None = None) -> Listing:
    """Return these notes, or with ``lang`` the learner's own and the starter's in that language."""
    chosen = notes if lang is None else [note for note in notes if note.lang in ("", lang)]
    return Listing([note.path for note in chosen], lambda start, stop: chosen[start:stop], lambda: chosen)


class Stored:
    """The notes of a cache file, made when somebody looks at them.

    The files stand in the order in which the folder gave them, the columns in that of the list: the last changed
    first, then by path.  ``order`` are the places of the one in the other.
    """

    def __init__(
        self, numbers: array[int], order: array[int], settled: bytes, paths: bytes, *columns: bytes
    ) -> None:
        self._look = Look(_decoded(paths).split(_FIELD), numbers.tolist())
        inodes = self._look.numbers[3::4]
        if min(inodes, default=0) < 0:
            self._look.numbers[3::4] = [inode % _UNSIGNED for inode in inodes]
        self._order, self._settled, self._columns = order, settled, columns

    def unchanged(self, look: Look) -> bool:
        """Say whether all files are as they were, and none had just been written when it was read."""
        return look == self._look and 0 not in self._settled

    @cached_property
    def paths(self) -> list[str]:
        """The paths in the order of the list."""
        return list(map(self._look.paths.__getitem__, self._order))

    def listing(self, lang: str | None) -> Listing:
        """Return the notes as `listing` does, without making any."""
        langs = self._columns[_LANG].split(_CUT)
        if lang is None or not any(langs):
            return Listing(self.paths, self._some, lambda: self.notes)
        shown = (b"", lang.encode())
        rows = [row for row, own in enumerate(langs) if own in shown]

        def some(start: int, stop: int) -> list[Note]:
            return list(listing(self._some(rows[start], rows[stop - 1] + 1) if start < stop else (), lang))

        return Listing([self.paths[row] for row in rows], some, lambda: listing(self.notes, lang))

    @cached_property
    def notes(self) -> list[Note]:
        """All of them."""
        with quiet_collector():
            return list(self._made([_decoded(column).split(_FIELD) for column in self._columns], 0))

    def seen(self) -> dict[str, Seen]:
        """Return what the scan saw, by path."""
        with quiet_collector():
            signatures = list(self._look.signatures())
            found = ((signatures[place], bool(self._settled[place])) for place in self._order)
            return {note.path: Seen(*one, note) for one, note in zip(found, self.notes, strict=True)}

    def _some(self, start: int, stop: int) -> Sequence[Note]:
        if "notes" in self.__dict__:
            return self.notes[start:stop]
        cut = (column.split(_CUT, stop)[start:stop] for column in self._columns)
        return list(self._made([list(map(_decoded, column)) for column in cut], start))

    def _made(self, columns: list[list[str]], first: int) -> Iterator[Note]:
        stop = first + len(columns[0])
        numbers, places = self._look.numbers, self._order[first:stop]
        fields: list[Iterable[Any]] = [*columns]
        for place in _LISTS:
            fields[place] = map(_items, columns[place])
        fields[_PROBLEM] = map(_problem, columns[_PROBLEM])
        sizes = [numbers[4 * place + 2] for place in places]
        times = [numbers[4 * place] for place in places]
        # What `_make` does, without a call in Python for each of thousands.
        return map(
            tuple.__new__, repeat(Note), zip(self.paths[first:stop], *fields, sizes, times, strict=True)
        )


def load(path: Path) -> Stored | None:
    """Return what the cache file holds, None when it cannot be used."""
    try:
        content = path.read_bytes()
        start = content.index(b"\n") + 1
        head, check, *sizes = content[: start - 1].decode().split(_FIELD)
        if head != _HEAD or check != _check(sizes, memoryview(content)[start:]):
            return None
        columns = []
        for size in map(int, sizes):
            columns.append(content[start : start + size])
            start += size
        return Stored(array("q", columns[0]), array("q", columns[1]), *columns[2:])
    except (OSError, ValueError):
        return None


def save(path: Path, seen: Sequence[Seen]) -> None:
    """Write the cache file, of files in the order in which the folder gives them; a failure is no loss."""
    content = _packed(seen)
    if content is None:
        # The odd note whose fields hold our separators is read again each time.
        content = _packed([one for one in seen if _packed([one]) is not None]) or b""
    temporary = path.with_name(f"{path.name}.{os.urandom(4).hex()}.tmp")
    try:
        temporary.write_bytes(content)
        temporary.replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            temporary.unlink()


@contextlib.contextmanager
def quiet_collector() -> Iterator[None]:
    """Keep the garbage collector from walking again and again over thousands of objects that all stay."""
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()


def _packed(seen: Sequence[Seen]) -> bytes | None:
    """Return the content of the cache file, None when a note would not be read back as it is."""
    if not seen:
        return None
    by_path = sorted(range(len(seen)), key=lambda place: seen[place].note.path)
    order = sorted(by_path, key=lambda place: seen[place].note.modified, reverse=True)
    fields: list[Any] = list(zip(*(seen[place].note for place in order), strict=True))[1:-2]
    for place in _LISTS:
        joined = list(map(_ITEM.join, fields[place]))
        if list(map(_items, joined)) != list(fields[place]):
            return None
        fields[place] = joined
    fields[_PROBLEM] = [
        _ITEM.join((one.kind, str(one.line), one.detail)) if one else "" for one in fields[_PROBLEM]
    ]
    texts = [_FIELD.join(column) for column in ((one.note.path for one in seen), *fields)]
    if any(text.count(_FIELD) != len(seen) - 1 for text in texts):
        return None
    columns = [
        # Inodes may need all 64 bits; times before 1970 need the sign.
        array(
            "q", [number - _UNSIGNED * (number > _MOST) for one in seen for number in one.signature]
        ).tobytes(),
        array("q", order).tobytes(),
        bytes(one.settled for one in seen),
        *(text.encode("utf-8", "surrogatepass") for text in texts),
    ]
    rest = b"".join(columns)
    sizes = [str(len(column)) for column in columns]
    head = _FIELD.join((_HEAD, _check(sizes, rest), *sizes)) + "\n"
    return head.encode() + rest


def _check(sizes: list[str], rest: bytes | memoryview) -> str:
    """Return what tells a whole file from a damaged one: the columns and where each ends."""
    return str(crc32(rest, crc32(repr(sizes).encode())))


def _decoded(column: bytes) -> str:
    return column.decode("utf-8", "surrogatepass")


@lru_cache(maxsize=1 << 10)
def _items(joined: str) -> tuple[str, ...]:
    return tuple(joined.split(_ITEM)) if joined else ()


@lru_cache(maxsize=1 << 10)
def _problem(stored: str) -> Problem | None:
    if not stored:
        return None
    kind, line, detail = stored.split(_ITEM)
    return Problem(kind, int(line), detail)
