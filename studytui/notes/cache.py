"""What the last scan saw, so that an unchanged folder opens at the price of looking at it.

The file may be deleted, foreign or damaged at any time; then every note is read again.
"""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from studytui import __version__
from studytui.notes.note import Note, Problem

_HEAD = f"studytui notes 1 {__version__}"
_ROW, _FIELD, _ITEM = "\x1e", "\x1f", "\x1d"
_FIELDS = 20

Signature = tuple[int, int, int, int]  # modified and changed in ns, size in bytes, inode


@dataclass(frozen=True, slots=True)
class Seen:
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
        head, *rows, end = path.read_bytes().decode("utf-8", "surrogatepass").split(_ROW)
        if head != _HEAD or end != str(len(rows)):
            return {}
        return {seen.note.path: seen for seen in map(_from_row, rows)}
    except (OSError, ValueError):
        return {}


def save(path: Path, seen: Iterable[Seen]) -> None:
    """Write the cache file; a failure is no loss."""
    rows = [row for item in seen if (row := _to_row(item)) is not None]
    content = _ROW.join([_HEAD, *rows, str(len(rows))]).encode("utf-8", "surrogatepass")
    temporary = path.with_name(f"{path.name}.{secrets.token_hex(4)}.tmp")
    try:
        temporary.write_bytes(content)
        temporary.replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            temporary.unlink()


def signature(stat: os.stat_result) -> Signature:
    """Return what tells two states of a file apart without reading it."""
    return stat.st_mtime_ns, stat.st_ctime_ns, stat.st_size, stat.st_ino


def _to_row(seen: Seen) -> str | None:
    """Return the row of a note; None for the odd one whose fields hold our separators."""
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


def _from_row(row: str) -> Seen:
    (
        path, modified, changed, size, inode, settled, title, titled, kind, tags, aliases, topics,
        date, source, url, lang, front_json, links_json, problem, digest,
    ) = row.split(_FIELD)  # fmt: skip
    note = object.__new__(Note)
    # A frozen dataclass sets its fields one by one; ten thousand notes are loaded at once here.
    note.__dict__.update(
        path=path,
        title=title,
        titled=titled,
        kind=kind,
        tags=tuple(tags.split(_ITEM)) if tags else (),
        aliases=tuple(aliases.split(_ITEM)) if aliases else (),
        topics=tuple(topics.split(_ITEM)) if topics else (),
        date=date,
        source=source,
        url=url,
        lang=lang,
        front_json=front_json,
        links_json=links_json,
        problem=_problem(problem) if problem else None,
        digest=digest,
        size=int(size),
        modified=int(modified),
    )
    return Seen((int(modified), int(changed), int(size), int(inode)), settled == "1", note)


def _problem(stored: str) -> Problem:
    kind, line, detail = stored.split(_ITEM)
    return Problem(kind, int(line), detail)
