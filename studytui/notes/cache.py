"""What the last scan saw, so that an unchanged folder opens at the price of looking at it.

The file holds one column for each field of the notes, because ten thousand notes are made fastest that way; the
two columns of long numbers are binary and come first.  It may be deleted, foreign or damaged at any time; then
every note is read again.
"""

from __future__ import annotations

import contextlib
import gc
import os
from array import array
from collections.abc import Iterable, Iterator, Sequence
from itertools import repeat
from operator import attrgetter
from pathlib import Path
from typing import Any, NamedTuple

from studytui import __version__
from studytui.notes.note import Note, Problem

_HEAD = f"studytui notes 2 {__version__}"
_FIELD, _ITEM = "\x1f", "\x1d"
_FIELDS = Note._fields[:-2]  # size and time are in the signature
_COLUMNS = ("times", "size", "inode", "settled", *_FIELDS)
_LISTS = [_FIELDS.index(name) for name in ("tags", "aliases", "topics")]
_PROBLEM = _FIELDS.index("problem")

Signature = tuple[int, int, int, int]  # modified and changed in ns, size in bytes, inode

signature = attrgetter("st_mtime_ns", "st_ctime_ns", "st_size", "st_ino")
"""What tells two states of a file apart without reading it, of its stat."""


class Seen(NamedTuple):
    """One file as it was when it was last read.

    ``settled`` is false when it had just been written: a second write within the same tick of the file
    system's clock would leave the same signature, so such a file is read once more.
    """

    signature: Signature
    settled: bool
    note: Note


def load(path: Path) -> dict[str, Seen]:
    """Return what the cache file holds, nothing when it cannot be used."""
    try:
        with path.open("rb") as file:
            head, *sizes = file.readline().decode().rstrip("\n").split(_FIELD)
            if head != _HEAD or len(sizes) != len(_COLUMNS):
                return {}
            times = array("q", file.read(int(sizes[0])))
            # One column after the other, so that the next one finds memory that the process has already.
            columns = [
                file.read(int(size)).decode("utf-8", "surrogatepass").split(_FIELD) for size in sizes[1:]
            ]
        count = len(times) // 2
        with quiet_collector():
            return _unpacked(times[:count], times[count:], *columns)
    except (OSError, ValueError):
        return {}


def save(path: Path, seen: Iterable[Seen]) -> None:
    """Write the cache file; a failure is no loss."""
    kept = list(seen)
    content = _packed(kept)
    if content is None:
        # The odd note whose fields hold our separators is read again each time.
        content = _packed([one for one in kept if _packed([one]) is not None]) or b""
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
    fields: list[Any] = list(zip(*(one.note for one in seen), strict=True))[: len(_FIELDS)]
    for place in _LISTS:
        joined = list(map(_ITEM.join, fields[place]))
        if list(map(_items, joined)) != list(fields[place]):
            return None
        fields[place] = joined
    fields[_PROBLEM] = [
        _ITEM.join((one.kind, str(one.line), one.detail)) if one else "" for one in fields[_PROBLEM]
    ]
    modified, changed, sizes, inodes = zip(*(one.signature for one in seen), strict=True)
    settled = ["1" if one.settled else "" for one in seen]
    columns = [_FIELD.join(column) for column in (map(str, sizes), map(str, inodes), settled, *fields)]
    if any(text.count(_FIELD) != len(seen) - 1 for text in columns):
        return None
    packed = [array("q", (*modified, *changed)).tobytes()]
    packed += [column.encode("utf-8", "surrogatepass") for column in columns]
    head = _FIELD.join((_HEAD, *(str(len(column)) for column in packed))) + "\n"
    return b"".join((head.encode(), *packed))


def _unpacked(
    modified: Sequence[int],
    changed: Sequence[int],
    sizes: list[str],
    inodes: list[str],
    settled: list[str],
    *columns: list[str],
) -> dict[str, Seen]:
    bytes_ = list(map(int, sizes))
    signatures = zip(modified, changed, bytes_, map(int, inodes), strict=True)
    fields: list[Iterable[Any]] = [*columns, bytes_, modified]
    for place in _LISTS:
        fields[place] = map(_items, columns[place])
    fields[_PROBLEM] = map(_problem, columns[_PROBLEM])
    # What `_make` does, without a call in Python for each of thousands.
    notes = map(tuple.__new__, repeat(Note), zip(*fields, strict=True))
    known = map("1".__eq__, settled)
    seen = map(tuple.__new__, repeat(Seen), zip(signatures, known, notes, strict=True))
    return dict(zip(columns[0], seen, strict=True))


def _items(joined: str) -> tuple[str, ...]:
    return tuple(joined.split(_ITEM)) if joined else ()


def _problem(stored: str) -> Problem | None:
    if not stored:
        return None
    kind, line, detail = stored.split(_ITEM)
    return Problem(kind, int(line), detail)
