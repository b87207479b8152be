"""What the learner did: an append-only log, one file a device, merged the same way everywhere.

The files under ``.studytui/journal`` are the truth.  `Journal.sync` mirrors them into a SQLite table, so that
asking costs the size of the answer and opening costs only the lines that are new; the mirror is a cache.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from studytui.errors import StudyError
from studytui.i18n import _
from studytui.workspace import Clock, locked

VERSION = 1
_RESERVED = ("v", "id", "at", "kind")

_MIRROR = """
CREATE TABLE IF NOT EXISTS event (
    id TEXT PRIMARY KEY, moment REAL NOT NULL, at TEXT NOT NULL, kind TEXT NOT NULL,
    subject TEXT NOT NULL, data TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS event_by_kind ON event (kind, subject, moment, id);
CREATE TABLE IF NOT EXISTS event_undone (
    id TEXT NOT NULL, by TEXT NOT NULL, PRIMARY KEY (id, by)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS event_source (file TEXT PRIMARY KEY, size INTEGER NOT NULL, head TEXT NOT NULL);
"""


@dataclass(frozen=True)
class Event:
    """One act of the learner.

    ``at`` is ISO 8601 with the local offset, ``id`` sorts by time of writing, ``kind`` is ``area.verb`` and
    ``data`` holds the rest (JSON values); by convention ``data["subject"]`` names what it is about.
    """

    id: str
    at: str
    kind: str
    data: Mapping[str, Any] = field(default_factory=dict)

    @property
    def moment(self) -> datetime:
        """The aware time at which it happened."""
        return datetime.fromisoformat(self.at)

    @property
    def subject(self) -> str:
        """What the event is about: an article id, a card id, a lesson key; "" when it names nothing."""
        return str(self.data.get("subject", ""))

    @property
    def order(self) -> tuple[float, str]:
        """The key of the one merged order: the instant, then the id."""
        return (self.moment.timestamp(), self.id)

    def to_line(self) -> bytes:
        """Return the JSON line, newline included."""
        record = {"v": VERSION, "id": self.id, "at": self.at, "kind": self.kind, **self.data}
        return json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def parse_line(line: bytes) -> Event | None:
    """Return the event of one journal line, None when the line is torn or not ours."""
    try:
        record = json.loads(line)
        event = Event(
            str(record["id"]),
            str(record["at"]),
            str(record["kind"]),
            {key: value for key, value in record.items() if key not in _RESERVED},
        )
        moment = event.moment
        # At either end of the calendar no time zone can be reckoned with any more.
        if moment.tzinfo is None or not 1 < moment.year < 9999:
            return None
        moment.timestamp()
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError):
        return None
    return event


Mark = Mapping[str, Sequence[Any]]


@dataclass(frozen=True)
class Growth:
    """What the journal gained since a mark.

    ``events`` are new ones and those that a new undo took back or brought back; ``mark`` is where the next look
    begins (a JSON value).  ``whole`` says that the mark was no use, because a file was replaced or is gone:
    then everything has to be looked at anew and ``events`` is empty.
    """

    events: tuple[Event, ...]
    mark: Mark
    whole: bool = False


class Journal:
    """The journal of one workspace, written through this device's own file."""

    def __init__(self, folder: Path, device: str, clock: Clock) -> None:
        self.folder = folder
        self.file = folder / f"{device}.jsonl"
        self.clock = clock

    def append(self, kind: str, **data: Any) -> Event:
        """Record one act and return it; it is on the disk when this returns.  Raises StudyError."""
        return self.append_all([(kind, data)])[0]

    def append_all(self, acts: Iterable[tuple[str, Mapping[str, Any]]]) -> list[Event]:
        """Record several acts that belong together with one write and one fsync."""
        now = self.clock.now()
        events = [Event(_new_id(now), now.isoformat(), kind, dict(data)) for kind, data in acts]
        if not events:
            return []
        with locked(self.folder.parent / f"{self.file.stem}.lock"):
            self._write(b"".join(event.to_line() for event in events))
        return events

    def undo(self, *events: str) -> Event:
        """Record that the events with these ids no longer count; undoing the undo brings them back."""
        return self.append("undo", events=list(events))

    def events(self, *signs: bytes) -> list[Event]:
        """Return every event that counts, of all devices, oldest first, reading the files afresh.

        With ``signs`` only lines that hold one of these bytes are parsed: a long journal is mostly others'.
        """
        signs = (*signs, b'"undo"') if signs else ()
        return _standing(event for file in self.files() for event in _read(file, signs))

    def own_events(self) -> list[Event]:
        """Return the events that count of this device alone, oldest first: what its learner may undo."""
        return _standing(_read(self.file)) if self.file.exists() else []

    def since(self, mark: Mark | None) -> Growth:
        """Return what the files hold beyond ``mark`` (None: no mark yet), at the price of what is new."""
        files = {file.name: file for file in self.files()}
        if mark is None or any(
            name not in files or not _only_grew(files[name], *mark[name]) for name in mark
        ):
            return Growth((), {name: _beyond(file, 0)[1] for name, file in files.items()}, whole=True)
        fresh: dict[str, Event] = {}
        reached: dict[str, Sequence[Any]] = {}
        for name, file in files.items():
            lines, reached[name] = _beyond(file, mark[name][0] if name in mark else 0)
            fresh |= {event.id: event for line in lines if (event := parse_line(line)) is not None}
        targets = {target for event in fresh.values() for target in _undo_targets(event)} - fresh.keys()
        while targets:
            signs = tuple(target.encode() for target in targets)
            found = {event.id: event for file in files.values() for event in _read(file, signs)}
            new = {identity: found[identity] for identity in targets & found.keys()}
            fresh |= new
            targets = {target for event in new.values() for target in _undo_targets(event)} - fresh.keys()
        return Growth(tuple(event for event in fresh.values() if event.kind != "undo"), reached)

    def files(self) -> list[Path]:
        """Return the journal files of all devices, by name."""
        return sorted(self.folder.glob("*.jsonl")) if self.folder.is_dir() else []

    def damaged(self) -> list[tuple[Path, int]]:
        """Return (file, 1-based line) of every line that could not be read; for ``studytui doctor``."""
        return [
            (file, number)
            for file in self.files()
            for number, line in enumerate(file.read_bytes().split(b"\n"), 1)
            if line.strip() and parse_line(line) is None
        ]

    def _write(self, payload: bytes) -> None:
        """Append in one write; a torn last line is closed first so that it never swallows the new one."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(
                self.file, os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0), 0o644
            )
            try:
                size = os.lseek(descriptor, 0, os.SEEK_END)
                if size:
                    os.lseek(descriptor, size - 1, os.SEEK_SET)
                    if os.read(descriptor, 1) != b"\n":
                        payload = b"\n" + payload
                view = memoryview(payload)
                while view:
                    view = view[os.write(descriptor, view) :]
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
        except OSError as error:
            raise StudyError(
                _("Could not write the journal {path}: {reason}.").format(
                    path=self.file, reason=error.strerror
                ),
                _("Nothing was recorded. Free some space or check the permissions, then try again."),
            ) from error

    def sync(self, database: sqlite3.Connection) -> bool:
        """Bring the mirror tables in ``database`` up to date with the files; say whether anything was new.

        A file that only grew costs its new lines; a file that was replaced (another device's, through a
        synchroniser) is read again whole.  Run it inside no transaction.
        """
        database.executescript(_MIRROR)
        known = {
            row[0]: (row[1], row[2]) for row in database.execute("SELECT file, size, head FROM event_source")
        }
        files = {file.name: file for file in self.files()}
        changed = bool(known.keys() - files.keys())
        if changed or any(not _only_grew(files[name], *known[name]) for name in known):
            known = {}
            changed = True
        with database:
            if changed:
                for table in ("event", "event_undone", "event_source"):
                    database.execute(f"DELETE FROM {table}")  # noqa: S608
            for name, file in files.items():
                changed |= _mirror(database, file, known.get(name, (0, ""))[0])
        return changed


def select(
    database: sqlite3.Connection, *kinds: str, subject: str | None = None, since: datetime | None = None
) -> Iterator[Event]:
    """Yield the mirrored events of ``kinds`` (all when none) that count, oldest first."""
    where = ["e.kind <> 'undo'"]
    values: list[Any] = []
    if kinds:
        where.append(f"e.kind IN ({','.join('?' * len(kinds))})")
        values.extend(kinds)
    if subject is not None:
        where.append("e.subject = ?")
        values.append(subject)
    if since is not None:
        where.append("e.moment >= ?")
        values.append(since.timestamp())
    undone = undone_ids(database)
    query = f"SELECT id, at, kind, data FROM event e WHERE {' AND '.join(where)} ORDER BY moment, id"  # noqa: S608
    for identity, at, kind, data in database.execute(query, values):
        if identity not in undone:
            yield Event(identity, at, kind, json.loads(data))


def undone_ids(database: sqlite3.Connection) -> frozenset[str]:
    """Return the ids of mirrored events that an undo, itself not undone, took back."""
    undone: dict[str, set[str]] = {}
    for target, by in database.execute("SELECT id, by FROM event_undone"):
        undone.setdefault(target, set()).add(by)
    return frozenset(target for target in undone if _is_undone(target, undone))


def _standing(events: Iterable[Event]) -> list[Event]:
    """Return the events that count in the one merged order, each once."""
    ordered = sorted({event.id: event for event in events}.values(), key=lambda event: event.order)
    undone: dict[str, set[str]] = {}
    for event in ordered:
        if event.kind == "undo":
            for target in _undo_targets(event):
                undone.setdefault(target, set()).add(event.id)
    return [event for event in ordered if event.kind != "undo" and not _is_undone(event.id, undone)]


def _is_undone(identity: str, undone: Mapping[str, set[str]], seen: frozenset[str] = frozenset()) -> bool:
    """An event is undone when some undo of it stands; ``seen`` guards against cycles in a damaged file."""
    return any(not _is_undone(by, undone, seen | {by}) for by in undone.get(identity, ()) if by not in seen)


def _undo_targets(event: Event) -> list[str]:
    targets = event.data.get("events")
    return [str(target) for target in targets] if isinstance(targets, list) else []


def _new_id(now: datetime) -> str:
    """Return an id that sorts by time (milliseconds, hex) and cannot clash (40 random bits)."""
    return f"{max(0, int(now.timestamp() * 1000)):012x}{next(_counter):04x}{os.urandom(5).hex()}"


def _count() -> Iterator[int]:
    while True:
        yield from range(0x10000)


_counter = _count()


def _read(file: Path, signs: tuple[bytes, ...] = ()) -> Iterator[Event]:
    for line in file.read_bytes().split(b"\n"):
        if signs and not any(sign in line for sign in signs):
            continue
        if line.strip() and (event := parse_line(line)) is not None:
            yield event


def _beyond(file: Path, start: int) -> tuple[list[bytes], tuple[int, str]]:
    """Return the whole lines of ``file`` from byte ``start``, and where they end with a fingerprint of that."""
    with file.open("rb") as handle:
        handle.seek(start)
        fresh = handle.read()
    end = start + fresh.rfind(b"\n") + 1
    return fresh[: end - start].split(b"\n"), (end, _head(file, end))


def _head(file: Path, size: int) -> str:
    """Fingerprint the last bytes before ``size``, enough to tell growth from replacement."""
    from studytui.workspace import digest

    with file.open("rb") as handle:
        handle.seek(max(0, size - 4096))
        return digest(handle.read(min(size, 4096)))


def _only_grew(file: Path, size: int, head: str) -> bool:
    try:
        return file.stat().st_size >= size and _head(file, size) == head
    except OSError:
        return False


def _mirror(database: sqlite3.Connection, file: Path, start: int) -> bool:
    """Insert the whole lines of ``file`` from byte ``start``; an unfinished last line waits for its end."""
    lines, (end, head) = _beyond(file, start)
    if end == start:
        return False
    for line in lines:
        if not line.strip() or (event := parse_line(line)) is None:
            continue
        data = json.dumps(event.data, ensure_ascii=False)
        database.execute(
            "INSERT OR IGNORE INTO event VALUES (?, ?, ?, ?, ?, ?)",
            (event.id, event.moment.timestamp(), event.at, event.kind, event.subject, data),
        )
        if event.kind == "undo":
            database.executemany(
                "INSERT OR IGNORE INTO event_undone VALUES (?, ?)",
                [(t, event.id) for t in _undo_targets(event)],
            )
    database.execute(
        "INSERT OR REPLACE INTO event_source VALUES (?, ?, ?)",
        (file.name, end, head),
    )
    return True
