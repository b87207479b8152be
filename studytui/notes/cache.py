"""What the last scan saw, so that an unchanged folder opens at the price of looking at it.

The file may be deleted, foreign or damaged at any time; then every note is read again.
"""

from __future__ import annotations

import contextlib
import gc
import os
import secrets
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from studytui import __version__
from studytui.notes.note import Note, Problem

_HEAD = f"studytui notes 1 {__version__}"
_ROW, _FIELD, _ITEM = "\x1e", "\x1f", "\x1d"
_FIELDS = 20
_LISTS = (3, 4, 5)  # tags, aliases and topics, counted from the title

Signature = tuple[int, int, int, int]  # modified and changed in ns, size in bytes, inode


class Seen:
    """One file as it was when it was last read.

    ``settled`` is false when it had just been written: a second write within the same tick of the file
    system's clock would leave the same signature, so such a file is read once more.  What came from the cache
    becomes a `Note` only when somebody asks for it.
    """

    __slots__ = ("_note", "_row", "settled", "signature")

    def __init__(self, signature: Signature, settled: bool, note: Note | None, row: str = "") -> None:
        self.signature = signature
        self.settled = settled
        self._note = note
        self._row = row

    @property
    def note(self) -> Note:
        """The note that the file held."""
        if self._note is None:
            self._note = _from_row(self._row)
        return self._note

    @property
    def row(self) -> str | None:
        """The line for the cache file; None for the odd note whose fields hold our separators."""
        return self._row or _to_row(self)


def load(path: Path) -> dict[str, Seen]:
    """Return what the cache file holds, nothing when it cannot be used."""
    try:
        head, *rows, end = path.read_bytes().decode("utf-8", "surrogatepass").split(_ROW)
        if head != _HEAD or end != str(len(rows)):
            return {}
        with quiet_collector():
            return dict(map(_seen, rows))
    except (OSError, ValueError):
        return {}


def save(path: Path, seen: Iterable[Seen]) -> None:
    """Write the cache file; a failure is no loss."""
    rows = [row for item in seen if (row := item.row) is not None]
    content = _ROW.join([_HEAD, *rows, str(len(rows))]).encode("utf-8", "surrogatepass")
    temporary = path.with_name(f"{path.name}.{secrets.token_hex(4)}.tmp")
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


def signature(stat: os.stat_result) -> Signature:
    """Return what tells two states of a file apart without reading it."""
    return stat.st_mtime_ns, stat.st_ctime_ns, stat.st_size, stat.st_ino


def _to_row(seen: Seen) -> str | None:
    note = seen.note
    problem = note.problem
    row = _FIELD.join(
        (
            note.path,
            *map(str, seen.signature),
            "1" if seen.settled else "",
            note.title,
            note.titled,
            note.kind,
            _ITEM.join(note.tags),
            _ITEM.join(note.aliases),
            _ITEM.join(note.topics),
            note.date,
            note.source,
            note.url,
            note.lang,
            note.front_json,
            note.links_json,
            _ITEM.join((problem.kind, str(problem.line), problem.detail)) if problem else "",
            note.digest,
        )
    )
    items = sum(max(0, len(list_) - 1) for list_ in (note.tags, note.aliases, note.topics)) + 2 * bool(
        problem
    )
    sound = row.count(_FIELD) == _FIELDS - 1 and row.count(_ITEM) == items and _ROW not in row
    return row if sound else None


def _seen(row: str) -> tuple[str, Seen]:
    path, modified, changed, size, inode, settled, _rest = row.split(_FIELD, 6)
    return path, Seen((int(modified), int(changed), int(size), int(inode)), settled == "1", None, row)


def _from_row(row: str) -> Note:
    fields: list[Any] = row.split(_FIELD)
    path, modified, _changed, size, _inode, _settled, *fields = fields
    for place in _LISTS:
        fields[place] = tuple(fields[place].split(_ITEM)) if fields[place] else ()
    *fields, problem, digest = fields
    reason = _problem(problem) if problem else None
    return Note._make([path, *fields, reason, digest, int(size), int(modified)])


def _problem(stored: str) -> Problem:
    kind, line, detail = stored.split(_ITEM)
    return Problem(kind, int(line), detail)
